"""The administrator's pages: who begins, who moves, who leaves, and what becomes of their work."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import JUNIPER, LAWYERS, MAYA, TEMPLATES
from a_chromium import Device, a_chromium, served_as_localhost
from a_session import a_session_of, signed_in
from an_account import Account, Visitor

from requests_portal.errors import Unusable
from requests_portal.model.actor import COMMAND_LINE, Actor, Role
from requests_portal.model.passkey import Credential, Passkey
from requests_portal.model.person import Person
from requests_portal.web.application import make_app
from requests_portal.work.assign import assign
from requests_portal.work.hand_over import hand_over
from requests_portal.work.name_people import name_people
from requests_portal.work.people import add_person, change_roles

ROBIN = Actor(id="robin", name="Robin Quay", roles=frozenset({Role.ADMINISTRATOR}))


class Administrated(Account):
    """A desk whose people are those of its tables, one of whom is an administrator."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        robin = Person(id=ROBIN.id, name=ROBIN.name, mail="robin@example.org", roles=ROBIN.roles, since=self.now)
        self.act(lambda work: work.staff.add(robin))
        portal = self.app.extensions["portal"]
        self.app = make_app(replace(portal, staff=self.colleagues), templates=TEMPLATES)

    def colleagues(self):
        with self.ledger.reading() as work:
            return {each.id: each.actor for each in work.staff.all()}

    def joins(self, name, *roles):
        mail = f"{name.partition(' ')[0].lower()}@example.org"
        return self.act(lambda work: add_person(work, name=name, mail=mail, roles=roles, by=COMMAND_LINE))

    def gives(self, reference, person):
        self.act(lambda work: assign(work, self.case(reference).id, to=person.id, by=MAYA))


@pytest.fixture
def desk(tmp_path):
    return Administrated(tmp_path)


@pytest.fixture
def robin(desk):
    return desk.visit(ROBIN)


def test_who_begins_gets_a_link_that_is_shown_once(desk, robin):
    page = robin.send(
        "/people", page="/people", name="Tomás Rey", mail="tomas@example.org", roles=["lawyer", "approver"]
    )

    link = re.search(r"https://desk\.example(/sign-in/link/[\w-]{43})", page.html)[1]
    assert page.status == 200
    assert "Tomás Rey" in robin.open("/people").text
    assert link not in robin.open("/people").html
    assert desk.nobody().send(link, page=link).location == "/me/passkeys"


def test_a_role_that_is_taken_away_is_gone_from_the_next_page_on_and_a_new_one_waits_for_somebody_else(desk, robin):
    tomas, vera = desk.joins("Tomás", Role.LAWYER), desk.joins("Vera", Role.APPROVER)
    desk.act(lambda work: work.passkeys.add(a_passkey(tomas.id, desk.now)))
    browser, second = desk.visit(tomas.actor), desk.visit(vera.actor)
    before = browser.open("/holds").status

    robin.send(f"/people/{tomas.id}/roles", page=f"/people/{tomas.id}", roles=["auditor"])
    waits = [browser.open(path).status for path in ("/holds", "/audit")]
    page = second.open("/people/waiting")
    answer = second.send(f"/people/waiting/{tomas.id}", page="/people/waiting", answer="confirm", seen=seen_on(page))

    assert (before, waits) == (200, [403, 403])
    assert "Auditor . Given by Robin Quay" in page.text
    assert "Passkey “Key”, made" in page.text
    assert (answer.status, answer.location) == (303, "/people/waiting")
    assert [browser.open(path).status for path in ("/requests/x/decide", "/audit")] == [403, 200]
    assert "Roles of a colleague confirmed" in browser.open("/audit").text
    assert "No role waits to be confirmed." in second.open("/people/waiting").text


def seen_on(page):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', page.html)[1]


def test_who_gave_the_roles_sees_who_else_confirms_them_and_has_no_button(desk, robin):
    desk.joins("Vera", Role.APPROVER)
    tomas = desk.joins("Tomás", Role.LAWYER)
    desk.act(lambda work: work.passkeys.add(a_passkey(tomas.id, desk.now)))

    robin.send(f"/people/{tomas.id}/roles", page=f"/people/{tomas.id}", roles=["lawyer", "auditor"])

    page, one = robin.open("/people/waiting"), robin.open(f"/people/{tomas.id}")
    assert "You gave these roles, so a different person has to confirm them." in page.text
    assert 'name="seen"' not in page.html
    assert "Not confirmed yet: auditor. Given by Robin Quay" in one.text
    assert "Another administrator or an approver confirms them" in one.text
    assert "lawyer (not confirmed yet: auditor)" in robin.open("/people").text
    forced = robin.send(f"/people/waiting/{tomas.id}", page="/people", answer="confirm", seen="0" * 64)
    assert forced.status == 403
    assert desk.colleagues()[tomas.id].roles == {Role.LAWYER}


def test_where_nobody_else_could_confirm_the_page_says_what_to_do(desk, robin):
    page = robin.send("/people", page="/people", name="Tomás Rey", mail="tomas@example.org", roles=["lawyer"])

    assert "Nobody else here can confirm them. Whoever runs commands" in page.text
    assert "desk user roles" in page.text


def test_who_waits_for_their_roles_is_told_so_and_sees_nothing_else(desk, robin):
    page = robin.send("/people", page="/people", name="Tomás Rey", mail="tomas@example.org", roles=["lawyer"])
    tomas = desk.nobody()
    link = re.search(r"https://desk\.example(/sign-in/link/[\w-]{43})", page.html)[1]

    tomas.send(link, page=link)

    told = tomas.open("/me/passkeys")
    assert "Your roles are not confirmed yet" in told.text
    with desk.ledger.reading() as work:
        who = work.staff.by_mail("tomas@example.org")
    browser = desk.visit(who.actor)
    assert browser.open("/").location == "/me/passkeys"
    assert [browser.open(path).status for path in ("/holds", "/people", "/people/waiting", "/audit")] == [403] * 4


def test_declining_needs_no_reason_and_is_done_at_once(desk, robin):
    vera, tomas = desk.joins("Vera", Role.APPROVER), desk.joins("Tomás", Role.LAWYER)
    robin.send(f"/people/{tomas.id}/roles", page=f"/people/{tomas.id}", roles=["lawyer", "auditor"])

    answer = desk.visit(vera.actor).send(f"/people/waiting/{tomas.id}", page="/people/waiting", answer="decline")

    assert answer.status == 303
    with desk.ledger.reading() as work:
        assert work.staff.get(tomas.id).awaited is None


def test_a_leaver_is_out_at_once_and_their_open_work_is_handed_over(desk, robin):
    tomas, vera = desk.joins("Tomás", Role.LAWYER), desk.joins("Vera", Role.LAWYER)
    reference, released = desk.warrant(), desk.access_request()
    desk.release(released)
    for each in (reference, released):
        desk.gives(each, tomas)
    browser = desk.visit(tomas.actor)
    page = robin.open(f"/people/{tomas.id}")

    robin.send(f"/people/{tomas.id}/work", page=f"/people/{tomas.id}", to=vera.id)
    robin.send(f"/people/{tomas.id}/leave", page=f"/people/{tomas.id}")

    assert reference in page.text
    assert released not in page.text
    assert browser.open("/holds").location.startswith("/sign-in")
    assert (desk.case(reference).assigned_to, desk.case(released).assigned_to) == (vera.id, tomas.id)
    assert "Have left" in robin.open("/people").text


def test_what_is_not_handed_over_is_with_nobody_once_they_have_left(desk, robin):
    tomas, reference = desk.joins("Tomás", Role.LAWYER), desk.warrant()
    desk.gives(reference, tomas)

    robin.send(f"/people/{tomas.id}/leave", page=f"/people/{tomas.id}")

    assert desk.case(reference).assigned_to is None


def test_work_is_handed_to_nobody_who_could_not_do_it(desk, robin):
    tomas, ada = desk.joins("Tomás", Role.LAWYER), desk.joins("Ada", Role.AUDITOR)
    reference = desk.warrant()
    desk.gives(reference, tomas)

    answers = [
        robin.send(f"/people/{tomas.id}/work", page=f"/people/{tomas.id}", to=to).status
        for to in (ada.id, tomas.id, "nobody")
    ]

    assert answers == [422, 422, 404]
    assert desk.case(reference).assigned_to == tomas.id


def sealed(desk, *people):
    reference = desk.warrant()
    desk.act(lambda work: name_people(work, desk.case(reference).id, [MAYA.id, *people], by=MAYA))
    return reference


def test_a_sealed_request_of_a_leaver_goes_to_another_whom_it_names_and_is_not_shown(desk, robin):
    tomas, vera, ines = (desk.joins(each, Role.LAWYER) for each in ("Tomás", "Vera", "Ines"))
    reference = sealed(desk, tomas.id, vera.id)
    desk.gives(reference, tomas)

    page = robin.open(f"/people/{tomas.id}")
    answer = robin.send(f"/people/{tomas.id}/leave", page=f"/people/{tomas.id}", to=ines.id)

    assert answer.status == 303
    assert reference not in page.text
    assert desk.case(reference).assigned_to == vera.id


def test_the_last_whom_a_sealed_request_names_leaves_when_somebody_else_is_named(desk, robin):
    tomas = desk.joins("Tomás", Role.LAWYER)
    reference = sealed(desk, tomas.id)

    answer = robin.send(f"/people/{tomas.id}/leave", page=f"/people/{tomas.id}")

    assert answer.status == 409
    assert "the only one left on a sealed request" in answer.text
    assert reference not in answer.text
    with desk.ledger.reading() as work:
        assert work.staff.get(tomas.id).left_at is None


def test_a_sealed_request_is_handed_to_nobody_whom_it_does_not_name(desk):
    tomas, vera = desk.joins("Tomás", Role.LAWYER, Role.ADMINISTRATOR), desk.joins("Vera", Role.LAWYER)
    reference = sealed(desk, tomas.id)
    desk.gives(reference, tomas)

    for to in (vera.id, None):
        with pytest.raises(Unusable, match="This request is sealed"):
            desk.act(lambda work, to=to: hand_over(work, tomas.id, to=to, by=tomas.actor))

    assert desk.case(reference).assigned_to == tomas.id


def test_work_that_is_handed_over_by_address_is_with_the_colleague_s_number(desk, robin):
    tomas, vera, reference = desk.joins("Tomás", Role.LAWYER), desk.joins("Vera", Role.LAWYER), desk.warrant()
    desk.gives(reference, tomas)

    robin.send(f"/people/{tomas.id}/work", page=f"/people/{tomas.id}", to=vera.mail)

    assert desk.case(reference).assigned_to == vera.id


def test_a_new_link_ends_the_passkeys_and_sessions_of_whom_it_is_for_and_tells_them(desk, robin):
    tomas = desk.joins("Tomás", Role.LAWYER)
    desk.act(lambda work: work.passkeys.add(a_passkey(tomas.id, desk.now)))
    browser = desk.visit(tomas.actor)
    before = browser.open("/holds").status

    robin.send(f"/people/{tomas.id}/link", page=f"/people/{tomas.id}")

    with desk.ledger.reading() as work:
        keys, told = work.passkeys.of(tomas.id), [each.message for each in work.messages.due(desk.now, limit=9)]
    assert (before, browser.open("/holds").location.startswith("/sign-in"), keys) == (200, True, [])
    assert [(each.to, each.template) for each in told] == [(tomas.mail, "passkeys_ended")]


def test_a_first_link_ends_nothing_and_mails_nobody(desk, robin):
    tomas = desk.joins("Tomás", Role.LAWYER)

    robin.send(f"/people/{tomas.id}/link", page=f"/people/{tomas.id}")

    with desk.ledger.reading() as work:
        assert work.messages.due(desk.now, limit=9) == []


def test_an_administrator_changes_their_own_roles_on_no_page(desk, robin):
    answer = robin.send("/people/robin/roles", page="/people", roles=["administrator", "lawyer", "approver"])

    assert answer.status == 403
    assert desk.refused("robin") == [403]
    assert "Another administrator changes them." in robin.open("/people/robin").text
    assert desk.colleagues()["robin"].roles == {Role.ADMINISTRATOR}
    moved = desk.act(lambda work: change_roles(work, "robin", [Role.AUDITOR], by=COMMAND_LINE))
    assert moved.roles == {Role.AUDITOR}


def test_who_comes_back_is_the_same_person_in_new_roles(desk, robin):
    tomas = desk.joins("Tomás", Role.LAWYER)
    desk.act(lambda work: work.staff.put(replace(tomas, issuer="https://idp.example", subject="7")))
    robin.send(f"/people/{tomas.id}/leave", page=f"/people/{tomas.id}")

    page = robin.send("/people", page="/people", name="Tomás Rey", mail="TOMÁS@example.org", roles=["auditor"])

    with desk.ledger.reading() as work:
        back = work.staff.get(tomas.id)
    assert page.status == 200
    assert (back.left_at, back.name, back.roles, back.issuer, back.subject) == (
        None,
        "Tomás Rey",
        frozenset(),
        None,
        None,
    )
    assert back.awaited.roles == {Role.AUDITOR}
    ada = desk.joins("Ada", Role.AUDITOR)
    assert "Colleague has come back" in desk.visit(ada.actor).open("/audit").text


def a_passkey(owner, at):
    credential = Credential(credential_id="c", public_key="", sign_count=0)
    return Passkey(id="k", owner=owner, customer=False, user_handle="h", credential=credential, name="Key", added_at=at)


def test_an_administrator_sees_no_request(desk, robin):
    reference = desk.warrant()

    assert robin.open("/").location == "/people"
    for path in (f"/requests/{reference}", "/holds", "/audit", "/my/requests", f"/requests/{reference}/recordings"):
        assert robin.open(path).status == 403


@pytest.mark.parametrize(
    "roles", [LAWYERS, frozenset({Role.OPERATOR}), JUNIPER.roles], ids=["lawyer", "operator", "customer"]
)
def test_nobody_else_keeps_the_people(desk, roles):
    other = replace(ROBIN, id="other", roles=roles)
    portal = desk.app.extensions["portal"]
    desk.app = make_app(replace(portal, staff=lambda: {other.id: other}), templates=TEMPLATES)
    browser = Visitor(signed_in(desk.app, desk.app.test_client(), other))

    answers = [browser.open("/people").status, browser.open("/people/robin").status]
    answers += [browser.send(path, page="/me/sessions").status for path in ("/people", "/people/robin/leave")]

    assert answers == [403] * 4


def test_people_are_kept_by_who_is_there_now(desk, robin):
    desk.now += timedelta(minutes=11)

    answer = robin.send("/people", page="/people", name="Eve", mail="eve@example.org", roles=["administrator"])

    assert answer.status == 401
    assert "Eve" not in robin.open("/people").text


@pytest.mark.parametrize("width", [320, 1320])
def test_a_browser_has_nothing_to_object_to_on_the_pages_of_people(desk, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    tomas = desk.joins("Tomás Rey of the long name", Role.LAWYER, Role.APPROVER, Role.CUSTODIAN, Role.REVIEWER)
    desk.gives(desk.warrant(), tomas)
    quinn = desk.joins("Quinn", Role.ADMINISTRATOR).actor
    desk.act(lambda work: work.passkeys.add(a_passkey(tomas.id, desk.now)))
    desk.act(lambda work: change_roles(work, tomas.id, [Role.LAWYER, Role.AUDITOR], by=quinn))
    with a_chromium() as chromium, served_as_localhost(desk) as url:
        page = Device(chromium, url, viewport={"width": width, "height": 900}).page
        name, token = a_session_of(desk.app, ROBIN)
        page.context.add_cookies([{"name": name, "value": token, "url": url}])
        complaints = []
        for path in ("/people", f"/people/{tomas.id}", "/people/waiting"):
            page.goto(path)
            complaints += [(path, each["id"]) for each in Axe().run(page).response["violations"]]
            complaints += [path] if page.evaluate("document.documentElement.scrollWidth") > width else []

    assert complaints == []
