"""Standing: whether what was decided still holds under today's law, today's facts and today's catalogue (I1)."""

from requests_portal.errors import Conflict, NotTheirs
from requests_portal.model.case import AssessmentRecord, Case, FindingRecord
from requests_portal.model.decision import Decision
from requests_portal.model.production import Production
from requests_portal.work.assess import as_record, examine
from requests_portal.work.bound import facts_digest, recipient_digest, words_of_the_answer
from requests_portal.work.policy_in_force import policy_has_ended
from requests_portal.work.ports import Work
from requests_portal.work.selection import Matched, match

# A lawyer who is stopped reads the first reasons; the case page shows all of them once it is assessed again.
MOST_SAID = 3


class MovedOn(Conflict):
    """What was looked at is not what stands now: the law, the facts or the recordings changed."""

    code = "moved_on"


def still_stands(work: Work, case: Case) -> Matched:
    """Refuse unless today's law and today's catalogue give what was decided; returns what they give."""
    decision = case.decision
    if decision is None or case.assessment is None:
        raise MovedOn("This case has no decision that stands. Decide it first.")
    if moved := what_moved(work, case, decision):
        raise MovedOn(f"{' '.join(moved)} Decide the case again.")
    today = as_record(examine(work, case, on=work.today), at=work.now())
    if today.digest != case.assessment.digest:
        why = what_changed(case.assessment, today)
        raise MovedOn(f"The assessment would be different today: {why}. Assess the case again, then decide it.")
    matched = match(work, case, decision.lines)
    if matched.selection.digest != decision.selection.digest:
        raise MovedOn("The recordings that match have changed since the decision. Decide the case again.")
    return matched


def what_moved(work: Work, case: Case, decision: Decision) -> tuple[str, ...]:
    """What was bound with a decision and is not now what it was, besides law and recordings: one sentence for each."""
    if not decision.recipient:
        return ()  # made before these were bound; its lines, findings and selection are compared all the same
    moved = {
        "The standing policy under which it was decided is no longer in force.": policy_has_ended(work, decision),
        "The facts changed since the decision.": facts_digest(case) != decision.facts,
        "Whom we write to changed since the decision.": recipient_digest(work, case) != decision.recipient,
        "The text of the letter changed since the decision.": words_of_the_answer(work, case, decision)
        != decision.letter,
    }
    return tuple(sentence for sentence, applies in moved.items() if applies)


def why_it_fell(work: Work, case: Case) -> str:
    """Why the decision that was made can no longer be approved or leave, in words; empty while it stands."""
    try:
        still_stands(work, case)
    except MovedOn as moved:
        return moved.sentence
    return ""


def still_covers(work: Work, case: Case, production: Production) -> None:
    """Refuse unless the production rests on the decision that stands, and that decision on today's law and facts."""
    if case.decision is not None and production.decision != case.decision.id:
        raise MovedOn("This production rests on an earlier decision. Only what was decided last can leave.")
    if not case.is_cleared:
        raise MovedOn("This production's decision no longer stands. Decide the case again.")
    matched = still_stands(work, case)
    # What was reserved is the decision's to the last recording, whatever happened to the tables since.
    reserved = [(item.recording, item.classes) for item in production.items]
    if reserved != [(each.recording, each.classes) for each in matched.recordings]:
        raise NotTheirs


def what_changed(before: AssessmentRecord, after: AssessmentRecord) -> str:
    """How a later assessment differs, in words for the lawyer who is stopped by it: at most three differences."""
    was, now = _by_rule(before), _by_rule(after)
    said = [f"“{now[rule].title}” now applies" for rule in now.keys() - was.keys()]
    said += [f"“{was[rule].title}” no longer applies" for rule in was.keys() - now.keys()]
    said += [
        f"“{now[rule].title}” is answered otherwise"
        for rule in now.keys() & was.keys()
        if (now[rule].outcome, now[rule].missing) != (was[rule].outcome, was[rule].missing)
    ]
    lines = {record.line.id: (record.disposition, record.proposed) for record in before.lines}
    moved = [
        record.line.id for record in after.lines if lines.get(record.line.id) != (record.disposition, record.proposed)
    ]
    if not said and moved:
        said = [f"the proposal for line {', '.join(moved)} changes"]
    return "; ".join(sorted(said)[:MOST_SAID]) or "the rule book words or cites it differently"


def _by_rule(assessment: AssessmentRecord) -> dict[str, FindingRecord]:
    return {finding.rule: finding for finding in assessment.findings}
