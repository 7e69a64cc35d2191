"""The words that fill the lawyers' texts: dates, counts, scopes and classes as a letter writes them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from legal_rules.scope import ALWAYS, Every, Scope
from requests_portal.errors import Unusable
from requests_portal.model.case import Case, Quote, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.production import Production
from requests_portal.work.compose.complaints import authority
from requests_portal.work.hold import HOLD_PERIOD
from requests_portal.work.ports import Work

CLASSES = {
    "audio": "recordings",
    "transcript": "transcripts",
    "subscriber": "subscriber information",
    "identification": "identification data",
    "connections": "connection records",
    "devices": "device records",
    "human_review_log": "the human review log",
    "purchases": "purchases",
    "location": "location records",
    "search_terms": "search terms",
    "voiceprint": "voiceprints",
    "legal_demand_log": "the log of legal demands",
    "data_never_held": "data that we never hold",
    "future_data": "data yet to be recorded",
    "unlisted": "any other data",
    "employee_names": "the names of employees",
    "recipients": "the recipients of the data",
}
PROCESSES = {
    "d_order": "the order under 18 U.S.C. § 2703(d)",
    "nsl": "the national security letter",
    "mlat": "the request for mutual legal assistance",
    "agreement_order": "the order",
    "epoc": "the European Production Order Certificate",
    "epoc_pr": "the European Preservation Order Certificate",
    "preservation_letter": "the preservation request",
    "informal_letter": "your letter",
    "foreign_request": "your request",
}
# A field at the start of a sentence (a remedy is a whole one), whose words then begin with a capital.
OPENS = re.compile(r"(?:^|(?<=[.!?] )|(?<=\{remedy\} ))\{(\w+)\}", re.MULTILINE)
FIELD = re.compile(r"\{(\w+)\}")
NO_CITE = re.compile(r" \(\{cite\}\)")
HOUSE_POLICY = "house policy"
# Who signs a letter that goes out before anybody has decided the case.
UNDECIDED = "The legal team"


def fields(work: Work, case: Case, clocks: Sequence[ClockRow] = ()) -> dict[str, str]:
    """What every text may name of a case."""
    return {
        "company": work.house.name,
        "requester": case.requester.name,
        "process": process(case),
        "received_on": day_of(case.received_at, case),
        "reply_by": day_of(case.received_at + HOLD_PERIOD, case),
        "due": _due(case, clocks),
        "lawyer": case.decision.by_name if case.decision else UNDECIDED,
        "place": work.house.place,
        "complaint": authority(str(case.facts.get("data_subject_country"))),
        "held_back": "the rest",
        "asked": asked(case),
        "own_words": own_words(case),
        "reference": case.reference,
        "file_number": case.requester.file_number or "not given",
        "authority": ", ".join(part for part in (case.requester.name, case.requester.organisation) if part),
        "company_address": ", ".join(work.house.address),
    }


def asked(case: Case) -> str:
    """What was asked for, line by line."""
    return scopes((line.scope for line in case.lines), case) if case.lines else "data that are not listed"


def own_words(case: Case) -> str:
    """The paper's own words where a clerk entered them, as a sentence; nothing where nobody did."""
    said = "; ".join(map(_quoted, case.quotes))
    whose = "the paper's" if case.track is Track.LEGAL_DEMAND else "your"
    return f"In {whose} own words: {said}." if said else ""


def _quoted(quote: Quote) -> str:
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{' '.join(quote.words.split())}\N{RIGHT DOUBLE QUOTATION MARK}"
    return f"{words} ({quote.place})" if quote.place else words


def counted(production: Production) -> str:
    """How many recordings and record sets, in words."""
    recordings = plural(enclosed(production), "recording")
    sets = plural(len(production.record_sets), "record set")
    return " and ".join(part for part in (recordings, sets) if not part.startswith("0 ")) or "no records"


def enclosed(production: Production) -> int:
    """How many recordings are in the bundle: those that were found as they were catalogued."""
    return len(production.items) - len({each.bates for each in production.discrepancies})


def plural(number: int, word: str) -> str:
    """A number with its word."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def bates_range(work: Work, production: Production) -> str:
    """The production's range, or that nothing is numbered."""
    if not production.bates_first:
        return "without numbers, since nothing is enclosed"
    first, last = bates(work, production.bates_first), bates(work, production.bates_last)
    return first if first == last else f"{first} to {last}"


def bates(work: Work, number: int) -> str:
    """A Bates number: prefix, one dash, nine digits."""
    return f"{work.house.bates_prefix}-{number:09d}" if number else ""


def scopes(found: Iterable[Scope | None], case: Case) -> str:
    """Scopes in words, those of the same period together; "nothing" when there are none."""
    by_period: dict[str, list[str]] = {}
    for scope in found:
        if scope is not None:
            by_period.setdefault(period(scope, case), []).extend(classes(scope))
    said = [f"{listed(dict.fromkeys(names))}{' ' + when if when else ''}" for when, names in by_period.items()]
    return "; ".join(said) or "nothing for now"


def period(scope: Scope, case: Case) -> str:
    """A scope's period in the case's zone, with the last day that is included; nothing for an open one."""
    if scope.interval == ALWAYS or scope.interval.is_empty:
        return ""
    zone = ZoneInfo(case.zone)
    last = scope.interval.end - timedelta(microseconds=1)
    if scope.interval.start <= ALWAYS.start:
        return f"up to {in_words(last.astimezone(zone).date())}"
    if scope.interval.end >= ALWAYS.end:
        return f"from {in_words(scope.interval.start.astimezone(zone).date())}"
    return f"from {in_words(scope.interval.start.astimezone(zone).date())} to {in_words(last.astimezone(zone).date())}"


def classes(scope: Scope) -> list[str]:
    """The names of a scope's classes."""
    if isinstance(scope.classes, Every):
        return ["all data"]
    return [CLASSES.get(name, name.replace("_", " ")) for name in sorted(scope.classes)]


def title(data_class: str) -> str:
    """A class as a heading."""
    return opened(CLASSES.get(data_class, data_class.replace("_", " ")).removeprefix("the "))


def process(case: Case) -> str:
    """The paper we answer, with its article."""
    kind = str(case.facts.get("process") or "")
    if not kind:
        return "your request"
    name = PROCESSES.get(kind, f"the {kind.replace('_', ' ')}")
    issued = case.facts.get("issued_on")
    return f"{name} of {in_words(date.fromisoformat(str(issued)))}" if issued else name


def authorities(cites: Iterable[str]) -> str:
    """Citations as a letter gives them; a policy of ours is no authority, so it is said in words and not cited."""
    return "; ".join(cite for cite in dict.fromkeys(cites) if not cite.startswith(HOUSE_POLICY))


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence."""
    *rest, last = list(words) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def day_of(moment: datetime, case: Case) -> str:
    """The day of a moment where the case is, in words."""
    return in_words(moment.astimezone(ZoneInfo(case.zone)).date())


def in_words(day: date) -> str:
    """A day as letters write it: 14 March 2026."""
    return f"{day.day} {day:%B %Y}"


def days(moments: Iterable[datetime], case: Case) -> str:
    """The days of moments, from the first to the last, in words."""
    known = sorted(moments)
    first, last = day_of(known[0], case), day_of(known[-1], case)
    return first if first == last else f"{first} to {last}"


def paragraphs(work: Work, name: str, language: str, said: Mapping[str, str]) -> tuple[str, ...]:
    """A text with its fields filled, line by line; raises Unusable for a field that nothing fills."""
    text = work.letters.text(name, language)
    if not said.get("cite", "-"):
        text = NO_CITE.sub("", text)
    if unknown := sorted(set(FIELD.findall(text)) - said.keys()):
        raise Unusable(f"The letter {name} has fields that nothing fills here: {', '.join(unknown)}. Mend its text.")
    opening = {field.start() for field in OPENS.finditer(text)}
    # In one pass: what fills a field is somebody else's words, in which braces are braces.
    text = FIELD.sub(lambda field: opened(said[field[1]]) if field.start() in opening else said[field[1]], text)
    return lines_of(text)


def lines_of(text: str) -> tuple[str, ...]:
    """A text's paragraphs: each line that holds anything is one."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def opened(words: str) -> str:
    """Words as a sentence begins with them."""
    return words[:1].upper() + words[1:]


def _due(case: Case, clocks: Sequence[ClockRow]) -> str:
    answer = next((clock.due for clock in clocks if clock.name == "answer"), None)
    return day_of(answer, case) if answer else "we have answered"
