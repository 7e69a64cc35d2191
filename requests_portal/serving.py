"""`desk serve`: the pages, served by several processes, none of which executes durable work."""

import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from requests_portal.app import open_patiently
from requests_portal.logs import note, take_over, to_standard_error
from requests_portal.people_file import people_in
from requests_portal.scratch import counting_together, keep_clear
from requests_portal.settings import BadSettings, Settings, read

GRACE_SECONDS = 30
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 — gunicorn's own heartbeats, in files without names


def serve(path: Path, *, bind: str, workers: int, threads: int) -> None:
    """Serve the pages until a signal ends it; raises BadSettings for what would not be safe."""
    to_standard_error()
    settings = read(path)
    personas = _refuse_strangers(settings, bind)
    # The tables are there before anybody serves; what is opened here is closed before anybody forks.
    open_patiently(settings).close()
    with counting_together(Path(settings.scratch)):
        options = {
            "bind": bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 120,
            "limit_request_line": 8190,
            "limit_request_fields": 64,
            "forwarded_allow_ips": ",".join(settings.trusted_proxies),
            "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
            "forwarder_headers": "",
            "control_socket_disable": True,
            "accesslog": None,
            "logger_class": _AsEverythingElse,
            "child_exit": _forget,
        }
        note("serving", bind=bind, processes=workers, threads=threads)
        _Server(lambda: _site(settings, personas), options).run()


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told by us and by nothing in its environment."""

    def __init__(self, site: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._site = site
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options alone."""
        self.cfg = Config(prog="desk serve")
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The pages, opened in the process that serves them."""
        return self._site()


class _AsEverythingElse(Logger):  # type: ignore[misc]
    """gunicorn's log, written as everything else is."""

    def setup(self, cfg: Config) -> None:
        """Set the level as gunicorn does, and nothing else."""
        super().setup(cfg)
        take_over(self.error_log)
        take_over(self.access_log)


def _site(settings: Settings, personas: tuple[Any, ...]) -> Flask:
    from requests_portal.site import known_staff, web  # noqa: PLC0415 — what counts requests asks where to count when it loads

    desk = open_patiently(settings)
    # On a machine without a worker nobody else does.
    keep_clear(desk.outside.scratch, now=desk.ledger.now)
    invented = {each.actor.id: each.actor for each in personas}
    staff = (lambda: invented) if personas else known_staff(desk)
    return web(desk, staff=staff, personas=personas, hosts=hosts_of(settings.public_url))


def hosts_of(public_url: str) -> frozenset[str]:
    """The names under which the pages answer, as a browser sends them: it leaves a scheme's own port out."""
    address = urlsplit(public_url)
    name = f"[{address.hostname}]" if ":" in str(address.hostname) else str(address.hostname)
    usual = {"https": 443, "http": 80}[address.scheme]
    return frozenset({name} if address.port in {None, usual} else {f"{name}:{address.port}"})


def _refuse_strangers(settings: Settings, bind: str) -> tuple[Any, ...]:
    """Whom the settings let in with one click: nobody, or those of the people file where only this machine asks."""
    if not settings.demonstration_sign_in:
        return ()
    if not _is_loopback(bind):
        raise BadSettings(
            "demonstration_sign_in lets everybody in; serve it on a loopback address, or set it to false."
        )
    from requests_portal.web.portal import Persona  # noqa: PLC0415 — as above

    return tuple(
        Persona(actor=each, title=", ".join(sorted(each.roles)), try_this="")
        for each in people_in(Path(settings.people))
    )


def _is_loopback(bind: str) -> bool:
    host = bind.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _forget(_arbiter: Arbiter, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 — as above

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
