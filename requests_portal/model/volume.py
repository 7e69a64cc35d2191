"""Volumes: a production is split so that every PDF stays one that readers and judges of PDF/A take."""

from collections.abc import Sequence
from dataclasses import dataclass

GIB = 1 << 30
MOST_RECORDINGS = 1_000
# Pages, manifest and structure of a thousand recordings take a tenth of this; the file stays under 1 GiB with them.
PAGES = 64 << 20
MOST_BYTES = GIB - PAGES
# PDF/A allows no integer above 2,147,483,647 (ISO 32000-1, annex C), and places in a file are such integers.
LARGEST = (1 << 31) - 1 - PAGES


@dataclass(frozen=True, kw_only=True)
class Volume:
    """One file of a production: its number from 1, and its items from `start` (included) to `end` (excluded)."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one volume holds: bytes of what leaves, and recordings."""

    most_bytes: int = MOST_BYTES
    most_recordings: int = MOST_RECORDINGS


def split(sizes: Sequence[int], *, first: int = 0, limits: Limits | None = None) -> tuple[Volume, ...]:
    """Split items of these sizes, in their order, into as few volumes as the limits allow; always at least one.

    `first` is what volume 1 holds besides. An item larger than a whole volume gets one of its own: it must leave,
    and PDF/A still takes it up to LARGEST.
    """
    allowed = limits or Limits()
    volumes: list[Volume] = []
    start, held = 0, first
    for at, size in enumerate(sizes):
        full = held + size > allowed.most_bytes or at - start >= allowed.most_recordings
        if full and (at > start or held):
            volumes.append(Volume(number=len(volumes) + 1, start=start, end=at))
            start, held = at, 0
        held += size
    return (*volumes, Volume(number=len(volumes) + 1, start=start, end=len(sizes)))
