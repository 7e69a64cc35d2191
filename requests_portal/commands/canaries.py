"""`desk canaries plant`: recordings that no case needs, so that whoever reaches for one is found."""

from contextlib import closing
from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file

MOST = 1000


@click.group()
def canaries() -> None:
    """Recordings that no case needs: whoever reaches for one raises an alarm."""


@canaries.command()
@click.option("--number", type=click.IntRange(1, MOST), required=True, help="How many.")
@settings_file
@plainly
def plant(number: int, settings: Path) -> None:
    """Put invented recordings among the others; which they are is told to nobody."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.planting import plant_canaries  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.storage.recordings import Recordings  # noqa: PLC0415

    with closing(open_desk(read(settings))) as desk:
        store = desk.outside.store
        assert isinstance(store, Recordings)  # noqa: S101 — the composition root put it there
        planted = plant_canaries(desk.ledger, store, number, by=COMMAND_LINE)
    click.echo(f"{planted} planted. Whoever reaches for one is shown under Alarms and by desk doctor.")
