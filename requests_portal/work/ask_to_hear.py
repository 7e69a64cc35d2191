"""Ask to hear: a lawyer lets the reviewers hear the recordings of a case, and says why that is needed."""

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.listening import Needed, ToHear
from requests_portal.work.ports import Work


def reasons(case: Case) -> tuple[Needed, ...]:
    """Why recordings of the case may have to be heard."""
    if case.is_by_person_heard:
        # The recordings are not theirs alone to choose about.
        return (Needed.LAW,)
    if case.track is Track.DATA_SUBJECT:
        return Needed.CUSTOMERS_CHOICE, Needed.LAW
    return (Needed.DEMAND,)


def ask_to_hear(work: Work, case_id: str, *, needed: Needed, words: str, by: Actor) -> ToHear:
    """Put the case's recordings before the reviewers until it is answered, or until they need not be heard."""
    by = by.must(Act.ASK_TO_HEAR)
    case = work.cases.get(case_id, by=by)
    if not case.is_open:
        raise Conflict("This request is answered; nothing of it has to be heard any longer.")
    if needed not in reasons(case):
        raise Unusable("Choose why somebody has to listen.")
    if needed is Needed.LAW and not words.strip():
        raise Unusable("Name the law that needs it.")
    asked = ToHear(case=case.id, needed=needed, words=words.strip(), by=by.id, at=work.now())
    work.listening.ask(asked)
    work.audit.add(
        "hearing_asked",
        by=by,
        case=case.id,
        words={"needed": str(needed)},
        private={"words": asked.words},
    )
    return asked


def end_hearing(work: Work, case_id: str, *, by: Actor) -> None:
    """Nobody need hear the case's recordings any longer; grants for a customer's request end with it."""
    by = by.must(Act.ASK_TO_HEAR)
    case = work.cases.get(case_id, by=by)
    if work.listening.asked(case.id) is None:
        return
    work.listening.end(case.id)
    work.audit.add("hearing_ended", by=by, case=case.id)
