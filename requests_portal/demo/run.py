"""`desk demo`: everything started in one folder, seeded afresh, and the address printed."""

import shutil
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from waitress.server import create_server

from requests_portal import invented
from requests_portal.app import Desk, now, open_desk
from requests_portal.demo.seeding import StageClock, finish, our_folder, play_all, stock
from requests_portal.demo.settings import demonstration
from requests_portal.demo.worker import WorkerProcess
from requests_portal.demonstration.people import PERSONAS
from requests_portal.demonstration.world import World, invent
from requests_portal.errors import Conflict
from requests_portal.site import web
from requests_portal.storage.demo_store import DemoStore
from requests_portal.web.portal import Persona

HOST = "127.0.0.1"
THREADS = 8


def run(*, port: int, data: Path, browser: bool) -> None:
    """Start the demonstration and serve it until interrupted."""
    signal.signal(signal.SIGTERM, _interrupt)
    port = _free(port)
    _clear(data)
    click.echo("Making invented customers, recordings and requests …")
    with _started(data, port) as (desk, world, clock):
        cases = play_all(desk, world, clock)
        worker = WorkerProcess(data / "settings.toml")
        worker.start()
        backstage = threading.Thread(target=_backstage, args=(desk, world, cases), daemon=True)
        backstage.start()
        try:
            _serve(_site(desk), port, browser=browser)
        finally:
            worker.stop()


@contextmanager
def _started(data: Path, port: int) -> Iterator[tuple[Desk, World, StageClock]]:
    data.mkdir(parents=True, exist_ok=True)
    store = DemoStore(0, data)
    store.start()
    try:
        settings = demonstration(data.resolve(), endpoint=store.endpoint, public_url=f"http://localhost:{port}")
        settings.write(data / "settings.toml")
        clock = StageClock()
        desk = open_desk(settings, now=clock)
        world = invent(now().date())
        stock(desk, world)
        yield desk, world, clock
    finally:
        store.stop()


def _backstage(desk: Desk, world: World, cases: dict[str, str]) -> None:
    try:
        finish(desk, world, cases)
    except Exception as error:  # noqa: BLE001 — the demonstration goes on; the page shows how far it came
        click.echo(f"The demonstration's later acts stopped ({type(error).__name__}).", err=True)


def _site(desk: Desk) -> Flask:
    personas = tuple(
        Persona(actor=invented.actor(each), title=", ".join(each.roles), try_this=each.try_this) for each in PERSONAS
    )
    return web(desk, staff=lambda: {each.actor.id: each.actor for each in personas}, personas=personas)


def _serve(site: Flask, port: int, *, browser: bool) -> None:
    server = create_server(site, host=HOST, port=port, threads=THREADS)
    address = f"http://localhost:{port}/demo"
    click.echo(f"Disclosure Desk is ready: {address}   (Ctrl-C ends it)")
    sys.stdout.flush()
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run()  # type: ignore[no-untyped-call]


def _clear(data: Path) -> None:
    """Throw an earlier demonstration away; anything else in the folder is refused."""
    if not our_folder(data):
        raise Conflict(f"{data.name} holds files that are not a demonstration's. Name another folder with --data.")
    shutil.rmtree(data, ignore_errors=True)


def _free(port: int) -> int:
    """The port, or a free one where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
