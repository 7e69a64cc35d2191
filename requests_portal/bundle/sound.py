"""What a recording sounds like, as far as a page can show it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A recording that could be decoded: its length in seconds and its loudness over time, each from 0 to 255."""

    seconds: float
    peaks: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A recording that could not be decoded, and why, in a plain sentence."""

    reason: str
