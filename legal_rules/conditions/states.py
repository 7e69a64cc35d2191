"""Phrases about the law of single states of the United States."""

from legal_rules.conditions.condition import condition, is_
from legal_rules.conditions.dates import served_late
from legal_rules.facts import Facts
from legal_rules.terms import Terms

is_("issuing state is California", "issuer_state", "CA")
served_late("served after California's days", "us.ca.warrant_void_after")


@condition("Pina is decided")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.in_force("us.ca.pina")
