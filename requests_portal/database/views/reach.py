"""How far a case reaches: its recordings counted by day, what of them is withheld one by one, and the first of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from legal_rules.scope import Scope
from requests_portal.database.catalogue import as_recording
from requests_portal.database.counted import VOICES, counted, heard, one_day, totals
from requests_portal.database.erasures import within_reach
from requests_portal.database.kept_counts import TO_READ
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recordings
from requests_portal.model.case import Case, Track
from requests_portal.model.recording import Recording, Totals
from requests_portal.model.silence import Silence, by_recording
from requests_portal.work.selection import OF_RECORDINGS, ground_by_voices, ground_withheld, silences_that_stand
from requests_portal.work.views.desk import Reach

# How many recordings of the proposal a case's page lists.
LISTED = 9
# How many recordings are named in one query; SQLite takes some more.
AT_ONCE = 10_000


def reach(session: Session, found: Case) -> Reach:
    """How many recordings the demand covers, and how many of these are proposed and withheld, by UTC day."""
    demanded = [line.scope for line in found.lines if line.data_class in OF_RECORDINGS]
    rows = counted(demanded, with_erased=_with_erased(found), also={"proposed": _proposed(found)})
    voices = _voices(session, found)
    stay = and_(rows.c.proposed == 1, rows.c.voices.in_(_withheld_by_voices(found, voices)))
    # A proposal lies within its demand (I2).
    many = rows.c.many
    sums = (func.sum(many), func.sum(many * rows.c.proposed), func.sum(case((stay, many), else_=0)))
    found_days = session.execute(select(rows.c.day, *sums).group_by(rows.c.day))
    days = {day: tuple(map(int, of_day)) for day, *of_day in found_days}
    withheld = Counter({day: many for day, (_, _, many) in days.items()})
    withheld.update(_withheld_as_read(session, found, voices))
    return Reach(
        demanded=sum(many for many, _, _ in days.values()),
        proposed=sum(many for _, many, _ in days.values()) - withheld.total(),
        withheld=withheld.total(),
        by_day=tuple((date.fromisoformat(day), days[day][0], days[day][1] - withheld[day]) for day in sorted(days)),
    )


def to_gather(session: Session, found: Case) -> Totals:
    """How much gathering will read: what was decided, or what is proposed until then."""
    decided = [each.scope for each in found.decision.lines if each.scope is not None] if found.decision else None
    return totals(session, _proposed(found) if decided is None else decided, with_erased=_with_erased(found))


def first_proposed(session: Session, found: Case) -> tuple[Recording, ...]:
    """The first recordings that are proposed."""
    query = (
        select(recordings)
        .where(within_reach(found, _proposed(found)))
        .order_by(recordings.c.recorded_at, recordings.c.id)
    )
    return tuple(as_recording(row) for row in session.execute(query.limit(LISTED)))


def _with_erased(found: Case) -> bool:
    return found.track is not Track.DATA_SUBJECT


def _proposed(found: Case) -> list[Scope]:
    lines = found.assessment.lines if found.assessment else ()
    return [each.proposed for each in lines if each.proposed is not None and each.line.data_class in OF_RECORDINGS]


def _classes(found: Case) -> frozenset[str]:
    """The classes as which proposed recordings may be withheld; none where no rule withholds."""
    if found.assessment is None or not found.assessment.withheld:
        return frozenset()
    return OF_RECORDINGS & {line.line.data_class for line in found.assessment.lines if line.proposed is not None}


def _voices(session: Session, found: Case) -> frozenset[str]:
    """The companies of voices that are heard on what is proposed, where a rule withholds any of it."""
    if not _classes(found):
        return frozenset()
    if found.is_by_person_heard:
        # Whether the account's holder is heard too is not counted.
        return frozenset({TO_READ})
    rows = counted(_proposed(found), with_erased=_with_erased(found))
    return frozenset(session.execute(select(rows.c.voices).distinct()).scalars())


def _withheld_by_voices(found: Case, voices: Collection[str]) -> list[str]:
    """Those on account of which a proposed recording is withheld, as they are counted."""
    told = (each for each in voices if each != TO_READ)
    return sorted(each for each in told if any(ground_by_voices(found, heard(each), of) for of in _classes(found)))


def _withheld_as_read(session: Session, found: Case, voices: Collection[str]) -> Mapping[str, int]:
    """What is to be added by day to what voices alone tell: of what only reading tells, and of what is silenced."""
    classes, proposed = _classes(found), _proposed(found)
    more: Counter[str] = Counter()
    if not classes:
        return more
    silences = by_recording(silences_that_stand(found)) if found.track is Track.DATA_SUBJECT else {}
    for recording in _to_be_read(session, found, proposed) if TO_READ in voices else ():
        more[_day_of(recording)] += _is_withheld(found, recording, classes, silences.get(recording.id, ()))
    for some in _parts(sorted(silences)):
        # They were counted as though nothing on them were silenced.
        marked = and_(within_reach(found, proposed), recordings.c.id.in_(some), VOICES != TO_READ)
        for recording in _read(session, marked):
            before = _is_withheld(found, recording, classes, ())
            more[_day_of(recording)] += _is_withheld(found, recording, classes, silences[recording.id]) - before
    return more


def _to_be_read(session: Session, found: Case, proposed: Sequence[Scope]) -> Iterator[Recording]:
    if found.is_by_person_heard:
        yield from _read(session, within_reach(found, proposed))
        return
    rows = counted(proposed, with_erased=_with_erased(found))
    days = session.execute(select(rows.c.day).where(rows.c.voices == TO_READ).distinct()).scalars().all()
    for day in days:
        yield from _read(session, and_(within_reach(found, one_day(proposed, day)), VOICES == TO_READ))


def _read(session: Session, where: ColumnElement[bool]) -> Iterator[Recording]:
    query = select(recordings).where(where).execution_options(yield_per=500)
    return map(as_recording, session.execute(query))


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _is_withheld(found: Case, recording: Recording, classes: Iterable[str], silences: Sequence[Silence]) -> bool:
    return any(ground_withheld(found, recording, each, silences) for each in classes)


def _day_of(recording: Recording) -> str:
    return to_text(recording.recorded_at)[:10]
