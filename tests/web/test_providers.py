"""Signing in through a real OpenID provider, in a process of its own, and through one that lies."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from a_casework import BASE, MARSH, TEMPLATES, Desk
from an_account import Visitor
from an_identity_provider import CLIENT, SECRET, an_identity_provider

from requests_portal.database.views.my import SqlMyViews
from requests_portal.errors import Away
from requests_portal.model.actor import COMMAND_LINE, Role
from requests_portal.signing_in import provider as signing_in
from requests_portal.signing_in.provider import Client, Provider
from requests_portal.web.application import make_app
from requests_portal.web.portal import Providers
from requests_portal.work.people import add_person, leave

BACK = f"{BASE}/sign-in/back"
ROLES = {"legal": Role.LAWYER, "ops": Role.OPERATOR}


@pytest.fixture(scope="module")
def running():
    with an_identity_provider(BACK) as started:
        yield started


@pytest.fixture
def provider(running, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running.has("maya", groups=["legal", "everybody"])
    running.has("nobody", groups=["everybody"])
    running.has("juniper", account=MARSH.account)
    running.has("stranger", account="A-99999-9")
    return running


class WithProvider(Desk):
    """A desk whose colleagues and customers come from a provider; its clock is the provider's."""

    def served_by(self, provider):
        self.now = datetime.now(UTC)
        client = Client(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK)
        speaks = Provider(client, now=lambda: self.now)
        providers = Providers(colleagues=speaks, customers=speaks, roles=roles, account_claim="account")
        portal = replace(
            self.app.extensions["portal"], providers=providers, staff=self.colleagues, my=SqlMyViews(self.engine)
        )
        self.app = make_app(portal, templates=TEMPLATES)
        self.provider, self.speaks = provider, speaks
        return self

    def colleagues(self):
        with self.ledger.reading() as work:
            return {each.id: each.actor for each in work.staff.all()}

    def people(self):
        with self.ledger.reading() as work:
            return list(work.staff.all())

    def browser(self):
        return Visitor(self.app.test_client())

    def signs_in(self, browser, who, *, whose="colleagues", next_="/holds", signed_in_for=0):
        sent = browser.open(f"/sign-in/provider/{whose}?next={next_}")
        brought = self.provider.lets_in(sent.location, who, signed_in_for=signed_in_for)
        return browser.open("/sign-in/back?" + "&".join(f"{name}={value}" for name, value in brought.items()))


def roles(said):
    return frozenset(ROLES[each] for each in said.words("groups") if each in ROLES)


@pytest.fixture
def desk(tmp_path, provider):
    return WithProvider(tmp_path).served_by(provider)


def test_a_colleague_comes_back_with_the_roles_that_the_provider_gives(desk):
    browser = desk.browser()

    answer = desk.signs_in(browser, "maya")

    (maya,) = desk.people()
    assert (answer.status, answer.location) == (302, "/holds")
    assert browser.open("/holds").status == 200
    assert (maya.name, maya.mail, maya.roles) == ("Maya", "maya@example.org", {Role.LAWYER})
    assert re.fullmatch(r"[0-9a-f-]{36}", maya.id)


def test_the_browser_is_sent_with_pkce_a_state_a_nonce_and_how_old_a_sign_in_may_be(desk):
    url = desk.browser().open("/sign-in/provider/colleagues").location

    assert "code_challenge_method=S256" in url
    assert "response_type=code" in url
    assert re.search(r"[?&]state=[\w-]{40,}", url)
    assert re.search(r"[?&]nonce=[\w-]{40,}", url)
    assert "max_age=28800" in url


def test_who_has_none_of_the_named_roles_is_not_let_in(desk):
    answer = desk.signs_in(desk.browser(), "nobody")

    assert answer.status == 403
    assert desk.people() == []


def test_roles_that_the_provider_takes_away_are_lost_in_open_sessions_too(desk, provider):
    first = desk.browser()
    desk.signs_in(first, "maya")
    provider.has("maya", groups=[])

    again = desk.signs_in(desk.browser(), "maya")

    assert again.status == 403
    assert first.open("/holds").location.startswith("/sign-in")
    assert desk.refused("visitor") == [403]
    assert desk.refused("lapsed_session") == [401]


def test_who_has_left_here_is_not_let_in_whatever_the_provider_says(desk):
    desk.signs_in(desk.browser(), "maya")
    desk.act(lambda work: leave(work, desk.people()[0].id, by=COMMAND_LINE))

    assert desk.signs_in(desk.browser(), "maya").status == 403


def test_who_had_left_is_let_in_again_once_the_provider_has_taken_their_roles_and_given_others(desk, provider):
    desk.signs_in(desk.browser(), "maya")
    (maya,) = desk.people()
    desk.act(lambda work: leave(work, maya.id, by=COMMAND_LINE))
    provider.has("maya", groups=["everybody"])
    without = desk.signs_in(desk.browser(), "maya").status
    provider.has("maya", groups=["ops"])

    answer = desk.signs_in(desk.browser(), "maya", next_="/operations")

    (back,) = desk.people()
    assert (without, answer.location) == (403, "/operations")
    assert (back.id, back.roles, back.left_at) == (maya.id, {Role.OPERATOR}, None)


def test_who_was_added_by_an_address_that_the_provider_verified_is_the_same_person(desk):
    added = desk.act(
        lambda work: add_person(work, name="Maya", mail="Maya@example.org", roles=[Role.INTAKE], by=COMMAND_LINE)
    )

    answer = desk.signs_in(desk.browser(), "maya")

    (maya,) = desk.people()
    assert answer.status == 302
    assert (maya.id, maya.roles, maya.issuer) == (added.id, {Role.LAWYER}, desk.provider.issuer)


def test_an_address_that_nobody_verified_makes_nobody_somebody_else(desk, provider):
    desk.act(lambda work: add_person(work, name="M", mail="maya@example.org", roles=[Role.INTAKE], by=COMMAND_LINE))
    provider.has("maya", groups=["legal"], email_verified=False)

    assert desk.signs_in(desk.browser(), "maya").status == 403
    assert desk.people()[0].issuer is None
    assert desk.refused("visitor") == [403]


@pytest.mark.parametrize(
    "lie",
    [
        {"aud": "another-portal"},
        {"aud": [CLIENT, "another-portal"]},
        {"aud": [CLIENT, "another-portal"], "azp": "another-portal"},
        {"iss": "https://evil.example"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": timedelta(hours=-1)},
        {"exp": None},
        {"iat": timedelta(hours=1)},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"auth_time": None},
        {"auth_time": timedelta(hours=-9)},
        {"auth_time": timedelta(hours=1)},
        {"auth_time": "now"},
        {"auth_time": True},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_lets_nobody_in(desk, provider, lie):
    # Collected in several processes, these tests have one name in each: what they say of the time is worked out here.
    said = {
        name: int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in lie.items()
    }
    provider.says(**said)

    answer = desk.signs_in(desk.browser(), "maya")

    assert answer.status == 403
    assert "lets nobody in here" in answer.text
    assert desk.people() == []
    assert desk.refused("visitor") == [403]


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_that_its_provider_did_not_sign_with_its_own_key_lets_nobody_in(desk, provider, alg):
    provider.signs_with(alg)

    assert desk.signs_in(desk.browser(), "maya").status in {403, 503}
    assert desk.people() == []


def test_keys_that_the_provider_has_changed_are_asked_for_anew(desk, provider):
    desk.signs_in(desk.browser(), "maya")
    provider.takes_another_key("second")

    assert desk.signs_in(desk.browser(), "maya").status == 302


def test_a_browser_that_was_not_sent_brings_nothing_back(desk):
    victim, attacker = desk.browser(), desk.browser()
    sent = attacker.open("/sign-in/provider/colleagues")
    brought = desk.provider.lets_in(sent.location, "maya")

    answer = victim.open(f"/sign-in/back?code={brought['code']}&state={brought['state']}")

    assert answer.status == 403
    assert victim.open("/holds").location.startswith("/sign-in")
    assert desk.refused("visitor") == [403]


def test_what_came_back_once_is_worth_nothing_the_second_time(desk):
    browser = desk.browser()
    sent = browser.open("/sign-in/provider/colleagues")
    brought = desk.provider.lets_in(sent.location, "maya")
    back = f"/sign-in/back?code={brought['code']}&state={brought['state']}"

    assert [browser.open(back).status for _ in range(2)] == [302, 403]
    with desk.ledger.reading() as work:
        assert desk.refused(work.staff.by_mail("maya@example.org").id) == [403]


def test_another_provider_s_answer_is_told_by_its_name(desk):
    browser = desk.browser()
    sent = browser.open("/sign-in/provider/colleagues")
    brought = desk.provider.lets_in(sent.location, "maya")

    answer = browser.open(f"/sign-in/back?code={brought['code']}&state={brought['state']}&iss=https://evil.example")

    assert answer.status == 403
    assert desk.refused("visitor") == [403]


def test_a_fresh_sign_in_is_one_that_was_made_at_the_provider_lately(desk):
    browser = desk.browser()
    desk.signs_in(browser, "maya", signed_in_for=1200)
    reference = desk.warrant()
    asked = browser.send(f"/requests/{reference}/decide", page="/me/sessions", reason="What was typed.")
    go_on = re.search(r'href="/sign-in\?next=(/sign-in/go-on/[^"]+)"', asked.html)[1]
    sent = browser.open(f"/sign-in/provider/colleagues?next={go_on}")

    again = desk.signs_in(browser, "maya", next_=go_on)

    assert asked.status == 401
    assert "prompt=login" in sent.location
    assert "max_age=0&" in f"{sent.location}&"
    assert again.location == go_on
    assert "What was typed." in browser.open(go_on).html
    assert browser.send(f"/requests/{reference}/decide", page=go_on, reason="What was typed.").status != 401


@pytest.mark.parametrize("ago", [1200, 630])
def test_a_sign_in_of_long_ago_is_not_taken_for_a_fresh_one(desk, provider, ago):
    browser = desk.browser()
    desk.signs_in(browser, "maya")
    provider.says(auth_time=int(time.time()) - ago)

    assert desk.signs_in(browser, "maya").status == 403


def test_a_customer_comes_back_as_the_one_whose_account_is_named(desk):
    browser = desk.browser()

    answer = desk.signs_in(browser, "juniper", whose="customers", next_="/my/requests")

    assert answer.location == "/my/requests"
    assert MARSH.name in browser.open("/my/requests").text
    assert browser.open("/holds").status == 403
    assert desk.people() == []


@pytest.mark.parametrize("account", ["A-99999-9", None, ["A-88310-4", "A-20417-9"], 7])
def test_a_customer_whose_account_we_do_not_know_reads_like_any_other_refusal(desk, provider, account):
    provider.says(account=account)

    answer = desk.signs_in(desk.browser(), "stranger", whose="customers")

    assert answer.status == 403
    assert "lets nobody in here" in answer.text


def test_somebody_from_the_provider_makes_no_passkey_with_which_to_come_in_without_it(desk):
    browser = desk.browser()
    desk.signs_in(browser, "maya")

    assert browser.send("/me/passkeys/options", page="/me/sessions").status == 409


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "http://evil.example/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_provider_that_publishes_what_is_not_its_own_is_not_spoken_with(desk, provider, changed):
    provider.publishes(**changed)

    with pytest.raises(Away):
        desk.speaks.ask(max_age=timedelta(hours=8))


def test_a_provider_that_is_away_is_waited_for_by_nobody(desk):
    client = Client(issuer="http://127.0.0.1:1", client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK)

    with pytest.raises(Away):
        Provider(client, now=lambda: desk.now).ask(max_age=timedelta(hours=8))


@pytest.fixture
def silent():
    """A provider that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def connections(listening):
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except TimeoutError:
            return count
        count += 1


def speaking_with(desk, listening):
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
    client = Client(issuer=issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK)
    return Provider(client, now=lambda: desk.now)


def test_a_provider_that_did_not_answer_is_not_asked_again_for_ten_seconds(desk, silent, monkeypatch):
    monkeypatch.setattr(signing_in, "SECONDS", 0.3)
    speaks = speaking_with(desk, silent)

    def asked():
        with pytest.raises(Away):
            speaks.ask(max_age=timedelta(hours=8))
        return connections(silent)

    first, soon = asked(), asked()
    desk.now += timedelta(seconds=10)

    assert (first, soon, asked()) == (1, 0, 1)


def test_a_slow_provider_takes_no_thread_but_the_first_that_asks_it(desk, silent, monkeypatch):
    monkeypatch.setattr(signing_in, "SECONDS", 5)
    monkeypatch.setattr(signing_in, "WAITING", 0.1)
    speaks = speaking_with(desk, silent)
    ends = []

    def first():
        with pytest.raises(Away):
            speaks.ask(max_age=timedelta(hours=8))
        ends.append("first")

    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(first)
        taken, _ = silent.accept()
        with pytest.raises(Away):
            speaks.ask(max_age=timedelta(hours=8))
        ends.append("second")
        taken.close()
        asking.result()

    assert ends == ["second", "first"]


def test_what_is_known_of_a_provider_is_used_while_somebody_asks_it_anew(desk):
    desk.speaks.ask(max_age=timedelta(hours=8))

    with desk.speaks._lock:
        asked = desk.speaks.ask(max_age=timedelta(hours=8))

    assert asked.url.startswith(desk.provider.issuer)


def test_the_page_offers_the_ways_that_there_are(desk):
    page = desk.browser().open("/sign-in?next=/holds")

    assert 'href="/sign-in/provider/colleagues?next=/holds"' in page.html
    assert 'href="/sign-in/provider/customers?next=/holds"' in page.html
    assert desk.browser().open("/sign-in/provider/somebody").status == 404
