"""The `desk` command: what people run, and what outside checks run."""

import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click

import legal_rules.book
from legal_rules.errors import RuleBookError
from legal_rules.facts import FACTS, Facts, parse
from requests_portal.days import now, working_days
from requests_portal.errors import Refused

GOOD, BAD, UNUSABLE = 0, 1, 2
BIGGEST_FACTS = 1024 * 1024
BIGGEST_CERTIFICATE = 64 * 1024
BIGGEST_CHECKPOINT = 64 * 1024
LONGEST_SENTENCE = 1000
# Time limits are counted forward from these days, so they must not lie at the calendar's own ends.
YEARS = range(1900, 2200)
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
        except BrokenPipeError:
            raise
        except OSError as error:
            stop(f"{error.strerror or 'The file cannot be used'}: {Path(str(error.filename or '')).name}.")

    return guarded


def stop(sentence: str) -> NoReturn:
    """Say one sentence on stderr and end as unusable input does; what would steer a terminal is shown as "?"."""
    plain = "".join(each if each.isprintable() else "?" for each in " ".join(sentence.split()))
    click.echo(textwrap.shorten(plain, LONGEST_SENTENCE, placeholder=" …"), err=True)
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
@click.option("--recordings", type=click.Path(path_type=Path), help="A CSV of real recordings.")
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
    raw = _facts(facts)
    known = _parsed(raw)
    day = _day(on) if on else (known.received_at or now()).date()
    answer = legal_rules.book.load().assess(known, on=day, calendars=working_days).as_json()
    if as_json:
        tell(answer)
    else:
        _say(answer)


@main.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--trust", type=click.Path(path_type=Path), help="The certificate that must have issued the signature's.")
@as_json
@plainly
def verify(bundle: Path, trust: Path | None, as_json: bool) -> None:  # noqa: FBT001
    """Say whether a bundle or letter is genuine and unchanged, check by check."""
    from requests_portal.bundle import verify as check  # noqa: PLC0415

    if not bundle.is_file():
        stop(f"There is no file {bundle.name or bundle}. Name a bundle or a letter.")
    _verdict(check(bundle, trust=_certificates(trust) if trust else ()), as_json=as_json)


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

    kept = [_start(path, BIGGEST_CHECKPOINT).decode(errors="replace") for path in older]
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


def _start(path: Path, size: int) -> bytes:
    """The first bytes of a file: enough to use all of a right one, and to see that another is too large."""
    with path.open("rb") as file:
        return file.read(size)


def _facts(path: Path) -> dict[str, object]:
    data = _start(path, BIGGEST_FACTS + 1)
    if len(data) > BIGGEST_FACTS:
        stop(f"{path.name} is larger than a request's facts can be.")
    try:
        raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once_each)
        json.dumps(raw, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        stop(f"{path.name} is not JSON. Write one object of facts; `desk rules facts` lists them.")
    if not isinstance(raw, dict):
        stop(f"{path.name} holds no object of facts. `desk rules facts` lists them.")
    return raw


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            stop(f"The fact “{name}” stands there twice. Say each fact once.")
        found[name] = value
    return found


def _parsed(raw: Mapping[str, object]) -> Facts:
    try:
        facts = parse(raw)
    except OverflowError:
        stop("A day among the facts lies beyond the calendar. Write the last day that matters.")
    for name in raw:
        value = getattr(facts, name)
        if isinstance(value, date) and value.year not in YEARS:
            stop(f"The fact “{name}” lies in {value.year}; days from {YEARS[0]} to {YEARS[-1]} can be counted.")
    return facts


def _certificates(path: Path) -> tuple[bytes, ...]:
    from cryptography import x509  # noqa: PLC0415 — only who checks against a certificate waits for it
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    try:
        found = x509.load_pem_x509_certificates(_start(path, BIGGEST_CERTIFICATE))
    except ValueError:
        stop(f"{path.name} is not a certificate in PEM form. Name the one you were given for checking.")
    return tuple(each.public_bytes(Encoding.PEM) for each in found)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        stop(f"{text} is not a day. Write it as 2026-05-01.")
    if day.year not in YEARS:
        stop(f"{text} cannot be counted from; give a day from {YEARS[0]} to {YEARS[-1]}.")
    return day


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
