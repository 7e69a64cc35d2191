"""From what was typed to what is established: the facts of the paper, and the filing made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.languages import get_official_languages

from requests_portal.errors import Unusable
from requests_portal.model.canary import Touch
from requests_portal.model.case import Quote, Requester, Track
from requests_portal.model.papers import Paper
from requests_portal.web import display
from requests_portal.web.desk.intake_schema import QUOTES, STEPS, Step, Values, moment, order_zone, received_at
from requests_portal.web.desk.intake_words import PARTIES, PROCESSES, TITLES, VOICE_TITLES
from requests_portal.web.desk.wording import class_words
from requests_portal.web.forms import Errors, Typed, loaded
from requests_portal.web.refusing import note_canary
from requests_portal.work.ports import Customer, Work
from requests_portal.work.receive import Filing

# Fields whose name and value are a fact's own.
AS_TYPED = (
    *("issuer", "issuer_state", "issuer_role", "channel", "process", "validated_by", "agreement"),
    *("issued_on", "served_on", "court_return_on", "offence_max_years", "seeks", "accounts", "devices", "keywords"),
    *("nondisclosure_issued_on", "nondisclosure_ends_on", "right"),
    "heard_as",
    *("named_people", "certificate_flaws", "agreement_order_lacks", "circumstances"),
)
OTHER_NAMES = {"asker": "requester_kind", "own": "seeks", "home": "data_subject_country"}
# Ticked boxes, each named for the flag it establishes; an empty box establishes nothing until the form is confirmed.
TICKS = ("says", "also", "reach", "silence", "emergency", "abroad")
# Whose paper comes from the country that the requester writes from.
ABROAD = frozenset({"eu_state", "uk", "foreign_state"})
MOST_KINDS = 2
MOMENTS = (("range_from", False), ("range_to", True), ("incident_from", False), ("incident_to", True))


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """The moment of asking and the zone of the desk's own clock."""

    now: datetime
    desk: ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a form's words mean, and what is wrong with them; `values` has only what is fine."""

    values: Typed
    errors: Errors


def read(step: Step, raw: Mapping[str, Any], clocks: Clocks, work: Work) -> Reading:
    """Load one form in full: each field, the fields together, and what the catalogue knows."""
    values, errors = loaded(step.schema(), raw)
    values = {name: value for name, value in values.items() if name not in errors}
    errors = {**step.together(values, clocks.now, clocks.desk), **errors}
    errors = {**_unknown(values, work), **errors}
    return Reading(values={n: v for n, v in values.items() if n not in errors}, errors=errors)


def read_all(track: Track, answers: Mapping[str, Mapping[str, Any]], clocks: Clocks, work: Work) -> Reading:
    """Load every form of the track; fields have one name across its forms."""
    values: Typed = {}
    errors: Errors = {}
    for step in STEPS[track]:
        reading = read(step, answers.get(step.name, {}), clocks, work)
        values |= reading.values
        errors |= reading.errors
    return Reading(values=values, errors=errors)


def established(track: Track, values: Values, desk: ZoneInfo) -> dict[str, object]:
    """The facts that valid answers establish, in their JSON form; what is not answered is left out."""
    facts: dict[str, object] = {"track": str(track)}
    facts |= {name: _json(values[name]) for name in AS_TYPED if name in values}
    facts |= {fact: values[name] for name, fact in OTHER_NAMES.items() if name in values}
    facts |= {flag: True for name in TICKS for flag in values.get(name, ())}
    facts |= _moments(values) | _heard(values, desk)
    return facts | _who_asks(values) | _receipt(values, desk)


def filing(track: Track, values: Values, papers: tuple[Paper, ...], clocks: Clocks, work: Work) -> Filing:
    """The filing that complete answers make."""
    return (_demand if track is Track.LEGAL_DEMAND else _own_data)(values, papers, clocks, work)


def _demand(values: Values, papers: tuple[Paper, ...], clocks: Clocks, _work: Work) -> Filing:
    return Filing(
        track=Track.LEGAL_DEMAND,
        title=f"{dict(PROCESSES)[values['process']]} for {_kinds(values['seeks'])}",
        requester=Requester(
            name=values.get("officer") or values["organisation"],
            # An organisation that names nobody is the requester itself.
            organisation=values["organisation"] if "officer" in values else "",
            email=values.get("email", ""),
            address=tuple(values.get("address", ())),
            country=values.get("country", ""),
        ),
        received_at=_received(values, clocks.desk),
        zone=values.get("zone", clocks.desk.key),
        language=_language_of(values.get("country", "")),
        facts=established(Track.LEGAL_DEMAND, values, clocks.desk),
        quotes=quotes(values),
        papers=papers,
    )


def _language_of(country: str) -> str:
    """Return the language of an authority's country; English where it has several, or nobody said which it is."""
    spoken = get_official_languages(country.partition("-")[0], de_facto=True)
    return spoken[0] if len(spoken) == 1 else "en"


def _own_data(values: Values, papers: tuple[Paper, ...], clocks: Clocks, work: Work) -> Filing:
    customer = work.customers.get(values["account"])
    if values["asker"] == "person_heard":
        return _own_voice(values, papers, clocks, ZoneInfo(customer.zone))
    return Filing(
        track=Track.DATA_SUBJECT,
        title=TITLES[values["right"]],
        requester=_for_another(values) if "agent" in values else _themselves(customer),
        received_at=_received(values, clocks.desk),
        zone=customer.zone,
        language=customer.language,
        facts=established(Track.DATA_SUBJECT, values, clocks.desk),
        papers=papers,
        account=customer.account,
    )


def _themselves(customer: Customer) -> Requester:
    return Requester(name=customer.name, email=customer.email, address=customer.address, country=customer.country)


def _for_another(values: Values) -> Requester:
    """Somebody who asks for the customer, with what they gave of themselves and nothing of how the customer is reached.

    We write to them there; the customer's own address would tell them where the customer lives.
    """
    return Requester(
        name=values["agent"],
        organisation=values.get("agent_organisation", ""),
        email=values.get("agent_email", ""),
        address=tuple(values.get("agent_address", ())),
    )


def _own_voice(values: Values, papers: tuple[Paper, ...], clocks: Clocks, there: ZoneInfo) -> Filing:
    """The filing of somebody who is heard on another's device; the days are those of the place where it stands."""
    home = values.get("home", "")
    return Filing(
        track=Track.DATA_SUBJECT,
        title=VOICE_TITLES.get(values["right"], TITLES[values["right"]]),
        requester=Requester(
            name=values["heard_name"],
            email=values.get("heard_email", ""),
            address=tuple(values.get("heard_address", ())),
            country=home,
        ),
        received_at=_received(values, clocks.desk),
        zone=there.key,
        language=_language_of(home),
        facts=established(Track.DATA_SUBJECT, values, clocks.desk) | _heard(values, there),
        papers=papers,
    )


def quotes(values: Values) -> tuple[Quote, ...]:
    """The paper's own words, each with its place."""
    return tuple(
        Quote(words=values[f"quote_{n}"], place=values.get(f"place_{n}", "")) for n in QUOTES if f"quote_{n}" in values
    )


def _kinds(seeks: Sequence[str]) -> str:
    """Name the first kinds of data in a sentence: "recordings, transcripts and 3 other kinds"."""
    words = [(name[0].lower() + name[1:]) for name in map(class_words, seeks[:MOST_KINDS])]
    if len(seeks) > MOST_KINDS:
        words.append(display.count(len(seeks) - MOST_KINDS, "other kind"))
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _received(values: Values, desk: ZoneInfo) -> datetime:
    at = received_at(values, desk)
    if at is None:
        raise Unusable("Enter the day and the time it reached us.")
    return at


def _moments(values: Values) -> dict[str, object]:
    zone = order_zone(values)
    typed = ((name, moment(values, name, zone, ends=ends)) for name, ends in MOMENTS)
    return {name: at.isoformat() for name, at in typed if at is not None}


def _heard(values: Values, zone: ZoneInfo) -> dict[str, object]:
    first, last = values.get("heard_from"), values.get("heard_to")
    if first is None or last is None:
        return {}
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return {"range_stated": True, "range_from": start.isoformat(), "range_to": end.isoformat()}


def _who_asks(values: Values) -> dict[str, object]:
    facts: dict[str, object] = {}
    if "issuer" in values:
        facts["requester_kind"] = "party" if values["issuer"] in PARTIES else "authority"
    if values.get("issuer") == "us_federal":
        facts["issuer_state"] = "US"
    if values.get("issuer") in ABROAD and "country" in values:
        facts["issuing_country"] = values["country"]
    if "account" in values:
        facts["accounts"] = [values["account"]]
    return facts


def _receipt(values: Values, desk: ZoneInfo) -> dict[str, object]:
    at = received_at(values, desk)
    return {} if at is None else {"received_at": at.isoformat()}


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _unknown(values: Values, work: Work) -> Errors:
    named = [*values.get("accounts", ()), *([values["account"]] if "account" in values else [])]
    unknown = sorted(set(named) - work.catalogue.accounts(named)) if named else []
    if unknown:
        _watch(work, accounts=unknown)
        field = "account" if "account" in values else "accounts"
        return {field: f"We know no account {', '.join(unknown)}. Check the number against the paper."}
    strange = sorted(set(values.get("devices", ())) - set(work.catalogue.devices(named))) if named else []
    if strange:
        _watch(work, devices=strange)
        return {"devices": f"These accounts have no device {', '.join(strange)}. Check the serial against the paper."}
    return {}


def _watch(work: Work, *, accounts: Sequence[str] = (), devices: Sequence[str] = ()) -> None:
    """Raise an alarm where what nobody has is a canary's; the form says the same of it as of anything unknown."""
    if work.canaries.are_sought(accounts, devices):
        note_canary(Touch.SOUGHT)
