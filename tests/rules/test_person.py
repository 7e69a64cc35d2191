"""A person's own request: each reason to answer less, its nearest neighbour, and what we may not do to the person."""

from datetime import date

import pytest

from legal_rules import scope
from legal_rules.conditions import CONDITIONS
from legal_rules.facts import confirmed, parse
from tests.rules.test_assessments import ACCESS, RECEIVED, assess, grounds
from tests.rules.test_cases import BOOK

BRITISH = ACCESS | {"data_subject_country": "GB"}
CALIFORNIAN = ACCESS | {"data_subject_country": "US-CA"}
MOTHER = ACCESS | {"requester_kind": "guardian", "guardian_verified": True}
AGAIN = {
    "request_features": ["same_data_answered_within_twelve_months"],
    "changed_since_answer": False,
    "interval_reasonable": False,
}
STAGED = {"request_features": ["signs_of_dealings_staged_to_claim_damages"], "abuse_shown": ["objective", "subjective"]}
NAMES = {"seeks": ["human_review_log", "employee_names"], "staff_names_essential": False}
TAPES = {
    "request_features": ["further_search_out_of_proportion"],
    "unsearched_records": ["not_searchable", "kept_only_for_law", "not_sold_or_used", "described_to_the_person"],
}
DETAILS = {"request_features": ["identity_by_matching_details"], "data_points_matched": 3, "declaration_signed": True}
LOG = {"seeks": ["audio", "legal_demand_log"]}

# ruff: noqa: E501 — a table of neighbours reads in rows
# What deserves the objection, the ground and the answer; then what makes it the neighbour that is answered in full.
PAIRS = [
    ("a stranger", ACCESS | {"identity_verified": False}, "IDENTITY_UNVERIFIED", "verify_identity", {"request_features": ["no_reason_to_doubt_identity"]}),
    ("a stranger in Leeds", BRITISH | {"identity_verified": False}, "IDENTITY_UNVERIFIED", "verify_identity", {"identity_verified": True}),
    ("a Californian with three details and no oath", CALIFORNIAN | DETAILS | {"identity_verified": False, "declaration_signed": False}, "IDENTITY_UNVERIFIED", "verify_identity", {"declaration_signed": True}),
    ("a Californian with two details", CALIFORNIAN | DETAILS | {"identity_verified": False, "data_points_matched": 2}, "IDENTITY_UNVERIFIED", "verify_identity", {"data_points_matched": 3}),
    ("an agent", ACCESS | {"requester_kind": "agent", "agent_authority": False, "agent_confirmed": True}, "AGENT_AUTHORITY", "verify_identity", {"agent_authority": True}),
    ("an agent whom nobody sent", ACCESS | {"requester_kind": "agent", "agent_authority": True, "agent_confirmed": False, "agent_power_of_attorney": False}, "AGENT_AUTHORITY", "verify_identity", {"agent_confirmed": True}),
    ("a Californian agent whom nobody sent", CALIFORNIAN | {"requester_kind": "agent", "agent_authority": True, "agent_confirmed": False, "agent_power_of_attorney": False}, "AGENT_AUTHORITY", "verify_identity", {"agent_power_of_attorney": True}),
    ("a Californian guest", CALIFORNIAN | {"requester_kind": "person_heard", "heard_as": "visitor", "right": "information", "range_stated": True}, "RIGHTS_OF_OTHERS", "refuse_all", {"requester_kind": "data_subject"}),
    ("somebody who says they are the mother", MOTHER | {"guardian_verified": False}, "CHILD_DATA", "verify_identity", {"guardian_verified": True}),
    ("a British father", MOTHER | {"data_subject_country": "GB", "guardian_verified": False}, "CHILD_DATA", "verify_identity", {"guardian_verified": True}),
    ("a Californian father", MOTHER | {"data_subject_country": "US-CA", "guardian_verified": False}, "CHILD_DATA", "verify_identity", {"guardian_verified": True}),
    ("ten years of everything", ACCESS | {"request_features": ["large_amount_and_not_said_which"]}, "CLARIFY", "clarify", {"request_features": ["large_amount_and_not_said_which", "insists_on_everything"]}),
    ("ten years of everything, not yet narrowed", ACCESS | {"request_features": ["large_amount_and_not_said_which"], "clarification_asked_on": "2026-11-10"}, "CLARIFY", "clarify", {"clarification_received_on": "2026-11-12"}),
    ("ten British years, not yet narrowed", BRITISH | {"request_features": ["large_amount_and_not_said_which"], "clarification_asked_on": "2026-11-10", "clarification_received_on": "2026-11-12", "clarification_again_asked_on": "2026-11-13"}, "CLARIFY", "clarify", {"clarification_again_received_on": "2026-11-16"}),
    ("ten British years", BRITISH | {"request_features": ["large_amount_and_not_said_which"]}, "CLARIFY", "clarify", {"request_features": []}),
    ("offered for sale", ACCESS | {"request_features": ["withdrawal_offered_for_benefit"]}, "MANIFESTLY_UNFOUNDED", "refuse_all", {"request_features": ["wanted_for_a_lawsuit_or_other_end"]}),
    ("meant to harass", BRITISH | {"request_features": ["meant_only_to_disrupt_or_harass"]}, "MANIFESTLY_UNFOUNDED", "refuse_all", {"request_features": []}),
    ("a Californian offer", CALIFORNIAN | {"request_features": ["withdrawal_offered_for_benefit"]}, "MANIFESTLY_UNFOUNDED", "refuse_all", {"request_features": []}),
    ("the same a week later", ACCESS | AGAIN, "EXCESSIVE_REPETITIVE", "refuse_all", {"changed_since_answer": True}),
    ("the same a week later in Leeds", BRITISH | AGAIN, "EXCESSIVE_REPETITIVE", "refuse_all", {"interval_reasonable": True}),
    ("a staged request", ACCESS | STAGED, "EXCESSIVE_ABUSE", "refuse_all", {"abuse_shown": ["subjective"]}),
    ("a third time in a year", CALIFORNIAN | {"request_features": ["same_data_answered_within_twelve_months"], "answered_in_12_months": 2}, "ANNUAL_CAP", "refuse_all", {"answered_in_12_months": 1}),
    ("a third time in a year, of other data", CALIFORNIAN | {"answered_in_12_months": 2}, "ANNUAL_CAP", "refuse_all", {"answered_in_12_months": 1}),
    ("a visitor heard in another room", ACCESS | {"other_voices": ["visitor"], "other_voices_consented": []}, "RIGHTS_OF_OTHERS", "narrow", {"request_features": ["only_conversations_the_person_took_part_in"]}),
    ("a British visitor", BRITISH | {"other_voices": ["visitor"], "other_voices_consented": []}, "RIGHTS_OF_OTHERS", "narrow", {"other_voices_consented": ["visitor"]}),
    ("a visitor in a child's recordings", MOTHER | {"other_voices": ["child", "visitor"], "other_voices_consented": []}, "RIGHTS_OF_OTHERS", "narrow", {"other_voices": ["child"]}),
    ("who of us listened", ACCESS | NAMES, "RIGHTS_OF_OTHERS", "narrow", {"staff_names_essential": True}),
    ("who of us listened in Leeds", BRITISH | NAMES, "RIGHTS_OF_OTHERS", "narrow", {"seeks": ["human_review_log"]}),
    ("who of us listened in Fresno", CALIFORNIAN | NAMES, "RIGHTS_OF_OTHERS", "narrow", {"seeks": ["human_review_log"]}),
    ("recipients who are threatened", BRITISH | {"seeks": ["audio", "recipients"], "secrecy_orders": False, "request_features": ["recipients_need_protection"]}, "RIGHTS_OF_OTHERS", "narrow", {"request_features": []}),
    ("a template", CALIFORNIAN | {"seeks": ["audio", "voiceprint"]}, "PROHIBITED_FIELD", "narrow", {"data_subject_country": "DE"}),
    ("whether the police asked, in secret", ACCESS | LOG | {"secrecy_orders": True}, "LEGAL_SECRECY", "escalate", {"secrecy_orders": False}),
    ("every backup tape", BRITISH | {"request_features": ["further_search_out_of_proportion"]}, "SEARCH_DISPROPORTIONATE", "narrow", {"data_subject_country": "DE"}),
    ("sealed Californian tapes", CALIFORNIAN | TAPES, "SEARCH_DISPROPORTIONATE", "narrow", {"unsearched_records": ["not_searchable"]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "ground", "disposition"),
    [(raw, ground, then) for _, raw, ground, then, _ in PAIRS],
    ids=[p[0] for p in PAIRS],
)
def test_a_reason_to_answer_less_is_found_alone(raw, ground, disposition):
    assessment = assess(raw)

    assert assessment.disposition == disposition
    assert grounds(assessment) == {ground}


@pytest.mark.parametrize("raw", [raw | change for _, raw, _, _, change in PAIRS], ids=[p[0] for p in PAIRS])
def test_its_nearest_neighbour_is_answered_in_full(raw):
    assessment = assess(raw)

    assert assessment.disposition == "comply"
    assert assessment.findings == ()


# What we mean to do to the person, and the ground where the law has a name for it.
GUARDS = [
    ("a passport", ACCESS, ["identity_document_asked"], {}, "OVER_VERIFICATION"),
    ("a British passport", BRITISH, ["identity_document_asked"], {}, "OVER_VERIFICATION"),
    ("a Californian licence", CALIFORNIAN, ["identity_document_asked"], {}, "OVER_VERIFICATION"),
    ("a card for an opt-out", CALIFORNIAN | {"right": "opt_out"}, ["identity_document_asked"], {}, "OVER_VERIFICATION"),
    ("a notary", CALIFORNIAN, ["notarisation_asked"], {}, "OVER_VERIFICATION"),
    ("five details for a copy", CALIFORNIAN, ["data_points_asked"], {"data_points_asked": 5}, "OVER_VERIFICATION"),
    ("a summary", ACCESS, ["summary_instead_of_copy"], {}, None),
    ("a fee", ACCESS, ["fee"], {}, None),
    ("a British fee", BRITISH, ["fee"], {}, None),
    ("a Californian fee", CALIFORNIAN, ["fee"], {}, None),
    ("our workload", ACCESS, ["later_because_of_our_workload"], {}, None),
    ("our British workload", BRITISH, ["later_because_of_our_workload"], {}, None),
    ("twelve months of four years", CALIFORNIAN, ["last_twelve_months_only"], {}, None),
]


@pytest.mark.parametrize(("raw", "plan", "more", "ground"), [row[1:] for row in GUARDS], ids=[row[0] for row in GUARDS])
def test_what_we_may_not_do_to_the_person_is_found_and_the_answer_stays_whole(raw, plan, more, ground):
    assessment = assess(raw | {"planned_answer": plan} | more)

    assert assessment.disposition == "comply"
    assert [finding.ground for finding in assessment.findings] == [ground]
    assert all(line.proposed == line.line.scope for line in assessment.lines)


def test_three_details_for_a_copy_are_not_too_many():
    assessment = assess(CALIFORNIAN | {"planned_answer": ["data_points_asked"], "data_points_asked": 3})

    assert assessment.findings == ()


def test_two_details_to_find_the_account_of_somebody_who_opts_out_are_not_too_many():
    opt_out = CALIFORNIAN | {"right": "opt_out", "planned_answer": ["data_points_asked"]}

    assert assess(opt_out | {"data_points_asked": 2}).findings == ()
    assert grounds(assess(opt_out | {"data_points_asked": 8})) == {"OVER_VERIFICATION"}


def test_what_we_plan_holds_up_no_answer_while_nobody_has_said():
    assert assess({name: value for name, value in ACCESS.items() if name != "planned_answer"}).disposition == "comply"


def test_a_request_read_through_needs_no_word_on_what_sets_it_apart():
    plain = {name: value for name, value in ACCESS.items() if name not in {"request_features", "planned_answer"}}

    assert BOOK.assess(confirmed(parse(plain)), on=RECEIVED).disposition == "comply"


@pytest.mark.parametrize("country", ["DE", "GB", "US-CA"])
def test_a_complex_request_is_given_longer_once_and_whole(country):
    late = ACCESS | {"data_subject_country": country, "request_features": ["too_complex_or_many_for_the_time"]}

    first = assess(late)
    then = assess(late | {"request_features": ["too_complex_or_many_for_the_time", "extension_announced"]})

    assert (first.disposition, then.disposition) == ("extend", "comply")
    assert all(line.proposed == line.line.scope for line in first.lines)


def test_the_police_log_is_withheld_while_nobody_has_looked_for_an_order():
    open_question, secret = assess(ACCESS | LOG), assess(ACCESS | LOG | {"secrecy_orders": True})

    # Whoever sees only what we do cannot tell the one from the other.
    assert open_question.disposition == secret.disposition == "escalate"
    assert [line.proposed for line in open_question.lines] == [line.proposed for line in secret.lines]
    assert open_question.missing == ("secrecy_orders",)


def test_a_secret_order_leaves_the_rest_of_the_answer_as_it_is():
    audio, log = assess(ACCESS | LOG | {"secrecy_orders": True}).lines

    assert audio.proposed == audio.line.scope
    assert (log.proposed, log.permitted) == (None, None)


def test_who_listened_is_told_without_the_name():
    names, reviews = assess(ACCESS | NAMES).lines

    assert (names.line.data_class, names.proposed) == ("employee_names", None)
    assert reviews.proposed == reviews.line.scope


@pytest.mark.parametrize("country", ["FR", "GB"])
def test_what_is_taken_along_is_the_clips_and_not_what_we_made_of_them(country):
    assessment = assess(
        ACCESS
        | {
            "right": "portability",
            "data_subject_country": country,
            "seeks": ["audio", "human_review_log", "voiceprint"],
        }
    )

    assert assessment.disposition == "narrow"
    assert assessment.scope.classes == {"audio"}


KEPT = {"right": "erasure", "request_features": ["erasure_barred_by_law_claim_or_hold"]}


@pytest.mark.parametrize("country", ["DE", "GB", "US-CA"])
@pytest.mark.parametrize(
    ("secret", "disposition"),
    [({"secrecy_orders": False}, "refuse_all"), ({"secrecy_orders": True}, "escalate"), ({}, "escalate")],
)
def test_what_must_be_kept_is_not_erased_and_a_secret_reason_is_not_told(country, secret, disposition):
    assessment = assess(ACCESS | KEPT | {"data_subject_country": country} | secret)

    assert assessment.disposition == disposition
    told = {finding.letter for finding in assessment.findings if finding.outcome != "ask"} - {None}
    assert told == ({"refusal_erasure_kept"} if disposition == "refuse_all" else set())


@pytest.mark.parametrize("right", ["erasure", "rectification", "restriction", "objection", "complaint"])
def test_what_only_counsel_answers_goes_to_counsel(right):
    assert assess(ACCESS | {"right": right}).disposition == "escalate"


@pytest.mark.parametrize(
    ("right", "country", "disposition"),
    [
        ("opt_out", "US-CA", "comply"),
        ("limit", "US-CA", "comply"),
        ("opt_out", "DE", "escalate"),
        ("withdraw_consent", "DE", "comply"),
        ("withdraw_consent", "US-CA", "escalate"),
    ],
)
def test_a_choice_is_done_where_the_law_gives_it(right, country, disposition):
    choice = ACCESS | {"right": right, "data_subject_country": country, "identity_verified": True, "seeks": []}

    assert assess(choice).disposition == disposition


def test_who_opts_out_in_california_proves_nothing():
    stranger = CALIFORNIAN | {
        "right": "opt_out",
        "identity_verified": False,
        "accounts": [],
        "devices": [],
        "seeks": [],
    }

    assert assess(stranger).disposition == "comply"


def test_the_voice_of_somebody_who_has_died_goes_to_counsel():
    assert assess(ACCESS | {"request_features": ["account_holder_deceased"]}).disposition == "escalate"


@pytest.mark.parametrize(
    ("country", "free"), [("US-VA", 2), ("US-CO", 1), ("US-CT", 1), ("US-TX", 2), ("US-OR", 1), ("US-WA", 2)]
)
def test_each_state_has_its_own_number_of_free_answers_and_counsel_answers(country, free):
    again = ACCESS | {"data_subject_country": country, "request_features": ["same_data_answered_within_twelve_months"]}

    within, beyond = (assess(again | {"answered_in_12_months": times}) for times in (free - 1, free))

    assert within.disposition == beyond.disposition == "escalate"
    assert (grounds(within), grounds(beyond)) == ({None}, {None, "ANNUAL_CAP"})


@pytest.mark.parametrize("country", ["BR", "CA-QC", "CH", "CA", "AU"])
def test_elsewhere_a_fee_is_warned_of_and_counsel_answers(country):
    charged = assess(ACCESS | {"data_subject_country": country, "planned_answer": ["fee"]})

    assert charged.disposition == "escalate"
    assert "comply" in {finding.outcome for finding in charged.findings}
    assert charged.scope == scope.NOTHING


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2027, 5, 12), {None, "INSTRUMENT_NOT_IN_FORCE"}), (date(2027, 5, 13), {None})]
)
def test_india_begins_in_may_2027(day, expected):
    assessment = assess(ACCESS | {"data_subject_country": "IN"}, on=day)

    assert assessment.disposition == "escalate"
    assert grounds(assessment) == expected


# The last day of the old answer, the first of the new one.
CHANGES = [
    ("abuse of a first request", ACCESS | STAGED, date(2026, 3, 19), "comply", "refuse_all"),
    ("reasonable search", BRITISH | {"request_features": ["further_search_out_of_proportion"]}, date(2025, 6, 19), "comply", "narrow"),
    ("a Californian child's template", MOTHER | {"data_subject_country": "US-CA", "seeks": ["audio", "voiceprint"]}, date(2025, 6, 23), "narrow", "escalate"),
    ("employees' names", ACCESS | NAMES, date(2023, 6, 22), "comply", "narrow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "day", "before", "since"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_the_answer_changes_with_the_law_on_its_day(raw, day, before, since):
    eve = date.fromordinal(day.toordinal() - 1)

    assert (assess(raw, on=eve).disposition, assess(raw, on=day).disposition) == (before, since)


def test_a_warrant_is_not_asked_what_a_person_would_be():
    person = {
        "request_features": ["meant_only_to_disrupt_or_harass"],
        "planned_answer": ["fee"],
        "secrecy_orders": True,
    }
    warrant = ACCESS | person | {"track": "legal_demand"}

    assert not any(finding.rule.startswith(("eu-gdpr", "any-secrecy")) for finding in assess(warrant).findings)


BY_DETAILS = {"request_features": ["identity_by_matching_details"]}
NOT_SIGNED_IN = {"identity_verified": False}


@pytest.mark.parametrize(
    ("known", "unverified"),
    [
        # By the account or by details: either suffices, and both must have failed.
        ({"identity_verified": False, "data_points_matched": 1}, True),
        ({"identity_verified": True, "data_points_matched": 3, "declaration_signed": True}, False),
        ({"identity_verified": True, "data_points_matched": 1}, False),
        ({"identity_verified": True}, False),
        ({"identity_verified": False}, None),
        (BY_DETAILS | {"data_points_matched": 1}, None),
        # No declaration, no copy, however many details match.
        (BY_DETAILS | NOT_SIGNED_IN | {"right": "access", "declaration_signed": False}, True),
        (BY_DETAILS | {"right": "access", "declaration_signed": True}, None),
        (BY_DETAILS | {"right": "erasure", "declaration_signed": False}, None),
        (BY_DETAILS | {"right": "access", "data_points_matched": 3}, None),
        # One detail proves nothing for any right; three and a declaration suffice for all.
        (BY_DETAILS | NOT_SIGNED_IN | {"data_points_matched": 1}, True),
        (BY_DETAILS | {"data_points_matched": 3, "declaration_signed": True}, False),
        (BY_DETAILS | {"data_points_matched": 2, "declaration_signed": True}, None),
    ],
    ids=str,
)
def test_what_the_details_prove_while_something_is_not_known(known, unverified):
    phrase = CONDITIONS["identity is not verified to California's degree"]

    assert phrase.test(parse(known), BOOK.terms(RECEIVED)) is unverified


@pytest.mark.parametrize(("asked", "too_many"), [(2, False), (3, None), (4, True)])
def test_how_many_details_are_too_many_for_any_right(asked, too_many):
    phrase = CONDITIONS["we ask for more details than California needs"]

    assert phrase.test(parse({"data_points_asked": asked}), BOOK.terms(RECEIVED)) is too_many
