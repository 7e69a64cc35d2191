"""Real matters of people who asked about their own data, told in our facts: what we would have answered."""

from datetime import date

import pytest

from tests.rules.test_assessments import ACCESS, assess, grounds

# Everybody's voice, name and account in these is invented; the citations are those of the decisions.


def without(raw, *names):
    return {name: value for name, value in raw.items() if name not in names}


# ruff: noqa: E501 — a table of matters reads in rows
MATTERS = [
    pytest.param(
        # CJEU C-579/21 Pankki S (2023-06-22). Adapted: the bank's log of consultations is our log of human review.
        # He was told when and why his data were consulted, and not by which employees.
        ACCESS | {"data_subject_country": "FI", "seeks": ["human_review_log", "employee_names"], "staff_names_essential": False},
        date(2026, 4, 7), "narrow", {"RIGHTS_OF_OTHERS"}, {"human_review_log"},
        id="Pankki S: when and why, not who",
    ),
    pytest.param(
        # The same judgment, its exception: names that are essential to use the rights are weighed and given.
        ACCESS | {"data_subject_country": "FI", "seeks": ["human_review_log", "employee_names"], "staff_names_essential": True},
        date(2026, 4, 7), "comply", set(), {"human_review_log", "employee_names"},
        id="Pankki S: names that are essential",
    ),
    pytest.param(
        # CJEU C-154/21 Österreichische Post (2023-01-12): kinds of recipients do not do where their names were asked for.
        ACCESS | {"data_subject_country": "AT", "right": "information", "seeks": ["recipients"], "secrecy_orders": False, "planned_answer": ["kinds_instead_of_named_recipients"]},
        date(2026, 4, 7), "comply", set(), {"recipients"},
        id="Österreichische Post: recipients by name",
    ),
    pytest.param(
        # CJEU C-487/21 F.F. (2023-05-04). Adapted: the agency's aggregated list is our summary of recordings.
        ACCESS | {"data_subject_country": "AT", "planned_answer": ["summary_instead_of_copy"]},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="F.F. v CRIF: a faithful copy, not a summary",
    ),
    pytest.param(
        # CJEU C-307/22 FT v DW (2023-10-26). Adapted: the dentist's file is the patient's recordings; wanted for a lawsuit.
        ACCESS | {"request_features": ["wanted_for_a_lawsuit_or_other_end"], "planned_answer": ["fee"]},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="FT v DW: the first copy is free, whatever it is for",
    ),
    pytest.param(
        # CJEU C-526/24 Brillen Rottler (2026-03-19). Adapted: the newsletter is an account; that the pattern is proved is
        # supposed here, the court left it to Arnsberg.
        ACCESS | {"data_subject_country": "AT", "request_features": ["signs_of_dealings_staged_to_claim_damages", "wanted_for_a_lawsuit_or_other_end"], "abuse_shown": ["objective", "subjective"]},
        date(2026, 4, 7), "refuse_all", {"EXCESSIVE_ABUSE"}, set(),
        id="Brillen Rottler: both elements proved",
    ),
    pytest.param(
        # The same, where public reports on other requests are all there is: the exception is narrow.
        ACCESS | {"data_subject_country": "AT", "request_features": ["signs_of_dealings_staged_to_claim_damages", "wanted_for_a_lawsuit_or_other_end"], "abuse_shown": ["objective"]},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="Brillen Rottler: one element proves nothing",
    ),
    pytest.param(
        # CJEU C-416/23 Österreichische Datenschutzbehörde (2025-01-09): 77 complaints in 20 months were not too many by
        # number. Adapted: complaints to the authority are requests to us, each about what is new.
        ACCESS | {"data_subject_country": "AT", "request_features": ["same_data_answered_within_twelve_months"], "answered_in_12_months": 46, "changed_since_answer": True, "interval_reasonable": False},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="Österreichische Datenschutzbehörde: number alone is no abuse",
    ),
    pytest.param(
        # Lees v Lloyds Bank plc [2020] EWHC 2249 (Ch): one request after another for the same. Adapted: loan files are
        # recordings; decided under the 1998 and 2018 Acts, answered here under the law of 2026.
        ACCESS | {"data_subject_country": "GB", "request_features": ["same_data_answered_within_twelve_months", "wanted_for_a_lawsuit_or_other_end"], "answered_in_12_months": 8, "changed_since_answer": False, "interval_reasonable": False},
        date(2026, 4, 7), "refuse_all", {"EXCESSIVE_REPETITIVE"}, set(),
        id="Lees v Lloyds Bank: the same again with nothing new",
    ),
    pytest.param(
        # Harrison v Cameron [2024] EWHC 1377 (KB): recordings of threats were shared with family, friends and colleagues,
        # whom naming would expose. Adapted: the copy of the recordings themselves is ours to give.
        ACCESS | {"data_subject_country": "GB", "seeks": ["audio", "recipients"], "secrecy_orders": False, "request_features": ["recipients_need_protection", "wanted_for_a_lawsuit_or_other_end"]},
        date(2026, 4, 7), "narrow", {"RIGHTS_OF_OTHERS"}, {"audio"},
        id="Harrison v Cameron: recipients who must be protected",
    ),
    pytest.param(
        # Ittihadieh v 5-11 Cheyne Gardens [2017] EWCA Civ 121: no stone need be left unturned; now Art. 15(1A).
        ACCESS | {"data_subject_country": "GB", "request_features": ["further_search_out_of_proportion"]},
        date(2026, 4, 7), "narrow", {"SEARCH_DISPROPORTIONATE"}, set(ACCESS["seeks"]),
        id="Ittihadieh: a reasonable and proportionate search",
    ),
    pytest.param(
        # Dawson-Damer v Taylor Wessing [2017] EWCA Civ 74: a lawsuit in the Bahamas behind the request changes nothing.
        ACCESS | {"data_subject_country": "GB", "request_features": ["wanted_for_a_lawsuit_or_other_end"]},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="Dawson-Damer: another purpose is no answer",
    ),
    pytest.param(
        # In re American Honda Motor Co. (CPPA 2025-03-07): eight details before an opt-out.
        without(ACCESS, "identity_verified") | {"data_subject_country": "US-CA", "right": "opt_out", "seeks": [], "planned_answer": ["data_points_asked"], "data_points_asked": 8},
        date(2026, 4, 7), "comply", {"OVER_VERIFICATION"}, set(),
        id="Honda: eight details for an opt-out",
    ),
    pytest.param(
        # The same order: the customer had to confirm the agent in person.
        ACCESS | {"data_subject_country": "US-CA", "requester_kind": "agent", "agent_authority": True, "right": "limit", "seeks": [], "planned_answer": ["agent_to_be_confirmed_by_the_person"]},
        date(2026, 4, 7), "comply", {"OVER_VERIFICATION"}, set(),
        id="Honda: an agent to be confirmed",
    ),
    pytest.param(
        # The same order: more than two details, where two identify. Adapted: nobody has verified the person yet.
        ACCESS | {"data_subject_country": "US-CA", "right": "information", "seeks": ["recipients"], "secrecy_orders": False, "identity_verified": False, "planned_answer": ["data_points_asked"], "data_points_asked": 8},
        date(2026, 4, 7), "verify_identity", {"IDENTITY_UNVERIFIED", "OVER_VERIFICATION"}, set(),
        id="Honda: eight details where two do",
    ),
    pytest.param(
        # In re Todd Snyder, Inc. (CPPA 2025-05-01): a photograph of an identity card before an opt-out.
        ACCESS | {"data_subject_country": "US-CA", "right": "opt_out", "seeks": [], "planned_answer": ["identity_document_asked"]},
        date(2026, 4, 7), "comply", {"OVER_VERIFICATION"}, set(),
        id="Todd Snyder: a card for an opt-out",
    ),
    pytest.param(
        # The same order: and before a copy of what the account already proves.
        ACCESS | {"data_subject_country": "US-CA", "planned_answer": ["identity_document_asked"]},
        date(2026, 4, 7), "comply", {"OVER_VERIFICATION"}, set(ACCESS["seeks"]),
        id="Todd Snyder: a card for a copy",
    ),
    pytest.param(
        # United States v. Amazon.com, No. 2:23-cv-00811 (W.D. Wash. 2023-07-19): children's transcripts outlived their
        # recordings. Adapted: one mother's request; whether anything must be kept is for counsel.
        ACCESS | {"data_subject_country": "US-WA", "requester_kind": "guardian", "guardian_verified": True, "right": "erasure", "seeks": ["audio", "transcript"], "planned_answer": ["transcripts_kept_after_erasure"]},
        date(2026, 4, 7), "escalate", {"CHILD_DATA"}, set(),
        id="United States v. Amazon: transcripts go too",
    ),
    pytest.param(
        # EDPB Guidelines 02/2021 on voice assistants: an accidental user has the same rights, if only we can tell who.
        ACCESS | {"data_subject_country": "FR", "accounts": [], "devices": []},
        date(2026, 4, 7), "clarify", {"CLARIFY"}, set(),
        id="EDPB 02/2021: a visitor who names no device",
    ),
    pytest.param(
        # The same guidelines: a visitor who names the device speaks among its owner's household, who did not agree.
        ACCESS | {"data_subject_country": "FR", "accounts": [], "devices": ["DD-7731"], "seeks": ["audio"], "other_voices": ["family"], "other_voices_consented": []},
        date(2026, 4, 7), "narrow", {"RIGHTS_OF_OTHERS"}, {"audio"},
        id="EDPB 02/2021: a visitor's own words",
    ),
    pytest.param(
        # EDPB Guidelines 01/2022: a known customer writes from the address on file; a copy of a card is not routine.
        ACCESS | {"identity_verified": False, "request_features": ["no_reason_to_doubt_identity"], "planned_answer": ["identity_document_asked"]},
        date(2026, 4, 7), "comply", {"OVER_VERIFICATION"}, set(ACCESS["seeks"]),
        id="EDPB 01/2022: no card as a matter of routine",
    ),
    pytest.param(
        # ICO, guide to the right of access: a request withdrawn for a benefit is manifestly unfounded.
        ACCESS | {"data_subject_country": "GB", "request_features": ["withdrawal_offered_for_benefit"]},
        date(2026, 4, 7), "refuse_all", {"MANIFESTLY_UNFOUNDED"}, set(),
        id="ICO: withdrawn for a benefit",
    ),
    pytest.param(
        # ICO, the same: aggressive words alone do not make it so.
        ACCESS | {"data_subject_country": "GB"},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="ICO: rude words in an honest request",
    ),
    pytest.param(
        # ICO, the same: asked which part is meant, the person repeats that it is everything.
        ACCESS | {"data_subject_country": "GB", "request_features": ["large_amount_and_not_said_which", "insists_on_everything"]},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="ICO: everything means everything",
    ),
    pytest.param(
        # 11 CCR § 7062(c): without an account, the data themselves need three details and a declaration.
        ACCESS | {"data_subject_country": "US-CA", "identity_verified": False, "request_features": ["identity_by_matching_details"], "data_points_matched": 3, "declaration_signed": True},
        date(2026, 4, 7), "comply", set(), set(ACCESS["seeks"]),
        id="7062: three details and a declaration",
    ),
    pytest.param(
        # 18 U.S.C. § 2705(b): a customer asks whether the police asked while an order forbids telling.
        ACCESS | {"data_subject_country": "US-CA", "seeks": ["audio", "legal_demand_log"], "secrecy_orders": True},
        date(2026, 4, 7), "escalate", {"LEGAL_SECRECY"}, {"audio"},
        id="2705(b): asked while silence is ordered",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "on", "disposition", "expected", "given"), MATTERS)
def test_a_real_matter_gets_the_answer_it_got_or_should_have(raw, on, disposition, expected, given):
    assessment = assess(raw, on=on)

    assert assessment.disposition == disposition
    assert grounds(assessment) - {None} == expected
    assert {line.line.data_class for line in assessment.lines if line.proposed} == given


def test_a_first_request_was_never_abusive_before_brillen_rottler():
    staged = ACCESS | {
        "request_features": ["signs_of_dealings_staged_to_claim_damages"],
        "abuse_shown": ["objective", "subjective"],
    }

    assert assess(staged, on=date(2026, 3, 18)).disposition == "comply"


def test_the_customer_in_pankki_s_had_no_rule_on_names_the_day_before():
    asked = ACCESS | {
        "data_subject_country": "FI",
        "seeks": ["human_review_log", "employee_names"],
        "staff_names_essential": False,
    }

    assert grounds(assess(asked, on=date(2023, 6, 21))) == set()
