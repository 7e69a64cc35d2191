"""A routine request is answered under the standing policy without a person; whatever lies outside waits for one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import INES, JUNIPER, LINK, MARSH, MAYA, PIN, PRIYA, TOMAS, a_recording, ruling
from a_policy import FROM, ROUTINE, TERMS, TO, adopt, ask, in_august, stock_august
from an_edition import put_in_use, reviewed, with_files, without
from sqlalchemy import update
from sqlalchemy.orm import Session

from legal_rules.edition import COMPANY_POLICY
from requests_portal.database.tables import standing_policies
from requests_portal.errors import Forbidden
from requests_portal.model.actor import ALLOWED, COMMAND_LINE, Act, Role, Whose
from requests_portal.model.case import CaseState, Quote
from requests_portal.model.contact import COOLING_OFF
from requests_portal.model.identity import Detail
from requests_portal.model.production import ProductionState
from requests_portal.model.standing_policy import NotRoutine
from requests_portal.work.adopt_policy import end_policy
from requests_portal.work.answer import go_on, leave_to_people
from requests_portal.work.assign import assign
from requests_portal.work.decide import decide
from requests_portal.work.identify import compare_details
from requests_portal.work.name_people import name_people
from requests_portal.work.put_customers import put_customer
from requests_portal.work.release import release
from requests_portal.work.standing import MovedOn

S = ProductionState
WHY = NotRoutine


@pytest.fixture
def august(house):
    """A house with a policy in force, whose customer has three recordings of August."""
    stock_august(house)
    adopt(house)
    return house


def worked(house, case, *, wrong=0):
    """What the worker does with a case, to its end or until it waits for a person."""
    house.gather(case, wrong=wrong)
    made = house.production(case.id)
    house.act(go_on, made.id)
    if house.production(case.id).state is S.CERTIFIED:
        house.sign(case)
        house.act(go_on, made.id)
    return house.case(case.id)


def staff_acts(house, since=0):
    staff = {each.id for each in (MAYA, TOMAS, PRIYA, INES)}
    return [entry["act"] for entry in house.log()[since:] if entry["actor"] in staff]


def test_a_routine_request_is_decided_certified_and_released_by_the_policy(august):
    before = len(august.log())

    case = worked(august, ask(august))

    made = august.production(case.id)
    assert (case.state, made.state) == (CaseState.ANSWERED, S.RELEASED)
    assert case.decision.by_name == "Standing policy, version 1, adopted by Maya Okafor and Tomás Rey"
    assert case.decision.policy == made.certificate.policy
    assert len(made.items) == 3
    assert staff_acts(august, before) == []
    acting = {(e["act"], e["actor"], e["role"]) for e in august.log()[before:] if e["role"] == "standing_policy"}
    assert {act for act, _, _ in acting} >= {"case_decided", "certificate_signed_off", "production_released"}
    assert {actor for _, actor, _ in acting} == {"standing_policy.1"}
    (decided,) = [each for each in august.log() if each["act"] == "case_decided"]
    assert decided["digests"]["policy"] == case.decision.policy.digest


def test_a_hundred_routine_requests_take_no_act_of_anybody_here(august):
    before = len(august.log())

    asked = [ask_as(august, f"B-{number // 3}") for number in range(100)]
    answered = [worked(august, case) for case in asked[::25]]

    assert {case.decision.by for case in asked} == {"standing_policy.1"}
    assert {case.state for case in answered} == {CaseState.ANSWERED}
    assert staff_acts(august, before) == []


def test_nothing_is_answered_where_no_policy_was_ever_adopted(house):
    stock_august(house)

    case = ask(house)

    assert (case.state, case.decision, case.not_routine) == (CaseState.ASSESSED, None, ())


UNVERIFIED = {name: value for name, value in ROUTINE.items() if name != "identity_verified"}
OUTSIDE = {
    "somebody here files it": ({"by": INES, "facts": UNVERIFIED}, WHY.NOT_THEMSELVES),
    "an agent asks": ({"facts": ROUTINE | {"requester_kind": "agent"}}, WHY.NOT_THEMSELVES),
    "it came by mail": ({"facts": ROUTINE | {"channel": "email"}}, WHY.NOT_THEMSELVES),
    "they signed in an hour ago": ({"signed_in": timedelta(hours=1)}, WHY.NOT_FRESH),
    "they came by a mailed link": ({"signed_in_by": "mailed_link"}, WHY.NOT_PROVEN),
    "nobody knows by what they signed in": ({"signed_in_by": ""}, WHY.NOT_PROVEN),
    "they say something of their own": ({"quotes": (Quote(words="And the one of my son?"),)}, WHY.OWN_WORDS),
    "it came before the policy": ({"received_at": FROM}, WHY.EARLIER),
    "they want it erased": ({"facts": ROUTINE | {"right": "erasure"}}, WHY.RIGHT),
    "they live elsewhere": ({"facts": ROUTINE | {"data_subject_country": "BR"}}, WHY.PLACE),
    "they want another kind of data": ({"facts": ROUTINE | {"seeks": ["audio", "purchases"]}}, WHY.KINDS),
    "a visitor is heard": (
        {"facts": ROUTINE | {"range_from": "2026-06-01T00:00:00-07:00", "range_to": "2026-06-30T00:00:00-07:00"}},
        WHY.NOT_IN_FULL,
    ),
    "there is nothing": (
        {"facts": ROUTINE | {"range_from": "2026-09-01T00:00:00-07:00", "range_to": "2026-09-30T00:00:00-07:00"}},
        WHY.NOTHING_FOUND,
    ),
    "nobody knows how long they are": (
        {"facts": ROUTINE | {"range_from": "2026-01-01T00:00:00-08:00", "range_to": "2026-02-28T00:00:00-08:00"}},
        WHY.LENGTH,
    ),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_what_lies_outside_waits_for_a_lawyer_and_says_why(august, what):
    told, why = OUTSIDE[what]

    case = ask(august, **told)

    assert (case.state, case.decision) == (CaseState.ASSESSED, None)
    assert why in case.not_routine
    assert august.productions(case.id) == []
    (entry,) = [each for each in august.log() if each["act"] == "policy_did_not_answer"]
    assert entry["words"]["reason"] == case.not_routine[0]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"most_recordings": 2}, WHY.RECORDINGS),
        ({"most_minutes": 1}, WHY.LENGTH),
        ({"most_megabytes": 1}, WHY.BYTES),
    ],
    ids=["recordings", "minutes", "megabytes"],
)
def test_beyond_each_limit_it_waits(house, terms, why):
    stock_august(house, [replace(each, seconds=21.0, size=400_000) for each in in_august()])
    adopt(house, replace(TERMS, **terms))

    case = ask(house)

    assert (case.decision, case.not_routine) == (None, (why,))


def test_exactly_at_each_limit_it_is_answered(house):
    stock_august(house, [replace(each, seconds=20.0, size=333_333) for each in in_august()])
    adopt(house, replace(TERMS, most_recordings=3, most_minutes=1, most_megabytes=1))

    assert ask(house).decision.selection.recordings == 3


def test_more_recordings_than_house_policy_lets_one_person_release_wait_whatever_the_policy_says(house):
    put_in_use_with(house, "approve_above = 2\n")
    stock_august(house)
    adopt(house)

    assert ask(house).not_routine == (WHY.SECOND_PERSON,)


def test_a_recording_of_a_visitor_in_the_fortnight_keeps_all_of_it_waiting(house):
    stock_august(house, [*in_august()[:2], *in_august(first=6, voices=("account holder", "visitor"))[:1]])
    adopt(house)

    assert WHY.NOT_IN_FULL in ask(house).not_routine


def test_within_72_hours_of_a_change_of_address_it_waits_and_one_asked_later_is_answered(august):
    august.act(put_customer, replace(MARSH, email="dana@elsewhere.example"), by=COMMAND_LINE)
    august.now += COOLING_OFF - timedelta(seconds=1)

    assert ask(august).not_routine == (WHY.COOLING_OFF,)

    august.now += timedelta(seconds=1)
    assert ask(august).decision.policy.number == 1


def test_what_somebody_here_has_taken_on_is_not_decided_over_their_head(house):
    stock_august(house)
    case = ask(house)
    house.act(assign, case.id, to=MAYA.id, by=MAYA)
    adopt(house)

    house.act(compare_details, case.id, tuple(Detail), by=INES)

    assert house.case(case.id).decision is None


def test_a_withdrawn_policy_answers_nothing_and_one_person_withdraws_it_at_once(august):
    adoption = newest(august)

    august.act(end_policy, adoption.id, reason="A recogniser marks visitors as account holders.", by=PRIYA)

    assert ask(august).decision is None


def test_what_a_policy_decided_falls_with_it_and_no_hand_can_release_it(august):
    case = ask(august)
    august.gather(case)
    august.act(go_on, august.production(case.id).id)
    august.sign(case)
    august.act(end_policy, newest(august).id, reason="Stop.", by=MAYA)
    made = august.production(case.id)

    with pytest.raises(MovedOn, match="standing policy"):
        august.act(release, made.id, recipient="j", token=LINK, pin=PIN, by=MAYA)
    august.act(go_on, made.id)

    fallen = august.case(case.id)
    assert (fallen.state, fallen.decision, fallen.not_routine) == (CaseState.ASSESSED, None, (WHY.WITHDRAWN,))
    assert august.decide(case).decision.by == MAYA.id


def test_a_later_version_does_not_finish_what_the_earlier_one_decided(august):
    case = ask(august)
    august.gather(case)
    august.now += timedelta(minutes=1)
    adopt(august, replace(TERMS, most_recordings=2))

    august.act(go_on, august.production(case.id).id)

    assert august.case(case.id).decision is None
    assert august.productions(case.id)[0].state is S.CANCELLED
    assert august.case(case.id).not_routine[0] is WHY.EARLIER


def test_under_other_rules_nothing_is_answered_before_the_policy_is_adopted_anew(august):
    put_in_use_edition(august, reviewed())

    assert ask(august).not_routine == (WHY.RULES_CHANGED,)

    adopt(august)
    assert ask(august).decision.policy.number == 2


def test_a_change_of_the_law_stops_what_was_decided_before_it(august):
    case = ask(august)
    august.gather(case)
    put_in_use_edition(august, without("us/ccpa_other_voices.toml"))

    august.act(go_on, august.production(case.id).id)

    assert august.case(case.id).not_routine == (WHY.RULES_CHANGED,)


def test_a_recording_made_meanwhile_is_answered_as_well(august):
    case = ask(august)
    august.gather(case)
    stock_august(august, [replace(a_recording("late", TO - timedelta(days=1)), seconds=3.0)])

    august.act(go_on, august.production(case.id).id)

    assert august.productions(case.id)[0].state is S.CANCELLED
    assert worked(august, case).state is CaseState.ANSWERED
    assert len(august.production(case.id).items) == 4


def test_a_recording_that_is_not_as_catalogued_is_certified_by_the_custodian(august):
    case = worked(august, ask(august), wrong=1)

    assert august.production(case.id).state is S.GATHERED
    assert case.not_routine == (WHY.NOT_AS_CATALOGUED,)

    august.certify(case)
    august.sign(case)
    august.act(go_on, august.production(case.id).id)

    assert august.production(case.id).state is S.OFFERED
    assert august.production(case.id).certificate.policy is None


def test_the_policy_in_the_database_changed_after_its_adoption_answers_nothing(august):
    with august.engine.begin() as connection:
        body = connection.execute(standing_policies.select()).one().body
        changed = body.replace('"most_recordings":20', '"most_recordings":9000')
        assert changed != body
        connection.execute(update(standing_policies).values(body=changed))

    assert ask(august).not_routine == (WHY.ALTERED,)


def test_nobody_decides_in_the_policy_s_name_and_it_decides_in_no_other(august):
    adoption = newest(august)
    case = ask(august, signed_in=timedelta(hours=1))
    told = ruling(case)

    with pytest.raises(Forbidden):
        august.act(decide, case.id, replace(told, policy=adoption.under), by=MAYA)
    with pytest.raises(Forbidden):
        august.act(decide, case.id, told, by=adoption.actor)


def test_the_policy_sees_no_sealed_case_and_listens_to_nothing():
    its = {act: roles[Role.STANDING_POLICY] for act, roles in ALLOWED.items() if Role.STANDING_POLICY in roles}

    assert all(Whose.SEALED not in whose for act, whose in its.items() if act in {Act.READ_CASE, Act.DECIDE})
    assert Act.LISTEN not in its


def test_what_somebody_takes_on_midway_is_not_released_over_their_head(august):
    case = ask(august)
    august.act(assign, case.id, to=MAYA.id, by=MAYA)

    left = worked(august, case)

    assert (left.state, left.not_routine) == (CaseState.APPROVED, (WHY.IN_HAND,))
    assert august.production(case.id).state is S.GATHERED


def test_what_is_sealed_midway_is_left_to_whom_it_names(august):
    case = ask(august)
    august.gather(case)
    august.act(name_people, case.id, [MAYA.id, TOMAS.id], by=MAYA)

    august.act(go_on, august.production(case.id).id)

    assert august.case(case.id).not_routine == (WHY.IN_HAND,)


def test_what_the_policy_was_refused_is_left_to_people(august):
    case = ask(august)

    august.act(leave_to_people, august.production(case.id).id)

    assert august.case(case.id).not_routine == (WHY.GATED,)


def test_what_is_checked_midway_waits_with_its_reason(august):
    case = ask(august)

    august.act(compare_details, case.id, tuple(Detail), by=INES)

    left = august.case(case.id)
    assert (left.decision, left.not_routine) == (None, (WHY.REOPENED,))


def test_a_fourth_request_within_thirty_days_waits_and_one_later_is_answered(august):
    assert [ask(august).not_routine for _ in range(4)] == [(), (), (), (WHY.REPEATED,)]

    august.now += timedelta(days=31)
    assert ask(august).decision is not None


def test_what_falls_three_times_is_left_to_people(august):
    case = ask(august)
    for number in range(1, 4):
        assert august.case(case.id).not_routine == ()
        august.gather(case)
        stock_august(august, [replace(a_recording("late", TO - timedelta(days=number)), seconds=3.0)])
        august.act(go_on, august.production(case.id).id)

    left = august.case(case.id)
    assert (left.state, left.decision, left.not_routine) == (CaseState.ASSESSED, None, (WHY.UNSETTLED,))


def ask_as(house, account):
    """The same asked in another account, with recordings of its own."""
    with house.ledger.reading() as work:
        known = work.catalogue.accounts([account])
    if not known:
        house.act(put_customer, replace(MARSH, account=account, email=f"{account}@example.org"), by=COMMAND_LINE)
        stock_august(
            house,
            [
                replace(each, id=f"{account}-{each.id}", key=f"{account}/{each.id}", account=account)
                for each in in_august()
            ],
        )
    theirs = replace(JUNIPER, id=account, account=account)
    return ask(house, ROUTINE | {"accounts": [account]}, by=theirs, account=account)


def newest(house):
    with house.ledger.reading() as work:
        return work.standing_policies.newest()


def put_in_use_edition(house, edition):
    with Session(house.engine) as session, session.begin():
        put_in_use(session, edition)


def put_in_use_with(house, policy):
    put_in_use_edition(house, with_files({COMPANY_POLICY: policy}))
