"""The rule book, readable: each rule with its law, words, dates, cases and letter, and how often it fired."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import render_template, request, url_for

from legal_rules.edition import COMPANY_POLICY, SHIPPED_POLICY, Edition
from legal_rules.errors import UnreadableBook
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.model.edition import Adoption
from requests_portal.web import display
from requests_portal.web.acts import does
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.work.ports import Letters, Work

# The folders of the rules' files, in the order of the page.
REGIONS = {
    "us": "United States",
    "states": "US states",
    "eu": "European Union",
    "uk": "United Kingdom",
    "ca": "Canada",
    "world": "Other countries",
    "any": "Everywhere",
}
KINDS = {
    "forbid": ("Forbids", "bad", "The law forbids disclosure: what it covers is withheld by itself."),
    "raise": ("Raises", "warn", "A matter to raise with whoever asks, or the court: proposed, and a lawyer decides."),
    "prefer": ("Prefers", "info", "A preference of the house: proposed, and a lawyer may leave it."),
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
# A value of the house policy, and what its line says of it.
_POLICY_LINE = re.compile(r"^(\w+)\s*=[^#\n]*#\s*(.+?)\s*$", re.MULTILINE)
Raw = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which rules the address asks for; an empty word asks for all."""

    find: str = ""
    region: str = ""
    ground: str = ""
    kind: str = ""
    on: date | None = None
    on_typed: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing narrows the list."""
        return self == Asked()


@pages.get("/rules")
@does(Act.READ_RULES)
def rules() -> str:
    """The rules of an edition that the filters let through, by the region of their law."""
    asked = _asked()
    with the_portal().outside.reading() as work:
        adopted = work.editions.in_use()
        edition, kept = _edition(work, adopted)
        known = rules_of(edition)
        chosen = [raw for raw in known if _passes(raw, asked)]
        fired, cases = work.assessments.fired(), work.assessments.cases_counted()
        told = [_rule(raw, fired, work.letters) for raw in chosen]
        notice = offer_notice(work, adopted)
    return render_template(
        "rules.html",
        asked=asked,
        groups=_by_region(told),
        options=_options(known),
        digest=edition.digest,
        in_use=adopted is not None and adopted.edition == edition.digest,
        kept=kept,
        notice=notice,
        total=len(known),
        shown=len(chosen),
        cases=display.count(cases, "request"),
        policy=policy_words(edition),
        error="" if asked.on or not asked.on_typed else "Enter a day as 2026-05-01.",
    )


def rules_of(edition: Edition) -> Sequence[Raw]:
    """Every rule of an edition as its file has it, by id; this reads editions of other software as well."""
    return _rules_in(tuple(edition.files.items()))


@lru_cache(maxsize=8)
def _rules_in(files: tuple[tuple[str, str], ...]) -> tuple[Raw, ...]:
    tables = Edition(dict(files), "").rules_with_cases()
    # The region of a rule's law is the folder that its file lies in.
    return tuple(sorted(({**raw, "region": path.partition("/")[0]} for path, raw in tables), key=lambda raw: raw["id"]))


def policy_words(edition: Edition) -> list[dict[str, Any]]:
    """Each value of the house policy, what its line says of it, and whether the company chose it."""
    said = dict(_POLICY_LINE.findall(edition.files.get(SHIPPED_POLICY, "")))
    own = _own_policy(edition)
    return [
        {
            "name": name,
            "words": wording.words_of(name).capitalize(),
            "value": _policy_value(value),
            "about": said.get(name, ""),
            "own": name in own,
        }
        for name, value in (edition.table(SHIPPED_POLICY) | _own_policy(edition)).items()
    ]


def _policy_value(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _own_policy(edition: Edition) -> Raw:
    return edition.table(COMPANY_POLICY) if COMPANY_POLICY in edition.files else {}


def offer_notice(work: Work, adopted: Adoption | None) -> dict[str, Any] | None:
    """What a reader must know about the edition in use: it cannot run here, another one waits, or is on offer."""
    stopped = adopted is not None and not work.editions.get(adopted.edition).runs_here
    waiting = work.editions.waiting()
    try:
        offered: str | None = work.editions.on_offer().digest
    except (UnreadableBook, OSError):
        offered = None
    if waiting is not None:
        url = url_for("casework.edition", adoption_id=waiting.id)
        return {"kind": "waiting", "by": waiting.proposed_by_name, "url": url, "stopped": stopped}
    if offered is None:
        return {"kind": "unreadable", "url": url_for("casework.editions"), "stopped": stopped}
    if adopted is None or offered != adopted.edition:
        return {"kind": "offered", "url": url_for("casework.offered"), "stopped": stopped}
    return None


def _edition(work: Work, adopted: Adoption | None) -> tuple[Edition, bool]:
    """The edition that the address names, and whether it is kept; otherwise the one in use."""
    named = request.args.get("edition", "")
    if named:
        try:
            return work.editions.get(named), True
        except NotFound:
            pass
    present = work.editions.get(adopted.edition) if adopted else work.editions.on_offer()
    return present, not named


def _asked() -> Asked:
    typed = {name: request.args.get(name, "").strip() for name in ("find", "region", "ground", "kind", "on")}
    return Asked(**{**typed, "on": _day(typed["on"]), "on_typed": typed["on"]})  # type: ignore[arg-type]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _passes(raw: Raw, asked: Asked) -> bool:
    return (
        asked.region in {"", raw["region"]}
        and asked.ground in {"", raw.get("ground", "none")}
        and asked.kind in {"", raw["kind"]}
        and (asked.on is None or _in_force(raw, asked.on))
        and all(word in _text_of(raw) for word in asked.find.lower().split())
    )


def _in_force(raw: Raw, on: date) -> bool:
    since, until = raw["in_force"]["from"], raw["in_force"].get("to")
    return bool(since <= on and (until is None or on < until))


def _text_of(raw: Raw) -> str:
    exceptions = [word for each in raw.get("unless", ()) for word in (each["label"], each["cite"], *each["when"])]
    said = (raw["id"], raw["title"], raw["remedy"], raw.get("ground", ""), *raw["cite"], *raw["when"], *exceptions)
    return " ".join(said).lower()


def region_words(region: str) -> str:
    """A region's name; a folder that has none yet is shown as it is called."""
    return REGIONS.get(region, wording.words_of(region).capitalize())


def _by_region(told: Sequence[Raw]) -> list[tuple[str, list[Raw]]]:
    regions = _in_order({each["region"] for each in told})
    return [(region_words(region), [each for each in told if each["region"] == region]) for region in regions]


def _in_order(regions: Iterable[str]) -> list[str]:
    """Regions in the order of the page; those that it does not know come last."""
    known = list(REGIONS)
    return sorted(regions, key=lambda region: (known.index(region) if region in known else len(known), region))


def _options(known: Sequence[Raw]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: what some rule of the edition has."""
    regions = {raw["region"] for raw in known}
    grounds = {raw["ground"] for raw in known if raw.get("ground")}
    return {
        "region": [(region, region_words(region)) for region in _in_order(regions)],
        "ground": [("none", "None: it grants or asks"), *((each, ground_words(each)) for each in sorted(grounds))],
        "kind": [(kind, words) for kind, (words, _, _) in KINDS.items()],
    }


def ground_words(ground: str) -> str:
    """A ground's code as words."""
    return wording.words_of(ground).lower().capitalize()


def _rule(raw: Raw, fired: Mapping[str, tuple[int, int]], letters: Letters) -> Raw:
    said, asked = fired.get(raw["id"], (0, 0))
    return {
        "id": raw["id"],
        "region": raw["region"],
        "title": raw["title"],
        "outcome": wording.FINDINGS.get(raw["then"], ("Note", "plain")),
        "basis": wording.BASES[raw["basis"]],
        "kind": KINDS[raw["kind"]],
        "cites": raw["cite"],
        "ground": raw.get("ground", ""),
        "in_force": in_force_words(raw["in_force"]),
        "checked": f"{display.day(raw['checked']['on'])}, {CONFIDENCE[raw['checked']['confidence']]}",
        "when": raw["when"],
        "unless": [_exception(each) for each in raw.get("unless", ())],
        "narrow": raw.get("narrow", ()),
        "withhold": raw.get("withhold", ""),
        "remedy": raw["remedy"],
        "about": ABOUT[raw.get("about", "data")],
        "fired": f"{display.count(said, 'request')}" + (f", asked in {asked:,}" if asked else ""),
        "cases": [(case["name"], _expected(case["expect"])) for case in raw.get("case", ())],
        "letter": _letter(raw.get("letter"), letters),
    }


def _exception(raw: Raw) -> Raw:
    then = raw.get("then")
    return {
        **raw,
        "then": wording.FINDINGS.get(then, ("Note", "plain"))[0].lower() if then and then != "clear" else "",
        "narrow": raw.get("narrow", ()),
    }


def in_force_words(dates: Mapping[str, date]) -> str:
    """From which day to which a rule is law; the last day is excluded."""
    since = display.day(dates["from"])
    return f"from {since} until before {display.day(dates['to'])}" if "to" in dates else f"since {since}"


def _letter(name: str | None, letters: Letters) -> dict[str, str] | None:
    if name is None:
        return None
    try:
        return {"name": name, "text": letters.text(name, "en").strip()}
    except NotFound:
        return {"name": name, "text": ""}


def _expected(outcome: str) -> tuple[str, str]:
    if outcome == "clear":
        return "Does not apply", "plain"
    return wording.FINDINGS.get(outcome, (wording.words_of(outcome).capitalize(), "plain"))
