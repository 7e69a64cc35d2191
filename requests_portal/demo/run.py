"""`desk demo`: everything started in one folder, seeded afresh or gone on with, and the address printed."""

import signal
import socket
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

from requests_portal.demo.folder import KeptFolder, cleared, kept
from requests_portal.demo.settings import STORE_KEY
from requests_portal.storage import seaweed
from requests_portal.storage.demo_store import DemoStore

HOST = "127.0.0.1"
MAKING = "Making invented customers, recordings and requests …"
GOING_ON = "Going on with the demonstration in {} …"
ENDED = "The demonstration has ended."


def run(*, port: int, data: Path, browser: bool) -> None:
    """Start the demonstration and serve it until interrupted; raises Conflict for a folder it may not have."""
    _heed_interrupts()
    with suppress(KeyboardInterrupt), cleared(data):
        free = _said_free(port)
        click.echo(MAKING)
        _run(free, data.resolve(), browser=browser)
    click.echo(ENDED)


def run_kept(*, port: int, data: Path, browser: bool) -> None:
    """The same with a store on the disk: a later start in the folder goes on with what was left in it."""
    seaweed.installed()
    _heed_interrupts()
    with suppress(KeyboardInterrupt), kept(data.resolve()) as folder:
        free = _said_free(port)
        click.echo(GOING_ON.format(data.name) if folder.is_complete else MAKING)
        _run_kept(free, folder, browser=browser)
    click.echo(ENDED)


def _heed_interrupts() -> None:
    # A shell that starts us in the background has us ignore interrupts.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _interrupt)


def _run_kept(port: int, folder: KeptFolder, *, browser: bool) -> None:
    store = seaweed.SeaweedStore(folder.path / "store", access_key=STORE_KEY, secret_key=STORE_KEY)
    store.launch()
    try:
        from requests_portal.demo.performance import perform_kept  # noqa: PLC0415 — as below

        store.start()
        perform_kept(folder, endpoint=store.endpoint, host=HOST, port=port, browser=browser)
    finally:
        store.stop()


def _run(port: int, data: Path, *, browser: bool) -> None:
    store = DemoStore(0, data)
    store.launch()
    try:
        # While the store loads its libraries, we load ours.
        from requests_portal.demo.performance import perform  # noqa: PLC0415

        store.start()
        perform(data, endpoint=store.endpoint, host=HOST, port=port, browser=browser)
    finally:
        store.stop()


def _said_free(port: int) -> int:
    free = _free(port)
    if port not in {0, free}:
        click.echo(f"Port {port} is taken, so this demonstration uses {free}.")
    return free


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
