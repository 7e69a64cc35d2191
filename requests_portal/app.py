"""The composition root: settings → the outside world → the verbs' ports → Flask, or a worker."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import uuid_utils
from dbos import DBOS, DBOSClient, EnqueueOptions, SQLAlchemyDatasource
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from legal_rules.edition import Edition, shipped
from requests_portal import house_keys
from requests_portal.database.audit_store import LogIdentity
from requests_portal.database.engine import connect
from requests_portal.database.schema import prepare
from requests_portal.database.unit_of_work import Ledger
from requests_portal.days import now, working_days
from requests_portal.errors import Conflict
from requests_portal.flow import QUEUE, Durable, register
from requests_portal.keys.log_key import LogKey
from requests_portal.settings import Settings
from requests_portal.storage.client import s3_client
from requests_portal.storage.letters import FolderLetters
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.spool import Spool
from requests_portal.storage.vault import Retention, Vault
from requests_portal.work.adopt_edition import set_up
from requests_portal.work.outside import Outside
from requests_portal.work.ports import AT_ONCE, House

# Pending work of another version is never picked up silently: raise this when a workflow's steps change.
FLOW_VERSION = "2"
DRAIN_SECONDS = 5
POLL_SECONDS = 0.2


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
    """Put a desk together; makes missing tables, and connects to nothing until it is used."""
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
    )
    _set_up(ledger)
    return Desk(settings=settings, engine=engine, ledger=ledger, outside=_outside(settings, ledger), client=client)


@contextmanager
def worker(desk: Desk, *, name: str) -> Iterator[None]:
    """Run the durable workflows in this process, under a stable name, until the block ends."""
    url = desk.settings.database_url
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
    engine = connect(url)
    datasource = SQLAlchemyDatasource.create(url, engine=engine, run_migrations=False)
    register(Durable(outside=desk.outside, datasource=datasource, in_session=desk.ledger.in_session))
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=POLL_SECONDS)
    try:
        yield
    finally:
        DBOS.destroy(workflow_completion_timeout_sec=DRAIN_SECONDS)
        engine.dispose()


def templates() -> Path:
    """The folder of pages and letters: beside the packages in a source tree, inside the package when installed."""
    package = Path(__file__).parent
    beside = package.parent / "templates"
    return beside if beside.is_dir() else package / "templates"


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
        approval_above=settings.approval_above,
        link_days=settings.link_days,
        place=settings.place,
    )


def _retention(settings: Settings, ledger: Ledger) -> Retention:
    period = timedelta(days=settings.vault_retention_days)
    return Retention(mode=settings.vault_retention_mode, period=period, now=ledger.now)


def _outside(settings: Settings, ledger: Ledger) -> Outside:
    client = s3_client(
        endpoint=settings.store_endpoint or None,
        region=settings.store_region,
        access_key=settings.store_access_key or None,
        secret_key=settings.store_secret_key or None,
    )
    for folder in (settings.spool, settings.scratch):
        Path(folder).mkdir(parents=True, exist_ok=True)
    by = house_keys.signer(settings, at=ledger.now())
    stamped_by = house_keys.timestamper(settings, now=ledger.now)
    return Outside(
        unit_of_work=ledger.unit_of_work,
        reading=ledger.reading,
        store=Recordings(client, settings.recordings_bucket),
        vault=Vault(client, settings.vault_bucket, retention=_retention(settings, ledger)),
        spool=Spool(Path(settings.spool)),
        scratch=Path(settings.scratch),
        signer=by,
        timestamper=stamped_by,
        retired=house_keys.retired(settings),
        revocations=partial(house_keys.revocations, settings),
        ending=lambda at: house_keys.ending_soon(by, stamped_by, at=at),
    )
