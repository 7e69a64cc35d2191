"""Every route by every role and method: who may, who may not, and what every answer carries."""

import pytest
from an_example import ACTORS, FILES, PAGES, visits

from requests_portal.model.actor import ALLOWED, Act
from requests_portal.web.acts import OPEN
from requests_portal.web.application import HEADERS

SAMPLES = {"int": "1", "default": "no-such-thing"}


def addresses(app, method):
    """(endpoint, act, an address of nothing) of every route that takes the method."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods and rule.endpoint != "static":
            path = rule.rule
            for name in rule.arguments:
                kind = "int" if f"<int:{name}>" in path else "default"
                path = path.replace(f"<int:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES[kind])
            yield rule.endpoint, app.view_functions[rule.endpoint].act, path


def test_every_route_declares_an_act_that_some_role_has(app):
    for method in ("GET", "POST"):
        for endpoint, act, _ in addresses(app, method):
            assert act in Act, endpoint
            assert ALLOWED[act], endpoint


def is_asked_to_sign_in(answer):
    return answer.status == 302 and answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_signed_in_is_asked_to_for_all_but_the_open_routes(app, demo, method):
    nobody = demo.visitor()

    for endpoint, act, path in addresses(app, method):
        answer = nobody.send(path, {}, csrf_from="/demo") if method == "POST" else nobody.get(path)

        assert is_asked_to_sign_in(answer) == (act not in OPEN), (endpoint, answer.status)


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_role_is_refused_whatever_its_acts_do_not_include(app, demo, who, method):
    visitor = demo.visitor(who)

    for endpoint, act, path in addresses(app, method):
        if ACTORS[who] & ALLOWED[act].keys() or path == "/":
            continue
        answer = visitor.send(path, {}, csrf_from="/keyboard") if method == "POST" else visitor.get(path)

        assert answer.status == 403, (endpoint, answer.status)
        assert "Your role does not include this act" in answer.text


@pytest.mark.parametrize("endpoint", PAGES | FILES)
def test_a_role_opens_whatever_its_acts_include(app, examples, demo, endpoint):
    for who, path in visits(app, examples, endpoint):
        answer = demo.visitor(who).get(path, **examples.shown_with(endpoint))

        assert answer.status == (302 if endpoint == "public.sign_in" else 200), (who, path)


def test_no_address_of_staff_s_gives_sound_but_under_a_grant_and_never_as_a_file_to_keep(app, examples, demo):
    sounding = {}

    for endpoint in PAGES | FILES:
        if app.view_functions[endpoint].act in OPEN:
            continue
        for who, path in visits(app, examples, endpoint):
            answer = demo.visitor(who).get(path)
            if "customer" not in ACTORS.get(who, {"customer"}) and is_sound(answer):
                sounding[endpoint] = answer

    assert sounding.keys() == {"casework.audio"}
    assert "attachment" not in sounding["casework.audio"].headers.get("Content-Disposition", "")
    for who in ("tomas", "rio", "ines", "priya", "ada", "ole"):
        refused = demo.visitor(who).get(f"{examples.heard}/audio")
        assert (who, refused.status, is_sound(refused)) == (who, 403, False)


def is_sound(answer):
    return answer.headers["Content-Type"].startswith(("audio/", "application/ogg"))


def test_an_address_that_only_looks_like_ours_is_not_followed_after_signing_in(demo):
    nobody = demo.visitor()

    for elsewhere in ("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:x"):
        answer = nobody.send("/demo/maya", {"next": elsewhere}, csrf_from="/demo")

        assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_a_form_without_its_token_changes_nothing(app, demo):
    maya = demo.visitor("maya")

    for endpoint, _, path in addresses(app, "POST"):
        answer = maya.ask("POST", path, {"track": "legal_demand"})

        assert answer.status == 400, endpoint
        assert "This form is too old to be sent" in answer.text


def test_every_answer_says_what_a_browser_may_load_and_is_kept_by_nobody(app, examples, demo):
    answers = [demo.visitor(who).get(path) for name in PAGES | FILES for who, path in visits(app, examples, name)[:1]]
    nobody, maya = demo.visitor(), demo.visitor("maya")
    errors = [
        nobody.get("/no-such-page"),
        nobody.ask("DELETE", "/demo"),
        nobody.ask("POST", "/verify", {}),
        maya.get("/audit"),
        maya.get("/requests/LE-1999-0001"),
        nobody.get("/d/no-such-token/bundle.pdf"),
    ]

    assert [answer.status for answer in errors] == [404, 405, 400, 403, 404, 401]
    for answer in answers + errors:
        for name in HEADERS:
            assert answer.headers.get(name), (name, answer.text[:300])
        assert "no-store" in answer.headers["Cache-Control"]


def test_errors_are_pages_of_the_design(demo):
    nobody = demo.visitor()

    for status, answer in (
        (404, nobody.get("/no-such-page")),
        (405, nobody.ask("DELETE", "/demo")),
        (400, nobody.ask("POST", "/verify", {})),
    ):
        assert answer.status == status
        assert answer.first(r"<title>([^<]+)</title>")
        assert 'href="/static/app' in answer.text
        assert answer.text.count("<h1") == 1
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_another_host_s_name_never_enters_an_answer(demo, host):
    answer = demo.visitor().get("/", Host=host)

    assert host not in answer.headers.get("Location", "")
    assert host not in answer.text


def test_a_paper_larger_than_we_take_is_refused_on_a_page(examples):
    answer = examples.ines.ask("POST", f"{examples.draft}/papers", bytes(33 * 1024 * 1024), headers=FORM)

    assert answer.status == 413
    assert "larger than we take" in answer.text


FORM = {"Content-Type": "multipart/form-data; boundary=x"}
SECRET = "Wilhelmina Sentinel, 1 Secret Lane"


def test_what_breaks_is_logged_without_what_was_typed(app, caplog, monkeypatch):
    monkeypatch.setitem(app.view_functions, "public.keyboard", breaks)

    answer = app.test_client().get("/keyboard", query_string={"name": SECRET})

    assert answer.status_code == 500
    assert SECRET not in answer.text + caplog.text
    assert "ValueError at" in caplog.text
    assert caplog.text.split("fault ")[1][:8] in answer.text


def breaks():
    """A view with a fault whose message holds what was typed."""
    raise ValueError(SECRET)
