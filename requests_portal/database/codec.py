"""Model values to JSON text and back, strictly: what a case holds is what it is read back as."""

import json
from datetime import date, datetime
from typing import Any, TypeVar, get_origin

import cattrs

from legal_rules.scope import EVERY, DemandLine, Every, Interval, Scope

T = TypeVar("T")


def _is_frozenset(kind: Any) -> bool:
    return get_origin(kind) is frozenset


def _line_to_json(line: DemandLine) -> dict[str, object]:
    return {"id": line.id, "data_class": line.data_class, "scope": line.scope.as_json()}


def _line_from_json(raw: dict[str, Any]) -> DemandLine:
    scope = Scope.from_json(raw["scope"])
    account = EVERY if isinstance(scope.accounts, Every) else next(iter(scope.accounts))
    return DemandLine(
        id=raw["id"], account=account, devices=scope.devices, data_class=raw["data_class"], interval=scope.interval
    )


_converter = cattrs.Converter(forbid_extra_keys=True)
_converter.register_unstructure_hook(frozenset, sorted)
_converter.register_unstructure_hook_func(_is_frozenset, sorted)
_converter.register_unstructure_hook(datetime, datetime.isoformat)
_converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
_converter.register_unstructure_hook(date, date.isoformat)
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
_converter.register_unstructure_hook(Scope, Scope.as_json)
_converter.register_structure_hook(Scope, lambda raw, _: Scope.from_json(raw))
_converter.register_unstructure_hook(Interval, Interval.as_json)
_converter.register_structure_hook(Interval, lambda raw, _: Interval.from_json(raw))
_converter.register_unstructure_hook(DemandLine, _line_to_json)
_converter.register_structure_hook(DemandLine, lambda raw, _: _line_from_json(raw))
_converter.register_structure_hook_func(lambda kind: kind is object, lambda raw, _: raw)


def to_json(value: Any) -> str:
    """Compact JSON text of a frozen dataclass or a container of them."""
    return json.dumps(_converter.unstructure(value), separators=(",", ":"), ensure_ascii=False)


def from_json(text: str, kind: type[T] | Any) -> Any:
    """The value of `kind` that `to_json` wrote."""
    return _converter.structure(json.loads(text), kind)
