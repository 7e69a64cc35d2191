"""One schema, two doors: what a browser's form sends, loaded by the schema that the API uses."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError
from marshmallow.fields import List
from werkzeug.datastructures import MultiDict

Typed = dict[str, Any]
Errors = dict[str, str]


def typed(schema: Schema, form: MultiDict[str, str]) -> Typed:
    """What was typed into the schema's fields, stripped; empty fields are left out so that "required" is noticed."""
    values: Typed = {}
    for name, field in schema.fields.items():
        got = [value.strip() for value in form.getlist(name) if value.strip()]
        if got:
            values[name] = got if isinstance(field, List) else got[-1]
    return values


def loaded(schema: Schema, values: Mapping[str, Any], *, partial: bool = False) -> tuple[Typed, Errors]:
    """The schema's values and its errors by field, each one sentence; with errors, the values that were fine."""
    try:
        return dict(schema.load(dict(values), partial=partial)), {}
    except ValidationError as error:
        found = error.messages_dict
        return dict(error.valid_data or {}), {name: _first(said) for name, said in found.items()}


def _first(said: Any) -> str:
    while isinstance(said, dict):
        said = next(iter(said.values()))
    return str(said[0]) if isinstance(said, list) else str(said)
