"""Which cases exist for somebody: one condition for every query, and the same for one case."""

from sqlalchemy import ColumnElement, not_, or_, select, true
from sqlalchemy.orm import Session

from requests_portal.database.tables import case_people, cases, to_hear
from requests_portal.model.actor import Act, Actor, Role, Whose
from requests_portal.model.case import Case, Track


def visible(by: Actor) -> ColumnElement[bool]:
    """The cases that are not sealed, and the sealed ones that name the actor; the desk's own processes see all."""
    if Role.SYSTEM in by.roles:
        return true()
    named = select(case_people.c.case_id).where(case_people.c.person == by.id)
    return or_(not_(cases.c.sealed), cases.c.id.in_(named))


def people_of(session: Session, case_id: str) -> tuple[str, ...]:
    """Who alone may know of the case; nobody where it is not sealed."""
    rows = select(case_people.c.person).where(case_people.c.case_id == case_id).order_by(case_people.c.person)
    return tuple(session.execute(rows).scalars())


def may_see(by: Actor, track: Track, account: str | None, named: tuple[str, ...] = ()) -> bool:
    """Whether the case exists for this actor: customers see only their own requests, never an authority's."""
    if Role.SYSTEM in by.roles or (_is_within(by, named) and by.may(Act.READ_CASE, _whose(named))):
        return True
    is_theirs = account is not None and account == by.account
    return is_theirs and track is Track.DATA_SUBJECT and by.may(Act.READ_OWN, Whose.OWN)


def may_hear(session: Session, case: Case, by: Actor) -> bool:
    """Whether the case's recordings exist for the actor: a reviewer's are those of open cases that ask to be heard."""
    if may_see(by, case.track, case.account, case.named):
        return not by.is_customer
    reviews = _is_within(by, case.named) and by.may(Act.LISTEN, _whose(case.named))
    asked = select(to_hear.c.case_id).where(to_hear.c.case_id == case.id)
    return reviews and case.is_open and session.execute(asked).first() is not None


def may_know(by: Actor, track: Track, account: str | None, named: tuple[str, ...] = ()) -> bool:
    """Whether the actor may know of the case by its reference: who keeps the portal running needs no more of it."""
    knows = _is_within(by, named) and by.may(Act.READ_OPERATIONS, _whose(named))
    return knows or may_see(by, track, account, named)


def _is_within(by: Actor, named: tuple[str, ...]) -> bool:
    return not named or by.id in named


def _whose(named: tuple[str, ...]) -> Whose:
    return Whose.SEALED if named else Whose.OTHERS
