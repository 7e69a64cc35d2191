"""`desk catalogue recount`: what is kept of recordings and cases is counted anew."""

from contextlib import closing
from pathlib import Path

import click

from requests_portal.commands.console import as_json, plainly, settings_file, tell


@click.command()
@settings_file
@as_json
@plainly
def recount(settings: Path, as_json: bool) -> None:  # noqa: FBT001
    """Count anew how many recordings each day has, and read anew how each case stands, in one transaction.

    Whoever enters, erases or decides meanwhile waits until that is done.
    """
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.recount import recount as go  # noqa: PLC0415

    with closing(open_desk(read(settings))) as desk, desk.outside.unit_of_work() as work:
        found = go(work, by=COMMAND_LINE)
    if as_json:
        tell({"days": found.days, "cases": found.cases})
    else:
        click.echo(f"Counted anew. Days that differed: {found.days:,}. Cases that differed: {found.cases:,}.")
