"""Intake and papers in a real browser: nothing to object to at any width, and the same with scripts off."""

import io
import threading
from shutil import which

import pytest
from a_session import a_session_of
from an_intake import INES, KITCHEN, ORDER, PERSON, TARGETS, WHO, Desk
from PIL import Image
from werkzeug.serving import make_server

from requests_portal.web.portal import Persona

CHROMIUM = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
OVERBROAD = ORDER | {"process": "administrative_subpoena"}


def a_picture(_sha256, _page, width):
    drawn = io.BytesIO()
    Image.new("RGB", (width, width * 297 // 210), "white").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def desk(tmp_path, monkeypatch):
    # Only the demonstration's cookie goes over plain HTTP.
    ines = Persona(actor=INES, title="Intake", try_this="Enter a warrant")
    monkeypatch.setattr("an_intake.a_page", a_picture)
    return Desk(tmp_path, personas=(ines,))


@pytest.fixture
def served(desk):
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium here; apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — only where there is a browser

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def paths(desk):
    """Every page of intake, in the states that look different, for a request half way through."""
    ines = desk.browser()
    draft = ines.begin()
    for name, typed in (
        ("who", WHO),
        ("order", OVERBROAD),
        ("targets", TARGETS | {"silence": ["nondisclosure_order"]}),
    ):
        ines.send(f"{draft}/{name}", **typed)
    ines.upload(f"{draft}/papers", ("warrant.pdf", b"%PDF-1.7"), ("a note about <this>.txt", b"note"))
    clean, kept = desk.vault.papers
    person = ines.begin("data_subject")
    ines.send(f"{person}/person", **PERSON)
    steps = [f"{draft}/{name}" for name in ("who", "order", "targets", "papers", "check", f"papers/{clean}")]
    return ["/new", draft, *steps, f"{draft}/papers/{kept}", f"{person}/person", f"{person}/check"]


def signed_in(desk, chromium, url, **how):
    context = chromium.new_context(**how)
    name, token = a_session_of(desk.app, INES)
    context.add_cookies([{"name": name, "value": token, "url": url}])
    return context.new_page()


@pytest.mark.parametrize("width", [320, 1320])
def test_a_browser_has_nothing_to_object_to_on_any_page_of_intake(desk, paths, served, chromium, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    page = signed_in(desk, chromium, served, viewport={"width": width, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    for path in paths:
        page.goto(served + path)
        found = Axe().run(page).response["violations"]
        complaints += [(path, item["id"], [node["html"] for node in item["nodes"]]) for item in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            complaints.append((path, "wider than the screen"))

    assert complaints == []


@pytest.mark.parametrize("width", [320, 1320])
def test_a_browser_has_nothing_to_object_to_on_a_form_with_errors(desk, served, chromium, width):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    draft = desk.browser().begin()
    page = signed_in(desk, chromium, served, viewport={"width": width, "height": 900})

    for name in ("who", "order"):
        page.goto(f"{served}{draft}/{name}")
        page.get_by_role("button", name="Continue").click()
        found = Axe().run(page).response["violations"]

        assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found] == []
        assert page.title().startswith("Error: ")
        assert "error-summary" in page.evaluate("document.activeElement.className")


def test_findings_appear_while_the_order_is_typed(desk, served, chromium):
    draft = desk.browser().begin()
    page = signed_in(desk, chromium, served)
    page.goto(f"{served}{draft}/who")
    page.check("input[name=issuer][value=us_state]")
    page.fill("#f-organisation", "Alder County Sheriff")
    page.select_option("#f-channel", "portal")
    page.get_by_role("button", name="Continue").click()

    page.select_option("#f-process", "administrative_subpoena")
    page.check("input[value=audio]")

    page.locator("#findings").get_by_text("Recordings are contents").wait_for(timeout=5000)
    assert desk.browser().open(f"{draft}/order").chosen("process") == []


def test_a_demand_is_filed_with_scripts_off(desk, served, chromium, tmp_path):
    warrant = tmp_path / "warrant.pdf"
    warrant.write_bytes(b"%PDF-1.7 a warrant")
    draft = desk.browser().begin()
    for name, typed in (("who", WHO), ("order", OVERBROAD)):
        desk.browser().send(f"{draft}/{name}", **typed)
    page = signed_in(desk, chromium, served, java_script_enabled=False)

    page.goto(f"{served}{draft}/targets")
    assert "Recordings are contents" in page.inner_text("#findings")
    page.fill("#f-accounts", "A-88310-4")
    page.fill("#f-devices", KITCHEN)
    page.get_by_role("button", name="Continue").click()
    page.set_input_files("#f-papers", str(warrant))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="File the request").click()

    case = desk.case("LE-2026-0001")
    assert [paper.filename for paper in case.papers] == ["warrant.pdf"]
    assert desk.rows()["drafts"] == 0
