"""The frame and the components, rendered as pages render them: escaped, and with nothing undefined."""

import re
import threading
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from types import SimpleNamespace as Row

import pytest
from flask import Flask, render_template, render_template_string, request
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.serving import make_server

from requests_portal.web.charts import Bar, strip_chart, waveform
from requests_portal.web.display import NO_LIMIT, Due

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "requests_portal/web/static"
PAGES = ROOT / "templates/pages"
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
CHROMIUM = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = '"><script>alert("Jürgen")</script>'

IMPORTS = """
{% from "components/page.html" import page_head, breadcrumb, tag, due, pills, card, link, callout, key_values,
   big_numbers, progress, pagination, empty_state, keys_switch %}
{% from "components/queue.html" import filter_panel, queue_group %}
{% from "components/case.html" import compare_table, strip_figure, finding, timeline, recording_row, tracker %}
{% from "components/form.html" import csrf, error_summary, text_field, text_area, select_field, radio_field,
   checkbox_field, tick, pair, birth_date, file_field, submit, link_button, post_button, task_list, check_answers %}
"""


def everything(words):
    bars = [Bar(starts=date(2026, 3, 14), demanded=9, proposed=1)]
    return {
        "words": words,
        "Row": Row,
        "no_limit": NO_LIMIT,
        "bars": bars,
        "chart": strip_chart(bars, sentence=words, marker=words),
        "wave": waveform([0.5], seconds=9, sentence=words),
        "row": Row(
            title=words,
            url="/case",
            reference="LE-2026-0412",
            who=words,
            check=words,
            check_tone="bad",
            owner=words,
            stage=words,
            due=Due(words="in 2 days", date="Wed 25 Nov, 17:00", iso="2026-11-25T17:00-08:00", tone="warn"),
        ),
        "line": Row(part=words, demanded=[(words, "del")], proposed=[(words, "ins"), (words, "")], reason=words),
        "entry": Row(iso="2026-11-20T16:02-08:00", moment=words, who=words, what=words, system=True),
        "step": Row(title=words, body=words, state="now", progress=("copied", words, 214, 381)),
    }


@pytest.fixture
def app():
    app = Flask(__name__, static_folder=str(STATIC))
    app.jinja_loader = FileSystemLoader([PAGES, Path(__file__).parent])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: "a-token"
    app.after_request(with_content_policy)
    return app


def with_content_policy(response):
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


@pytest.fixture
def render(app):
    def rendered(source, **context):
        with app.test_request_context("/"):
            return render_template_string(source, **context)

    return rendered


@pytest.fixture
def a_lawyer():
    return {
        "demo": True,
        "person": Row(name="Maya Okafor", role="Lawyer"),
        "nav": [("Queue", "/", True), ("Approvals", "/approvals", False)],
        "zone_sentence": "Times are what clocks in Los Angeles showed on each date.",
    }


class Page(HTMLParser):
    """Every element of a page with its attributes, and what a browser would object to."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.unbalanced = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


@pytest.fixture
def every_component(app, a_lawyer):
    def rendered(words):
        with app.test_request_context("/"):
            return render_template("every_component.html", has_errors=True, **a_lawyer, **everything(words))

    return rendered


@pytest.fixture
def full_page(every_component):
    return Page(every_component("Search warrant"))


def test_a_page_with_every_component_has_no_style_and_no_script_of_its_own(full_page):
    assert not [tag for tag, attributes in full_page.elements if "style" in attributes or tag == "style"]
    assert not [name for _, attributes in full_page.elements for name in attributes if name.startswith("on")]
    assert [script["src"] for script in full_page.all("script")] == ["/static/app.js"]


def test_every_element_that_is_opened_is_closed(full_page):
    assert (full_page.unbalanced, full_page.open) == ([], [])


def test_no_two_elements_share_an_id(full_page):
    ids = full_page.ids()

    assert len(ids) == len(set(ids))


def test_everything_that_is_pointed_at_exists(full_page):
    ids = set(full_page.ids())
    pointed = {
        target
        for _, attributes in full_page.elements
        for name in ("for", "aria-describedby", "aria-labelledby", "data-live")
        for target in attributes.get(name, "").replace("#", "").split()
    }
    pointed |= {a["href"][1:] for a in full_page.all("a") if a["href"].startswith("#")}

    assert pointed
    assert pointed <= ids


def test_words_from_outside_stay_words_in_every_component(every_component):
    text = every_component(HOSTILE)

    page = Page(text)
    assert [script["src"] for script in page.all("script")] == ["/static/app.js"]
    assert "<script>alert" not in text
    assert (page.unbalanced, page.open) == ([], [])


def test_the_title_of_a_page_with_errors_says_so_first(render):
    source = '{% extends "base.html" %}{% block title %}What does it say?{% endblock %}'

    assert "<title>Error: What does it say? – Disclosure Desk</title>" in render(source, has_errors=True)  # noqa: RUF001
    assert "<title>What does it say? – Disclosure Desk</title>" in render(source)  # noqa: RUF001


def test_the_demonstration_is_named_only_in_the_demonstration(render):
    assert "Demonstration with invented data" in render('{% extends "base.html" %}', demo=True)
    assert "Demonstration" not in render('{% extends "base.html" %}')


def test_the_bar_names_who_is_signed_in_and_signs_out_by_post(render, a_lawyer):
    text = render('{% extends "base.html" %}', **a_lawyer)

    form = Page(text).all("form")[0]
    assert "Maya Okafor" in text
    assert (form["method"], form["action"]) == ("post", "/sign-out")
    assert {"type": "hidden", "name": "csrf_token", "value": "a-token"} in Page(text).all("input")


def test_the_present_page_is_marked_in_the_bar(render, a_lawyer):
    links = Page(render('{% extends "base.html" %}', **a_lawyer)).all("a")

    assert [link["href"] for link in links if link.get("aria-current") == "page"] == ["/"]


def test_a_customers_page_offers_languages_and_no_keyboard_page(render):
    languages = [("en", "English", "?lang=en"), ("de", "Deutsch", "?lang=de")]

    page = Page(render('{% extends "base.html" %}', audience="customer", lang="de", languages=languages))

    assert page.all("html") == [{"lang": "de", "dir": "ltr"}]
    assert [(a["lang"], a.get("aria-current")) for a in page.all("a") if "lang" in a] == [("en", None), ("de", "true")]
    assert "/keyboard" not in [a["href"] for a in page.all("a")]


def test_a_page_without_an_aside_has_one_column(render):
    text = render('{% extends "base.html" %}{% block content %}<h1>Queue</h1>{% endblock %}')

    assert "layout-form" not in text
    assert text.count("<h1>Queue</h1>") == 1


def test_a_field_that_is_wrong_says_why_and_is_tied_to_the_sentence(render):
    page = Page(render(IMPORTS + '{{ text_field("end", "To", hint="As written", error="Enter a later day") }}'))

    box = page.all("input")[0]
    assert (box["aria-invalid"], box["aria-describedby"]) == ("true", "h-end e-end")
    assert {"h-end", "e-end"} <= set(page.ids())


def test_a_choice_that_was_made_comes_back(render):
    page = Page(render(IMPORTS + '{{ checkbox_field("seeks", "Seeks", [("a", "A", ""), ("b", "B", "")], ["b"]) }}'))

    assert [box["value"] for box in page.all("input") if "checked" in box] == ["b"]


def test_saving_for_later_asks_the_browser_for_no_checks(render):
    assert "formnovalidate" in render(IMPORTS + '{{ submit("Save", "plain", "save", "draft", skip_checks=true) }}')


def test_an_act_and_the_systems_act_look_different_in_the_history(render):
    entries = [
        Row(iso="2026-11-20", moment="20 Nov", who="Scope check", what="ran", system=flag) for flag in (True, False)
    ]

    assert Page(render(IMPORTS + "{{ timeline(entries) }}", entries=entries)).all("li") == [{"class": "system"}, {}]


def test_only_the_present_step_is_current(render):
    steps = [Row(title=state, body="", state=state, progress=None) for state in ("done", "now", "later")]

    items = Page(render(IMPORTS + "{{ tracker(steps) }}", steps=steps)).all("li")

    assert [item.get("aria-current") for item in items] == [None, "step", None]


def test_an_error_page_says_what_happened_and_where_to_go(app):
    with app.test_request_context("/"):
        text = app.jinja_env.get_template("error.html").render(
            status=404, sentence="There is no such case, or you may not see it."
        )

    assert "<title>We cannot find this page – Disclosure Desk</title>" in text  # noqa: RUF001
    assert "There is no such case, or you may not see it." in text
    assert 'href="/"' in text


def test_a_fault_of_ours_is_not_blamed_on_the_reader(app):
    with app.test_request_context("/"):
        text = app.jinja_env.get_template("error.html").render(status=500, sentence="Quote 7f2c0412.")

    assert "<h1>Something went wrong on our side</h1>" in text


def test_every_component_says_in_a_comment_what_it_takes():
    for path in sorted((PAGES / "components").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"{% macro (\w+)\(", text):
            assert re.search(rf"{{#\s+{name}: ", text), f"{path.name}: {name}"


@pytest.mark.parametrize("word", ["sign-off", "signoff", "gag order", "reject"])
def test_words_that_the_glossary_gave_up_are_not_used(word):
    texts = [path.read_text(encoding="utf-8").lower() for path in (*PAGES.glob("components/*"), PAGES / "base.html")]

    assert not [text for text in texts if word in text]


@pytest.fixture
def served(app, a_lawyer):
    """The page with every component, served under the strict content policy."""
    polled = []

    @app.get("/")
    def page():
        return render_template("every_component.html", **a_lawyer, **everything("Search warrant"))

    @app.get("/plain")
    def plain():
        return render_template_string(
            '{% extends "base.html" %}{% from "components/queue.html" import queue_group %}'
            '{% block content %}<h1>Q</h1><div data-poll="/progress" id="progress"></div>'
            '{{ queue_group("g", "Later", "plain", rows) }}{% endblock %}',
            rows=[everything(name)["row"] for name in ("First", "Second")],
            **a_lawyer,
        )

    @app.post("/check")
    def check():
        files = "with files" if request.files else "without files"
        return f"<p>Checked {request.form['agency']}, {files}</p>"

    @app.get("/progress")
    def progress():
        polled.append(request.path)
        return f"<p>{len(polled)} of 2 copied</p>", 200, {"X-Done": "1"} if len(polled) == 2 else {}

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Row(url=f"http://127.0.0.1:{server.port}", polled=polled)
    server.shutdown()
    thread.join()


@pytest.fixture
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium here; apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — only where there is a browser

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.mark.parametrize("width", [320, 1320])
def test_a_browser_has_nothing_to_object_to(browser, served, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.url)

    found = Axe().run(page).response["violations"]

    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_error_summary_takes_the_focus(browser, served):
    page = browser.new_page()
    page.goto(served.url)

    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_a_form_is_checked_while_it_is_typed_without_its_files(browser, served):
    page = browser.new_page()
    page.goto(served.url)
    page.set_input_files("#f-paper", {"name": "w.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})

    page.fill("#f-agency", "Alameda County Sheriff")

    page.get_by_text("Checked Alameda County Sheriff, without files").wait_for(timeout=5000)


def test_progress_is_followed_until_it_is_done(browser, served):
    page = browser.new_page()
    page.clock.install()
    page.goto(served.url + "/plain")

    for said in ("1 of 2 copied", "2 of 2 copied"):
        with page.expect_response("**/progress"):
            page.clock.run_for(2000)
        page.wait_for_function("said => document.querySelector('#progress').innerText === said", arg=said)
    page.clock.run_for(6000)
    page.wait_for_load_state("networkidle")

    assert len(served.polled) == 2


def test_j_and_k_walk_the_queue_until_they_are_switched_off(browser, served):
    page = browser.new_page()
    page.goto(served.url + "/plain")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.innerText") == "First"

    page.evaluate("localStorage.setItem('keyboard-shortcuts', 'off')")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText") == "First"


def test_without_scripts_the_filters_open_on_a_phone(browser, served):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}).new_page()
    page.goto(served.url)

    page.click(".filters summary")

    assert page.locator(".filters input[type=search]").is_visible()
