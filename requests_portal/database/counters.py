"""Numbers that are given out once: case references and Bates numbers."""

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.tables import counters


def take(session: Session, name: str, count: int) -> int:
    """Take `count` consecutive numbers of the named series (from 1) and return the first of them."""
    first = session.execute(select(counters.c.next).where(counters.c.name == name).with_for_update()).scalar()
    if first is None:
        session.execute(insert(counters).values(name=name, next=1 + count))
        return 1
    session.execute(update(counters).where(counters.c.name == name).values(next=first + count))
    return int(first)
