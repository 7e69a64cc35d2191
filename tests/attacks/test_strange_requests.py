"""Forms and addresses that no page of ours makes: each changes nothing, shows nothing, and a try is counted."""

import re

import pytest
from a_casework import BASE, JUNIPER, MAYA
from a_session import a_session_of
from a_walker import KeptDesk
from an_address import NOBODY_S, THEIRS, targets
from sqlalchemy import func, select

from requests_portal.audit_log.entry import decode
from requests_portal.database.tables import audit_entries, refusals
from requests_portal.web.acts import OPEN
from requests_portal.work.refusals import MOST_OF_VISITORS, enter_counted

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ELSEWHERE = "https://elsewhere.example"
# Letters and digits as East Asian typefaces have them, at their full width.
ALIKE = {ord(each): ord(each) + 0xFEE0 for each in "0123456789LE"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = KeptDesk(tmp_path_factory.mktemp("desk"))
    yield made
    made.engine.dispose()


def a_client(desk, who):
    """A browser with a session of its own, and the token of its forms; NOBODY_S has no session."""
    client = desk.app.test_client()
    if who is not NOBODY_S:
        client.set_cookie(*a_session_of(desk.app, who), domain="desk.example")
    return client, TOKEN.search(client.get("/verify", base_url=BASE).get_data(as_text=True))[1]


def forms(desk, who):
    """Every address that takes a form of somebody's, on what is theirs; of NOBODY_S, a form that is open to anybody."""
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        act = desk.app.view_functions[rule.endpoint].act
        is_for_them = act in OPEN if who is NOBODY_S else act not in OPEN and who.may(act)
        if "POST" in rule.methods and is_for_them:
            yield from (each.path for each in targets(desk, rule, who) if each.how == THEIRS)


def refused(desk):
    with desk.engine.connect() as connection:
        return connection.execute(select(func.coalesce(func.sum(refusals.c.times), 0))).scalar_one()


def no_token(_desk, _token, _who):
    return {"data": {"a": "b"}}


def a_colleague_s_token(desk, _token, who):
    return {"data": {"csrf_token": a_client(desk, JUNIPER if who is MAYA else MAYA)[1]}}


def from_another_site(_desk, token, _who):
    return {"data": {"csrf_token": token}, "headers": {"Referer": f"{ELSEWHERE}/", "Origin": ELSEWHERE}}


def from_nowhere(_desk, token, _who):
    return {"data": {"csrf_token": token}, "headers": {"Referer": ""}}


def as_json(_desk, token, _who):
    return {"json": {"csrf_token": token}}


def as_text(_desk, token, _who):
    return {"data": f"csrf_token={token}", "content_type": "text/plain"}


def in_the_address(_desk, token, _who):
    return {"query_string": {"csrf_token": token}}


@pytest.mark.parametrize("who", [MAYA, JUNIPER, NOBODY_S], ids=["a lawyer", "a customer", "nobody in particular"])
@pytest.mark.parametrize(
    "sent", [no_token, a_colleague_s_token, from_another_site, from_nowhere, as_json, as_text, in_the_address]
)
def test_a_form_sent_as_something_else_does_nothing(desk, who, sent):
    client, token = a_client(desk, who)
    what = {"headers": {"Referer": f"{BASE}/"}} | sent(desk, token, who)
    paths, before, counted = sorted(forms(desk, who)), list(desk.rows()), refused(desk)

    answers = {path: client.post(path, base_url=BASE, **what).status_code for path in paths}

    assert len(answers) > 5
    assert set(answers.values()) == {400}, answers
    assert list(desk.rows()) == before
    assert refused(desk) == counted + len(paths)


def test_a_page_asked_for_as_if_it_were_a_form_is_only_a_page(desk):
    client, token = a_client(desk, MAYA)
    before = list(desk.rows())
    disguise = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE", "Referer": f"{BASE}/"}

    for path in forms(desk, MAYA):
        answer = client.get(
            path, base_url=BASE, headers=disguise, query_string={"_method": "POST", "csrf_token": token}
        )
        assert answer.status_code in {200, 302, 303, 404, 405}, path

    assert list(desk.rows()) == before


def test_a_reference_in_look_alike_digits_is_nobody_s(desk):
    client, _ = a_client(desk, MAYA)
    reference = next(path for path in forms(desk, MAYA) if path.startswith("/requests/LE-")).split("/")[2]
    assert client.get(f"/requests/{reference}", base_url=BASE).status_code == 200

    for disguised in (
        reference.translate(ALIKE),
        reference.lower(),
        f" {reference}",
        f"{reference}%00",
        f"{reference}/.",
    ):
        answer = client.get(f"/requests/{disguised}", base_url=BASE)
        assert answer.status_code in {400, 404}, disguised
        assert "Juniper" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "asked",
    [
        "page=-1",
        "page=999999999999999999999",
        "page=0x10",
        "page=1&page=2",
        "sort=id%3B--",
        "view=../../etc",
        "q=%25%5F",
    ],
)
def test_what_no_page_links_to_is_a_page_or_a_plain_refusal(desk, asked):
    client, _ = a_client(desk, MAYA)

    assert client.get(f"/?{asked}", base_url=BASE).status_code in {200, 302, 400, 404}


def test_a_form_of_thousands_of_fields_changes_nothing_and_one_of_megabytes_is_not_read(desk):
    client, token = a_client(desk, MAYA)
    path, before = next(path for path in forms(desk, MAYA) if path.startswith("/requests/LE-")), list(desk.rows())
    how = {"base_url": BASE, "headers": {"Referer": f"{BASE}/"}}

    many = client.post(path, data={"csrf_token": token} | {f"field{n}": "x" for n in range(20_000)}, **how)
    large = client.post(path, data={"csrf_token": token, "reason": "x" * 30_000_000}, **how)

    assert (many.status_code, large.status_code) == (422, 413)
    assert list(desk.rows()) == before


def test_a_cookie_of_ours_with_anything_in_it_opens_nothing(desk):
    name = a_session_of(desk.app, MAYA)[0]
    for value in ("x" * 3000, "0", "null", "../../keys", "%00", "' OR 1=1 --"):
        client = desk.app.test_client()
        client.set_cookie(name, value, domain="desk.example")

        answer = client.get("/", base_url=BASE)

        assert answer.status_code == 302, value
        assert "Queue" not in answer.get_data(as_text=True)
    lapsed = select(func.sum(refusals.c.times)).where(refusals.c.role == "lapsed_session")
    with desk.engine.connect() as connection:
        assert connection.execute(lapsed).scalar_one() == 6


@pytest.mark.parametrize("going_on", ["/x\r\nSet-Cookie: desk=stolen", "//elsewhere.example", "/\\elsewhere.example"])
def test_where_to_go_on_to_carries_no_header_and_leads_to_no_other_site(desk, going_on):
    client, token = a_client(desk, NOBODY_S)
    asked = {"base_url": BASE, "query_string": {"next": going_on}}

    pages = [client.get(path, **asked) for path in ("/sign-in", "/", "/holds")]
    sent = client.post(
        "/sign-out", data={"csrf_token": token, "next": going_on}, base_url=BASE, headers={"Referer": BASE}
    )

    for answer in (*pages, sent):
        assert "stolen" not in str(answer.headers.get_all("Set-Cookie"))
        assert not answer.headers.get("Location", "/").startswith(("//", "/\\", ELSEWHERE))


def test_many_forms_of_nobody_s_are_a_bounded_number_of_entries_in_the_log(desk):
    client, token = a_client(desk, NOBODY_S)
    desk.act(lambda work: work.refusals.take_all())
    before = entries_of_refusals(desk)
    paths = sorted({*forms(desk, MAYA), *forms(desk, JUNIPER)})

    for path in paths * 3:
        answer = client.post(path, data={"csrf_token": token}, base_url=BASE, headers={"Referer": f"{BASE}/"})
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")

    desk.act(enter_counted)
    found = entries_of_refusals(desk)[len(before) :]
    assert len(paths) > MOST_OF_VISITORS
    assert len(found) == MOST_OF_VISITORS + 1
    assert sum(each.numbers["times"] for each in found) == 3 * len(paths)
    assert {each.words["by"] for each in found} == {"visitor"}


def entries_of_refusals(desk):
    with desk.engine.connect() as connection:
        log = [decode(each) for each in connection.scalars(select(audit_entries.c.entry))]
    return [each for each in log if each.act == "access_refused"]


STRANGE = (
    "Basic \xff",
    "Basic a===",
    "Basic",
    "Basic AAAA:\x00",
    "Basic AP8A",
    "Bearer \xff\xfe",
    "Digest x=\xff",
    "\xff",
)


def test_a_password_that_is_no_text_opens_no_link_and_no_metrics_and_breaks_nothing(desk):
    paths = (f"/d/{desk.open['released'].token}/bundle.pdf", "/d/never-was/bundle.pdf", "/metrics")
    client, before = desk.app.test_client(), refused(desk)

    for sent in STRANGE:
        told = {"HTTP_AUTHORIZATION": sent, "HTTP_REFERER": "\xff", "HTTP_USER_AGENT": "\xff", "HTTP_ACCEPT": "\xff"}
        known, unknown, metrics = (client.get(path, base_url=BASE, environ_overrides=told) for path in paths)

        assert {known.status_code, unknown.status_code} <= {401, 403}, sent
        assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
        assert metrics.status_code == 401

    assert refused(desk) >= before + 2 * len(STRANGE)
