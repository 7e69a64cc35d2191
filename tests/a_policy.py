"""A standing policy for tests: put in force by three people, and a customer who asks within it."""

from dataclasses import replace
from datetime import datetime, timedelta

from a_house import ACCESS, JUNIPER, MARSH, MAYA, PACIFIC, PRIYA, TOMAS, a_recording
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.model.case import Requester, Track
from requests_portal.model.standing_policy import Terms
from requests_portal.work.adopt_policy import adopt_certificate, adopt_policy, propose_policy
from requests_portal.work.receive import Filing, receive

TERMS = Terms(
    rights=("access", "portability"),
    places=("US", "DE"),
    kinds=("audio", "transcript", "subscriber"),
    most_recordings=20,
    most_minutes=60,
    most_megabytes=500,
)
REASON = "A copy of one's own recordings is what everybody may have."
# A fortnight in which three recordings were made, each as long as the catalogue says, by the account holder alone.
FROM, TO = datetime(2026, 8, 1, tzinfo=PACIFIC), datetime(2026, 8, 15, tzinfo=PACIFIC)
AUGUST = {"range_stated": True, "range_from": FROM.isoformat(), "range_to": TO.isoformat()}
ROUTINE = {**ACCESS, **AUGUST, "catch_all": False, "identity_verified": True}


def in_august(*, seconds: float | None = 3.0, first=2, **more):
    """Three recordings of the fortnight."""
    made = [a_recording("a", datetime(2026, 8, day, 9, tzinfo=PACIFIC), **more) for day in range(first, first + 3)]
    return [replace(each, seconds=seconds) for each in made]


def stock_august(house, recordings=None) -> None:
    with Session(house.engine) as session, session.begin():
        SqlCatalogue(session).add(in_august() if recordings is None else recordings)


def propose(house, terms=TERMS, *, by=MAYA):
    return house.act(propose_policy, terms, reason=REASON, by=by)


def adopt(house, terms=TERMS):
    """The terms in force, agreed to by two lawyers and the custodian."""
    proposal = propose(house, terms)
    seen = proposal.policy.digest
    house.act(adopt_policy, proposal.id, seen=seen, by=TOMAS)
    adopted = house.act(adopt_certificate, proposal.id, seen=seen, by=PRIYA)
    house.now += timedelta(minutes=1)
    return adopted


def ask(house, facts=ROUTINE, *, by=JUNIPER, signed_in=timedelta(minutes=2), **changed):
    """The customer asks now, having signed in a moment ago."""
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of my data",
        requester=Requester(name=MARSH.name, email=MARSH.email, address=MARSH.address, country=MARSH.country),
        received_at=house.now,
        zone=MARSH.zone,
        language=MARSH.language,
        facts=dict(facts),
        account=MARSH.account,
        signed_in_at=None if signed_in is None else house.now - signed_in,
        signed_in_by="passkey",
    )
    return house.act(receive, replace(filing, **changed), by=by)
