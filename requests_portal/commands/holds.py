"""`desk holds …`: whether the store holds what it must, and the other numbers of customers' accounts."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from requests_portal.commands.colleague import colleague
from requests_portal.commands.console import BAD, GOOD, as_json, plainly, settings_file
from requests_portal.errors import Refused, Unusable

HEADER = ["account", "alias"]
LONGEST_LINE = 1000


@click.group()
def holds() -> None:
    """What is kept from deletion: ask the store about it, enter other numbers of accounts."""


@holds.command()
@settings_file
@as_json
@plainly
def check(settings: Path, as_json: bool) -> None:  # noqa: FBT001 — an option of the command line
    """Ask the store about every live hold, and say where it disagrees; exits with 1 where it does."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.settings import read  # noqa: PLC0415

    counted = {"holds": 0, "versions": 0, "held": 0, "disagree": 0}
    with closing(open_desk(read(settings))) as desk:
        show = _as_json if as_json else _in_words
        show(_disagreements(desk.outside, counted), counted)
    sys.exit(BAD if counted["disagree"] else GOOD)


@holds.command()
@click.argument("pairs", type=click.Path(path_type=Path))
@click.option("--entered-by", required=True, help="The mail address or staff id of who answers for them.")
@settings_file
@as_json
@plainly
def aliases(pairs: Path, entered_by: str, settings: Path, as_json: bool) -> None:  # noqa: FBT001
    """Enter the PAIRS of a CSV with the columns account and alias: two numbers of one account; all of them or none."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.model.actor import SYSTEM  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.alias import enter_alias  # noqa: PLC0415

    entered = known = 0
    read_settings = read(settings)
    with closing(open_desk(read_settings)) as desk, desk.outside.unit_of_work() as work:
        who = colleague(work, entered_by, read_settings)
        for number, account, alias in _pairs(pairs):
            try:
                is_new = enter_alias(work, account, alias, entered_by=who.id, by=SYSTEM)
            except Refused as refusal:
                raise Unusable(f"Line {number}: {refusal.sentence} Nothing was entered.") from refusal
            entered, known = entered + is_new, known + (not is_new)
    if as_json:
        click.echo(json.dumps({"entered": entered, "known_already": known}))
    else:
        click.echo(f"{entered:,} aliases entered, {known:,} known already.")


def _pairs(path: Path) -> Iterator[tuple[int, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader((line[:LONGEST_LINE] for line in file), strict=True)
        try:
            if next(rows, None) != HEADER:
                raise Unusable(f"The first line of {path.name} is not: {','.join(HEADER)}.")
            for row in rows:
                if len(row) != len(HEADER):
                    raise Unusable(f"Line {rows.line_num} has not two columns. Nothing was entered.")
                yield rows.line_num, row[0], row[1]
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unusable(f"Line {rows.line_num + 1} of {path.name} is no UTF-8 CSV. Nothing was entered.") from error


def _disagreements(outside: Any, counted: dict[str, int]) -> Iterator[dict[str, str]]:
    """What the store says otherwise, as it is asked; `counted` grows on the way."""
    from requests_portal.model.hold import Answer  # noqa: PLC0415
    from requests_portal.work.ask_store import answers  # noqa: PLC0415

    with outside.reading() as work:
        now, live = work.now(), work.holds.live()
    for hold in live:
        counted["holds"] += 1
        for version, answer in answers(outside, hold.id, asked_before=now):
            counted["versions"] += 1
            agrees = answer is Answer.HELD
            counted["held" if agrees else "disagree"] += 1
            if not agrees:
                yield {"hold": hold.id, "recording": version.recording, "version": version.version_id, "store": answer}


def _as_json(found: Iterator[dict[str, str]], counted: dict[str, int]) -> None:
    click.echo('{"disagreements": [', nl=False)
    for number, each in enumerate(found):
        click.echo(("," if number else "") + "\n  " + json.dumps(each), nl=False)
    click.echo(f'\n], "counted": {json.dumps(counted)}}}')


def _in_words(found: Iterator[dict[str, str]], counted: dict[str, int]) -> None:
    for each in found:
        click.echo(f"{each['recording']} under hold {each['hold']}: the store says {each['store']}.")
    click.echo(
        f"{counted['holds']:,} live holds, {counted['versions']:,} versions: {counted['held']:,} held, "
        f"{counted['disagree']:,} not."
    )
    if counted["disagree"]:
        click.echo("A worker tells the store again what it let go of; what is gone is named on the page of its hold.")
