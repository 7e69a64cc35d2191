"""The durable workflow: gather → certify (a person's act) → bundle and sign → verify → record → offer.

Each step may run again after a crash: reading goes to a spool keyed by digest, writing to a key that the production
fixes, and what is recorded is recorded in a transaction of its own under a unique key. Arguments and results are ids
and small values; refusals are recorded on the production, not raised through the workflow. What a standing policy
decided, and nothing else, goes on by itself where a person's act would follow.
"""

import errno
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

from dbos import DBOS, SQLAlchemyDatasource
from dbos._error import DBOSException, DBOSStepNondeterminismError, DBOSUnexpectedStepError

from requests_portal.errors import Away, Refused
from requests_portal.model.production import DocumentDue, Gathered, ProductionState, SignedDocument
from requests_portal.storage.refusals import StoreUnavailable
from requests_portal.work import answer as answering
from requests_portal.work import archive as archiving
from requests_portal.work import ask_store as asking
from requests_portal.work import delete_erased as deleting
from requests_portal.work import envelop as enveloping
from requests_portal.work import gather as gathering
from requests_portal.work import produce as production_acts
from requests_portal.work import read_records as reading
from requests_portal.work import tell_store as telling
from requests_portal.work import wait
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.seal import Sealed, due_of, seal, seal_document

QUEUE = "desk"
log = logging.getLogger(__name__)
FULL = "There is no room left on our disk. Ask an operator to make room, then start it again."
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
AWAY = "The store of recordings does not answer."
BROKEN = "Something broke on our side while this was worked on. Try again; if it stops again, ask an operator."
# Where a production stands while each workflow is at work on it; a failure that comes later is nobody's.
GATHERED_FROM = frozenset({ProductionState.RESERVED, ProductionState.GATHERING})
SEALED_FROM = frozenset({ProductionState.CERTIFIED, ProductionState.SEALING, ProductionState.WAITING})
AWAY_SECONDS = 1.0
# How long a store that is away is waited for, before the production stops with a sentence.
STORE_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)
# The steps on record are not those that this release would make.
ASTRAY = (DBOSStepNondeterminismError, DBOSUnexpectedStepError)
# For as long as it takes: a day and more.
PATIENT_ATTEMPTS = 100_000
P = ParamSpec("P")
R = TypeVar("R")
InSession = Callable[[Any], AbstractContextManager[Work]]


@dataclass(frozen=True, kw_only=True)
class Durable:
    """What the workflows run on: the outside world, and transactions that commit together with their checkpoint."""

    outside: Outside
    datasource: SQLAlchemyDatasource
    in_session: InSession
    # Whether an error says only that the database does not answer for now.
    is_away: Callable[[BaseException], bool]

    def record(self, name: str, verb: Callable[..., None], *args: Any) -> None:
        """Run a verb in one transaction with the step's own checkpoint: it happens once, or not at all."""

        def in_transaction() -> None:
            with self.in_session(self.datasource.sql_session()) as work:
                verb(work, *args)

        self.datasource.run_tx_step({"name": name, "isolation_level": self._isolation}, in_transaction)

    def step(self, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A step that may run again after a crash, and waits for a database that is away: nothing else can be done."""
        return DBOS.step(
            name=name,
            retries_allowed=True,
            max_attempts=PATIENT_ATTEMPTS,
            interval_seconds=AWAY_SECONDS,
            backoff_rate=1.0,
            should_retry=self.is_away,
        )

    def patiently(self, look: Callable[[], R]) -> R:
        """What is read between two steps, as soon as the database answers."""
        while True:
            try:
                return look()
            except Exception as error:
                if not self.is_away(error):
                    raise
                log.warning("the database does not answer; looking again")
                time.sleep(AWAY_SECONDS)

    @property
    def _isolation(self) -> Literal["SERIALIZABLE", "READ COMMITTED"]:
        # PostgreSQL's log is appended to under a lock: having waited for it, the step must see what was committed
        # meanwhile, which a snapshot from before the wait hides. SQLite lets one writer at a time anyway.
        return "READ COMMITTED" if self.datasource.engine.dialect.name == "postgresql" else "SERIALIZABLE"


def register(durable: Durable) -> None:
    """Make the workflows known to the worker under their names."""
    _register_produce(durable)
    _register_holds(durable)
    _register_seal(durable)
    _register_archive(durable)
    _register_erase(durable.outside)


def _register_produce(durable: Durable) -> None:
    outside, record = durable.outside, durable.record

    @durable.step("gather_chunk")
    def gather_chunk(production_id: str, start: int, end: int) -> Any:
        part = gathering.gather(outside, production_id, start, end)
        _refuse_for_an_absent_store(outside, part)
        return part

    def gather_patiently(production_id: str, start: int, end: int) -> Any:
        for pause in STORE_PAUSES:
            try:
                return gather_chunk(production_id, start, end)
            except StoreUnavailable:
                DBOS.sleep(pause)
        return gather_chunk(production_id, start, end)

    @durable.step("read_records")
    def read_records(production_id: str) -> str | None:
        return reading.read_records(outside, production_id)

    @DBOS.workflow(name="produce")
    def produce(production_id: str) -> None:
        with _failing(durable, production_id, GATHERED_FROM):
            record("begin_gathering", production_acts.begin_gathering, production_id)
            state, total = _standing(durable, production_id)
            if state is not ProductionState.GATHERING:
                return
            found: list[Gathered] = []
            for start, end in gathering.chunks(total):
                part = gather_patiently(production_id, start, end)
                if part is None:
                    return
                found.append(part)
            _with_records(lambda: read_records(production_id))
            record("record_gathered", production_acts.record_gathered, production_id, found)
        _go_on(durable, production_id)


def _go_on(durable: Durable, production_id: str) -> None:
    """Take what the policy decided one step on; a refusal leaves it to people, and ends no workflow."""
    try:
        durable.record("go_on", answering.go_on, production_id)
    except Refused as refusal:
        log.warning("production %s is left to people: %s", production_id, refusal.code)
        durable.record("leave_to_people", answering.leave_to_people, production_id)


def _with_records(read: Callable[[], str | None]) -> None:
    """Ask the record sets' sources until they answer; raises Away when they have not in a quarter of an hour."""
    for pause in reading.PAUSES:
        sentence = read()
        if sentence is None:
            return
        DBOS.sleep(pause)
    if sentence := read():
        raise Away(sentence)


def _register_holds(durable: Durable) -> None:
    outside = durable.outside

    # What the store does not confirm is told again by a round, until it does.
    @DBOS.step(name="tell_store", retries_allowed=True, max_attempts=10, interval_seconds=1.0, backoff_rate=2.0)
    def tell_store(hold_id: str) -> None:
        telling.tell_store(outside, hold_id)

    @DBOS.workflow(name="place_hold")
    def place_hold(hold_id: str) -> None:
        tell_store(hold_id)

    @DBOS.step(name="ask_store", retries_allowed=True, max_attempts=10, interval_seconds=1.0, backoff_rate=2.0)
    def ask_store(hold_id: str) -> None:
        asking.ask_store(outside, hold_id)

    @DBOS.workflow(name="ask_store")
    def ask_about_hold(hold_id: str) -> None:
        ask_store(hold_id)


def _register_seal(durable: Durable) -> None:
    outside, record = durable.outside, durable.record

    @durable.step("seal_document")
    def seal_one(production_id: str, due: DocumentDue, earlier: tuple[SignedDocument, ...]) -> Sealed:
        return seal_document(outside, production_id, due, earlier)

    @DBOS.workflow(name="seal")
    def seal_and_offer(production_id: str) -> None:
        with _failing(durable, production_id, SEALED_FROM):
            record("begin_sealing", production_acts.begin_sealing, production_id)
            if _standing(durable, production_id)[0] is not ProductionState.SEALING:
                return
            try:
                due = durable.patiently(lambda: due_of(outside, production_id))
                sealed = seal(outside, production_id, one=seal_one, due=due)
            except (Away, StoreUnavailable) as away:
                record("record_waiting", wait.record_waiting, production_id, away.sentence)
            else:
                record("record_signed", production_acts.record_signed, production_id, sealed.documents, sealed.seconds)
        _go_on(durable, production_id)


def _register_archive(durable: Durable) -> None:
    @durable.step("archive_documents")
    def archive_documents(production_id: str) -> Any:
        return archiving.archive(durable.outside, production_id)

    @DBOS.workflow(name="archive")
    def archive(production_id: str) -> None:
        try:
            copies = archive_documents(production_id)
        except (Refused, OSError) as error:
            log.warning("production %s is not archived yet: %s", production_id, type(error).__name__)
            durable.record("postpone_archive", archiving.postpone, production_id)
            return
        durable.record("record_archived", archiving.record_archived, production_id, copies)

    _register_envelop(durable)


def _register_erase(outside: Outside) -> None:
    # What is not deleted now is by a round.
    @DBOS.step(name="delete_erased")
    def delete_erased() -> None:
        deleting.delete_erased(outside)

    @DBOS.workflow(name="erase")
    def erase(_erasure: str) -> None:
        delete_erased()


def _register_envelop(durable: Durable) -> None:
    @DBOS.step(name="make_envelopes", retries_allowed=True, max_attempts=10, interval_seconds=1.0, backoff_rate=2.0)
    def make_envelopes(release_id: str) -> Any:
        return enveloping.envelop(durable.outside, release_id)

    @DBOS.workflow(name="envelop")
    def envelop(release_id: str) -> None:
        durable.record("record_envelopes", enveloping.record_envelopes, make_envelopes(release_id))


@contextmanager
def _failing(durable: Durable, production_id: str, during: frozenset[ProductionState]) -> Iterator[None]:
    """Whatever ends the work leaves a clear state of the production, with a sentence that says what to do."""
    try:
        yield
    except StoreUnavailable as away:
        durable.record("record_failure", wait.record_absent_store, production_id, away.sentence)
    except Refused as refusal:
        said = (refusal.sentence, during, refusal.code)
        durable.record("record_failure", production_acts.record_failure, production_id, *said)
    except OSError as error:
        if error.errno not in NO_ROOM:
            _broke(durable, production_id, error, during)
            raise
        durable.record("record_failure", production_acts.record_failure, production_id, FULL, during)
    except ASTRAY as error:
        # What was done so far is not what these steps say: no step can be recorded any more, the failure can.
        log.error("production %s cannot go on: %s", production_id, type(error).__name__)  # noqa: TRY400
        with durable.outside.unit_of_work() as work:
            production_acts.record_failure(work, production_id, BROKEN, during)
        raise
    except DBOSException:
        raise  # the worker ends, or the work is another's: not ours to judge
    except Exception as error:
        _broke(durable, production_id, error, during)
        raise


def _broke(durable: Durable, production_id: str, error: Exception, during: frozenset[ProductionState]) -> None:
    # The type alone: a message may hold personal data.
    log.error("production %s stopped by %s", production_id, type(error).__name__)
    durable.record("record_failure", production_acts.record_failure, production_id, BROKEN, during)


def _refuse_for_an_absent_store(outside: Outside, part: Gathered | None) -> None:
    if part is not None and not gathering.is_answered(outside, part):
        raise StoreUnavailable(AWAY)


def _standing(durable: Durable, production_id: str) -> tuple[ProductionState, int]:
    def look() -> tuple[ProductionState, int]:
        with durable.outside.reading() as work:
            return work.productions.standing(production_id)

    return durable.patiently(look)
