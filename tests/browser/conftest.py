"""One demonstration and one Chromium for every test of this folder."""

import os
import shutil
from pathlib import Path

import pytest
from a_demo import SEEDED, running
from an_example import Examples

from requests_portal.app import open_desk
from requests_portal.settings import read
from requests_portal.site import web

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL = "sudo apt-get install chromium, or name another Chromium in $CHROMIUM"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The demonstration in a folder with a space, after its last seeded act."""
    with running(tmp_path_factory.mktemp("demo") / "demo data") as started:
        started.until(SEEDED)
        yield started


@pytest.fixture(scope="session")
def app(demo):
    """The application as the demonstration runs it, to ask which routes it has."""
    return web(open_desk(read(demo.data / "settings.toml")), staff=dict)


@pytest.fixture(scope="session")
def chromium():
    """A browser that reaches this machine and nothing else."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None or not Path(path).exists():
        pytest.skip(f"No Chromium to test with: {INSTALL}")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    # Chromium refuses its sandbox to root, and to nobody else.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    loopback = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with playwright.sync_playwright() as running_playwright:
        browser = running_playwright.chromium.launch(
            executable_path=path, args=[*sandbox, loopback, "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def browse(demo, chromium):
    """Open a page in a session of its own, as one of the invented people; contexts close with the test."""
    contexts = []

    def opened(who=None, *, scripts=True, width=1320):
        context = chromium.new_context(
            base_url=demo.url, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        if who:
            page.goto("/demo")
            page.locator(f"form[action='/demo/{who}'] button").click()
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def examples(demo):
    """Addresses of what the demonstration holds."""
    return Examples(demo)
