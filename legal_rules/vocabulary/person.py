"""A person's request about their own data."""

from dataclasses import dataclass

from legal_rules.vocabulary.fact import paper, world
from legal_rules.vocabulary.words import VOICES


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person's request about their own data."""

    right: str | None = paper(
        "choice",
        "The right a data subject exercises.",
        "access",
        "portability",
        "erasure",
        "rectification",
        "restriction",
        "objection",
        asked_of="requester",
    )
    data_subject_country: str | None = world(
        "country", "Where the data subject lives: DE, GB, US-CA …", asked_of="requester"
    )
    identity_verified: bool | None = world(
        "flag", "We have confirmed that the request comes from the data subject.", asked_of="identity_check"
    )
    agent_authority: bool | None = world(
        "flag", "The agent has shown the data subject's signed permission.", asked_of="identity_check"
    )
    other_voices: frozenset[str] | None = world(
        "choices", "Who besides the account holder is heard in what is asked for.", *VOICES, asked_of="catalogue"
    )
    other_voices_consented: frozenset[str] | None = world(
        "choices", "Which of those people agreed to the copy.", *VOICES, asked_of="catalogue"
    )
    release_matches_requester: bool | None = world(
        "flag", "A person has confirmed that what leaves is the requester's own.", asked_of="lawyer"
    )
