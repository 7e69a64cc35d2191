"""Whoever enters recordings on PostgreSQL takes its turn, so that no two writers wait for each other crosswise."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

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
