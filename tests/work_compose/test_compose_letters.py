"""Letters of objection: every rule's own cases, written out and read as a lawyer would."""

import re
from dataclasses import replace

import pytest
from composing import NOW, a_case, every_case, work

from legal_rules.facts import confirmed, dump, parse
from legal_rules.vocabulary.grounds import GROUNDS
from requests_portal.errors import Unusable
from requests_portal.model.case import CaseState, Quote, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.letter import LetterAct, LetterKind, LetterVersion
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.available import answer_letter, available
from requests_portal.work.compose.letter import standing_objections
from requests_portal.work.compose.objections import ORDER
from requests_portal.work.compose.wording import paragraphs

CASES = list(every_case())


def read_through(told):
    """The facts once a clerk has confirmed the form: what the paper could state and does not, it does not say."""
    return dump(confirmed(parse(told)))


WARRANT = read_through(
    {
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
        "account_flags": [],
        "circumstances": [],
    }
)


def letter(case, *, kind=None, **changes):
    return letter_contents(work(**changes), case, kind=kind, made_at=NOW, document_id="doc-1", draft=False)


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
    written = letter(a_case(read_through(facts)))

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


# What each letter says


EPOC = WARRANT | {
    "issuer": "eu_state",
    "process": "epoc",
    "issuer_role": "prosecutor",
    "validated_by": "none",
    "signed": True,
    "catch_all": False,
    "channel": "judex",
    "offence_max_years": 5,
    "range_from": "2026-03-14T00:00:00-08:00",
    "range_to": "2026-03-15T00:00:00-07:00",
}


def kinds(case, *clocks):
    return set(available(case, clocks))


def test_the_letter_quotes_the_papers_own_words_beside_what_they_ask():
    quoted = replace(a_case(WARRANT), quotes=(Quote(words="any and all\nrecordings {cite}", place="page 2"),))

    opening = " ".join(letter(quoted).paragraphs)

    assert "It asks us for the following: recordings and any other data from 1 January 2026 to 30 June 2026." in opening
    assert "In the paper's own words: “any and all recordings {cite}” (page 2)." in opening
    assert "own words" not in " ".join(letter(a_case(WARRANT)).paragraphs)


def test_objections_stand_in_the_order_of_argument():
    facts = {**WARRANT, "signed": False, "nondisclosure_requested": True}

    grounds = [each.ground for each in letter(a_case(facts)).objections]

    assert grounds == ["UNSIGNED", "CATCH_ALL", "EXCESSIVE_DATE_RANGE", "NONDISCLOSURE_NO_BASIS"]


def test_every_ground_has_its_place_in_the_order_once():
    assert sorted(ORDER) == sorted(GROUNDS)


def test_a_ground_with_two_texts_has_both_under_names_of_their_own():
    facts = {**WARRANT, "process": "grand_jury_subpoena", "issuer_role": "attorney", "catch_all": False}
    written = letter(a_case({**facts, "seeks": ["audio", "purchases"]}))

    reached = [each for each in written.objections if each.ground == "CATEGORY_NOT_REACHABLE"]
    assert [each.name for each in reached] == ["category_not_reachable", "category_not_reachable_2"]
    assert {"contents of communications" in " ".join(each.paragraphs) for each in reached} == {True, False}


def test_the_answer_to_a_certificate_is_annex_iii_with_its_reason_marked():
    written = letter(a_case(EPOC))

    headings = [each.heading[:2] for each in (*written.parts, *written.parts_after)]
    marked = [line for line in written.parts[-1].paragraphs if line.startswith("[x]")]
    assert headings == ["A.", "B.", "C.", "D.", "E.", "F.", "G.", "H."]
    assert written.parts[-1].heading.startswith("D. ")
    # A prosecutor cannot order content: Art. 4(2), which is the sixth reason of Annex III, section D.
    assert marked == ["[x] The certificate was not issued or validated by an authority that Article 4 names."]
    assert [each.ground for each in written.objections] == ["ISSUER_NOT_COMPETENT"]
    assert written.parts_after[0].paragraphs == ("We claim none.",)


def test_an_offence_too_light_is_another_reason_of_annex_iii():
    light = {**EPOC, "issuer_role": "judge", "offence_max_years": 1, "listed_offence": False}

    marked = [line for line in letter(a_case(light)).parts[-1].paragraphs if line.startswith("[x]")]

    assert marked == ["[x] The offence is not one for which Article 5(4) opens the data asked for."]


def test_only_a_certificate_of_a_member_state_under_the_regulation_is_answered_on_its_form():
    assert answer_letter(a_case(EPOC)) is LetterKind.EPOC_ANSWER
    assert answer_letter(a_case({**EPOC, "issuer": "foreign_state"})) is LetterKind.OBJECTION


def test_what_only_preserves_is_confirmed_and_not_objected_to():
    facts = {**WARRANT, "process": "preservation_letter", "catch_all": False}
    case = a_case(facts)

    written = letter(case)

    assert answer_letter(case) is LetterKind.PRESERVATION
    assert written.objections == ()
    assert "safe from deletion until 15 February 2027" in " ".join(written.paragraphs)
    assert "We have disclosed nothing." in " ".join(written.paragraphs)


REFUSED = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "right": "access",
    "identity_verified": False,
    "accounts": ["A-88310-4"],
    "seeks": ["audio"],
}


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("FR", "You may complain to the Commission nationale de l'informatique et des libertés"),
        ("FR", "You may also take us to court"),
        ("GB", "You may complain to the Information Commissioner"),
        ("GB", "ask a court to order us to comply (Data Protection Act 2018 s.167)"),
        ("US-CA", "the California Privacy Protection Agency or the Attorney General of California"),
        ("US-VA", "You may appeal to us"),
        ("US-VA", "complain to the Attorney General of Virginia"),
        ("US-PR", "complain to the attorney general of your state"),
        ("NZ", "complain to the supervisory authority of the country you live in"),
    ],
)
def test_a_refusal_says_where_to_complain_in_the_country(country, said):
    case = a_case(read_through({**REFUSED, "data_subject_country": country}))

    written = letter(case, kind=LetterKind.REFUSAL)

    assert said in " ".join(written.closing)


def test_a_search_that_finds_nothing_says_what_was_searched():
    facts = {**WARRANT, "catch_all": False, "range_to": "2026-03-15T00:00:00-07:00"}
    case = a_case({**facts, "range_from": "2026-03-14T00:00:00-08:00"})

    written = letter(case)

    assert case.decision.gives
    assert answer_letter(case) is LetterKind.NO_RECORDS
    assert "Recordings of account A-88310-4 from 14 March 2026 to 14 March 2026: none" in written.paragraphs


def test_a_search_that_finds_something_needs_no_such_statement():
    facts = {**WARRANT, "catch_all": False, "range_to": "2026-03-15T00:00:00-07:00"}
    case = a_case({**facts, "range_from": "2026-03-14T00:00:00-08:00"})
    found = replace(case.decision.selection, recordings=1)

    assert answer_letter(replace(case, decision=replace(case.decision, selection=found))) is None


def test_the_letters_of_a_case_follow_from_who_asks_and_how_it_stands():
    person = a_case(read_through({**REFUSED, "data_subject_country": "DE", "other_voices": []}))
    asked = replace(person, state=CaseState.ASSESSED, decision=None)
    notice = ClockRow(case="c-1", name="extension_notice", due=NOW, working=())

    assert kinds(asked) == {LetterKind.ACKNOWLEDGEMENT, LetterKind.IDENTITY}
    assert kinds(asked, notice) == {LetterKind.ACKNOWLEDGEMENT, LetterKind.IDENTITY, LetterKind.EXTENSION}
    assert kinds(person, notice) == {LetterKind.ACKNOWLEDGEMENT, LetterKind.REFUSAL}
    assert kinds(replace(person, state=CaseState.ANSWERED)) == {LetterKind.REFUSAL}


def test_what_a_case_waits_for_is_what_its_clarification_asks():
    case = replace(a_case(WARRANT), state=CaseState.WAITING, decision=None, waiting_for="The second page.")

    assert LetterKind.CLARIFICATION in kinds(case)
    assert "The second page." in letter(case, kind=LetterKind.CLARIFICATION).paragraphs


@pytest.mark.parametrize(
    "told",
    [
        {"nondisclosure_order": True, "nondisclosure_requested": True, "nondisclosure_end_stated": True},
        {"nondisclosure_order": None},
        {"nondisclosure_requested": None},
        {"accounts": ["A-88310-4", "A-51862-3"]},
    ],
    ids=["an order forbids it", "nobody knows of an order", "nobody knows whether silence is asked", "two customers"],
)
def test_no_notice_is_written_where_it_might_be_forbidden_or_reach_the_wrong_person(told):
    facts = {name: value for name, value in {**WARRANT, **told}.items() if value is not None}

    assert LetterKind.NOTICE in kinds(a_case(WARRANT))
    assert LetterKind.NOTICE not in kinds(a_case(facts))


# Words changed by hand


def by_hand(case, *sections, act=LetterAct.EDITED, rests_on=None):
    version = LetterVersion(
        kind=LetterKind.OBJECTION,
        number=len(case.letters) + 1,
        act=act,
        sections=sections,
        rests_on=rests_on or case.decision.digest,
        by="maya",
        by_name="Maya Okafor",
        at=NOW,
    )
    return replace(case, letters=(*case.letters, version))


def test_words_changed_by_hand_stand_in_their_place_line_by_line():
    case = by_hand(a_case(WARRANT), ("closing", "One {line}.\n\nAnother.\nA third."), ("gone", "Not of this letter."))

    written = letter(case)

    assert written.closing == ("One {line}.", "Another.", "A third.")
    assert written.paragraphs == letter(a_case(WARRANT)).paragraphs
    assert "Not of this letter." not in texts(written)


def test_words_changed_for_another_decision_are_not_the_letters():
    case = by_hand(a_case(WARRANT), ("closing", "Of yesterday."), rests_on="2" * 64)

    assert letter(case).closing == letter(a_case(WARRANT)).closing


def test_a_change_taken_back_leaves_the_letter_as_it_was_assembled():
    case = by_hand(by_hand(a_case(WARRANT), ("closing", "Changed.")), act=LetterAct.TAKEN_BACK)

    assert letter(case).closing == letter(a_case(WARRANT)).closing


def test_the_bundle_raises_each_objection_in_the_words_that_stand():
    case = by_hand(a_case(WARRANT), ("catch_all", "List what you want, please."))

    first, second = standing_objections(work(), case)

    assert first.paragraphs == ("List what you want, please.",)
    assert first.title == letter(a_case(WARRANT)).objections[0].title
    assert second.paragraphs == letter(a_case(WARRANT)).objections[1].paragraphs
