"""Clocks and holds: what the law or the house makes us do by a moment, kept as rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ClockRow:
    """One running time limit of a case, with its working; `met_at` is when what it asks was done."""

    case: str
    name: str
    due: datetime | None
    working: tuple[str, ...]
    met_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Recordings kept from deletion for a case; each version is placed in the store and marked when it is."""

    id: str
    case: str
    placed_at: datetime
    expires_at: datetime | None
    released_at: datetime | None = None
    released_because: str = ""
