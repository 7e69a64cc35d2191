"""The rule book, readable: every rule with its law, its words, its dates and the cases it is tested with."""

from functools import cache
from typing import Any

from flask import render_template

from legal_rules.edition import shipped
from legal_rules.rule import Rule
from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.portal import the_portal

REGIONS = {
    "us": "United States",
    "eu": "European Union",
    "uk": "United Kingdom",
    "ca": "Canada",
    "any": "Everywhere",
}
CONFIDENCE = {
    "read": "read in the official text",
    "secondary": "taken from a secondary source",
    "recalled": "from memory, to be read again",
}
ABOUT = {
    "data": "",
    "nondisclosure": "About silence towards the customer.",
    "release": "Checked before anything is released.",
}


@pages.get("/rules")
@does(Act.READ_RULES)
def rules() -> str:
    """Every rule of the book, by the region of its law."""
    with the_portal().outside.reading() as work:
        book = work.book
    groups: dict[str, list[dict[str, Any]]] = {}
    for rule in book.rules:
        groups.setdefault(_region(rule), []).append(_rule(rule))
    ordered = sorted(groups.items(), key=lambda pair: [*REGIONS.values(), pair[0]].index(pair[0]))
    return render_template("rules.html", groups=ordered, digest=book.digest, total=len(book.rules))


def _region(rule: Rule) -> str:
    prefix = rule.id.partition("-")[0]
    return REGIONS.get(prefix, prefix.upper())


def _rule(rule: Rule) -> dict[str, Any]:
    since = display.day(rule.in_force_from)
    return {
        "id": rule.id,
        "title": rule.title,
        "outcome": wording.FINDINGS.get(rule.then, ("Note", "plain")),
        "basis": wording.BASES[rule.basis],
        "cites": rule.cite,
        "in_force": f"{since} to {display.day(rule.in_force_to)}" if rule.in_force_to else f"since {since}",
        "checked": f"{display.day(rule.checked_on)}, {CONFIDENCE[rule.confidence]}",
        "when": rule.when,
        "unless": rule.unless,
        "narrow": rule.narrow,
        "remedy": rule.remedy,
        "about": ABOUT[rule.about],
        "cases": _cases().get(rule.id, ()),
    }


@cache
def _cases() -> dict[str, tuple[tuple[str, tuple[str, str]], ...]]:
    """For each rule the sentences of its cases with what is expected; the book's files do not change, so read once."""
    return {
        raw["id"]: tuple((case["name"], _expected(case["expect"])) for case in raw["case"])
        for _, raw in shipped().rules_with_cases()
    }


def _expected(outcome: str) -> tuple[str, str]:
    if outcome == "clear":
        return "Does not apply", "plain"
    return wording.FINDINGS.get(outcome, (wording.words_of(outcome).capitalize(), "plain"))
