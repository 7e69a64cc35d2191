"""The demonstration on stage: a desk stocked and seeded, its worker, and its pages served until interrupted."""

import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask
from waitress.server import create_server

from requests_portal import invented
from requests_portal.app import Desk, open_desk
from requests_portal.days import now
from requests_portal.demo.seeding import Seeding, StageClock
from requests_portal.demo.settings import demonstration
from requests_portal.demo.worker import WorkerProcess
from requests_portal.demonstration.people import PERSONAS
from requests_portal.demonstration.world import invent
from requests_portal.site import web
from requests_portal.web.portal import Persona

THREADS = 8
READY = "Every invented request is where it should be."


def perform(data: Path, *, endpoint: str, host: str, port: int, browser: bool) -> None:
    """Seed a desk in the folder `data`, whose store answers at `endpoint`, and serve it until interrupted."""
    settings = demonstration(data, endpoint=endpoint, public_url=f"http://localhost:{port}")
    settings.write(data / "settings.toml")
    clock = StageClock()
    desk = open_desk(settings, now=clock)
    seeding = Seeding(desk, invent(now().date()), clock, at=now())
    seeding.before_the_first_page()
    worker = WorkerProcess(data / "settings.toml")
    worker.start()
    ending = threading.Event()
    threading.Thread(target=_backstage, args=(seeding, ending), daemon=True).start()
    try:
        _serve(_site(desk), host, port, browser=browser)
    finally:
        ending.set()
        worker.stop()


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
    return web(desk, staff=lambda: {each.actor.id: each.actor for each in personas}, personas=personas)


def _serve(site: Flask, host: str, port: int, *, browser: bool) -> None:
    server = create_server(site, host=host, port=port, threads=THREADS)
    address = f"http://localhost:{port}/demo"
    click.echo(f"Disclosure Desk is ready: {address}   (Ctrl-C ends it)")
    sys.stdout.flush()
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run()
