"""A form made from the vocabulary of facts: each fact by its type, and back from what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from legal_rules.errors import RuleBookError
from legal_rules.facts import FACTS, parse
from legal_rules.vocabulary.abroad import Abroad
from legal_rules.vocabulary.demand import Demand
from legal_rules.vocabulary.fact import Fact
from legal_rules.vocabulary.federal import Federal
from legal_rules.vocabulary.paper import Paper
from legal_rules.vocabulary.person import Person
from legal_rules.vocabulary.states import States
from legal_rules.vocabulary.timing import Timing
from requests_portal.model.case import Case, Track
from requests_portal.web import display
from requests_portal.web.desk import wording
from requests_portal.web.forms import Errors
from requests_portal.work.identify import BY_IDENTITY
from requests_portal.work.officer_checks import BY_CHECKS

# "The paper names none" is established; an empty field is not.
NONE = "none-of-these"
ENDS = frozenset({"range_to", "incident_to", "answered_to"})
# What has a page of its own, or is established by the catalogue or at filing.
ELSEWHERE = frozenset({"track", "received_at", "identity_verified", "other_voices", "volume"}) | BY_CHECKS | BY_IDENTITY


def _of(*rooms: type) -> tuple[str, ...]:
    """The facts that these parts of the vocabulary declare, in their order."""
    return tuple(name for room in rooms for name in room.__annotations__)


_WHOSE_AND_WHEN = ("accounts", "devices", "seeks", "range_stated", "range_from", "range_to")
_SILENCE = tuple(name for name in FACTS if name.startswith("nondisclosure_"))
SECTIONS = {
    Track.LEGAL_DEMAND: (
        ("Who asks, and by what paper", _of(Paper)),
        ("What is asked for, whose and why", _of(Demand)),
        ("Silence towards the customer", _SILENCE),
        ("Law of the United States", tuple(name for name in _of(Federal, States) if name not in _SILENCE)),
        ("Orders from other countries", _of(Abroad)),
        ("What moves the time limits", _of(Timing)),
    ),
    Track.DATA_SUBJECT: (
        ("Who asks, and for what", ("requester_kind", *_of(Person))),
        ("Whose data, and from when", (*_WHOSE_AND_WHEN, "account_flags")),
        ("What moves the time limits", _of(Timing)),
    ),
}
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, kw_only=True)
class FactField:
    """One fact as the form shows it."""

    name: str
    kind: str
    sentence: str
    hint: str
    options: tuple[tuple[str, str], ...]
    values: tuple[str, ...]
    error: str


def sections(
    case: Case, missing: Sequence[str], form: MultiDict[str, str] | None, errors: Errors
) -> list[tuple[str, list[FactField], bool]]:
    """The form's parts as (legend, fields, open): what the assessment asks for first, every fact once."""
    zone = ZoneInfo(case.zone)
    asked = [name for name in missing if name not in ELSEWHERE]

    def fields(names: Sequence[str]) -> list[FactField]:
        return [field_of(FACTS[name], case, zone, form, errors.get(name, "")) for name in names]

    parts = [("What the assessment asks for", fields(asked), True)] if asked else []
    for legend, names in SECTIONS[case.track]:
        rest = [name for name in names if name not in ELSEWHERE and name not in asked]
        # A page of a hundred facts opens at what is asked for, or else at its first part.
        parts.append((legend, fields(rest), not parts or any(name in errors for name in rest)))
    return [part for part in parts if part[1]]


def field_of(fact: Fact, case: Case, zone: ZoneInfo, form: MultiDict[str, str] | None, error: str) -> FactField:
    """A fact's field, filled with what was typed, or else with what is established."""
    values = shown(fact, case.facts.get(fact.name), zone) if form is None else typed_values(fact, form)
    return FactField(
        name=fact.name,
        kind=fact.type,
        sentence=fact.sentence,
        hint=_hint(fact, zone),
        options=tuple((value, wording.fact_value_words(value)) for value in fact.allowed),
        values=values,
        error=error,
    )


def _hint(fact: Fact, zone: ZoneInfo) -> str:
    if fact.type == "moment":
        return f"Time in {display.zone_name(zone)}; leave it empty while it is not established."
    return "One on each line." if fact.type == "texts" else ""


def corrections(case: Case, form: MultiDict[str, str]) -> tuple[dict[str, object], Errors]:
    """The facts whose fields were changed, as the vocabulary's JSON values, None where no longer established."""
    zone, changed, errors = ZoneInfo(case.zone), dict[str, object](), Errors()
    for name in FACTS:
        if name in ELSEWHERE or f"{name}-shown" not in form:
            continue
        fact = FACTS[name]
        typed = typed_values(fact, form)
        if typed == shown(fact, case.facts.get(name), zone):
            continue
        try:
            changed[name] = read(fact, typed, zone)
        except (RuleBookError, ValueError):
            errors[name] = _SENTENCES[fact.type]
    return changed, errors


_SENTENCES = {
    "choice": "Choose one from the list.",
    "choices": "Choose from the list.",
    "flag": "Choose yes, no or not established.",
    "date": "Enter a day, such as 2026-05-01.",
    "moment": "Enter a day and a time, such as 2026-05-01 09:30.",
    "number": "Enter a whole number.",
    "texts": "Enter one on each line.",
    "country": "Enter a code such as DE, GB or US-CA.",
}


def shown(fact: Fact, value: object, zone: ZoneInfo) -> tuple[str, ...]:
    """The strings that a field holds for an established value; none for what is not established."""
    if value is None:
        return ()
    if fact.type == "flag":
        return ("yes" if value else "no",)
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(str(each) for each in value)) or (NONE,)
    if fact.type == "moment":
        local = datetime.fromisoformat(str(value)).astimezone(zone)
        return (f"{local:%Y-%m-%dT%H:%M}",)
    return (str(value),)


def typed_values(fact: Fact, form: MultiDict[str, str]) -> tuple[str, ...]:
    """The strings that were typed into a fact's field, in the form that `shown` gives."""
    got = [value.strip() for value in form.getlist(fact.name)]
    if fact.type == "texts":
        got = [line.strip() for value in got for line in value.splitlines()]
    got = [value for value in got if value]
    if fact.type in {"texts", "choices"}:
        return tuple(sorted({value for value in got if value != NONE} or set(got)))
    return tuple(got[-1:])


def typed_moment(typed: str, zone: ZoneInfo, *, ends: bool) -> datetime:
    """A typed day and time in a zone, or with an offset of its own; a bare day that ends a period is included."""
    at = datetime.fromisoformat(typed)
    if ends and len(typed) == len("2026-05-01"):
        if at.date() == date.max:
            raise ValueError("There is no day after this one.")
        at += timedelta(days=1)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def read(fact: Fact, typed: tuple[str, ...], zone: ZoneInfo) -> object:
    """The vocabulary's JSON value of what was typed; raises RuleBookError or ValueError where it is none."""
    if not typed:
        return None
    value: object = typed[0]
    if fact.type == "flag":
        value = _YES_NO.get(typed[0], typed[0])
    elif fact.type in {"texts", "choices"}:
        value = [each for each in typed if each != NONE]
    elif fact.type == "moment":
        value = typed_moment(typed[0], zone, ends=fact.name in ENDS).isoformat()
    elif fact.type == "number":
        value = int(typed[0])
    parse({fact.name: value})
    return value
