"""Assess: the case becomes facts, the rule book answers, and the clocks follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from legal_rules.assessment import Assessment
from legal_rules.book import Book
from legal_rules.clocks import Clock
from legal_rules.facts import parse
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord, Case, CaseState, FindingRecord, LineRecord, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.digest import digest_of
from requests_portal.model.edition import OnRecord
from requests_portal.model.follow_up import FOLLOW_UP
from requests_portal.model.standing_policy import NotRoutine
from requests_portal.work.canaries import watch_what_is_sought
from requests_portal.work.hold import follow_the_clock, hold_what_is_demanded_again
from requests_portal.work.ports import Work
from requests_portal.work.void import void_what_rests_on_it
from requests_portal.work.world import established


def assess(work: Work, case_id: str, *, by: Actor) -> Case:
    """Assess a case on the law of today, its clocks on that of its receipt; earlier decisions no longer stand."""
    by = by.must(Act.ASSESS)
    return assessed(work, work.cases.get(case_id, by=by), by=by)


def assessed(work: Work, case: Case, *, by: Actor) -> Case:
    """Assess a case already loaded: its proposal, its findings and its clocks are replaced."""
    watch_what_is_sought(work, case, by=by)
    if case.state is CaseState.RECEIVED and not work.can_assess:
        # The request is in and what it demands is held; the next adoption assesses it and starts its clocks.
        return work.cases.put(case)
    if case.decision is not None:
        void_what_rests_on_it(work, case, by=by)
    case = replace(case, facts={**case.facts, **established(work, case)})
    # What leaves is judged by the law of the day on which it would leave, as at every later step.
    answer = examine(work, case, on=work.today)
    clocks = examine(work, case, on=day_of_receipt(case)).clocks
    record = as_record(answer, at=work.now())
    earlier = case.decision or case.earlier
    changed = case.moved(CaseState.ASSESSED, assessment=record, decision=None, earlier=earlier, waiting_for="")
    if case.decision is not None and case.decision.policy is not None:
        # Somebody must come by it again; where the policy itself looks anew, it takes this back.
        changed = replace(changed, not_routine=(NotRoutine.REOPENED,))
    work.assessments.add(OnRecord(id=work.new_id(), case=case.id, on=work.today, facts=case.facts, assessment=record))
    work.clocks.replace(case.id, _counted(work, case, clocks))
    follow_the_clock(work, case)
    if case.track is Track.LEGAL_DEMAND and not case.is_open:
        hold_what_is_demanded_again(work, case, by=by)
    work.audit.add(
        "case_assessed",
        by=by,
        case=case.id,
        subjects={"assessment": record.digest, "book": record.book},
        numbers={"findings": len(record.findings), "lines": len(record.lines)},
        words={"disposition": record.disposition},
        private={"facts": digest_of(case.facts)},
    )
    return work.cases.put(changed)


def examine(work: Work, case: Case, *, on: date, book: Book | None = None) -> Assessment:
    """What the edition in use, or another one, says of the case under the law of a day; nothing is recorded."""
    return (book or work.book).assess(parse(case.facts), on=on, lines=case.lines, calendars=work.calendars)


def day_of_receipt(case: Case) -> date:
    """The day on which the request was received, on the clock of the place where it is answered."""
    return case.received_at.astimezone(ZoneInfo(case.zone)).date()


def as_record(answer: Assessment, *, at: datetime) -> AssessmentRecord:
    """An assessment as a case keeps it."""
    return AssessmentRecord(
        digest=substance(answer),
        book=answer.book,
        at=at,
        disposition=answer.disposition,
        lines=tuple(
            LineRecord(
                line=line.line,
                disposition=line.disposition,
                proposed=line.proposed,
                permitted=line.permitted,
                grounds=line.grounds,
                reasons=line.reasons,
            )
            for line in answer.lines
        ),
        findings=tuple(
            FindingRecord(
                rule=finding.rule,
                ground=finding.ground,
                outcome=finding.outcome,
                kind=finding.kind,
                about=finding.about,
                basis=finding.basis,
                title=finding.title,
                cite=finding.cite,
                remedy=finding.remedy,
                letter=finding.letter,
                missing=finding.missing,
                lines=finding.lines,
            )
            for finding in answer.findings
        ),
        withheld=answer.withheld,
        nondisclosure=answer.nondisclosure.disposition,
        nondisclosure_grounds=answer.nondisclosure.grounds,
        release_gates=answer.release_gates,
    )


def substance(answer: Assessment) -> str:
    """The digest of what an assessment says, without its clocks and the book's own digest."""
    said = answer.as_json()
    return digest_of({name: value for name, value in said.items() if name not in {"clocks", "book", "on"}})


def clock_rows(case: Case, clocks: Sequence[Clock]) -> list[ClockRow]:
    """Time limits as rows of the case, a day by its last moment on the case's own clock."""
    zone = ZoneInfo(case.zone)
    return [
        ClockRow(case=case.id, name=clock.id, due=_moment(clock.due, zone), working=clock.working) for clock in clocks
    ]


def _counted(work: Work, case: Case, clocks: Sequence[Clock]) -> list[ClockRow]:
    """The time limits as they are counted now; by when process is owed for what has left stays as it was."""
    owed = [row for row in work.clocks.of_case(case.id) if row.name == FOLLOW_UP and row.due]
    return [row for row in clock_rows(case, clocks) if not owed or row.name != FOLLOW_UP] + owed


def _moment(due: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    if due is None or isinstance(due, datetime):
        return due
    # A period that ends with a day ends with the last moment of that day.
    return datetime.combine(due, time(23, 59, 59), tzinfo=zone)
