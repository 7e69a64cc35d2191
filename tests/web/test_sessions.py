"""Sessions are on the server: who has a token has its session until it ends, by itself or by its person."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import BASE, INES, JUNIPER, MARSH, MAYA, PRIYA
from a_session import signed_in
from an_account import MARLOW, Account, Answer
from sqlalchemy import select

from requests_portal.database.tables import metadata
from requests_portal.work.keep_form import keep_form
from requests_portal.work.sign_in import token_digest


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def demo(tmp_path):
    return Account(tmp_path, demo=True)


def token_of(visitor):
    """What the browser shows."""
    (cookie,) = [each for each in visitor.client._cookies.values() if each.key.endswith("desk-session")]
    return cookie


def in_table(desk, table="sessions"):
    with desk.engine.connect() as connection:
        return str(connection.execute(select(metadata.tables[table])).all())


def session_ids(desk, who):
    with desk.ledger.reading() as work:
        return [each.id for each in work.sessions.of(who.id)]


def test_signing_in_begins_a_session_of_which_the_server_keeps_the_digest_alone(demo):
    juniper = demo.nobody()

    juniper.send("/demo/juniper", page="/demo")

    token = token_of(juniper).value
    assert len(token) >= 43
    assert token_digest(token) in in_table(demo)
    assert token not in in_table(demo)


def test_where_pages_are_encrypted_the_cookie_is_one_that_no_other_site_can_set_or_read(desk):
    with desk.app.test_request_context(base_url=BASE):
        from requests_portal.web.signed_in import cookie_name, let_in  # noqa: PLC0415 — as a view has it

        answer = let_in(desk.app.response_class(), JUNIPER, how="passkey")
        name = cookie_name()

    said = answer.headers["Set-Cookie"]
    assert name == "__Host-desk-session"
    assert said.startswith("__Host-desk-session=")
    assert all(each in said for each in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in said


def test_each_sign_in_gets_a_new_token_and_the_one_before_it_is_worth_nothing(demo):
    juniper = demo.nobody()
    juniper.send("/demo/juniper", page="/demo")
    first = token_of(juniper).value

    juniper.send("/demo/juniper", page="/demo")
    thief = demo.nobody()
    thief.client.set_cookie("desk-session", first, domain="desk.example")

    assert token_of(juniper).value != first
    assert thief.open("/my/requests").status == 302
    assert juniper.open("/my/requests").status == 200
    assert demo.refused("lapsed_session") == [401]


def test_signing_out_ends_the_session_on_the_server_so_that_a_copy_of_the_cookie_opens_nothing(desk):
    juniper = desk.visit(JUNIPER)
    copy = token_of(juniper).value

    juniper.send("/sign-out", page="/my/requests")
    thief = desk.nobody()
    thief.client.set_cookie("__Host-desk-session", copy, domain="desk.example")

    assert thief.open("/my/requests").status == 302
    assert desk.refused("lapsed_session") == [401]


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "ünknown"])
def test_a_token_that_nobody_was_given_opens_nothing(desk, token):
    nobody = desk.nobody()
    nobody.client.set_cookie("__Host-desk-session", token, domain="desk.example")

    assert nobody.open("/my/requests").status == 302
    # An empty cookie shows nothing.
    assert desk.refused("lapsed_session") == ([401] if token else [])


def test_a_digest_from_the_tables_is_no_token(desk):
    token = token_of(desk.visit(JUNIPER)).value
    nobody = desk.nobody()
    nobody.client.set_cookie("__Host-desk-session", token_digest(token), domain="desk.example")

    assert nobody.open("/my/requests").status == 302
    assert desk.refused("lapsed_session") == [401]


def test_a_colleague_s_session_ends_after_half_an_hour_in_which_nothing_was_done(desk):
    idle, busy = desk.visit(INES), desk.visit(INES)

    for _ in range(2):
        desk.now += timedelta(minutes=16)
        assert busy.open("/").status == 200

    assert idle.open("/").location.startswith("/sign-in")
    assert busy.open("/").status == 200


def test_a_colleague_s_session_ends_after_eight_hours_whatever_is_done_in_it(desk):
    ines = desk.visit(INES)

    answers = []
    for _ in range(25):
        answers.append(ines.open("/").status)
        desk.now += timedelta(minutes=20)

    assert answers == [200] * 24 + [302]


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(desk):
    ines = desk.visit(INES)

    for _ in range(2):
        desk.now += timedelta(minutes=16)
        ines.open("/", X_Fragment="1")

    assert ines.open("/").status == 302


def test_a_session_is_written_at_most_once_a_minute(desk):
    ines = desk.visit(INES)
    before = in_table(desk)

    desk.now += timedelta(seconds=59)
    ines.open("/")
    within = in_table(desk)
    desk.now += timedelta(seconds=1)
    ines.open("/")

    assert within == before
    assert in_table(desk) != before


def test_a_person_who_is_no_longer_known_is_out_at_once(desk):
    ines = desk.visit(INES)
    portal = desk.app.extensions["portal"]
    object.__setattr__(portal, "staff", lambda: {MAYA.id: MAYA})

    assert ines.open("/").location.startswith("/sign-in")
    assert desk.refused("lapsed_session") == [401]


def test_a_customer_whose_account_is_called_like_a_colleague_has_nothing_of_that_colleague_s(desk):
    namesake = replace(JUNIPER, id=MAYA.id, account=MAYA.id)
    desk.act(lambda work: work.customers.put(replace(MARSH, account=MAYA.id)))

    theirs = desk.visit(namesake)

    assert MARSH.name in theirs.open("/my/requests").text
    assert theirs.open("/holds").status == 403
    assert desk.visit(MAYA).open("/holds").status == 200
    assert desk.refused("customer") == [403]


def test_one_s_sessions_are_listed_and_nobody_else_s(desk):
    ines = desk.visit(INES)
    desk.visit(INES)
    desk.visit(MAYA)

    page = ines.open("/me/sessions")

    assert page.status == 200
    assert page.html.count("Firefox on Linux</h2>") + page.html.count("Firefox on Linux <span") == 2
    assert page.text.count("This one") == 1


def test_a_session_of_one_s_own_is_ended_from_another_browser(desk):
    here, there = desk.visit(INES), desk.visit(INES)
    with desk.ledger.reading() as work:
        of_there = work.sessions.by_token(token_digest(token_of(there).value)).id

    answer = here.send(f"/me/sessions/{of_there}/end", page="/me/sessions")

    assert (answer.status, answer.location) == (303, "/me/sessions")
    assert there.open("/").location.startswith("/sign-in")
    assert here.open("/").status == 200


def test_all_other_sessions_are_ended_with_one_press(desk):
    here, others = desk.visit(JUNIPER), [desk.visit(JUNIPER) for _ in range(3)]

    here.send("/me/sessions/end-others", page="/me/sessions")

    assert [each.open("/my/requests").status for each in others] == [302] * 3
    assert here.open("/my/requests").status == 200
    assert "End all others" not in here.open("/me/sessions").text


def test_another_person_s_session_reads_like_one_that_does_not_exist(desk):
    marlow = desk.visit(MARLOW)
    desk.visit(JUNIPER)
    (hers,) = session_ids(desk, JUNIPER)

    answers = [marlow.send(f"/me/sessions/{each}/end", page="/me/sessions") for each in (hers, "no-such-session")]

    assert [each.status for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert session_ids(desk, JUNIPER) == [hers]
    assert desk.refused("marlow") == [404, 404]


def test_signing_in_and_out_is_on_record_without_a_customer_s_name(demo):
    juniper = demo.nobody()

    juniper.send("/demo/juniper", page="/demo")
    juniper.send("/sign-out", page="/my/requests")

    said = in_table(demo, "audit_entries")
    assert '"act":"signed_in"' in said
    assert '"act":"session_ended"' in said
    assert JUNIPER.id not in said


def test_what_was_typed_waits_for_a_fresh_sign_in_and_is_then_sent_as_it_was(demo):
    juniper = demo.visit(JUNIPER)
    desk_now = demo.now
    demo.now += timedelta(minutes=11)
    fields = {"device": "", "first": "", "last": "", "recording": "", "before": desk_now.isoformat(), "twice": "ä <b>"}

    asked = juniper.send("/my/recordings/delete", page="/my/recordings/delete", **fields)
    again = juniper.send(_action(asked), page="/me/sessions")
    go_on = juniper.open(again.location)

    assert (asked.status, again.status, go_on.status) == (401, 303, 200)
    assert 'action="/my/recordings/delete"' in go_on.html
    assert 'name="twice" value="ä &lt;b&gt;"' in go_on.html
    assert go_on.html.count('name="csrf_token"') == 2


def _action(page):
    return page.html.split('action="/sign-in/again')[1].split('"')[0].replace("&amp;", "&").join(["/sign-in/again", ""])


def test_what_somebody_else_typed_is_not_shown_to_who_signs_in_after_them(demo):
    juniper = demo.visit(JUNIPER)
    demo.now += timedelta(minutes=11)
    asked = juniper.send("/my/recordings/delete", page="/my/recordings/delete", before=demo.now.isoformat())
    kept = _action(asked).partition("next=")[2]

    marlow = signed_in(demo.app, demo.app.test_client(), MARLOW)

    assert marlow.get(kept, base_url=BASE).status_code == 404
    assert demo.nobody().open(kept).location.startswith("/sign-in?next=/sign-in/go-on/")
    assert demo.refused("marlow") == [404]


def test_what_waits_is_gone_once_it_is_sent_or_after_half_an_hour(demo):
    juniper = demo.visit(JUNIPER)
    demo.now += timedelta(minutes=11)
    before = demo.now.isoformat()
    kept = []
    for _ in range(2):
        asked = juniper.send("/my/recordings/delete", page="/my/recordings/delete", before=before)
        kept.append(_action(asked).partition("next=")[2])
    signed_in(demo.app, juniper.client, JUNIPER)

    form = kept[0].rpartition("/")[2]
    juniper.send("/my/recordings/delete", page=kept[0], before=before, kept_form=form)
    sent = juniper.open(kept[0]).status
    waiting = juniper.open(kept[1]).status
    demo.now += timedelta(minutes=30)

    assert (sent, waiting, juniper.open(kept[1]).status) == (404, 200, 404)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (MAYA, "decide"),
        (MAYA, "approve"),
        (MAYA, "recordings/x/listen"),
        (MAYA, "productions/1/release"),
        (MAYA, "productions/1/recall"),
        (MAYA, "productions/1/links/x/reissue"),
        (PRIYA, "productions/1/certify"),
        (MAYA, "notice"),
        (MAYA, "notice/extension"),
        (MAYA, "settle"),
        (INES, "checks/call"),
        (INES, "checks/channel"),
    ],
)
def test_what_is_done_in_one_s_own_name_asks_who_is_there(desk, who, path):
    reference = desk.warrant()
    somebody = desk.visit(who)
    desk.now += timedelta(minutes=11)

    asked = somebody.send(f"/requests/{reference}/{path}", page="/me/sessions", reason="What was typed.")

    assert asked.status == 401
    assert "Sign in again" in asked.text
    assert "What was typed." in in_table(desk, "sent_forms")


def test_a_change_of_the_directory_is_confirmed_by_who_is_there(desk):
    maya = desk.visit(MAYA)
    desk.now += timedelta(minutes=11)

    assert maya.send("/agencies/changes/x", page="/me/sessions", answer="confirm").status == 401


def test_who_adds_a_passkey_is_asked_who_they_are_before_their_device_makes_one(desk):
    maya = desk.visit(MAYA)
    desk.now += timedelta(minutes=11)
    token = {"csrf_token": maya.open("/me/sessions").hidden("csrf_token")}
    told = {"Referer": f"{BASE}/me/passkeys", "X-Fragment": "1"}

    asked = maya.client.post("/me/passkeys/options", data=token, base_url=BASE, headers=told)

    assert asked.status_code == 401
    assert in_table(desk, "challenges") == "[]"
    assert desk.refused("maya") == [401]
    assert in_table(desk, "sent_forms") == "[]"


@pytest.mark.parametrize("page", ["productions/1/release", "productions/1/links/x/reissue"])
def test_a_form_with_a_file_is_not_kept_without_it_but_filled_in_again_after_the_sign_in(desk, page):
    reference = desk.warrant()
    desk.offer(reference)
    maya, form = desk.visit(MAYA), f"/requests/{reference}/productions/1/release"
    desk.now += timedelta(minutes=11)

    asked = maya.send(
        f"/requests/{reference}/{page}",
        page=form,
        recipient="Deputy R. Pinecone",
        certificate=(io.BytesIO(b"a certificate"), "sheriff.pem"),
    )

    assert asked.status == 401
    assert "choose the file again" in asked.text
    assert f'href="/sign-in?next={form}"' in asked.html
    assert "nothing you filled in is lost" not in asked.text
    assert in_table(desk, "sent_forms") == "[]"


def test_a_file_field_that_was_left_empty_costs_nobody_what_they_typed(desk):
    reference = desk.warrant()
    desk.offer(reference)
    maya, form = desk.visit(MAYA), f"/requests/{reference}/productions/1/release"
    desk.now += timedelta(minutes=11)

    maya.send(form, page=form, recipient="Deputy R. Pinecone", certificate=(io.BytesIO(b""), ""))

    assert "Deputy R. Pinecone" in in_table(desk, "sent_forms")


def test_who_is_asked_again_at_a_form_shown_at_its_post_s_address_is_led_to_a_page_that_opens(desk):
    maya = desk.visit(MAYA)
    desk.now += timedelta(minutes=11)
    token = {"csrf_token": maya.open("/me/sessions").hidden("csrf_token")}
    link = "/requests/R/productions/1/links/x"

    answers = [
        maya.client.post(f"{link}/reissue", data=token, base_url=BASE, headers={"Referer": f"{BASE}{came}"})
        for came in (f"{link}/reissue", "/no/such/page")
    ]

    assert f'href="{link}"' in answers[0].text
    assert '"/no/such' not in answers[1].text


@pytest.mark.parametrize("where", ["/requests/%00", "/my/requests?page=%00", "/demo?%00=x", "/no/such/page/a%00b"])
def test_an_address_with_the_character_nul_is_no_text(demo, where):
    answer = demo.visit(JUNIPER).open(where)

    assert answer.status == 400
    assert demo.refused("juniper") == ([] if where.startswith("/no/such/page") else [400])
    assert "a character that is no text" in answer.text


def test_a_form_with_the_character_nul_is_no_text(demo):
    juniper = demo.visit(JUNIPER)

    answers = [juniper.send("/verify", page="/me/sessions", **{name: value}) for name, value in NULS]

    assert [each.status for each in answers] == [400, 400]
    assert demo.refused("juniper") == [400, 400]
    assert all("a character that is no text" in each.text for each in answers)


NULS = (("digest", "a\0b"), ("a\0b", "digest"))


def a_form_of(somebody, page="/me/sessions"):
    """What a page's form sends, filled in before anything happens to the session."""
    token = somebody.open(page).hidden("csrf_token")

    def send(path, **typed):
        told = {"Referer": f"{BASE}{page}"}
        return Answer(somebody.client.post(path, data={"csrf_token": token, **typed}, base_url=BASE, headers=told))

    return send


def test_what_was_typed_until_the_session_ran_out_waits_for_the_same_person(desk):
    path = f"/requests/{desk.warrant()}/notice/reason"
    maya = desk.visit(MAYA)
    send = a_form_of(maya)
    desk.now += timedelta(minutes=31)

    asked = send(path, reason="What was typed.")
    kept = asked.location.partition("next=")[2]
    signed_in(desk.app, maya.client, INES)
    to_another = maya.open(kept)
    signed_in(desk.app, maya.client, MAYA)
    shown = maya.open(kept)
    maya.send(path, page=kept, reason="What was typed.", kept_form=kept.rpartition("/")[2])

    assert kept.startswith("/sign-in/go-on/")
    assert to_another.status == 404
    assert f'action="{path}"' in shown.html
    assert "What was typed." in shown.html
    assert maya.open(kept).status == 404


def test_where_somebody_ended_the_session_nothing_is_kept_and_one_goes_on_at_the_form_s_page(desk):
    here, there = desk.visit(MAYA), desk.visit(MAYA)
    send = a_form_of(here)
    there.send("/me/sessions/end-others", page="/me/sessions")

    asked = send("/me/sessions/end-others", reason="What was typed.")

    assert asked.location == "/sign-in?next=/me/sessions"
    assert in_table(desk, "sent_forms") == "[]"


def test_a_form_with_a_file_is_filled_in_again_at_its_page_when_a_session_ran_out(desk):
    maya = desk.visit(MAYA)
    send = a_form_of(maya)
    desk.now += timedelta(minutes=31)

    asked = send("/me/sessions/end-others", paper=(io.BytesIO(b"a paper"), "paper.pdf"))

    assert asked.location == "/sign-in?next=/me/sessions"
    assert in_table(desk, "sent_forms") == "[]"


def test_of_what_waits_the_newest_five_are_kept(desk):
    kept = []
    for number in range(7):
        desk.now += timedelta(seconds=1)
        kept.append(desk.act(lambda work, typed=str(number): keep_form(work, "/new", [("n", typed)], by=MAYA)))
    desk.act(lambda work: keep_form(work, "/new", [], by=INES))

    with desk.ledger.reading() as work:
        found = [work.sent_forms.get(each, owner=MAYA.id) is not None for each in kept]

    assert found == [False] * 2 + [True] * 5
