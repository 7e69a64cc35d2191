"""A customer's pages: their own recordings and requests, and nothing from which anything else could be guessed."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from a_casework import JUNIPER, KITCHEN, MAYA, TOMAS
from an_account import MARLOW, MISTAKE, PDF, REVIEWED, Account, sound

from requests_portal.model.letter import LetterKind
from requests_portal.model.production import Discrepancy, Gathered
from requests_portal.work import produce
from requests_portal.work.approve import approve
from requests_portal.work.assess import assess
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.decide import Choice, Ruling, decide
from requests_portal.work.recall import recall
from requests_portal.work.replace import replace_production
from requests_portal.work.revoke import revoke

ASK = {"right": "access", "kinds": ["audio", "transcript"], "period": "all"}


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def juniper(desk):
    return desk.visit(JUNIPER)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A desk for those who only look."""
    return Account(tmp_path_factory.mktemp("quiet"))


@pytest.fixture
def reader(quiet):
    return quiet.visit(JUNIPER)


def of(reference: str, rest: str = "") -> str:
    return f"/my/requests/{reference}{rest}"


# Recordings.


def test_recordings_are_listed_by_day_newest_first(reader):
    page = reader.open("/my/recordings")

    days = re.findall(r'<time datetime="(\d{4}-\d\d-\d\d)">', page.html)
    assert days[:3] == ["2026-11-20", "2026-06-22", "2026-06-15"]
    assert days == sorted(days, reverse=True)


def test_a_recording_says_when_where_and_who_was_heard(reader):
    page = reader.open("/my/recordings")

    assert "19:05:00 · Kitchen" in page.text
    assert "“play something slow, for cooking”" in page.text
    assert "Marked as speaking: you, somebody of your family." in page.text


def test_a_human_review_is_told_with_its_day_purpose_and_role(reader):
    page = reader.open("/my/recordings")

    assert "A person of ours listened on 23 November 2026: checking the transcript (annotator)." in page.text


def test_a_recording_made_by_mistake_is_marked(reader):
    assert "Recorded by mistake" in reader.open("/my/recordings?first=2026-11-20").text
    assert "Recorded by mistake" not in reader.open("/my/recordings?last=2026-11-19").text


def test_a_day_is_a_day_of_the_customers_own_clock(reader):
    # 20 November, 19:05 in Los Angeles is 21 November, 03:05 in UTC.
    assert "19:05:00" in reader.open("/my/recordings?first=2026-11-20&last=2026-11-20").text
    assert "No recording matches" in reader.open("/my/recordings?first=2026-11-21&last=2026-11-21").text


def test_recordings_can_be_chosen_by_device(reader):
    page = reader.open(f"/my/recordings?device={KITCHEN}")

    assert "· Kitchen" in page.text
    assert "· Bedroom" not in page.text


def test_a_day_that_is_none_is_said_beside_its_field(reader):
    page = reader.open("/my/recordings?first=tomorrow")

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "Enter a day as in 2026-11-23." in page.text


def test_pages_of_recordings_lead_to_each_other_and_keep_the_filter(reader):
    first = reader.open(f"/my/recordings?device={KITCHEN}")
    (address,) = re.findall(r'href="([^"]+)" rel="next"', first.html)

    second = reader.open(address.replace("&amp;", "&"))

    assert "Showing 1 to 25 of 28 recordings that match" in first.text
    assert "Showing 26 to 28 of 28" in second.text


def test_the_neighbours_recordings_are_nowhere_on_the_page(reader):
    pages = [reader.open(f"/my/recordings?page={number}").text for number in (1, 2)]

    assert not any("a word that only the neighbour says" in page for page in pages)


# Sound.


def test_a_recording_plays_whole(reader):
    answer = reader.open(f"/my/recordings/{REVIEWED.id}/sound")

    assert answer.status == 200
    assert answer.bytes == sound(REVIEWED.id)
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-99", slice(0, 100)), ("bytes=1500-", slice(1500, None)), ("bytes=-7", slice(-7, None))],
)
def test_a_player_gets_the_range_it_asks_for(reader, asked, part):
    whole = sound(REVIEWED.id)

    answer = reader.open(f"/my/recordings/{REVIEWED.id}/sound", Range=asked)

    start, end, _ = part.indices(len(whole))
    assert answer.status == 206
    assert answer.bytes == whole[part]
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_a_range_after_the_end_is_refused_with_the_length(reader):
    size = len(sound(REVIEWED.id))

    answer = reader.open(f"/my/recordings/{REVIEWED.id}/sound", Range=f"bytes={size}-")

    assert answer.status == 416
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    assert answer.bytes == b""


@pytest.mark.parametrize("asked", ["bytes=0-9,20-29", "lines=1-2", "bytes=9-1"])
def test_a_range_that_we_do_not_serve_gives_the_whole(reader, asked):
    answer = reader.open(f"/my/recordings/{REVIEWED.id}/sound", Range=asked)

    assert (answer.status, answer.bytes) == (200, sound(REVIEWED.id))


def test_a_range_made_for_another_file_gives_the_whole(reader):
    address = f"/my/recordings/{REVIEWED.id}/sound"
    tag = reader.open(address).headers["ETag"]

    assert reader.open(address, Range="bytes=0-9", If_Range=tag).status == 206
    assert reader.open(address, Range="bytes=0-9", If_Range='"another"').status == 200


def test_a_saved_recording_is_named_by_its_own_clock(reader):
    answer = reader.open(f"/my/recordings/{MISTAKE.id}/sound?save=1")

    assert answer.headers["Content-Disposition"] == "attachment; filename=recording-2026-11-20-19-06-00.flac"


def test_altered_sound_is_refused_before_its_first_byte(desk, juniper):
    desk.store.objects[REVIEWED.key] = b"X" + sound(REVIEWED.id)[1:]

    answer = juniper.open(f"/my/recordings/{REVIEWED.id}/sound", Range="bytes=100-199")

    assert answer.status == 503
    assert b"RIFF" not in answer.bytes


def test_anothers_recording_reads_as_one_that_never_was(reader):
    theirs = reader.open("/my/recordings/n-03142200/sound")
    nobodys = reader.open("/my/recordings/n-03142201/sound")

    assert (theirs.status, nobodys.status) == (404, 404)
    assert theirs.shown == nobodys.shown


# Requests.


def test_a_request_is_filed_and_shown_with_its_state_in_the_heading(desk, juniper):
    sent = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)

    page = juniper.open(sent.location)
    assert (sent.status, sent.location) == (303, "/my/requests/DS-2026-0001")
    assert "<h1>We have your request and are looking at it</h1>" in page.html
    assert "You asked for a copy of your voice recordings and their transcripts." in page.text
    # CCPA: 45 days from 23 November 2026.
    assert "We will answer by Thursday 7 January 2027 ." in page.text
    facts = desk.case("DS-2026-0001").facts
    assert (facts["right"], facts["seeks"], facts["accounts"]) == ("access", ["audio", "transcript"], ["A-88310-4"])
    assert facts["identity_verified"] is True


def test_whoever_signed_in_this_morning_signs_in_again_before_anything_is_filed(desk, juniper):
    desk.now += timedelta(minutes=11)

    asked = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)

    assert asked.status == 401
    assert desk.rows_in("cases") == 0


def test_certain_days_are_asked_about_with_the_last_included(desk, juniper):
    juniper.send(
        "/my/requests/new",
        page="/my/requests/new",
        **ASK | {"period": "some", "first": "2026-03-01", "last": "2026-03-14"},
    )

    facts = desk.case("DS-2026-0001").facts
    assert facts["range_from"] == "2026-03-01T00:00:00-08:00"
    assert facts["range_to"] == "2026-03-15T00:00:00-07:00"


def test_pressing_send_twice_files_one_request(desk, juniper):
    first = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)
    desk.now += timedelta(minutes=9)
    again = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)
    another = juniper.send("/my/requests/new", page="/my/requests/new", **ASK | {"right": "portability"})

    assert (first.location, again.location) == ("/my/requests/DS-2026-0001", "/my/requests/DS-2026-0001")
    assert another.location == "/my/requests/DS-2026-0002"


def test_a_complaint_waits_for_counsel_and_says_until_when_and_who_else_hears_it(desk, juniper):
    complaint = ASK | {"right": "complaint", "kinds": ["audio"], "words": "You took six weeks."}
    silent = juniper.send("/my/requests/new", page="/my/requests/new", **complaint | {"words": ""})
    sent = juniper.send("/my/requests/new", page="/my/requests/new", **complaint)

    page, case = juniper.open(sent.location), desk.case("DS-2026-0001")
    assert (silent.status, sent.status) == (422, 303)
    assert "You complained about how we handled your voice recordings." in page.text
    assert "We will answer by" in page.text
    assert "complain to the California Privacy Protection Agency or the Attorney General" in page.text
    assert case.title == "Complaint about how we handled my data"
    assert case.assessment.disposition == "escalate"
    assert [line.disposition for line in case.assessment.lines] == ["escalate"]


COMPLAINT = {"right": "complaint", "kinds": [], "period": "all", "words": "You took six weeks."}


def test_a_complaint_needs_no_kind_of_data_and_is_acknowledged_at_once(desk, juniper):
    sent = juniper.send("/my/requests/new", page="/my/requests/new", **COMPLAINT)

    page = juniper.open(sent.location)
    assert sent.status == 303
    assert "<h1>We have your complaint and are looking into it</h1>" in page.html
    assert "You complained about how we handled your data." in page.text
    assert "We acknowledge your complaint" in page.text
    assert "In your own words: “You took six weeks.”." in page.text
    assert "Neither asks a fee" in page.text
    assert re.search(r'aria-current="step">\s*<h3>Looking into it', page.html)
    assert "what you get" not in page.text
    assert desk.case("DS-2026-0001").lines == ()


def test_a_complaint_about_nothing_that_is_kept_is_answered_by_a_letter(desk, juniper):
    sent = juniper.send("/my/requests/new", page="/my/requests/new", **COMPLAINT)
    desk.release("DS-2026-0001")

    page = juniper.open(sent.location)
    assert "<h1>Our answer is ready</h1>" in page.html
    assert "Our letter, signed (PDF)" in page.text
    assert answer_letter(desk.case("DS-2026-0001")) is LetterKind.COMPLAINT


@pytest.mark.parametrize("right", ["objection", "complaint"])
def test_objecting_and_complaining_are_one_link_away_from_the_requests(reader, right):
    address = f"/my/requests/new?right={right}"

    assert f'href="{address}"' in reader.open("/my/requests").html
    assert re.search(rf'value="{right}"[^>]* checked', reader.open(address).html)


def test_a_link_that_names_no_right_chooses_a_copy(reader):
    assert re.search(r'value="access"[^>]* checked', reader.open("/my/requests/new?right=telepathy").html)


def test_an_objection_that_is_granted_is_answered_as_one_and_a_refused_one_with_reasons(desk, juniper):
    objection = ASK | {"right": "objection", "words": "Do not learn from what I say."}
    juniper.send("/my/requests/new", page="/my/requests/new", **objection)
    juniper.send("/my/requests/new", page="/my/requests/new", **objection | {"kinds": ["audio"]})
    desk.decide("DS-2026-0001")
    case = desk.case("DS-2026-0002")
    refused = Ruling(choices={line.id: Choice(move="refuse") for line in case.lines}, grounds=(), reasons="Needed.")
    desk.act(lambda work: decide(work, case.id, refused, by=MAYA))

    assert answer_letter(desk.case("DS-2026-0001")) is LetterKind.GRANTED
    assert answer_letter(desk.case("DS-2026-0002")) is LetterKind.REFUSAL
    assert "Decision on what you get" not in juniper.open("/my/requests/DS-2026-0001").text


def test_other_requests_are_not_acknowledged_as_complaints(juniper):
    sent = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)

    assert "complaint" not in juniper.open(sent.location).text.lower()


def test_asking_the_same_again_later_is_a_request_of_its_own(desk, juniper):
    juniper.send("/my/requests/new", page="/my/requests/new", **ASK)
    desk.now += timedelta(minutes=10)

    later = juniper.send("/my/requests/new", page="/my/requests/new", **ASK)

    assert later.location == "/my/requests/DS-2026-0002"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"right": ""}, "right", "Choose what you want us to do."),
        ({"right": "telepathy"}, "right", "Choose what you want us to do."),
        ({"kinds": []}, "kinds", "Choose what it is about."),
        ({"kinds": [], "right": "objection", "words": "Stop it."}, "kinds", "Choose what it is about."),
        ({"period": ""}, "period", "Choose the whole time or certain days."),
        ({"period": "some"}, "first", "Enter the first day."),
        ({"period": "some", "first": "2026-03-14"}, "last", "Enter the last day."),
        ({"period": "some", "first": "2026-03-14", "last": "2026-03-01"}, "last", "The last day is before the first."),
        ({"period": "some", "first": "2026-03-14", "last": "9999-12-31"}, "last", "Enter a day as in 2026-11-23."),
        ({"period": "some", "first": "14.3.2026", "last": "2026-03-15"}, "first", "Enter a day as in 2026-11-23."),
        (
            {"period": "some", "first": "2026-11-24", "last": "2026-11-25"},
            "first",
            "We can only look at days that have",
        ),
        ({"right": "rectification"}, "words", "Tell us in your own words what is wrong"),
        ({"words": "x" * 4001}, "words", "Use at most 4,000 characters."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_kept(quiet, reader, typed, field, sentence):
    page = reader.send("/my/requests/new", page="/my/requests/new", **ASK | typed)

    beside = re.search(rf'id="e-{field}">.*?</span>([^<]+)<', page.html)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert beside[1].startswith(sentence)
    assert f'href="#f-{field}"' in page.html
    assert quiet.rows_in("cases") == 0


@pytest.mark.parametrize(
    ("so_far", "heading"),
    [
        ("", "We have your request and are looking at it"),
        ("wait", "We need an answer from you"),
        ("approve", "We are putting your recordings together"),
        ("begin", "We are putting your recordings together"),
        ("gather", "We are sealing your copy"),
        ("offer", "We are sealing your copy"),
        ("release", "Your copy is ready"),
    ],
)
def test_the_heading_is_the_present_state(desk, juniper, so_far, heading):
    reference = desk.access_request()
    if so_far:
        getattr(desk, so_far)(reference)

    assert _heading(juniper, reference) == heading
    assert heading in juniper.open("/my/requests").text


def test_copying_is_counted(desk, juniper):
    reference = desk.access_request()
    desk.begin(reference)
    made = desk.production(reference)
    desk.act(lambda work: work.productions.set_progress(made.id, "gather", done=11, total=30, seconds=1.0))

    page = juniper.open(of(reference))

    assert "11 of 30 recordings copied" in page.text
    assert '<progress id="copied" max="30" value="11">' in page.html
    assert re.search(r'aria-current="step">\s*<h3>Copying your recordings', page.html)


def test_a_question_to_the_customer_is_the_heading_and_stands_on_the_page(desk, juniper):
    reference = desk.access_request()
    desk.wait(reference)

    page = juniper.open(of(reference))

    assert "<h1>We need an answer from you</h1>" in page.html
    assert "The dates." in page.text
    assert "Nothing is needed from you now." not in page.text


def test_lateness_is_admitted(desk):
    reference = desk.access_request()
    desk.now = datetime(2027, 1, 20, 12, tzinfo=UTC)

    assert "We are late: the law gave us until" in desk.visit(JUNIPER).open(of(reference)).text


def test_progress_is_watched_until_the_stage_changes(desk, juniper):
    reference = desk.access_request()

    before = juniper.open(of(reference, "/progress?since=received"))
    desk.begin(reference)
    after = juniper.open(of(reference, "/progress?since=received"))

    assert "X-Done" not in before.headers
    assert after.headers["X-Done"] == "1"


def test_another_customers_request_reads_as_one_that_never_was(desk):
    reference = desk.access_request()
    marlow = desk.visit(MARLOW)

    theirs, nobodys = marlow.open(of(reference)), marlow.open(of("DS-2026-9999"))

    assert (theirs.status, nobodys.status) == (404, 404)
    assert theirs.shown == nobodys.shown


def test_staff_have_no_recordings_of_their_own(desk):
    assert desk.visit(MAYA).open("/my/recordings").status == 403
    assert desk.visit(MAYA).open(f"/my/recordings/{REVIEWED.id}/sound").status == 403


# What was given.


@pytest.mark.parametrize("stage", ["access_request", "approve", "gather", "offer"])
def test_nothing_can_be_had_before_it_is_released(desk, juniper, stage):
    reference = desk.access_request()
    if stage != "access_request":
        getattr(desk, stage)(reference)

    answers = [juniper.open(of(reference, rest)) for rest in ("/bundle.pdf", "/everything.zip")]

    assert [answer.status for answer in answers] == [404, 404]
    assert "Download" not in juniper.open(of(reference)).text


def test_a_released_bundle_is_had_whole_and_leaves_a_receipt(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)

    answer = juniper.open(of(reference, "/bundle.pdf"))

    assert "<h1>Your copy is ready</h1>" in juniper.open(of(reference)).html
    assert answer.bytes == PDF
    assert answer.headers["Content-Disposition"] == f"attachment; filename={reference}-bundle.pdf"
    assert desk.receipts(reference) == [("bundle", 0, len(PDF) - 1)]


def test_a_broken_download_resumes_and_each_part_leaves_a_receipt(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)

    first = juniper.open(of(reference, "/bundle.pdf"), Range="bytes=0-4999")
    rest = juniper.open(of(reference, "/bundle.pdf"), Range="bytes=5000-", If_Range=first.headers["ETag"])

    assert (first.status, rest.status) == (206, 206)
    assert first.bytes + rest.bytes == PDF
    assert desk.receipts(reference) == [("bundle", 0, 4999), ("bundle", 5000, len(PDF) - 1)]


def test_looking_for_the_size_alone_leaves_no_receipt(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)

    answer = juniper.client.head(of(reference, "/bundle.pdf"), base_url="https://desk.example")

    assert answer.headers["Content-Length"] == str(len(PDF))
    assert desk.receipts(reference) == []


def test_a_vault_that_does_not_answer_is_a_page_and_no_receipt(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    desk.vault.unavailable = True

    answer = juniper.open(of(reference, "/bundle.pdf"))

    assert answer.status == 503
    assert "Try again in a minute." in answer.text
    assert desk.receipts(reference) == []


def test_everything_is_a_zip_of_the_same_bytes_with_a_list_that_needs_no_network(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    made = desk.production(reference)

    answer = juniper.open(of(reference, "/everything.zip"))

    archive = zipfile.ZipFile(io.BytesIO(answer.bytes))
    assert archive.testzip() is None
    assert archive.read("bundle.pdf") == PDF
    for item in made.items:
        assert archive.read(f"recordings/{item.bates}{_suffix(item)}") == sound(item.recording)
    page = archive.read("index.html").decode()
    assert not re.findall(r'(?:src|href)="(?:[a-z]+:|/)', page)
    assert page.count("<audio ") == len(made.items)
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) <= set(archive.namelist())
    assert desk.receipts(reference) == [("bundle", 0, len(PDF) - 1)]


def test_the_list_in_the_zip_is_a_spreadsheet_that_runs_nothing(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)

    archive = zipfile.ZipFile(io.BytesIO(juniper.open(of(reference, "/everything.zip")).bytes))
    rows = list(csv.DictReader(io.StringIO(archive.read("recordings.csv").decode("utf-8-sig"))))

    assert len(rows) == len(desk.production(reference).items)
    assert rows[0]["Recorded"].endswith("-08:00")
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())


def test_what_the_store_lost_is_said_in_the_zip_and_not_skipped(desk, juniper):
    reference = desk.access_request()
    desk.begin(reference)
    made = desk.production(reference)
    lost = made.items[0]
    sentence = f"{lost.bates}: the store no longer has it."
    missing = Discrepancy(bates=lost.bates, recording=lost.recording, kind="missing", sentence=sentence)
    desk.act(lambda work: produce.record_gathered(work, made.id, [Gathered(discrepancies=(missing,))]))
    desk.gather = lambda _reference: None
    desk.release(reference)

    archive = zipfile.ZipFile(io.BytesIO(juniper.open(of(reference, "/everything.zip")).bytes))

    assert sentence in archive.read("index.html").decode()
    assert "1 recording was left out" in archive.read("index.html").decode()
    assert not any(lost.bates in name for name in archive.namelist())


def withdrawn(desk, **said):
    """A request whose answer was released and recalled."""
    reference = desk.access_request()
    desk.release(reference)
    desk.act(lambda work: recall(work, desk.production(reference).id, by=MAYA, **said))
    return reference


def test_an_answer_that_we_recalled_is_not_offered_and_the_page_says_so(desk, juniper):
    reference = withdrawn(desk, reason="A neighbour is heard in it.", replaced_by=None)

    page, listed = juniper.open(of(reference)), juniper.open("/my/requests")

    assert "Do not rely on it" in page.text
    assert "We withdrew it on 23 November 2026." in page.text
    assert "Ready" not in page.title
    assert "We withdrew what you got" in page.text
    assert "We withdrew what you got" in listed.text
    assert "neighbour" not in page.text
    assert not re.findall(r'href="[^"]*\.(?:pdf|zip)', page.html)
    assert juniper.open(of(reference, "/bundle.pdf")).status == 410


def test_an_answer_that_was_replaced_leads_to_the_one_in_its_place(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    old = desk.production(reference)
    desk.act(lambda work: replace_production(work, old.id, reason="A neighbour is heard.", by=MAYA))
    desk.approve = lambda _reference: None
    desk.release(reference, token="the second link")
    new = desk.production(reference)
    desk.act(lambda work: recall(work, old.id, reason="A neighbour is heard.", replaced_by=new.id, by=MAYA))

    page = juniper.open(of(reference))

    assert "Your copy is ready" in page.text
    assert "we replaced it by what you got on 23 November 2026, which is on this page" in page.text
    assert set(re.findall(r"production=(\d)", page.html)) == {"2"}


def test_what_takes_the_place_of_a_recalled_answer_is_on_its_way(desk, juniper):
    reference = withdrawn(desk, reason="A neighbour is heard in it.", replaced_by=None)
    old = desk.production(reference)

    desk.act(lambda work: replace_production(work, old.id, reason="A neighbour is heard.", by=MAYA))

    page = juniper.open(of(reference))
    assert "We are putting your recordings together" in page.text
    assert "Do not rely on it" in page.text


def test_an_answer_whose_link_was_revoked_can_be_downloaded_no_more_and_no_more_is_said(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    with desk.ledger.reading() as work:
        (given,) = work.productions.releases(desk.production(reference).id)

    desk.act(lambda work: revoke(work, given.id, reason="The wrong Marsh.", by=MAYA))

    page = juniper.open(of(reference))
    assert "It can no longer be downloaded" in page.text
    assert "rely" not in page.text
    assert "wrong Marsh" not in page.text


def test_a_later_answer_leaves_the_earlier_one_where_it_was(desk, juniper):
    reference = desk.access_request()
    desk.release(reference)
    case = desk.case(reference)
    desk.act(lambda work: assess(work, case.id, by=MAYA))
    desk.decide(reference)
    desk.act(lambda work: approve(work, case.id, digest=desk.case(reference).decision.digest, by=TOMAS))
    desk.approve = lambda _reference: None
    desk.release(reference, token="the second link")

    page = juniper.open(of(reference))
    first = juniper.open(of(reference, "/bundle.pdf?production=1"))
    second = juniper.open(of(reference, "/bundle.pdf?production=2"))

    assert page.text.count("What you got on 23 November 2026") == 2
    assert (first.bytes, second.bytes) == (PDF, PDF)
    assert desk.receipts(reference) == [("bundle", 0, len(PDF) - 1)]
    assert juniper.open(of(reference, "/bundle.pdf?production=3")).status == 404


def test_another_customer_gets_nothing_of_a_release(desk):
    reference = desk.access_request()
    desk.release(reference)
    marlow = desk.visit(MARLOW)

    assert marlow.open(of(reference, "/bundle.pdf")).status == 404
    assert marlow.open(of(reference, "/everything.zip")).status == 404
    assert desk.receipts(reference) == []
    assert desk.refused("marlow") == [404, 404]


# I6: nothing that a customer can see differs because of a secret case.


def test_a_secret_demand_changes_no_byte_of_the_customers_session(tmp_path):
    plain, secret = Account(_folder(tmp_path, "plain")), Account(_folder(tmp_path, "secret"))
    before = secret.warrant(nondisclosure_order=True, nondisclosure_issued_on="2026-11-16")
    secret.decide(before)

    seen, seen_with_secret = _session(plain), _session(secret, during=lambda: secret.warrant(title="A second one"))

    assert _held(secret) > _held(plain) == 0
    assert seen.keys() == seen_with_secret.keys()
    for address, answer in seen.items():
        assert seen_with_secret[address] == answer, address


def test_a_secret_production_changes_no_byte_of_the_customers_pages(tmp_path):
    plain, secret = Account(_folder(tmp_path, "plain")), Account(_folder(tmp_path, "secret"))
    before = secret.warrant(nondisclosure_order=True, nondisclosure_issued_on="2026-11-16")
    secret.release(before, token="the link of the secret case")

    seen, seen_with_secret = _session(plain), _session(secret)

    for address, answer in seen.items():
        assert seen_with_secret[address] == answer, address


def _session(desk: Account, during=lambda: None) -> dict[str, object]:
    """Every my/ page of a customer who files a request and gets an answer: status, headers and bytes."""
    browser = desk.visit(JUNIPER)
    sent = browser.send("/my/requests/new", page="/my/requests/new", **ASK)
    during()
    reference = sent.location.rpartition("/")[2]
    seen = _look(browser, reference, "filed")
    desk.begin(reference)
    seen |= _look(browser, reference, "gathering")
    made = desk.production(reference)
    desk.act(lambda work: produce.record_gathered(work, made.id, []))
    desk.gather = lambda _reference: None
    desk.release(reference)
    return {"sent": (sent.status, sent.location)} | seen | _look(browser, reference, "released")


def _look(browser, reference: str, when: str) -> dict[str, object]:
    addresses = [
        "/my/recordings",
        "/my/recordings?page=2",
        f"/my/recordings?device={KITCHEN}&first=2026-03-14&last=2026-03-14",
        "/my/recordings/i-03142104/sound",
        "/my/requests",
        "/my/requests/new",
        of(reference),
        of(reference, "/progress"),
        of(reference, "/bundle.pdf"),
        of(reference, "/everything.zip"),
        of("LE-2026-0001"),
        "/privacy",
    ]
    return {f"{when} {address}": _as_seen(browser.open(address)) for address in addresses}


def _as_seen(answer) -> tuple[int, list[tuple[str, str]], bytes]:
    # A random number for every request tells nothing.
    told = (each for each in answer.headers.items() if each[0] not in {"Set-Cookie", "X-Request-Id"})
    headers = list(told)
    return answer.status, headers, answer.shown


def _held(desk: Account) -> int:
    return desk.rows_in("held_recordings")


def _folder(tmp_path, name: str):
    folder = tmp_path / name
    folder.mkdir()
    return folder


def _heading(browser, reference: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", browser.open(of(reference)).html)[1]


def _suffix(item) -> str:
    return ".flac" if item.recording == MISTAKE.id else ".wav"
