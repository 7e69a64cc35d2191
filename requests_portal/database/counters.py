"""Numbers that are given out once: case references and Bates numbers."""

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from requests_portal.database.tables import counters


def take(session: Session, name: str, count: int) -> int:
    """Take `count` consecutive numbers of the named series (from 1) and return the first of them."""
    # Two that begin a series at once would both insert: the second one's insert does nothing instead.
    begin = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(begin(counters).values(name=name, next=1).on_conflict_do_nothing())
    first = session.execute(select(counters.c.next).where(counters.c.name == name).with_for_update()).scalar_one()
    session.execute(update(counters).where(counters.c.name == name).values(next=first + count))
    return int(first)
