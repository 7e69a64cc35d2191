"""One transaction for one act: everything a verb touched is kept together, with its audit entries, or nothing is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from legal_rules.counting import Calendars
from legal_rules.edition import Edition
from requests_portal.database.audit_store import LogIdentity, SqlAudit
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.clocks import SqlClocks
from requests_portal.database.drafts import SqlDrafts
from requests_portal.database.editions import SqlEditions
from requests_portal.database.engine import reading
from requests_portal.database.holds import SqlHolds
from requests_portal.database.listening import SqlListening, SqlSilenceSteps
from requests_portal.database.on_record import SqlAssessments
from requests_portal.database.people import SqlCustomers, SqlRecordSets
from requests_portal.database.productions import SqlProductions
from requests_portal.database.recalls import SqlRecalls
from requests_portal.work.ports import House, Letters, Queue, Work


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything a unit of work needs besides its session."""

    engine: Engine
    log: LogIdentity
    on_offer: Callable[[], Edition]
    house: House
    letters: Letters
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_salt: Callable[[], bytes]
    calendars: Calendars
    queue: Callable[[Session], Queue]

    @contextmanager
    def unit_of_work(self) -> Iterator[Work]:
        """Yield a Work; commit at the end, or nothing happened."""
        with Session(self.engine) as session, session.begin(), self.in_session(session) as work:
            yield work

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Yield a Work for looking only: nothing it writes is kept."""
        with Session(reading(self.engine)) as session, self.in_session(session) as work:
            yield work

    @contextmanager
    def in_session(self, session: Session) -> Iterator[Work]:
        """Yield a Work inside a transaction that somebody else commits."""
        audit = SqlAudit(session, log=self.log, now=self.now, new_id=self.new_id, new_salt=self.new_salt)
        yield Work(
            cases=SqlCases(session),
            productions=SqlProductions(session),
            recalls=SqlRecalls(session),
            catalogue=SqlCatalogue(session),
            record_sets=SqlRecordSets(session),
            clocks=SqlClocks(session),
            holds=SqlHolds(session),
            listening=SqlListening(session),
            silence_steps=SqlSilenceSteps(session),
            audit=audit,
            drafts=SqlDrafts(session),
            customers=SqlCustomers(session),
            queue=self.queue(session),
            letters=self.letters,
            editions=SqlEditions(session, self.on_offer),
            assessments=SqlAssessments(session),
            house=self.house,
            now=self.now,
            new_id=self.new_id,
            calendars=self.calendars,
        )
        audit.flush()
