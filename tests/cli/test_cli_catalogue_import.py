"""`desk catalogue import`: a company's own recordings come into the catalogue, whole or line by line, once."""

import hashlib
import json
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.app import open_desk
from requests_portal.audit_log.entry import decode
from requests_portal.database.audit_store import entries
from requests_portal.demo.settings import demonstration
from requests_portal.model.erasure import Because, Chosen
from requests_portal.stock import make_store
from requests_portal.storage.spool import Spool
from requests_portal.work.delete_erased import delete_erased

HEADER = "key,version_id,size,sha256,recorded_at,zone,account,device"
GOOD = "voice/{0}.wav,v{0},4600,{1},2026-03-14T21:04:{0:02}-07:00,America/Los_Angeles,A-88310-4,HR2"


def line(number, **changed):
    text = GOOD.format(number, hashlib.sha256(str(number).encode()).hexdigest())
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class ADesk:
    """A desk in a folder with nothing in it, and the command that imports."""

    folder: Path
    run: object

    @property
    def settings(self):
        return self.folder / "settings.toml"

    def manifest(self, *lines, header=HEADER):
        path = self.folder / "manifest.csv"
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return path

    def imports(self, *lines, options=(), header=HEADER):
        answer = self.run(
            "catalogue", "import", self.manifest(*lines, header=header), "--settings", self.settings, "--json", *options
        )
        return answer.exit_code, json.loads(answer.stdout)

    def open(self):
        from requests_portal.settings import read  # noqa: PLC0415 — beside its use

        return closing(open_desk(read(self.settings)))

    def catalogued(self):
        with self.open() as desk, desk.ledger.reading() as work:
            return list(work.catalogue.find(Scope(EVERY, EVERY, EVERY, ALWAYS)))

    def delete(self, recording, *, is_kept):
        """What its customer does, and unless it is kept, the worker."""
        with self.open() as desk:
            with desk.ledger.unit_of_work() as work:
                chosen = Chosen(account=recording.account, recording=recording.id, before=work.now())
                work.erasures.ask(chosen, Because.CUSTOMER, at=work.now())
            if not is_kept:
                delete_erased(desk.outside)
        assert [each.id for each in self.catalogued()].count(recording.id) == is_kept

    def seen_by_its_customer(self, account="A-88310-4"):
        with self.open() as desk, desk.ledger.reading() as work:
            found = work.catalogue.find_for_customer(Scope(frozenset({account}), EVERY, EVERY, ALWAYS))
            return [each.id for each in found]

    def acts(self):
        from sqlalchemy.orm import Session  # noqa: PLC0415 — same

        with self.open() as desk, Session(desk.engine) as session:
            found = [decode(bytes(each)) for each in entries(session)]
        return [each for each in found if each.act.startswith("catalogue")]


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def at(tmp_path, desk, endpoint):
    folder = tmp_path / "a desk"
    folder.mkdir()
    settings = demonstration(folder, endpoint=endpoint, public_url="https://desk.example")
    settings.write(folder / "settings.toml")
    return ADesk(folder, desk)


def test_a_manifest_is_imported_and_the_same_again_changes_nothing(at):
    code, first = at.imports(line(1), line(2))
    again_code, again = at.imports(line(1), line(2), line(3))

    assert (code, again_code) == (0, 0)
    assert (first["imported"], first["unchanged"], first["refused"], first["refusals"]) == (2, 0, 0, [])
    assert (again["imported"], again["unchanged"]) == (1, 2)
    assert [each.key for each in at.catalogued()] == ["voice/1.wav", "voice/2.wav", "voice/3.wav"]


def test_by_default_one_bad_line_leaves_nothing_imported(at):
    code, told = at.imports(line(1), line(2, **{"4600": "many"}), line(3))

    assert code == 1
    assert (told["lines"], told["imported"], told["refused"]) == (3, 0, 1)
    assert told["refusals"] == [{"line": 3, "column": "size", "fault": "it is no number of bytes from 1 to 5 TiB"}]
    assert at.catalogued() == []
    assert at.acts() == []


def test_where_asked_the_good_lines_are_imported(at):
    code, told = at.imports(line(1), line(2, **{"4600": "many"}), line(3), options=["--keep-good"])

    assert code == 1
    assert (told["imported"], told["refused"]) == (2, 1)
    assert [each.key for each in at.catalogued()] == ["voice/1.wav", "voice/3.wav"]


def test_a_contradiction_is_reported_and_the_catalogue_stays(at):
    at.imports(line(1))

    code, told = at.imports(line(1, HR2="HR9"), line(2), options=["--keep-good"])

    assert code == 1
    assert [(each["line"], each["column"]) for each in told["refusals"]] == [(2, "device")]
    assert [(each.key, each.device) for each in at.catalogued()] == [("voice/1.wav", "HR2"), ("voice/2.wav", "HR2")]


def test_in_words_the_bad_lines_are_on_stderr_and_the_counts_below(at):
    manifest = at.manifest(line(1), line(2, **{"4600": "\x1b[31m"}))

    answer = at.run("catalogue", "import", manifest, "--settings", at.settings)

    assert answer.exit_code == 1
    assert answer.stderr == "Line 3, column size: it holds a control character.\n"
    assert answer.stdout.startswith("2 lines: 0 imported, 0 known already, 1 refused.\nNothing was imported.")


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_a_manifest_that_cannot_be_read_is_one_sentence(at, name):
    answer = at.run("catalogue", "import", at.folder / name, "--settings", at.settings)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1


def test_an_import_is_in_the_log_with_its_counts_and_the_manifest_s_digest_and_nobody_s_name(at):
    at.imports(line(1), line(2))

    begun, done = at.acts()
    digest = hashlib.sha256((at.folder / "manifest.csv").read_bytes()).hexdigest()
    assert (begun.act, done.act) == ("catalogue_import_begun", "catalogue_imported")
    assert begun.digests == done.digests == {"manifest": digest}
    assert done.numbers == {"lines": 2, "imported": 2, "unchanged": 0, "refused": 0, "uploaded": 0}
    assert (done.words, done.commitments) == ({}, {})


FILES = "path,recorded_at,zone,account,device,sha256"


def test_files_are_uploaded_once_and_read_back_as_they_were_catalogued(at):
    sounds = at.folder / "sounds"
    (sounds / "deep").mkdir(parents=True)
    rows = []
    for number in range(3):
        (sounds / f"deep/{number}.wav").write_bytes(b"RIFF" + bytes([number]) * 500)
        rows.append(f"deep/{number}.wav,2026-03-14T21:04:0{number}-07:00,UTC,A-88310-4,HR2,")
    with at.open() as desk:
        make_store(desk)
    options = ["--upload-from", sounds]

    code, told = at.imports(*rows, header=FILES, options=options)
    _, again = at.imports(*rows, header=FILES, options=options)

    assert (code, told["imported"], told["uploaded"]) == (0, 3, 3)
    assert (again["imported"], again["unchanged"], again["uploaded"]) == (0, 3, 0)
    found = at.catalogued()
    assert not any("A-88310-4" in each.key for each in found)
    with at.open() as desk:
        read = desk.outside.store.gather_many(found, Spool(at.folder / "spool"), workers=2, cancelled=lambda: False)
        assert {type(outcome).__name__ for _, outcome in read} == {"Fetched"}


@pytest.mark.parametrize("is_kept", [False, True])
def test_what_its_customer_deleted_is_not_shown_when_it_is_imported_again_kept_or_not(at, is_kept):
    sounds = at.folder / "sounds"
    sounds.mkdir()
    rows = []
    for number in range(2):
        (sounds / f"{number}.wav").write_bytes(b"RIFF" + bytes([number]))
        rows.append(f"{number}.wav,2026-03-14T21:04:0{number}-07:00,UTC,A-88310-4,HR2,")
    with at.open() as desk:
        make_store(desk)
    options = ["--upload-from", sounds]
    at.imports(*rows, header=FILES, options=options)
    deleted, other = at.catalogued()
    at.delete(deleted, is_kept=is_kept)

    code, told = at.imports(*rows, header=FILES, options=options)

    assert (code, told["refused"]) == (0, 0)
    assert at.seen_by_its_customer() == [other.id]


def test_what_was_uploaded_and_not_catalogued_yet_is_not_uploaded_again(at, monkeypatch):
    sounds = at.folder / "sounds"
    sounds.mkdir()
    (sounds / "one.wav").write_bytes(b"RIFF one")
    row = "one.wav,2026-03-14T21:04:00-07:00,UTC,A-88310-4,HR2,"
    with at.open() as desk:
        make_store(desk)
    with monkeypatch.context() as patch:
        patch.setattr("requests_portal.importing.enter", lambda *_: 1 / 0)
        answer = at.run(
            "catalogue", "import", at.manifest(row, header=FILES), "--settings", at.settings, "--upload-from", sounds
        )
    assert isinstance(answer.exception, ZeroDivisionError)

    _, told = at.imports(row, header=FILES, options=["--upload-from", sounds])

    assert (told["imported"], told["uploaded"]) == (1, 0)


def test_a_file_that_is_not_what_the_manifest_says_is_refused_before_anything_is_uploaded(at):
    sounds = at.folder / "sounds"
    sounds.mkdir()
    (sounds / "one.wav").write_bytes(b"RIFF one")
    (sounds / "none.wav").write_bytes(b"")
    rows = [
        f"one.wav,2026-03-14T21:04:00-07:00,UTC,A-88310-4,HR2,{'0' * 64}",
        "none.wav,2026-03-14T21:04:00-07:00,UTC,A-88310-4,HR2,",
    ]

    code, told = at.imports(*rows, header=FILES, options=["--upload-from", sounds])

    assert code == 1
    assert [(each["line"], each["column"]) for each in told["refusals"]] == [(2, "sha256"), (3, "path")]
    assert told["uploaded"] == 0


KILLED_BEFORE_THE_FOURTH_COMMIT = """
import os, signal, sys
from sqlalchemy import Engine, event
from requests_portal.cli import main
from requests_portal.database import entering

entering.ENTERED = 100
begun = []

@event.listens_for(Engine, "before_cursor_execute")
def note(_connection, _cursor, statement, *_):
    begun.extend(["insert"] * statement.startswith("INSERT INTO recordings ("))

@event.listens_for(Engine, "commit")
def kill(_connection):
    if len(begun) == 4:
        os.kill(os.getpid(), signal.SIGKILL)

main(sys.argv[1:])
"""


def test_an_import_that_is_killed_half_way_is_taken_up_again(at):
    lines = [line(number).replace("21:04:", "21:04:00.") for number in range(1000)]
    command = [sys.executable, "-c", KILLED_BEFORE_THE_FOURTH_COMMIT, "catalogue", "import", at.manifest(*lines)]

    killed = subprocess.run([*command, "--settings", at.settings], check=False)
    left = len(at.catalogued())
    code, told = at.imports(*lines)

    assert killed.returncode == -signal.SIGKILL
    assert left == 300
    assert (code, told["imported"], told["unchanged"]) == (0, 700, 300)
    assert len(at.catalogued()) == 1000
    assert [each.act.removeprefix("catalogue_") for each in at.acts()] == ["import_begun", "import_begun", "imported"]
