"""An emergency opens nothing before it is attested: no forged one, no number of its own, no single person gets by."""

from dataclasses import replace

import pytest
from a_house import INES, KETTLE, MAYA, PRIYA, TOMAS, WARRANT
from test_four_eyes import EMERGENCY, OLGA, choose
from who_asks import ALDER, DECLARED, NOTHING_READ, NUMBER, attested, confirm_who_asks

from requests_portal.errors import Barred, Conflict, Forbidden, Unusable
from requests_portal.model.case import CaseState
from requests_portal.model.decision import Because
from requests_portal.model.officer_check import CheckKind, Outcome, RequestText
from requests_portal.work.attest import attest, call_supervisor
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice
from requests_portal.work.officer_checks import confirm_channel, match_agency

WITH_AUDIO = EMERGENCY | {"seeks": ["audio", "subscriber"]}
TOLD = "The watch commander knows of it."


def confirmed(house, facts=EMERGENCY):
    """An emergency request whose officer the channel confirms, and nothing more."""
    case = house.file(facts)
    return house.act(confirm_channel, case.id, reference="Portal message 118.", passed=True, by=INES)


def give_all(house, case, *, reasons="A life is in danger.", by=MAYA):
    """Everything that was demanded, beyond whatever is proposed."""
    moves = {f"line_{line.id}": Choice(move="narrow", scope=line.scope) for line in house.case(case.id).lines}
    return house.decide(case, by=by, reasons=reasons, **moves)


def nothing_left(house, refusal, act, *arguments, **named):
    before = house.dump()
    with pytest.raises(refusal) as told:
        act(house, *arguments, **named)
    assert house.dump() == before
    assert "production_released" not in house.acts()
    return told.value


@pytest.mark.parametrize("step", ["nothing", "declared", "denied", "nobody there", "declared anew", "another agency"])
def test_a_forged_emergency_gets_nothing_but_a_preservation(house, step):
    case = confirmed(house)
    steps = {
        "nothing": lambda: None,
        "declared": lambda: house.act(attest, case.id, DECLARED, declared=True, by=INES),
        "denied": lambda: house.act(attested, case.id, outcome=Outcome.FAILED, by=INES),
        "nobody there": lambda: house.act(attested, case.id, outcome=Outcome.NOT_SHOWN, by=INES),
        "declared anew": lambda: declared_anew(house, case),
        "another agency": lambda: moved_to_another(house, case),
    }
    steps[step]()

    refused = nothing_left(house, Barred, give_all, case)

    kept = house.case(case.id)
    assert kept.assessment.disposition == "verify_requester"
    assert (refused.status, "account" in refused.sentence) == (403, False)
    with house.ledger.reading() as work:
        assert list(work.holds.of_case(case.id))


def declared_anew(house, case):
    house.act(attested, case.id, by=INES)
    house.act(attest, case.id, replace(DECLARED, needed="All of it."), declared=True, by=INES)


def moved_to_another(house, case):
    house.act(attested, case.id, by=INES)
    other = replace(ALDER, id=ALDER.id[:-1] + "f", name="Alder County Sheriffs", domains=())
    house.act(lambda work: work.agencies.put(other))
    house.act(match_agency, case.id, other.id, by=INES)


def test_what_an_officer_declared_and_a_supervisor_confirmed_opens_what_is_needed_and_stays_out_of_the_log(house):
    case = confirmed(house)
    house.act(attested, case.id, by=INES)

    decided = house.decide(case)

    assert decided.decision.gives
    assert decided.decision.because == (Because.EMERGENCY,)
    assert house.case(case.id).attestation.statement == DECLARED
    assert not any(words in str(house.log()) for words in (DECLARED.danger, DECLARED.supervisor, NUMBER))
    with house.ledger.reading() as work:
        check = next(each for each in work.officer_checks.of_case(case.id) if each.kind is CheckKind.SUPERVISOR)
    assert (check.subject, check.agency) == (house.case(case.id).attestation.digest, ALDER.id)


@pytest.mark.parametrize(
    ("changed", "declared"),
    [
        ({"danger": " "}, True),
        ({"supervisor": "deputy  R. PINECONE"}, True),
        ({}, False),
        ({"needed": "x" * 2001}, True),
    ],
    ids=["no danger", "the officer is the supervisor", "not signed as true", "oversized"],
)
def test_an_attestation_that_is_none_is_refused(house, changed, declared):
    case = confirmed(house)
    act = lambda house: house.act(attest, case.id, replace(DECLARED, **changed), declared=declared, by=INES)  # noqa: E731

    nothing_left(house, Unusable, act)


def test_a_supervisor_is_not_called_on_a_number_that_the_request_gives_or_that_the_directory_has_not(house):
    case = confirmed(house)
    house.act(attested, case.id, outcome=Outcome.NOT_SHOWN, by=INES)
    paper = RequestText(words="Ring Lieutenant Cone at 510-555-0142.", unread=0)

    def call(house, number, request):
        passed = {"told": TOLD, "outcome": Outcome.PASSED, "by_eye": True}
        house.act(call_supervisor, case.id, number, request=request, by=INES, **passed)

    assert nothing_left(house, Barred, call, NUMBER, paper).status == 403
    assert nothing_left(house, Barred, call, "+1 510 555 0199", NOTHING_READ).status == 403
    house.act(attest, case.id, replace(DECLARED, supervisor="A. Cone, 510 555 0142"), declared=True, by=INES)
    assert nothing_left(house, Barred, call, NUMBER, NOTHING_READ).status == 403


def test_whom_a_supervisor_is_called_for_is_put_down_first_and_only_of_an_emergency(house):
    passed = {"told": TOLD, "outcome": Outcome.PASSED, "by_eye": True, "request": NOTHING_READ, "by": INES}
    case, warrant = confirmed(house), house.file(WARRANT)

    nothing_left(house, Conflict, lambda house: house.act(call_supervisor, case.id, NUMBER, **passed))
    nothing_left(house, Conflict, lambda house: house.act(attest, warrant.id, DECLARED, declared=True, by=INES))
    nothing_left(house, Forbidden, lambda house: house.act(attest, case.id, DECLARED, declared=True, by=PRIYA))


def test_no_recording_is_proposed_in_an_emergency_and_one_leaves_only_with_the_reason_and_a_second_lawyer(house):
    choose(house, "approve_contents = false\napprove_emergencies = false\n")
    case = confirmed(house, WITH_AUDIO)
    house.act(attested, case.id, by=INES)
    proposed = {record.line.data_class: record.proposed for record in house.case(case.id).assessment.lines}

    nothing_left(house, Unusable, give_all, case, reasons=" ")
    given = give_all(house, case, reasons="Only what was said tells where they went.")

    assert proposed["audio"] is None
    assert proposed["subscriber"] is not None
    assert given.state is CaseState.DECIDED
    assert given.decision.because == (Because.EMERGENCY,)
    assert house.approve(given, by=TOMAS).state is CaseState.APPROVED


def test_whoever_put_the_attestation_down_or_decided_does_not_approve(house):
    case = house.file(EMERGENCY)
    house.act(confirm_who_asks, case.id, by=INES)
    house.act(attest, case.id, DECLARED, declared=True, by=OLGA)
    phone = ALDER.phones[0].number
    house.act(
        call_supervisor,
        case.id,
        phone,
        told=TOLD,
        outcome=Outcome.PASSED,
        request=NOTHING_READ,
        by_eye=False,
        by=INES,
    )
    decided = house.decide(case)

    nothing_left(house, Forbidden, lambda house: house.approve(decided, by=OLGA))
    nothing_left(house, Forbidden, lambda house: house.approve(decided, by=MAYA))
    assert house.approve(decided, by=TOMAS).state is CaseState.APPROVED


def test_who_attested_does_not_approve_after_a_colleague_attested_anew(house):
    case = house.file(EMERGENCY)
    house.act(confirm_who_asks, case.id, by=INES)
    house.act(attest, case.id, DECLARED, declared=True, by=OLGA)
    house.act(attested, case.id, by=INES)
    decided = house.decide(case)

    nothing_left(house, Forbidden, lambda house: house.approve(decided, by=OLGA))


@pytest.mark.parametrize(
    "correction",
    [
        {"accounts": [KETTLE.account]},
        {"seeks": ["connections", "subscriber"]},
        {"seeks": ["audio"], "range_from": "2020-01-01T00:00:00+00:00"},
        {"process": "informal_letter"},
    ],
    ids=", ".join,
)
def test_a_supervisor_who_confirmed_another_demand_is_called_again(house, correction):
    case = confirmed(house)
    house.act(attested, case.id, by=INES)
    house.act(correct_facts, case.id, correction, reason="Misread.", by=INES)
    house.act(correct_facts, case.id, {"process": "emergency_request"}, reason="Misread again.", by=INES)

    assert "emergency_attested" not in house.case(case.id).facts
    nothing_left(house, Barred, give_all, case)


def test_a_correction_that_leaves_the_demand_as_it_was_keeps_the_supervisor_s_word(house):
    case = confirmed(house)
    house.act(attested, case.id, by=INES)
    house.act(correct_facts, case.id, {"emergency_immediate": True}, reason="Read once more.", by=INES)

    assert house.case(case.id).facts["emergency_attested"] is True


@pytest.mark.parametrize(
    ("seeks", "because"),
    [("location", (Because.EMERGENCY,)), ("connections", (Because.EMERGENCY,)), ("subscriber", ())],
)
def test_no_policy_lets_one_lawyer_give_more_than_who_the_subscriber_is(house, seeks, because):
    choose(house, "approve_contents = false\napprove_emergencies = false\n")
    case = confirmed(house, EMERGENCY | {"seeks": [seeks]})
    house.act(attested, case.id, by=INES)

    assert give_all(house, case).decision.because == because
