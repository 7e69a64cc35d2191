"""Letters of objection: every rule's own cases, written out and read as a lawyer would."""

import re
from dataclasses import replace

import pytest
from composing import NOW, a_case, every_case, work

from requests_portal.errors import Unusable
from requests_portal.model.case import Track
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.wording import paragraphs

CASES = list(every_case())
WARRANT = {
    "track": "legal_demand",
    "requester_kind": "authority",
    "requester_verified": True,
    "channel": "portal",
    "issuer": "us_state",
    "issuer_state": "CA",
    "issuer_role": "judge",
    "issuer_named": True,
    "signed": True,
    "process": "search_warrant",
    "issued_on": "2026-11-16",
    "served_on": "2026-11-17",
    "accounts": ["A-88310-4"],
    "devices": [],
    "seeks": ["audio"],
    "catch_all": True,
    "area": False,
    "all_users": False,
    "keywords": [],
    "nexus_stated": True,
    "range_stated": True,
    "range_from": "2026-01-01T00:00:00-08:00",
    "range_to": "2026-07-01T00:00:00-07:00",
    "incident_stated": True,
    "incident_from": "2026-03-14T21:00:00-07:00",
    "incident_to": "2026-03-14T23:30:00-07:00",
    "nondisclosure_requested": False,
    "nondisclosure_order": False,
    "emergency_danger": False,
}


def letter(case, **changes):
    return letter_contents(work(**changes), case, made_at=NOW, document_id="doc-1", draft=False)


def texts(written):
    said = [written.subject, *written.recipient, *written.paragraphs, *written.closing]
    for each in written.objections:
        said += [each.title, *each.paragraphs, *each.cites, each.remedy]
    for each in (*written.parts, *written.parts_after):
        said += [each.heading, *each.paragraphs]
    return said


@pytest.mark.parametrize("facts", [facts for _, facts in CASES], ids=[name for name, _ in CASES])
def test_no_letter_shows_its_scaffolding(facts):
    for text in texts(letter(a_case(facts))):
        assert not re.search(r"[{}]|\(\)|None[,.)]|house policy|_[a-z]|ask for nothing|SENTINEL", text)
        assert not re.search(r"(^|[.!?] )(the|your) ", text), "a sentence begins with a small letter"
        assert ".." not in text


@pytest.mark.parametrize("facts", [facts for _, facts in CASES], ids=[name for name, _ in CASES])
def test_no_letter_says_a_thing_twice(facts):
    written = letter(a_case(facts))
    whole = "\n".join(texts(written))

    assert whole.count("Dear ") == (0 if written.parts else 1)
    assert whole.count("Maya Okafor") == 1
    for each in written.objections:
        body = " ".join(each.paragraphs)
        assert all(cite not in body for cite in each.cites)
        assert not each.remedy or each.remedy not in body
        assert len(set(each.paragraphs)) == len(each.paragraphs)


def test_a_catch_all_is_told_what_is_given_of_the_rest():
    first = letter(a_case(WARRANT)).objections[0]

    assert first.ground == "CATCH_ALL"
    assert re.search("We answer what is listed: recordings from .* 2026 to .* 2026", " ".join(first.paragraphs))


def test_periods_stand_in_words_in_the_cases_own_zone_with_their_last_day_included():
    demanded = next(each for each in letter(a_case(WARRANT)).objections if each.ground == "EXCESSIVE_DATE_RANGE")

    assert "from 1 January 2026 to 30 June 2026" in demanded.paragraphs[0]
    assert (
        "We received the search warrant of 16 November 2026 on 17 November 2026."
        in letter(a_case(WARRANT)).paragraphs[1]
    )


def test_authorities_are_set_apart_as_lawyers_do_and_our_own_policy_is_not_one():
    limits = letter(a_case({**WARRANT, "catch_all": False})).objections[0]

    assert limits.ground == "EXCESSIVE_DATE_RANGE"
    assert "(U.S. Const. amend. IV; Cal. Penal Code § 1546.1(d)(1))" in limits.paragraphs[0]


def test_each_authority_is_given_once_in_a_letter():
    first, second = letter(a_case(WARRANT)).objections

    assert "U.S. Const. amend. IV" in first.paragraphs[0]
    assert "U.S. Const. amend. IV" not in second.paragraphs[0]
    assert "(Cal. Penal Code § 1546.1(d)(1))" in second.paragraphs[0]


def test_without_a_date_to_answer_by_the_letter_names_none():
    case = a_case({**WARRANT, "nondisclosure_requested": True})

    said = "\n".join(texts(letter(case, due=None)))

    assert "We wait until we have answered before we do so." in said


def test_a_customer_is_not_told_of_courts_and_investigations():
    facts = {"track": "data_subject", "right": "access", "data_subject_country": "DE", "identity_verified": False}
    facts |= {"accounts": ["A-88310-4"], "seeks": ["audio"], "requester_kind": "data_subject"}
    written = letter(a_case(facts))

    assert written.objections
    assert not re.search("court order|preserved|issuing court", "\n".join(texts(written)))
    assert written.closing[-2:] == ("Maya Okafor", "for Hearthside Voice")


def test_the_subject_names_the_requesters_own_reference_where_there_is_one():
    case = a_case(WARRANT)
    theirs = replace(case, requester=replace(case.requester, file_number="26-SW-114"))

    assert letter(case).subject == "Search warrant for recordings"
    assert letter(theirs).subject == "Search warrant for recordings (your reference 26-SW-114)"


def test_a_text_with_a_field_that_nothing_fills_is_refused_by_name():
    with pytest.raises(Unusable, match=r"certificate .* custodian"):
        paragraphs(work(), "certificate", "en", {"company": "Hearthside Voice"})


def test_the_two_tracks_are_both_among_the_cases():
    assert {a_case(facts).track for _, facts in CASES} == set(Track)
