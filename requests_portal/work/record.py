"""The internal record: what a production rested on, kept in the vault beside it and given to nobody."""

import io
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from legal_rules.scope import Interval, Scope
from requests_portal.work.compose import Source
from requests_portal.work.outside import Outside

FORMAT = "disclosure-desk-record/1"


def keep_record(outside: Outside, source: Source) -> None:
    """Keep the facts, the findings, the decision with its reasons and approvals, and the production, as JSON."""
    said = {"format": FORMAT, "case": source.case, "production": source.production}
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
    data = io.BytesIO()
    # Piece by piece: all pieces of a large production are five times as large as what they make.
    for piece in encoder.iterencode(said):
        data.write(piece.encode(errors="backslashreplace"))
    outside.vault.put_bytes(record_key(source.production.id), data.getvalue(), media_type="application/json")


def record_key(production_id: str) -> str:
    """Where the record of a production lies."""
    return f"productions/{production_id}/record.json"


def _plain(value: Any) -> Any:
    """A value of the model as JSON holds it; what it is made of follows by itself."""
    if isinstance(value, Scope | Interval):
        return value.as_json()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)
