"""Phrases about the law of single states of the United States."""

from legal_rules.conditions.condition import condition, is_, seeks
from legal_rules.conditions.dates import served_late
from legal_rules.facts import Facts
from legal_rules.terms import Terms

is_("issuing state is California", "issuer_state", "CA")
is_("issuing state is Illinois", "issuer_state", "IL")
is_("issuing state is Utah", "issuer_state", "UT")
is_("issuer is a state or a party", "issuer", "us_state", "civil_party", "defendant")
is_("matter is about protected care", "protected_care", True)
is_("issuer attests that it is not", "care_attestation", True)
is_("no attestation about care comes with it", "care_attestation", False)
is_("paper is not for a criminal matter", "noncriminal_purpose", True)
is_("answer is not to be anonymised first", "anonymised_first", False)
is_("emergency is not one that Illinois lists", "household_emergency", False)
# Cal. Penal Code § 1546(d) and (g): about a communication or a device, beyond the subscriber's own particulars.
seeks("demand seeks connections, devices or the review log", "connections", "devices", "human_review_log")
served_late("served after California's days", "us.ca.warrant_void_after")


@condition("Pina is decided")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.in_force("us.ca.pina")


@condition("our state is California")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.policy.home_state == "CA"


@condition("our state is Washington")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.policy.home_state == "WA"


# States whose own companies answer another state's warrant as they would their own court's: Cal. Penal Code
# § 1524.2(c), Fla. Stat. § 92.605(3), Mass. Gen. Laws ch. 276 § 1B, Minn. Stat. § 626.18, RCW 10.96.040.
_HONOURS_WARRANTS = frozenset({"CA", "FL", "MA", "MN", "WA"})


@condition("no law of our state is known here to honour it")
def _(_facts: Facts, terms: Terms) -> bool | None:
    return terms.policy.home_state not in _HONOURS_WARRANTS


@condition("silence is ordered for longer than California allows", "nondisclosure_issued_on", "nondisclosure_ends_on")
def _(facts: Facts, terms: Terms) -> bool | None:
    if facts.nondisclosure_issued_on is None or facts.nondisclosure_ends_on is None:
        return None
    return (facts.nondisclosure_ends_on - facts.nondisclosure_issued_on).days > terms.days["us.ca.gag_max"]
