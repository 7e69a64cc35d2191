"""The composition root: settings → the outside world → the verbs' ports → Flask, or a worker."""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import uuid_utils
from dbos import DBOS, DBOSClient, EnqueueOptions, SQLAlchemyDatasource, WorkflowStatus
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from legal_rules.edition import Edition, shipped
from requests_portal import house_keys, house_post
from requests_portal.arenas import share_arenas
from requests_portal.database.audit_store import LogIdentity
from requests_portal.database.engine import connect, is_away
from requests_portal.database.schema import prepare
from requests_portal.database.unit_of_work import Ledger
from requests_portal.days import now, working_days
from requests_portal.errors import Away, Conflict
from requests_portal.events import listening
from requests_portal.flow import QUEUE, Durable, register
from requests_portal.keys.log_key import LogKey
from requests_portal.lease import Lease, Seat, held, seated
from requests_portal.model.piece import Piece
from requests_portal.model.worker import Worker
from requests_portal.record_access import record_sources
from requests_portal.rounds import going_round
from requests_portal.settings import FAST, BadSettings, Settings
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.letters import FolderLetters
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.spool import Spool
from requests_portal.storage.vault import Retention, Vault
from requests_portal.store_access import event_queue, objects_in, own_place, store_address, store_client
from requests_portal.work.adopt_edition import set_up
from requests_portal.work.outside import Outside
from requests_portal.work.ports import AT_ONCE, House

# Pending work of another version is never picked up silently: raise this when a workflow's steps change, or how many
# items one of them takes.
FLOW_VERSION = "3"
DRAIN_SECONDS = 5
POLL_SECONDS = 0.2
SEATS = "workers"
PIECES = 500
AWAY_SECONDS = 1.0
NO_DATABASE = "The database cannot be used. Look at database_url in the settings."
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One company's desk, put together: its transactions, its outside world and its settings."""

    settings: Settings
    engine: Engine
    ledger: Ledger
    outside: Outside
    client: DBOSClient

    def close(self) -> None:
        """Let go of the database; for whoever opens more than one desk in a process."""
        self.client.destroy()
        self.engine.dispose()


def open_desk(settings: Settings, *, now: Callable[[], datetime] = now) -> Desk:
    """Put a desk together; makes missing tables, and asks nothing else of the world. Raises Away without a database."""
    try:
        return _put_together(settings, now)
    except ArgumentError as error:
        raise BadSettings(NO_DATABASE) from error
    except DBAPIError as error:
        raise Away(NO_DATABASE) from error


def _put_together(settings: Settings, now: Callable[[], datetime]) -> Desk:
    engine = connect(settings.database_url)
    prepare(engine)
    DBOS.migrate(settings.database_url)
    SQLAlchemyDatasource.migrate(settings.database_url)
    client = DBOSClient(system_database_url=settings.database_url)
    ledger = Ledger(
        engine=engine,
        log=LogIdentity(origin=settings.log_origin, key=LogKey.load_or_make(Path(settings.keys) / "log.key")),
        on_offer=partial(_on_offer, settings),
        house=_house(settings),
        letters=FolderLetters(templates() / "letters"),
        now=now,
        new_id=lambda: str(uuid_utils.uuid7()),
        new_salt=partial(secrets.token_bytes, 32),
        calendars=working_days,
        queue=lambda session: _Enqueued(client, session),
        record_sources=record_sources(settings),
    )
    _set_up(ledger)
    return Desk(
        settings=settings, engine=engine, ledger=ledger, outside=_outside(settings, ledger, client), client=client
    )


def open_patiently(settings: Settings, *, stop: Callable[[], bool] = lambda: False) -> Desk:
    """Put a desk together as soon as its database answers; SQLite is there, or it is not."""
    while True:
        try:
            return open_desk(settings)
        except Away as away:
            passes = away.__cause__ is not None and is_away(away.__cause__)
            if stop() or settings.database_url.startswith("sqlite") or not passes:
                raise
            log.warning("the database does not answer; trying again")
            time.sleep(AWAY_SECONDS)


@contextmanager
def worker(desk: Desk, *, name: str) -> Iterator[Lease]:
    """Run the durable workflows and the rounds in this process, under a stable name, until the block ends."""
    with name_held(desk, name) as lease, working(desk, lease, drain_seconds=DRAIN_SECONDS):
        yield lease


@contextmanager
def name_held(desk: Desk, name: str) -> Iterator[Lease]:
    """Hold a worker's name until the block ends; raises NameTaken while another worker of the name is alive."""
    with seated(Path(desk.settings.scratch) / SEATS, name) as seat:
        _must_share(desk, seat)
        at = desk.ledger.now()
        starting = Worker(
            name=name,
            id=desk.ledger.new_id(),
            seat=seat.id,
            machine=seat.machine,
            version=FLOW_VERSION,
            began_at=at,
            beat_at=at,
        )
        with held(desk.outside, starting, now=desk.ledger.now) as lease:
            yield lease


@contextmanager
def working(desk: Desk, lease: Lease, *, drain_seconds: int) -> Iterator[None]:
    """Execute workflows and rounds until the block ends; what has begun then gets so long to finish."""
    share_arenas()
    url, name = desk.settings.database_url, lease.worker.name
    _sign_spool(desk, lease.worker)
    engine = connect(url)
    # Whatever happens from here on, the durable runtime ends with the block: a process has only one of it.
    try:
        DBOS(
            config={
                "name": "disclosure-desk",
                "system_database_url": url,
                "application_version": FLOW_VERSION,
                "executor_id": name,
                "log_level": "WARNING",
                "scheduler_polling_interval_sec": 3600.0,
            }
        )
        datasource = SQLAlchemyDatasource.create(url, engine=engine, run_migrations=False)
        in_session, outside = desk.ledger.in_session, desk.outside
        register(Durable(outside=outside, datasource=datasource, in_session=in_session, is_away=is_away))
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=POLL_SECONDS)
        with going_round(outside, by=name, now=desk.ledger.now), _hearing_events(desk):
            yield
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=drain_seconds)
        engine.dispose()


def _sign_spool(desk: Desk, worker: Worker) -> None:
    try:
        Spool(Path(desk.settings.spool)).sign(worker.name, worker.id)
    except OSError as error:
        # A disk that is full is said elsewhere, and ends no worker.
        log.warning("the spool was not signed: %s", type(error).__name__)


def give_back(desk: Desk, name: str) -> int:
    """Put what a worker of this name has begun and not finished back into the queue; only for whoever holds the name.

    An execution that should still go on somewhere records nothing more: its work has another owner then.
    """
    begun = desk.client.list_workflows(status="PENDING", executor_id=name, load_input=False, load_output=False)
    if begun:
        desk.client.resume_workflows([each.workflow_id for each in begun], queue_name=QUEUE)
    return len(begun)


def _hearing_events(desk: Desk) -> AbstractContextManager[None]:
    settings = desk.settings
    if not settings.events_queue:
        return nullcontext()
    objects, queue = objects_in(settings, own_place(settings)), event_queue(settings)
    return listening(desk.outside, objects, queue, new_id=desk.ledger.new_id)


def templates() -> Path:
    """The folder of pages and letters: beside the packages in a source tree, inside the package when installed."""
    package = Path(__file__).parent
    beside = package.parent / "templates"
    return beside if beside.is_dir() else package / "templates"


def _must_share(desk: Desk, seat: Seat) -> None:
    """Refuse to share SQLite with another machine: it locks files on one machine alone."""
    if desk.engine.dialect.name != "sqlite":
        return
    with desk.ledger.reading() as work:
        others = [each for each in work.workers.all() if each.machine != seat.machine]
    if any(each.is_alive(desk.ledger.now()) for each in others):
        raise Conflict("A worker on another machine uses this SQLite file. Use PostgreSQL for more than one machine.")


class _Enqueued:
    """Fulfils the Queue port: the work is enqueued in the caller's own transaction."""

    def __init__(self, client: DBOSClient, session: Session) -> None:
        self._client = client
        self._session = session

    def enqueue(self, workflow: str, subject: str, *, after: timedelta = AT_ONCE) -> None:
        """Have the workflow run on this subject once the transaction has committed, and that long after."""
        options: EnqueueOptions = {"queue_name": QUEUE, "workflow_name": workflow, "app_version": FLOW_VERSION}
        if after > AT_ONCE:
            options["delay_seconds"] = after.total_seconds()
        self._client.enqueue_in_transaction(self._session, options, subject)


class _Unended:
    """Fulfils the DurableWork port."""

    version = FLOW_VERSION

    def __init__(self, client: DBOSClient) -> None:
        self._client = client

    def unended(self, workflows: Sequence[str]) -> Iterator[Piece]:
        """Every piece of these workflows that has not ended, oldest first."""
        for start in count(0, PIECES):
            found = self._client.list_workflows(
                status=["PENDING", "ENQUEUED", "DELAYED"],
                name=list(workflows),
                limit=PIECES,
                offset=start,
                load_output=False,
            )
            yield from (_piece(each) for each in found if each.input and each.input["args"])
            if len(found) < PIECES:
                return

    def cancel(self, pieces: Sequence[Piece]) -> None:
        """End these pieces; whoever should still be at one records nothing more."""
        if pieces:
            self._client.cancel_workflows([each.id for each in pieces])


def _piece(found: WorkflowStatus) -> Piece:
    begun = found.status == "PENDING"
    return Piece(
        id=found.workflow_id,
        workflow=found.name,
        subject=str(found.input["args"][0]) if found.input else "",
        version=found.app_version or "",
        worker=(found.executor_id or "") if begun else "",
        at=datetime.fromtimestamp((found.created_at or 0) / 1000, UTC),
    )


def _set_up(ledger: Ledger) -> None:
    # Of two processes that start at once only one sets up; the other finds it done.
    with suppress(Conflict), ledger.unit_of_work() as work:
        set_up(work)


def _on_offer(settings: Settings) -> Edition:
    return shipped(Path(settings.house_policy) if settings.house_policy else None)


def _house(settings: Settings) -> House:
    return House(
        name=settings.house_name,
        address=settings.house_address,
        bates_prefix=settings.bates_prefix,
        public_url=settings.public_url,
        link_days=settings.link_days,
        place=settings.place,
        zone=settings.zone,
        patience=house_post.patience(settings),
    )


def _retention(settings: Settings, ledger: Ledger) -> Retention:
    period = timedelta(days=settings.vault_retention_days)
    return Retention(mode=settings.vault_retention_mode, period=period, now=ledger.now)


def _outside(settings: Settings, ledger: Ledger, durable: DBOSClient) -> Outside:
    client = store_client(settings)
    for folder in (settings.spool, settings.scratch):
        Path(folder).mkdir(parents=True, exist_ok=True)
    fast = FastReader(**store_address(settings)) if settings.reader == FAST else None
    by = house_keys.signer(settings, at=ledger.now())
    stamped_by = house_keys.timestamper(settings, now=ledger.now)
    return Outside(
        unit_of_work=ledger.unit_of_work,
        reading=ledger.reading,
        store=Recordings(client, settings.recordings_bucket, fast=fast),
        vault=Vault(client, settings.vault_bucket, retention=_retention(settings, ledger)),
        spool=Spool(Path(settings.spool)),
        scratch=Path(settings.scratch),
        signer=by,
        timestamper=stamped_by,
        retired=house_keys.retired(settings),
        revocations=partial(house_keys.revocations, settings),
        durable=_Unended(durable),
        post=house_post.post(settings, templates() / "mail", now=ledger.now),
        ending=lambda at: house_keys.ending_soon(by, stamped_by, at=at),
    )
