"""What is established about one request. None means that nobody has established it yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

from legal_rules.errors import BadFactValue, ContradictoryFacts, UnknownFact
from legal_rules.vocabulary.abroad import Abroad
from legal_rules.vocabulary.demand import Demand
from legal_rules.vocabulary.fact import Fact, FactType
from legal_rules.vocabulary.federal import Federal
from legal_rules.vocabulary.paper import Paper
from legal_rules.vocabulary.person import Person
from legal_rules.vocabulary.states import States
from legal_rules.vocabulary.timing import Timing

# ISO 3166-1, with the subdivision of ISO 3166-2 where its law is its own.
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
# What the Union writes for two countries whose code is another.
_NOT_ISO = {"UK": "GB", "EL": "GR"}
# A bare day that ends a period includes that day, as papers mean it.
_ENDS = frozenset({"range_to", "incident_to", "answered_to"})
_PERIODS = (("range_from", "range_to"), ("incident_from", "incident_to"), ("answered_from", "answered_to"))


# The last base gives the first fields.
@dataclass(frozen=True, kw_only=True)
class Facts(Timing, Person, Abroad, States, Federal, Demand, Paper):
    """Everything the rules may ask about one request, for both tracks; None is "not established", never False."""


FACTS: Mapping[str, Fact] = {f.name: replace(f.metadata["fact"], name=f.name) for f in fields(Facts)}


def parse(raw: Mapping[str, object]) -> Facts:
    """Facts from their JSON form; raises UnknownFact, BadFactValue or ContradictoryFacts, naming the nearest word."""
    for name in raw:
        if name not in FACTS:
            raise UnknownFact(name, FACTS)
    values: dict[str, Any] = {name: _value(FACTS[name], given) for name, given in raw.items()}
    facts = Facts(**values)
    _refuse_contradictions(facts)
    return facts


def dump(facts: Facts) -> dict[str, object]:
    """The JSON form of what is established, so that parse(dump(facts)) == facts."""
    return {name: _json(value) for name in FACTS if (value := getattr(facts, name)) is not None}


def confirmed(facts: Facts) -> Facts:
    """The same facts once a clerk has read the paper through: what it could state and does not, it does not say."""
    closed: dict[str, Any] = {}
    for name, fact in FACTS.items():
        if fact.origin == "paper" and getattr(facts, name) is None:
            closed |= {name: False} if fact.type == "flag" else {}
            closed |= {name: frozenset()} if fact.type in {"texts", "choices"} else {}
    return replace(facts, **(closed | _implied(facts)))


def _implied(facts: Facts) -> dict[str, bool]:
    """The flags that other facts answer: who writes a period down has stated one."""
    answers = (
        ("range_stated", True, facts.range_from or facts.range_to or facts.range_to_open),
        ("range_to_open", False, facts.range_to),
        ("incident_stated", True, facts.incident_from),
        ("return_date_stated", True, facts.court_return_on),
        ("nondisclosure_end_stated", True, facts.nondisclosure_ends_on),
        # Who is ordered to be silent is asked to be, whether or not the paper asks besides.
        ("nondisclosure_requested", True, facts.nondisclosure_order or facts.nondisclosure_certified),
    )
    return {flag: answer for flag, answer, given in answers if given}


def _refuse_contradictions(facts: Facts) -> None:
    for flag, answer in _implied(facts).items():
        if getattr(facts, flag) is (not answer):
            said = str(not answer).lower()
            raise ContradictoryFacts(f"The fact “{flag}” is {said}, yet what it speaks of is given otherwise.")
    if facts.issued_on and facts.served_on and facts.served_on < facts.issued_on:
        raise ContradictoryFacts("The fact “served_on” is before “issued_on”: a paper is served once it is issued.")
    for first, last in _PERIODS:
        start, end = getattr(facts, first), getattr(facts, last)
        if start is not None and end is not None and end <= start:
            raise ContradictoryFacts(f"The fact “{last}” is not after “{first}”: the two dates are reversed.")


def _value(fact: Fact, given: object) -> object:
    return _READERS[fact.type](fact, given)


def _flag(fact: Fact, given: object) -> bool:
    if not isinstance(given, bool):
        raise BadFactValue(fact.name, got=given, allowed="true or false")
    return given


def _number(fact: Fact, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise BadFactValue(fact.name, got=given, allowed="a whole number that is not negative")
    return given


def _text(fact: Fact, given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise BadFactValue(fact.name, got=given, allowed="some text")
    return given


def _country(fact: Fact, given: object) -> str:
    # A country that no rule recognises would run on no country's clock.
    if not isinstance(given, str) or not _CODE.fullmatch(given) or given in _NOT_ISO:
        perhaps = f" (for {given}: {_NOT_ISO[given]})" if isinstance(given, str) and given in _NOT_ISO else ""
        raise BadFactValue(fact.name, got=given, allowed=f"a code such as DE, GB or US-CA{perhaps}")
    return given


def _choice(fact: Fact, given: object) -> str:
    if given not in fact.allowed:
        raise BadFactValue(fact.name, got=given, allowed="one of " + ", ".join(fact.allowed), among=fact.allowed)
    return str(given)


def _many(fact: Fact, given: object) -> list[object]:
    if isinstance(given, frozenset | set | list | tuple):
        return list(given)
    raise BadFactValue(fact.name, got=given, allowed="a list")


def _texts(fact: Fact, given: object) -> frozenset[str]:
    return frozenset(_text(fact, one) for one in _many(fact, given))


def _choices(fact: Fact, given: object) -> frozenset[str]:
    return frozenset(_choice(fact, one) for one in _many(fact, given))


def _date(fact: Fact, given: object) -> date:
    try:
        return given if type(given) is date else date.fromisoformat(_as_text(given))
    except (ValueError, TypeError):
        raise BadFactValue(fact.name, got=given, allowed="a day such as 2026-05-01") from None


def _moment(fact: Fact, given: object) -> datetime:
    try:
        moment = given if isinstance(given, datetime) else _from_iso(fact, _as_text(given))
        if moment.utcoffset() is not None:
            moment.astimezone(UTC)  # the last hours of the calendar have no moment in UTC
    except (ValueError, TypeError, OverflowError):
        raise BadFactValue(fact.name, got=given, allowed="a moment such as 2026-05-01T09:30:00+02:00") from None
    if moment.utcoffset() is None:
        raise BadFactValue(fact.name, got=given, allowed="a moment with its offset from UTC")
    return moment


def _as_text(given: object) -> str:
    """What was written; a bare number is no day, whatever its digits."""
    if not isinstance(given, str):
        raise TypeError(given)
    return given


def _from_iso(fact: Fact, text: str) -> datetime:
    if len(text) > len("2026-05-01"):
        return datetime.fromisoformat(text)
    day = datetime.combine(date.fromisoformat(text), time(), UTC)
    return day + timedelta(days=1) if fact.name in _ENDS else day


_READERS = {
    "choice": _choice,
    "choices": _choices,
    "flag": _flag,
    "date": _date,
    "moment": _moment,
    "number": _number,
    "texts": _texts,
    "country": _country,
}
# Every type a fact may have can be read.
assert _READERS.keys() == set(get_args(FactType))  # noqa: S101


def _json(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
