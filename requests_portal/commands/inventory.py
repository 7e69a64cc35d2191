"""`desk catalogue reconcile` and `desk catalogue unentered`: the store beside the catalogue."""

from pathlib import Path
from typing import Any

import click

from requests_portal.commands.console import BAD, as_json, harmless, plainly, settings_file, tell

SHOWN = 20
TITLES = {
    "adds": "in the store and not in the catalogue",
    "changes": "changed",
    "missing": "in the catalogue and not in the store",
    "delete_markers": "hidden by a delete marker",
}
KINDS = {
    "not_entered": "not entered",
    "newer_version": "a newer version than the catalogued one",
    "other_size": "another size than the catalogued one",
    "version_gone": "the catalogued version is gone",
    "missing": "missing",
    "delete_marker": "hidden by a delete marker",
}


@click.command()
@click.argument("inventory")
@settings_file
@click.option("--apply", "apply", is_flag=True, help="Look at each key that differs in the store, enter what is known.")
@click.option("--lists", type=click.Path(path_type=Path), help="Where to write all that differs, as CSV.")
@as_json
@plainly
def reconcile(inventory: str, settings: Path, lists: Path | None, apply: bool, as_json: bool) -> None:  # noqa: FBT001
    """Compare the catalogue with an S3 INVENTORY: a manifest.json, its folder, its s3:// address, a CSV or Parquet."""
    from requests_portal.days import now as moment  # noqa: PLC0415 — loads what only this needs
    from requests_portal.reconcile import reconcile as go  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.storage.inventory import opened  # noqa: PLC0415
    from requests_portal.store_access import store_client  # noqa: PLC0415

    known, now = read(settings), moment()
    scratch = Path(known.scratch)
    scratch.mkdir(parents=True, exist_ok=True)
    found = opened(
        inventory,
        client=lambda: store_client(known),
        own_bucket=known.recordings_bucket,
        scratch=scratch,
        now=now,
    )
    report = go(known, found, apply=apply, lists=lists or scratch / f"reconcile-{now:%Y%m%dT%H%M%S}.csv")
    if as_json:
        tell(report.as_json())
    else:
        _say(report.as_json())
    if report.applied and report.applied.unanswered:
        raise SystemExit(BAD)


@click.command()
@settings_file
@as_json
@plainly
def unentered(settings: Path, as_json: bool) -> None:  # noqa: FBT001
    """Show what could not be entered and where store and catalogue differ, each with its reason."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.unentered import unentered as ask  # noqa: PLC0415

    desk = open_desk(read(settings))
    try:
        with desk.outside.reading() as work:
            found = ask(work, limit=SHOWN)
    finally:
        desk.close()
    if as_json:
        tell(found)
    else:
        _say_open(found)


def _say(report: dict[str, Any]) -> None:
    of, when = report["inventory"], report["inventory"]["made_at"] or "at an unknown moment"
    click.echo(f"The inventory of {harmless(of['bucket'])}, made {when}, has {of['rows']:,} rows.")
    click.echo(
        f"{report['catalogued']:,} recordings are catalogued there; {report['same']:,} keys are the same in both."
    )
    if report["later_than_inventory"]:
        click.echo(f"{report['later_than_inventory']:,} were catalogued later and are not in it.")
    for name, title in TITLES.items():
        group = report[name]
        click.echo(f"{group['count']:,} {title}{':' if group['first'] else '.'}")
        for each in group["first"]:
            click.echo(f"  {harmless(each['key'])} ({KINDS[each['kind']]}, version {harmless(each['version_id'])})")
    click.echo(f"All that differs is in {report['lists']}.")
    if report["applied"]:
        done = report["applied"]
        click.echo(f"Entered: {done['entered']:,}. Findings: {done['findings']:,}. No answer: {done['unanswered']:,}.")


def _say_open(found: dict[str, Any]) -> None:
    click.echo(f"Findings that stand: {found['open']:,}.")
    for each in found["counts"]:
        click.echo(f"  {each['count']:,} {KINDS[each['kind']]}, because: {each['reason']}")
    for each in found["findings"]:
        detail = f" ({harmless(each['detail'])})" if each["detail"] else ""
        click.echo(f"{harmless(each['key'])}: {each['reason']}{detail}, since {each['first_seen']}")
    click.echo(f"Messages of the store that could not be read: {found['messages_set_aside']:,}.")
