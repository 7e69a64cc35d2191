"""`desk diagnostics`: what to send to whoever helps."""

from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file
from requests_portal.errors import Conflict


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--log", type=click.Path(path_type=Path), help="A log that serve or worker wrote; its last 2000 lines.")
@settings_file
@plainly
def diagnostics(file: Path, log: Path | None, settings: Path) -> None:
    """Write a package without personal data to the new FILE: versions, counts, faults, rounds and workers."""
    from requests_portal.days import now  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.diagnostics import write_package  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    if file.exists():
        raise Conflict(f"{file.name} is there already. Name a new file.")
    told = write_package(file, read(settings), at=now(), log=log)
    for name, part in told.items():
        if isinstance(part, dict) and set(part) == {"failed"}:
            click.echo(f"! {name} could not be looked at ({part['failed']}).")
    click.echo(f"✓ {file.name} is written. Look through it before you send it.")
