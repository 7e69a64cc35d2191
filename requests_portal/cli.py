"""The `desk` command: what people run, and what outside checks run."""

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

import legal_rules.book
from legal_rules.errors import RuleBookError
from legal_rules.facts import FACTS, parse
from requests_portal.errors import Refused

GOOD, BAD, UNUSABLE = 0, 1, 2
BIGGEST_FACTS = 1024 * 1024
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a refusal into one sentence on stderr and exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            stop(refusal.sentence)
        except RuleBookError as refusal:
            stop(str(refusal))
        except OSError as error:
            stop(f"{error.strerror or 'The file cannot be used'}: {Path(str(error.filename or '')).name}.")

    return guarded


def stop(sentence: str) -> NoReturn:
    """Say one sentence on stderr and end as unusable input does."""
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(UNUSABLE)


def tell(value: object) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


@click.group()
@click.version_option(package_name="disclosure-desk")
def main() -> None:
    """Disclosure Desk: answers demands and access requests for voice recordings, and proves it."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True)
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@plainly
def demo(port: int, data: Path, no_browser: bool) -> None:  # noqa: FBT001 — click passes flags so
    """Start everything with invented data, seeded afresh, and print the address."""
    from requests_portal.demo.run import run  # noqa: PLC0415 — the web stack loads only where it is used

    run(port=port, data=data, browser=not no_browser)


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--recordings", type=click.Path(path_type=Path), help="A CSV of real recordings."
)
@plainly
def walkthrough(out: Path, recordings: Path | None) -> None:
    """Act out the ten steps without a browser and leave bundles, letter, papers, log and summary in OUT."""
    from requests_portal.walkthrough import walkthrough as act_out  # noqa: PLC0415

    tell(act_out(out, recordings=recordings))


@main.command()
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--on", "on", help="The day of receipt, such as 2026-05-01; the law of that day applies.")
@as_json
@plainly
def assess(facts: Path, on: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Say what the rule book proposes for a request's facts (`desk rules facts` lists them)."""
    from requests_portal.app import now, working_days  # noqa: PLC0415

    raw = _facts(facts)
    known = parse(raw)
    received = known.received_at.date() if known.received_at else now().date()
    day = _day(on) if on else received
    country = str(raw.get("data_subject_country") or "")
    state = raw.get("issuer_state")
    place = f"US-{state}" if state and state != "US" else country or "US"
    answer = legal_rules.book.load().assess(known, on=day, calendar=working_days(place))
    if as_json:
        tell(answer.as_json())
    else:
        _say(answer.as_json())


@main.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), help="The certificate that must have issued the signature's.")
@as_json
@plainly
def verify(bundle: Path, trust: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Say whether a bundle or letter is genuine and unchanged, check by check."""
    from requests_portal.bundle import verify as check  # noqa: PLC0415

    trusted = (trust.read_bytes(),) if trust else ()
    verdict = check(bundle, trust=trusted)
    _verdict(verdict, as_json=as_json)


@main.group()
def rules() -> None:
    """The rule book: its rules, its digest, the facts it knows."""


@rules.command("list")
@as_json
@plainly
def rules_list(as_json: bool) -> None:  # noqa: FBT001
    """List every rule with its law and since when it is in force."""
    book = legal_rules.book.load()
    listed = [_rule(rule) for rule in book.rules]
    if as_json:
        tell({"book": book.digest, "rules": listed})
        return
    for rule in listed:
        click.echo(f"{rule['id']:<40} {rule['in_force']['from'] or '':<12} {rule['title']}")


@rules.command()
@as_json
@plainly
def digest(as_json: bool) -> None:  # noqa: FBT001
    """Print the book's SHA-256: the same rules, periods and policy always give the same."""
    book = legal_rules.book.load()
    if as_json:
        tell({"book": book.digest, "rules": len(book.rules)})
    else:
        click.echo(book.digest)


@rules.command()
@as_json
@plainly
def facts(as_json: bool) -> None:  # noqa: FBT001
    """Print every fact: its type, its values, who is asked for it, and one sentence."""
    known = [
        {
            "name": fact.name,
            "type": fact.type,
            "allowed": list(fact.allowed),
            "asked_of": fact.asked_of,
            "origin": fact.origin,
            "sentence": fact.sentence,
        }
        for fact in FACTS.values()
    ]
    if as_json:
        tell({"facts": known})
        return
    for fact in known:
        click.echo(f"{fact['name']:<28} {fact['type']:<8} {fact['sentence']}")


@main.group()
def audit() -> None:
    """The audit log: export it, verify an export."""


@audit.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--settings", type=click.Path(path_type=Path), default=Path("demo-data/settings.toml"), show_default=True)
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

    kept = [path.read_text(encoding="utf-8", errors="replace") for path in older]
    _verdict(check(folder, vkey=vkey, older=kept), as_json=as_json)


def _verdict(verdict: Any, *, as_json: bool) -> None:
    if as_json:
        tell(verdict.as_json())
    else:
        for check in verdict.checks:
            mark = {True: "✓", False: "✗", None: "·"}[check.passed]
            click.echo(f"{mark} {check.sentence}")
        click.echo("Good." if verdict.good else "Not good.")
    sys.exit(GOOD if verdict.good else BAD)


def _facts(path: Path) -> dict[str, object]:
    if path.stat().st_size > BIGGEST_FACTS:
        stop(f"{path.name} is larger than a request's facts can be.")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        stop(f"{path.name} is not JSON. Write one object of facts; `desk rules facts` lists them.")
    if not isinstance(raw, dict):
        stop(f"{path.name} holds no object of facts. `desk rules facts` lists them.")
    return raw


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(f"{text} is not a day. Write it as 2026-05-01.")


def _rule(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "ground": rule.ground,
        "then": rule.then,
        "kind": rule.kind,
        "basis": rule.basis,
        "cite": list(rule.cite),
        "in_force": {
            "from": rule.in_force_from.isoformat(),
            "to": rule.in_force_to.isoformat() if rule.in_force_to else None,
        },
    }


def _say(answer: dict[str, Any]) -> None:
    click.echo(f"Disposition: {answer['disposition']}")
    for finding in answer["findings"]:
        missing = f" (missing: {', '.join(finding['missing'])})" if finding["missing"] else ""
        click.echo(f"- {finding['outcome']}: {finding['title']}{missing} [{'; '.join(finding['cite'])}]")
    for clock in answer["clocks"]:
        click.echo(f"Due ({clock['id']}): {clock['due'] or 'not yet known'}")


if __name__ == "__main__":
    main()
