"""Standing: whether what was decided still holds under today's law, today's facts and today's catalogue (I1)."""

from requests_portal.errors import Conflict
from requests_portal.model.case import Case
from requests_portal.model.production import Production
from requests_portal.work.assess import examine, substance
from requests_portal.work.ports import Work
from requests_portal.work.selection import match


class MovedOn(Conflict):
    """What was looked at is not what stands now: the law, the facts or the recordings changed."""

    code = "moved_on"


def still_stands(work: Work, case: Case) -> None:
    """Refuse unless today's law and today's catalogue give what was decided."""
    decision = case.decision
    if decision is None or case.assessment is None:
        raise MovedOn("This case has no decision that stands. Decide it first.")
    if substance(examine(work, case, on=work.today)) != case.assessment.digest:
        raise MovedOn("The assessment would be different today. Assess the case again, then decide it.")
    if match(work, case, decision.lines).selection.digest != decision.selection.digest:
        raise MovedOn("The recordings that match have changed since the decision. Decide the case again.")


def still_covers(work: Work, case: Case, production: Production) -> None:
    """Refuse unless the production rests on the decision that stands, and that decision on today's law and facts."""
    if case.decision is not None and production.decision != case.decision.id:
        raise MovedOn("This production rests on an earlier decision. Only what was decided last can leave.")
    if not case.is_cleared:
        raise MovedOn("This production's decision no longer stands. Decide the case again.")
    still_stands(work, case)
