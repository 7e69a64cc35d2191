"""The page on which staff put down what matches of a customer's details, and what a paper shows of an agent."""

from dataclasses import replace

import pytest
from a_casework import ACCESS, ADA, INES, KITCHEN, MARSH, MAYA, NOW, Desk, a_recording

from requests_portal.model.case import Requester, Track
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.recording import SpeakerSpan
from requests_portal.work.papers import add_paper
from requests_portal.work.receive import Filing, receive


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("desk"))


def filed(desk, **told) -> str:
    """A request for an account's data that came by mail; its reference."""
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of the account's data",
        requester=Requester(name=MARSH.name, email=MARSH.email, country="US-CA"),
        received_at=NOW,
        zone="America/Los_Angeles",
        language="en",
        facts=ACCESS | {"accounts": [MARSH.account], "channel": "email"} | told,
        account=MARSH.account,
    )
    return desk.act(lambda work: receive(work, filing, by=INES)).reference


def test_matching_details_are_ticked_and_nothing_of_them_is_typed(desk):
    reference = filed(desk)
    where = f"/requests/{reference}/check"

    page = desk.as_(INES).open(where)
    answer = desk.as_(INES).send(f"{where}/details", details=["name", "phone", "order"])

    assert "Whether they may ask for the customer" not in page.main
    assert answer.status == 303
    assert desk.case(reference).facts["data_points_matched"] == 3
    assert "name, telephone number, number of an order or invoice" in desk.as_(INES).open(f"/requests/{reference}").main


def test_an_agent_without_a_paper_is_sent_to_the_papers_and_with_one_has_shown_it(desk):
    reference = filed(desk, requester_kind="agent")
    where = f"/requests/{reference}/check"
    assert "word takes its place" in desk.as_(INES).open(where).main
    paper = Paper(sha256="ab" * 32, size=9, filename="p.pdf", received_at=NOW, state=PaperState.CLEAN, pages=1)
    desk.act(lambda work: add_paper(work, desk.case(reference).id, paper, by=INES))

    unsaid = desk.as_(INES).send(f"{where}/permission", paper=paper.sha256)
    unknown = desk.as_(INES).send(f"{where}/permission", paper="cd" * 32, shows="yes")
    shown = desk.as_(INES).send(f"{where}/permission", paper=paper.sha256, shows="yes")

    assert (unsaid.status, unknown.status, shown.status) == (422, 422, 303)
    assert "Say what the paper shows." in unsaid.main
    assert "Choose the paper that shows it." in unknown.main
    assert desk.case(reference).facts["agent_authority"] is True


def test_a_signed_declaration_is_recorded_and_shown_to_whoever_reads_the_case(desk):
    reference = filed(desk)
    where = f"/requests/{reference}/check"
    paper = Paper(sha256="ab" * 32, size=9, filename="p.pdf", received_at=NOW, state=PaperState.CLEAN, pages=1)
    desk.act(lambda work: add_paper(work, desk.case(reference).id, paper, by=INES))
    assert "under penalty of perjury under the laws of the State of California" in desk.as_(INES).open(where).main

    unsaid = desk.as_(INES).send(f"{where}/declaration", declaration=paper.sha256)
    signed = {"language": "fr", "signed_by": "Juniper Marsh", "signed_on": "2026-11-23"}
    kept = desk.as_(INES).send(f"{where}/declaration", declaration=paper.sha256, **signed)

    assert (unsaid.status, kept.status) == (422, 303)
    assert "Enter the day of the signature." in unsaid.main
    for who in (MAYA, ADA):
        shown = desk.as_(who).open(f"/requests/{reference}").main
        assert "Declared by Juniper Marsh, signed on 23 November 2026" in shown
        assert "sous peine de parjure" in shown
        assert desk.case(reference).declaration.digest in shown


def test_what_somebody_heard_told_is_ticked_and_compared_with_no_record_of_the_account(desk):
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of recordings of one's own voice",
        requester=Requester(name="Noor Vale", country="FR"),
        received_at=NOW,
        zone="Europe/Paris",
        language="fr",
        facts=ACCESS
        | {"requester_kind": "person_heard", "heard_as": "visitor", "channel": "email", "accounts": [MARSH.account]},
    )
    holder = a_recording("holder", NOW, KITCHEN)
    spoken = (SpeakerSpan(start=0, end=1, label="visitor"),)
    visit = replace(a_recording("visit", NOW, KITCHEN), speakers=spoken)
    desk.act(lambda work: work.catalogue.add([holder, visit]))
    reference = desk.act(lambda work: receive(work, filing, by=INES)).reference
    where = f"/requests/{reference}/check"

    page = desk.as_(INES).open(where).html
    wrong = desk.as_(INES).send(f"{where}/heard", told=["time", "words"], fits=[holder.id])
    kept = desk.as_(INES).send(f"{where}/heard", told=["time", "words"], fits=[visit.id])

    assert f'value="{visit.id}"' in page
    assert f'value="{holder.id}"' not in page
    assert wrong.status == 422
    assert "on which nobody but them is marked" in wrong.main
    assert "Details that match our records" not in page
    assert "Play nothing, compare no voices" in page
    assert kept.status == 303
    assert desk.case(reference).facts["identity_verified"] is True
    assert desk.case(reference).heard_on == (visit.id,)
    assert MARSH.account not in page


def test_facts_that_a_check_establishes_are_no_fields_of_the_facts_page(desk):
    page = desk.as_(INES).open(f"/requests/{filed(desk)}/facts")

    for name in ("data_points_matched", "declaration_signed", "agent_authority", "guardian_verified"):
        assert f'name="{name}"' not in page.html
    assert 'name="data_points_asked"' in page.html
