"""A Chromium with an authenticator that only software knows of, and a desk that it reaches as localhost."""

import os
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from shutil import which

import pytest
from a_casework import TEMPLATES
from werkzeug.serving import make_server

from requests_portal.signing_in.passkeys import WebAuthn
from requests_portal.web.application import make_app

CHROMIUM = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def a_chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium here; apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — only where there is a browser

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield launched
        launched.close()


@contextmanager
def served_as_localhost(desk, **changed):
    """The desk's own people on a free port of this machine, under the one name that browsers take for safe there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    portal = desk.app.extensions["portal"]
    house = replace(portal.house, public_url=url)
    portal = replace(
        portal, house=house, relying_party=WebAuthn(public_url=url, house=house.name), staff=desk.colleagues, **changed
    )
    desk.app = make_app(portal, templates=TEMPLATES)
    server = make_server("127.0.0.1", port, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


class Device:
    """A browser on a device of somebody's, with an authenticator."""

    def __init__(self, chromium, url, *, verifies=True, **how) -> None:
        self.context = chromium.new_context(base_url=url, **how)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        can = AUTHENTICATOR | {"hasUserVerification": verifies, "isUserVerified": verifies}
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": can})
        self.authenticator = made["authenticatorId"]

    def credentials(self):
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})["credentials"]

    def put(self, credential) -> None:
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator, "credential": credential})

    def forget(self) -> None:
        self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self.authenticator})

    def nobody_shows_a_finger(self) -> None:
        told = {"authenticatorId": self.authenticator, "isUserVerified": False}
        self.cdp.send("WebAuthn.setUserVerified", told)

    def enrol(self, link: str) -> None:
        self.page.goto(link)
        self.page.get_by_role("button", name="Go on").click()
        self.page.get_by_label("What do you call it?").fill("Work laptop")
        self.page.get_by_role("button", name="Make a passkey").click()
        self.page.wait_for_url("**/")

    def sign_in(self, path: str = "/sign-in") -> None:
        self.page.goto(path)
        self.page.get_by_role("button", name="Sign in with a passkey").click()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        self.page.wait_for_url("**/sign-in")
