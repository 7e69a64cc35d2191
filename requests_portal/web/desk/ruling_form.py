"""The form in which a lawyer decides a demand line by line, and back from what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from legal_rules.scope import DemandLine, Every, Interval, Scope, between
from requests_portal.model.case import Case, LineRecord
from requests_portal.web.desk.facts_form import typed_moment
from requests_portal.web.desk.scope_words import ComparedLine, Pieces, bounds, compared, device_name
from requests_portal.web.desk.settle import settlement_of
from requests_portal.web.forms import Errors
from requests_portal.work.decide import Choice, Move, Ruling, proposed_scope, raised_grounds
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS

MOVES = get_args(Move)
# What each move comes to, once it is made.
MOVE_WORDS = {
    "accept": "Accepted as proposed",
    "narrow": "Narrowed further",
    "object": "Objected to",
    "refuse": "Refused",
}


@dataclass(frozen=True, kw_only=True)
class LineForm:
    """One line of the demand as the form shows it."""

    id: str
    title: str
    demanded: Pieces
    proposed: Pieces
    reason: str
    move: str
    move_words: str
    start: str
    end: str
    narrows: bool
    devices: tuple[tuple[str, str], ...]
    chosen: frozenset[str]
    error: str


def devices_of(work: Work, found: Case) -> Mapping[str, str]:
    """Serial and name of each device of the accounts that the demand names."""
    return work.catalogue.devices(sorted({line.account for line in found.lines if not isinstance(line.account, Every)}))


def line_forms(
    found: Case, names: Mapping[str, str], form: MultiDict[str, str] | None, errors: Errors
) -> list[LineForm]:
    """The form's lines, filled with what was typed, or else with the proposal."""
    records = found.assessment.lines if found.assessment else ()
    zone = ZoneInfo(found.zone)
    return [
        _line_form(record, words, names, zone, form, errors)
        for record, words in zip(records, compared(records, names, zone), strict=True)
    ]


def _line_form(
    record: LineRecord,
    words: ComparedLine,
    names: Mapping[str, str],
    zone: ZoneInfo,
    form: MultiDict[str, str] | None,
    errors: Errors,
) -> LineForm:
    line = record.line
    offered = offered_devices(line, names)
    given = record.proposed or line.scope
    start, end = (_typed(at, zone) for at in bounds(given.interval))
    chosen = frozenset(offered) if isinstance(given.devices, Every) else given.devices
    move = "accept"
    if form is not None:
        move = form.get(f"line-{line.id}", "")
        start, end = form.get(f"from-{line.id}", ""), form.get(f"to-{line.id}", "")
        chosen = frozenset(form.getlist(f"devices-{line.id}"))
    return LineForm(
        id=line.id,
        title=words.part,
        demanded=words.demanded,
        proposed=words.proposed,
        reason=words.reason,
        move=move,
        move_words=MOVE_WORDS.get(move, ""),
        start=start,
        end=end,
        narrows=line.data_class in OF_RECORDINGS,
        devices=tuple((serial, device_name(serial, names)) for serial in offered),
        chosen=chosen,
        error=errors.get(f"line-{line.id}", ""),
    )


def offered_devices(line: DemandLine, names: Mapping[str, str]) -> list[str]:
    """The devices that a line may be narrowed to: those it names, or all of a named account."""
    if not isinstance(line.devices, Every):
        return sorted(line.devices)
    return [] if isinstance(line.account, Every) else sorted(names, key=lambda serial: names[serial])


def ruling(found: Case, names: Mapping[str, str], form: MultiDict[str, str]) -> tuple[Ruling, Errors]:
    """What was typed as a ruling, and what is wrong with it by field."""
    choices: dict[str, Choice] = {}
    errors: Errors = {}
    zone = ZoneInfo(found.zone)
    for record in found.assessment.lines if found.assessment else ():
        line = record.line
        move = form.get(f"line-{line.id}", "")
        if move not in MOVES:
            errors[f"line-{line.id}"] = f"Decide line {line.id}."
            continue
        try:
            scope = _narrowed(record, names, zone, form) if move == "narrow" else None
        except ValueError as wrong:
            errors[f"line-{line.id}"] = str(wrong)
            continue
        choices[line.id] = Choice(move=cast("Move", move), scope=scope)
    known = {each.ground for each in (found.assessment.findings if found.assessment else ()) if each.ground}
    grounds = [ground for ground in form.getlist("grounds") if ground in known]
    settlement, unsettled = settlement_of(form)
    return (
        Ruling(choices=choices, grounds=grounds, reasons=form.get("reasons", "").strip(), settlement=settlement),
        errors | unsettled,
    )


def leaves_proposal(found: Case, made: Ruling) -> bool:
    """Whether the ruling gives anything else than the proposal, or raises other grounds."""
    assessment = found.assessment
    if assessment is None:
        return False
    given = {record.line.id: proposed_scope(assessment, record) for record in assessment.lines}
    same = all(
        choice.move == "accept" or (choice.scope if choice.move == "narrow" else None) == given[line]
        for line, choice in made.choices.items()
    )
    return not same or set(made.grounds) != set(raised_grounds(assessment))


def _narrowed(record: LineRecord, names: Mapping[str, str], zone: ZoneInfo, form: MultiDict[str, str]) -> Scope:
    """The scope a line is narrowed to; raises ValueError with a sentence for what is not a part of the line."""
    line = record.line
    interval = _interval(line, zone, form)
    chosen = frozenset(form.getlist(f"devices-{line.id}"))
    offered = frozenset(offered_devices(line, names))
    if offered and not chosen:
        raise ValueError(f"Choose at least one device for line {line.id}, or object to the line.")
    devices = line.devices if chosen == offered or not offered else chosen
    scope = Scope(line.scope.accounts, devices, line.scope.classes, interval)
    if scope.is_empty:
        raise ValueError(f"The period of line {line.id} is empty: its end is not after its beginning.")
    if not scope <= line.scope:
        raise ValueError(f"Line {line.id} would go beyond what was demanded. Choose a part of the demand.")
    if record.permitted is None or not scope <= record.permitted:
        raise ValueError(f"The law forbids part of what you chose for line {line.id}. Choose within what it permits.")
    return scope


def _interval(line: DemandLine, zone: ZoneInfo, form: MultiDict[str, str]) -> Interval:
    start, end = bounds(line.interval)
    start = _read(form.get(f"from-{line.id}", ""), zone, line, ends=False) or start
    end = _read(form.get(f"to-{line.id}", ""), zone, line, ends=True) or end
    return between(start, end)


def _read(typed: str, zone: ZoneInfo, line: DemandLine, *, ends: bool) -> datetime | None:
    if not typed.strip():
        return None
    try:
        return typed_moment(typed.strip(), zone, ends=ends)
    except ValueError:
        raise ValueError(f"Enter line {line.id} with a day and a time, such as 2026-05-01 09:30.") from None


def _typed(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M}" if at else ""
