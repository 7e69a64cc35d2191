"""`desk catalogue import`: what it takes, and how it says what became of each line."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from requests_portal.commands.console import BAD, GOOD, as_json, harmless, plainly, settings_file

if TYPE_CHECKING:
    from requests_portal.database.waiting_lines import Refusal
    from requests_portal.importing import Imported


@click.command("import")
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option(
    "--upload-from", type=click.Path(path_type=Path), metavar="DIR", help="Upload the files that lines name, from DIR."
)
@click.option(
    "--keep-good/--all-or-nothing",
    help="Import the good lines though others are refused, or nothing then (so by default).",
)
@settings_file
@as_json
@plainly
def import_(manifest: Path, upload_from: Path | None, settings: Path, *, keep_good: bool, as_json: bool) -> None:
    """Enter a CSV's recordings into the catalogue; what it says already is left, what it contradicts is refused."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.database.waiting_lines import waiting_lines  # noqa: PLC0415
    from requests_portal.importing import import_manifest  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    desk = open_desk(read(settings))
    with waiting_lines(desk.engine) as waiting:
        done = import_manifest(desk, manifest, waiting, upload_from=upload_from, keep_good=keep_good)
        if as_json:
            _as_json(done, waiting.refusals())
        else:
            _in_words(done, waiting.refusals())
    sys.exit(BAD if done.refused else GOOD)


def _as_json(done: "Imported", refusals: Iterable["Refusal"]) -> None:
    """One object; the refusals, of which there can be as many as lines, are written as they come."""
    head = json.dumps(asdict(done), indent=2)
    click.echo(head.removesuffix("\n}") + ',\n  "refusals": [', nl=False)
    for number, each in enumerate(refusals):
        click.echo(("," if number else "") + "\n    " + json.dumps(asdict(each), ensure_ascii=False), nl=False)
    click.echo("\n  ]\n}")


def _in_words(done: "Imported", refusals: Iterable["Refusal"]) -> None:
    for each in refusals:
        where = f"Line {each.line}" + (f", column {each.column}" if each.column else "")
        click.echo(harmless(f"{where}: {each.fault}."), err=True)
    click.echo(
        f"{done.lines:,} lines: {done.imported:,} imported, {done.unchanged:,} known already, {done.refused:,} refused."
    )
    if done.uploaded:
        click.echo(f"{done.uploaded:,} files uploaded.")
    if done.refused and not done.imported:
        click.echo("Nothing was imported. Mend the lines, or import the good ones with --keep-good.")
