"""Phrases about a person's request about their own data."""

from legal_rules.conditions.condition import condition, has, is_, seeks
from legal_rules.facts import Facts
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import CHECKED_COUNTRIES, EEA, RECORDED
from legal_rules.vocabulary.words import SEEKS

seeks("request seeks who asked about them", "legal_demand_log", "recipients")
seeks("request seeks a copy of recordings", "audio", "transcript")
seeks("request seeks what is kept of the account's holder", *(name for name in SEEKS if name not in RECORDED))
seeks("request seeks our employees' names", "employee_names")
seeks("request seeks who received the data", "recipients")
seeks("request seeks what the person did not give us", "voiceprint", "human_review_log", "employee_names")

_COPIES = ("access", "portability")
# Cal. Civ. Code §§ 1798.120, 1798.121: nobody is harmed by an impostor's choice, so nothing is to be proved.
_CHOICES = ("opt_out", "limit")

is_("right is a copy", "right", *_COPIES)
is_("right is a copy or information", "right", *_COPIES, "information")
is_("right is access", "right", "access")
is_("right is portability", "right", "portability")
is_("right is erasure", "right", "erasure")
is_("right is to complain", "right", "complaint")
is_("right is to opt out or to limit", "right", *_CHOICES)
is_(
    "right is about data that must be found",
    "right",
    *(*_COPIES, "information", "erasure", "rectification", "restriction", "objection"),
)
is_(
    "right is one that only counsel answers",
    "right",
    *("erasure", "rectification", "restriction", "objection", "complaint"),
)

is_("GDPR applies", "data_subject_country", *EEA)
is_("UK GDPR applies", "data_subject_country", "GB")
is_("CCPA applies", "data_subject_country", "US-CA")
is_("data subject lives in Virginia", "data_subject_country", "US-VA")
is_("data subject lives in Colorado", "data_subject_country", "US-CO")
is_("data subject lives in Connecticut", "data_subject_country", "US-CT")
is_("data subject lives in Texas", "data_subject_country", "US-TX")
is_("data subject lives in Oregon", "data_subject_country", "US-OR")
is_("data subject lives in Washington", "data_subject_country", "US-WA")
is_("data subject lives in Quebec", "data_subject_country", "CA-QC")
is_("data subject lives in India", "data_subject_country", "IN")


@condition("data subject lives in the United States", "data_subject_country")
def _(facts: Facts, _: Terms) -> bool | None:
    country = facts.data_subject_country
    return None if country is None else country.split("-")[0] == "US"


@condition("nobody has checked this country here", "data_subject_country")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.data_subject_country is None else facts.data_subject_country not in CHECKED_COUNTRIES


@condition("nobody has checked this choice here", "right", "data_subject_country")
def _(facts: Facts, _: Terms) -> bool | None:
    # The rights to opt out and to limit are California's; consent is withdrawn under the two regulations.
    if facts.right is None:
        return None
    if facts.right not in {*_CHOICES, "withdraw_consent"}:
        return False
    if facts.data_subject_country is None:
        return None
    return (facts.right in _CHOICES) != (facts.data_subject_country == "US-CA")


# --- who asks

is_("an agent asks", "requester_kind", "agent")
is_("a guardian asks", "requester_kind", "guardian")
is_("another person heard asks", "requester_kind", "person_heard")
is_("the person heard is of the family or visits", "heard_as", "family", "visitor")
is_("agent has shown no permission", "agent_authority", False)
is_("the person has not confirmed the agent", "agent_confirmed", False)
is_("agent holds a power of attorney", "agent_power_of_attorney", True)


@condition("the person has not denied the agent", "agent_confirmed")
def _(facts: Facts, _: Terms) -> bool:
    # What somebody denies in their account is in our own file: a denial that is not there was not made.
    return facts.agent_confirmed is not False


is_("guardian is not verified", "guardian_verified", False)
is_("identity is not verified", "identity_verified", False)
is_("what leaves is not the requester's own", "release_matches_requester", False)
has("identity is beyond doubt", "request_features", "no_reason_to_doubt_identity")
has("only an identity document can tell", "request_features", "only_an_identity_document_can_tell")
has("account holder has died", "request_features", "account_holder_deceased")

# 11 CCR § 7062(b), (c): to a reasonable degree two details; to a high one three, and a declaration.
_REASONABLE = 2
HIGH_DEGREE = 3


def details_needed(right: str) -> int:
    """The details that California lets us ask for: to find an account two; to send the data themselves three."""
    return HIGH_DEGREE if right in _COPIES else _REASONABLE


def _needed(right: str | None) -> int | None:
    return None if right is None else details_needed(right)


def _details_suffice(facts: Facts) -> bool | None:
    needed, matched = _needed(facts.right), facts.data_points_matched
    if matched is None:
        return False if needed == HIGH_DEGREE and facts.declaration_signed is False else None
    if matched < _REASONABLE:
        return False
    if needed is None:
        return True if matched >= HIGH_DEGREE and facts.declaration_signed else None
    if matched < needed:
        return False
    return facts.declaration_signed if needed == HIGH_DEGREE else True


@condition(
    "identity is not verified to California's degree",
    *("request_features", "identity_verified", "data_points_matched", "declaration_signed", "right"),
)
def _(facts: Facts, _: Terms) -> bool | None:
    by_account, by_details = facts.identity_verified, _by_details(facts)
    if by_account or by_details:
        return False
    return None if by_account is None or by_details is None else True


def _by_details(facts: Facts) -> bool | None:
    """Whether matching details show who asks; they count where there is no account to sign in to."""
    suffice = _details_suffice(facts)
    if facts.request_features is None:
        return False if suffice is False else None
    return suffice if "identity_by_matching_details" in facts.request_features else False


is_("right needs a verified person", "right", *_COPIES, "information", "erasure", "rectification")


# --- whose voices and names

is_("employees' names are essential", "staff_names_essential", True)
is_("a secrecy order is in force", "secrecy_orders", True)
is_("no secrecy order is in force", "secrecy_orders", False)
has("the person took part in every conversation", "request_features", "only_conversations_the_person_took_part_in")
has("recipients need protection", "request_features", "recipients_need_protection")


@condition("other people are heard who have not agreed", "other_voices", "other_voices_consented")
def _(facts: Facts, _: Terms) -> bool | None:
    if facts.other_voices == frozenset():
        return False
    if facts.other_voices is None or facts.other_voices_consented is None:
        return None
    return not facts.other_voices <= facts.other_voices_consented


@condition("nobody but the child is heard besides", "other_voices")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.other_voices is None else facts.other_voices <= {"child"}


# --- why, how often and how much

has(
    "request is not meant to be answered",
    "request_features",
    *("withdrawal_offered_for_benefit", "meant_only_to_disrupt_or_harass"),
)
has("there are signs of staging", "request_features", "signs_of_dealings_staged_to_claim_damages")
has("the same was asked before", "request_features", "same_data_answered_within_twelve_months")
is_("nothing has changed since our last answer", "changed_since_answer", False)
is_("no reasonable interval has passed", "interval_reasonable", False)
has("a large amount is asked for without saying which", "request_features", "large_amount_and_not_said_which")


@condition(
    "the person has said which",
    *("clarification_received_on", "clarification_again_asked_on", "clarification_again_received_on"),
)
def _(facts: Facts, _: Terms) -> bool | None:
    # An event without a day has not happened.
    asked_again, answered_again = facts.clarification_again_asked_on, facts.clarification_again_received_on
    return facts.clarification_received_on is not None and (asked_again is None or answered_again is not None)


has("the person insists on everything", "request_features", "insists_on_everything")
has("a further search is out of proportion", "request_features", "further_search_out_of_proportion")
has("complexity leaves too little time", "request_features", "too_complex_or_many_for_the_time")
has("the extension is announced", "request_features", "extension_announced")
has("what is to be erased must be kept", "request_features", "erasure_barred_by_law_claim_or_hold")


@condition("both elements of abuse are shown", "abuse_shown")
def _(facts: Facts, _: Terms) -> bool | None:
    return None if facts.abuse_shown is None else facts.abuse_shown == {"objective", "subjective"}


@condition("records may stay unsearched in California", "unsearched_records")
def _(facts: Facts, _: Terms) -> bool | None:
    # 11 CCR § 7024(c): all four together.
    wanted = {"not_searchable", "kept_only_for_law", "not_sold_or_used", "described_to_the_person"}
    return None if facts.unsearched_records is None else facts.unsearched_records == wanted


def _answered(phrase: str, times: int) -> None:
    """Define a phrase that holds when the person had this many free answers in the last twelve months."""

    def test(facts: Facts, _: Terms) -> bool | None:
        if facts.answered_in_12_months is not None:
            return facts.answered_in_12_months >= times
        # Our own file shows whom we answered: what it does not show is not asked of a plain request.
        answered = facts.request_features is None or "same_data_answered_within_twelve_months" in facts.request_features
        return None if answered else False

    condition(phrase, "request_features", "answered_in_12_months")(test)


_answered("answered once in these twelve months", 1)
_answered("answered twice in these twelve months", 2)


# --- what we ask or mean to answer instead

has(
    "we ask for papers that people need not show",
    "planned_answer",
    *("identity_document_asked", "new_account_demanded", "notarisation_asked"),
)
has("we ask for details to be matched", "planned_answer", "data_points_asked")
has("we ask the person to confirm the agent", "planned_answer", "agent_to_be_confirmed_by_the_person")
has("we mean to send a summary", "planned_answer", "summary_instead_of_copy")
has("we mean to name kinds of recipients only", "planned_answer", "kinds_instead_of_named_recipients")
has("we mean to charge or refuse for the motive", "planned_answer", "fee", "refusal_for_the_motive")
has("we mean to charge a fee", "planned_answer", "fee")
has("we mean to look back twelve months only", "planned_answer", "last_twelve_months_only")
has("we mean to be late for our workload", "planned_answer", "later_because_of_our_workload")
has("we mean to keep the transcripts", "planned_answer", "transcripts_kept_after_erasure")


@condition("we ask for more details than California needs", "data_points_asked", "right")
def _(facts: Facts, _: Terms) -> bool | None:
    asked, needed = facts.data_points_asked, _needed(facts.right)
    if asked is None:
        return None
    if needed is None:
        return False if asked <= _REASONABLE else True if asked > HIGH_DEGREE else None
    return asked > needed
