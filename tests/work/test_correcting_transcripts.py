"""A customer has a transcript corrected: the catalogued one stays, and what they say stands beside it with its day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import INES, JUNIPER, MARLOW, MARSH, MAYA

from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import CaseState, ClosedBecause, Requester, Track
from requests_portal.model.digest import digest_of
from requests_portal.model.erasure import Chosen
from requests_portal.model.letter import LetterKind
from requests_portal.model.production import DocumentKind
from requests_portal.model.transcript import LONGEST, ProposedWords, Standing
from requests_portal.work.compose import letter_contents, load
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.correct import correct_facts
from requests_portal.work.correct_transcript import attach_statement, correct_as_decided, was_refused
from requests_portal.work.decide import Choice
from requests_portal.work.erase import erase_own
from requests_portal.work.produce import documents_due
from requests_portal.work.propose_words import change_words, propose_words, withdraw_words
from requests_portal.work.receive import Filing
from requests_portal.work.write import edit_letter, seen_as

EVENING, NEIGHBOURS = "i-03142104", "n-03142200"
WORDS = "set a timer for the bread"


def a_filing(house) -> Filing:
    return Filing(
        track=Track.DATA_SUBJECT,
        title="Correct a transcript",
        requester=Requester(name=MARSH.name, email=MARSH.email, country=MARSH.country),
        received_at=house.now,
        zone=MARSH.zone,
        language="en",
        facts={
            "requester_kind": "data_subject",
            "right": "rectification",
            "seeks": ["transcript"],
            "accounts": [MARSH.account],
            "devices": [],
            "catch_all": False,
            "data_subject_country": "US-CA",
            "channel": "portal",
            "identity_verified": True,
            "range_stated": True,
            "range_from": "2026-03-14T21:04:00-07:00",
            "range_to": "2026-03-14T21:04:01-07:00",
        },
        account=MARSH.account,
    )


def propose(house, words=WORDS, *, recording=EVENING, by=JUNIPER):
    return house.act(propose_words, a_filing(house), recording, words, by=by)


def state(house, words="I said bread.", *, by=JUNIPER):
    return house.act(attach_statement, EVENING, words, by=by)


def erase(house, recording=EVENING):
    house.act(erase_own, Chosen(account=MARSH.account, recording=recording, before=house.now), by=JUNIPER)


def note(house, recording=EVENING):
    with house.ledger.reading() as work:
        return work.transcript_notes.of([recording]).get(recording)


def catalogued(house, recording=EVENING):
    with house.ledger.reading() as work:
        return work.catalogue.get(recording, by=SYSTEM)


def answered(house, case, **moves):
    house.decide(case, reasons="It can be heard.", **moves)
    if not house.case(case.id).is_cleared:
        house.approve(case)
    house.gather(case)
    house.sign(case)
    house.release(house.case(case.id), recipient=MARSH.name)
    return house.case(case.id)


def refused(house):
    return answered(house, propose(house), line_1=Choice(move="refuse"))


def letter(house, case, kind):
    with house.ledger.reading() as work:
        return letter_contents(work, case, kind=kind, made_at=house.now, document_id="", draft=True)


def test_a_proposal_opens_a_request_that_names_the_version_and_both_texts(any_house):
    house = any_house
    case = propose(house)

    assert house.case(case.id).proposed == ProposedWords(
        recording=EVENING, version_id="v1", was="set a timer", words=WORDS
    )
    assert case.state is CaseState.ASSESSED
    assert case.assessment.disposition == "escalate"
    assert note(house) is None


def test_no_word_of_it_is_in_the_log_or_in_any_mail(house):
    answered(house, propose(house))

    rows = house.dump()
    logged = repr([rows[table] for table in ("audit_entries", "audit_private", "messages")])
    assert WORDS not in logged
    assert "set a timer" not in logged
    assert {"words_proposed", "transcript_corrected"} <= set(house.acts())


def test_what_is_asked_of_already_is_not_asked_of_twice(house):
    first = propose(house)
    house.now += timedelta(days=1)

    again, other = propose(house), propose(house, "oven", recording="i-03142137")
    with pytest.raises(Conflict, match="change below what you asked, or withdraw it"):
        propose(house, "set two timers")

    assert again.id == first.id
    assert house.case(first.id).proposed.words == WORDS
    assert other.id != first.id


def test_words_are_changed_until_they_are_decided_and_the_request_is_assessed_again(any_house):
    house = any_house
    case = propose(house)
    first = case.assessment.at
    house.now += timedelta(days=1)

    changed = house.act(change_words, EVENING, "set two timers", by=JUNIPER)

    assert changed.id == case.id
    assert house.case(case.id).proposed == replace(case.proposed, words="set two timers")
    assert (changed.state, changed.assessment.at) == (CaseState.ASSESSED, first + timedelta(days=1))
    assert changed.received_at == case.received_at
    assert house.acts()[-2:] == ["words_changed", "case_assessed"]
    assert house.act(change_words, EVENING, "set two timers", by=JUNIPER).version == changed.version
    with pytest.raises(Unusable):
        house.act(change_words, EVENING, "set a timer", by=JUNIPER)
    answered(house, changed)
    assert note(house).words == "set two timers"


def test_what_is_decided_or_another_s_is_neither_changed_nor_withdrawn(house):
    with pytest.raises(Conflict, match="Nothing of yours waits"):
        house.act(change_words, EVENING, WORDS, by=JUNIPER)
    case = propose(house)
    for by, refusal in ((MARLOW, NotFound), (MAYA, Forbidden)):
        with pytest.raises(refusal):
            house.act(change_words, EVENING, "set two timers", by=by)
        with pytest.raises(refusal):
            house.act(withdraw_words, EVENING, by=by)
    house.decide(case)
    with pytest.raises(Conflict, match="can be changed no more"):
        house.act(change_words, EVENING, "set two timers", by=JUNIPER)
    with pytest.raises(Conflict, match="can be changed no more"):
        house.act(withdraw_words, EVENING, by=JUNIPER)
    with pytest.raises(Conflict, match="can be changed no more"):
        propose(house, "set two timers")

    assert house.case(case.id).proposed.words == WORDS
    assert not {"words_changed", "case_closed"} & set(house.acts())


def test_a_request_that_is_withdrawn_is_closed_and_can_be_made_again(any_house):
    house = any_house
    case = propose(house)

    house.act(withdraw_words, EVENING, by=JUNIPER)

    left = house.case(case.id)
    assert (left.state, left.closed_because) == (CaseState.CLOSED, ClosedBecause.WITHDRAWN)
    assert house.log()[-1]["act"] == "case_closed"
    with pytest.raises(Conflict):
        house.decide(left)
    house.now += timedelta(hours=1)
    assert propose(house, "set two timers").id != case.id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("set  a timer ", "those of the transcript as it is"),
        ("   ", "Write how it should read"),
        ("x" * (LONGEST + 1), "at most 10,000 characters"),
    ],
)
def test_words_that_say_nothing_new_or_too_much_are_refused(house, words, sentence):
    with pytest.raises(Unusable, match=sentence):
        propose(house, words)


def test_only_a_recording_that_its_customer_sees_can_be_asked_of(house):
    with pytest.raises(NotFound):
        propose(house, recording=NEIGHBOURS)
    with pytest.raises(NotFound):
        propose(house, by=MARLOW)
    erase(house)
    with pytest.raises(NotFound):
        propose(house)


def test_what_is_granted_stands_beside_the_transcript_once_the_letter_is_released(any_house):
    house = any_house
    before = catalogued(house)
    case = propose(house)
    house.decide(case)
    house.approve(case)
    assert note(house) is None

    house.gather(case)
    house.sign(case)
    house.now += timedelta(hours=1)
    house.release(house.case(case.id), recipient=MARSH.name)

    kept = note(house)
    assert (kept.words, kept.standing, kept.case, kept.at) == (WORDS, Standing.CORRECTED, case.id, house.now)
    assert catalogued(house) == before
    assert house.log_is_sound()


def test_no_words_are_taken_over_for_somebody_who_is_no_longer_known(house):
    case = propose(house)
    house.decide(case)
    cleared = house.approve(case)

    with pytest.raises(Conflict, match="Decide it first"):
        house.act(correct_as_decided, replace(cleared, facts=cleared.facts | {"identity_verified": False}), by=MAYA)

    assert note(house) is None
    house.act(correct_as_decided, cleared, by=MAYA)
    assert note(house).words == WORDS


def test_nothing_leaves_with_a_correction_but_its_letter(house):
    case = answered(house, propose(house))

    assert answer_letter(case) is LetterKind.CORRECTION
    assert [each.kind for each in documents_due(case, house.production(case.id))] == [DocumentKind.OBJECTION_LETTER]
    text = " ".join(letter(house, case, LetterKind.CORRECTION).paragraphs)
    assert f"had understood: “set a timer” It reads from now on: “{WORDS}”" in text
    assert f"Our reference is {case.reference}." in text


def test_a_second_correction_counts_and_the_first_stays_on_record(house):
    answered(house, propose(house))
    house.now += timedelta(days=1)
    answered(house, propose(house, "set a timer for the bread rolls"))

    assert note(house).words == "set a timer for the bread rolls"
    assert sorted(row[3] for row in house.dump()["transcript_notes"]) == [WORDS, "set a timer for the bread rolls"]


def reopened(house, case):
    """The request assessed anew after its answer, with the same words."""
    house.act(correct_facts, case.id, {"catch_all": None}, reason="Read again.", by=INES)
    return house.case(case.id)


def test_an_older_request_released_again_does_not_take_the_place_of_newer_words(house):
    first = answered(house, propose(house, "the first words"))
    house.now += timedelta(days=1)
    answered(house, propose(house, "the second words"))
    house.now += timedelta(days=1)

    answered(house, reopened(house, first))

    assert note(house).words == "the second words"
    assert house.acts().count("transcript_corrected") == 2


def test_words_kept_already_are_not_kept_twice(house):
    case = answered(house, propose(house))
    before = note(house)
    house.now += timedelta(days=1)

    answered(house, reopened(house, case))

    assert note(house) == before
    assert house.acts().count("transcript_corrected") == 1


def test_a_refusal_that_becomes_a_correction_takes_the_place_of_the_statement(house):
    case = refused(house)
    state(house)
    house.now += timedelta(days=1)

    answered(house, reopened(house, case))

    assert (note(house).standing, note(house).words) == (Standing.CORRECTED, WORDS)


def test_a_refusal_says_why_and_offers_a_statement(house):
    case = refused(house)

    assert was_refused(case)
    assert answer_letter(case) is LetterKind.REFUSAL
    assert "You may have a statement in your own words" in " ".join(letter(house, case, LetterKind.REFUSAL).closing)
    assert note(house) is None
    with pytest.raises(Conflict):
        house.act(correct_as_decided, case, by=MAYA)


def test_a_statement_is_kept_once_and_only_after_a_refusal(any_house):
    house = any_house
    with pytest.raises(Conflict):
        state(house)
    case = propose(house)
    with pytest.raises(Conflict):
        state(house)
    answered(house, case, line_1=Choice(move="refuse"))

    state(house)

    kept = note(house)
    assert (kept.words, kept.standing, kept.case) == ("I said bread.", Standing.CONTESTED, case.id)
    with pytest.raises(Conflict):
        state(house, "I said so.")
    assert "I said bread." not in repr(house.log())
    assert house.acts().count("statement_attached") == 1


def test_nobody_states_anything_of_another_customer_s_recording(house):
    refused(house)

    with pytest.raises(NotFound):
        state(house, by=MARLOW)
    with pytest.raises(Forbidden):
        state(house, by=MAYA)
    assert note(house) is None


def test_a_correction_decided_before_the_recording_was_erased_is_closed_and_its_letter_stays(house):
    case = propose(house)
    house.decide(case)
    house.approve(case)
    house.gather(case)
    house.sign(case)

    erase(house)

    left = house.case(case.id)
    assert (left.state, left.closed_because, left.decision) == (CaseState.CLOSED, ClosedBecause.ERASED, None)
    with pytest.raises(Conflict):
        house.release(left, recipient=MARSH.name)
    assert note(house) is None
    assert not {"transcript_corrected", "production_released"} & set(house.acts())


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("outcome", ["open", "refused", "corrected"])
def test_no_word_stays_in_a_case_whose_recording_is_erased_held_or_not(any_house, held, outcome):
    house = any_house
    if held:
        house.file()
    case = propose(house)
    if outcome != "open":
        answered(house, case, **({} if outcome == "corrected" else {"line_1": Choice(move="refuse")}))
    before = house.case(case.id)

    erase(house)

    after, kept = house.case(case.id), before.proposed
    assert after.proposed == ProposedWords(
        recording=EVENING, version_id="v1", was="", words="", digest=digest_of(["set a timer", WORDS])
    )
    assert kept.digest == ""
    assert after.state is (CaseState.CLOSED if outcome == "open" else CaseState.ANSWERED)
    assert "timer" not in repr(house.dump()["cases"])
    assert house.acts().count("words_forgotten") == 1
    assert house.acts().count("case_closed") == (outcome == "open")
    assert house.log_is_sound()


def test_a_request_that_the_erasure_closed_keeps_no_clock_running(house):
    case = propose(house)

    erase(house)

    with house.ledger.reading() as work:
        assert {row.name for row in work.clocks.of_case(case.id) if row.met_at is None} == set()


def test_a_letter_changed_by_hand_loses_the_lines_that_quote_the_words_and_no_other(house):
    case = propose(house)
    house.decide(case, line_1=Choice(move="refuse"), reasons="Not so.")
    changed = {"closing": "We listened with care.\nWe heard nothing of “set a timer for the bread”.\nYours"}
    seen = seen_as(house.case(case.id), LetterKind.REFUSAL)
    house.act(edit_letter, case.id, LetterKind.REFUSAL, changed, seen=seen, by=MAYA)

    erase(house)

    kept = house.case(case.id)
    assert dict(kept.letters[-1].sections)["closing"] == "We listened with care.\n[…]\nYours"
    assert "timer" not in repr(house.dump()["cases"])


def test_what_was_proposed_for_another_recording_stays(house):
    other = propose(house, "oven", recording="i-03142137")
    propose(house)

    erase(house)
    erase(house, "w-01051200")

    assert house.case(other.id) == other
    assert house.acts().count("words_forgotten") == 1


def test_the_letter_of_a_correction_read_again_after_the_erasure_has_no_word_of_it(house):
    case = answered(house, propose(house))

    erase(house)

    text = " ".join(letter(house, house.case(case.id), LetterKind.CORRECTION).paragraphs)
    assert "timer" not in text
    assert "had understood: […] It reads from now on: […]" in text


def test_a_held_recording_is_corrected_beside_itself_and_stays_held(house):
    held = house.file()
    before = catalogued(house)
    answered(house, propose(house))

    with house.ledger.reading() as work:
        still = work.holds.held_among([EVENING])
    assert still == {EVENING}
    assert catalogued(house) == before
    assert note(house).words == WORDS
    assert house.case(held.id).is_open


def test_later_productions_carry_what_is_kept_beside_a_transcript(house):
    answered(house, propose(house))
    later = house.cleared(house.ask(seeks=["audio", "transcript"]))

    source = load(house.ledger.reading, house.production(later.id).id)

    assert {recording: kept.words for recording, kept in source.notes.items()} == {EVENING: WORDS}


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_an_authority_gets_says_nothing_of_the_customer_s_words(house, when):
    """Neither what was granted before the paper was served nor what was granted after its answer was approved."""
    if when == "before":
        answered(house, propose(house))
    served = house.cleared(house.file(seeks=["audio", "transcript"]))
    if when == "after":
        answered(house, propose(house))

    source = load(house.ledger.reading, house.production(served.id).id)

    assert note(house).words == WORDS
    assert EVENING in source.recordings
    assert source.notes == {}


def test_a_recording_of_no_case_has_nothing_beside_it(house):
    assert note(house, "w-01051200") is None
    with house.ledger.reading() as work:
        assert work.cases.correcting(MARSH.account) == []
    assert answered(house, propose(house)).account == JUNIPER.account
