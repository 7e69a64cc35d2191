"""Passkeys as a browser makes them: a link that is used once, user verification, and whose passkey it is."""

import json
import secrets
from datetime import timedelta

import pytest
from a_casework import Desk
from a_chromium import Device, a_chromium, served_as_localhost

from requests_portal.model.actor import COMMAND_LINE, Role
from requests_portal.work.people import add_person, change_roles, enrolment_link, leave


class Staffed(Desk):
    """A desk whose people are those of its tables."""

    def colleagues(self):
        with self.ledger.reading() as work:
            return {each.id: each.actor for each in work.staff.all()}

    def joins(self, name, mail, *roles):
        return self.act(lambda work: add_person(work, name=name, mail=mail, roles=roles, by=COMMAND_LINE))

    def link_for(self, person):
        token = secrets.token_urlsafe(32)
        self.act(lambda work: enrolment_link(work, person.id, token=token, by=COMMAND_LINE))
        return f"/sign-in/link/{token}"

    def acts_on_record(self):
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql('SELECT entry FROM audit_entries ORDER BY "index"').scalars()
            return [json.loads(bytes(each))["act"] for each in found]


@pytest.fixture
def desk(tmp_path):
    return Staffed(tmp_path)


@pytest.fixture
def url(desk):
    with served_as_localhost(desk) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with a_chromium() as launched:
        yield launched


@pytest.fixture
def device(chromium, url):
    made = []

    def new(**how):
        made.append(Device(chromium, url, **how))
        return made[-1]

    yield new
    for each in made:
        each.context.close()


@pytest.fixture
def maya(desk):
    return desk.joins("Maya Okafor", "maya@example.org", Role.LAWYER)


def test_a_link_leads_to_a_passkey_and_the_passkey_leads_in(desk, url, maya, device):
    laptop = device()

    laptop.enrol(desk.link_for(maya))
    first = laptop.page.locator("h1").inner_text()
    laptop.sign_out()
    laptop.sign_in("/sign-in?next=/holds")
    laptop.page.wait_for_url(f"{url}/holds")

    assert first
    assert "Maya Okafor" in laptop.page.locator(".who").inner_text()
    assert desk.acts_on_record()[-5:] == ["signed_in", "passkey_enrolled", "signed_in", "session_ended", "signed_in"]


def test_in_an_old_session_one_signs_in_before_the_device_makes_another_passkey(desk, url, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))
    desk.now += timedelta(minutes=11)
    laptop.page.goto("/me/passkeys")

    laptop.page.locator("form[data-passkey] button").click()
    laptop.page.wait_for_url(f"{url}/sign-in?next=%2Fme%2Fpasskeys")

    assert desk.acts_on_record().count("passkey_enrolled") == 1


def test_a_link_is_used_up_by_pressing_its_button_and_by_nothing_else(desk, maya, device):
    link = desk.link_for(maya)
    scanner, laptop, late = device(), device(), device()
    for _ in range(3):
        scanner.page.goto(link)

    laptop.enrol(link)
    late.page.goto(link)
    late.page.get_by_role("button", name="Go on").click()

    assert "This link opens nothing" in late.page.inner_text("main")
    assert late.page.goto("/").url.endswith("/sign-in?next=/")
    assert desk.refused("visitor") == [404]


def test_a_link_ends_after_a_day_and_with_the_next_one(desk, maya, device):
    old, ended = desk.link_for(maya), desk.link_for(maya)
    desk.now += timedelta(hours=24)
    laptop = device()

    for link in (old, ended, "/sign-in/link/unknown"):
        laptop.page.goto(link)
        laptop.page.get_by_role("button", name="Go on").click()
        assert "This link opens nothing" in laptop.page.inner_text("main")


def test_who_came_by_a_link_does_nothing_before_there_is_a_passkey(desk, maya, device):
    reference = desk.warrant()
    laptop = device()
    laptop.page.goto(desk.link_for(maya))
    laptop.page.get_by_role("button", name="Go on").click()

    for path in ("/", f"/requests/{reference}", "/holds", "/rules"):
        laptop.page.goto(path)

        assert laptop.page.url.endswith("/me/passkeys")


def test_a_passkey_that_asks_for_no_finger_face_or_pin_is_refused(desk, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))
    laptop.sign_out()
    laptop.nobody_shows_a_finger()
    laptop.page.route("**/sign-in/passkey/options", asking_for_less)

    laptop.sign_in()

    laptop.page.get_by_text("This passkey lets nobody in here.").wait_for()
    assert laptop.page.goto("/").url.endswith("/sign-in?next=/")


def asking_for_less(route):
    """What an attacker's script would ask the authenticator: to answer without looking who is there."""
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"userVerification": "discouraged"})


def test_no_passkey_is_made_without_looking_who_is_there(desk, maya, device):
    laptop = device(verifies=False)
    laptop.page.route("**/me/passkeys/options", making_with_less)
    laptop.page.goto(desk.link_for(maya))
    laptop.page.get_by_role("button", name="Go on").click()

    laptop.page.get_by_role("button", name="Make a passkey").click()

    laptop.page.get_by_text("This passkey lets nobody in here.").wait_for()
    assert "passkey_enrolled" not in desk.acts_on_record()


def making_with_less(route):
    answer = route.fetch()
    asked = answer.json()
    less = {"userVerification": "discouraged", "residentKey": "discouraged", "requireResidentKey": False}
    asked["authenticatorSelection"] |= less
    route.fulfill(response=answer, json=asked)


def test_a_passkey_under_another_person_s_name_lets_nobody_in(desk, maya, device):
    tomas = desk.joins("Tomás Rey", "tomas@example.org", Role.LAWYER)
    hers, his = device(), device()
    hers.enrol(desk.link_for(maya))
    his.enrol(desk.link_for(tomas))
    (of_hers,), (of_his,) = hers.credentials(), his.credentials()
    his.sign_out()
    his.forget()
    his.put(of_his | {"userHandle": of_hers["userHandle"]})

    his.sign_in()

    his.page.get_by_text("This passkey lets nobody in here.").wait_for()
    assert his.page.goto("/").url.endswith("/sign-in?next=/")
    assert desk.refused("visitor") == [403]


def test_a_passkey_that_nobody_enrolled_reads_like_one_that_failed(desk, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))
    (known,) = laptop.credentials()
    laptop.sign_out()
    laptop.forget()
    laptop.put(known | {"credentialId": "bm9ib2R5LWVucm9sbGVkLXRoaXM="})

    laptop.sign_in()

    laptop.page.get_by_text("This passkey lets nobody in here.").wait_for()
    assert desk.refused("visitor") == [403]


def test_an_answer_is_good_once(desk, maya, device):
    laptop, sent = device(), []
    laptop.enrol(desk.link_for(maya))
    laptop.sign_out()
    laptop.page.on("request", lambda asked: sent.append((asked.url, asked.post_data)))
    laptop.sign_in()
    laptop.page.wait_for_url("**/")
    (answer,) = [posted for url, posted in sent if url.endswith("/sign-in/passkey")]
    laptop.sign_out()

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    token = laptop.page.locator("form[data-passkey] input[name=csrf_token]").get_attribute("value")
    fields = "&".join(each for each in answer.split("&") if not each.startswith("csrf_token"))
    again = laptop.context.request.post("/sign-in/passkey", data=f"{fields}&csrf_token={token}", headers=kind)

    assert again.status == 403
    assert "This passkey lets nobody in here." in again.text()
    assert desk.refused("visitor") == [403]


def test_who_has_left_is_out_at_once_and_gets_in_no_more(desk, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))

    desk.act(lambda work: leave(work, maya.id, by=COMMAND_LINE))
    laptop.page.goto("/holds")
    out = laptop.page.url
    laptop.sign_in()

    assert "/sign-in?next=/holds" in out
    laptop.page.get_by_text("This passkey lets nobody in here.").wait_for()


def test_other_roles_hold_from_the_next_page_on(desk, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))
    before = laptop.page.goto("/holds").status

    desk.act(lambda work: change_roles(work, maya.id, [Role.OPERATOR], by=COMMAND_LINE))

    assert (before, laptop.page.goto("/holds").status, laptop.page.goto("/operations").status) == (200, 403, 404)
    assert desk.refused(maya.id) == [403, 404]


def test_what_was_sent_too_late_waits_for_the_passkey_and_goes_on(desk, maya, device):
    laptop = device()
    laptop.enrol(desk.link_for(maya))
    desk.now += timedelta(minutes=11)
    laptop.page.goto("/me/passkeys")
    laptop.page.get_by_role("button", name="Remove Work laptop").click()

    laptop.page.get_by_role("link", name="Sign in again").click()
    laptop.page.get_by_role("button", name="Sign in with a passkey").click()
    laptop.page.get_by_role("button", name="Send it now").click()

    assert "This is your only passkey." in laptop.page.inner_text("main")


@pytest.mark.parametrize("width", [320, 1320])
def test_a_browser_has_nothing_to_object_to_where_people_sign_in(desk, maya, device, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    laptop, complaints = device(viewport={"width": width, "height": 900}), []
    link = desk.link_for(maya)
    laptop.page.goto(link)
    laptop.page.get_by_role("button", name="Go on").click()

    for path in ("/sign-in", link, "/me/passkeys", "/me/sessions"):
        laptop.page.goto(path)
        complaints += [(path, each["id"]) for each in Axe().run(laptop.page).response["violations"]]
        complaints += [path] if laptop.page.evaluate("document.documentElement.scrollWidth") > width else []

    assert complaints == []
