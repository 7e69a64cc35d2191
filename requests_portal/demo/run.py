"""`desk demo`: everything started in one folder, seeded afresh, and the address printed."""

import signal
import socket
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

from requests_portal.demo.folder import cleared
from requests_portal.storage.demo_store import DemoStore

HOST = "127.0.0.1"


def run(*, port: int, data: Path, browser: bool) -> None:
    """Start the demonstration and serve it until interrupted; raises Conflict for a folder it may not have."""
    # A shell that starts us in the background has us ignore interrupts.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _interrupt)
    with suppress(KeyboardInterrupt), cleared(data):
        free = _free(port)
        if port not in {0, free}:
            click.echo(f"Port {port} is taken, so this demonstration uses {free}.")
        click.echo("Making invented customers, recordings and requests …")
        _run(free, data.resolve(), browser=browser)
    click.echo("The demonstration has ended.")


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
