"""A request's facts as a file gives them, and the day whose law they are weighed under; refused in one sentence."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from legal_rules.facts import Facts, confirmed, parse
from requests_portal.commands.console import first_bytes, stop
from requests_portal.days import now

BIGGEST = 1024 * 1024
# Time limits are counted forward from these days, so they must not lie at the calendar's own ends.
YEARS = range(1900, 2200)


def facts_in(path: Path, *, read_through: bool) -> Facts:
    """The facts of a JSON file; of a paper that was read through, what it does not state it does not say."""
    facts = _parsed(_object(path))
    return confirmed(facts) if read_through else facts


def day_of(facts: Facts, on: str | None) -> date:
    """The day named, or that of receipt, or today."""
    return day_named(on) if on else (facts.received_at or now()).date()


def _object(path: Path) -> dict[str, object]:
    data = first_bytes(path, BIGGEST + 1)
    if len(data) > BIGGEST:
        stop(f"{path.name} is larger than a request's facts can be.")
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once_each)
        json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        stop(f"{path.name} is not JSON. Write one object of facts; `desk rules facts` lists them.")
    if not isinstance(raw, dict):
        stop(f"{path.name} holds no object of facts. `desk rules facts` lists them.")
    return raw


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            stop(f"The fact “{name}” stands there twice. Say each fact once.")
        found[name] = value
    return found


def _parsed(raw: Mapping[str, object]) -> Facts:
    try:
        facts = parse(raw)
    except OverflowError:
        stop("A day among the facts lies beyond the calendar. Write the last day that matters.")
    for name in raw:
        value = getattr(facts, name)
        if isinstance(value, date) and value.year not in YEARS:
            stop(f"The fact “{name}” lies in {value.year}; days from {YEARS[0]} to {YEARS[-1]} can be counted.")
    return facts


def day_named(text: str) -> date:
    """The day that a command names."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        stop(f"{text} is not a day. Write it as 2026-05-01.")
    if day.year not in YEARS:
        stop(f"{text} cannot be counted from; give a day from {YEARS[0]} to {YEARS[-1]}.")
    return day
