"""Moments as they are written in SQL: RFC 3339, UTC, microseconds, so that text order is time order."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """An aware moment as sortable text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    """The aware UTC moment that `to_text` wrote."""
    return datetime.fromisoformat(text)


def maybe_text(moment: datetime | None) -> str | None:
    """`to_text`, where there is a moment."""
    return None if moment is None else to_text(moment)


def maybe_moment(text: str | None) -> datetime | None:
    """`from_text`, where there is one."""
    return None if text is None else from_text(text)
