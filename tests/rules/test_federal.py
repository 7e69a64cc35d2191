"""Whole requests under the law of the United States, each beside its nearest neighbour that stays clear."""

from datetime import UTC, date, datetime

import pytest

from legal_rules.facts import dump, parse
from legal_rules.scope import Interval
from tests.rules.strategies import forget
from tests.rules.test_assessments import CIVIL, EMERGENCY, RECEIVED, SUBPOENA, WARRANT, assess, grounds
from tests.rules.test_cases import BOOK
from tests.rules.test_rule_book import ASKING

FEDERAL = WARRANT | {"issuer": "us_federal", "issuer_state": "US"}
ORDER = FEDERAL | {"process": "d_order", "seeks": ["connections", "subscriber"]}
FUTURE = {"issued_on": "2026-11-02", "range_from": "2026-11-02", "incident_to": "2026-11-01"}
WIRETAP = FEDERAL | FUTURE | {"process": "wiretap_order", "seeks": ["future_data"], "range_to": "2026-12-01"}
PEN = FEDERAL | FUTURE | {"process": "pen_register_order", "seeks": ["connections"], "range_to": "2026-12-31"}
CONSENT = WARRANT | {"process": "consent", "consent_by": "account_holder"}
COURT_ORDER = WARRANT | {"process": "court_order"}
LETTER = FEDERAL | {"process": "nsl", "seeks": ["subscriber"]}
PLACE = FEDERAL | {
    "accounts": [],
    "named_people": [],
    "place_described": False,
    "area": True,
    "all_users": False,
    "keywords": [],
    "seeks": ["location", "identification"],
    "court_seat": "VA",
    "later_steps": "none",
}
YEARS = {
    "range_from": "2020-01-01",
    "range_to": "2026-10-31",
    "incident_from": "2020-01-01",
    "incident_to": "2026-10-31",
}

# What deserves the objection, its ground, the answer; and what differs in the nearest request that deserves none.
# ruff: noqa: E501 — a table of neighbours reads in rows
NEIGHBOURS = [
    ("a wiretap for where it is, too", WIRETAP, {"seeks": ["future_data", "location"]}, "CATEGORY_NOT_REACHABLE", "narrow", {"seeks": ["future_data", "connections"]}, "comply"),
    ("a wiretap for last month", WIRETAP, {"seeks": ["audio"], "range_from": "2026-10-01"}, "CATEGORY_NOT_REACHABLE", "narrow", {"seeks": ["audio"]}, "comply"),
    ("a wiretap for three months", WIRETAP, {"range_to": "2027-01-31"}, "EXCESSIVE_DATE_RANGE", "narrow", {"range_to": "2026-12-12"}, "comply"),
    ("a wiretap nobody signed", WIRETAP, {"signed": False}, "UNSIGNED", "object", {"signed": True}, "comply"),
    ("a wiretap of no named judge", WIRETAP, {"issuer_named": False}, "MISSING_ISSUER", "object", {"issuer_named": True}, "comply"),
    ("a pen register for what is said", PEN, {"seeks": ["connections", "audio"]}, "CATEGORY_NOT_REACHABLE", "narrow", {"seeks": ["connections", "future_data"]}, "comply"),
    ("a pen register for last month", PEN, {"range_from": "2026-10-01"}, "CATEGORY_NOT_REACHABLE", "narrow", {}, "comply"),
    ("a pen register for four months", PEN, {"range_to": "2027-02-28"}, "EXCESSIVE_DATE_RANGE", "narrow", {"range_to": "2027-01-01"}, "comply"),
    ("the flatmate's consent", CONSENT, {"consent_by": "household_member"}, "CATEGORY_NOT_REACHABLE", "object", {}, "comply_voluntarily"),
    ("a stranger's consent, for the other side's lawyer", CONSENT | {"issuer": "civil_party"}, {"consent_by": "somebody_else"}, "CIVIL_CONTENT_BARRED", "narrow", {"consent_by": "personal_representative"}, "comply_voluntarily"),
    ("a court's order for where it is, on less than probable cause", COURT_ORDER | {"seeks": ["location"]}, {"probable_cause_found": False}, "CATEGORY_NOT_REACHABLE", "object", {"probable_cause_found": True}, "comply"),
    ("a court's order for recordings, on less than probable cause", COURT_ORDER, {"probable_cause_found": False}, "CATEGORY_NOT_REACHABLE", "narrow", {"probable_cause_found": True}, "comply"),
    ("an order under 2703(d) for recordings", ORDER, {"seeks": ["audio", "devices"]}, "CATEGORY_NOT_REACHABLE", "narrow", {"seeks": ["devices"]}, "comply"),
    ("an unsigned application for a warrant", WARRANT, {"process": "warrant_application"}, "CATEGORY_NOT_REACHABLE", "object", {}, "comply"),
    ("a number that only the e-mail gives", EMERGENCY | {"channel": "email"}, {"verified_how": "contact_in_the_paper"}, "AUTHENTICITY", "verify_requester", {"verified_how": "call_back"}, "comply_voluntarily"),
    ("a missing child and the family's purchases", EMERGENCY, {"seeks": ["connections", "purchases"], "nexus_stated": False}, "NO_NEXUS", "narrow", {"seeks": ["connections", "purchases"]}, "comply_voluntarily"),
    ("a danger that has passed", EMERGENCY, {"emergency_immediate": False}, "EMERGENCY_NOT_SHOWN", "object", {}, "comply_voluntarily"),
    ("a foreign force's emergency", EMERGENCY, {"issuer": "foreign_state", "seeks": ["audio"]}, "FOREIGN_NO_TREATY", "object", {}, "comply_voluntarily"),
    ("everybody near an emergency", EMERGENCY, {"accounts": [], "area": True, "keywords": [], "all_users": False, "named_people": [], "place_described": False}, "AREA_DUMP", "escalate", {}, "comply_voluntarily"),
    ("six years of connections, a quarter of a million of them", ORDER | YEARS, {"volume": 250_000}, "UNDUE_BURDEN", "narrow", {"volume": 400}, "comply"),
    ("a letter for recordings", LETTER, {"seeks": ["subscriber", "audio"]}, "CATEGORY_NOT_REACHABLE", "narrow", {}, "comply"),
    ("what British law forbids us to give", FEDERAL | {"circumstances": ["foreign_law_forbids"], "target_us_person": False}, {"customer_lives_in": "GB"}, "CONFLICT_OF_LAWS", "narrow", {"circumstances": [], "customer_lives_in": "GB"}, "comply"),
    ("what French law forbids us to give", FEDERAL | {"target_us_person": False}, {"circumstances": ["foreign_law_forbids"], "customer_lives_in": "FR"}, "CONFLICT_OF_LAWS", "escalate", {"customer_lives_in": "FR"}, "comply"),
    ("what is said in a law office", WARRANT, {"account_flags": ["law_office"]}, "PRIVILEGE", "narrow", {"account_flags": ["law_office"], "seeks": ["subscriber", "connections"]}, "comply"),
    ("what is said in a surgery, and nothing else asked for", WARRANT | {"seeks": ["audio"]}, {"account_flags": ["health_care"]}, "PRIVILEGE", "object", {"account_flags": ["deceased"]}, "comply"),
    ("with whom a journalist was in touch", ORDER, {"account_flags": ["journalist"]}, "PRIVILEGE", "escalate", {"account_flags": ["journalist"], "seeks": ["subscriber"]}, "comply"),
    ("a home with a child's profile", WARRANT, {"account_flags": ["child_profile"]}, "CHILD_DATA", "escalate", {"account_flags": ["child_profile"], "seeks": ["subscriber"]}, "comply"),
    ("all that the customer ever bought", WARRANT, {"seeks": ["audio", "purchases"], "expressive_need_shown": False}, "EXPRESSIVE_CONTENT", "narrow", {"seeks": ["audio", "purchases"], "expressive_need_shown": True}, "comply"),
    ("all that the customer ever searched for", WARRANT, {"seeks": ["search_terms"], "expressive_need_shown": False}, "EXPRESSIVE_CONTENT", "object", {"seeks": ["audio", "transcript"]}, "comply"),
]  # fmt: skip
IDS = [row[0] for row in NEIGHBOURS]


@pytest.mark.parametrize(
    ("base", "change", "ground", "disposition"), [(row[1], *row[2:5]) for row in NEIGHBOURS], ids=IDS
)
def test_what_federal_law_stands_against_is_raised_on_that_ground_alone(base, change, ground, disposition):
    assessment = assess(base | change)

    assert (assessment.disposition, grounds(assessment) - {None}) == (disposition, {ground})


@pytest.mark.parametrize(("base", "change", "disposition"), [(row[1], *row[5:]) for row in NEIGHBOURS], ids=IDS)
def test_its_nearest_neighbour_stays_clear(base, change, disposition):
    assessment = assess(base | change)

    assert (assessment.disposition, grounds(assessment) - {None}) == (disposition, set())


@pytest.mark.parametrize("raw", [row[1] | row[2] for row in NEIGHBOURS], ids=IDS)
def test_forgetting_one_fact_only_turns_the_answer_into_a_question(raw):
    full = assess(raw)

    for name in dump(parse(raw)):
        partial = BOOK.assess(forget(parse(raw), [name]), on=RECEIVED)
        assert partial.disposition in {*ASKING, full.disposition}, name
        assert {f.rule for f in partial.findings if f.outcome != "ask"} <= {f.rule for f in full.findings}, name


@pytest.mark.parametrize("unknown", ["issued_on", "range_from", "range_to", "seeks", "process", "signed"])
def test_of_a_wiretap_order_nothing_is_proposed_on_a_guess(unknown):
    known = {name: value for name, value in (WIRETAP | {"seeks": ["audio"]}).items() if name != unknown}

    assessment = assess(known)

    assert assessment.disposition == "clarify"
    assert unknown in assessment.missing
    # From the day of the order, wherever on earth that began, until the fortieth day after it has ended everywhere.
    lawful = Interval(datetime(2026, 11, 1, 10, tzinfo=UTC), datetime(2026, 12, 13, 12, tzinfo=UTC))
    assert all(line.proposed is None or line.proposed.interval <= lawful for line in assessment.lines)


def test_a_foreign_law_is_no_conflict_for_an_american_abroad_whom_the_statute_leaves_to_comity():
    told = {"circumstances": ["foreign_law_forbids"], "customer_lives_in": "GB", "target_us_person": True}

    assert assess(FEDERAL | told).disposition == "escalate"


def test_of_a_wiretap_that_reaches_back_only_the_days_since_the_order_are_proposed():
    (audio,) = assess(WIRETAP | {"seeks": ["audio"], "range_from": "2026-10-01"}).lines

    assert audio.proposed.interval == Interval(datetime(2026, 11, 1, 10, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC))


def test_a_wiretap_of_three_months_is_cut_to_thirty_days_that_begin_within_ten():
    (future,) = assess(WIRETAP | {"range_to": "2027-01-31"}).lines

    assert future.proposed.interval.end == datetime(2026, 12, 13, 12, tzinfo=UTC)


def test_only_the_law_office_s_recordings_wait_for_the_filter():
    flagged = {"accounts": ["kettle", "marsh"], "account_flags": ["law_office"], "flagged_accounts": ["kettle"]}

    proposed = {(str(n.line.account), n.line.data_class): n.proposed for n in assess(WARRANT | flagged).lines}

    assert [key for key, scope in proposed.items() if scope is None] == [("kettle", "audio")]


def test_a_valid_warrant_s_protected_recordings_may_still_be_given_by_a_lawyer():
    for line in assess(WARRANT | {"account_flags": ["clergy"]}).lines:
        assert line.permitted == line.line.scope


def test_silence_that_the_statute_orders_needs_no_order_and_no_end():
    for base in (WIRETAP, PEN):
        silence = assess(base | {"nondisclosure_requested": True, "nondisclosure_order": False}).nondisclosure

        assert (silence.disposition, silence.grounds) == ("comply", ())


GAG = {"nondisclosure_requested": True, "nondisclosure_order": True, "nondisclosure_issued_on": "2026-11-02"}


@pytest.mark.parametrize(
    ("base", "change", "disposition", "expected"),
    [
        (LETTER, {"nondisclosure_certified": False}, "object", ("NONDISCLOSURE_NO_BASIS",)),
        (LETTER, {"nondisclosure_certified": True}, "comply", ()),
        (FEDERAL, {"nondisclosure_order": False}, "object", ("NONDISCLOSURE_NO_BASIS",)),
        (FEDERAL, {"nondisclosure_end_stated": False}, "object", ("NONDISCLOSURE_NO_END",)),
        (FEDERAL, {"nondisclosure_ends_on": "2027-11-02"}, "comply", ()),
        (FEDERAL, {"nondisclosure_ends_on": "2028-11-02"}, "clarify", ()),
        (WARRANT, {"nondisclosure_ends_on": "2028-11-02"}, "comply", ()),
    ],
    ids=["letter", "certified letter", "no order", "no end", "a year", "two federal years", "two years of a state"],
)
def test_silence_has_its_own_answer_and_leaves_the_data_alone(base, change, disposition, expected):
    assessment = assess(base | GAG | change)

    assert (assessment.nondisclosure.disposition, assessment.nondisclosure.grounds) == (disposition, expected)
    assert assessment.disposition == "comply"


@pytest.mark.parametrize(
    ("change", "on", "disposition", "expected"),
    [
        ({}, date(2025, 6, 2), "comply", set()),
        ({}, date(2026, 6, 28), "comply", set()),
        ({}, date(2026, 6, 29), "escalate", {"AREA_DUMP"}),
        ({"court_seat": "TX"}, date(2024, 8, 8), "comply", set()),
        ({"court_seat": "TX"}, date(2024, 8, 9), "object", {"AREA_DUMP"}),
        ({"court_seat": "TX"}, date(2026, 6, 29), "escalate", {"AREA_DUMP"}),
        ({"later_steps": "judge"}, date(2025, 6, 2), "comply", set()),
        ({"later_steps": "officer"}, date(2023, 4, 12), "comply", set()),
        ({"later_steps": "officer"}, date(2025, 6, 2), "narrow", {"LATER_STEP_WITHOUT_JUDGE"}),
        ({"process": "d_order"}, date(2018, 6, 21), "comply", set()),
        ({"process": "d_order", "seeks": ["identification"]}, date(2018, 6, 22), "object", {"AREA_DUMP"}),
    ],
)
def test_a_warrant_for_a_place_is_answered_by_the_law_of_its_day(change, on, disposition, expected):
    days = {"issued_on": str(on), "served_on": str(on), "range_from": "2018-02-05", "range_to": "2018-02-05"}
    days |= {"incident_from": "2018-02-05T17:00:00Z", "incident_to": "2018-02-05T18:00:00Z"}

    assessment = assess(PLACE | days | change, on=on)

    assert (assessment.disposition, grounds(assessment) - {None}) == (disposition, expected)


def test_without_a_judge_the_first_list_is_given_without_names():
    days = {"issued_on": "2025-06-02", "served_on": "2025-06-02"} | {
        "range_from": "2025-05-20",
        "range_to": "2025-05-20",
    }
    days |= {"incident_from": "2025-05-20T17:00:00Z", "incident_to": "2025-05-20T18:00:00Z"}
    assessment = assess(PLACE | days | {"later_steps": "officer"}, on=date(2025, 6, 2))

    assert {line.line.data_class for line in assessment.lines if line.proposed} == {"location"}


@pytest.mark.parametrize(
    ("change", "disposition", "classes"),
    [
        ({"customer_notice": True}, "comply", {"transcript", "subscriber"}),
        ({"customer_notice": False}, "narrow", {"subscriber"}),
        ({"customer_notice": True, "range_to": "2009-02-28"}, "narrow", {"transcript", "subscriber"}),
        ({"process": "search_warrant", "range_to": "2009-02-28"}, "comply", {"transcript", "subscriber"}),
    ],
    ids=["old with notice", "old without notice", "also young", "a warrant"],
)
def test_before_warshak_the_statute_s_own_line_of_half_a_year_held(change, disposition, classes):
    old = {"issued_on": "2009-03-02", "served_on": "2009-03-03", "range_from": "2008-01-01", "range_to": "2008-03-30"}
    old |= {"incident_from": "2008-02-01", "incident_to": "2008-02-02", "volume": 300}

    assessment = assess(ORDER | old | {"seeks": ["transcript", "subscriber"]} | change, on=date(2009, 3, 3))

    assert assessment.disposition == disposition
    assert grounds(assessment) <= {"CATEGORY_NOT_REACHABLE"}
    assert {line.line.data_class for line in assessment.lines if line.proposed} == classes


@pytest.mark.parametrize("role", ["prosecutor", "police", "other_authority", "attorney"])
@pytest.mark.parametrize("base", [WARRANT, ORDER, COURT_ORDER | {"probable_cause_found": True}, WIRETAP, PEN])
def test_a_court_s_paper_that_no_court_issued_compels_nothing(base, role):
    nobodys = base | {"issuer_role": role, "validated_by": "none"}

    assert (assess(nobodys).disposition, grounds(assess(nobodys))) == ("object", {"ISSUER_NOT_COMPETENT"})
    assert assess(nobodys).scope.is_empty
    assert assess(base | {"issuer_role": "court"}).disposition == "comply"
    assert assess(nobodys | {"validated_by": "judge"}).disposition == "comply"


def test_whose_office_issued_a_warrant_is_asked_of_the_issuer_and_of_a_subpoena_nobody_asks_it():
    warrant, subpoena = (
        assess({name: value for name, value in base.items() if name != "issuer_role"})
        for base in (WARRANT, SUBPOENA | {"seeks": ["subscriber"]})
    )

    assert (warrant.disposition, warrant.missing[:1]) == ("clarify", ("issuer_role",))
    assert subpoena.disposition == "comply"


def test_in_an_emergency_nothing_is_proposed_that_was_not_stored_when_it_reached_us():
    received = datetime(2026, 11, 3, 15, 12, tzinfo=UTC)
    danger = EMERGENCY | {"incident_from": "2026-11-03T06:00:00-05:00", "range_from": "2026-11-01"}
    danger = {name: value for name, value in danger.items() if name not in {"range_to", "incident_to"}}

    ahead = assess(danger | {"range_to": "2026-11-10"})
    (endless, _) = assess(danger).lines
    undated = {name: value for name, value in danger.items() if name != "range_from"}
    (whole, _) = assess(undated | {"range_stated": False}).lines

    assert (ahead.disposition, grounds(ahead) - {None}) == ("narrow", {"PROSPECTIVE"})
    assert {line.proposed.interval.end for line in (ahead.lines[0], endless, whole)} == {received}
    assert assess(danger | {"range_to": "2026-11-03"}).disposition == "comply_voluntarily"


@pytest.mark.parametrize(
    ("ends", "disposition", "expected"),
    [("2026-11-02", "object", ("NONDISCLOSURE_NO_BASIS",)), ("2026-11-03", "comply", ())],
)
def test_silence_ends_with_the_order_s_last_day(ends, disposition, expected):
    silence = assess(FEDERAL | GAG | {"nondisclosure_issued_on": "2026-11-02", "nondisclosure_ends_on": ends})

    assert (silence.nondisclosure.disposition, silence.nondisclosure.grounds) == (disposition, expected)


def test_a_plain_grand_jury_subpoena_for_the_subscriber_asks_nothing_of_the_federal_room():
    few = ("track", "issuer", "issuer_state", "issuer_named", "process", "signed", "requester_verified", "channel")
    asked = (*few, "accounts", "seeks", "catch_all", "issued_on", "range_from", "range_to")
    bare = {name: SUBPOENA[name] for name in asked} | {"seeks": ["subscriber"], "circumstances": []}

    mine = {"us-undue-burden", "us-privilege", "us-expressive-content", "us-conflict-of-laws", "us-press-records"}
    assert not mine & {finding.rule for finding in assess(bare).findings}


def test_a_civil_subpoena_beside_which_nobody_speaks_of_consent_is_objected_to_at_once():
    assert assess(CIVIL | {"seeks": ["audio"]}).disposition == "object"
