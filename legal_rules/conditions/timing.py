"""Phrases about which time limits run."""

from legal_rules.conditions.condition import condition, is_
from legal_rules.facts import Facts
from legal_rules.terms import Terms

is_("a federal court issued it", "issuer_state", "US")
is_("target is not a US person", "target_us_person", False)
is_("data subject lives in Brazil", "data_subject_country", "BR")
is_("data subject lives in Canada", "data_subject_country", "CA")
is_("data subject lives in Switzerland", "data_subject_country", "CH")
is_("data subject lives in Korea", "data_subject_country", "KR")
is_(
    "data subject lives in a state with a 45-day law",
    "data_subject_country",
    *("US-VA", "US-CO", "US-CT", "US-TX", "US-OR", "US-WA"),
)


@condition("a return date is stated", "court_return_on")
def _(facts: Facts, _: Terms) -> bool | None:
    # Papers that order no date say nothing; the clock then runs on the next period that applies.
    return facts.court_return_on is not None
