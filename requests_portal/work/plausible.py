"""Is a demand plausible on its face? What the rules found of its form, and dates and places that do not go together."""

import re
from datetime import date

from requests_portal.model.agency import Agency
from requests_portal.model.case import Case

# The grounds of the rule book that are about whether this paper can come from whom it says it comes from.
OF_THE_FORM = frozenset(
    {
        "UNSIGNED",
        "MISSING_ISSUER",
        "ISSUER_NOT_COMPETENT",
        "EXPIRED",
        "WRONG_JURISDICTION",
        "NOT_DOMESTICATED",
        "STATUTORY_FORM_MISSING",
        "INSTRUMENT_NOT_IN_FORCE",
        "INCOMPLETE",
        "WRONG_ENTITY",
        "IMPROPER_SERVICE",
    }
)


# A statute that one kind of process alone rests on, as papers write it, and those kinds.
RESTS_ON = (
    ("§ 2703(d)", re.compile(r"\b2703\s?\(\s?d\s?\)"), {"d_order", "court_order", "search_warrant"}),
    ("§ 2703(f)", re.compile(r"\b2703\s?\(\s?f\s?\)"), {"preservation_letter"}),
    ("§ 2702(b)(8) or (c)(4)", re.compile(r"\b2702\s?\((b\)\s?\(8|c\)\s?\(4)\)"), {"emergency_request"}),
    ("§ 2709", re.compile(r"18 U\.?\s?S\.?\s?C\.?\s?(§|sec\.|section)?\s?2709\b", re.IGNORECASE), {"nsl"}),
)
# On these rests nearly every process; a paper that names one may tell of the others.
NEARLY_ALL = re.compile(r"\b2703\s?\(\s?[abc]\s?\)")
# The year that a docket begins with, of two digits or four: 26-SW-00118, 3:2026-mj-118.
DOCKET_YEAR = re.compile(r"^(?:\d:)?(?P<year>(?:20)?\d\d)-(?=[A-Z]{1,4}-|\d{3,})", re.IGNORECASE)


def implausible(case: Case, agency: Agency | None, words: str = "") -> tuple[str, ...]:
    """What does not fit, a sentence each, of the form and of the papers' words; empty proves nothing."""
    return (
        *_of_the_rules(case),
        *_of_dates(case),
        *_of_places(case, agency),
        *_of_the_docket(case),
        *_of_statutes(case, words),
    )


def _of_the_docket(case: Case) -> list[str]:
    issued, found = _day(case, "issued_on"), DOCKET_YEAR.match(case.requester.file_number.strip())
    if issued is None or found is None:
        return []
    year = int(found["year"]) % 100 + 2000
    return [f"Its file number is of {year}, and it was issued in {issued.year}."] if year > issued.year else []


def _of_statutes(case: Case, words: str) -> list[str]:
    """The statutes of which none that the papers name fits the process; a paper that names several may tell of one."""
    process = case.facts.get("process")
    named = [(cite, kinds) for cite, pattern, kinds in RESTS_ON if pattern.search(words)]
    if process is None or NEARLY_ALL.search(words) or any(process in kinds for _, kinds in named):
        return []
    return [f"It names {cite}, on which this kind of process does not rest." for cite, _ in named]


def _of_the_rules(case: Case) -> list[str]:
    findings = case.assessment.findings if case.assessment else ()
    raised = (each for each in findings if each.ground in OF_THE_FORM and each.outcome not in {"clear", "ask"})
    return [f"{each.title}." for each in raised]


def _of_dates(case: Case) -> list[str]:
    issued, due = _day(case, "issued_on"), _day(case, "court_return_on")
    found = []
    if issued and issued > case.received_at.date():
        found.append("It is dated after the day on which it reached us.")
    if issued and due and due < issued:
        found.append("It orders an answer before the day on which it says it was issued.")
    return found


def _of_places(case: Case, agency: Agency | None) -> list[str]:
    state, country = case.facts.get("issuer_state"), case.facts.get("issuing_country")
    if agency is None:
        return []
    if agency.country == "US" and agency.state and state not in {None, "US", agency.state}:
        return [f"The issuer is said to be of {state}, and the agency is of {agency.state}."]
    if country is not None and country != agency.country:
        return [f"It is said to come from {country}, and the agency is of {agency.country}."]
    return []


def _day(case: Case, name: str) -> date | None:
    value = case.facts.get(name)
    return date.fromisoformat(value) if isinstance(value, str) else None
