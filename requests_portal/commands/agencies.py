"""`desk agencies`: the directory of authorities, against which a requester is checked."""

from contextlib import closing
from pathlib import Path

import click

from requests_portal.commands.colleague import colleague
from requests_portal.commands.console import plainly, settings_file


@click.group()
def agencies() -> None:
    """The authorities that we know, with the numbers that we found ourselves."""


@agencies.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--proposed-by",
    required=True,
    help="Mail or staff id of who answers for it; somebody else confirms.",
)
@click.option("--reason", default="Import of a file", show_default=True, help="Why; whoever confirms it reads that.")
@settings_file
@plainly
def import_(file: Path, proposed_by: str, reason: str, settings: Path) -> None:
    """Put the agencies of a CSV forward: name,country,state,domains,phones,phones_from,phones_found_on.

    Several domains or phones in one cell are parted by semicolons. The directory has them when another person has
    confirmed them on its page, a day later at the earliest; a wrong line puts nothing forward.
    """
    from requests_portal.agencies_file import read_agencies  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.model.actor import at_the_machine  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.agencies import import_agencies  # noqa: PLC0415

    known = read(settings)
    with closing(open_desk(known)) as desk, desk.outside.unit_of_work() as work:
        by = at_the_machine(colleague(work, proposed_by, known))
        found = read_agencies(file, today=work.today)
        change = import_agencies(work, found.agencies, reason=reason, by=by)
    free = f"{change.free_at:%Y-%m-%d %H:%M} UTC"
    click.echo(f"{len(change.puts)} agencies are put forward. Somebody else can confirm them from {free} on.")
    click.echo(f"/agencies/changes/{change.id}")
