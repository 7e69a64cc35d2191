"""The demonstration on stage: a desk stocked and seeded, its worker, and its pages served until interrupted."""

import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from flask import Flask
from waitress.server import create_server

from requests_portal import invented
from requests_portal.app import Desk, open_desk
from requests_portal.days import now
from requests_portal.demo.folder import KeptFolder
from requests_portal.demo.seeding import Seeding, StageClock
from requests_portal.demo.settings import demonstration
from requests_portal.demo.worker import WorkerProcess
from requests_portal.demonstration.filing import Scenario
from requests_portal.demonstration.people import PERSONAS
from requests_portal.demonstration.scenarios import scenarios
from requests_portal.demonstration.world import World, invent
from requests_portal.settings import Settings, read
from requests_portal.site import known_staff, web
from requests_portal.web.portal import Persona

THREADS = 8
SETTINGS = "settings.toml"
WHERE = ("store_endpoint", "public_url", "database_url", "keys", "spool", "scratch")
# The world at a moment, and the requests that are told of it.
Telling = Callable[[datetime], tuple[World, Sequence[Scenario]]]
READY = "Every invented request is where it should be."


def whole_world(at: datetime) -> tuple[World, Sequence[Scenario]]:
    """Everything invented, and every request."""
    world = invent(at.date())
    return world, scenarios(world, at)


def perform(data: Path, *, endpoint: str, host: str, port: int, browser: bool) -> None:
    """Seed a desk in the folder `data`, whose store answers at `endpoint`, and serve it until interrupted."""
    settings = demonstration(data, endpoint=endpoint, public_url=_address(port))
    settings.write(data / SETTINGS)
    desk, seeding = _begun(settings, whole_world)
    seeding.before_the_first_page()
    ending = threading.Event()
    with _working(data):
        threading.Thread(target=_backstage, args=(seeding, ending), daemon=True).start()
        try:
            _serve(_site(desk), host, port, browser=browser)
        finally:
            ending.set()


def perform_kept(folder: KeptFolder, *, endpoint: str, host: str, port: int, browser: bool) -> None:
    """Go on with the desk that the folder keeps, or make it, and serve it until interrupted."""
    with kept_desk(folder, endpoint=endpoint, public_url=_address(port)) as desk:
        _serve(_site(desk), host, port, browser=browser)


@contextmanager
def kept_desk(folder: KeptFolder, *, endpoint: str, public_url: str, telling: Telling = whole_world) -> Iterator[Desk]:
    """The folder's desk with its worker at work; nobody acts in it before everything invented is in its place."""
    settings = demonstration(folder.path, endpoint=endpoint, public_url=public_url)
    if folder.is_complete:
        settings = _as_it_was(read(folder.path / SETTINGS), moved_to=settings)
    _write_whole(settings, folder.path / SETTINGS)
    if folder.is_complete:
        with _working(folder.path):
            yield open_desk(settings)
        return
    desk, seeding = _begun(settings, telling)
    seeding.before_the_first_page()
    with _working(folder.path):
        seeding.behind_the_pages()
        folder.complete()
        yield desk


def _begun(settings: Settings, telling: Telling) -> tuple[Desk, Seeding]:
    clock, at = StageClock(), now()
    desk = open_desk(settings, now=clock)
    world, told = telling(at)
    return desk, Seeding(desk, world, clock, told=told, at=at)


def _as_it_was(settings: Settings, *, moved_to: Settings) -> Settings:
    """The settings, but for where things are: the store takes other ports, and the folder may have been moved."""
    return replace(settings, **{name: getattr(moved_to, name) for name in WHERE})


def _write_whole(settings: Settings, path: Path) -> None:
    """Write the file so that a kill leaves the old one or the new one: no other has the secret key."""
    beside = path.with_suffix(".new")
    settings.write(beside)
    beside.replace(path)


@contextmanager
def _working(data: Path) -> Iterator[None]:
    worker = WorkerProcess(data / SETTINGS)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _address(port: int) -> str:
    return f"http://localhost:{port}"


def _backstage(seeding: Seeding, ending: threading.Event) -> None:
    try:
        seeding.behind_the_pages()
    except Exception as error:  # noqa: BLE001 — the demonstration goes on; the pages show how far it came
        if not ending.is_set():
            click.echo(f"The demonstration's later acts stopped ({type(error).__name__}).", err=True)
    else:
        click.echo(READY)
        sys.stdout.flush()


def _site(desk: Desk) -> Flask:
    personas = tuple(
        Persona(actor=invented.actor(each), title=", ".join(each.roles), try_this=each.try_this) for each in PERSONAS
    )
    invented_people = {each.actor.id: each.actor for each in personas}
    known = known_staff(desk)
    # What Robin changes of somebody's roles holds; customers are none of the staff.
    return web(desk, staff=lambda: invented_people | known(), personas=personas)


def _serve(site: Flask, host: str, port: int, *, browser: bool) -> None:
    server = create_server(site, host=host, port=port, threads=THREADS)
    address = f"{_address(port)}/demo"
    click.echo(f"Disclosure Desk is ready: {address}   (Ctrl-C ends it)")
    sys.stdout.flush()
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run()
