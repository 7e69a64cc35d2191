"""A customer asks on a page that a transcript be corrected, sees where it stands, and answers a refusal in words."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import ADA, JUNIPER, MARSH, MAYA, TOMAS
from a_session import signed_in
from an_account import MARLOW, Account

from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.erasure import Chosen
from requests_portal.model.listening import Purpose
from requests_portal.work.decide import Choice, Ruling, decide
from requests_portal.work.erase import erase_own
from requests_portal.work.listen import grant
from requests_portal.work.propose_words import change_words
from requests_portal.work.put_customers import put_customer

EVENING = "i-03142104"
PAGE = f"/my/recordings/{EVENING}/correct"
SHELF = "/my/recordings?first=2026-03-14&last=2026-03-14"
WORDS = "lights on in the hall"


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def juniper(desk):
    return desk.visit(JUNIPER)


def as_it_is(desk):
    with desk.ledger.reading() as work:
        return work.catalogue.get(EVENING, by=JUNIPER).transcript


def ask(juniper, words=WORDS):
    return juniper.send(PAGE, page=PAGE, words=words)


def refuse(desk, reference):
    case = desk.case(reference)
    ruling = Ruling(choices={line.id: Choice(move="refuse") for line in case.lines}, grounds=(), reasons="Not so.")
    desk.act(lambda work: decide(work, case.id, ruling, by=MAYA))
    desk.decide = lambda *_: None
    desk.release(reference)


def test_it_is_asked_for_on_the_recordings_own_page_and_followed_among_the_requests(desk, juniper):
    before, form = juniper.open(SHELF), juniper.open(PAGE)
    sent = ask(juniper)
    page, shelf = juniper.open(sent.location), juniper.open(SHELF)

    assert f'href="{PAGE}"' in before.html
    assert as_it_is(desk) in form.text
    assert sent.location == "/my/requests/DS-2026-0001"
    assert "You asked us to correct the transcript of a recording." in page.text
    assert WORDS in page.text
    assert "We will answer by" in page.text
    assert 'You asked us to correct this transcript: <a href="/my/requests/DS-2026-0001">' in shelf.html
    assert "DS-2026-0001" in juniper.open("/my/requests").text


def test_while_nobody_has_decided_what_was_asked_is_changed_or_withdrawn_on_the_page(desk, juniper):
    first = ask(juniper)
    page = juniper.open(PAGE)
    changed = juniper.send(f"{PAGE}/change", page=PAGE, words="lights on in the kitchen")
    shown = juniper.open(first.location)
    withdrawn = juniper.send(f"{PAGE}/withdraw", page=PAGE)

    assert "A lawyer of ours looks at it." in page.text
    assert f">{WORDS}</textarea>" in page.html
    assert first.location in page.html
    assert changed.location == withdrawn.location == first.location
    assert "lights on in the kitchen" in shown.text
    assert WORDS not in shown.text
    assert "You withdrew this request, and nothing was changed." in juniper.open(first.location).text
    assert 'action="' + PAGE + '"' in juniper.open(PAGE).html
    assert "The customer withdrew the request" in desk.as_(MAYA).open("/requests/DS-2026-0001").text


def test_other_words_for_what_waits_are_kept_on_the_page_with_what_can_be_done(desk, juniper):
    ask(juniper)

    page = ask(juniper, "lights on in the kitchen")

    assert page.status == 409
    assert "Nothing is sent yet: change below what you asked, or withdraw it." in page.text
    assert ">lights on in the kitchen</textarea>" in page.html
    assert f'action="{PAGE}/change"' in page.html
    assert desk.case("DS-2026-0001").proposed.words == WORDS


def test_once_it_is_decided_nothing_is_changed_and_what_was_typed_stays_to_be_copied(desk, juniper):
    ask(juniper)
    desk.decide("DS-2026-0001")
    form = juniper.open(PAGE)

    pages = [juniper.send(each, page="/my/requests/new", words="in the kitchen") for each in (PAGE, f"{PAGE}/change")]
    withdrawn = juniper.send(f"{PAGE}/withdraw", page="/my/requests/new")

    assert "<textarea" not in form.html
    assert "it can be changed no more" in form.text
    for page in pages:
        assert page.status == 409
        assert "Once you have our answer, you can ask again." in page.text
        assert ">in the kitchen</textarea>" in page.html
        assert f'action="{PAGE}' not in page.html
    assert withdrawn.status == 409
    assert desk.case("DS-2026-0001").proposed.words == WORDS


def test_a_lawyer_who_confirms_words_that_were_changed_meanwhile_looks_again(desk, juniper):
    ask(juniper)
    page = "/requests/DS-2026-0001/decide"
    lines = [(f"line-{line.id}", "accept") for line in desk.case("DS-2026-0001").lines]
    first = desk.as_(MAYA).send(page, [*lines, ("step", "see")])
    stale = [*lines, ("step", "decide"), ("seen", first.hidden("seen"))]
    desk.act(lambda work: change_words(work, EVENING, "lights on in the kitchen", by=JUNIPER))

    again = desk.as_(MAYA).send(page, stale)

    assert WORDS in first.text
    assert "What is asked for has changed since you looked." in again.text
    assert "lights on in the kitchen" in again.text
    assert desk.case("DS-2026-0001").decision is None


def test_sending_it_twice_files_one_request(desk, juniper):
    twice = [juniper.send(PAGE, page="/my/requests/new", words=WORDS) for _ in range(2)]

    assert [each.location for each in twice] == ["/my/requests/DS-2026-0001"] * 2
    assert desk.rows_in("cases") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write how it should read."),
        ("x" * 10_001, "Use at most 10,000 characters."),
        (None, "The words are those of the transcript as it is."),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_kept(desk, juniper, words, sentence):
    typed = as_it_is(desk) if words is None else words

    page = ask(juniper, typed)

    beside = re.search(r'id="e-words">.*?</span>([^<]+)<', page.html)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert beside[1].startswith(sentence)
    assert f">{typed}</textarea>" in page.html
    assert desk.rows_in("cases") == 0


def test_who_signed_in_long_ago_signs_in_again_and_nothing_is_filed_before(desk, juniper):
    signed_in(desk.app, juniper.client, JUNIPER, auth_at=desk.now - timedelta(minutes=11))

    page = ask(juniper)

    assert page.status == 401
    assert desk.rows_in("cases") == 0


def test_another_customer_s_recording_reads_as_one_that_never_was(desk):
    marlow = desk.visit(MARLOW)

    theirs, nobodys = marlow.open(PAGE), marlow.open("/my/recordings/none/correct")

    assert (theirs.status, nobodys.status) == (404, 404)
    assert theirs.shown == nobodys.shown
    assert desk.as_(MAYA).open(PAGE).status == 403


def test_while_the_account_cools_off_no_word_of_a_transcript_is_shown(desk, juniper):
    sent = ask(juniper)
    desk.act(lambda work: put_customer(work, replace(MARSH, email="other@example.net"), by=COMMAND_LINE))

    answers = [juniper.open(PAGE), juniper.open(sent.location), juniper.open("/my/recordings")]

    assert answers[0].status == 403
    assert all(as_it_is(desk) not in each.text for each in answers)


def test_whoever_decides_sees_both_side_by_side_and_nobody_else(desk, juniper):
    ask(juniper)
    was = as_it_is(desk)

    for who, pages in ((MAYA, ("", "/decide")), (TOMAS, ("",))):
        for each in pages:
            page = desk.as_(who).open(f"/requests/DS-2026-0001{each}")
            assert re.search(rf"As it is.*{was}.*As the customer has it.*{WORDS}", page.text, re.DOTALL)
    assert WORDS not in desk.as_(ADA).open("/requests/DS-2026-0001").text


def test_what_is_granted_is_read_in_the_account_and_in_what_leaves_next(desk, juniper):
    sent = ask(juniper)
    desk.release("DS-2026-0001")

    page, shelf = juniper.open(sent.location), juniper.open(SHELF)
    assert "<h1>Our answer is ready</h1>" in page.html
    assert "Corrected on 23 November 2026:" in shelf.text
    assert f"“{WORDS}”" in shelf.text
    assert as_it_is(desk) in shelf.text
    assert "We took your words over" in juniper.open(PAGE).text


def test_a_refused_correction_can_be_answered_by_a_statement_that_stays(desk, juniper):
    sent = ask(juniper)
    refuse(desk, "DS-2026-0001")
    assert f'href="{PAGE}"' in juniper.open(sent.location).html
    form = juniper.open(PAGE)
    empty = juniper.send(f"/my/recordings/{EVENING}/statement", page=PAGE, words="")

    kept = juniper.send(f"/my/recordings/{EVENING}/statement", page=PAGE, words="I know what I said.")

    assert "You have a right to a statement of your own" in form.text
    assert empty.status == 422
    assert kept.location == PAGE
    assert "Your statement of 23 November 2026:" in juniper.open(SHELF).text
    assert "Your statement is kept with it" in juniper.open(PAGE).text


def test_the_words_go_with_the_recording_and_its_pages_say_why_the_request_is_closed(desk, juniper):
    sent, was = ask(juniper), as_it_is(desk)

    desk.act(
        lambda work: erase_own(work, Chosen(account=MARSH.account, recording=EVENING, before=desk.now), by=JUNIPER)
    )

    page, theirs = juniper.open(sent.location), desk.as_(MAYA).open("/requests/DS-2026-0001")
    assert "<h1>This request is closed</h1>" in page.html
    assert "The recording was deleted, and the words that you proposed went with it" in page.text
    assert "Ready to read" not in page.text
    assert "Of both texts only this digest is kept" in theirs.text
    assert "The recording whose transcript was to be corrected was erased." in theirs.text
    for each in (page, theirs, juniper.open("/my/requests")):
        assert each.status == 200
        assert WORDS not in each.text
        assert was not in each.text
    assert "/requests/DS-2026-0001/decide" not in theirs.html


def test_a_copy_as_files_has_both(desk, juniper):
    ask(juniper)
    desk.release("DS-2026-0001")
    sent = juniper.send(
        "/my/requests/new", page="/my/requests/new", right="access", kinds=["audio", "transcript"], period="all"
    )
    reference = sent.location.rpartition("/")[2]
    desk.release(reference, token="another link")

    archive = zipfile.ZipFile(io.BytesIO(juniper.open(f"{sent.location}/everything.zip").bytes))

    said = f"Corrected on 2026-11-23 at the request of the person concerned: “{WORDS}”"
    assert said in archive.read("index.html").decode()
    assert said in archive.read("recordings.csv").decode("utf-8-sig")


def test_whoever_hears_the_recording_reads_both_and_whoever_may_not_reads_neither(desk, juniper):
    ask(juniper)
    desk.release("DS-2026-0001")
    case = desk.case(desk.warrant())
    page = f"/requests/{case.reference}/recordings/{EVENING}"
    desk.act(lambda work: grant(work, case.id, EVENING, purpose=Purpose.CHECK_QUALITY, words="", by=MAYA))

    heard, unheard = desk.as_(MAYA).open(page), desk.as_(TOMAS).open(page)

    assert re.search(rf"{as_it_is(desk)}.*Corrected on 23 November 2026: “{WORDS}”", heard.text)
    assert unheard.status == 200
    assert WORDS not in unheard.text
