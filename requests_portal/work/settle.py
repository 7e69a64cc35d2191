"""Settle: what is left out of a facially valid order names who agreed, or the motion and its date."""

from collections.abc import Sequence
from dataclasses import replace

from legal_rules.disposition import ASK
from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord, Case, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.decision import LineDecision
from requests_portal.model.settlement import Settlement
from requests_portal.model.silence import Silence
from requests_portal.work.ports import Work

CLOCK = "settle"
# A court has ordered it: a letter of ours alone does not suspend it.
ORDERED = frozenset({"search_warrant", "d_order", "court_order", "wiretap_order", "pen_register_order"})
# Grounds on which the paper itself does not bind us.
OF_THE_PAPER = frozenset(
    {
        "UNSIGNED",
        "MISSING_ISSUER",
        "ISSUER_NOT_COMPETENT",
        "EXPIRED",
        "WRONG_JURISDICTION",
        "NOT_DOMESTICATED",
        "WRONG_ENTITY",
        "AUTHENTICITY",
        "IMPROPER_SERVICE",
        "FOREIGN_NO_TREATY",
        "INSTRUMENT_NOT_IN_FORCE",
        "SHIELD_LAW",
        "STATUTORY_FORM_MISSING",
    }
)
# What does not exist cannot be left out.
NOT_THERE = frozenset({"data_never_held"})


def must_be_settled(
    case: Case, assessment: AssessmentRecord, lines: Sequence[LineDecision], silences: Sequence[Silence] = ()
) -> bool:
    """Whether less leaves than a facially valid order reaches and the law permits; what is silenced does not leave."""
    if not binds(case, assessment):
        return False
    if silences:
        return True
    decided = {line.line: line.scope for line in lines}
    return any(
        record.permitted is not None
        and record.line.data_class not in NOT_THERE
        and decided.get(record.line.id) != record.permitted
        for record in assessment.lines
    )


def binds(case: Case, assessment: AssessmentRecord) -> bool:
    """Whether the paper is an order of a court in which nothing found speaks against its validity."""
    ordered = case.track is Track.LEGAL_DEMAND and case.facts.get("process") in ORDERED
    found = {finding.ground for finding in assessment.findings if finding.outcome != ASK}
    return ordered and not found & OF_THE_PAPER


def clock_until_settled(work: Work, case: Case, settlement: Settlement | None) -> None:
    """Let a clock run to the day on which the paper must be answered, while what is left out is only raised."""
    if settlement is None or settlement.is_settled:
        return
    rows = [row for row in work.clocks.of_case(case.id) if row.name != CLOCK]
    answer = next((row for row in rows if row.name == "answer"), None)
    due = answer.due if answer else None
    working = ("To be agreed with the issuer, or brought before the court, by the day on which the answer is due.",)
    work.clocks.replace(case.id, [*rows, ClockRow(case=case.id, name=CLOCK, due=due, working=working)])


def settle(work: Work, case_id: str, settlement: Settlement, *, by: Actor) -> Case:
    """Record who agreed to what is left out, or the motion; raises Conflict where nothing waits to be settled."""
    by = by.must(Act.DECIDE)
    case = work.cases.get(case_id, by=by)
    decision = case.decision
    if decision is None or decision.settlement is None or decision.settlement.is_settled:
        raise Conflict("Nothing waits to be settled in this case. Reload the page to see where it stands.")
    settled = settlement.checked(work.today)
    if not settled.is_settled:
        raise Conflict("That is how it stands already. Record who agreed, or the motion that was filed.")
    work.clocks.met(case.id, CLOCK, work.now())
    record(work, case, settled, decision.digest, by)
    return work.cases.put(replace(case, decision=replace(decision, settlement=settled)))


def record(work: Work, case: Case, settlement: Settlement, decision: str, by: Actor) -> None:
    """Write to the audit log how it is settled that less leaves; names and numbers stay private."""
    work.audit.add(
        "left_out_settled",
        by=by,
        case=case.id,
        subjects={"decision": decision},
        words={"way": settlement.way},
        private={"who": settlement.who, "on": str(settlement.on or ""), "number": settlement.number},
    )
