"""Phrases about the period asked for, the incident and the day of issue, and the intervals they stand for."""

from datetime import datetime, timedelta

from legal_rules.conditions.condition import CONDITIONS, condition
from legal_rules.facts import Facts
from legal_rules.scope import Interval, between, end_asked_for, end_of_issue
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import DATED_CLASSES


@condition("no period is stated", "range_stated", "range_from", "range_to", "range_to_open")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.range_from is not None or facts.range_to is not None or facts.range_to_open or facts.range_stated:
        return False
    return None if facts.range_stated is None else True


@condition("incident is known", "incident_stated", "incident_from")
def _(facts: Facts, _: Terms) -> bool | None:
    return True if facts.incident_from is not None else facts.incident_stated


@condition("incident is not known", "incident_stated", "incident_from")
def _(facts: Facts, _: Terms) -> bool | None:
    known = CONDITIONS["incident is known"].test(facts, _)
    return None if known is None else not known


def incident_window(facts: Facts, terms: Terms) -> Interval | None:
    """The incident with the house's padding on each side; None while its first moment is not established."""
    if facts.incident_from is None:
        return None
    padding = timedelta(days=terms.policy.incident_padding_days)
    return Interval(facts.incident_from - padding, (facts.incident_to or facts.incident_from) + padding)


@condition(
    "period runs past the incident by more than the house allows",
    *("range_stated", "range_from", "range_to", "range_to_open", "issued_on"),
    *("incident_stated", "incident_from", "incident_to"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.range_stated is False or facts.incident_stated is False:
        return False
    window = incident_window(facts, terms)
    if facts.range_from is None or window is None:
        return None
    return facts.range_from < window.start or _ends_past(facts, facts.range_from, window)


def _ends_past(facts: Facts, start: datetime, window: Interval) -> bool | None:
    """Whether the period from its start, up to the day of issue, runs past the window."""
    end, issued = end_asked_for(facts), end_of_issue(facts)
    if end is None:
        return None
    if between(start, end) <= window:
        return False
    if issued is None:
        return None
    # What lies past the day of issue is objected to by another rule, and for what it is.
    past = not between(start, min(end, issued)) <= window
    # An event that lasted longer than we know moves the window's end.
    return None if past and facts.incident_to is None else past


@condition("demand reaches past the day of issue", "seeks", "range_stated", "range_to", "range_to_open", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.seeks is None:
        return None
    if "future_data" in facts.seeks:
        return True
    if not facts.seeks & DATED_CLASSES or facts.range_stated is False or facts.range_to_open:
        return False
    end = end_of_issue(facts)
    return None if facts.range_to is None or end is None else facts.range_to > end


@condition(
    "part of the period was answered before",
    *("range_stated", "range_from", "range_to", "range_to_open", "issued_on", "answered_from", "answered_to"),
)
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.answered_from is None or facts.answered_to is None:
        return None
    if facts.range_stated is False:
        return True
    end = end_asked_for(facts)
    # A bound that is not known yet can only make the period shorter.
    if (between(facts.range_from, end) & Interval(facts.answered_from, facts.answered_to)).is_empty:
        return False
    return None if facts.range_from is None or end is None else True


def served_late(phrase: str, period: str) -> None:
    """Define a phrase that holds when a warrant was served more days after issue than this dated limit."""

    def test(facts: Facts, terms: Terms) -> bool | None:
        if facts.issued_on is None or facts.served_on is None:
            return None
        return (facts.served_on - facts.issued_on).days > terms.days[period]

    condition(phrase, "issued_on", "served_on")(test)
