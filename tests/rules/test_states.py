"""The law of single states in whole requests: what each of them adds, and where it ends."""

from datetime import date

import pytest

from legal_rules import book
from legal_rules.facts import parse
from tests.rules.test_assessments import CIVIL, EMERGENCY, RECEIVED, SUBPOENA, WARRANT, assess, grounds

CALIFORNIA = {"issuer_state": "CA"}
ILLINOIS = {"issuer_state": "IL"}
UTAH = {"issuer_state": "UT"}
WORDS = {"accounts": [], "area": False, "all_users": False, "keywords": ["pipe bomb"], "named_people": []}
PLACE = WORDS | {"area": True, "keywords": [], "place_described": False}
SILENCE = {"nondisclosure_requested": True, "nondisclosure_order": True, "nondisclosure_issued_on": "2026-11-02"}
RECORDS = ["subscriber", "connections"]
NOT_REACHED = "CATEGORY_NOT_REACHABLE"


def elsewhere(tmp_path, state):
    """The book of a house in another state."""
    policy = tmp_path / "policy.toml"
    policy.write_text(f'home_state = "{state}"\n')
    return book.load(policy)


# ruff: noqa: E501 — a table of neighbours reads in rows
# What one state's law adds, the answer, and the nearest neighbour that is in order.
NEIGHBOURS = [
    ("a Californian subpoena for connections", SUBPOENA | CALIFORNIA | {"seeks": RECORDS, "noncriminal_purpose": False}, NOT_REACHED, "narrow", {"issuer_state": "NH"}),
    ("one in a criminal matter", SUBPOENA | CALIFORNIA | {"process": "administrative_subpoena", "seeks": RECORDS, "noncriminal_purpose": False}, NOT_REACHED, "narrow", {"noncriminal_purpose": True}),
    ("a Californian order for the devices", WARRANT | CALIFORNIA | {"process": "d_order", "seeks": ["devices"]}, NOT_REACHED, "object", {"process": "search_warrant"}),
    ("a Californian warrant of eleven days", WARRANT | CALIFORNIA | {"issued_on": "2026-10-23"}, "EXPIRED", "object", {"issued_on": "2026-10-24"}),
    ("a Texas warrant without attestation", WARRANT | {"issuer_state": "TX", "care_attestation": False, "protected_care": False}, "STATUTORY_FORM_MISSING", "object", {"care_attestation": True}),
    ("a Texas subpoena about an abortion", SUBPOENA | {"issuer_state": "TX", "seeks": ["subscriber"], "protected_care": True, "care_attestation": False}, "SHIELD_LAW", "object", {"protected_care": False}),
    ("a Texas suit about one", CIVIL | {"issuer_state": "TX", "domesticated": True, "seeks": ["subscriber"], "protected_care": True, "care_attestation": False}, "SHIELD_LAW", "object", {"protected_care": False}),
    ("a New Hampshire suit", CIVIL | {"issuer_state": "NH", "seeks": ["subscriber"]}, "NOT_DOMESTICATED", "object", {"domesticated": True}),
    ("an Illinois order for recordings", WARRANT | ILLINOIS | {"process": "court_order", "seeks": ["audio"], "probable_cause_found": False}, NOT_REACHED, "object", {"process": "search_warrant"}),
    ("a Utah warrant for the names of a place", WARRANT | UTAH | PLACE | {"anonymised_first": False}, "STATUTORY_FORM_MISSING", "escalate", {"accounts": ["marsh"]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "ground", "disposition"), [row[1:4] for row in NEIGHBOURS], ids=[r[0] for r in NEIGHBOURS]
)
def test_what_a_state_s_law_adds_is_raised(wrong, ground, disposition):
    assessment = assess(wrong)

    # A place of unknown people is for a lawyer whatever Utah's form says.
    assert grounds(assessment) - {"AREA_DUMP"} == {ground}
    assert assessment.disposition == disposition


@pytest.mark.parametrize(
    ("wrong", "cure"), [(row[1], row[4]) for row in NEIGHBOURS], ids=[row[0] for row in NEIGHBOURS]
)
def test_its_neighbour_in_order_is_complied_with(wrong, cure):
    assessment = assess(wrong | cure)

    assert grounds(assessment) == set()
    assert assessment.disposition == "comply"


def test_a_californian_subpoena_keeps_the_subscriber():
    connections, subscriber = assess(SUBPOENA | CALIFORNIA | {"seeks": RECORDS, "noncriminal_purpose": False}).lines

    assert subscriber.disposition == "comply"
    assert (connections.proposed, connections.permitted) == (None, None)


@pytest.mark.parametrize(
    ("end", "expected"),
    [("2027-01-31", ()), ("2027-02-01", ("NONDISCLOSURE_NO_END",)), ("2027-11-02", ("NONDISCLOSURE_NO_END",))],
)
def test_california_lets_a_court_order_silence_for_ninety_days(end, expected):
    silence = SILENCE | {"nondisclosure_ends_on": end}

    assert assess(WARRANT | CALIFORNIA | silence).nondisclosure.grounds == expected
    assert assess(WARRANT | silence).nondisclosure.grounds == ()


def test_illinois_opens_a_household_s_recordings_in_its_listed_emergencies_alone():
    armed_man = EMERGENCY | ILLINOIS | {"seeks": ["audio"], "household_emergency": False}

    assert grounds(assess(armed_man)) - {None} == {"EMERGENCY_NOT_SHOWN", "LESS_SUFFICES"}
    assert grounds(assess(armed_man | {"household_emergency": True})) - {None} == {"LESS_SUFFICES"}
    assert grounds(assess(armed_man | {"issuer_state": "IN"})) - {None} == {"LESS_SUFFICES"}


def test_utah_asks_for_a_warrant_and_for_anonymised_data_first():
    # Whatever Utah's form says, whether such a search is lawful at all is for a lawyer (Seymour).
    words = WARRANT | UTAH | WORDS

    assert grounds(assess(words | {"anonymised_first": True})) == {"REVERSE_KEYWORD"}
    assert grounds(assess(words | {"anonymised_first": False})) == {"REVERSE_KEYWORD", "STATUTORY_FORM_MISSING"}
    assert "ut-keyword-warrant" in {f.rule for f in assess(words | {"process": "administrative_subpoena"}).findings}


def test_a_bare_warrant_from_texas_asks_for_its_attestation():
    unsaid = {name: value for name, value in WARRANT.items() if name != "care_attestation"}

    assert assess(unsaid | {"issuer_state": "TX"}).disposition == "clarify"
    assert assess(unsaid | CALIFORNIA).disposition == "comply"
    assert assess(unsaid | {"issuer": "us_federal", "issuer_state": "US"}).disposition == "comply"


@pytest.mark.parametrize(("on", "expected"), [(date(2022, 9, 26), set()), (date(2022, 9, 27), {"SHIELD_LAW"})])
def test_the_shield_stands_since_the_day_it_was_signed(on, expected):
    texas = SUBPOENA | {
        "issuer_state": "TX",
        "seeks": ["subscriber"],
        "protected_care": True,
        "care_attestation": False,
    }

    assert grounds(assess(texas, on=on)) == expected


def test_a_house_in_washington_shields_the_same_care(tmp_path):
    texas = SUBPOENA | {
        "issuer_state": "TX",
        "seeks": ["subscriber"],
        "protected_care": True,
        "care_attestation": False,
    }
    washington = elsewhere(tmp_path, "WA")

    found = washington.assess(parse(texas), on=RECEIVED).findings

    assert [(f.rule, f.outcome) for f in found] == [("wa-shield", "object")]


@pytest.mark.parametrize(("home", "disposition"), [("NV", "escalate"), ("MN", "comply"), ("NH", "comply")])
def test_another_state_s_warrant_is_answered_where_the_home_state_honours_it(tmp_path, home, disposition):
    unsaid = {name: value for name, value in WARRANT.items() if name != "care_attestation"}

    assert elsewhere(tmp_path, home).assess(parse(unsaid), on=RECEIVED).disposition == disposition


@pytest.mark.parametrize("state", ["NY", "OH", "GA"])
def test_of_a_state_nobody_has_read_nothing_is_pretended(state):
    assert grounds(assess(WARRANT | {"issuer_state": state})) == set()
    assert grounds(assess(SUBPOENA | {"issuer_state": state, "seeks": RECORDS})) == set()
