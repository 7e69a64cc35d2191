"""Clocks: what the law or the house makes us do by a moment, kept as rows."""

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
