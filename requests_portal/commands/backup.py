"""`desk backup` and `desk restore`: a desk on SQLite put away while it runs, and put back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from requests_portal.commands.console import BAD, GOOD, first_bytes, harmless, plainly, settings_file

if TYPE_CHECKING:
    from requests_portal.in_vault import InVault
    from requests_portal.restore import Restored

BIGGEST_CHECKPOINT = 64 * 1024
SECRETS = (
    "! It holds secrets: the keys that sign, the passwords in the settings, and everybody's personal data. "
    "Encrypt it before it leaves this machine."
)


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@settings_file
@plainly
def backup(dest: Path, settings: Path) -> None:
    """Put database, settings and keys into a new folder DEST while the desk runs (SQLite)."""
    from requests_portal.backup import back_up  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.days import now  # noqa: PLC0415

    made = back_up(settings, dest, at=now())
    click.echo(f"✓ {len(made.files)} files, and the audit log up to its entry {made.log_size}, are in {dest.name}.")
    click.echo(SECRETS)
    click.echo("Recordings, papers and signed documents are in the store, which has copies of its own.")


@click.command()
@click.argument("src", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="A new folder for everything, with settings of its own.")
@click.option("--settings", type=click.Path(path_type=Path), help="Settings that say where database and keys go.")
@click.option("--older", type=click.Path(path_type=Path), multiple=True, help="A checkpoint you kept; may be repeated.")
@click.option("--check-store", is_flag=True, help="Ask the store for the documents and papers that the database names.")
@plainly
def restore(src: Path, into: Path | None, settings: Path | None, older: tuple[Path, ...], check_store: bool) -> None:  # noqa: FBT001 — click passes flags so
    """Put back what is in the backup SRC, once all of it is as it was and its audit log is whole."""
    from requests_portal.restore import NotWhole, restore_as, restore_into  # noqa: PLC0415 — as above

    if (into is None) == (settings is None):
        raise click.UsageError("Say where to restore to: either --into FOLDER or --settings FILE.")
    kept = [first_bytes(path, BIGGEST_CHECKPOINT).decode(errors="replace") for path in older]
    try:
        found = restore_into(src, into, older=kept) if into else restore_as(src, settings or Path(), older=kept)
    except NotWhole as refusal:
        click.echo(harmless(refusal.sentence), err=True)
        sys.exit(BAD)
    _say(found)
    if check_store:
        sys.exit(_look_into_store(found))


def _say(found: "Restored") -> None:
    manifest = found.manifest
    click.echo(f"✓ {len(manifest.files)} files are as they were backed up at {manifest.taken_at}.")
    click.echo(f"✓ The database is sound, and its audit log of {manifest.log_size} entries is whole.")
    count = sum(each.count for each in found.pending)
    click.echo(f"! {count} pieces of work had not ended then and go on when a worker starts{'.' if not count else ':'}")
    for each in found.pending:
        by = f" by {harmless(each.worker)}" if each.worker else ""
        click.echo(f"  {each.count} {each.state}{by}, of version {harmless(each.version)}")
    click.echo(
        "! What was filed, decided or signed since then is not in here: compare the cases with your mail and the vault."
        " Make sure that the desk it was taken from runs nowhere, then run desk doctor, then start the workers."
    )


def _look_into_store(found: "Restored") -> int:
    from requests_portal.backup import database_file  # noqa: PLC0415 — as above
    from requests_portal.in_vault import look_into_vault  # noqa: PLC0415

    seen = look_into_vault(found.settings, database_file(found.settings))
    _say_store(seen)
    return BAD if seen.missing else GOOD


def _say_store(seen: "InVault") -> None:
    which = "all" if seen.all_asked else "the first"
    click.echo(
        f"{'✗' if seen.missing else '✓'} The store lacks {seen.missing} of {which} {seen.asked} objects asked for."
    )
    for each in seen.named:
        click.echo(f"  {harmless(each)}")
    if seen.missing > len(seen.named):
        click.echo(f"  and {seen.missing - len(seen.named)} more")
