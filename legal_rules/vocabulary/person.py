"""A person's request about their own data."""

from dataclasses import dataclass

from legal_rules.vocabulary.fact import paper, world
from legal_rules.vocabulary.words import PLANNED_ANSWERS, REQUEST_FEATURES, VOICES


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
        "information",
        "opt_out",
        "limit",
        "withdraw_consent",
        "complaint",
        asked_of="requester",
    )
    data_subject_country: str | None = world(
        "country", "Where the data subject lives: DE, GB, US-CA …", asked_of="requester"
    )
    identity_verified: bool | None = world(
        "flag",
        "We have confirmed that the request comes from the data subject; signing in to the account does.",
        asked_of="identity_check",
    )
    heard_as: str | None = paper(
        "choice",
        "What somebody who is heard on another's device is there: of the family, or a visitor.",
        "family",
        "visitor",
        asked_of="requester",
    )
    agent_authority: bool | None = world(
        "flag", "The agent has shown the data subject's signed permission.", asked_of="identity_check"
    )
    agent_confirmed: bool | None = world(
        "flag",
        "The data subject has confirmed to us, in their account, that they sent the agent; False once they deny it.",
        asked_of="identity_check",
    )
    agent_power_of_attorney: bool | None = world(
        "flag",
        "The agent has shown the data subject's power of attorney, in California one under Prob. Code §§ 4121 to 4130.",
        asked_of="identity_check",
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
    # What would let us answer less is for us to show (GDPR Art. 12(5)): a request nobody has marked is a plain one.
    request_features: frozenset[str] | None = paper(
        "choices",
        "What sets this request apart from a plain one, in its words or in our file; empty when nothing does.",
        *REQUEST_FEATURES,
        asked_of="intake",
    )
    planned_answer: frozenset[str] | None = paper(
        "choices",
        "What we ask of the person, or mean to give, short of a full and free answer in time; empty when nothing is.",
        *PLANNED_ANSWERS,
        asked_of="intake",
    )
    data_points_asked: int | None = world(
        "number", "How many details about themselves we ask the person for, to prove who they are.", asked_of="intake"
    )
    data_points_matched: int | None = world(
        "number", "How many reliable details the person gave that match our records.", asked_of="identity_check"
    )
    declaration_signed: bool | None = world(
        "flag",
        "The person signed, under penalty of perjury, that the data are about them.",
        asked_of="identity_check",
    )
    guardian_verified: bool | None = world(
        "flag", "We have confirmed that the guardian is the child's parent or guardian.", asked_of="identity_check"
    )
    answered_in_12_months: int | None = world(
        "number",
        "How often in the twelve months before this request we answered one of the same person, whatever it asked for, "
        "without a fee.",
        asked_of="intake",
    )
    changed_since_answer: bool | None = world(
        "flag", "Data were added or changed since our last answer to the same person.", asked_of="catalogue"
    )
    interval_reasonable: bool | None = world(
        "flag", "As much time has passed since our last answer as is reasonable, given how often such data change."
    )
    abuse_shown: frozenset[str] | None = world(
        "choices",
        "What we can prove of an abuse: that, objectively, the right's aim is not served though its form is kept; that,"
        " subjectively, the request was contrived to gain an advantage, such as damages.",
        "objective",
        "subjective",
    )
    unsearched_records: frozenset[str] | None = world(
        "choices",
        "Which of these hold of the records that we would leave unsearched.",
        "not_searchable",
        "kept_only_for_law",
        "not_sold_or_used",
        "described_to_the_person",
    )
    staff_names_essential: bool | None = paper(
        "flag",
        "The person shows why they cannot use their rights without the names of our employees.",
        asked_of="requester",
    )
    secrecy_orders: bool | None = world(
        "flag", "An order or law in force forbids us to tell the person that an authority asked about them."
    )
