"""What a bundle says of itself: in numbers that agree, in local time, each finding in its place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from composing import NOW, Shelf, a_case, work
from test_compose_letters import WARRANT

from requests_portal.model.actor import Actor, Role
from requests_portal.model.listening import Heard, Why
from requests_portal.model.production import (
    CertificateSignOff,
    Discrepancy,
    Item,
    Production,
    ProductionKind,
    ProductionState,
)
from requests_portal.model.recording import Recording
from requests_portal.work.compose import Source, bundle_contents, certificate_paragraphs
from requests_portal.work.selection import OF_RECORDINGS

PRIYA = Actor(id="priya", name="Priya Nair", roles=frozenset({Role.CUSTODIAN}))
EVENING = datetime(2026, 3, 15, 4, 30, tzinfo=UTC)  # half past nine of the day before, in California
CHANGED = "HV-000000002 has changed since it was catalogued; it is not enclosed."
ACCESS = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "US-CA",
    "identity_verified": True,
    "range_stated": False,
    "catch_all": False,
    "accounts": ["A-88310-4"],
    "devices": [],
    "seeks": ["audio"],
    "other_voices": ["visitor"],
    "other_voices_consented": [],
    "request_features": [],
    "planned_answer": [],
}


def a_recording(number: int) -> Recording:
    return Recording(
        id=f"r-{number}",
        account="A-88310-4",
        device="HR2-41B0",
        recorded_at=EVENING + timedelta(days=number),
        zone="America/Los_Angeles",
        key=f"voice/{number}",
        version_id=f"v{number}",
        size=4,
        sha256=f"{number:064x}",
        media_type="audio/wav",
        transcript="Open the garage.",
    )


def heard(number: int, *, after: timedelta = timedelta(0), why=Why.SERVICE, **told) -> Heard:
    usual = {
        "purpose": "check a false wake-up",
        "role": "quality reviewer",
        "seconds": None,
        "zone": "America/Los_Angeles",
    }
    made = EVENING + timedelta(days=number)
    return Heard(recording=f"r-{number}", device="HR2-41B0", recorded_at=made, at=NOW + after, why=why, **usual | told)


RECORDINGS = tuple(a_recording(number) for number in range(200))
# Newest first; of the account's recordings all are here, enclosed or not.
HEARD = tuple(heard(number) for number in reversed(range(200)))


@pytest.fixture
def house():
    return work(*RECORDINGS)


def a_production(house, case, **changes) -> Production:
    classes = tuple(line.data_class for line in case.lines if line.data_class in OF_RECORDINGS)
    made = Production(
        id="p-1",
        case=case.id,
        number=1,
        kind=ProductionKind.FULL,
        state=ProductionState.SEALING,
        decision="d-1",
        document_id="doc-1",
        made_at=NOW,
        bates_first=1,
        bates_last=3,
        items=tuple(Item(bates=f"HV-{n:09d}", recording=f"r-{n}", classes=classes) for n in (1, 2, 3)),
        sealed_at=NOW,
    )
    gathered = replace(made, **changes)
    words = certificate_paragraphs(house, case, gathered, by=PRIYA)
    signed = {"custodian": "priya", "custodian_name": PRIYA.name, "place": "Oakland", "at": NOW, "digest": "0" * 64}
    return replace(gathered, certificate=CertificateSignOff(paragraphs=words, **signed))


def composed(house, case, *, notes=None, **changes):
    source = replace(a_source(house, case, **changes), notes=notes or {})
    return bundle_contents(house, source, open_spooled=lambda _digest: iter((b"RIFF",)))


def a_source(house, case, **changes):
    production = a_production(house, case, **changes)
    recordings = {item.recording: house.catalogue.get(item.recording) for item in production.items}
    return Source(case=case, production=production, recordings=recordings, devices={"HR2-41B0": "Kitchen"}, heard=HEARD)


def test_recordings_held_back_are_counted_dated_and_not_called_produced(house):
    held = tuple((f"r-{number}", "RIGHTS_OF_OTHERS") for number in (5, 6, 9))

    found = composed(house, a_case(ACCESS), withheld=held)

    assert [(each.what, each.count) for each in found.withheld] == [("Recordings of 19 March 2026 to 23 March 2026", 3)]
    assert [each.disposition for each in found.legal_basis] == ["Produced in full, but for 3 held back"]


def test_a_single_recording_held_back_is_spoken_of_as_one(house):
    found = composed(house, a_case(ACCESS), withheld=(("r-5", "RIGHTS_OF_OTHERS"),))

    assert found.withheld[0].what == "Recording of 19 March 2026"


def test_what_was_erased_since_is_still_counted(house):
    class Forgetful(Shelf):
        def get(self, recording_id, **_by):
            from requests_portal.errors import NotFound  # noqa: PLC0415

            if recording_id == "r-5":
                raise NotFound("There is no such recording.")
            return super().get(recording_id)

    house.catalogue = Forgetful(RECORDINGS)

    found = composed(house, a_case(ACCESS), withheld=(("r-5", "RIGHTS_OF_OTHERS"),))

    assert [(each.what, each.count) for each in found.withheld] == [("Recording", 1)]


def test_recordings_outside_the_proposal_are_counted(house):
    case = a_case(WARRANT)
    given = next(line.scope for line in case.decision.lines if line.scope is not None)
    demanded = [each for each in RECORDINGS if each.recorded_at in case.lines[0].scope.interval]
    leaving = [each for each in RECORDINGS if each.recorded_at in given.interval]

    sounds = next(each for each in composed(house, case).withheld if each.what.startswith("Recordings"))

    assert sounds.what == "Recordings outside the period produced"
    assert sounds.count == len(demanded) - len(leaving) > 0


def test_what_has_changed_is_not_counted_as_enclosed_and_stands_before_the_oath(house):
    differs = Discrepancy(bates="HV-000000002", recording="r-2", kind="changed", sentence=CHANGED)

    found = composed(house, a_case(WARRANT), discrepancies=(differs,))

    assert "encloses 2 recordings, numbered HV-000000001 to HV-000000003" in found.letter[1]
    assert found.legal_basis[0].disposition.endswith(", but for 1 not as catalogued")
    said = found.certificate.paragraphs
    assert said.index(CHANGED) < next(place for place, each in enumerate(said) if each.startswith("I declare"))


def test_a_certificate_is_headed_once_and_signed_once(house):
    found = composed(house, a_case(WARRANT)).certificate

    assert found.title == "Certificate of records of a regularly conducted activity and of electronic process"
    assert found.title.upper() not in found.paragraphs
    assert PRIYA.name not in found.paragraphs
    assert found.custodian_name == PRIYA.name
    assert "I, Priya Nair, state:" in found.paragraphs


def test_times_are_those_of_the_place_where_it_was_recorded(house):
    first = composed(house, a_case(WARRANT)).exhibits[0]

    assert first.recorded_at.isoformat() == "2026-03-15T21:30:00-07:00"
    assert first.device == "Kitchen"


def test_an_authority_does_not_learn_who_of_ours_listened_and_the_customer_does(house):
    assert composed(house, a_case(WARRANT)).exhibits[0].reviews == ()
    assert [each.purpose for each in composed(house, a_case(ACCESS)).exhibits[0].reviews] == ["check a false wake-up"]


def test_words_leave_only_where_words_were_decided(house):
    both = a_case({**WARRANT, "seeks": ["audio", "transcript"]})

    assert composed(house, a_case(WARRANT)).exhibits[0].transcript == ""
    assert composed(house, both).exhibits[0].transcript == "Open the garage."


def test_custody_runs_forward(house):
    steps = composed(house, a_case(WARRANT), gathered_at=NOW - timedelta(hours=1)).exhibits[0].custody

    # When the custodian certified, stands in the certificate.
    assert [step.at is None for step in steps] == [False, False, True]
    assert steps[0].at <= steps[1].at


@pytest.mark.parametrize(
    ("told", "title", "oath"),
    [
        ({}, "Certificate of records of a regularly conducted activity", "I declare under penalty of perjury"),
        ({"issuer": "uk", "issuer_state": None}, "Witness statement", "liable to prosecution"),
        (
            {"issuer": "eu_state", "process": "epoc", "issuer_state": None},
            "Statement of the addressee",
            "not made under oath",
        ),
        (
            {"issuer": "foreign_state", "issuer_state": None},
            "Statement of the custodian",
            "true to the best of my knowledge",
        ),
    ],
)
def test_the_certificate_is_the_one_that_the_law_of_whoever_asked_gives_effect_to(house, told, title, oath):
    case = a_case({name: value for name, value in {**WARRANT, **told}.items() if value is not None})

    words = certificate_paragraphs(house, case, a_production(house, case), by=PRIYA)

    assert words[0].lower().startswith(title.lower())
    assert any(oath in each for each in words)


@pytest.mark.parametrize(
    ("place", "address", "form"),
    [
        ("Oakland, California", ("1 Quay Street", "United States"), "perjury that the foregoing"),
        ("Dublin", ("2 Quay Street", "Ireland"), "perjury under the laws of the United States of America that"),
    ],
)
def test_the_declaration_has_the_form_of_the_place_where_it_is_made(house, place, address, form):
    house.house = replace(house.house, place=place, address=address)

    case = a_case(WARRANT)

    words = certificate_paragraphs(house, case, a_production(house, case), by=PRIYA)

    assert any(form in each for each in words)


def test_a_person_reads_who_listened_to_what_is_enclosed_and_to_what_stays_here(house):
    found = composed(house, a_case(ACCESS), withheld=(("r-5", "RIGHTS_OF_OTHERS"),))

    listed = [(each.bates, f"{each.recorded_on}") for each in found.human_review.heard]
    enclosed = [(f"HV-00000000{number}", f"2026-03-{14 + number}") for number in (1, 2, 3)]
    assert sorted(listed) == [("", "2026-03-19"), *enclosed]
    assert {each.note.purpose for each in found.human_review.heard} == {"check a false wake-up"}
    assert composed(house, a_case(WARRANT)).human_review is None


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            ("finding out whether other people are heard, for an authority's request", "reviewer"),
            ("a reason that is on record with us, for a request of yours", "a colleague who may listen"),
        ),
        (
            "de",
            (
                "Feststellung, ob andere Menschen zu hören sind, für das Verlangen einer Behörde",
                "Person, die Aufnahmen prüft",
            ),
            ("ein Grund, der bei uns vermerkt ist, für einen Antrag von Ihnen", "Person, die Aufnahmen anhören darf"),
        ),
    ],
)
def test_who_listened_for_a_request_is_said_in_the_language_of_the_document(house, language, first, second):
    case = a_case(ACCESS, language=language)
    demand = heard(1, why=Why.DEMAND, purpose="find_others", role="reviewer")
    own = heard(1, why=Why.OWN_REQUEST, after=timedelta(hours=1), purpose="other", role="")
    source = replace(a_source(house, case), heard=(own, demand))

    found = bundle_contents(house, source, open_spooled=lambda _digest: iter((b"RIFF",)))

    assert [(each.note.purpose, each.note.role) for each in found.human_review.heard] == [first, second]
    assert [(each.purpose, each.role) for each in found.exhibits[0].reviews] == [first, second]
    assert found.exhibits[1].reviews == ()


def test_a_person_reads_what_to_do_next_and_an_authority_does_not(house):
    assert [each.heading for each in composed(house, a_case(ACCESS)).letter_parts] == ["What to do next"]
    assert composed(house, a_case(WARRANT)).letter_parts == ()


def test_what_is_done_with_the_data_has_a_heading_for_each_point(house):
    headings = [each.heading for each in composed(house, a_case(ACCESS)).information]

    assert {"Why we use your data", "Who receives them", "How long we keep them", "Your rights"} <= set(headings)
