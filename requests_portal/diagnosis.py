"""Looking at a desk: its tables, its durable work, its services, certificates and disks, in a bounded time."""

import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from sqlalchemy.exc import ArgumentError, DBAPIError

from requests_portal.app import Desk, open_desk
from requests_portal.database.engine import connect
from requests_portal.database.schema import is_current
from requests_portal.database.views.operations import SqlOperations
from requests_portal.database.views.running import SqlRunning
from requests_portal.errors import Away, Conflict
from requests_portal.keys.certificates import name_of
from requests_portal.model.actor import Actor
from requests_portal.readiness import Readiness
from requests_portal.settings import DEMONSTRATION, Settings
from requests_portal.storage.buckets import answer
from requests_portal.storage.spool import Spool
from requests_portal.store_access import store_client
from requests_portal.work.doctor import Diagnosis, Disk, Ending, Seen, diagnose
from requests_portal.work.outside import Outside
from requests_portal.work.unstick import GOES_ON, PRODUCE, SEAL
from requests_portal.work.views.operations import Operations, Standing
from requests_portal.work.views.running import Running

CONNECT_SECONDS = 2.0
SQLITE = "sqlite:///"
# Services of others are not asked at every look.
FRESH_SECONDS = 20.0
# A network file system may show for so long that a file is not there.
SIGNED_WITHIN = timedelta(minutes=2)


def open_to_look(settings: Settings) -> Desk:
    """The desk as it is, with nothing made that is missing; raises Away or Conflict where it cannot be looked at."""
    if not (Path(settings.keys) / "log.key").is_file() or is_no_file(settings.database_url):
        raise Conflict("There is no desk here yet. Look at database_url and keys, or run desk setup.")
    try:
        engine = connect(settings.database_url)
        current = is_current(engine)
        engine.dispose()
    except (DBAPIError, ArgumentError) as error:
        raise Away("The database cannot be used. Look at database_url in the settings, and that it runs.") from error
    if not current:
        raise Conflict("The database has the tables of another release. Look at it with that one, or run desk setup.")
    return open_desk(settings)


def is_no_file(url: str) -> bool:
    """Whether it names a file of SQLite that is not there; opening it would make it."""
    return url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).is_file()


def doctor(desk: Desk) -> Callable[[Actor], Diagnosis]:
    """What looks at this desk for somebody, as often as it is asked."""
    services = Readiness(_services(desk), fresh_seconds=FRESH_SECONDS)
    return lambda by: diagnose(_look(desk, services, by))


def _look(desk: Desk, services: Readiness, by: Actor) -> Seen:
    durable, views, settings = desk.outside.durable, SqlOperations(desk.engine), desk.settings
    at = desk.ledger.now()
    before = views.operations(by=by, at=at)
    pieces = list(durable.unended((PRODUCE, SEAL))) if durable else []
    found = views.operations(by=by, at=at)
    running = SqlRunning(desk.engine, durable.version if durable else "").running(at)
    moving = {each.subject for each in pieces if each.is_moving(running.workers, version=running.version, at=at)}
    return Seen(
        at=at,
        running=running,
        found=found,
        stuck=_stuck(before, found, moving),
        answers=services(),
        certificates=tuple(_certificates(desk.outside)),
        disks=tuple(free_disks(settings)),
        elsewhere=tuple(_elsewhere(Spool(Path(settings.spool)), running, at)),
        patience=desk.ledger.house.patience,
        mail_named=bool(settings.mail_host),
        webhooks_named=bool(settings.webhook_secret),
        timestamps_named=bool(settings.tsa_url),
    )


def _stuck(before: Operations, found: Operations, moving: set[str]) -> tuple[Standing, ...]:
    """What should go on by itself, did not change while the durable work was read, and is in none of that."""
    same = {(each.id, each.version) for each in before.standing}
    return tuple(
        each
        for each in found.standing
        if each.state in GOES_ON and (each.id, each.version) in same and each.id not in moving
    )


def _services(desk: Desk) -> dict[str, Callable[[], bool]]:
    settings = desk.settings
    store = store_client(settings, attempts=1, connect_seconds=1.0, read_seconds=2.0)
    asked: dict[str, Callable[[], bool]] = {
        "database": partial(is_current, desk.engine),
        "store": partial(answer, store, settings.recordings_bucket, settings.vault_bucket),
        "spool": Spool(Path(settings.spool)).is_writable,
    }
    if settings.tsa_url and settings.tsa_url != DEMONSTRATION:
        asked["timestamps"] = partial(_listens, settings.tsa_url)
    if settings.mail_host and desk.outside.post is not None:
        asked["mail"] = desk.outside.post.check
    return asked


def _listens(url: str) -> bool:
    """Whether somebody listens there; a timestamp may cost money, so none is asked for."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    socket.create_connection((parts.hostname or "", port), timeout=CONNECT_SECONDS).close()
    return True


def _elsewhere(spool: Spool, running: Running, at: datetime) -> Iterator[str]:
    """The living workers that left their names in another spool than the one that is seen here."""
    for each in running.alive:
        if at - each.began_at > SIGNED_WITHIN and not spool.is_signed(each.name, each.id):
            yield each.name


def _certificates(outside: Outside) -> list[Ending]:
    stamping = outside.timestamper.certificates_pem if outside.timestamper else ()
    pems = dict.fromkeys((outside.signer.certificate_pem, *outside.signer.chain_pem, *stamping))
    found = [x509.load_pem_x509_certificate(pem) for pem in pems]
    return [Ending(name=name_of(each), at=each.not_valid_after_utc) for each in found]


def free_disks(settings: Settings) -> list[Disk]:
    """The free bytes for each purpose; one disk is named once."""
    places = {"spool": settings.spool, "scratch files": settings.scratch}
    if settings.database_url.startswith(SQLITE):
        places = {"database": str(Path(settings.database_url.removeprefix(SQLITE)).parent)} | places
    disks: dict[int, Disk] = {}
    for name, place in places.items():
        if Path(place).is_dir():
            disks.setdefault(Path(place).stat().st_dev, Disk(name=name, free=shutil.disk_usage(place).free))
    return list(disks.values())
