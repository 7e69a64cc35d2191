"""What a recording sounds like, as far as a page can show it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A recording that could be decoded: its length in seconds and its loudness over time, each from 0 to 255.

    `holds` is its media type by what is in it; `breaks_off` says that it ends before it says itself that it ends.
    """

    seconds: float
    peaks: tuple[int, ...]
    holds: str
    breaks_off: bool = False


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A recording that could not be decoded, and why, in a plain sentence."""

    reason: str
    empty: bool = False
