"""Every page of the portal as a browser and axe see it, for every role that may open it."""

import re

import pytest
from an_example import FILES, PAGES, visits

NARROW, PHONE, WIDE = 320, 390, 1320


def opened(app):
    """Every endpoint that answers a GET."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in rule.methods and rule.endpoint != "static"}


def test_every_address_has_an_example(app):
    assert opened(app) == PAGES.keys() | FILES.keys()


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_browser_has_nothing_to_object_to(endpoint, app, examples, browse):
    complaints, pages = [], {}

    def heard(what):
        complaints.append(str(getattr(what, "text", what)))

    for who, path in visits(app, examples, endpoint):
        if who not in pages:
            pages[who] = browse(who)
            pages[who].on("console", heard)
            pages[who].on("pageerror", heard)
        complaints += [(who, path, *found) for found in objections(pages[who], path)]

    assert complaints == []


def objections(page, path):
    """What axe finds at the narrow and the wide end, and what is cut off or pushed out at any width."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    page.set_viewport_size({"width": WIDE, "height": 900})
    page.goto(path)
    for width in (WIDE, PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield width, "is as wide as", wide
        if width != PHONE:
            for item in Axe().run(page).response["violations"]:
                yield width, item["id"], [node["html"][:200] for node in item["nodes"]][:3]


def test_every_page_has_a_title_of_its_own_a_language_and_words_for_its_pictures(app, examples, demo):
    titles, complaints = {}, []

    for endpoint in PAGES:
        who, path = visits(app, examples, endpoint)[0]
        page = demo.visitor(who).get(path)
        title = page.first(r"<title>([^<]*)</title>").strip()
        if titles.setdefault(title, endpoint) != endpoint:
            complaints.append((title, titles[title], endpoint))
        if not re.search(r'<html[^>]* lang="[a-z]{2}', page.text):
            complaints.append((path, "no language"))
        complaints += [(path, tag) for tag in re.findall(r"<img[^>]*>", page.text) if " alt=" not in tag]

    assert complaints == []


@pytest.mark.parametrize("endpoint", FILES)
def test_what_is_not_a_page_is_given_to_whoever_may_have_it(endpoint, app, examples, demo):
    for who, path in visits(app, examples, endpoint):
        answer = demo.visitor(who).get(path, **examples.shown_with(endpoint))

        assert answer.status in {200, 302}, (who, path, answer.text[:500])
        assert answer.body or answer.status == 302
