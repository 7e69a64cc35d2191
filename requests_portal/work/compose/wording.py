"""The words that fill the lawyers' texts: dates, counts, scopes and classes as a letter writes them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from legal_rules.scope import ALWAYS, Every, Scope
from legal_rules.vocabulary.groups import RIGHTS_ABOUT_NO_DATA
from requests_portal.errors import Unusable
from requests_portal.model.case import Case, Quote, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.production import Production
from requests_portal.work.compose.language import phrases
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.hold import EXPIRY, HOLD_PERIOD
from requests_portal.work.ports import Work

# A field at the start of a sentence (a remedy is a whole one), whose words then begin with a capital.
OPENS = re.compile(r"(?:^|(?<=[.!?] )|(?<=\{remedy\} ))\{(\w+)\}", re.MULTILINE)
FIELD = re.compile(r"\{(\w+)\}")
NO_CITE = re.compile(r" \(\{cite\}\)")
HOUSE_POLICY = "house policy"


def fields(work: Work, case: Case, clocks: Sequence[ClockRow] = ()) -> dict[str, str]:
    """What every text may name of a case."""
    say = phrases(case)
    return {
        "company": work.house.name,
        "requester": case.requester.name,
        "process": process(case),
        "received_on": day_of(case.received_at, case),
        "reply_by": day_of(_kept_until(case, clocks), case),
        "due": _due(case, clocks),
        "in_time": _in_time(case, clocks),
        # Who signs a letter that goes out before anybody has decided the case.
        "lawyer": case.decision.by_name if case.decision else say["legal_team"],
        "place": work.house.place,
        "complaint": complaint(say, str(case.facts.get("data_subject_country"))),
        "held_back": say["the_rest"],
        "asked": asked(case),
        "own_words": own_words(case),
        "reference": case.reference,
        "file_number": case.requester.file_number or say["not_given"],
        "authority": ", ".join(part for part in (case.requester.name, case.requester.organisation) if part),
        "company_address": ", ".join(work.house.address),
    }


def _kept_until(case: Case, clocks: Sequence[ClockRow]) -> datetime:
    """Until when a letter may promise that what is not given is kept: to the end of a preservation's own period."""
    period = next((row.due for row in clocks if row.name == EXPIRY), None)
    return period or case.received_at + HOLD_PERIOD


def complaint(say: Phrases, country: str) -> str:
    """Whom a person who lives there may complain to, with its article."""
    general = say["attorney_general" if country.startswith("US") else "supervisor"]
    return say.authorities.get(country, general)


def asked(case: Case) -> str:
    """What was asked for, line by line; of a right about no data, what it is."""
    say, right = phrases(case), str(case.facts.get("right"))
    if case.lines:
        return scopes((line.scope for line in case.lines), case)
    return say.word(say.subjects, right) if right in RIGHTS_ABOUT_NO_DATA else say["data_not_listed"]


def own_words(case: Case) -> str:
    """The paper's own words where a clerk entered them, as a sentence; nothing where nobody did."""
    say = phrases(case)
    quoted = "; ".join(_quoted(say, quote) for quote in case.quotes)
    whose = "own_words_paper" if case.track is Track.LEGAL_DEMAND else "own_words_person"
    return say[whose].format(quoted) if quoted else ""


def _quoted(say: Phrases, quote: Quote) -> str:
    words = say["quoted"].format(" ".join(quote.words.split()))
    return f"{words} ({quote.place})" if quote.place else words


def counted(production: Production, say: Phrases) -> str:
    """How many recordings and record sets, in words."""
    numbers = ((enclosed(production), "recording"), (len(production.record_sets), "record_set"))
    parts = [say.counted(number, word) for number, word in numbers if number]
    return listed(parts, say) if parts else say["no_records"]


def enclosed(production: Production) -> int:
    """How many recordings are in the bundle: those that were found as they were catalogued."""
    return len(production.items) - len({each.bates for each in production.discrepancies})


def bates_range(work: Work, production: Production, say: Phrases) -> str:
    """The production's range, or that nothing is numbered."""
    if not production.bates_first:
        return say["without_numbers"]
    first, last = bates(work, production.bates_first), bates(work, production.bates_last)
    return first if first == last else say["range"].format(first, last)


def bates(work: Work, number: int) -> str:
    """A Bates number: prefix, one dash, nine digits."""
    return f"{work.house.bates_prefix}-{number:09d}" if number else ""


def scopes(found: Iterable[Scope | None], case: Case) -> str:
    """Scopes in words, those of the same period together; "nothing" when there are none."""
    say = phrases(case)
    by_period: dict[str, list[str]] = {}
    for scope in found:
        if scope is not None:
            by_period.setdefault(period(scope, case), []).extend(classes(scope, say))
    parts = [f"{listed(dict.fromkeys(names), say)}{' ' + when if when else ''}" for when, names in by_period.items()]
    return "; ".join(parts) or say["nothing_for_now"]


def period(scope: Scope, case: Case) -> str:
    """A scope's period in the case's zone, with the last day that is included; nothing for an open one."""
    if scope.interval == ALWAYS or scope.interval.is_empty:
        return ""
    say = phrases(case)
    last = scope.interval.end - timedelta(microseconds=1)
    if scope.interval.start <= ALWAYS.start:
        return say["up_to"].format(day_of(last, case))
    if scope.interval.end >= ALWAYS.end:
        return say["from"].format(day_of(scope.interval.start, case))
    return say["from_to"].format(day_of(scope.interval.start, case), day_of(last, case))


def classes(scope: Scope, say: Phrases) -> list[str]:
    """The names of a scope's classes."""
    if isinstance(scope.classes, Every):
        return [say["all_data"]]
    return [say.word(say.classes, name) for name in sorted(scope.classes)]


def title(data_class: str, say: Phrases) -> str:
    """A class as a heading."""
    return say.titles.get(data_class) or opened(say.word(say.classes, data_class))


def process(case: Case) -> str:
    """The paper we answer, with its article."""
    say = phrases(case)
    kind = str(case.facts.get("process") or "")
    if not kind:
        return say["your_request"]
    name = say.word(say.processes, kind)
    issued = case.facts.get("issued_on")
    return say["process_of"].format(name, say.day(date.fromisoformat(str(issued)))) if issued else name


def authorities(cites: Iterable[str]) -> str:
    """Citations as a letter gives them; a policy of ours is no authority, so it is said in words and not cited."""
    return "; ".join(cite for cite in dict.fromkeys(cites) if not cite.startswith(HOUSE_POLICY))


def listed(words: Iterable[str], say: Phrases) -> str:
    """Words as a list in a sentence."""
    *rest, last = list(words) or [""]
    return say["and"].format(", ".join(rest), last) if rest else last


def day_of(moment: datetime, case: Case) -> str:
    """The day of a moment where the case is, in words."""
    return phrases(case).day(moment.astimezone(ZoneInfo(case.zone)).date())


def days(moments: Iterable[datetime], case: Case) -> str:
    """The days of moments, from the first to the last, in words."""
    known = sorted(moments)
    first, last = day_of(known[0], case), day_of(known[-1], case)
    return first if first == last else phrases(case)["days"].format(first, last)


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
    answer = _answer_due(clocks)
    return day_of(answer, case) if answer else phrases(case)["we_have_answered"]


def _in_time(case: Case, clocks: Sequence[ClockRow]) -> str:
    """By when what was complained of is answered; where no law names a day, once it was looked into."""
    answer, say = _answer_due(clocks), phrases(case)
    return say["by_then"].format(day_of(answer, case)) if answer else say["once_looked_into"]


def _answer_due(clocks: Sequence[ClockRow]) -> datetime | None:
    return next((clock.due for clock in clocks if clock.name == "answer"), None)
