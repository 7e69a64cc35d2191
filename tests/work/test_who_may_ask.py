"""Who asks for an account's data is shown by checks that name no detail, and who may ask for another by a paper."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from a_house import ACCESS, INES, MARSH, MAYA, PRIYA

from requests_portal.errors import Barred, Conflict, Forbidden, Unusable
from requests_portal.model.case import Requester, Track
from requests_portal.model.identity import Detail
from requests_portal.model.letter import LetterKind
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.available import answer_letter, does_what_was_asked
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice
from requests_portal.work.erase import erase_as_decided
from requests_portal.work.identify import BY_IDENTITY, compare_details, record_declaration, show_permission
from requests_portal.work.papers import add_paper
from requests_portal.work.receive import Filing, receive

TWO = (Detail.NAME, Detail.EMAIL)
THREE = (*TWO, Detail.DEVICE)
SHA = "ab" * 32


def asked(house, **changed):
    return house.ask(ACCESS | {"channel": "email"}, by=INES, **changed)


def compared(house, case, matched, *, declared=False):
    if declared:
        signed(house, with_paper(house, case))
    return house.act(compare_details, case.id, matched, by=INES)


def signed(house, case, **changed):
    told = {"language": "de", "signed_by": "Juniper Marsh", "signed_on": date(2026, 11, 20)} | changed
    return house.act(record_declaration, case.id, SHA, **told, by=INES)


def with_paper(house, case, state=PaperState.CLEAN):
    paper = Paper(sha256=SHA, size=9, filename="permission.pdf", received_at=house.now, state=state, pages=1)
    return house.act(add_paper, case.id, paper, by=INES)


@pytest.mark.parametrize(
    ("right", "matched", "declared", "passed"),
    [
        ("access", THREE, True, True),
        ("access", THREE, False, False),
        ("access", TWO, True, False),
        ("erasure", TWO, False, True),
        ("erasure", TWO[:1], True, False),
        (None, TWO, True, False),
    ],
)
def test_two_details_are_enough_and_three_with_a_declaration_where_data_leave(house, right, matched, declared, passed):
    case = compared(house, asked(house, right=right), matched, declared=declared)

    assert case.facts["identity_verified"] is passed
    assert (case.facts["data_points_matched"], case.facts["declaration_signed"]) == (len(matched), declared)
    assert case.checks[-1].passed is passed
    assert ("IDENTITY_UNVERIFIED" in {each.ground for each in case.assessment.findings}) is (not passed)


def test_a_check_says_who_when_and_which_kinds_and_the_log_names_nothing(house):
    house.now += timedelta(hours=1)

    case = compared(house, asked(house), THREE, declared=True)

    check = case.checks[-1]
    assert (check.by, check.at) == (INES.id, house.now)
    assert check.how == "Details that match our records: name, e-mail address, serial number of a device."
    entry = next(each for each in house.log() if each["act"] == "requester_checked")
    assert entry["words"] == {"outcome": "passed"}
    assert "serial" not in str(entry)


@pytest.mark.parametrize("fact", sorted(BY_IDENTITY))
def test_none_of_these_facts_is_typed_or_filed(house, fact):
    value = 3 if fact == "data_points_matched" else True
    case = asked(house)

    with pytest.raises(Unusable, match="established by a check"):
        house.act(correct_facts, case.id, {fact: value}, reason="It is so.", by=MAYA)
    with pytest.raises(Unusable, match="established by a check"):
        asked(house, **{fact: value})


@pytest.mark.parametrize(("kind", "fact"), [("agent", "agent_authority"), ("guardian", "guardian_verified")])
def test_whoever_asks_for_another_shows_a_paper_that_is_in_the_case(house, kind, fact):
    case = asked(house, requester_kind=kind)
    with pytest.raises(Unusable, match="Choose the paper"):
        house.act(show_permission, case.id, SHA, passed=True, by=INES)
    with_paper(house, case)

    shown = house.act(show_permission, case.id, SHA, passed=True, by=INES)

    assert shown.facts[fact] is True
    assert shown.checks[-1].how.endswith("among the papers: permission.pdf.")
    assert house.act(show_permission, case.id, SHA, passed=False, by=INES).facts[fact] is False


def test_a_paper_that_nobody_can_open_shows_nothing(house):
    case = with_paper(house, asked(house, requester_kind="agent"), PaperState.QUARANTINED)

    with pytest.raises(Unusable, match="Choose the paper"):
        house.act(show_permission, case.id, SHA, passed=True, by=INES)

    assert house.case(case.id).facts.get("agent_authority") is None


def test_a_customer_needs_nobody_s_permission_and_an_officer_is_not_checked_like_one(house):
    with pytest.raises(Conflict, match="for themselves"):
        house.act(show_permission, asked(house).id, SHA, passed=True, by=INES)
    with pytest.raises(Conflict, match="no customer's request"):
        compared(house, house.file(), THREE)


def test_only_who_may_check_compares(house):
    with pytest.raises(Forbidden):
        house.act(compare_details, asked(house).id, THREE, by=PRIYA)


def test_a_declaration_is_kept_word_for_word_with_its_paper(house):
    case = signed(house, with_paper(house, asked(house)))

    kept = case.declaration
    assert "Mein Name ist Juniper Marsh." in kept.text
    assert case.reference in kept.text
    assert kept.digest == hashlib.sha256(kept.text.encode()).hexdigest()
    assert (kept.language, kept.paper, kept.signed_by, kept.signed_on) == (
        "de",
        SHA,
        "Juniper Marsh",
        date(2026, 11, 20),
    )
    assert (kept.by, kept.at) == (INES.id, house.now)
    entry = next(each for each in house.log() if each["act"] == "declaration_recorded")
    assert entry["digests"] == {"paper": SHA}
    assert {"text", "signed_by", "signed_on"} <= entry["commitments"].keys()
    assert "Juniper" not in str(entry)


def test_a_declaration_confirms_with_the_details_that_match_in_whichever_order_they_come(house):
    first, alone = asked(house), asked(house)
    compared(house, first, THREE)
    assert house.case(first.id).facts["identity_verified"] is False

    assert signed(house, with_paper(house, first)).facts["identity_verified"] is True
    assert "identity_verified" not in signed(house, with_paper(house, alone)).facts


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"language": "nl"}, "in which language"),
        ({"signed_by": " "}, "Only the customer"),
        ({"signed_by": "Somebody Else"}, "Only the customer"),
        # The request came on 18 November, and it is the 23rd.
        ({"signed_on": date(2026, 11, 17)}, "between the day"),
        ({"signed_on": date(2020, 1, 1)}, "between the day"),
        ({"signed_on": date(2026, 11, 24)}, "between the day"),
    ],
)
def test_a_declaration_without_its_language_signer_or_day_is_none(house, wrong, told):
    case = with_paper(house, asked(house))

    with pytest.raises(Unusable, match=told):
        signed(house, case, **wrong)

    assert house.case(case.id).declaration is None


@pytest.mark.parametrize("day", [18, 23])
def test_a_declaration_is_signed_from_the_day_of_receipt_to_today(house, day):
    case = signed(house, with_paper(house, asked(house)), signed_on=date(2026, 11, day), signed_by=" JUNIPER  Marsh ")

    assert case.declaration.signed_on.day == day


@pytest.mark.parametrize("kind", ["agent", "guardian"])
def test_whoever_asks_for_the_customer_it_is_the_customer_who_declares(house, kind):
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy",
        requester=Requester(name="Rights Desk"),
        received_at=house.now,
        zone="America/Los_Angeles",
        language="en",
        facts=ACCESS | {"channel": "email", "requester_kind": kind},
        account=MARSH.account,
    )
    case = with_paper(house, house.act(receive, filing, by=INES))

    with pytest.raises(Unusable, match="Only the customer"):
        signed(house, case, signed_by="Rights Desk", signed_on=date(2026, 11, 23))
    kept = signed(house, case, signed_on=date(2026, 11, 23)).declaration

    assert "Mein Name ist Juniper Marsh." in kept.text
    assert "Rights Desk" not in kept.text


def test_nobody_who_is_heard_on_another_s_device_declares(house):
    facts = ACCESS | {"requester_kind": "person_heard", "heard_as": "visitor", "channel": "email", "seeks": ["audio"]}
    case = with_paper(house, house.ask(facts, account=None, by=INES))

    with pytest.raises(Conflict, match="when they were heard"):
        signed(house, case)


def test_nothing_is_declared_without_a_paper_that_can_be_read(house):
    case = with_paper(house, asked(house), PaperState.QUARANTINED)

    with pytest.raises(Unusable, match="Choose the paper"):
        signed(house, case)


DONE = dict.fromkeys(("rectification", "restriction", "objection"), LetterKind.GRANTED) | {
    "erasure": LetterKind.ERASURE
}


@pytest.mark.parametrize("country", ["US-CA", "DE", "GB", "JP"])
@pytest.mark.parametrize("right", DONE)
def test_nothing_is_done_for_somebody_whom_nobody_has_checked(house, right, country):
    case = asked(house, right=right, seeks=["audio"], data_subject_country=country)

    # Where the book names no check of its own, the lawyer who would do it is stopped.
    if case.assessment.disposition == "escalate":
        with pytest.raises(Barred, match="before we know who asks"):
            house.decide(case)
        case = house.decide(case, reasons="Nobody knows them.", line_1=Choice(move="refuse"))
    else:
        case = house.decide(case)

    assert answer_letter(case) is LetterKind.REFUSAL


@pytest.mark.parametrize(("right", "letter"), DONE.items())
def test_what_counsel_alone_answers_is_done_once_a_lawyer_accepts_it_and_by_no_standing_policy(house, right, letter):
    case = compared(house, asked(house, right=right, seeks=["audio"]), THREE)
    assert case.assessment.disposition == "escalate"

    decided = house.decide(case)

    assert answer_letter(decided) is letter
    assert not does_what_was_asked(decided, decided.decision.lines, by_lawyer=False)


def test_no_decision_erases_for_somebody_who_is_no_longer_known(house):
    case = house.cleared(asked(house, right="erasure", seeks=["audio"]))
    unknown = replace(case, facts=case.facts | {"identity_verified": False})

    with pytest.raises(Conflict, match="Decide it first"):
        house.act(erase_as_decided, unknown, by=MAYA)

    assert house.act(erase_as_decided, case, by=MAYA) == 8


@pytest.mark.parametrize(
    ("right", "country", "verified", "letter"),
    [
        ("opt_out", "US-CA", False, LetterKind.GRANTED),
        ("limit", "US-CA", False, LetterKind.GRANTED),
        ("withdraw_consent", "DE", True, LetterKind.GRANTED),
        ("withdraw_consent", "DE", False, LetterKind.REFUSAL),
        # Nobody has said what these rights come to there, and a request without lines has none to accept.
        ("opt_out", "DE", True, LetterKind.REFUSAL),
        ("withdraw_consent", "US-CA", True, LetterKind.REFUSAL),
    ],
)
def test_a_right_about_no_data_is_answered_as_the_book_proposes(house, right, country, verified, letter):
    case = asked(house, right=right, seeks=[], data_subject_country=country)
    if verified:
        case = compared(house, case, THREE)

    assert answer_letter(house.decide(case)) is letter


@pytest.mark.parametrize(
    ("language", "country", "right", "named"),
    [
        ("en", "US-CA", "opt_out", "about the following: your opt-out from a use of your data."),
        ("es", "US-CA", "limit", "Uso limitado de sus datos sensibles."),
        ("de", "DE", "withdraw_consent", "er betrifft: Widerruf einer Einwilligung."),
        ("fr", "FR", "withdraw_consent", "Retrait d'un consentement."),
    ],
)
def test_the_answer_to_a_right_about_no_data_names_the_right(house, language, country, right, named):
    case = replace(asked(house, right=right, seeks=[], data_subject_country=country), language=language)
    case = house.decide(house.act(lambda work: work.cases.put(case)))
    if country != "US-CA":
        assert answer_letter(case) is LetterKind.REFUSAL
        case = house.decide(compared(house, case, THREE))

    with house.ledger.reading() as work:
        letter = letter_contents(work, case, kind=None, made_at=house.now, document_id="", draft=True)

    assert answer_letter(case) is LetterKind.GRANTED
    assert named in " ".join(letter.paragraphs)
