"""Reviewers see the recordings that a lawyer asked them to hear, by random names, and nothing else of a request."""

import re
from dataclasses import replace

import pytest
from a_casework import INES, JUNIPER, MARSH, MAYA, PRIYA, TOMAS
from a_review import VISIT, ReviewDesk

from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import Track
from requests_portal.model.listening import Needed
from requests_portal.work.ask_to_hear import ask_to_hear
from requests_portal.work.name_people import name_people

RIO = Actor(id="rio", name="Rio Halloran", roles=frozenset({Role.REVIEWER}))


@pytest.fixture
def desk(tmp_path):
    made = ReviewDesk(tmp_path)
    portal = made.app.extensions["portal"]
    made.app.extensions["portal"] = replace(portal, staff=lambda: portal.staff() | {RIO.id: RIO})
    return made


@pytest.fixture
def reference(desk):
    return desk.warrant()


def ask(desk, reference, *, by=MAYA, needed="demand", **more):
    return desk.as_(by).send(f"/requests/{reference}/hear", **{"needed": needed} | more)


def pages(reference):
    return [f"/requests/{reference}/recordings", f"/requests/{reference}/recordings/{VISIT}"]


def test_a_reviewer_sees_no_recordings_before_a_lawyer_asks_and_none_once_they_need_not_be_heard(desk, reference):
    rio = desk.as_(RIO)

    before = [rio.open(path).status for path in pages(reference)]
    ask(desk, reference)
    asked = [rio.open(path).status for path in pages(reference)]
    ask(desk, reference, end="1")
    after = [rio.open(path).status for path in pages(reference)]

    assert (before, asked, after) == ([404, 404], [200, 200], [404, 404])


def test_a_reviewer_s_pages_name_neither_customer_nor_requester_nor_device_nor_title(desk, reference):
    ask(desk, reference, words="Who else is heard?")
    case = desk.case(reference)

    shown = [desk.as_(RIO).open(path).html for path in ["/hear", *pages(reference)]]

    assert reference in shown[0]
    assert "Who else is heard?" in shown[0]
    assert VISIT in shown[1]
    told = (MARSH.name, MARSH.account, MARSH.email, "Kitchen", "HR2-41B0", case.title, case.requester.name)
    for page in shown:
        for name in (*told, case.requester.organisation, f'href="/requests/{reference}"'):
            assert name not in page, name


def test_a_reviewer_hears_under_a_grant_and_the_log_says_reviewer(desk, reference):
    ask(desk, reference)

    granted = desk.as_(RIO).send(f"{pages(reference)[1]}/listen", purpose="find_others")
    heard = desk.as_(RIO).client.get(f"{pages(reference)[1]}/audio", base_url="https://desk.example")

    assert (granted.status, heard.status_code) == (303, 200)
    assert len(heard.data) > 0
    assert desk.plays(reference) == [(0, 0), (0, 6000)]


def test_what_need_not_be_heard_any_longer_is_sent_to_no_reviewer(desk, reference):
    ask(desk, reference)
    desk.as_(RIO).send(f"{pages(reference)[1]}/listen", purpose="find_others")
    ask(desk, reference, end="1")

    heard = desk.as_(RIO).client.get(f"{pages(reference)[1]}/audio", base_url="https://desk.example")

    assert heard.status_code == 404
    assert desk.plays(reference) == []


def test_the_rest_of_a_request_is_closed_to_a_reviewer(desk, reference):
    ask(desk, reference)
    rio = desk.as_(RIO)

    for path in ("", "/facts", "/papers", "/decide", "/letter", "/assessments"):
        assert rio.open(f"/requests/{reference}{path}").status == 403, path
    assert rio.open("/").location.endswith("/hear")


def test_a_sealed_request_is_heard_by_those_whom_it_names(desk, reference):
    ask(desk, reference)
    case = desk.case(reference)
    with desk.ledger.unit_of_work() as work:
        name_people(work, case.id, ["maya", "tomas"], by=MAYA)

    assert [desk.as_(RIO).open(path).status for path in pages(reference)] == [404, 404]
    assert reference not in desk.as_(RIO).open("/hear").html

    with desk.ledger.unit_of_work() as work:
        name_people(work, case.id, ["maya", "tomas", "rio"], by=MAYA)

    assert [desk.as_(RIO).open(path).status for path in pages(reference)] == [200, 200]
    assert reference in desk.as_(RIO).open("/hear").html


@pytest.mark.parametrize("who", [INES, PRIYA, RIO, JUNIPER])
def test_a_lawyer_alone_asks(desk, reference, who):
    assert ask(desk, reference, by=who).status == 403


@pytest.mark.parametrize("needed", ["", "curiosity", "law", "customers_choice"])
def test_a_demand_is_heard_for_no_reason_of_a_customer_s(desk, reference, needed):
    assert ask(desk, reference, needed=needed).status == 422


# A customer's own request


@pytest.fixture
def own(desk):
    return desk.access_request()


def a_recording_of(desk, reference):
    page = desk.as_(MAYA).open(f"/requests/{reference}/recordings")
    return re.search(rf'href="(/requests/{reference}/recordings/[^"?]+)', page.html)[1]


def test_a_customer_s_own_request_makes_nobody_listen(desk, own):
    path = a_recording_of(desk, own)

    page = desk.as_(MAYA).open(path)
    granted = desk.as_(MAYA).send(f"{path}/listen", purpose="check_quality")

    assert 'name="purpose"' not in page.html
    assert granted.status == 403
    assert "makes nobody listen" in granted.html
    assert desk.refused("maya") == [403]


def test_the_customer_s_choice_or_a_named_law_lets_somebody_listen(desk, own):
    path = a_recording_of(desk, own)

    assert ask(desk, own, needed="demand").status == 422
    assert ask(desk, own, needed="law", words=" ").status == 422
    assert ask(desk, own, needed="law", words="GDPR Article 15(4)").status == 303

    assert desk.as_(MAYA).send(f"{path}/listen", purpose="find_others").status == 303
    assert "<audio" in desk.as_(MAYA).open(path).html
    ask(desk, own, end="1")
    assert "<audio" not in desk.as_(MAYA).open(path).html
    assert desk.as_(TOMAS).send(f"{path}/listen", purpose="find_others").status == 403


def test_what_was_asked_is_on_record_and_names_nobody(desk, own):
    with desk.ledger.unit_of_work() as work:
        case = work.cases.by_reference(own, by=MAYA)
        ask_to_hear(work, case.id, needed=Needed.CUSTOMERS_CHOICE, words="Juniper Marsh asked us to", by=MAYA)

    page = desk.as_(MAYA).open(f"/requests/{own}")

    assert case.track is Track.DATA_SUBJECT
    assert "asked for its recordings to be heard" in page.main
    assert "Juniper Marsh asked us to" not in page.main
