"""Who has listened to my recordings: what no secrecy covers, with day, purpose and role, never a name."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from a_house import ADA, JUNIPER, MARLOW, MARSH, MAYA, NOW, WARRANT

from requests_portal.database.tables import recordings
from requests_portal.errors import Forbidden
from requests_portal.model.case import CaseState
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.listening import Needed, Purpose, Why
from requests_portal.work.ask_to_hear import ask_to_hear
from requests_portal.work.compose import load
from requests_portal.work.correct import correct_facts
from requests_portal.work.listen import grant, play
from requests_portal.work.name_people import name_people
from requests_portal.work.notify import enter_notice, leave_untold
from requests_portal.work.outside import Outside
from requests_portal.work.tell_hearings import tell_hearings, who_listened

EVENING = "i-03142104"
OPEN = {**WARRANT, "nondisclosure_requested": False, "nondisclosure_order": False}
SECRET = {**WARRANT, "nondisclosure_requested": True, "nondisclosure_order": True}


def heard_for(house, facts):
    """A demand for which Maya listened to two seconds of the evening."""
    case = house.check(house.file(facts))
    hear(house, case)
    return case


def hear(house, case, *, purpose=Purpose.FIND_OTHERS, words=""):
    house.act(grant, case.id, EVENING, purpose=purpose, words=words, by=MAYA)
    house.act(play, case.id, EVENING, from_ms=0, to_ms=0, by=MAYA)
    house.act(play, case.id, EVENING, from_ms=0, to_ms=1500, by=MAYA)
    house.act(play, case.id, EVENING, from_ms=1500, to_ms=2000, by=MAYA)


def told(house, who=JUNIPER):
    others = dict.fromkeys(("store", "vault", "spool", "scratch", "signer"))
    tell_hearings(Outside(unit_of_work=house.ledger.unit_of_work, reading=house.ledger.reading, **others))
    return house.act(who_listened, by=who)


def answered(house, case):
    house.cleared(case)
    house.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), state=CaseState.ANSWERED)))


def test_for_their_own_request_the_customer_reads_it_at_once_and_no_name(any_house):
    house = any_house
    case = house.ask()
    house.check(case)
    house.act(ask_to_hear, case.id, needed=Needed.CUSTOMERS_CHOICE, words="", by=MAYA)
    hear(house, case, purpose=Purpose.OTHER, words="Is it Wilhelmina?")

    (heard,) = told(house)

    assert (heard.recording, heard.at, heard.why) == (EVENING, NOW, Why.OWN_REQUEST)
    assert (heard.purpose, heard.role, heard.seconds) == ("other", "reviewer", 2.0)
    assert "maya" not in str(heard).lower()
    assert "Wilhelmina" not in str(heard)
    assert told(house, MARLOW) == []


def test_what_was_granted_and_not_played_is_no_listening(house):
    case = house.ask()
    house.check(case)
    house.act(ask_to_hear, case.id, needed=Needed.CUSTOMERS_CHOICE, words="", by=MAYA)
    house.act(grant, case.id, EVENING, purpose=Purpose.CHECK_QUALITY, words="", by=MAYA)
    house.act(play, case.id, EVENING, from_ms=0, to_ms=0, by=MAYA)

    assert told(house) == []


@pytest.mark.parametrize("facts", [SECRET, OPEN, WARRANT])
def test_of_a_demand_that_is_not_answered_the_customer_reads_nothing(house, facts):
    heard_for(house, facts)

    assert told(house) == []


def test_once_they_were_told_of_a_demand_they_read_who_listened_for_it_and_nothing_of_another(house):
    noticed, secret = heard_for(house, SECRET), heard_for(house, SECRET)
    answered(house, noticed)
    answered(house, secret)
    before = told(house)
    house.act(lambda work: enter_notice(work, work.cases.get(noticed.id, by=MAYA), MARSH, by=MAYA))

    (heard,) = told(house)

    assert before == []
    assert (heard.why, heard.purpose, heard.role) == (Why.DEMAND, "find_others", "reviewer")
    assert told(house, MARLOW) == []


def test_of_an_answered_demand_that_never_was_secret_they_read_it_though_no_notice_of_ours_went_out(any_house):
    house = any_house
    answered(house, heard_for(house, OPEN))

    assert [each.why for each in told(house)] == [Why.DEMAND]
    assert house.acts()[-1] == "hearings_told"
    assert len(told(house)) == 1
    assert house.acts().count("hearings_told") == 1


@pytest.mark.parametrize(
    "more",
    [
        {"nondisclosure_requested": True, "nondisclosure_order": True},
        {"nondisclosure_requested": True, "nondisclosure_certified": True},
        {"notice_delayed_on": "2026-11-16"},
    ],
)
def test_what_may_have_been_secret_waits_for_the_notice(house, more):
    answered(house, heard_for(house, OPEN | more))

    assert told(house) == []


def seal(house, case):
    house.act(name_people, case.id, ["maya", "tomas"], by=MAYA)


def leave_out(house, case):
    house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA)


def file_a_secret_one_of_the_same_authority(house, _case):
    house.check(house.file(SECRET))


@pytest.mark.parametrize("happens", [seal, leave_out, file_a_secret_one_of_the_same_authority])
def test_what_is_sealed_left_untold_or_of_one_matter_with_a_secret_waits_too(house, happens):
    case = heard_for(house, OPEN)
    answered(house, case)
    happens(house, case)

    assert told(house) == []


def test_what_the_customer_has_erased_is_heard_of_no_more(house):
    answered(house, heard_for(house, OPEN))
    assert len(told(house)) == 1

    with house.ledger.unit_of_work() as work:
        work.erasures.ask(Chosen(account=MARSH.account, before=house.now), Because.CUSTOMER, at=house.now)

    assert told(house) == []


def test_newest_comes_first(house):
    first = heard_for(house, OPEN)
    house.now += timedelta(days=1)
    second = heard_for(house, OPEN)
    for case in (first, second):
        answered(house, case)

    assert [each.at for each in told(house)] == [NOW + timedelta(days=1), NOW]


@pytest.mark.parametrize("who", [MAYA, ADA])
def test_nobody_else_asks_for_it(house, who):
    with pytest.raises(Forbidden):
        told(house, who)


def order_silence(house, case):
    order = {"nondisclosure_order": True, "nondisclosure_requested": True, "nondisclosure_ends_on": "2027-12-20"}
    stated = order | {"nondisclosure_end_stated": True}
    house.act(correct_facts, case.id, stated, reason="A supplemental warrant with an order came.", by=MAYA)


@pytest.mark.parametrize("happens", [order_silence, seal])
@pytest.mark.parametrize("by_notice", [True, False])
def test_what_is_heard_under_a_later_order_or_seal_they_do_not_read(any_house, happens, by_notice):
    house = any_house
    case = heard_for(house, OPEN)
    answered(house, case)
    if by_notice:
        house.act(lambda work: enter_notice(work, work.cases.get(case.id, by=MAYA), MARSH, by=MAYA))
    before = told(house)
    house.now += timedelta(days=1)
    happens(house, case)

    hear(house, house.case(case.id))

    assert len(before) == 1
    assert told(house) == before


def test_what_is_heard_later_of_a_demand_that_still_is_no_secret_they_read_with_the_next_telling(any_house):
    house = any_house
    case = heard_for(house, OPEN)
    answered(house, case)
    told(house)
    house.now += timedelta(days=1)

    hear(house, house.case(case.id))

    assert [each.at for each in house.act(who_listened, by=JUNIPER)] == [NOW]
    assert [each.at for each in told(house)] == [NOW + timedelta(days=1), NOW]
    assert house.acts().count("hearings_told") == 2


def a_copy(house):
    """A copy of their own recordings that waits for the custodian."""
    case = house.ask()
    house.cleared(case)
    return house.gather(case)


def listed(house, copy):
    """Each time that the copy's list of who listened names."""
    return [(each.why, each.at) for each in load(house.ledger.reading, copy.id).heard]


def give_notice(house, case):
    house.act(lambda work: enter_notice(work, work.cases.get(case.id, by=MAYA), MARSH, by=MAYA))


def test_a_copy_lists_who_listened_as_the_account_does(any_house):
    house = any_house
    demand = heard_for(house, OPEN)
    answered(house, demand)
    own = house.check(house.ask())
    house.act(ask_to_hear, own.id, needed=Needed.CUSTOMERS_CHOICE, words="", by=MAYA)
    house.now += timedelta(hours=1)
    hear(house, own)
    shown = told(house)

    copy = a_copy(house)

    assert listed(house, copy) == [(each.why, each.at) for each in shown]
    assert [why for why, _ in listed(house, copy)] == [Why.OWN_REQUEST, Why.DEMAND]


def test_an_authoritys_production_lists_nobody(house):
    case = heard_for(house, OPEN)
    house.cleared(case)

    assert listed(house, house.gather(case)) == []


def test_what_was_silent_until_before_a_copy_was_gathered_is_in_it(any_house):
    house = any_house
    case = heard_for(house, SECRET)
    answered(house, case)
    house.now += timedelta(hours=1)
    give_notice(house, case)
    house.now += timedelta(hours=1)

    assert listed(house, a_copy(house)) == [(Why.DEMAND, NOW)]


def test_what_is_silent_until_after_a_copy_was_gathered_is_in_the_next_one_alone(any_house):
    house = any_house
    case = heard_for(house, SECRET)
    answered(house, case)
    first = a_copy(house)
    before = listed(house, first)
    house.now += timedelta(hours=1)
    give_notice(house, case)
    house.now += timedelta(hours=1)

    # The custodian has read the pages: they are sealed as they were read.
    assert before == listed(house, first) == []
    assert listed(house, a_copy(house)) == [(Why.DEMAND, NOW)]


def test_a_later_telling_changes_no_copy_that_was_gathered_before(any_house):
    house = any_house
    case = heard_for(house, OPEN)
    answered(house, case)
    told(house)
    copy = a_copy(house)
    house.now += timedelta(days=1)
    hear(house, house.case(case.id))

    assert len(told(house)) == 2
    assert listed(house, copy) == [(Why.DEMAND, NOW)]
    assert len(listed(house, a_copy(house))) == 2


@pytest.mark.parametrize("happens", [order_silence, seal])
def test_what_is_heard_under_a_later_order_or_seal_is_in_no_copy(any_house, happens):
    house = any_house
    case = heard_for(house, OPEN)
    answered(house, case)
    told(house)
    house.now += timedelta(days=1)
    happens(house, case)
    hear(house, house.case(case.id))
    told(house)

    assert listed(house, a_copy(house)) == [(Why.DEMAND, NOW)]


STEPS = ("a demand is heard", "it is answered", "the rounds go", "they ask")


@pytest.mark.parametrize("order", permutations(STEPS), ids=" → ".join)
def test_in_whatever_order_a_secret_demand_is_worked_on_no_copy_differs(house, order):
    cases, copies = [], []

    def go(step):
        house.now += timedelta(hours=1)
        if step == "a demand is heard":
            cases.append(heard_for(house, SECRET))
        elif step == "it is answered":
            for case in cases:
                answered(house, case)
        elif step == "they ask":
            copies.append(a_copy(house))
        else:
            told(house)

    for each in order:
        go(each)

    assert [listed(house, copy) for copy in copies] == [[]]


def test_who_listened_to_make_the_service_better_is_in_a_copy_with_its_own_words(any_house):
    house = any_house
    review = '[{"at":"2026-03-15T00:00:00+00:00","purpose":"check a false wake-up","role":"annotator"}]'
    with house.engine.begin() as connection:
        connection.execute(recordings.update().where(recordings.c.id == EVENING).values(reviews=review))

    (heard,) = load(house.ledger.reading, a_copy(house).id).heard

    assert (heard.recording, heard.why, heard.zone) == (EVENING, Why.SERVICE, "America/Los_Angeles")
    assert (heard.purpose, heard.role, heard.seconds) == ("check a false wake-up", "annotator", None)
