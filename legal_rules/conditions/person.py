"""Phrases about a person's request about their own data."""

from legal_rules.conditions.condition import condition, is_, seeks
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import CHECKED_COUNTRIES, EEA

seeks("request seeks who asked about them", "legal_demand_log")
seeks("request seeks a copy of recordings", "audio", "transcript")

is_("right is a copy", "right", "access", "portability")
is_("right is not a copy", "right", "erasure", "rectification", "restriction", "objection")
is_("identity is not verified", "identity_verified", False)
is_("an agent asks", "requester_kind", "agent")
is_("agent has shown no permission", "agent_authority", False)
is_("what leaves is not the requester's own", "release_matches_requester", False)
is_("GDPR applies", "data_subject_country", *EEA)
is_("UK GDPR applies", "data_subject_country", "GB")
is_("CCPA applies", "data_subject_country", "US-CA")


@condition("nobody has checked this country here", "data_subject_country")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.data_subject_country is None else facts.data_subject_country not in CHECKED_COUNTRIES


@condition("other people are heard who have not agreed", "other_voices", "other_voices_consented")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.other_voices == frozenset():
        return False
    if facts.other_voices is None or facts.other_voices_consented is None:
        return None
    return not facts.other_voices <= facts.other_voices_consented
