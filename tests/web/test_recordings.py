"""Recordings under review: nothing is heard without a grant, every second is counted, parts are marked and unmarked."""

import pytest
from a_casework import ADA, BASE, INES, JUNIPER, MARSH, MAYA, PRIYA, TOMAS, accepting, decided_through_the_pages
from a_review import HEADER, NEIGHBOURS, PLAIN, RATE, SECONDS, UNKNOWN, VISIT, ReviewDesk

from requests_portal.errors import Forbidden
from requests_portal.model.listening import GRANT_PERIOD

REASON = "Another person speaks"
WHOLE = HEADER + SECONDS * RATE * 2


@pytest.fixture
def desk(tmp_path):
    return ReviewDesk(tmp_path)


@pytest.fixture
def reference(desk):
    return desk.warrant()


def address(reference, recording=VISIT, rest=""):
    return f"/requests/{reference}/recordings/{recording}{rest}"


def grant(desk, reference, recording=VISIT, *, by=MAYA, **typed):
    return desk.as_(by).send(address(reference, recording, "/listen"), **{"purpose": "find_others"} | typed)


def hear(desk, reference, recording=VISIT, *, by=MAYA, method="GET", **headers):
    client = desk.as_(by).client
    return client.open(address(reference, recording, "/audio"), method=method, base_url=BASE, headers=headers)


def marks(desk, reference, recording=VISIT):
    return [
        (each.start, each.end, each.reason) for each in desk.case(reference).silences if each.recording == recording
    ]


def save(desk, reference, *, rows=(), new=("", "", REASON), recording=VISIT, by=MAYA, **more):
    """Send the form of the parts as it stands in the page, with these rows."""
    page = desk.as_(by).open(address(reference, recording))
    fields = [("seen", page.hidden("seen"))]
    fields += [pair for row in rows for pair in zip(("start", "end", "reason"), row, strict=True)]
    fields += zip(("new-start", "new-end", "new-reason"), new, strict=True)
    return desk.as_(by).send(address(reference, recording, "/silences"), fields, **more)


# The list


def test_the_list_names_recordings_by_their_random_ids_and_never_the_customer(desk, reference):
    listed = desk.as_(MAYA).open(f"/requests/{reference}/recordings")
    one = desk.as_(MAYA).open(address(reference))
    with desk.ledger.reading() as work:
        customer = work.pseudonyms.of([MARSH.account])[MARSH.account]

    assert VISIT in listed.main
    assert f"Customer {customer}" in " ".join(listed.main.split())
    assert customer in one.main
    assert "account holder, visitor, child" in listed.main
    assert "not established" in listed.main
    assert "14 March 2026 21:20:00 (UTC\N{MINUS SIGN}07:00)" in listed.main
    for page in (listed, one):
        for told in (MARSH.name, MARSH.account, MARSH.email, "Kitchen", "HR2-41B0"):
            assert told not in page.main


def test_another_customer_s_recording_is_neither_listed_nor_opened(desk, reference):
    listed = desk.as_(MAYA).open(f"/requests/{reference}/recordings")

    assert NEIGHBOURS not in listed.html
    assert desk.as_(MAYA).open(address(reference, NEIGHBOURS)).status == 404
    assert desk.refused("maya") == [404]


def test_the_list_counts_its_kinds_and_shows_one_of_them(desk, reference):
    others = desk.as_(MAYA).open(f"/requests/{reference}/recordings?show=others")
    unknown = desk.as_(MAYA).open(f"/requests/{reference}/recordings?show=unknown")

    assert others.pill("Somebody else is heard") == 1
    assert VISIT in others.main
    assert PLAIN not in others.main
    assert UNKNOWN in unknown.main
    assert others.pill("All") == 9


def test_a_list_of_many_is_paged_and_a_page_beyond_is_the_last(desk):
    reference = desk.warrant(incident_from=None, incident_to=None, process="search_warrant", seeks=["audio"])
    total = desk.as_(MAYA).open(f"/requests/{reference}/recordings").pill("All")

    last = desk.as_(MAYA).open(f"/requests/{reference}/recordings?page=999")

    assert last.status == 200
    assert total == 0 or f"of {total} recordings" in last.main


def test_the_length_is_known_once_the_waveform_was_drawn_and_drawn_once_only(desk, reference):
    before = desk.as_(MAYA).open(f"/requests/{reference}/recordings?show=others").main
    for _ in range(3):
        desk.as_(MAYA).open(address(reference))
    after = desk.as_(MAYA).open(f"/requests/{reference}/recordings?show=others").main

    assert "6.0 s" not in before
    assert "6.0 s" in after
    assert len(desk.shelf.readings) == 1


# Listening


def test_without_a_grant_there_is_no_player_no_words_and_no_sound(desk, reference):
    page = desk.as_(MAYA).open(address(reference))
    heard = hear(desk, reference)

    assert "<audio" not in page.html
    assert "Wilhelmina" not in page.html
    assert heard.status_code == 403
    assert "Say first what you listen for" in heard.get_data(as_text=True)
    assert desk.plays(reference) == []


def test_a_grant_names_its_purpose_and_shows_the_player_and_the_words(desk, reference):
    assert grant(desk, reference).status == 303

    page = desk.as_(MAYA).open(address(reference))

    assert '<audio controls controlslist="nodownload" preload="none"' in page.html
    assert "Wilhelmina" in page.main
    assert "You listen to: find other people's speech" in page.main


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"purpose": []}, "Choose what you listen for."),
        ({"purpose": "curiosity"}, "Choose what you listen for."),
        ({"purpose": "other", "words": " "}, "Say in a few words what you listen for."),
    ],
)
def test_a_grant_without_a_purpose_is_refused_at_its_field(desk, reference, typed, said):
    page = grant(desk, reference, **typed)

    assert page.status == 422
    assert page.main.count(said) == 2
    assert hear(desk, reference).status_code == 403


def test_another_person_s_grant_opens_nothing(desk, reference):
    grant(desk, reference, by=TOMAS)

    assert hear(desk, reference).status_code == 403
    assert "<audio" not in desk.as_(MAYA).open(address(reference)).html


def test_an_expired_grant_opens_nothing(desk, reference):
    grant(desk, reference)
    desk.now += GRANT_PERIOD

    assert hear(desk, reference).status_code == 403
    assert "<audio" not in desk.as_(MAYA).open(address(reference)).html


@pytest.mark.parametrize("who", [INES, PRIYA, ADA, JUNIPER])
def test_nobody_but_a_lawyer_is_granted_or_sent_anything(desk, reference, who):
    grant(desk, reference)

    assert hear(desk, reference, by=who).status_code == 403
    assert grant(desk, reference, by=who).status == 403


def test_the_whole_is_sent_as_a_wav_and_every_second_is_on_record(desk, reference):
    grant(desk, reference)

    answer = hear(desk, reference)

    assert (answer.status_code, answer.mimetype, len(answer.data)) == (200, "audio/wav", WHOLE)
    assert "no-store" in answer.headers["Cache-Control"]
    assert desk.plays(reference) == [(0, 0), (0, 6000)]


def test_a_range_is_the_seconds_that_are_on_record(desk, reference):
    grant(desk, reference)
    start, end = HEADER + 2 * RATE * 2, HEADER + 3 * RATE * 2

    answer = hear(desk, reference, Range=f"bytes={start}-{end - 1}")

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{WHOLE}"
    assert answer.data == hear(desk, reference).data[start:end]
    assert desk.plays(reference)[0] == (2000, 3000)


def test_asking_for_the_head_or_beyond_the_end_sends_and_records_nothing(desk, reference):
    grant(desk, reference)

    head = hear(desk, reference, method="HEAD")
    beyond = hear(desk, reference, Range=f"bytes={WHOLE}-")

    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(WHOLE))
    assert beyond.status_code == 416
    assert desk.plays(reference) == []


def test_the_end_of_a_grant_ends_what_is_being_sent(desk, reference):
    grant(desk, reference)
    sent = iter(hear(desk, reference).response)
    next(sent)
    desk.now += GRANT_PERIOD

    with pytest.raises(Forbidden):
        next(sent)

    assert desk.plays(reference) == [(0, 0)]


@pytest.mark.parametrize("kind", ["AIFF", "FLAC", "OGG"])
def test_formats_that_browsers_refuse_are_heard_all_the_same(tmp_path, kind):
    desk = ReviewDesk(tmp_path, kind=kind)
    reference = desk.warrant()
    grant(desk, reference)

    assert len(hear(desk, reference).data) == WHOLE
    assert desk.plays(reference) == [(0, 0), (0, 6000)]


def test_a_recording_that_is_gone_or_no_sound_says_so_and_offers_nothing(desk, reference):
    desk.shelf.gone.add("voice/v03142120")
    gone = desk.as_(MAYA).open(address(reference))
    desk.shelf.clip = b"no sound"
    broken = desk.as_(MAYA).open(address(reference, PLAIN))

    assert "The store no longer has this recording" in gone.main
    assert "could not be decoded" in broken.main
    for page in (gone, broken):
        assert page.status == 200
        assert 'name="purpose"' not in page.html


def test_listening_shows_in_the_case_s_history_and_never_what_was_heard(desk, reference):
    grant(desk, reference, purpose="other", words="Is Wilhelmina heard?")
    hear(desk, reference)

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "was granted to listen to a recording" in page.main
    assert "listened to a recording" in page.main
    assert "Wilhelmina" not in page.html


# Marking


def test_a_part_is_added_changed_and_removed_without_any_script(desk, reference):
    save(desk, reference, new=("1.5", "3", REASON), add="1")
    assert marks(desk, reference) == [(1.5, 3, REASON)]

    save(desk, reference, rows=[("1.25", "3", "A child speaks")], new=("4", "5.25", REASON))
    assert marks(desk, reference) == [(1.25, 3, "A child speaks"), (4, 5.25, REASON)]

    save(desk, reference, rows=[("1.25", "3", "A child speaks"), ("4", "5.25", REASON)], remove="0")
    assert marks(desk, reference) == [(4, 5.25, REASON)]


def test_the_page_shows_each_part_on_the_waveform_and_that_the_original_stays(desk, reference):
    save(desk, reference, new=("1.5", "3", REASON))

    page = desk.as_(MAYA).open(address(reference))

    assert page.html.count('class="wave-silenced"') == 1
    assert "The original is never changed." in page.main
    assert "1 part, 1.5 s" in page.main


def test_the_last_change_is_undone_on_the_server(desk, reference):
    save(desk, reference, new=("1.5", "3", REASON))
    save(desk, reference, rows=[("1.5", "3", REASON)], new=("4", "5", REASON))

    desk.as_(MAYA).send(address(reference, rest="/silences"), undo="1")
    assert marks(desk, reference) == [(1.5, 3, REASON)]
    desk.as_(MAYA).send(address(reference, rest="/silences"), undo="1")

    assert marks(desk, reference) == []
    assert "Undo the last change" not in desk.as_(MAYA).open(address(reference)).html
    assert desk.as_(MAYA).send(address(reference, rest="/silences"), undo="1").status == 409


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (("3", "1.5", REASON), "ends after its beginning"),
        (("soon", "3", REASON), "Enter seconds, such as 3.25."),
        (("nan", "3", REASON), "Enter seconds, such as 3.25."),
        (("1", "", REASON), "Enter where the part begins and where it ends."),
        (("1", "2", " "), "why each part is silenced"),
        (("7", "8", REASON), "begins after the recording has ended, at 6 seconds"),
    ],
)
def test_what_is_no_part_is_said_at_its_field_and_what_was_typed_stays(desk, reference, new, said):
    page = save(desk, reference, rows=[("1.5", "3", "Wrong number")], new=new)

    assert page.status == 422
    assert page.main.count(said) == 2
    assert 'value="Wrong number"' in page.html
    assert f'value="{new[0]}"' in page.html
    assert marks(desk, reference) == []


def test_adding_without_seconds_is_said(desk, reference):
    assert save(desk, reference, add="1").status == 422


def test_a_comma_is_read_as_people_type_it(desk, reference):
    save(desk, reference, new=("1,5", "2,75", REASON))

    assert marks(desk, reference) == [(1.5, 2.75, REASON)]


def test_a_form_that_somebody_else_overtook_changes_nothing(desk, reference):
    fields = [("seen", desk.as_(MAYA).open(address(reference)).hidden("seen")), ("new-start", "0"), ("new-end", "1")]
    save(desk, reference, new=("4", "5", REASON), by=TOMAS)

    answer = desk.as_(MAYA).send(address(reference, rest="/silences"), fields)

    assert answer.status == 409
    assert marks(desk, reference) == [(4, 5, REASON)]


def test_markup_in_a_reason_is_words(desk, reference):
    save(desk, reference, new=("1", "2", "<script>x</script>"))

    assert "<script>x" not in desk.as_(MAYA).open(address(reference)).html


def test_the_speaker_marks_propose_for_one_recording_and_for_all_listed(desk, reference):
    one = desk.as_(MAYA).send(f"/requests/{reference}/recordings/propose", recording=VISIT, back="recording")
    assert one.location.startswith(address(reference))
    assert marks(desk, reference) == [(1.5, 3, REASON), (4, 5.25, REASON)]
    desk.as_(MAYA).send(address(reference, rest="/silences"), undo="1")
    assert marks(desk, reference) == []

    every = desk.as_(MAYA).send(f"/requests/{reference}/recordings/propose", show="all")

    assert marks(desk, reference) == [(1.5, 3, REASON), (4, 5.25, REASON)]
    told = desk.as_(MAYA).open(every.location).main
    assert "2 parts of 1 recording newly marked. On 1 recording nobody has established who is heard" in told


@pytest.mark.parametrize("who", [INES, PRIYA, ADA])
def test_who_may_not_decide_sees_the_marks_and_cannot_change_them(desk, reference, who):
    save(desk, reference, new=("1.5", "3", REASON))

    page = desk.as_(who).open(address(reference))

    assert "1.5 to 3 seconds" in page.main
    assert f"{VISIT}/silences" not in page.html
    assert desk.as_(who).send(address(reference, rest="/silences"), undo="1").status == 403


# Around it


def test_the_case_says_how_much_is_marked_and_leads_to_the_review(desk, reference):
    save(desk, reference, new=("1.5", "3", REASON))

    page = desk.as_(MAYA).open(f"/requests/{reference}")

    assert "1 part of 1 recording is marked to be silenced" in page.main
    assert f'href="/requests/{reference}/recordings"' in page.html


def test_what_is_decided_includes_the_parts_and_a_change_of_them_is_looked_at_again(desk, reference):
    save(desk, reference, new=("1", "2", REASON), recording=PLAIN)
    fields = accepting(desk, reference)
    seen = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*fields, ("step", "see")])
    assert "With silenced parts 1" in seen.main
    save(desk, reference, rows=[("1", "2", REASON)], new=("3", "4", REASON), recording=PLAIN)

    again = desk.as_(MAYA).send(
        f"/requests/{reference}/decide", [*fields, ("step", "decide"), ("seen", seen.hidden("seen"))]
    )
    decided_through_the_pages(desk, reference)

    assert "Look again" in again.main
    assert len(desk.case(reference).decision.silences) == 2
    assert "With silenced parts 1" in desk.as_(TOMAS).open(f"/requests/{reference}/approve").main


def test_after_the_decision_the_marks_are_shown_and_stay(desk, reference):
    save(desk, reference, new=("1", "2", REASON), recording=PLAIN)
    decided_through_the_pages(desk, reference)

    page = desk.as_(MAYA).open(address(reference, PLAIN))

    assert "1 to 2 seconds" in page.main
    assert "The decision took the marks over." in page.main
    sent = desk.as_(MAYA).send(
        address(reference, PLAIN, "/silences"), [("seen", "x"), ("new-start", "3"), ("new-end", "4")]
    )
    assert sent.status == 409


def test_a_grant_ends_in_the_minute_it_says(desk, reference):
    grant(desk, reference)

    page = desk.as_(MAYA).open(address(reference))

    # Half an hour after 09:30 in Los Angeles.
    assert "You may listen until 10:00" in page.main
