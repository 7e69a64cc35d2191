# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""What is established about one request. None means that nobody has established it yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args

from legal_rules.errors import BadFactValue, ContradictoryFacts, UnknownFact

FactType = Literal["choice", "choices", "flag", "date", "moment", "number", "texts", "text"]
Origin = Literal["paper", "world"]
AskedOf = Literal["issuer", "requester", "intake", "lawyer", "catalogue", "call_back", "identity_check"]

CONTENTS = ("audio", "transcript", "search_terms")
OTHER_RECORDS = ("devices", "human_review_log", "purchases")
SEEKS = (
    *CONTENTS,
    "subscriber",
    "identification",
    "connections",
    *OTHER_RECORDS,
    "location",
    "voiceprint",
    "legal_demand_log",
    "data_never_held",
    "future_data",
)
PROCESSES = (
    "search_warrant",
    "warrant_application",
    "d_order",
    "court_order",
    "grand_jury_subpoena",
    "administrative_subpoena",
    "trial_subpoena",
    "civil_subpoena",
    "defense_subpoena",
    "nsl",
    "wiretap_order",
    "pen_register_order",
    "preservation_letter",
    "emergency_request",
    "consent",
    "epoc",
    "epoc_pr",
    "agreement_order",
    "foreign_request",
    "mlat",
    "informal_letter",
)
ISSUERS = ("us_federal", "us_state", "civil_party", "defendant", "eu_state", "uk", "foreign_state")
# Two-letter codes of the states and DC; "US" is a federal court or agency.
STATES = tuple(
    "US AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "  # noqa: SIM905 — fifty codes read better in a line
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY".split()
)
VOICES = ("family", "visitor", "child", "staff", "unknown")
# ISO 3166-1, with the subdivision of ISO 3166-2 where its law is its own.
_COUNTRIES = frozenset({"data_subject_country"})
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
# A bare day that ends a period includes that day, as papers mean it.
_ENDS = frozenset({"range_to", "incident_to"})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One word of the vocabulary: its type, its values, who can supply it, and whether the paper states it."""

    name: str = ""
    type: FactType
    allowed: tuple[str, ...] = ()
    asked_of: AskedOf
    sentence: str
    origin: Origin


def _paper(kind: FactType, sentence: str, *allowed: str, asked_of: AskedOf = "issuer") -> Any:
    return _field(Fact(type=kind, allowed=allowed, asked_of=asked_of, sentence=sentence, origin="paper"))


def _world(kind: FactType, sentence: str, *allowed: str, asked_of: AskedOf = "lawyer") -> Any:
    return _field(Fact(type=kind, allowed=allowed, asked_of=asked_of, sentence=sentence, origin="world"))


def _field(fact: Fact) -> Any:
    return field(default=None, metadata={"fact": fact})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the rules may ask about one request, for both tracks; None is "not established", never False."""

    track: str | None = _paper(
        "choice",
        "Whether an authority or party demands data, or a person asks about their own.",
        "legal_demand",
        "data_subject",
        asked_of="intake",
    )
    # Who asks, and by what paper.
    requester_kind: str | None = _paper(
        "choice",
        "In what capacity the requester writes.",
        "authority",
        "party",
        "data_subject",
        "agent",
        asked_of="requester",
    )
    issuer: str | None = _paper("choice", "On whose behalf the process was issued.", *ISSUERS, asked_of="intake")
    issuer_state: str | None = _paper(
        "choice", "The US state whose court or agency issued it; US for a federal one.", *STATES, asked_of="intake"
    )
    issuer_role: str | None = _paper(
        "choice",
        "The office of the person who issued it.",
        "court",
        "judge",
        "investigating_judge",
        "prosecutor",
        "police",
        "other_authority",
        "attorney",
    )
    validated_by: str | None = _paper(
        "choice",
        "Who validated an order that another authority issued.",
        "none",
        "court",
        "judge",
        "investigating_judge",
        "prosecutor",
    )
    issuer_named: bool | None = _paper("flag", "The paper names the court or officer who issued it.")
    process: str | None = _paper("choice", "What kind of paper it is.", *PROCESSES, asked_of="intake")
    signed: bool | None = _paper("flag", "The paper is signed by the issuing officer or court.")
    issued_on: date | None = _paper("date", "The day the process was issued.")
    served_on: date | None = _paper("date", "The day the process was served on us.", asked_of="intake")
    received_at: datetime | None = _world("moment", "The moment the request reached us.", asked_of="intake")
    court_return_on: date | None = _paper("date", "The day by which the court or issuer orders an answer.")
    domesticated: bool | None = _paper("flag", "A court of our state has reissued another state's subpoena.")
    agreement: str | None = _paper(
        "choice", "The data access agreement a foreign order invokes.", "none", "us_uk", "us_au"
    )
    requester_verified: bool | None = _world(
        "flag", "We have confirmed by call-back that the requester is who they say.", asked_of="call_back"
    )
    channel: str | None = _world(
        "choice",
        "How the paper reached us.",
        "portal",
        "registered_agent",
        "judex",
        "post",
        "email",
        "fax",
        "phone",
        asked_of="intake",
    )
    # What is demanded: whose, which kinds, from when.
    accounts: frozenset[str] | None = _paper("texts", "The accounts the paper names; empty when it names none.")
    devices: frozenset[str] | None = _paper("texts", "The devices the paper names; empty when it names none.")
    seeks: frozenset[str] | None = _paper("choices", "The kinds of data asked for.", *SEEKS)
    catch_all: bool | None = _paper("flag", "The paper also asks for “any and all” data it does not list.")
    area: bool | None = _paper("flag", "The paper asks for whoever was within a place, instead of naming an account.")
    all_users: bool | None = _paper("flag", "The paper asks for the data of all our customers, or a class of them.")
    keywords: frozenset[str] | None = _paper("texts", "Words to be searched for in everyone's speech; empty if none.")
    range_stated: bool | None = _paper("flag", "The paper states a period.")
    range_from: datetime | None = _paper("moment", "The first moment of the period asked for.")
    range_to: datetime | None = _paper("moment", "The end of the period asked for; a bare day is included.")
    incident_stated: bool | None = _paper("flag", "The paper says when the event under investigation happened.")
    incident_from: datetime | None = _paper("moment", "When the event under investigation began.")
    incident_to: datetime | None = _paper("moment", "When that event ended; a bare day is included.")
    nexus_stated: bool | None = _paper("flag", "The paper says why these data bear on the matter.")
    offence_max_years: int | None = _paper("number", "The offence's maximum custodial sentence, in years.")
    listed_offence: bool | None = _paper("flag", "The offence is one that Art. 5(4)(b) to (d) of Reg. 2023/1543 lists.")
    target_us_person: bool | None = _world("flag", "The target is a US person or is located in the United States.")
    emergency_danger: bool | None = _paper("flag", "Concrete facts show a danger of death or serious physical injury.")
    emergency_immediate: bool | None = _paper("flag", "Concrete facts show why that danger cannot wait for process.")
    # Silence towards the customer.
    nondisclosure_requested: bool | None = _paper("flag", "The paper asks us not to tell the customer.")
    nondisclosure_order: bool | None = _paper("flag", "A court order forbids telling the customer.")
    nondisclosure_issued_on: date | None = _paper("date", "The day that nondisclosure order was made.")
    nondisclosure_end_stated: bool | None = _paper("flag", "That order says when it ends.")
    nondisclosure_ends_on: date | None = _paper("date", "The day that nondisclosure order ends.")
    preservation_renewed_on: date | None = _paper("date", "The day a renewal of the preservation request reached us.")
    # A person's request about their own data.
    right: str | None = _paper(
        "choice",
        "The right a data subject exercises.",
        "access",
        "portability",
        "erasure",
        "rectification",
        "restriction",
        "objection",
        asked_of="requester",
    )
    data_subject_country: str | None = _world(
        "text", "Where the data subject lives: DE, GB, US-CA …", asked_of="requester"
    )
    identity_verified: bool | None = _world(
        "flag", "We have confirmed that the request comes from the data subject.", asked_of="identity_check"
    )
    agent_authority: bool | None = _world(
        "flag", "The agent has shown the data subject's signed permission.", asked_of="identity_check"
    )
    other_voices: frozenset[str] | None = _world(
        "choices", "Who besides the account holder is heard in what is asked for.", *VOICES, asked_of="catalogue"
    )
    other_voices_consented: frozenset[str] | None = _world(
        "choices", "Which of those people agreed to the copy.", *VOICES, asked_of="catalogue"
    )
    extension_notified_on: date | None = _world("date", "The day we told the requester that we need longer.")
    identity_asked_on: date | None = _world("date", "The day we asked for proof of identity.", asked_of="intake")
    identity_received_on: date | None = _world("date", "The day proof of identity reached us.", asked_of="intake")
    clarification_asked_on: date | None = _world("date", "The day we asked what is meant.", asked_of="intake")
    clarification_received_on: date | None = _world("date", "The day the clarification reached us.", asked_of="intake")
    release_matches_requester: bool | None = _world(
        "flag", "A person has confirmed that what leaves is the requester's own.", asked_of="lawyer"
    )


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
            closed |= {name: frozenset()} if fact.type == "texts" else {}
    return replace(facts, **(closed | _implied(facts)))


def with_implied(facts: Facts) -> Facts:
    """The same facts, with the flags that a given date answers: who writes a period down has stated one."""
    answered: dict[str, Any] = dict(_implied(facts))
    return replace(facts, **answered)


def _implied(facts: Facts) -> dict[str, bool]:
    """The flags that a given date answers."""
    given = {
        "range_stated": facts.range_from or facts.range_to,
        "incident_stated": facts.incident_from,
        "nondisclosure_end_stated": facts.nondisclosure_ends_on,
    }
    return {flag: True for flag, value in given.items() if value is not None}


def _refuse_contradictions(facts: Facts) -> None:
    for flag in _implied(facts):
        if getattr(facts, flag) is False:
            raise ContradictoryFacts(f"The fact “{flag}” is false, yet the date it speaks of is given.")
    for first, last in (("range_from", "range_to"), ("incident_from", "incident_to")):
        start, end = getattr(facts, first), getattr(facts, last)
        if start is not None and end is not None and end <= start:
            raise ContradictoryFacts(f"The fact “{last}” is not after “{first}”: the two dates are reversed.")


def _value(fact: Fact, given: object) -> object:
    return _country(fact, given) if fact.name in _COUNTRIES else _READERS[fact.type](fact, given)


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
    if not isinstance(given, str) or not _CODE.fullmatch(given):
        raise BadFactValue(fact.name, got=given, allowed="a code such as DE, GB or US-CA")
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
        return date.fromisoformat(str(given))
    except ValueError:
        raise BadFactValue(fact.name, got=given, allowed="a day such as 2026-05-01") from None


def _moment(fact: Fact, given: object) -> datetime:
    try:
        moment = given if isinstance(given, datetime) else _from_iso(fact, str(given))
        if moment.utcoffset() is not None:
            moment.astimezone(UTC)  # the last hours of the calendar have no moment in UTC
    except (ValueError, OverflowError):
        raise BadFactValue(fact.name, got=given, allowed="a moment such as 2026-05-01T09:30:00+02:00") from None
    if moment.utcoffset() is None:
        raise BadFactValue(fact.name, got=given, allowed="a moment with its offset from UTC")
    return moment


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
    "text": _text,
}
# Every type a fact may have can be read.
assert _READERS.keys() == set(get_args(FactType))  # noqa: S101


def _json(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value
