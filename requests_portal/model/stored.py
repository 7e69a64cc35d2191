"""Stored: one exact version of an object, which several recordings may name."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One exact version in one bucket; an empty bucket is the house's own."""

    bucket: str
    key: str
    version_id: str
