"""The durable workflow: gather → certify (a person's act) → bundle and sign → verify → record → offer.

Each step may run again after a crash: reading goes to a spool keyed by digest, writing to a key that the production
fixes, and what is recorded is recorded in a transaction of its own under a unique key. Arguments and results are ids
and small values; refusals are recorded on the production, not raised through the workflow.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from dbos import DBOS, SQLAlchemyDatasource
from dbos._error import DBOSException

from requests_portal.errors import Away, Refused
from requests_portal.model.production import DocumentDue, Gathered, Production, ProductionState, SignedDocument
from requests_portal.work import archive as archiving
from requests_portal.work import envelop as enveloping
from requests_portal.work import gather as gathering
from requests_portal.work import produce as production_acts
from requests_portal.work import wait
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.seal import Sealed, seal, seal_document

QUEUE = "desk"
FULL = "There is no room left on our disk. Ask an operator to make room, then start it again."
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
BROKEN = "Something broke on our side while this was worked on. Try again; if it stops again, ask an operator."
# Where a production stands while each workflow is at work on it; a failure that comes later is nobody's.
GATHERED_FROM = frozenset({ProductionState.RESERVED, ProductionState.GATHERING})
SEALED_FROM = frozenset({ProductionState.CERTIFIED, ProductionState.SEALING, ProductionState.WAITING})
InSession = Callable[[Any], AbstractContextManager[Work]]


@dataclass(frozen=True, kw_only=True)
class Durable:
    """What the workflows run on: the outside world, and transactions that commit together with their checkpoint."""

    outside: Outside
    datasource: SQLAlchemyDatasource
    in_session: InSession

    def record(self, name: str, verb: Callable[..., None], *args: Any) -> None:
        """Run a verb in one transaction with the step's own checkpoint: it happens once, or not at all."""

        def in_transaction() -> None:
            with self.in_session(self.datasource.sql_session()) as work:
                verb(work, *args)

        self.datasource.run_tx_step({"name": name, "isolation_level": self._isolation}, in_transaction)

    @property
    def _isolation(self) -> Literal["SERIALIZABLE", "READ COMMITTED"]:
        # PostgreSQL's log is appended to under a lock: having waited for it, the step must see what was committed
        # meanwhile, which a snapshot from before the wait hides. SQLite lets one writer at a time anyway.
        return "READ COMMITTED" if self.datasource.engine.dialect.name == "postgresql" else "SERIALIZABLE"


def register(durable: Durable) -> None:
    """Make the workflows known to the worker under their names."""
    outside, record = durable.outside, durable.record

    @DBOS.step(name="gather_chunk")
    def gather_chunk(production_id: str, start: int, end: int) -> Any:
        return gathering.gather(outside, production_id, start, end)

    # A store that is away for a quarter of an hour delays a hold; it does not lose it.
    @DBOS.step(name="tell_store", retries_allowed=True, max_attempts=10, interval_seconds=1.0, backoff_rate=2.0)
    def tell_store(hold_id: str) -> None:
        gathering.place_hold(outside, hold_id)

    @DBOS.workflow(name="produce")
    def produce(production_id: str) -> None:
        with _failing(durable, production_id, GATHERED_FROM):
            if _stopped(_look(outside, production_id)):
                return
            record("begin_gathering", production_acts.begin_gathering, production_id)
            found: list[Gathered] = []
            for start, end in gathering.chunks(_look(outside, production_id)):
                part = gather_chunk(production_id, start, end)
                if part is None:
                    return
                found.append(part)
            record("record_gathered", production_acts.record_gathered, production_id, found)

    @DBOS.workflow(name="place_hold")
    def place_hold(hold_id: str) -> None:
        tell_store(hold_id)

    _register_seal(durable)
    _register_archive(durable)


def _register_seal(durable: Durable) -> None:
    outside, record = durable.outside, durable.record

    @DBOS.step(name="seal_document")
    def seal_one(production_id: str, due: DocumentDue, earlier: tuple[SignedDocument, ...]) -> Sealed:
        return seal_document(outside, production_id, due, earlier)

    @DBOS.workflow(name="seal")
    def seal_and_offer(production_id: str) -> None:
        with _failing(durable, production_id, SEALED_FROM):
            record("begin_sealing", production_acts.begin_sealing, production_id)
            if _look(outside, production_id).state is not ProductionState.SEALING:
                return
            try:
                sealed = seal(outside, production_id, one=seal_one)
            except Away as away:
                record("record_waiting", wait.record_waiting, production_id, away.sentence)
            else:
                record("record_signed", production_acts.record_signed, production_id, sealed.documents, sealed.seconds)


def _register_archive(durable: Durable) -> None:
    @DBOS.step(name="archive_documents")
    def archive_documents(production_id: str) -> Any:
        return archiving.archive(durable.outside, production_id)

    @DBOS.workflow(name="archive")
    def archive(production_id: str) -> None:
        try:
            copies = archive_documents(production_id)
        except (Refused, OSError) as error:
            DBOS.logger.warning("production %s is not archived yet: %s", production_id, type(error).__name__)
            durable.record("postpone_archive", archiving.postpone, production_id)
            return
        durable.record("record_archived", archiving.record_archived, production_id, copies)

    _register_envelop(durable)


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
    except Refused as refusal:
        durable.record("record_failure", production_acts.record_failure, production_id, refusal.sentence, during)
    except OSError as error:
        if error.errno not in NO_ROOM:
            _broke(durable, production_id, error, during)
            raise
        durable.record("record_failure", production_acts.record_failure, production_id, FULL, during)
    except DBOSException:
        raise  # cancelled, or another worker's: not ours to judge
    except Exception as error:
        _broke(durable, production_id, error, during)
        raise


def _broke(durable: Durable, production_id: str, error: Exception, during: frozenset[ProductionState]) -> None:
    # The type alone: a message may hold personal data.
    DBOS.logger.error("production %s stopped by %s", production_id, type(error).__name__)
    durable.record("record_failure", production_acts.record_failure, production_id, BROKEN, during)


def _look(outside: Outside, production_id: str) -> Production:
    with outside.reading() as work:
        return work.productions.get(production_id)


def _stopped(production: Production) -> bool:
    return production.state is ProductionState.CANCELLED
