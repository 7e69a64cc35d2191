"""What every database must do for the verbs: one contract, run on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from a_house import (
    INES,
    JUNIPER,
    KETTLE,
    KITCHEN,
    MARLOW,
    MARSH,
    MAYA,
    NOW,
    PACIFIC,
    PRIYA,
    a_document,
    a_recording,
    marsh_recordings,
)
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from legal_rules.scope import ALWAYS, EVERY, Interval, Scope, between
from requests_portal.database import counted
from requests_portal.database.catalogue import BATCH, SqlCatalogue
from requests_portal.database.views.my import SqlMyViews
from requests_portal.errors import Conflict, Forbidden, NotFound
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.hold import Answer, Hold
from requests_portal.model.production import DocumentKind, Receipt, Release
from requests_portal.model.recording import TimedWord, Totals
from requests_portal.model.silence import DerivedFile
from requests_portal.work import produce
from requests_portal.work.views.my import ShelfQuery

MARCH = Interval(datetime(2026, 3, 1, tzinfo=PACIFIC), datetime(2026, 4, 1, tzinfo=PACIFIC))


def within(interval, devices=EVERY):
    return Scope(EVERY, devices, EVERY, interval)


def a_release(production, **changed):
    made = Release(
        id="r1",
        production=production,
        recipient="Deputy R. Pinecone",
        token_sha256="a" * 64,
        expires_at=NOW + timedelta(days=14),
        by="maya",
        at=NOW,
        pin_hash="scrypt",
    )
    return replace(made, **changed)


def a_production(house):
    return house.production(house.cleared(house.file()).id)


def test_a_case_is_read_back_as_it_was_kept(any_house):
    case = any_house.cleared(any_house.file())

    assert any_house.case(case.id) == case
    with any_house.ledger.reading() as work:
        assert work.cases.by_reference(case.reference, by=MAYA) == case


def test_the_second_of_two_who_change_a_case_is_refused(any_house):
    case = any_house.file()
    any_house.act(lambda work: work.cases.put(replace(case, title="first")))

    with pytest.raises(Conflict, match="Somebody else"):
        any_house.act(lambda work: work.cases.put(replace(case, title="second")))

    assert any_house.case(case.id).title == "first"


def test_the_second_of_two_who_change_a_production_is_refused(any_house):
    made = a_production(any_house)
    any_house.act(lambda work: work.productions.put(replace(made, failure="first")))

    with pytest.raises(Conflict):
        any_house.act(lambda work: work.productions.put(replace(made, failure="second")))

    assert any_house.production(made.case).failure == "first"


def test_items_are_read_back_as_they_were_kept_whatever_was_made_of_them(any_house):
    made = a_production(any_house)
    any_house.act(produce.begin_gathering, made.id)
    copy = DerivedFile(sha256="c" * 64, size=7, media_type="audio/wav")
    plain, heard, named = (replace(made.items[0], bates=each) for each in ("HV-1", "HV-2", 'HV-"3"\\'))
    kept = (replace(plain, classes=("audio", "transcript")), replace(heard, listening=copy), named)

    any_house.act(lambda work: work.productions.put_items(made.id, 0, kept))

    assert any_house.production(made.case).items[:3] == kept


def test_what_a_production_needs_of_all_its_recordings_is_asked_without_reading_them(any_house):
    made = a_production(any_house)

    with any_house.ledger.reading() as work:
        states = work.productions.states(made.case)
        accounts = work.productions.accounts(made.id)

    assert states == [(made.id, made.state)]
    assert accounts == [MARSH.account]


def test_an_unknown_case_and_somebody_else_s_read_alike(any_house):
    case = any_house.file()

    def sentence(case_id, by):
        with pytest.raises(NotFound) as refusal:
            any_house.case(case_id, by=by)
        return refusal.value.sentence

    assert sentence("no-such-id", JUNIPER) == sentence(case.id, JUNIPER)


def test_references_are_dense_and_never_given_twice_by_eight_threads(any_house):
    def take(_):
        return any_house.act(lambda work: work.cases.next_reference(Track.LEGAL_DEMAND, 2026))

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(take, range(24)))

    assert taken == [f"LE-2026-{number:04d}" for number in range(1, 25)]


def test_bates_numbers_are_dense_and_never_given_twice_by_eight_threads(any_house):
    def take(count):
        return any_house.act(lambda work: work.productions.reserve_bates(count, Track.LEGAL_DEMAND))

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(take, [1, 2, 3, 4] * 5))

    given = [number for first, last in taken for number in range(first, last + 1)]
    assert given == list(range(1, 51))


def test_customers_numbers_do_not_show_what_was_produced_to_others(any_house):
    def first_for_a_customer():
        return any_house.act(lambda work: work.productions.reserve_bates(1, Track.DATA_SUBJECT))[0]

    before = first_for_a_customer()
    any_house.act(lambda work: work.productions.reserve_bates(40, Track.LEGAL_DEMAND))

    assert first_for_a_customer() == before + 1


def test_references_of_a_track_and_a_year_run_apart(any_house):
    def take(track, year):
        return any_house.act(lambda work: work.cases.next_reference(track, year))

    assert take(Track.LEGAL_DEMAND, 2026) == "LE-2026-0001"
    assert take(Track.DATA_SUBJECT, 2026) == "DS-2026-0001"
    assert take(Track.LEGAL_DEMAND, 2027) == "LE-2027-0001"
    assert take(Track.LEGAL_DEMAND, 2026) == "LE-2026-0002"


def test_a_second_signature_for_a_production_volume_and_kind_is_refused(any_house):
    made = a_production(any_house)
    record = a_document(made.id, DocumentKind.BUNDLE)
    any_house.act(lambda work: work.productions.record_document(record))

    with pytest.raises(Conflict, match="already recorded"):
        any_house.act(lambda work: work.productions.record_document(replace(record, sha256="f" * 64)))

    any_house.act(lambda work: work.productions.record_document(replace(record, volume=2)))
    any_house.act(lambda work: work.productions.record_document(replace(record, kind=DocumentKind.OBJECTION_LETTER)))
    with any_house.ledger.reading() as work:
        assert [(each.kind, each.volume) for each in work.productions.documents(made.id)] == [
            ("bundle", 1),
            ("bundle", 2),
            ("objection_letter", 1),
        ]


def test_a_second_release_to_the_same_recipient_is_refused(any_house):
    made = a_production(any_house)
    any_house.act(lambda work: work.productions.add_release(a_release(made.id)))

    with pytest.raises(Conflict, match="already been released"):
        any_house.act(lambda work: work.productions.add_release(a_release(made.id, id="r2", token_sha256="b" * 64)))

    other = a_release(made.id, id="r3", token_sha256="c" * 64, recipient="The court")
    any_house.act(lambda work: work.productions.add_release(other))
    with any_house.ledger.reading() as work:
        assert {each.id for each in work.productions.releases(made.id)} == {"r1", "r3"}


def test_a_release_is_found_by_its_token_s_digest_only(any_house):
    made = a_production(any_house)
    any_house.act(lambda work: work.productions.add_release(a_release(made.id)))

    with any_house.ledger.reading() as work:
        assert work.productions.release_by_token("a" * 64) == a_release(made.id)
        with pytest.raises(NotFound):
            work.productions.release_by_token("b" * 64)


def test_receipts_are_kept_in_the_order_of_the_downloads(any_house):
    made = a_production(any_house)
    receipts = [Receipt(release="r1", document="bundle", at=NOW, first_byte=n, last_byte=n + 9) for n in (0, 10, 5)]

    def download(work):
        work.productions.add_release(a_release(made.id))
        for receipt in receipts:
            work.productions.add_receipt(receipt)

    any_house.act(download)

    with any_house.ledger.reading() as work:
        assert work.productions.receipts(made.id) == receipts


def test_progress_is_the_last_that_was_said(any_house):
    made = a_production(any_house)
    for done in (100, 200):
        any_house.act(
            lambda work, done=done: work.productions.set_progress(made.id, "gather", done=done, total=250, seconds=1.5)
        )

    with any_house.ledger.reading() as work:
        assert work.productions.progress(made.id) == {"gather": (200, 250, 1.5)}


def test_the_catalogue_finds_by_account_device_and_half_open_interval_oldest_first(any_house):
    def ids(**limits):
        box = {"accounts": EVERY, "devices": EVERY, "classes": frozenset({"audio"}), "interval": ALWAYS} | limits
        with any_house.ledger.reading() as work:
            return [recording.id for recording in work.catalogue.find(Scope(**box))]

    evening = ["i-03142104", "i-03142137", "i-03142150"]
    first, last = (each.recorded_at for each in marsh_recordings()[:3:2])
    assert ids(interval=MARCH) == [*evening, "n-03142200"]
    assert ids(interval=MARCH, accounts=frozenset({MARSH.account})) == evening
    assert ids(interval=MARCH, devices=frozenset({KITCHEN})) == evening
    assert ids(interval=Interval(first, last)) == evening[:2]
    assert ids(accounts=frozenset()) == []
    assert len(ids()) == 9


def test_recordings_of_one_moment_have_an_order_that_stays(any_house):
    twins = [
        replace(a_recording("t", NOW), id=name, key=name, device=device)
        for name, device in (("b", "HR-K"), ("a", "HR-P"), ("c", "HR-K"))
    ]
    any_house.act(lambda work: work.catalogue.add(twins))

    with any_house.ledger.reading() as work:
        found = [each.id for each in work.catalogue.find(within(Interval(NOW, NOW + timedelta(seconds=1))))]

    assert found == ["a", "b", "c"]


def test_many_are_found_in_order_each_once_and_the_rest_waits_until_it_is_asked_for(any_house):
    # Of one moment by fours, so that an answer ends within a moment.
    names = [f"{n:05}" for n in range(3 * BATCH + 2)]
    many = [replace(a_recording("m", NOW + timedelta(seconds=int(n) // 4)), id=n, key=n) for n in names]
    any_house.act(lambda work: work.catalogue.add(reversed(many)))
    cursors = []
    event.listen(any_house.engine, "after_cursor_execute", lambda _c, cursor, *_: cursors.append(cursor))
    with Session(any_house.engine) as session:
        asked = within(Interval(NOW, NOW + timedelta(days=1)))
        assert [each.id for each in SqlCatalogue(session).find(asked)] == names
        found = SqlCatalogue(session).find(asked)
        for _ in range(BATCH + 1):
            next(found)

        if session.get_bind().dialect.name == "postgresql":
            # The server keeps the rows; this process asks for some.
            assert session.execute(text("SELECT count(*) FROM pg_cursors")).scalar() == 1
            cursors.pop()
        assert cursors[-1].fetchone() is not None


@pytest.mark.parametrize("asked", ["find", "find_for_customer"])
def test_what_fits_one_answer_is_asked_for_once(any_house, asked):
    said = []
    event.listen(any_house.engine, "before_cursor_execute", lambda _c, _d, query, *_: said.append(query))

    with any_house.ledger.reading() as work:
        found = list(getattr(work.catalogue, asked)(within(MARCH)))

    assert len(found) == 4
    assert len([query for query in said if "FROM recordings" in query]) == 1


@pytest.mark.parametrize(
    ("limits", "way"),
    [
        ({"accounts": frozenset({"A-1"}), "devices": frozenset({"HR2"})}, "PRIMARY KEY (account=? AND device=? AND"),
        (
            {"accounts": frozenset({"A-1"})},
            "account_recorded_at (account=? AND (recorded_at,id)>(?,?) AND recorded_at<?)",
        ),
        (
            {"devices": frozenset({"HR2"})},
            "device_recorded_at (device=? AND (recorded_at,id)>(?,?) AND recorded_at<?)",
        ),
    ],
)
def test_sqlite_goes_straight_to_what_is_asked_for_and_sorts_nothing(house, limits, way):
    box = {"accounts": EVERY, "devices": EVERY, "classes": EVERY, "interval": MARCH} | limits
    asked = []
    event.listen(house.engine, "before_cursor_execute", lambda _c, _d, query, values, *_: asked.append((query, values)))
    with house.ledger.reading() as work:
        list(work.catalogue.find(Scope(**box)))
    query, values = next(each for each in asked if "FROM recordings" in each[0])

    with house.engine.connect() as connection:
        steps = [step[-1] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]

    # Beside it each is looked up among the canaries.
    assert way in steps[0]
    assert steps[1:] == ["USING INDEX sqlite_autoindex_canaries_1 FOR IN-OPERATOR"]


def test_a_late_page_of_a_shelf_reads_no_day_but_those_that_it_shows(house):
    asked, begin = [], datetime(2025, 3, 1, tzinfo=UTC)
    new = [a_recording(f"d{n}", begin + timedelta(hours=n)) for n in range(24 * 6)]
    house.act(lambda work: work.catalogue.add(new))
    marsh = Scope(frozenset({MARSH.account}), EVERY, EVERY, ALWAYS)
    with house.ledger.reading() as work:
        oldest = [each.id for each in work.catalogue.find(marsh)]
    event.listen(house.engine, "before_cursor_execute", lambda _c, _d, query, values, *_: asked.append((query, values)))
    shelf = SqlMyViews(house.engine).shelf(ShelfQuery(page=5), by=JUNIPER)
    query, values = next(each for each in asked if "OFFSET" in each[0])

    with house.engine.connect() as connection:
        steps = [step[-1] for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]

    assert [each.id for each in shelf.recordings] == oldest[::-1][100:125]
    ways = [step for step in steps if "recordings" in step]
    assert ways
    assert all("account=? AND recorded_at>? AND recorded_at<?" in way for way in ways)
    assert len({day for day in values if str(day).endswith("T00:00:00.000000Z")}) <= 4


def test_no_class_but_those_of_recordings_finds_any(any_house):
    with any_house.ledger.reading() as work:
        found = {
            name: len(list(work.catalogue.find(Scope(EVERY, EVERY, frozenset({name}), ALWAYS))))
            for name in ("audio", "transcript", "subscriber")
        }
        counted = {name: work.catalogue.count(Scope(EVERY, EVERY, frozenset({name}), ALWAYS)) for name in found}

    assert counted == found
    assert found == {"audio": 9, "transcript": 9, "subscriber": 0}


def test_totals_count_what_any_scope_covers_once_and_an_unknown_length_is_not_nothing(any_house):
    timed = [replace(each, seconds=2.5) for each in (a_recording("t", NOW), a_recording("u", NOW))]
    any_house.act(lambda work: work.catalogue.add(timed))

    def totals(*scopes):
        with Session(any_house.engine) as session:
            return counted.totals(session, scopes, with_erased=True)

    marsh = Scope(frozenset({MARSH.account}), EVERY, EVERY, ALWAYS)
    assert totals(within(MARCH)) == Totals(recordings=4, bytes=4 * 4600, seconds=None, unknown_lengths=4)
    assert totals(marsh, within(MARCH)) == Totals(recordings=11, bytes=11 * 4600, seconds=5.0, unknown_lengths=9)
    assert totals() == Totals(recordings=0, bytes=0, seconds=0.0, unknown_lengths=0)
    assert totals(replace(marsh, classes=frozenset({"subscriber"}))).recordings == 0


def test_every_recording_of_a_customer_bears_one_random_name_and_few_may_ask_whose_it_is(any_house):
    with any_house.ledger.reading() as work:
        found = list(work.catalogue.find(within(ALWAYS)))
        (name,) = {each.pseudonym for each in found if each.account == MARSH.account}

        assert name not in {each.pseudonym for each in found if each.account == KETTLE.account}
        assert work.pseudonyms.account(name, by=MAYA) == MARSH.account
        with pytest.raises(Forbidden):
            work.pseudonyms.account(name, by=PRIYA)
        with pytest.raises(NotFound):
            work.pseudonyms.account("nobody", by=MAYA)


def test_one_version_of_an_object_is_catalogued_once(any_house):
    with pytest.raises(IntegrityError):
        any_house.act(lambda work: work.catalogue.add([replace(marsh_recordings()[0], id="again")]))


def test_a_recording_is_read_back_with_who_speaks_and_unknown_is_not_nobody(any_house):
    unknown = replace(marsh_recordings()[0], id="unheard", key="voice/unheard", speakers=None)
    any_house.act(lambda work: work.catalogue.add([unknown]))

    with any_house.ledger.reading() as work:
        unknown = replace(unknown, pseudonym=work.pseudonyms.of([MARSH.account])[MARSH.account])
        assert work.catalogue.get("unheard", by=SYSTEM) == unknown
        assert work.catalogue.get("unheard", by=SYSTEM).other_voices is None


def test_the_times_of_words_are_read_back_and_unknown_is_not_silence(any_house):
    words = (TimedWord(start=0.25, end=0.5, text="Señora"), TimedWord(start=0.5, end=1, text="Ünal"))
    spoken = replace(marsh_recordings()[0], id="spoken", key="voice/spoken", words=words)
    silent = replace(marsh_recordings()[0], id="silent", key="voice/silent", words=())
    any_house.act(lambda work: work.catalogue.add([spoken, silent]))

    with any_house.ledger.reading() as work:
        spoken = replace(spoken, pseudonym=work.pseudonyms.of([MARSH.account])[MARSH.account])
        assert work.catalogue.get("spoken", by=SYSTEM) == spoken
        assert work.catalogue.get("silent", by=SYSTEM).words == ()
        assert work.catalogue.get(marsh_recordings()[0].id, by=SYSTEM).words is None


def test_a_customer_gets_no_recording_but_their_own(any_house):
    with any_house.ledger.reading() as work:
        assert work.catalogue.get("n-03142200", by=MARLOW).account == KETTLE.account
        with pytest.raises(NotFound):
            work.catalogue.get("n-03142200", by=JUNIPER)
        with pytest.raises(NotFound):
            work.catalogue.get("n-03142200", by=MAYA)


def test_clocks_are_replaced_but_what_was_met_stays_met(any_house):
    case = any_house.file()
    due = datetime(2026, 12, 1, 8, tzinfo=UTC)
    rows = [ClockRow(case=case.id, name="answer", due=due, working=("a", "b"))]
    any_house.act(lambda work: work.clocks.replace(case.id, rows))
    any_house.act(lambda work: work.clocks.met(case.id, "answer", NOW))

    any_house.act(lambda work: work.clocks.replace(case.id, rows))

    with any_house.ledger.reading() as work:
        assert work.clocks.of_case(case.id) == [replace(rows[0], met_at=NOW)]


def told(house, hold_id, answer=Answer.HELD):
    """The store is told of what is to be placed under a hold and answers so of all."""
    with house.ledger.unit_of_work() as work:
        part = work.holds.to_place(hold_id, tried_before=house.now, after="", most=99)
        work.holds.told(hold_id, {each.recording: answer for each in part}, at=house.now)


def let_go(house, hold_id):
    """What the store is told to let go of, and does."""
    with house.ledger.unit_of_work() as work:
        part = work.holds.begin_lifting(hold_id, at=house.now, most=99)
        work.holds.lifted(hold_id, {each.recording: Answer.NOT_HELD for each in part}, at=house.now)
    return [each.recording for each in part]


SPRING = Scope(frozenset({MARSH.account}), EVERY, EVERY, between(NOW - timedelta(days=400), NOW))


def test_a_hold_goes_from_to_place_over_placed_to_lifted(any_house):
    case = any_house.ask()
    hold = Hold(id="h1", case=case.id, placed_at=NOW, expires_at=None)
    assert any_house.act(lambda work: work.holds.add(hold, [SPRING])) == 8
    ids = sorted(recording.id for recording in marsh_recordings())

    def counts():
        with any_house.ledger.reading() as work:
            found = work.holds.counts("h1")
            return found.kept, found.confirmed

    assert counts() == (8, 0)
    told(any_house, "h1")
    assert counts() == (8, 8)
    any_house.act(lambda work: work.holds.narrow("h1", frozenset(ids[:1]), at=NOW))
    assert counts() == (1, 1)
    assert let_go(any_house, "h1") == ids[1:]
    any_house.act(lambda work: work.holds.release("h1", at=NOW, because="answered", by="maya"))
    assert let_go(any_house, "h1") == ids[:1]
    assert counts() == (0, 0)
    with any_house.ledger.reading() as work:
        ended = replace(hold, narrowed_at=NOW, released_at=NOW, released_because="answered", released_by="maya")
        assert work.holds.of_case(case.id) == [ended]


def test_what_another_hold_keeps_is_not_lifted(any_house):
    first, second = any_house.file(), any_house.file()

    def hold_of(case):
        with any_house.ledger.reading() as work:
            return work.holds.of_case(case.id)[0].id

    any_house.act(lambda work: work.holds.narrow(hold_of(first), frozenset(), at=NOW))
    assert let_go(any_house, hold_of(first)) == []

    any_house.act(lambda work: work.holds.narrow(hold_of(second), frozenset(), at=NOW))
    assert let_go(any_house, hold_of(first)) == []
    assert len(let_go(any_house, hold_of(second))) == 8


def test_a_draft_is_its_owner_s_alone(any_house):
    typed = {"title": "Durchsuchungsbeschluß", "accounts": ["A-88310-4"], "pages": 3}
    any_house.act(lambda work: work.drafts.put("d1", typed, by=INES, at=NOW))
    any_house.act(lambda work: work.drafts.put("d1", {**typed, "pages": 4}, by=INES, at=NOW))

    with any_house.ledger.reading() as work:
        assert work.drafts.get("d1", by=INES) == {**typed, "pages": 4}
        assert [draft for draft, _, _ in work.drafts.of(INES)] == ["d1"]
        assert work.drafts.of(MAYA) == []
        with pytest.raises(NotFound):
            work.drafts.get("d1", by=MAYA)
    with pytest.raises(NotFound):
        any_house.act(lambda work: work.drafts.remove("d1", by=MAYA))
    any_house.act(lambda work: work.drafts.remove("d1", by=INES))
    with pytest.raises(NotFound):
        any_house.act(lambda work: work.drafts.remove("d1", by=INES))


def test_record_sets_give_the_rows_of_the_account_and_the_period(any_house):
    def connect(work):
        work.record_sets.add_source("connections", "Gateway", ("from", "to"), (0, 1))
        rows = [("2026-02-28", "2026-02-28"), ("2026-03-31", "2026-04-02"), ("2026-04-02", "2026-04-02")]
        work.record_sets.add_rows("connections", MARSH.account, rows)

    any_house.act(connect)

    with any_house.ledger.reading() as work:
        assert work.record_sets.read("connections", MARSH.account, within(MARCH)) == (
            "Gateway",
            ("from", "to"),
            (("2026-03-31", "2026-04-02"),),
        )
        assert work.record_sets.read("subscriber", KETTLE.account, within(MARCH))[2] == (
            (KETTLE.name, KETTLE.address[0]),
        )
        with pytest.raises(NotFound):
            work.record_sets.read("voiceprint", MARSH.account, within(MARCH))


def test_a_customer_is_read_back_and_an_unknown_account_is_refused(any_house):
    with any_house.ledger.reading() as work:
        assert work.customers.get(MARSH.account) == MARSH
        assert work.catalogue.accounts([MARSH.account, "A-00000-0"]) == {MARSH.account}
        assert work.catalogue.devices([MARSH.account]) == {KITCHEN: "Kitchen"}
        with pytest.raises(NotFound):
            work.customers.get("A-00000-0")


@pytest.mark.parametrize(
    "orphan",
    [
        "INSERT INTO productions (id, case_id, number, state, version, body) VALUES ('p', 'none', 1, 's', 0, '{}')",
        "INSERT INTO held_recordings (hold_id, recording_id, state) VALUES ('none', 'none', 'placed')",
        "INSERT INTO receipts (release, document, at, first_byte, last_byte) VALUES ('none', 'd', '', 0, 0)",
    ],
)
def test_a_row_that_belongs_to_nothing_is_refused(any_house, orphan):
    with pytest.raises(DBAPIError), any_house.engine.begin() as connection:
        connection.execute(text(orphan))
