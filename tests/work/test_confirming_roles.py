"""A role that shows contents is given by one person and confirmed by another, whoever asks for it and however."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from a_house import NOW, ActingHouse
from sqlalchemy import text

from requests_portal.database.engine import connect
from requests_portal.errors import Conflict, Forbidden, NotFound
from requests_portal.model.actor import COMMAND_LINE, SYSTEM, Act, Actor, Role
from requests_portal.model.passkey import Credential, Passkey
from requests_portal.model.person import STAFF_ROLES
from requests_portal.model.provider import Said
from requests_portal.work.confirm_roles import confirm_roles, decline_roles, waiting
from requests_portal.work.from_provider import colleague
from requests_portal.work.people import add_person, change_roles, enrolment_link, leave
from requests_portal.work.sign_in import sign_in

SHOWING = sorted(STAFF_ROLES - {Role.OPERATOR, Role.ADMINISTRATOR})


@pytest.fixture
def robin(any_house):
    return joins(any_house, "robin", Role.ADMINISTRATOR)


@pytest.fixture
def quinn(any_house):
    return joins(any_house, "quinn", Role.ADMINISTRATOR)


@pytest.fixture
def vera(any_house):
    return joins(any_house, "vera", Role.APPROVER)


def joins(house, name, *roles, by=COMMAND_LINE):
    return house.act(add_person, name=name.capitalize(), mail=f"{name}@example.org", roles=roles, by=by)


def now(house, who):
    with house.ledger.reading() as work:
        return work.staff.get(who.id)


def gives(house, by, to, *roles):
    return house.act(change_roles, to.id, roles, by=now(house, by).actor)


def a_passkey_of(house, who):
    name = f"{who.id}-{len(house.log())}"[-36:]
    made = Credential(credential_id=name, public_key="", sign_count=0)
    key = Passkey(
        id=name, owner=who.id, customer=False, user_handle=name, credential=made, name="Laptop", added_at=house.now
    )
    house.act(lambda work: work.passkeys.add(key))


def seen(house, who):
    with house.ledger.reading() as work:
        return next(each.digest for each in waiting(work, by=SEER) if each.person.id == who.id)


SEER = Actor(id="seer", name="Seer", roles=frozenset({Role.APPROVER}))


def confirms(house, by, whose, digest=""):
    return house.act(confirm_roles, whose.id, seen=digest or seen(house, whose), by=now(house, by).actor)


@pytest.mark.parametrize("role", [*SHOWING, Role.ADMINISTRATOR])
def test_an_administrator_alone_gives_nobody_a_role_that_shows_contents_or_confirms_others(any_house, robin, role):
    second_account = joins(any_house, "robin.two", role, by=robin.actor)

    assert now(any_house, second_account).actor.roles == {Role.AWAITED}
    assert not any(second_account.actor.may(act) for act in (Act.READ_CASE, Act.CONFIRM_ROLES, Act.MANAGE_PEOPLE))
    with pytest.raises(Forbidden, match="You gave these roles"):
        confirms(any_house, robin, second_account)
    assert now(any_house, second_account).actor.roles == {Role.AWAITED}


def test_who_waits_may_make_a_passkey_and_nothing_else_that_is_not_for_anybody():
    waits = Actor(id="x", name="X", roles=frozenset({Role.AWAITED}))

    assert {act for act in Act if waits.may(act)} == {
        Act.SIGN_IN,
        Act.READ_SESSIONS,
        Act.END_SESSION,
        Act.ENROL_PASSKEY,
        Act.READ_PUBLIC,
        Act.VERIFY_BUNDLE,
        Act.COLLECT,
    }


@pytest.mark.parametrize("second", ["quinn", "vera"])
def test_another_administrator_or_an_approver_confirms_them(any_house, robin, request, second):
    second, pip = request.getfixturevalue(second), joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(any_house, pip)

    confirms(any_house, second, pip)

    assert now(any_house, pip).actor.roles == {Role.LAWYER}
    (entry,) = [each for each in any_house.log() if each["act"] == "roles_confirmed"]
    assert (entry["actor"], entry["words"]) == (second.id, {"person": pip.id, "lawyer": "held"})


def test_nobody_confirms_their_own_and_no_other_role_confirms_any(any_house, robin, vera):
    lawyer = joins(any_house, "lara", Role.LAWYER)
    gives(any_house, robin, vera, Role.APPROVER, Role.REVIEWER)
    a_passkey_of(any_house, vera)

    with pytest.raises(Forbidden, match="These roles are yours"):
        confirms(any_house, vera, vera)
    with pytest.raises(Forbidden, match="Your role does not include"):
        confirms(any_house, lawyer, vera)
    assert now(any_house, vera).roles == {Role.APPROVER}


def test_what_is_taken_away_is_gone_at_once_and_what_is_new_waits(any_house, robin):
    tomas = joins(any_house, "tomas", Role.LAWYER, Role.REVIEWER)

    gives(any_house, robin, tomas, Role.LAWYER, Role.CUSTODIAN, Role.OPERATOR)

    has = now(any_house, tomas)
    assert (has.roles, has.awaited.roles) == ({Role.LAWYER, Role.OPERATOR}, {Role.CUSTODIAN})
    assert any_house.log()[-1]["words"] == {
        "person": tomas.id,
        "lawyer": "held",
        "operator": "held",
        "custodian": "awaited",
    }


def test_what_is_given_back_before_it_was_confirmed_waits_for_nobody(any_house, robin):
    tomas = joins(any_house, "tomas", Role.LAWYER)
    gives(any_house, robin, tomas, Role.LAWYER, Role.CUSTODIAN)

    gives(any_house, robin, tomas, Role.LAWYER)

    assert (now(any_house, tomas).roles, now(any_house, tomas).awaited) == ({Role.LAWYER}, None)


def test_two_who_each_gave_a_part_confirm_neither(any_house, robin, quinn, vera):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(any_house, pip)
    gives(any_house, quinn, pip, Role.LAWYER, Role.REVIEWER)

    for each in (robin, quinn):
        with pytest.raises(Forbidden, match="You gave these roles"):
            confirms(any_house, each, pip)
    confirms(any_house, vera, pip)

    assert now(any_house, pip).roles == {Role.LAWYER, Role.REVIEWER}


def test_an_administrator_who_only_saves_the_page_again_has_given_nothing(any_house, robin, quinn):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(any_house, pip)

    gives(any_house, quinn, pip, Role.LAWYER)
    confirms(any_house, quinn, pip)

    assert now(any_house, pip).roles == {Role.LAWYER}


def test_nothing_is_confirmed_of_somebody_who_has_no_passkey_yet(any_house, robin, vera):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)

    with pytest.raises(Forbidden, match="no passkey yet"):
        confirms(any_house, vera, pip)

    assert now(any_house, pip).roles == frozenset()


def test_what_changed_since_it_was_looked_at_is_not_confirmed(any_house, robin, vera):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(any_house, pip)
    looked_at = seen(any_house, pip)
    changes = (
        lambda: gives(any_house, robin, pip, Role.LAWYER, Role.AUDITOR),
        lambda: a_passkey_of(any_house, pip),
    )

    for change in changes:
        change()
        with pytest.raises(Conflict, match="This changed since"):
            confirms(any_house, vera, pip, looked_at)
        looked_at = seen(any_house, pip)


def test_whoever_makes_a_colleague_s_new_link_has_none_of_that_colleague_s_roles_by_it(any_house, robin, quinn, vera):
    tomas = joins(any_house, "tomas", Role.LAWYER, Role.OPERATOR)

    any_house.act(enrolment_link, tomas.id, token="t", by=robin.actor)

    assert now(any_house, tomas).roles == {Role.OPERATOR}
    a_passkey_of(any_house, tomas)
    with pytest.raises(Forbidden, match="You gave these roles"):
        confirms(any_house, robin, tomas)
    any_house.act(enrolment_link, tomas.id, token="u", by=quinn.actor)
    a_passkey_of(any_house, tomas)
    with pytest.raises(Forbidden, match="You gave these roles"):
        confirms(any_house, quinn, tomas)
    confirms(any_house, vera, tomas)
    assert now(any_house, tomas).roles == {Role.LAWYER, Role.OPERATOR}


def test_a_session_that_an_earlier_link_began_ends_with_the_next_link(any_house, robin):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    any_house.act(sign_in, token="s", how="enrolment_link", by=pip.actor)

    any_house.act(enrolment_link, pip.id, token="t", by=robin.actor)

    with any_house.ledger.reading() as work:
        assert work.sessions.of(pip.id) == []


def test_nobody_makes_a_link_for_themselves_or_for_whom_the_provider_lets_in(any_house, robin):
    any_house.act(colleague, a_said("id-1", "kim@example.org"), [Role.LAWYER])
    with any_house.ledger.reading() as work:
        kim = work.staff.by_mail("kim@example.org")

    with pytest.raises(Forbidden, match="for themselves"):
        any_house.act(enrolment_link, robin.id, token="t", by=robin.actor)
    with pytest.raises(Conflict, match="through the identity provider"):
        any_house.act(enrolment_link, kim.id, token="t", by=robin.actor)


def a_said(subject, mail):
    claims = {"email": mail, "email_verified": True, "name": "Kim"}
    return Said(issuer="https://id.example", subject=subject, auth_at=NOW, claims=claims)


def test_what_the_provider_says_waits_for_nobody_and_ends_what_waited(any_house, robin):
    joins(any_house, "kim", Role.CUSTODIAN, by=robin.actor)

    who = any_house.act(colleague, a_said("id-1", "kim@example.org"), [Role.LAWYER])

    assert who.roles == {Role.LAWYER}
    assert now(any_house, who).awaited is None


def test_what_is_given_on_the_desk_s_own_machine_holds_at_once_and_is_logged(any_house, robin):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)

    any_house.act(change_roles, pip.id, [Role.LAWYER, Role.AUDITOR], by=COMMAND_LINE)

    has = now(any_house, pip)
    assert (has.roles, has.awaited) == ({Role.LAWYER, Role.AUDITOR}, None)
    entry = any_house.log()[-1]
    assert (entry["act"], entry["actor"]) == ("roles_changed", COMMAND_LINE.id)


def test_what_was_declined_is_not_had_and_whoever_gave_it_may_take_it_back(any_house, robin):
    tomas = joins(any_house, "tomas", Role.LAWYER)
    gives(any_house, robin, tomas, Role.LAWYER, Role.AUDITOR)

    any_house.act(decline_roles, tomas.id, by=robin.actor)

    assert (now(any_house, tomas).roles, now(any_house, tomas).awaited) == ({Role.LAWYER}, None)
    assert any_house.log()[-1]["words"] == {"person": tomas.id, "auditor": "declined"}
    with pytest.raises(NotFound, match="No role of theirs waits"):
        any_house.act(decline_roles, tomas.id, by=robin.actor)


def test_whoever_may_confirm_is_mailed_and_the_mail_names_nobody(any_house, robin, quinn, vera):
    joins(any_house, "lara", Role.LAWYER)

    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    any_house.act(enrolment_link, pip.id, token="t", by=robin.actor)

    with any_house.ledger.reading() as work:
        due = [each.message for each in work.messages.due(any_house.now, limit=9)]
    assert {each.to for each in due} == {quinn.id, vera.id}
    assert len(due) == 2
    assert {(each.template, each.words["link"]) for each in due} == {
        ("roles_wait", "https://desk.example/people/waiting")
    }


def test_who_has_left_waits_for_nothing_and_waits_again_when_they_come_back(any_house, robin, quinn):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(any_house, pip)
    confirms(any_house, quinn, pip)
    any_house.act(leave, pip.id, by=robin.actor)

    joins(any_house, "pip", Role.LAWYER, by=robin.actor)

    back = now(any_house, pip)
    assert (back.left_at, back.actor.roles, back.awaited.by) == (None, {Role.AWAITED}, {robin.id})


def test_whoever_leaves_while_their_roles_are_confirmed_has_left(new_postgres):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    robin, vera = joins(house, "robin", Role.ADMINISTRATOR), joins(house, "vera", Role.APPROVER)
    pip = joins(house, "pip", Role.LAWYER, by=robin.actor)
    a_passkey_of(house, pip)
    looked_at = seen(house, pip)

    with ThreadPoolExecutor() as other:
        with house.ledger.unit_of_work() as work:
            leave(work, pip.id, by=robin.actor)
            confirming = other.submit(confirms, house, vera, pip, looked_at)
            somebody_waits(engine, confirming)
        with pytest.raises(NotFound):
            confirming.result(timeout=30)

    assert now(house, pip).left_at is not None
    assert now(house, pip).actor.roles == frozenset()
    engine.dispose()


def somebody_waits(engine, confirming):
    end = time.monotonic() + 30
    while not confirming.done() and time.monotonic() < end:
        with engine.connect() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
    raise AssertionError(confirming)


def test_the_system_itself_confirms_nothing(any_house, robin):
    pip = joins(any_house, "pip", Role.LAWYER, by=robin.actor)

    with pytest.raises(Forbidden):
        any_house.act(confirm_roles, pip.id, seen="", by=SYSTEM)
