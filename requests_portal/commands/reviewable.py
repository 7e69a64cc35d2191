"""`desk catalogue reviewable`: which recordings people may review."""

from contextlib import closing
from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file

MOST = 10_000_000


@click.command()
@settings_file
@click.option("--most", type=click.IntRange(1, MOST), default=1000, show_default=True, help="How many are named.")
@click.option("--after", default="", help="Go on after this recording.")
@plainly
def reviewable(settings: Path, most: int, after: str) -> None:
    """Name recordings that people may review, one id a line: none of a customer who wants no human review.

    The choices are read as each thousand is named. Whoever reviews asks again before each day's work: a list of
    yesterday knows nothing of what was chosen since.
    """
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.choose_review import reviewable as ask  # noqa: PLC0415

    with closing(open_desk(read(settings))) as desk:
        for part in ask(desk.outside, after=after, most=most, by=COMMAND_LINE):
            click.echo("\n".join(part))
