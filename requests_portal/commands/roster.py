"""`desk roster`: who is on call."""

from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file


@click.group()
def roster() -> None:
    """Who is on call, and is woken by a request that nobody claims."""


@roster.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@settings_file
@plainly
def import_(file: Path, settings: Path) -> None:
    """Replace the roster by that of a CSV: who,mail,webhook,from,until,zone,order; a wrong line keeps the old one."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.roster_file import read_roster  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.put_roster import put_roster  # noqa: PLC0415

    found = read_roster(file)
    with open_desk(read(settings)).outside.unit_of_work() as work:
        put_roster(work, found.duties, sha256=found.sha256, by=COMMAND_LINE)
    click.echo(f"{len(found.duties)} duties are on the roster now.")


@roster.command()
@settings_file
@plainly
def show(settings: Path) -> None:
    """Say whom a request that nobody claims wakes now, in order."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.duty import to_call  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    with open_desk(read(settings)).outside.reading() as work:
        called = to_call(work.roster.all(), work.house.patience.last_resort, work.now())
    for number, each in enumerate(called, start=1):
        click.echo(f"{number}. {each.who}: {', '.join(each.addresses)}")
    if not called:
        click.echo("Nobody. Import a roster, or name last_resort in the settings.")
