"""`desk rules …`: what lawyers do with the rule book: list, check, explain, compare and keep it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import legal_rules.book
from legal_rules.edition import Edition, shipped
from legal_rules.errors import nearest
from legal_rules.facts import FACTS
from legal_rules.rule import Rule
from requests_portal.commands.console import BAD, GOOD, as_json, first_bytes, harmless, plainly, stop, tell
from requests_portal.commands.facts_file import day_named, day_of, facts_in
from requests_portal.days import now, working_days

BIGGEST_EDITION = 16 * 1024 * 1024


@click.group()
def rules() -> None:
    """The rule book: its rules and facts, what is wrong with it, why it answers so, and what changed."""


@rules.command("list")
@as_json
@plainly
def list_(as_json: bool) -> None:  # noqa: FBT001 — click passes flags so
    """List every rule with its law and since when it is in force."""
    book = legal_rules.book.load()
    listed = [_rule(rule) for rule in book.rules]
    if as_json:
        tell({"book": book.digest, "rules": listed})
        return
    for rule in listed:
        click.echo(f"{rule['id']:<40} {rule['in_force']['from']:<12} {rule['title']}")


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


@rules.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--policy", type=click.Path(path_type=Path), help="A company's policy file, laid over the folder's.")
@click.option("--on", "on", help="The day to check on, such as 2026-05-01; today where none is named.")
@as_json
@plainly
def check(folder: Path | None, policy: Path | None, on: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Say everything that is wrong with the book in FOLDER (the shipped one), each with its file and line."""
    from legal_rules.lint import check as problems_of  # noqa: PLC0415 — only who checks a book waits for it

    day = day_named(on) if on else now().date()
    edition = _in_folder(folder, policy) if folder else shipped(policy)
    problems = problems_of(edition, on=day, letters=_letters())
    if as_json:
        tell({"book": edition.digest, "on": day.isoformat(), "problems": [each.as_json() for each in problems]})
    for problem in () if as_json else problems:
        click.echo(harmless(str(problem)))
    if not as_json:
        click.echo(_counted(len(problems)))
    sys.exit(BAD if problems else GOOD)


@rules.command()
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--on", "on", help="The day of receipt, such as 2026-05-01; the law of that day applies.")
@click.option("--rule", "rule", help="Explain this rule alone.")
@click.option("--all", "everything", is_flag=True, help="Tell of every rule and time limit why it does not apply.")
@click.option("--confirmed", is_flag=True, help="The paper was read through: what it does not state it does not say.")
@as_json
@plainly
def explain(facts: Path, on: str | None, rule: str | None, everything: bool, confirmed: bool, as_json: bool) -> None:  # noqa: FBT001
    """Say why the book answers as it does: each rule's phrases with their facts, and why others do not apply."""
    from legal_rules.telling import told, told_of_rule  # noqa: PLC0415 — only who asks why waits for it
    from legal_rules.why import why  # noqa: PLC0415

    book, known = legal_rules.book.load(), facts_in(facts, read_through=confirmed)
    ids = [each.id for each in book.rules]
    if rule is not None and rule not in ids:
        near = nearest(rule, ids)
        stop(f"There is no rule “{rule}”." + (f" Did you mean “{near}”?" if near else ""))
    assessment = book.assess(known, on=day_of(known, on), calendars=working_days)
    reasons = why(book, known, assessment)
    if as_json:
        tell(reasons.as_json(rule))
        return
    for line in told_of_rule(reasons, rule) if rule else told(reasons, everything=everything):
        # What a file says must not steer the terminal; only our own line ends do.
        click.echo("\n".join(map(harmless, line.split("\n"))))


@rules.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@as_json
@plainly
def diff(old: Path, new: Path, as_json: bool) -> None:  # noqa: FBT001
    """Say what changed between two editions, folders or exported files, and from which day."""
    from legal_rules.difference import differences  # noqa: PLC0415 — only who compares editions waits for it

    before, after = _edition(old), _edition(new)
    changes = differences(before, after)
    if as_json:
        tell({"old": before.digest, "new": after.digest, "changes": [each.as_json() for each in changes]})
        return
    for change in changes or ("Nothing changed.",):
        click.echo(harmless(str(change)))


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--policy", type=click.Path(path_type=Path), help="A company's policy file, laid over the shipped one.")
@plainly
def export(file: Path, policy: Path | None) -> None:
    """Write the shipped edition to a new FILE, so that it can be compared and read again when it has changed."""
    edition = shipped(policy)
    stored = {"digest": edition.digest, "engine": edition.engine, "files": dict(edition.files)}
    with file.open("x", encoding="utf-8") as out:
        json.dump(stored, out, indent=2, ensure_ascii=False)


def _counted(problems: int) -> str:
    if not problems:
        return "Nothing is wrong with the book."
    return f"{problems} {'thing is' if problems == 1 else 'things are'} wrong."


def _letters() -> dict[str, frozenset[str]]:
    """The letters' names in English: a document that cannot all be said in another language is English as a whole."""
    from requests_portal.app import templates  # noqa: PLC0415 — only a check looks at letters

    return {"en": frozenset(path.stem for path in (templates() / "letters" / "en").glob("*.txt"))}


def _edition(path: Path) -> Edition:
    return _in_folder(path) if path.is_dir() else _exported(path)


def _in_folder(folder: Path, policy: Path | None = None) -> Edition:
    if not folder.is_dir():
        stop(f"There is no folder {folder.name or folder}. Name one that holds a rule book.")
    edition = shipped(policy, folder)
    if not edition.rule_paths:
        stop(f"The folder {folder.name or folder} holds no rules: they are *.toml files.")
    return edition


def _exported(path: Path) -> Edition:
    """The edition that `export` wrote; refused when it is none or was changed."""
    raw = _json(path)
    if not isinstance(raw, dict) or not _is_stored(raw):
        stop(f"{path.name} is no edition. Name a folder of rules, or a file that `desk rules export` wrote.")
    edition = Edition(raw["files"], raw["engine"])
    if edition.digest != raw["digest"]:
        stop(f"{path.name} was changed after it was written: its digest is not that of its files.")
    return edition


def _json(path: Path) -> object:
    data = first_bytes(path, BIGGEST_EDITION + 1)
    try:
        return json.loads(data) if len(data) <= BIGGEST_EDITION else None
    except (ValueError, RecursionError):
        return None


def _is_stored(raw: Mapping[str, Any]) -> bool:
    if raw.keys() != {"digest", "engine", "files"} or not isinstance(raw["files"], dict):
        return False
    return all(isinstance(each, str) for each in (raw["digest"], raw["engine"], *raw["files"].values()))


def _rule(rule: Rule) -> Mapping[str, Any]:
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
