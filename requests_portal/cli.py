"""The `desk` command: what people run, and what outside checks run."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

import legal_rules.book
from legal_rules.facts import FACTS
from requests_portal.commands import COMMANDS
from requests_portal.commands.console import BAD, GOOD, as_json, first_bytes, plainly, settings_file, stop, tell
from requests_portal.commands.facts_file import day_of, facts_in
from requests_portal.days import working_days

BIGGEST_CERTIFICATE = 64 * 1024
BIGGEST_CHECKPOINT = 64 * 1024


@click.group()
@click.version_option(package_name="disclosure-desk")
def main() -> None:
    """Disclosure Desk: answers demands and access requests for voice recordings, and proves it."""


for each in COMMANDS:
    main.add_command(each)


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True)
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option(
    "--store",
    type=click.Choice(["moto", "seaweedfs"]),
    default="moto",
    show_default=True,
    help="seaweedfs keeps everything in DATA, and a later start goes on with it.",
)
@plainly
def demo(port: int, data: Path, no_browser: bool, store: str) -> None:  # noqa: FBT001 — click passes flags so
    """Start everything with invented data, seeded afresh, and print the address."""
    from requests_portal.demo import run  # noqa: PLC0415 — the web stack loads only where it is used

    start = run.run_kept if store == "seaweedfs" else run.run
    start(port=port, data=data, browser=not no_browser)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--recordings", type=click.Path(path_type=Path), help="A CSV of real recordings.")
@plainly
def walkthrough(out: Path, recordings: Path | None) -> None:
    """Act out the ten steps without a browser and leave bundles, letter, papers, log and summary in OUT."""
    from requests_portal.walkthrough import walkthrough as act_out  # noqa: PLC0415

    tell(act_out(out, recordings=recordings))


@main.command()
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--on", "on", help="The day of receipt, such as 2026-05-01; the law of that day applies.")
@click.option("--confirmed", is_flag=True, help="The paper was read through: what it does not state it does not say.")
@as_json
@plainly
def assess(facts: Path, on: str | None, confirmed: bool, as_json: bool) -> None:  # noqa: FBT001
    """Say what the rule book proposes for a request's facts (`desk rules facts` lists them)."""
    known = facts_in(facts, read_through=confirmed)
    answer = legal_rules.book.load().assess(known, on=day_of(known, on), calendars=working_days).as_json()
    if as_json:
        tell(answer)
    else:
        _say(answer)


@main.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), help="The certificate that must have issued the signature's.")
@click.option("--vkey", help="The audit log's public key, to see that the log signed the checkpoint inside.")
@click.option("--recalls", "list_", type=click.Path(path_type=Path), help="Our signed recall list, from /recalls.")
@as_json
@plainly
def verify(bundle: Path, trust: Path | None, list_: Path | None, vkey: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Say whether a bundle, index or letter is genuine, unchanged and, with our recall list, still stands."""
    from requests_portal.audit_log.checkpoint import Vkey  # noqa: PLC0415
    from requests_portal.audit_log.enclosed import proof_says  # noqa: PLC0415
    from requests_portal.bundle import verify as check  # noqa: PLC0415
    from requests_portal.bundle.standing import standing  # noqa: PLC0415

    if not bundle.is_file():
        stop(f"There is no file {bundle.name or bundle}. Name a bundle or a letter.")
    key = str(Vkey.parse(vkey)) if vkey else None
    trusted = _certificates(trust) if trust else ()
    recalls = _recalls(list_, trusted) if list_ else None
    found = standing(check(bundle, trust=trusted, log=lambda data: proof_says(data, key)), recalls)
    _verdict(found, as_json=as_json, in_words=found.in_words)


def _recalls(path: Path, trusted: tuple[bytes, ...]) -> Any:
    from requests_portal.bundle.recalls import BIGGEST_LIST, read_recalls  # noqa: PLC0415

    if not trusted:
        stop("A recall list is believed only under a certificate that you trust: name it with --trust.")
    return read_recalls(first_bytes(path, BIGGEST_LIST), trust=trusted)


@main.group("recalls")
def recall_group() -> None:
    """The recall list: which released documents we withdrew or replaced."""


@recall_group.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@settings_file
@plainly
def recalls_export(file: Path, settings: Path) -> None:
    """Sign a desk's recall list where the last one is a day old, and write it to FILE."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.recall import recall_list  # noqa: PLC0415

    known = read(settings)
    desk = open_desk(known)
    file.write_bytes(recall_list(desk.outside, now=desk.ledger.now(), zone=ZoneInfo(known.zone)))


@main.group()
def audit() -> None:
    """The audit log: export it, verify an export."""


@audit.command()
@click.argument("folder", type=click.Path(path_type=Path))
@settings_file
@plainly
def export(folder: Path, settings: Path) -> None:
    """Write a desk's log to a new FOLDER that anyone can check."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.log_export import export_log  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    export_log(open_desk(read(settings)), folder)


@audit.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--vkey", help="The log's public key, from somebody else than whoever gave you the folder.")
@click.option("--older", type=click.Path(path_type=Path), multiple=True, help="A checkpoint you kept; may be repeated.")
@as_json
@plainly
def audit_verify(folder: Path, vkey: str | None, older: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001
    """Say whether an exported log is complete and unchanged, and where not."""
    from requests_portal.audit_log.verify import verify as check  # noqa: PLC0415

    kept = [first_bytes(path, BIGGEST_CHECKPOINT).decode(errors="replace") for path in older]
    _verdict(check(folder, vkey=vkey, older=kept), as_json=as_json)


def _verdict(verdict: Any, *, as_json: bool, in_words: str = "") -> None:
    if as_json:
        tell(verdict.as_json())
    else:
        for check in verdict.checks:
            mark = {True: "✓", False: "✗", None: "·"}[check.passed]
            click.echo(f"{mark} {check.sentence}")
        click.echo(in_words or ("Good." if verdict.good else "Not good."))
    sys.exit(GOOD if verdict.good else BAD)


def _certificates(path: Path) -> tuple[bytes, ...]:
    from cryptography import x509  # noqa: PLC0415 — only who checks against a certificate waits for it
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    try:
        found = x509.load_pem_x509_certificates(first_bytes(path, BIGGEST_CERTIFICATE))
    except ValueError:
        stop(f"{path.name} is not a certificate in PEM form. Name the one you were given for checking.")
    return tuple(each.public_bytes(Encoding.PEM) for each in found)


def _say(answer: Mapping[str, Any]) -> None:
    click.echo(f"Proposed: {answer['disposition']}, under the law of {answer['on']}.")
    for line in answer["lines"]:
        click.echo(f"  {line['class']}: {line['disposition']}")
    if answer["nondisclosure"]["grounds"]:
        click.echo(f"  silence towards the customer: {answer['nondisclosure']['disposition']}")
    findings = answer["findings"]
    _say_findings(finding for finding in findings if finding["outcome"] != "ask")
    _say_missing(name for finding in findings for name in finding["missing"])
    click.echo("\nTime limits")
    for clock in answer["clocks"]:
        click.echo(f"  {clock['id']}: {clock['due'] or 'not known before ' + ', '.join(clock['missing'])}")
    click.echo(f"\nRule book {answer['book']}. A lawyer decides.")


def _say_findings(findings: Iterable[Mapping[str, Any]]) -> None:
    for finding in findings:
        click.echo(f"\n{finding['title']} ({finding['outcome']}, {finding['ground'] or finding['rule']})")
        click.echo(f"  {'; '.join(finding['cite'])}")
        if finding["remedy"]:
            click.echo(f"  {finding['remedy']}")


def _say_missing(names: Iterable[str]) -> None:
    asked = dict.fromkeys(names)
    if asked:
        click.echo("\nNot established yet, and who can say")
    for name in asked:
        fact = FACTS[name]
        click.echo(f"  {name} ({fact.asked_of.replace('_', ' ')}): {fact.sentence}")


if __name__ == "__main__":
    main()
