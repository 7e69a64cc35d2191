"""Who waits for whom on PostgreSQL, so that no two writers wait for each other crosswise; SQLite has one at a time."""

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from requests_portal.database.tables import cases

# Any number that nothing else locks by: entering is one writer at a time.
ENTERING = 88_310


def take_turn_to_enter(session: Session | Connection) -> None:
    """Wait for whoever enters recordings, holds them or erases them; called before anything of it is written.

    What is entered is counted, held and erased again in one transaction: without this, a customer's deletion would hold
    `erasures` and wait for a count, and this transaction the other way round. SQLite lets one writer at a time anyway.
    """
    bound = session.get_bind() if isinstance(session, Session) else session
    if bound.dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ENTERING})
        session.execute(text("LOCK TABLE held_recordings, erasures IN ROW EXCLUSIVE MODE"))


def take_turn_at_case(session: Session, case_id: str) -> None:
    """Wait for whoever changes the case; called before its clocks or productions are written, or its holds are locked.

    Clocks and productions change the case's own row as well (`kept_standing`), and who changes the case goes on to
    them and to its holds: without this, one would hold a production or a hold and wait for the case, and the other
    the other way round.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(cases.c.id).where(cases.c.id == case_id).with_for_update(key_share=True))
