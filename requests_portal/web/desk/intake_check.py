"""The scope check: what the rule book says of a paper that is still being typed. It writes and logs nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from legal_rules.assessment import Assessment, Finding
from legal_rules.disposition import ASK, ORDER
from legal_rules.facts import FACTS, Facts, confirmed, parse
from requests_portal.model.case import Track
from requests_portal.web import display
from requests_portal.web.desk.intake_facts import Clocks, established
from requests_portal.web.desk.intake_schema import Values, moment, order_zone
from requests_portal.web.desk.wording import DISPOSITIONS
from requests_portal.work.ports import Work

# A year and a half is long for an order; clock changes beyond it are not listed.
LONGEST_READ = timedelta(days=550)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One finding as it stands beside a form."""

    outcome: tuple[str, str]
    title: str
    remedy: str
    rule: str
    cites: tuple[str, ...]


NOT_ASKED = Said(
    outcome=("Later", "info"),
    title="The rules cannot be asked at the moment",
    remedy="File the request all the same: it is kept and held, and assessed once two lawyers have adopted an edition.",
    rule="",
    cites=(),
)


@dataclass(frozen=True, kw_only=True)
class ScopeCheck:
    """What the rules say, what they wait for, how the dates are read, and whether the paper is read as confirmed."""

    said: tuple[Said, ...]
    waits: tuple[str, ...]
    period: str
    zone: str
    closed: bool


def scope_check(track: Track, values: Values, clocks: Clocks, work: Work, *, closed: bool = False) -> ScopeCheck:
    """Assess what is established; `closed` reads the paper as confirmed, so that what it does not say is False."""
    facts = parse(established(track, values, clocks.desk))
    said, waits = _asked(confirmed(facts) if closed else facts, clocks, work)
    zone = order_zone(values)
    start, end = moment(values, "range_from", zone), moment(values, "range_to", zone, ends=True)
    return ScopeCheck(
        said=said,
        waits=waits,
        period=display.interval(start, end, zone) if zone and start and end else "",
        zone=_zone_on_dates(zone, start, end),
        closed=closed,
    )


def _asked(facts: Facts, clocks: Clocks, work: Work) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """What the rules say and what they wait for; a request is filed all the same while they cannot be asked."""
    if not work.can_assess:
        return (NOT_ASKED,), ()
    answer = _assessed(facts, clocks, work)
    said = tuple(_said(f) for f in sorted(answer.findings, key=_weight) if f.outcome != ASK)
    return said, tuple(FACTS[name].sentence for name in answer.missing)


def _assessed(facts: Facts, clocks: Clocks, work: Work) -> Assessment:
    on = (facts.received_at or clocks.now).date()
    return work.book.assess(facts, on=on)


def _weight(finding: Finding) -> tuple[int, str]:
    rank = ORDER.index(finding.outcome) if finding.outcome in ORDER else 0
    return -rank, finding.rule


def _said(finding: Finding) -> Said:
    return Said(
        outcome=DISPOSITIONS[finding.outcome],
        title=finding.title,
        remedy=finding.remedy,
        rule=finding.rule,
        cites=finding.cite,
    )


def _zone_on_dates(zone: ZoneInfo | None, start: datetime | None, end: datetime | None) -> str:
    if zone is None or start is None or end is None or end - start > LONGEST_READ:
        return ""
    return display.zone_on_dates(zone, start.date(), (end - timedelta(microseconds=1)).date())
