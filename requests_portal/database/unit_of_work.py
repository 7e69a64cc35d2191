"""One transaction for one act: everything a verb touched is kept together, with its audit entries, or nothing is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from legal_rules.counting import Calendars
from legal_rules.edition import Edition
from requests_portal.database.absent_buckets import SqlAbsentBuckets
from requests_portal.database.agencies import SqlAgencies
from requests_portal.database.aliases import SqlAliases
from requests_portal.database.attempts import SqlAttempts
from requests_portal.database.audit_store import LogIdentity, SqlAudit
from requests_portal.database.canaries import SqlCanaries
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.clocks import SqlClocks
from requests_portal.database.drafts import SqlDrafts
from requests_portal.database.duties import SqlEscalations, SqlRoster
from requests_portal.database.editions import SqlEditions
from requests_portal.database.engine import reading
from requests_portal.database.erasures import SqlErasures
from requests_portal.database.heard import SqlHearings
from requests_portal.database.holds import SqlHolds
from requests_portal.database.in_store import SqlInStore
from requests_portal.database.listening import SqlListening, SqlSilenceSteps
from requests_portal.database.listening_reports import SqlListeningReports
from requests_portal.database.lock_probes import SqlLockProbes
from requests_portal.database.messages import SqlMessages
from requests_portal.database.named_agents import SqlNamedAgents
from requests_portal.database.notices import SqlNotices
from requests_portal.database.officer_checks import SqlOfficerChecks
from requests_portal.database.on_record import SqlAssessments
from requests_portal.database.paper_marks import SqlPaperMarks
from requests_portal.database.passkeys import SqlChallenges, SqlOneTimeLinks, SqlPasskeys
from requests_portal.database.people import SqlCustomers, SqlRecordSets
from requests_portal.database.productions import SqlProductions
from requests_portal.database.pseudonyms import SqlPseudonyms
from requests_portal.database.recalls import SqlRecalls
from requests_portal.database.record_sources import NamedSource
from requests_portal.database.recounts import SqlRecounts
from requests_portal.database.refusals import SqlRefusals
from requests_portal.database.review_choices import SqlReviewChoices
from requests_portal.database.rounds import SqlRounds
from requests_portal.database.sessions import SqlSentForms, SqlSessions
from requests_portal.database.staff import SqlStaff
from requests_portal.database.standing_policies import SqlStandingPolicies
from requests_portal.database.transcript_notes import SqlTranscriptNotes
from requests_portal.database.workers import SqlWorkers
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
    # By class; what is not named here comes from the desk's own tables.
    record_sources: Mapping[str, NamedSource] = field(default_factory=dict)

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
            catalogue=SqlCatalogue(session, now=self.now),
            erasures=SqlErasures(session),
            review_choices=SqlReviewChoices(session),
            transcript_notes=SqlTranscriptNotes(session),
            pseudonyms=SqlPseudonyms(session),
            in_store=SqlInStore(session),
            recounts=SqlRecounts(session),
            record_sets=SqlRecordSets(session, self.record_sources),
            clocks=SqlClocks(session),
            holds=SqlHolds(session),
            aliases=SqlAliases(session),
            absent_buckets=SqlAbsentBuckets(session),
            agencies=SqlAgencies(session),
            named_agents=SqlNamedAgents(session),
            officer_checks=SqlOfficerChecks(session),
            paper_marks=SqlPaperMarks(session),
            lock_probes=SqlLockProbes(session),
            listening=SqlListening(session),
            hearings=SqlHearings(session),
            listening_reports=SqlListeningReports(session),
            canaries=SqlCanaries(session),
            silence_steps=SqlSilenceSteps(session),
            audit=audit,
            drafts=SqlDrafts(session),
            messages=SqlMessages(session),
            notices=SqlNotices(session),
            roster=SqlRoster(session),
            escalations=SqlEscalations(session),
            refusals=SqlRefusals(session),
            rounds=SqlRounds(session),
            workers=SqlWorkers(session),
            customers=SqlCustomers(session),
            sessions=SqlSessions(session),
            sent_forms=SqlSentForms(session),
            staff=SqlStaff(session),
            passkeys=SqlPasskeys(session),
            one_time_links=SqlOneTimeLinks(session),
            challenges=SqlChallenges(session),
            attempts=SqlAttempts(session),
            queue=self.queue(session),
            letters=self.letters,
            editions=SqlEditions(session, self.on_offer),
            standing_policies=SqlStandingPolicies(session),
            assessments=SqlAssessments(session),
            house=self.house,
            now=self.now,
            new_id=self.new_id,
            calendars=self.calendars,
        )
        audit.flush()
