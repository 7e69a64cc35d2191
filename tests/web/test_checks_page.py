"""The page of checks: every check with who made it, what remains, and which numbers may not be called."""

import hashlib
import io
import json
import re
from dataclasses import asdict, replace
from types import SimpleNamespace

import pytest
from a_casework import ADA, BASE, INES, MAYA, Desk, Page, a_paper
from sqlalchemy import select
from who_asks import ALDER, DECLARED, NUMBER

from requests_portal.database.tables import audit_entries
from requests_portal.model.agency import Phone
from requests_portal.web.desk import checks as page_of_checks
from requests_portal.work.refusals import enter_counted

OTHER = "+1 510 555 0143"
TWO = replace(
    ALDER, phones=(*ALDER.phones, Phone(number=OTHER, source="a phone book", found_on=ALDER.phones[0].found_on))
)
TOLD = "The watch commander confirmed Deputy Pinecone."


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.act(lambda work: work.agencies.put(TWO))
    return made


def checks(desk, **told):
    return f"/requests/{desk.warrant(checked=False, channel='email', papers=(), **told)}/checks"


def call(desk, page, **told):
    typed = {"number": NUMBER, "told": TOLD, "outcome": "passed"}
    return desk.as_(INES).send(f"{page}/call", **(typed | told))


def test_an_officer_is_matched_called_back_and_confirmed_and_the_page_says_what_that_proves(desk):
    page = checks(desk)
    before = desk.as_(INES).open(page).main

    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)
    answer = call(desk, page)

    after = desk.as_(ADA).open(page).main
    assert "Find the agency in the directory" in before
    assert "nothing leaves but a preservation" in before
    assert answer.status == 303
    assert "Confirmed by call back" in after
    assert f"Called {NUMBER}, found in the state's list: {TOLD} Ines Brandt" in after
    assert "What remains" not in after
    assert "It proves a domain, not a person" in after


def test_a_number_that_the_request_names_cannot_be_chosen_and_is_refused_when_it_is_sent_all_the_same(desk):
    page = checks(desk, organisation="Alder County Sheriff, call 510 555 0142")
    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)

    answer = call(desk, page)

    assert answer.status == 422
    assert "This number appears in the request" in answer.main
    assert answer.html.count("disabled") == 1
    assert "It appears in the request, so it is not to be called." in answer.main
    assert call(desk, page, number=OTHER).status == 303


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"number": ""}, "Choose the number that you called."),
        ({"number": "+1 900 555 0100"}, "not one that the directory has"),
        ({"told": ""}, "Say whom you spoke with"),
        ({"outcome": ""}, "Say what the call showed."),
        ({"outcome": "verified"}, "Say what the call showed."),
    ],
)
def test_what_is_missing_or_made_up_is_refused_beside_its_field(desk, told, sentence):
    page = checks(desk)
    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)

    answer = call(desk, page, **told)

    assert answer.status == 422
    assert answer.title.startswith("Error:")
    assert sentence in answer.main
    assert "Nobody has confirmed them yet" in answer.main


def test_auditors_see_every_check_and_make_none_and_words_alone_are_not_taken(desk):
    page = checks(desk)

    assert "Record the call" not in desk.as_(ADA).open(page).main
    assert desk.as_(ADA).send(f"{page}/agency", agency=ALDER.id).status == 403
    assert desk.as_(INES).open(page.removesuffix("s")).location.endswith("/checks")
    assert desk.as_(INES).send(page.removesuffix("s"), how="He sounded honest.", passed="yes").status == 422


def test_neither_fact_of_a_check_stands_on_the_page_of_facts(desk):
    page = checks(desk).removesuffix("checks") + "facts"

    form = desk.as_(MAYA).open(page)
    desk.as_(MAYA).send(page, verified_how="call_back", requester_verified="yes", reason="It is so.")

    assert 'name="verified_how"' not in form.html
    assert 'name="requester_verified"' not in form.html
    assert "requester_verified" not in desk.case(page.split("/")[2]).facts


class VaultInMemory:
    """Keeps papers by their digest."""

    def __init__(self) -> None:
        self.kept = {}

    def put_paper(self, chunks, **_):
        data = b"".join(chunks)
        sha256 = hashlib.sha256(data).hexdigest()
        self.kept[sha256] = data
        return SimpleNamespace(sha256=sha256, size=len(data))


def upload(desk, page, data, name="warrant.eml"):
    ines = desk.as_(INES)
    token = re.search(r'name="csrf_token" value="([^"]+)"', ines.open("/rules").html)[1]
    form = {"csrf_token": token, "message": (io.BytesIO(data), name)}
    headers = {"Referer": f"{BASE}{page}"}
    return Page(ines.client.post(f"{page}/message", data=form, base_url=BASE, headers=headers))


def test_a_message_is_kept_with_the_papers_and_an_unsigned_one_shows_nothing_either_way(desk):
    page = checks(desk)
    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)
    object.__setattr__(desk.outside, "vault", VaultInMemory())

    answer = upload(desk, page, b"From: records@alder-sheriff.example.org\r\nTo: x\r\n\r\nSee attached.\r\n")

    shown = desk.as_(MAYA).open(page).main
    assert answer.status == 303
    assert "The message has no signature. Ines Brandt" in shown
    assert "Nobody has confirmed them yet" in shown
    assert desk.case(page.split("/")[2]).papers[0].filename == "warrant.eml"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"From: a@example.com\r\nFrom: b@example.com\r\n\r\n", "names several senders"),
        (b"%PDF-1.4", "no e-mail message"),
        (b"", "no e-mail message"),
    ],
)
def test_a_message_that_is_none_is_refused_beside_its_field_and_nothing_is_kept(desk, data, sentence):
    page = checks(desk)
    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)

    answer = upload(desk, page, data)

    assert answer.status == 422
    assert sentence in answer.main
    assert desk.case(page.split("/")[2]).papers == ()


def test_all_papers_together_are_read_for_ten_seconds_and_the_rest_is_looked_through_by_eye(desk, monkeypatch):
    clock, given = [100.0], []

    def slow(_sha256, seconds):
        given.append(seconds)
        clock[0] += 4
        return "Words of a paper."

    monkeypatch.setattr(page_of_checks, "monotonic", lambda: clock[0])
    portal = replace(desk.app.extensions["portal"], paper_text=slow)
    monkeypatch.setitem(desk.app.extensions, "portal", portal)
    papers = tuple(replace(a_paper("clean"), sha256=f"{n:064d}") for n in range(5))
    page = f"/requests/{desk.warrant(checked=False, papers=papers)}/checks"

    shown = desk.as_(INES).open(page).main

    assert given == [10, 6, 2]
    assert "2 of the papers have no words that we could read" in shown


def test_earlier_requests_with_the_same_paper_are_linked_and_a_reused_one_confirms_nobody(desk):
    first = desk.warrant(checked=False)
    page = f"/requests/{desk.warrant(checked=False, organisation='Tern Police')}/checks"

    shown = desk.as_(INES).open(page)
    unsaid = desk.as_(INES).send(f"{page}/papers", reused="yes")
    desk.as_(INES).send(f"{page}/papers", made_of="The same file with another sender.", reused="yes")

    assert f'href="/requests/{first}/checks"' in shown.html
    assert "The very same file, from Alder County Sheriff Another sender" in shown.main
    assert (unsaid.status, "Say what you looked at" in unsaid.main) == (422, True)
    assert "Not confirmed" in desk.as_(INES).open(page).main
    assert desk.case(page.split("/")[2]).facts["requester_verified"] is False


EMERGENCY = {"process": "emergency_request", "emergency_danger": True, "emergency_immediate": True}


def refusals(desk):
    desk.act(enter_counted)
    with desk.engine.connect() as connection:
        entries = [json.loads(row.entry) for row in connection.execute(select(audit_entries))]
    return [each["words"]["page"] for each in entries if each["act"] == "access_refused"]


def test_an_emergency_is_attested_and_its_supervisor_called_and_the_number_in_the_letter_is_refused_and_logged(desk):
    page = checks(desk, **EMERGENCY)
    desk.as_(INES).send(f"{page}/agency", agency=ALDER.id)
    said = asdict(DECLARED) | {"supervisor": "Lieutenant A. Cone, 510 555 0142"}
    ring = {"supervisor_told": "She knows of it.", "supervisor_outcome": "passed"}

    unsigned = desk.as_(INES).send(f"{page}/attestation", **said)
    put_down = desk.as_(INES).send(f"{page}/attestation", **said, declared="yes")
    given = desk.as_(INES).send(f"{page}/supervisor", **ring, supervisor_number=NUMBER)
    found = desk.as_(INES).send(f"{page}/supervisor", **ring, supervisor_number=OTHER)
    after = desk.as_(MAYA).open(page).main

    assert (unsigned.status, put_down.status, given.status, found.status) == (422, 303, 422, 303)
    assert DECLARED.why_now in unsigned.main
    assert "appears in the request" in given.main
    assert refusals(desk) == ["casework.supervisor"]
    assert "Supervisor called" in after
    assert "Call the supervisor on a number" not in after
    assert DECLARED.danger in desk.as_(ADA).open(page).main
