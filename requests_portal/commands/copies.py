"""`desk catalogue copies`: where copies of recordings lie that were made after these were entered."""

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import click

from requests_portal.commands.console import plainly, settings_file
from requests_portal.errors import NotFound

# Lines entered in one transaction.
SOME = 500


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@settings_file
@plainly
def copies(file: Path, settings: Path) -> None:
    """Make known where copies of recordings lie, by the CSV FILE; they go with the recordings, or now if those went."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.storage.copies_csv import Line, copies_in  # noqa: PLC0415
    from requests_portal.storage.manifest_cells import BadManifest  # noqa: PLC0415
    from requests_portal.work.enter_copy import enter_copies, recording_of  # noqa: PLC0415

    def some() -> Iterator[list[Line]]:
        lines = copies_in(file, own_bucket=known.recordings_bucket)
        return iter(lambda: list(islice(lines, SOME)), [])

    known, total = read(settings), 0
    with closing(open_desk(known)) as desk:
        # Nothing is entered of a file with a wrong line.
        for lines in some():
            with desk.outside.reading() as work:
                for number, of, _, _ in lines:
                    try:
                        recording_of(work, of)
                    except NotFound as unknown:
                        raise BadManifest(number, "of_key", "the catalogue has and had no such recording") from unknown
        for lines in some():
            with desk.outside.unit_of_work() as work:
                enter_copies(work, [line[1:] for line in lines])
            total += len(lines)
    click.echo(f"{total:,} copies are known.")
