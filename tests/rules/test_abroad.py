"""Whole requests from other countries: what each instrument opens, what it does not, and the days on which that changed."""

from datetime import date

import pytest

from legal_rules.facts import dump, parse
from tests.rules.strategies import forget
from tests.rules.test_assessments import EPOC, LONDON, WARRANT, assess, grounds
from tests.rules.test_cases import BOOK
from tests.rules.test_rule_book import ASKING

# ruff: noqa: E501 — a table of neighbours reads in rows
ALONE = {"seeks": ["subscriber"]}
URGENT = {"emergency_danger": True, "emergency_immediate": True}
EPOC_PR = EPOC | {"process": "epoc_pr"}
POLICE = EPOC | {"issuer_role": "police"} | ALONE
OPO = LONDON | {"process": "overseas_production_order", "issuer_role": "judge", "account_flags": []}
SYDNEY = LONDON | {"issuer": "foreign_state", "issuing_country": "AU", "agreement": "us_au"}
NOTICE = LONDON | {"process": "communications_data_notice", "issuer_role": "police"} | ALONE
LETTER = WARRANT | {"issuer": "foreign_state", "issuing_country": "BR", "process": "foreign_request"}
FOREIGN_EMERGENCY = LETTER | {"process": "emergency_request"} | URGENT

IN_ORDER = {
    "an investigating judge's order for recordings": EPOC,
    "a prosecutor's order that only identifies the user": EPOC
    | {"issuer_role": "prosecutor", "seeks": ["identification"]},
    "a police office's order that a prosecutor validated": POLICE | {"validated_by": "prosecutor"},
    "a police office's order for recordings that a court validated": EPOC
    | {"issuer_role": "police", "validated_by": "court"},
    "who the lawyer is whom the certificate names": EPOC | ALONE | {"certificate_flaws": ["immunity_or_privilege"]},
    "the subscriber for an insult": EPOC | ALONE | {"offence_max_years": 1},
    "recordings for a listed offence below three years": EPOC | {"offence_max_years": 2, "listed_offence": True},
    "an order from Dublin, for Ireland takes part": EPOC | {"issuing_country": "IE"},
    "recordings for exactly three years": EPOC | {"offence_max_years": 3},
    "the subscriber, unvalidated, because a life is in danger": POLICE | URGENT,
    "an emergency sent to another of our companies": EPOC | URGENT | {"certificate_flaws": ["other_addressee"]},
    "an overseas production order": OPO,
    "an overseas production order for who a solicitor's office is": OPO | ALONE | {"account_flags": ["law_office"]},
    "an Australian order": SYDNEY,
}


@pytest.mark.parametrize("raw", IN_ORDER.values(), ids=IN_ORDER.keys())
def test_an_order_that_keeps_to_its_instrument_is_complied_with(raw):
    assessment = assess(raw)

    assert grounds(assessment) == set()
    assert assessment.disposition == "comply"


# A request, what differs from its neighbour in order, the ground, the answer.
OBJECTIONABLE = [
    ("no provisions of criminal law", EPOC, {"certificate_flaws": ["no_offence_provisions"]}, "INCOMPLETE", "clarify"),
    ("a language we have not accepted", EPOC, {"certificate_flaws": ["not_our_language"]}, "INCOMPLETE", "clarify"),
    ("a date that cannot be", EPOC, {"certificate_flaws": ["manifest_error"]}, "INCOMPLETE", "clarify"),
    ("a lawyer, as the certificate says", EPOC, {"certificate_flaws": ["immunity_or_privilege"]}, "PRIVILEGE", "narrow"),
    ("a newspaper, as the certificate says", EPOC, {"certificate_flaws": ["press_or_media"]}, "PRIVILEGE", "object"),
    ("whose account is the newspaper's source", EPOC | ALONE, {"certificate_flaws": ["press_or_media"]}, "PRIVILEGE", "object"),
    ("sent to our sales company", EPOC, {"certificate_flaws": ["other_addressee"]}, "WRONG_ENTITY", "object"),
    ("from Copenhagen", EPOC, {"certificate_flaws": ["state_not_bound"]}, "ISSUER_NOT_COMPETENT", "object"),
    ("from Copenhagen, as its letterhead says", EPOC, {"issuing_country": "DK"}, "ISSUER_NOT_COMPETENT", "object"),
    ("from Oslo", EPOC, {"issuing_country": "NO"}, "ISSUER_NOT_COMPETENT", "object"),
    ("from Washington", EPOC, {"issuing_country": "US"}, "ISSUER_NOT_COMPETENT", "object"),
    ("to keep, from Copenhagen", EPOC_PR, {"issuing_country": "DK"}, "ISSUER_NOT_COMPETENT", "preserve_only"),
    ("three months still to serve", EPOC, {"certificate_flaws": ["sentence_under_four_months"]}, "OFFENCE_THRESHOLD", "object"),
    ("sentenced in absence", EPOC | ALONE, {"certificate_flaws": ["sentence_in_absentia"]}, "OFFENCE_THRESHOLD", "object"),
    ("a service that stores nothing", EPOC, {"certificate_flaws": ["service_not_covered"]}, None, "escalate"),
    ("nobody validated the police", POLICE, {}, "ISSUER_NOT_COMPETENT", "object"),
    ("a danger that can wait for a prosecutor", POLICE, {"emergency_danger": True, "emergency_immediate": False}, "ISSUER_NOT_COMPETENT", "object"),
    ("recordings, unvalidated, though a life is in danger", POLICE, URGENT | {"seeks": ["audio", "subscriber"]}, "ISSUER_NOT_COMPETENT", "narrow"),
    ("a prosecutor wants to know who called whom", EPOC, {"issuer_role": "prosecutor", "seeks": ["connections"]}, "ISSUER_NOT_COMPETENT", "object"),
    ("recordings for two years at most", EPOC, {"offence_max_years": 2}, "OFFENCE_THRESHOLD", "narrow"),
    ("another law forbids it", EPOC, {"circumstances": ["foreign_law_forbids"]}, "CONFLICT_OF_LAWS", "object"),
    ("Dublin refused", EPOC, {"circumstances": ["enforcing_authority_refused"]}, None, "refuse_all"),
    ("no police office can order us to keep", EPOC_PR, {"issuer_role": "police"}, "ISSUER_NOT_COMPETENT", "preserve_only"),
    ("a customer in Ohio", OPO, {"target_us_person": True}, "TREATY_TARGETING_LIMIT", "object"),
    ("a breach of the peace", OPO, {"offence_max_years": 2}, "OFFENCE_THRESHOLD", "object"),
    ("served after three months", OPO, {"issued_on": "2026-07-23", "range_to": "2026-07-20", "range_from": "2026-07-10", "incident_from": "2026-07-15", "incident_to": "2026-07-16", "served_on": "2026-10-23"}, "EXPIRED", "object"),
    ("no designated authority certified it", OPO, {"agreement_order_lacks": ["certificate"]}, "INCOMPLETE", "clarify"),
    ("no facts are articulated", OPO, {"agreement_order_lacks": ["articulable_facts"]}, "INCOMPLETE", "clarify"),
    ("nobody reviewed it", SYDNEY, {"agreement_order_lacks": ["independent_review"]}, "ISSUER_NOT_COMPETENT", "object"),
    ("the same order filed under the agreement's name, served late", LONDON, {"issued_on": "2026-07-23", "range_to": "2026-07-20", "range_from": "2026-07-10", "incident_from": "2026-07-15", "incident_to": "2026-07-16", "served_on": "2026-10-23"}, "EXPIRED", "object"),
    ("the recordings of a solicitors' office", OPO, {"account_flags": ["law_office"]}, "PRIVILEGE", "narrow"),
    ("a law of the Union forbids it", OPO, {"circumstances": ["foreign_law_forbids"]}, "CONFLICT_OF_LAWS", "object"),
    ("it invokes no agreement", OPO, {"agreement": "none"}, "INSTRUMENT_NOT_IN_FORCE", "object"),
    ("the Second Protocol", LONDON, {"issuer": "eu_state", "agreement": "second_protocol"} | ALONE, "INSTRUMENT_NOT_IN_FORCE", "escalate"),
    ("the Second Protocol, for a petty offence", LONDON, {"issuer": "eu_state", "agreement": "second_protocol", "offence_max_years": 1} | ALONE, "INSTRUMENT_NOT_IN_FORCE", "escalate"),
    ("New Zealand invokes Australia's agreement", SYDNEY, {"issuing_country": "NZ"}, "FOREIGN_NO_TREATY", "object"),
    ("a notice for recordings", NOTICE, {"seeks": ["audio"]}, "CATEGORY_NOT_REACHABLE", "escalate"),
    ("a notice for the subscriber", NOTICE, {}, None, "escalate"),
    ("a court order from abroad", LETTER, {}, "FOREIGN_NO_TREATY", "object"),
    ("a French one outside the Regulation", LETTER, {"issuer": "eu_state", "issuing_country": "FR"}, "FOREIGN_NO_TREATY", "object"),
    ("a warrant of a foreign court is no warrant here", LETTER, {"process": "search_warrant"}, "FOREIGN_NO_TREATY", "object"),
    ("a treaty request sent to us itself", LETTER, {"process": "mlat"}, "FOREIGN_NO_TREATY", "preserve_only"),
    ("a foreign request to keep", LETTER, {"process": "preservation_letter"}, "FOREIGN_NO_TREATY", "preserve_only"),
    ("a foreign emergency for recordings", FOREIGN_EMERGENCY, {}, "FOREIGN_NO_TREATY", "object"),
    ("a foreign emergency for the subscriber", FOREIGN_EMERGENCY, ALONE, "FOREIGN_NO_TREATY", "escalate"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "change", "ground", "disposition"),
    [row[1:] for row in OBJECTIONABLE],
    ids=[row[0] for row in OBJECTIONABLE],
)
def test_what_leaves_its_instrument_gets_that_one_objection(base, change, ground, disposition):
    assessment = assess(base | change)

    assert grounds(assessment) - {None} == ({ground} if ground else set())
    assert assessment.disposition == disposition


@pytest.mark.parametrize(
    "raw",
    [*IN_ORDER.values(), *(row[1] | row[2] for row in OBJECTIONABLE)],
    ids=[*IN_ORDER, *(row[0] for row in OBJECTIONABLE)],
)
def test_forgetting_a_fact_turns_the_answer_into_a_question_at_most(raw):
    facts = parse(raw)
    full = BOOK.assess(facts, on=date(2026, 11, 3))

    for name in dump(facts):
        partial = BOOK.assess(forget(facts, {name}), on=date(2026, 11, 3))
        assert partial.disposition in {*ASKING, full.disposition}, name
        assert grounds(partial) <= grounds(full), name


@pytest.mark.parametrize(
    ("raw", "eve", "ground"),
    [
        (EPOC, date(2026, 8, 17), "INSTRUMENT_NOT_IN_FORCE"),
        (EPOC_PR, date(2026, 8, 17), "INSTRUMENT_NOT_IN_FORCE"),
        (LONDON, date(2022, 10, 2), "INSTRUMENT_NOT_IN_FORCE"),
        (OPO, date(2022, 10, 2), "INSTRUMENT_NOT_IN_FORCE"),
        (SYDNEY, date(2024, 1, 30), "INSTRUMENT_NOT_IN_FORCE"),
    ],
    ids=["an EPOC", "an EPOC-PR", "a British order", "an overseas production order", "an Australian order"],
)
def test_the_day_before_its_instrument_an_order_opens_nothing(raw, eve, ground):
    before = assess(raw, on=eve)
    after = assess(raw, on=date.fromordinal(eve.toordinal() + 1))

    assert grounds(before) == {ground}
    assert before.scope.is_empty
    assert ground not in grounds(after)


def test_a_production_order_of_any_earlier_day_is_never_complied_with():
    assert assess(EPOC, on=date(2019, 5, 1)).disposition == "object"
    assert assess(LONDON, on=date(2017, 5, 1)).disposition == "object"


def test_recordings_wait_for_the_notified_authority_and_the_subscriber_does_not():
    waiting = {"enforcing_authority_notified": True, "enforcing_authority_clear": False}

    assert assess(EPOC | waiting).release_gates == ("eu-epoc-notified",)
    assert assess(EPOC | waiting).disposition == "block_release"
    assert assess(EPOC | waiting | {"enforcing_authority_clear": True}).release_gates == ()
    assert assess(EPOC | waiting | URGENT).release_gates == ()
    assert assess(EPOC | waiting | ALONE).release_gates == ()


def test_until_somebody_notes_that_its_time_is_over_the_gate_stays_shut():
    notified = assess(EPOC | {"enforcing_authority_notified": True})

    assert notified.release_gates == ("eu-epoc-notified",)
    assert notified.disposition == "comply"


def test_a_privilege_seen_on_the_certificate_holds_what_was_said_and_gives_who_it_is():
    lines = {
        line.line.data_class: line for line in assess(EPOC | {"certificate_flaws": ["immunity_or_privilege"]}).lines
    }

    assert lines["audio"].proposed is None
    assert lines["subscriber"].disposition == "comply"


def test_what_our_own_records_show_is_no_reason_against_a_certificate():
    # Art. 10(5): solely on the basis of the information contained in the EPOC.
    assert assess(EPOC | {"account_flags": ["journalist", "law_office"]}).disposition == "comply"


def test_the_flagged_account_alone_is_held_back_from_an_overseas_production_order():
    two = OPO | {"accounts": ["marsh", "kettle"], "account_flags": ["law_office"], "flagged_accounts": ["kettle"]}

    proposed = {(line.line.account, line.line.data_class) for line in assess(two).lines if line.proposed}

    assert proposed == {("marsh", "audio"), ("marsh", "subscriber"), ("kettle", "subscriber")}


def test_a_preservation_order_keeps_for_sixty_days_and_ninety_when_renewed():
    def hold(raw):
        clocks = BOOK.assess(parse(raw), on=date(2026, 11, 3)).clocks
        return next(clock.due for clock in clocks if clock.id == "hold_expiry")

    # Sixty days end on Saturday 2 January, and so on the Monday (Reg. 1182/71 Art. 3(4)).
    assert hold(EPOC_PR) == date(2027, 1, 4)
    assert hold(EPOC_PR | {"preservation_renewed_on": "2026-12-28"}) == date(2027, 2, 1)


def test_a_certificate_asks_for_confidentiality_by_law_and_needs_no_court_order():
    for process in ("epoc", "epoc_pr"):
        silent = assess(EPOC | {"process": process, "nondisclosure_requested": True, "nondisclosure_order": False})

        assert silent.nondisclosure.disposition == "comply"
        assert silent.nondisclosure.grounds == ()


def test_a_british_judge_may_forbid_notice_until_further_order():
    silence = {"nondisclosure_requested": True, "nondisclosure_order": True, "nondisclosure_end_stated": False}

    assert assess(OPO | silence | {"nondisclosure_issued_on": "2026-11-02"}).nondisclosure.disposition == "comply"


@pytest.mark.parametrize(
    ("raw", "unknown", "disposition"),
    [
        (EPOC, "certificate_flaws", "clarify"),
        (EPOC, "issuing_country", "clarify"),
        (EPOC, "circumstances", "clarify"),
        (POLICE, "validated_by", "clarify"),
        (OPO, "agreement_order_lacks", "clarify"),
        (OPO, "target_us_person", "escalate"),
        (SYDNEY, "issuing_country", "clarify"),
    ],
)
def test_what_nobody_has_established_is_asked_and_never_guessed(raw, unknown, disposition):
    assessment = assess({name: value for name, value in raw.items() if name != unknown})

    assert assessment.disposition == disposition
    assert unknown in assessment.missing


def test_a_preservation_order_is_kept_to_before_anybody_has_read_its_certificate_through():
    unread = {name: value for name, value in EPOC_PR.items() if name not in {"certificate_flaws", "validated_by"}}

    assert assess(unread).disposition == "preserve_only"


def test_a_foreign_letter_is_answered_from_three_facts():
    assert assess({"track": "legal_demand", "issuer": "foreign_state", "process": "foreign_request"}).scope.is_empty
