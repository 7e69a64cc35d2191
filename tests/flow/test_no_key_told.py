"""An object's key may name a customer: operators' page, doctor, logs and diagnostics do not say it."""

import logging
import zipfile
from datetime import timedelta

import pytest
from a_session import signed_in
from click.testing import CliRunner

from requests_portal.app import now, worker
from requests_portal.cli import main
from requests_portal.model.actor import Actor, Role
from requests_portal.model.production import ProductionState
from requests_portal.rounds import Round, make_due_rounds
from requests_portal.site import web
from requests_portal.work import gather as gathering

NAME = "Quillfeather"
KEY = f"voice/Juniper-{NAME}/2026.wav"
OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))
BASE = "https://desk.example"


def reads_what_is_gone(outside):
    list(outside.store.read(key=KEY, version_id="never", size=1, sha256="0" * 64))


def operations_page(desk):
    app = web(desk.desk, staff=lambda: {OLE.id: OLE})
    client = signed_in(app, app.test_client(), OLE, base=BASE)
    return client.get("/operations", base_url=BASE).get_data(as_text=True)


def commanded(desk, *words):
    desk.settings.write(desk.folder / "settings.toml")
    return CliRunner().invoke(main, [*words, "--settings", str(desk.folder / "settings.toml")]).output


@pytest.fixture
def desk(new_desk, monkeypatch):
    """A desk with a production and a round that both met an object the store does not have."""
    made = new_desk(recordings=1)
    # Neither is so in life, where what is gathered becomes a finding: the worst that a refusal could do is shown.
    monkeypatch.setattr(gathering, "gather", lambda outside, *_named: reads_what_is_gone(outside))
    with worker(made.desk, name="the-one-worker"):
        made.until(made.a_warrant(), ProductionState.FAILED)
        fails = Round(name="reading", every=timedelta(days=1), go=reads_what_is_gone)
        make_due_rounds(made.outside, [fails], by="the-one-worker", now=now)
    return made


def test_no_page_command_log_or_package_tells_the_key_of_an_object_that_failed(desk, caplog):
    fails = Round(name="reading again", every=timedelta(days=1), go=reads_what_is_gone)
    with caplog.at_level(logging.DEBUG, logger="requests_portal"):
        make_due_rounds(desk.outside, [fails], by="the-one-worker", now=now)

    said = {
        "page": operations_page(desk),
        "doctor": commanded(desk, "doctor") + commanded(desk, "doctor", "--json"),
        "log": caplog.text,
    }
    package = desk.folder / "package.zip"
    commanded(desk, "diagnostics", str(package))
    with zipfile.ZipFile(package) as opened:
        said["package"] = "".join(opened.read(name).decode() for name in opened.namelist())

    bucket = desk.settings.recordings_bucket
    assert [name for name, text in said.items() if NAME in text or "voice/" in text] == []
    # The fault itself is told, with the bucket.
    assert [name for name, text in said.items() if f"The bucket {bucket} has no such object" in text] == [
        "page",
        "doctor",
        "log",
    ]
