"""The steps of intake: the fields of each form, and what cannot be true of them together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema

from requests_portal.model.case import Track
from requests_portal.web.desk import intake_words as words
from requests_portal.web.desk.intake_fields import (
    MOST_LINES,
    Names,
    account_number,
    day,
    email,
    line,
    one_of,
    serial_number,
    short_words,
    some_of,
    text,
    time_of_day,
    years,
    zone,
)
from requests_portal.web.forms import Errors

Values = Mapping[str, Any]
QUOTES = (1, 2, 3)
# Where a paper comes from, tomorrow may have begun already (UTC+14 is the earliest clock).
EARLIEST_CLOCK = timedelta(hours=14)
STILL_TO_COME = "This day is still to come. Check the year and the month."


class Who(Schema):
    """Who asks, and how we know."""

    organisation = line("Court, agency or firm", needed="Enter who asks: the court, agency or firm")
    officer = line("Officer or contact person", hint="As the paper names them")
    email = email("E-mail address")
    address = Names(
        "Postal address", read=short_words, most=MOST_LINES, commas=False, hint="One line to a line, as on an envelope"
    )
    country = one_of("Country", words.COUNTRIES, prompt="Choose the country")
    issuer = one_of("Who issued it", words.ISSUERS, needed="Choose who issued it", widget="radio")
    issuer_state = one_of(
        "US state", words.ISSUER_STATES, prompt="Not a US state", hint="The state whose court or agency issued it"
    )
    issuer_role = one_of("Office of the person who issued it", words.ROLES, prompt="Not known")
    channel = one_of("How it reached us", words.CHANNELS, needed="Choose how it reached us", prompt="Choose the way")


class _Order(Schema):
    """What the order says; the quoted words are added below."""

    process = one_of("Kind of paper", words.PROCESSES, needed="Choose the kind of paper", prompt="Choose the kind")
    says = some_of("What the paper has", words.SAYS, hint="Tick what you can see on it")
    issued_on = day("Issued on")
    served_on = day("Served on")
    court_return_on = day("Answer due on")
    received_on = day("Received on", needed="Enter the day it reached us")
    received_on_time = time_of_day("Time", needed="Enter the time of day it reached us", question="Received at")
    seeks = some_of("What it asks for", words.SEEKS, needed="Choose at least one kind of data")
    also = some_of("And besides", words.ALSO)
    range_from = day("From", question="Period from", asked="filled")
    range_from_time = time_of_day("Time, if stated", question="Period from, time", asked="filled")
    range_to = day("To, that day included", question="Period to, that day included", asked="filled")
    range_to_time = time_of_day("Time, if stated", question="Period to, time", asked="filled")
    zone = zone("Time zone of the order", prompt="Choose the time zone")
    incident_from = day("From", question="The event began", asked="filled")
    incident_from_time = time_of_day("Time", question="The event began, time", asked="filled")
    incident_to = day("To", question="The event ended", asked="filled")
    incident_to_time = time_of_day("Time", question="The event ended, time", asked="filled")
    validated_by = one_of("Who validated it", words.VALIDATORS, prompt="Not known", asked="filled")
    agreement = one_of("Agreement it invokes", words.AGREEMENTS, prompt="Not known", asked="filled")
    offence_max_years = years("Highest sentence for the offence, in years", asked="filled")
    abroad = some_of("What is known", words.ABROAD, asked="filled")
    certificate_flaws = some_of("What a European certificate lacks or shows", words.CERTIFICATE_FLAWS, asked="filled")
    agreement_order_lacks = some_of(
        "What an order under an agreement lacks", words.AGREEMENT_ORDER_LACKS, asked="filled"
    )


Order = _Order.from_dict(
    {
        name: field
        for n in QUOTES
        for name, field in (
            (f"quote_{n}", text("Words of the paper", asked="filled")),
            (f"place_{n}", line("Where they stand", most=100, asked="filled")),
        )
    },
    name="Order",
)


class Targets(Schema):
    """Whose data, and whether the customer may be told."""

    accounts = Names("Accounts it names", read=account_number, hint="One to a line. Leave empty if it names none")
    devices = Names(
        "Devices it names", read=serial_number, hint="Serial numbers, one to a line. Leave empty if it names none"
    )
    named_people = Names(
        "People it names without an account",
        read=short_words,
        asked="filled",
        hint="One to a line. Leave empty if it names nobody but by account or device",
    )
    reach = some_of("Instead of naming an account", words.REACH)
    circumstances = some_of("What we know ourselves", words.KNOWN, hint="What no paper says; tick what applies")
    keywords = Names(
        "Words to search for in everyone's speech",
        read=short_words,
        hint="One to a line. Leave empty if it asks for none",
    )
    silence = some_of("Telling the customer", words.SILENCE)
    nondisclosure_issued_on = day("Order made on", asked="filled")
    nondisclosure_ends_on = day("Order ends on", asked="filled")
    emergency = some_of(
        "What it sets out", words.EMERGENCY, question="Emergency", hint="Only what the paper itself sets out as facts"
    )


class Person(Schema):
    """A person's request about their own data, entered for them."""

    account = line("Account", needed="Enter the customer's account number", most=64, hint="For example, A-88310-4")
    asker = one_of("Who asks", words.ASKERS, needed="Choose who asks", widget="radio")
    agent = line("Name of the person who asks for the customer", asked="filled")
    agent_organisation = line("Organisation they write for", asked="filled")
    agent_email = email("E-mail address of whoever asks", asked="filled")
    agent_address = Names(
        "Postal address of whoever asks",
        read=short_words,
        most=MOST_LINES,
        commas=False,
        asked="filled",
        hint="Their own, never the customer's. One line to a line, as on an envelope",
    )
    heard_name = line("Their name", asked="filled")
    heard_email = email("Their e-mail address", asked="filled")
    heard_address = Names("Their postal address", read=short_words, most=MOST_LINES, commas=False, asked="filled")
    heard_as = one_of("What they are in that home", words.HEARD_AS, prompt="Choose one", asked="filled")
    heard_from = day("They were there from", question="Heard from", asked="filled")
    heard_to = day("To, that day included", question="Heard to, that day included", asked="filled")
    right = one_of("What they want", words.RIGHTS, needed="Choose what they want", widget="radio")
    own = some_of(
        "Which data",
        words.OWN_DATA,
        needed="Choose at least one kind of data",
        hint="Tick all of them when the person asks for everything",
    )
    home = one_of("Where they live", words.HOMES, prompt="Not known", hint="The customer, or whoever is heard")
    channel = one_of(
        "How it reached us", words.PERSONAL_CHANNELS, needed="Choose how it reached us", prompt="Choose the way"
    )
    received_on = day("Received on", needed="Enter the day it reached us")
    received_on_time = time_of_day("Time", needed="Enter the time of day it reached us", question="Received at")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One form of intake: its address, its question, and what must hold between its fields."""

    name: str
    title: str
    task: str
    schema: type[Schema]
    together: Callable[[Values, datetime, ZoneInfo], Errors]


def moment(values: Values, name: str, zone: ZoneInfo | None, *, ends: bool = False) -> datetime | None:
    """A typed day and time in a zone; a bare day begins at midnight, and one that ends a period is included."""
    on: date | None = values.get(name)
    if on is None or zone is None:
        return None
    at: time | None = values.get(f"{name}_time")
    if at is None and ends:
        on += timedelta(days=1)
    return datetime.combine(on, at or time(), zone)


def order_zone(values: Values) -> ZoneInfo | None:
    """The zone the order's dates are read in, once it is chosen."""
    return ZoneInfo(values["zone"]) if "zone" in values else None


def received_at(values: Values, desk: ZoneInfo) -> datetime | None:
    """The moment of receipt, typed by the desk's own clock; None until both day and time are there."""
    if "received_on" not in values or "received_on_time" not in values:
        return None
    return datetime.combine(values["received_on"], values["received_on_time"], desk)


def _who(values: Values, _now: datetime, _desk: ZoneInfo) -> Errors:
    wrong: Errors = {}
    if values.get("issuer") == "us_federal" and values.get("issuer_state", "US") != "US":
        wrong["issuer_state"] = (
            "A federal court or agency has no state. Leave the state open, or choose another issuer."
        )
    return wrong


def _order(values: Values, now: datetime, desk: ZoneInfo) -> Errors:
    return {
        **_open_period(values),
        **_zone(values),
        **_reversed(values),
        **_order_of_days(values),
        **_to_come(values, now, "issued_on", "served_on", "incident_from", "incident_to"),
        **_received(values, now, desk),
        **_places(values),
    }


def _targets(values: Values, now: datetime, _desk: ZoneInfo) -> Errors:
    wrong = _to_come(values, now, "nondisclosure_issued_on")
    begins, ends = values.get("nondisclosure_issued_on"), values.get("nondisclosure_ends_on")
    if begins and ends and ends < begins:
        wrong["nondisclosure_ends_on"] = "The order ends before it was made. Check both days."
    if (begins or ends) and "nondisclosure_order" not in values.get("silence", ()):
        wrong["silence"] = "Tick that a court order forbids it, or remove the order's days"
    return wrong


def _person(values: Values, now: datetime, desk: ZoneInfo) -> Errors:
    wrong = _received(values, now, desk)
    said = values.keys() & {"agent", "agent_organisation", "agent_email", "agent_address"}
    if values.get("asker") == "agent" and "agent" not in values:
        wrong["agent"] = "Enter the name of the person who asks"
    if values.get("asker") in {"data_subject", "person_heard"} and said:
        wrong["asker"] = "Choose that somebody else asks, or remove what is said of them"
    return {**wrong, **_heard(values)}


def _heard(values: Values) -> Errors:
    """What somebody who is heard on another's device has to tell, and nobody else."""
    needed = {
        "heard_name": "Enter the name of the person who is heard",
        "heard_as": "Choose what they are in that home",
        "heard_from": "Enter the first day; without days nothing can be found",
        "heard_to": "Enter the last day",
    }
    if values.get("asker") != "person_heard":
        said = values.keys() & {*needed, "heard_email", "heard_address"}
        return {"asker": "Choose that they ask about their own voice, or remove what is said of them"} if said else {}
    wrong = {name: sentence for name, sentence in needed.items() if name not in values}
    if not wrong and values["heard_to"] < values["heard_from"]:
        wrong["heard_to"] = "This ends before it begins. Check both days."
    if not set(values.get("own", ())) <= {"audio", "transcript"}:
        wrong["own"] = "They can ask for recordings and transcripts of their own voice, and for nothing of the account"
    return wrong


def _zone(values: Values) -> Errors:
    dated = ("range_from", "range_to", "incident_from", "incident_to")
    if any(name in values for name in dated) and "zone" not in values:
        return {"zone": "Choose the time zone that the order's dates are read in"}
    return {}


def _reversed(values: Values) -> Errors:
    wrong = {}
    for first, last in (("range_from", "range_to"), ("incident_from", "incident_to")):
        # Any zone will do to compare two typed moments.
        start, end = moment(values, first, ZoneInfo("UTC")), moment(values, last, ZoneInfo("UTC"), ends=True)
        if start and end and end <= start:
            wrong[last] = "This ends before it begins. Check both dates."
        for name in (first, last):
            if f"{name}_time" in values and name not in values:
                wrong[name] = "Enter the day that this time belongs to"
    return wrong


def _open_period(values: Values) -> Errors:
    if "range_to_open" in values.get("also", ()) and "range_to" in values:
        return {"also": "The period runs to the present, or it ends on the day you entered. Choose one."}
    return {}


def _order_of_days(values: Values) -> Errors:
    issued, wrong = values.get("issued_on"), {}
    if issued is None:
        return {}
    if "served_on" in values and values["served_on"] < issued:
        wrong["served_on"] = "It was served before it was issued. Check both days."
    if "court_return_on" in values and values["court_return_on"] < issued:
        wrong["court_return_on"] = "The answer is due before it was issued. Check both days."
    # By the desk's clock it can still be the day before.
    if "received_on" in values and values["received_on"] < issued - timedelta(days=1):
        wrong["received_on"] = "It was received before it was issued. Check both days."
    return wrong


def _to_come(values: Values, now: datetime, *names: str) -> Errors:
    today = (now + EARLIEST_CLOCK).date()
    return {name: STILL_TO_COME for name in names if name in values and values[name] > today}


def _received(values: Values, now: datetime, desk: ZoneInfo) -> Errors:
    at = received_at(values, desk)
    if at is None or at <= now:
        return {}
    field = "received_on" if values["received_on"] > now.astimezone(desk).date() else "received_on_time"
    return {field: "This is still to come. Check the day and the time."}


def _places(values: Values) -> Errors:
    return {
        f"quote_{n}": "Type the words that stand there, or remove the place"
        for n in QUOTES
        if f"place_{n}" in values and f"quote_{n}" not in values
    }


DEMAND_STEPS = (
    Step(name="who", title="Who asks?", task="Who asks, and how we know", schema=Who, together=_who),
    Step(name="order", title="What does the order say?", task="What the order says", schema=Order, together=_order),
    Step(
        name="targets",
        title="Whose data, and who may know?",
        task="Accounts, devices, silence and emergency",
        schema=Targets,
        together=_targets,
    ),
)
PERSON_STEPS = (
    Step(
        name="person", title="What does the person ask?", task="Who asks, and for what", schema=Person, together=_person
    ),
)
STEPS: Mapping[Track, tuple[Step, ...]] = {Track.LEGAL_DEMAND: DEMAND_STEPS, Track.DATA_SUBJECT: PERSON_STEPS}
