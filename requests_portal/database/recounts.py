"""What triggers keep, compared with reading, and counted anew, in SQL."""

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from requests_portal.database.kept_counts import count_what_is_there, days_that_differ
from requests_portal.database.kept_standing import cases_that_differ, read_what_is_there
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import recording_days, recordings, recounts
from requests_portal.model.recount import Recount

# How many recordings are counted in one statement; an account that has more is counted whole.
PART = 20_000
# In the order in which others go on from one to the next.
COUNTED = "cases, clocks, productions, erasures, recordings"


class SqlRecounts:
    """Fulfils the Recounts port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def part_ends(self, after: str | None) -> str | None:
        """The last account of the part that follows an account, or that is the first; None for what is left."""
        query = select(recordings.c.account).order_by(recordings.c.account).offset(PART).limit(1)
        if after is not None:
            query = query.where(recordings.c.account > after)
        return self._session.execute(query).scalar()

    def days(self, *, after: str | None = None, upto: str | None = None) -> int:
        """On how many days of a device the kept counts differ, of the accounts after one up to another."""
        return days_that_differ(self._session.connection(), after=after, upto=upto)

    def cases(self) -> int:
        """How many cases are kept otherwise than reading tells."""
        return cases_that_differ(self._session.connection())

    def lock(self) -> None:
        """Let nobody change what is counted until the transaction ends; on SQLite nobody else writes anyhow."""
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE {COUNTED} IN SHARE ROW EXCLUSIVE MODE"))

    def count_anew(self) -> None:
        """Keep what reading tells."""
        self._session.execute(delete(recording_days))
        count_what_is_there(self._session.connection())
        read_what_is_there(self._session.connection())

    def put(self, recount: Recount) -> None:
        """Keep a comparison in place of earlier ones; what one showed that began before a later one is forgotten."""
        at = to_text(recount.at)
        self._session.execute(delete(recounts).where(recounts.c.at <= at))
        self._session.execute(insert(recounts).values(at=at, days=recount.days, cases=recount.cases))

    def newest(self) -> Recount | None:
        """The last comparison; None before the first."""
        row = self._session.execute(select(recounts).order_by(recounts.c.at.desc()).limit(1)).first()
        return Recount(at=from_text(row.at), days=row.days, cases=row.cases) if row else None
