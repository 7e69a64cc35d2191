"""What is counted, and who is heard, is told in SQL as reading every recording tells it, however it came about."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from legal_rules.scope import ALWAYS, EVERY, Interval, Scope
from requests_portal.database import schema
from requests_portal.database.catalogue import SqlCatalogue, as_columns, as_recording
from requests_portal.database.codec import to_json
from requests_portal.database.counted import VOICES, counted, heard
from requests_portal.database.kept_counts import TO_READ
from requests_portal.database.tables import erasures, recording_days, recordings
from requests_portal.model.recording import Recording, SpeakerSpan

LABELS = ["account holder", "account_holder", "visitor", "Visitor", "family member", "child", "staff", "unknown"]
STRANGE = ['a "label":"visitor"', "label", "", "männlich", "visitor,child"]
SPANS = st.lists(st.sampled_from(LABELS + STRANGE), max_size=3).map(
    lambda labels: tuple(SpeakerSpan(start=n, end=n + 0.5, label=label) for n, label in enumerate(labels))
)
BEGIN = datetime(2026, 3, 14, tzinfo=UTC)
SPACED = '[{"start": 0.0, "end": 1.0, "label": "visitor"}]'
EVERYTHING = Scope(EVERY, EVERY, EVERY, ALWAYS)


@pytest.fixture
def prepared(engine):
    schema.prepare(engine)
    return engine


def a_recording(number, speakers, *, account="A-1", device="HR2", hours=None, seconds=None):
    return Recording(
        id=f"r{number}",
        account=account,
        device=device,
        recorded_at=BEGIN + timedelta(hours=number if hours is None else hours),
        zone="UTC",
        key=f"voice/{number}",
        version_id="v1",
        size=100 + number,
        sha256="0" * 64,
        media_type="audio/wav",
        speakers=speakers,
        seconds=seconds,
    )


def anew(session, made):
    session.execute(delete(erasures))
    session.execute(delete(recordings))
    if made:
        session.execute(insert(recordings), [as_columns(each) for each in made])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoken=st.lists(st.none() | SPANS, max_size=5))
def test_who_is_heard_on_some_recordings_is_what_reading_each_tells(prepared, spoken):
    read = [a_recording(0, speakers).other_voices for speakers in spoken]
    with Session(prepared) as session, session.begin():
        anew(session, [a_recording(number, speakers) for number, speakers in enumerate(spoken)])

        told = SqlCatalogue(session).voices_for_customer(EVERYTHING)
        codes = session.execute(select(VOICES).select_from(recordings).order_by(recordings.c.id)).scalars().all()

    assert told == (None if None in read else frozenset().union(*read))
    assert all(code == TO_READ or heard(code) == voices for code, voices in zip(codes, read, strict=True))


def test_only_what_names_the_field_elsewhere_is_read(prepared):
    with Session(prepared) as session, session.begin():
        anew(session, [a_recording(n, (SpeakerSpan(start=0, end=1, label=each),)) for n, each in enumerate(LABELS)])

        assert TO_READ not in session.execute(select(VOICES).select_from(recordings)).scalars().all()

        session.execute(update(recordings).where(recordings.c.id == "r0").values(speakers=SPACED))

        assert session.execute(select(VOICES).where(recordings.c.id == "r0")).scalar_one() == TO_READ
        assert "visitor" in SqlCatalogue(session).voices_for_customer(EVERYTHING)


# What happens to the catalogue, one after the other: an act and the number of the recording that it is done to.
ACTS = st.lists(
    st.tuples(st.sampled_from(["erase", "spare", "delete", "move", "hear"]), st.integers(0, 7)), max_size=12
)
MADE = st.lists(
    st.builds(
        dict,
        speakers=st.none() | SPANS,
        account=st.sampled_from(["A-1", "A-2"]),
        device=st.sampled_from(["HR1", "HR2"]),
        hours=st.integers(0, 60),
        seconds=st.none() | st.sampled_from([0.1, 2.5, 7.0]),
    ),
    max_size=8,
)
MOMENTS = st.integers(-3, 64).map(lambda hours: BEGIN + timedelta(hours=hours))
SCOPES = st.lists(
    st.builds(
        lambda accounts, devices, start, end: Scope(accounts, devices, EVERY, Interval(start, end)),
        st.sampled_from([EVERY, frozenset({"A-1"}), frozenset({"A-1", "A-2"})]),
        st.sampled_from([EVERY, frozenset({"HR2"})]),
        MOMENTS,
        MOMENTS,
    ),
    max_size=3,
)


def do(session, act, name):
    the_row = recordings.c.id == name
    match act:
        case "erase" if session.execute(select(erasures).where(erasures.c.recording_id == name)).first() is None:
            told = {"asked_at": "", "because": "", "state": "", "next_try_at": ""}
            session.execute(insert(erasures).values(recording_id=name, **told))
        case "spare":
            session.execute(delete(erasures).where(erasures.c.recording_id == name))
        case "delete":
            session.execute(delete(recordings).where(the_row))
        case "move":
            session.execute(update(recordings).where(the_row).values(device="HR9", seconds=3.0))
        case "hear":
            visitor = (SpeakerSpan(start=0, end=1, label="visitor"),)
            session.execute(update(recordings).where(the_row).values(speakers=to_json(visitor)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=MADE, acts=ACTS, scopes=SCOPES, others=SCOPES)
def test_what_is_counted_is_what_reading_each_recording_tells_whatever_happened(prepared, made, acts, scopes, others):
    with Session(prepared) as session, session.begin():
        anew(session, [a_recording(number, **each) for number, each in enumerate(made)])
        for act, number in acts:
            do(session, act, f"r{number}")
        hidden = set(session.execute(select(erasures.c.recording_id)).scalars())
        there = [as_recording(row) for row in session.execute(select(recordings))]

        for with_erased in (True, False):
            rows = counted(scopes, with_erased=with_erased, also={"both": others}).c
            sums = (rows.many, rows.bytes, rows.microseconds, rows.unknown_lengths)
            query = select(rows.day, rows.both, *map(func.sum, sums)).group_by(rows.day, rows.both)
            told = {(day, both): tuple(map(int, rest)) for day, both, *rest in session.execute(query)}

            assert told == by_reading(there, scopes, others, without=set() if with_erased else hidden)
        assert session.execute(select(func.min(recording_days.c.many))).scalar() in {None, *range(1, 9)}


def by_reading(there, scopes, others, *, without):
    counts, sizes, lengths, unknown = Counter(), Counter(), Counter(), Counter()
    for each in there:
        if each.id in without or not lies_in(each, scopes):
            continue
        key = (each.recorded_at.date().isoformat(), int(lies_in(each, others)))
        counts[key] += 1
        sizes[key] += each.size
        lengths[key] += round((each.seconds or 0) * 1_000_000)
        unknown[key] += each.seconds is None
    return {key: (counts[key], sizes[key], lengths[key], unknown[key]) for key in counts}


def lies_in(each, scopes):
    return any(scope.covers(each.account, each.device, "audio", each.recorded_at) for scope in scopes)
