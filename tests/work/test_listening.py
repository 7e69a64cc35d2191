"""Nobody hears a recording without a grant for its case and purpose, and every span is on record before it is sent."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import soundfile
from a_house import INES, JUNIPER, MAYA, PRIYA, TOMAS
from an_edition import put_in_use, with_files
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from legal_rules.edition import COMPANY_POLICY
from requests_portal.bundle.rendition import HEADER, rendition
from requests_portal.database.tables import audit_private, recordings
from requests_portal.errors import Forbidden, NotFound, Unusable
from requests_portal.model.listening import GRANT_PERIOD, Purpose
from requests_portal.storage.ranged import RangedFile
from requests_portal.work.decide import Choice
from requests_portal.work.listen import grant, hear, live_grant, of_case, play

EVENING = "i-03142104"
WINTER = "w-01051200"
NEIGHBOURS = "n-03142200"


@pytest.fixture
def warrant(house):
    """A warrant for six months, of which the evening of the incident is proposed."""
    return house.check(house.file())


def granted(house, case, recording=EVENING, *, by=MAYA, purpose=Purpose.FIND_OTHERS, words=""):
    return house.act(grant, case.id, recording, purpose=purpose, words=words, by=by)


def played(house, case, recording=EVENING, *, by=MAYA, span=(0, 1000)):
    return house.act(play, case.id, recording, from_ms=span[0], to_ms=span[1], by=by)


def plays(house, case, recording=EVENING):
    with house.ledger.reading() as work:
        return [(each.from_ms, each.to_ms) for each in work.listening.plays(case.id, recording)]


def test_a_grant_names_the_case_the_recording_its_version_the_purpose_and_the_person(house, warrant):
    given = granted(house, warrant, words="Is the visitor heard?")

    with house.ledger.reading() as work:
        assert work.listening.grants(warrant.id, EVENING) == [given]
    assert (given.case, given.recording, given.version_id, given.by) == (warrant.id, EVENING, "v1", "maya")
    assert given.expires_at - given.at == GRANT_PERIOD
    entry = house.log()[-1]
    assert (entry["act"], entry["actor"], entry["case"]) == ("listening_granted", "maya", warrant.id)
    assert entry["words"] == {"purpose": "find_others"}
    assert set(entry["commitments"]) == {"grant", "recording", "version", "words"}


def test_without_a_grant_nothing_is_played_and_nothing_recorded(house, warrant):
    before = len(house.log())

    with pytest.raises(Forbidden):
        played(house, warrant)

    assert plays(house, warrant) == []
    assert len(house.log()) == before


@pytest.mark.parametrize("who", [INES, PRIYA, JUNIPER])
def test_only_a_lawyer_is_granted_to_listen(house, warrant, who):
    with pytest.raises((Forbidden, NotFound)):
        granted(house, warrant, by=who)


def test_a_colleague_s_grant_is_not_one_s_own(house, warrant):
    granted(house, warrant, by=TOMAS)

    with pytest.raises(Forbidden):
        played(house, warrant)


def test_a_grant_ends_after_half_an_hour(house, warrant):
    granted(house, warrant)
    house.now += GRANT_PERIOD - timedelta(seconds=1)
    played(house, warrant)
    house.now += timedelta(seconds=1)

    with pytest.raises(Forbidden):
        played(house, warrant)


def test_a_grant_for_one_recording_or_case_is_none_for_another(house, warrant):
    other = house.check(house.file())
    granted(house, warrant)

    with pytest.raises(Forbidden):
        played(house, warrant, "i-03142137")
    with pytest.raises(Forbidden):
        played(house, other)


def test_a_grant_holds_for_the_version_it_was_given_for(house, warrant):
    granted(house, warrant)
    with house.engine.begin() as connection:
        connection.execute(update(recordings).where(recordings.c.id == EVENING).values(version_id="v2"))

    with pytest.raises(Forbidden):
        played(house, warrant)


def test_another_customer_s_recording_and_one_outside_the_proposal_do_not_exist(house, warrant):
    for name in (NEIGHBOURS, WINTER, "no-such-recording"):
        with pytest.raises(NotFound):
            granted(house, warrant, name)


def test_a_purpose_of_one_s_own_needs_words(house, warrant):
    with pytest.raises(Unusable):
        granted(house, warrant, purpose=Purpose.OTHER, words="  ")

    assert granted(house, warrant, purpose=Purpose.OTHER, words="Which language is spoken?")


def test_each_span_is_on_record_with_who_heard_which_version_and_which_milliseconds(house, warrant):
    given = granted(house, warrant, words="The visitor's name")
    played(house, warrant, span=(1500, 2750))

    entry = house.log()[-1]

    assert plays(house, warrant) == [(1500, 2750)]
    assert (entry["act"], entry["actor"], entry["role"]) == ("recording_played", "maya", "reviewer")
    assert (entry["case"], entry["numbers"]) == (warrant.id, {"from_ms": 1500, "to_ms": 2750})
    with house.engine.connect() as connection:
        private = connection.execute(select(audit_private.c.field, audit_private.c.value)).all()
    assert ("version", "v1") in [tuple(row) for row in private]
    assert ("grant", given.id) in [tuple(row) for row in private]


def a_wav(seconds):
    made = io.BytesIO()
    soundfile.write(made, [0.5] * (seconds * 8000), 8000, format="WAV")
    data = made.getvalue()
    return rendition(RangedFile(lambda start, end: data[start:end], len(data)), seconds=seconds)


def test_a_step_is_sent_only_once_its_record_is_kept(house, warrant):
    granted(house, warrant)
    made = a_wav(25)
    steps = hear(outside(house), warrant.id, EVENING, made, start=0, end=made.size, by=MAYA)

    next(steps)
    next(steps)

    assert plays(house, warrant) == [(0, 0), (0, 10_000)]
    assert len(b"".join(steps)) == made.size - HEADER - 10 * 8000 * 2
    assert plays(house, warrant) == [(0, 0), (0, 10_000), (10_000, 20_000), (20_000, 25_000)]


def test_a_grant_that_ends_while_a_recording_is_sent_ends_the_sending(house, warrant):
    granted(house, warrant)
    made = a_wav(25)
    steps = hear(outside(house), warrant.id, EVENING, made, start=HEADER, end=made.size, by=MAYA)
    next(steps)
    house.now += GRANT_PERIOD

    with pytest.raises(Forbidden):
        next(steps)

    assert plays(house, warrant) == [(0, 10_000)]


def test_where_no_record_can_be_kept_nothing_is_sent(house, warrant):
    granted(house, warrant)
    made = a_wav(1)

    @contextmanager
    def full():
        with house.ledger.unit_of_work() as work:
            yield replace(work, listening=_Full(work.listening))

    steps = hear(_Outside(full), warrant.id, EVENING, made, start=0, end=made.size, by=MAYA)

    with pytest.raises(OSError, match="disk"):
        next(steps)
    assert plays(house, warrant) == []


class _Outside:
    def __init__(self, unit_of_work):
        self.unit_of_work = unit_of_work


class _Full:
    """A table on a disk without room."""

    def __init__(self, listening):
        self._listening = listening

    def __getattr__(self, name):
        return getattr(self._listening, name)

    def add_play(self, _play):
        raise OSError("The disk is full.")


def outside(house):
    return _Outside(house.ledger.unit_of_work)


def test_a_decision_that_lets_nothing_leave_ends_listening(house, warrant):
    granted(house, warrant)
    with house.ledger.reading() as work:
        assert live_grant(work, warrant, of_case(work, warrant, EVENING), by=MAYA)

    house.decide(warrant, reasons="Not ours to give.", line_1=Choice(move="refuse"))

    with pytest.raises(NotFound):
        played(house, warrant)


# The limit of a day

DAY = timedelta(hours=4) // timedelta(milliseconds=1)


def at_work(house):
    """The house on each kind of database, with a warrant checked."""
    return house, house.check(house.file())


def hears_a_day(house, case):
    granted(house, case)
    played(house, case, span=(0, DAY))


def test_nobody_hears_more_than_the_limit_of_a_day_and_is_told_when_they_can_go_on(any_house):
    house, warrant = at_work(any_house)
    hears_a_day(house, warrant)

    for act in (lambda: played(house, warrant), lambda: granted(house, warrant)):
        with pytest.raises(Forbidden, match=r"more than 4 hours .* go on from 00:00 UTC on 2026-11-24"):
            act()

    assert plays(house, warrant) == [(0, DAY)]
    house.now += timedelta(hours=7)
    granted(house, warrant)
    played(house, warrant)


def test_house_policy_says_how_many_hours_a_day_have(house, warrant):
    with Session(house.engine) as session, session.begin():
        put_in_use(session, with_files({COMPANY_POLICY: "listen_hours_a_day = 1\n"}))
    granted(house, warrant)
    played(house, warrant, span=(0, DAY // 4))

    with pytest.raises(Forbidden, match="more than 1 hour of recordings"):
        played(house, warrant)


def test_what_one_person_heard_counts_for_nobody_else(any_house):
    house, warrant = at_work(any_house)
    hears_a_day(house, warrant)

    granted(house, warrant, by=TOMAS)
    played(house, warrant, by=TOMAS)

    assert plays(house, warrant) == [(0, DAY), (0, 1000)]


def test_requests_at_once_do_not_pass_the_limit_together(any_house):
    house, warrant = at_work(any_house)
    granted(house, warrant)
    played(house, warrant, span=(0, DAY - 3500))

    def second(_):
        try:
            played(house, warrant)
        except Forbidden:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        heard = list(people.map(second, range(8)))

    assert sum(heard) == 3
    with house.ledger.reading() as work:
        assert work.listening.heard("maya", day=house.now.date()) == DAY - 500
    assert len(plays(house, warrant)) == 4


def test_what_was_not_sent_counts_for_no_day(any_house):
    house, warrant = at_work(any_house)
    granted(house, warrant)

    with suppress(OSError), house.ledger.unit_of_work() as work:
        play(work, warrant.id, EVENING, from_ms=0, to_ms=DAY, by=MAYA)
        raise OSError("The disk is full.")

    played(house, warrant, span=(0, DAY))
