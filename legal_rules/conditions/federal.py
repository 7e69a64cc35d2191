"""Phrases about the law of the United States: emergencies, stale warrants, silence towards the customer."""

from datetime import timedelta

from legal_rules.conditions.condition import CONDITIONS, condition, is_
from legal_rules.conditions.dates import served_late
from legal_rules.facts import Facts
from legal_rules.scope import Interval, between
from legal_rules.terms import Terms

is_("silence is requested", "nondisclosure_requested", True)
is_("no order forbids notice", "nondisclosure_order", False)
is_("an order forbids notice", "nondisclosure_order", True)


def emergency_window(facts: Facts, terms: Terms) -> Interval | None:
    """From the house's padding before the danger began on, or before the request where the paper does not date it."""
    began = facts.received_at if facts.incident_stated is False else facts.incident_from
    return None if began is None else between(began - timedelta(days=terms.policy.incident_padding_days), None)


@condition(
    "demand reaches back past the emergency",
    *("range_stated", "range_from", "range_to", "incident_stated", "incident_from", "received_at"),
)
def _(facts: Facts, terms: Terms) -> bool | None:
    no_period = CONDITIONS["no period is stated"].test(facts, terms)
    if no_period is not False:
        return no_period
    window = emergency_window(facts, terms)
    if window is None or facts.range_from is None:
        return None
    return facts.range_from < window.start


served_late("served after Rule 41's days", "us.rule41.execute")


@condition("emergency is shown", "emergency_danger", "emergency_immediate")
def _(facts: Facts, _: Terms) -> bool | None:
    shown = (facts.emergency_danger, facts.emergency_immediate)
    if False in shown:
        return False
    return None if None in shown else True


@condition("emergency is not shown", "emergency_danger", "emergency_immediate")
def _(facts: Facts, _: Terms) -> bool | None:
    shown = CONDITIONS["emergency is shown"].test(facts, _)
    return None if shown is None else not shown


@condition("nondisclosure order sets no end", "nondisclosure_end_stated", "nondisclosure_ends_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_ends_on is not None:
        return False
    return None if facts.nondisclosure_end_stated is None else not facts.nondisclosure_end_stated


@condition("nondisclosure order is older than the process", "nondisclosure_issued_on", "issued_on")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.nondisclosure_issued_on is None or facts.issued_on is None:
        return None
    return facts.nondisclosure_issued_on < facts.issued_on
