"""How a hold begins, is renewed, is reminded of and ends; what arrives under it, and what the store says of it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import pytest
from a_house import ADA, INES, KETTLE, MARSH, MAYA, NOW, WARRANT, ActingHouse, a_recording, marsh_recordings, ruling
from sqlalchemy import select, text

from requests_portal.database.engine import connect
from requests_portal.database.holds import SqlHolds
from requests_portal.database.tables import held_recordings, messages
from requests_portal.database.views.holds import SqlHoldViews
from requests_portal.errors import Away, Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.case import CaseState
from requests_portal.model.hold import Held, HoldKind
from requests_portal.storage.lock_probe import Probed
from requests_portal.work import watch_holds as watching
from requests_portal.work.alias import enter_alias
from requests_portal.work.ask_store import ask_store, ask_what_is_stale
from requests_portal.work.assess import assess
from requests_portal.work.assign import assign
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import decide
from requests_portal.work.hold import locked_hold
from requests_portal.work.outside import Outside
from requests_portal.work.probe_lock import probe_locks
from requests_portal.work.release_hold import release_hold
from requests_portal.work.renew_hold import renew_hold
from requests_portal.work.tell_store import tell_store, tell_what_is_unconfirmed
from requests_portal.work.watch_holds import watch_holds

LETTER = {
    **{name: value for name, value in WARRANT.items() if name not in {"incident_from", "incident_to", "issued_on"}},
    "issuer_role": "police",
    "process": "preservation_letter",
    "seeks": ["audio"],
}
EPOC_PR = {**LETTER, "issuer": "eu_state", "issuing_country": "FR", "process": "epoc_pr", "issuer_role": "prosecutor"}
DAY = timedelta(days=1)


class Store:
    """A store whose versions can be lost or let go of behind our back, and which can be away."""

    def __init__(self) -> None:
        self.on, self.gone, self.is_away, self.shown = set(), set(), False, Probed(denied=True)

    def of_bucket(self, _bucket):
        return self

    def _answers(self, version):
        if self.is_away:
            raise Away("The store does not answer.")
        if version in self.gone:
            raise NotFound("The store has no such version.")

    def answers(self):
        return not self.is_away

    def hold(self, *version):
        self._answers(version)
        self.on.add(version)

    def release_hold(self, *version):
        self._answers(version)
        self.on.discard(version)

    def is_absent(self):
        return False

    def is_held(self, *version):
        self._answers(version)
        return version in self.on

    def probe_lock(self, left):
        self._answers(left)
        return self.shown


@pytest.fixture
def store(any_house):
    made = Store()
    any_house.outside = Outside(
        unit_of_work=any_house.ledger.unit_of_work,
        reading=any_house.ledger.reading,
        store=made,
        vault=None,
        spool=None,
        scratch=None,
        signer=None,
    )
    return made


@pytest.fixture
def house(any_house, store):
    return any_house


def hold_of(house, case):
    with house.ledger.reading() as work:
        return work.holds.of_case(case.id)[-1]


def counts(house, case):
    with house.ledger.reading() as work:
        return work.holds.counts(hold_of(house, case).id)


def alarms(house):
    return SqlHoldViews(house.engine).alarms(house.now, by=MAYA).sentences


def sent(house):
    with house.engine.connect() as connection:
        return [(row.to, row.template) for row in connection.execute(select(messages).order_by(messages.c.at))]


def answered(house, case):
    """The case as it stands once its confirmation went out."""
    found = house.case(case.id)
    return house.act(lambda work: work.cases.put(replace(found, state=CaseState.ANSWERED)))


def watch_at(house, moment):
    house.now = moment
    watch_holds(house.outside)


@pytest.mark.parametrize(("paper", "days", "more"), [(LETTER, 90, 90), (EPOC_PR, 60, 30)])
def test_a_preservation_request_is_kept_for_its_period_and_renewed_once(house, paper, days, more):
    case = house.file(paper)
    hold = hold_of(house, case)
    assert hold.kind is HoldKind.PRESERVATION
    first = (hold.expires_at.astimezone(case.received_at.tzinfo) - case.received_at).days

    house.now += 10 * DAY
    renewed = house.act(renew_hold, hold.id, on=house.now.date(), request="File 7-114 of 1 December", by=INES)

    assert days <= first <= days + 3
    assert more - 3 <= (renewed.expires_at - hold.expires_at).days <= more + 3
    assert (renewed.renewal.by, renewed.renewal.request) == ("ines", "File 7-114 of 1 December")
    assert "7-114" not in repr(house.log())
    with pytest.raises(Conflict, match="renewed already"):
        house.act(renew_hold, hold.id, on=house.now.date(), request="Again", by=INES)


def test_a_renewed_request_that_comes_too_late_or_before_the_first_extends_nothing(house):
    hold = hold_of(house, house.file(LETTER))

    with pytest.raises(Unusable, match="between the first request and today"):
        house.act(renew_hold, hold.id, on=date(2026, 1, 1), request="Too early", by=INES)
    house.now = hold.expires_at + 5 * DAY
    with pytest.raises(Conflict, match="extends nothing"):
        house.act(renew_hold, hold.id, on=(house.now - DAY).date(), request="Too late", by=INES)

    assert hold_of(house, house.case(hold.case)).expires_at == hold.expires_at


def test_what_is_held_for_a_demand_needs_no_renewal(house):
    hold = hold_of(house, house.file())

    with pytest.raises(Conflict, match="lasts while we answer"):
        house.act(renew_hold, hold.id, on=house.now.date(), request="The same warrant", by=INES)


def test_its_lawyer_is_reminded_two_weeks_and_three_days_before_once_each(house):
    case = house.file(LETTER)
    house.act(assign, case.id, to="maya", by=INES)
    ends = hold_of(house, case).expires_at

    for left in (20, 14, 13, 3, 2):
        watch_at(house, ends - left * DAY)

    assert sent(house) == [("maya", "hold_ends"), ("maya", "hold_ends")]


def test_a_period_that_ends_lets_go_once_the_request_was_answered(house, store):
    case = house.file(LETTER)
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)
    assert len(store.on) == 8
    answered(house, case)

    watch_at(house, hold.expires_at + timedelta(seconds=1))
    tell_what_is_unconfirmed(house.outside)

    ended = hold_of(house, case)
    assert (ended.released_by, store.on) == ("system", set())
    assert "no renewal was on record" in ended.released_because
    assert house.acts()[-1] == "hold_expired"


def test_a_period_that_ends_while_the_request_is_open_lets_nothing_go_and_is_said(house, store):
    case = house.file(LETTER)
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)

    watch_at(house, hold.expires_at + timedelta(seconds=1))
    watch_at(house, hold.expires_at + DAY)

    assert hold_of(house, case).released_at is None
    assert len(store.on) == 8
    assert sent(house) == [("", "hold_ended_open")]
    assert any(f"{case.reference}: the period" in sentence for sentence in alarms(house))


def test_a_demand_that_is_open_keeps_what_it_names_however_long_it_takes(house):
    case = house.file()

    watch_at(house, NOW + 900 * DAY)

    assert (hold_of(house, case).released_at, counts(house, case).kept, sent(house)) == (None, 8, [])


def test_after_the_day_that_an_objection_letter_promised_only_what_left_is_kept(house, store):
    case = house.offered(house.file())
    house.release(case)
    tell_store(house.outside, hold_of(house, case).id)
    assert len(store.on) == 8

    watch_at(house, hold_of(house, case).expires_at + DAY)
    tell_what_is_unconfirmed(house.outside)

    assert counts(house, case).kept == len(store.on) == len(house.production(case.id).items)
    assert "hold_narrowed" in house.acts()


def test_a_lawyer_ends_a_hold_with_reasons_that_stay_private(house, store):
    case = house.file()
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)

    with pytest.raises(Forbidden):
        house.act(release_hold, hold.id, because="Withdrawn.", by=INES)
    with pytest.raises(Unusable):
        house.act(release_hold, hold.id, because="  ", by=MAYA)
    house.act(release_hold, hold.id, because="The court quashed it.", by=MAYA)
    tell_store(house.outside, hold.id)

    assert store.on == set()
    assert (hold_of(house, case).released_by, house.acts()[-1]) == ("maya", "hold_released")
    assert "quashed" not in repr(house.log())
    with pytest.raises(Conflict):
        house.act(release_hold, hold.id, because="Again.", by=MAYA)


def late(name, *, account=MARSH.account, at=NOW):
    return replace(a_recording(name, at, account=account), id=name, key=f"voice/{name}")


def test_what_arrives_within_a_live_hold_is_held_with_its_entry_and_nothing_else_is(house, store):
    case = house.file()
    inside, outside = late("in", at=NOW - 200 * DAY), late("after", at=NOW)
    other = late("other", account=KETTLE.account, at=NOW - 200 * DAY)

    house.act(lambda work: work.catalogue.add([inside, outside, other]))
    with house.ledger.reading() as work:
        assert work.holds.held_among(["in", "after", "other"]) == {"in"}
    tell_what_is_unconfirmed(house.outside)

    assert counts(house, case).kept == 9
    assert ("voice/in", inside.version_id) in store.on


def test_what_was_entered_past_a_hold_counts_as_held_at_once_and_is_found_by_the_round(house):
    case = house.file()
    house.act(lambda work: work.catalogue.add([late("past", at=NOW - 200 * DAY)]))
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM held_recordings WHERE recording_id = 'past'"))

    with house.ledger.reading() as work:
        assert work.holds.is_held("past")
    watch_holds(house.outside)

    assert counts(house, case).kept == 9
    assert house.acts()[-1] == "hold_widened"


@pytest.mark.parametrize("broken", [0, 1])
def test_a_hold_that_breaks_its_watch_keeps_no_other_one_back(house, monkeypatch, broken):
    cases = [house.file(LETTER), house.file(LETTER)]
    real = watching._end_or_remind

    def breaks(work, hold, case):
        if case.id == cases[broken].id:
            raise KeyError(case.id)
        real(work, hold, case)

    monkeypatch.setattr(watching, "_end_or_remind", breaks)
    with pytest.raises(KeyError):
        watch_at(house, hold_of(house, cases[0]).expires_at - 10 * DAY)

    assert [template for _, template in sent(house)].count("hold_ends") == 1


def test_what_arrives_after_the_last_hold_ended_is_free(house):
    case = house.file()
    house.act(release_hold, hold_of(house, case).id, because="Withdrawn.", by=MAYA)

    house.act(lambda work: work.catalogue.add([late("free", at=NOW - 200 * DAY)]))

    with house.ledger.reading() as work:
        assert work.holds.held_among(["free"]) == frozenset()


@pytest.mark.parametrize("known_before", [True, False])
def test_a_hold_matches_every_number_of_the_account_whenever_it_becomes_known(house, known_before):
    house.act(lambda work: work.catalogue.add([late("old", account="B-7", at=NOW - 200 * DAY)]))

    def join():
        house.act(enter_alias, "B-7", "B-8", entered_by="ines", by=INES)
        house.act(enter_alias, MARSH.account, "B-8", entered_by="ines", by=INES)

    if known_before:
        join()
    case = house.file()
    if not known_before:
        join()
    house.act(lambda work: work.catalogue.add([late("new", account="B-8", at=NOW - 200 * DAY)]))

    with house.ledger.reading() as work:
        assert work.holds.held_among(["old", "new"]) == {"old", "new"}
    assert counts(house, case).kept == 10
    assert "B-7" not in repr(house.log())


@pytest.mark.parametrize("between", ["its numbers are read", "it is placed"])
def test_an_alias_that_is_entered_while_a_hold_is_placed_is_held_too(new_postgres, monkeypatch, between):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    house.act(lambda work: work.catalogue.add([late("old", account="B-7", at=NOW - 200 * DAY)]))
    real = SqlHolds.add
    with ThreadPoolExecutor() as other:
        entering = []

        def entered():
            entering.append(other.submit(house.act, enter_alias, MARSH.account, "B-7", entered_by="ines", by=INES))
            with suppress(TimeoutError):
                entering[0].result(timeout=1)

        def interrupted(holds, *arguments):
            if between == "its numbers are read":
                entered()
            added = real(holds, *arguments)
            if between == "it is placed":
                entered()
            return added

        monkeypatch.setattr(SqlHolds, "add", interrupted)
        house.file()
        assert entering[0].result(timeout=30)

    with house.ledger.reading() as work:
        assert work.holds.is_held("old")
    engine.dispose()


def test_a_hold_that_ends_while_an_alias_is_entered_holds_nothing_under_it(new_postgres):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    house.act(lambda work: work.catalogue.add([late("old", account="B-7", at=NOW - 200 * DAY)]))
    hold = hold_of(house, house.file())
    with ThreadPoolExecutor() as other:
        with house.ledger.unit_of_work() as work:
            release_hold(work, hold.id, because="Withdrawn.", by=MAYA)
            entering = other.submit(house.act, enter_alias, MARSH.account, "B-7", entered_by="ines", by=INES)
            with suppress(TimeoutError):
                entering.result(timeout=1)
        assert entering.result(timeout=30)

    with house.ledger.reading() as work:
        assert not work.holds.is_held("old")
    engine.dispose()


@pytest.mark.parametrize("first", ["end", "arrival"])
def test_what_arrives_while_a_hold_ends_is_not_held_for_ever(new_postgres, first):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    hold = hold_of(house, house.file())

    def end(work):
        release_hold(work, hold.id, because="Withdrawn.", by=MAYA)

    def arrival(work):
        work.catalogue.add([late("just now", at=NOW - 200 * DAY)])

    acts = (end, arrival) if first == "end" else (arrival, end)
    with ThreadPoolExecutor() as other:
        with house.ledger.unit_of_work() as work:
            acts[0](work)
            beside = other.submit(house.act, acts[1])
            with suppress(TimeoutError):
                beside.result(timeout=1)
        beside.result(timeout=30)

    with house.ledger.reading() as work:
        assert not work.holds.is_held("just now")
    engine.dispose()


def test_a_renewal_and_whoever_assesses_the_case_do_not_wait_for_each_other(new_postgres):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    case = house.file(LETTER)
    hold = hold_of(house, case)
    with ThreadPoolExecutor() as other:
        with house.ledger.unit_of_work() as work:
            locked_hold(work, hold.id)
            beside = other.submit(house.act, correct_facts, case.id, {"signed": True}, reason="Read again.", by=INES)
            with suppress(TimeoutError):
                beside.result(timeout=1)
            renew_hold(work, hold.id, on=house.now.date(), request="File 7", by=INES)
        # It came second, and what it had read is no longer what stands.
        with pytest.raises(Conflict):
            beside.result(timeout=30)

    assert hold_of(house, case).renewal.request == "File 7"
    engine.dispose()


def test_an_alias_is_entered_once_and_by_staff_only(house):
    assert house.act(enter_alias, "B-7", "B-8", entered_by="ines", by=INES) is True
    assert house.act(enter_alias, "B-8", "B-7", entered_by="maya", by=MAYA) is False
    for wrong in (("B-7", "B-7"), ("B-7", ""), ("B\x00", "B-7"), ("B" * 65, "B-7")):
        with pytest.raises(Unusable):
            house.act(enter_alias, *wrong, entered_by="ines", by=INES)
    with pytest.raises(Forbidden):
        house.act(enter_alias, "B-9", "B-7", entered_by="ada", by=ADA)


def test_a_store_that_is_away_is_told_again_until_it_confirms_and_after_a_minute_it_is_said(house, store):
    case = house.file()
    store.is_away = True
    tell_store(house.outside, hold_of(house, case).id)
    assert counts(house, case).waiting == 8
    assert not any("has not confirmed" in each for each in alarms(house))

    house.now += timedelta(seconds=61)
    tell_what_is_unconfirmed(house.outside)
    assert any("has not confirmed 8" in each for each in alarms(house))
    store.is_away = False
    house.now += timedelta(days=1)
    tell_what_is_unconfirmed(house.outside)

    assert counts(house, case).confirmed == len(store.on) == 8
    assert not any("has not confirmed" in each for each in alarms(house))


def test_a_version_that_went_before_the_hold_came_is_named_and_keeps_no_other_from_being_held(house, store):
    first = marsh_recordings()[0]
    store.gone.add((first.key, first.version_id))
    case = house.file()
    tell_store(house.outside, hold_of(house, case).id)

    page = SqlHoldViews(house.engine).hold(hold_of(house, case).id, after="", by=MAYA)

    assert [each.recording for each in page.gone] == [first.id]
    assert (page.row.counts.confirmed, page.row.counts.gone, page.row.counts.waiting) == (7, 1, 0)


def test_a_hold_that_was_taken_off_behind_our_back_is_found_said_and_put_on_again(house, store):
    case = house.file()
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)
    lost = min(store.on)
    store.on.discard(lost)

    house.now += 2 * DAY
    ask_what_is_stale(house.outside)
    assert (counts(house, case).contradicted, house.acts()[-1]) == (1, "hold_contradicted")
    tell_what_is_unconfirmed(house.outside)

    assert lost in store.on
    assert (counts(house, case).confirmed, counts(house, case).contradicted) == (8, 1)


def test_a_store_that_does_not_answer_leaves_what_it_said_last(house, store):
    case = house.file()
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)
    asked_at = counts(house, case).asked_at

    house.now += DAY
    store.is_away = True
    ask_store(house.outside, hold.id)

    assert counts(house, case).asked_at == asked_at == NOW


@pytest.mark.parametrize(
    ("shown", "later", "says"),
    [
        (Probed(denied=True), timedelta(0), None),
        (Probed(denied=True), 3 * DAY, "was last tried"),
        (Probed(denied=False), timedelta(0), "holds there protect nothing"),
        (Probed(denied=None, failure="We may not delete."), timedelta(0), "We may not delete."),
    ],
)
def test_what_trying_the_lock_showed_is_recorded_and_said_where_it_is_not_good(house, store, shown, later, says):
    assert any("Nobody has tried" in each for each in alarms(house))
    store.shown = shown

    probe_locks(house.outside)
    house.now += later

    found = [each for each in alarms(house) if "denies deleting" in each or "deleted a held" in each]
    assert (len(found), says is None or says in found[0]) == (0 if says is None else 1, True)


def test_a_lock_that_could_not_be_tried_is_recorded_too(house, store):
    store.is_away = True

    probe_locks(house.outside)

    (probe,) = SqlHoldViews(house.engine).probes()
    assert (probe.denied, probe.failure) == (None, "The store does not answer.")


def test_a_hold_from_before_kinds_were_told_apart_is_settled_by_the_round(house):
    case = house.file(LETTER)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE holds SET kind = '', expires_at = NULL"))
        connection.execute(text("DELETE FROM hold_scopes"))

    watch_holds(house.outside)
    house.act(lambda work: work.catalogue.add([late("in", at=NOW - 200 * DAY)]))

    assert hold_of(house, case).kind is HoldKind.PRESERVATION
    assert hold_of(house, case).expires_at is not None
    assert counts(house, case).kept == 9


def test_the_database_itself_keeps_the_row_of_what_is_held(house):
    house.file()

    with pytest.raises(Exception, match="a hold keeps this recording"), house.engine.begin() as connection:
        connection.execute(text("DELETE FROM recordings"))

    with house.engine.connect() as connection:
        states = set(connection.execute(select(held_recordings.c.state)).scalars())
    assert states == {Held.TO_PLACE}


def test_a_transcript_that_is_an_object_of_its_own_is_held_and_let_go_of_with_its_recording(house, store):
    told = replace(late("told", at=NOW - 200 * DAY), transcript_key="text/told", transcript_version="t1")
    house.act(lambda work: work.catalogue.add([told]))
    case = house.file()
    hold = hold_of(house, case)
    tell_store(house.outside, hold.id)
    assert {("voice/told", "v1"), ("text/told", "t1")} <= store.on

    store.on.discard(("text/told", "t1"))
    house.now += DAY
    ask_store(house.outside, hold.id)
    assert counts(house, case).contradicted == 1
    tell_what_is_unconfirmed(house.outside)
    assert ("text/told", "t1") in store.on

    house.act(release_hold, hold.id, because="Withdrawn.", by=MAYA)
    tell_store(house.outside, hold.id)
    assert store.on == set()


def meanwhile(monkeypatch, port, name, deed):
    """Do a deed in a transaction of its own just before the port is next told this; one that is kept waiting goes on.

    Returns a function that waits for the deed and gives what it was refused with.
    """
    real, refused, threads = getattr(port, name), [], []

    def other():
        try:
            deed()
        except Exception as refusal:  # noqa: BLE001 — looked at by the test
            refused.append(refusal)

    def told(self, *args, **named):
        if not threads:
            threads.append(Thread(target=other))
            threads[0].start()
            # Long enough to be done, unless it is made to wait.
            threads[0].join(timeout=2)
        return real(self, *args, **named)

    def over():
        threads[0].join(timeout=60)
        assert not threads[0].is_alive()
        return refused

    monkeypatch.setattr(port, name, told)
    return over


def test_a_release_in_the_midst_of_a_renewal_waits_and_is_not_undone(house, monkeypatch):
    hold = hold_of(house, house.file(LETTER))
    over = meanwhile(
        monkeypatch, SqlHolds, "put", lambda: house.act(release_hold, hold.id, because="Withdrawn.", by=MAYA)
    )

    house.act(renew_hold, hold.id, on=house.now.date(), request="File 7-114", by=INES)

    assert over() == []
    ended = hold_of(house, house.case(hold.case))
    assert (ended.released_by, ended.renewal.request) == ("maya", "File 7-114")


def test_a_renewal_in_the_midst_of_the_end_of_a_period_is_refused_rather_than_lost(house, monkeypatch):
    case = house.file(LETTER)
    hold = hold_of(house, case)
    answered(house, case)
    on = (hold.expires_at - DAY).date()
    over = meanwhile(
        monkeypatch, SqlHolds, "release", lambda: house.act(renew_hold, hold.id, on=on, request="File 7-114", by=INES)
    )

    watch_at(house, hold.expires_at + timedelta(seconds=1))

    assert [type(refusal) for refusal in over()] == [Conflict]
    assert (hold_of(house, case).released_by, hold_of(house, case).renewal) == ("system", None)


def finally_answered(house):
    """A demand answered in full: what was not handed over is let go of."""
    case = house.check(house.file())
    agreed = replace(ruling(case, reasons="Agreed by telephone."), grounds=())
    house.approve(house.act(decide, case.id, agreed, by=MAYA))
    house.gather(case)
    house.certify(case)
    house.sign(case)
    house.release(house.case(case.id))
    return house.case(case.id)


def everything_is_held(house):
    ids = {each.id for each in marsh_recordings()}
    with house.ledger.reading() as work:
        return work.holds.held_among(ids) == ids


@pytest.mark.parametrize("again", ["checked", "assessed", "corrected"])
def test_a_demand_that_is_open_again_after_its_final_answer_is_held_again(house, store, again):
    case = finally_answered(house)
    assert not everything_is_held(house)

    if again == "checked":
        house.check(case, passed=False)
    elif again == "assessed":
        house.act(assess, case.id, by=MAYA)
    else:
        house.act(correct_facts, case.id, {"range_to": "2026-08-01T00:00:00-07:00"}, reason="Misread.", by=INES)
    tell_what_is_unconfirmed(house.outside)

    assert everything_is_held(house)
    assert len(store.on) == 8
    with house.ledger.reading() as work:
        assert [hold.narrowed_at is None for hold in work.holds.of_case(case.id)] == [False, True]


def test_a_demand_that_is_open_again_while_all_of_it_is_held_gets_no_second_hold(house):
    case = answered(house, house.file(LETTER))

    house.act(assess, case.id, by=MAYA)

    with house.ledger.reading() as work:
        assert len(work.holds.of_case(case.id)) == 1


def test_a_preservation_request_whose_period_is_over_is_not_held_again(house):
    case = answered(house, house.file(LETTER))
    watch_at(house, hold_of(house, case).expires_at + DAY)

    house.act(assess, case.id, by=MAYA)

    assert not everything_is_held(house)
