"""`desk backup` and `desk restore`: what was put away comes back whole, goes on once, or is refused by its name."""

import json
import multiprocessing
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from a_counting_store import CountingStore
from a_house import INES
from a_worked_desk import ONCE, WorkedDesk
from click.testing import CliRunner

from requests_portal.app import now, open_desk
from requests_portal.backup import digested
from requests_portal.cli import main
from requests_portal.database.audit_store import newest_checkpoint
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.production import ProductionState
from requests_portal.settings import read
from requests_portal.work.papers import add_paper

S = ProductionState
PATIENCE = 60


class PutBack(WorkedDesk):
    """The desk that a settings file names, as it is."""

    def __init__(self, file: Path) -> None:
        self.folder, self.settings = file.parent, read(file)
        self.desk = open_desk(self.settings)
        self.engine, self.ledger, self.outside = self.desk.engine, self.desk.ledger, self.desk.outside
        self.now = now()


def run(*words):
    return CliRunner().invoke(main, [str(each) for each in words])


def back_up(desk, dest):
    return run("backup", dest, "--settings", desk.folder / "settings.toml")


def checkpoint_of(desk):
    with desk.ledger.reading() as work:
        return newest_checkpoint(work.audit._session)


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=2)
    made.settings.write(made.folder / "settings.toml")
    made.a_warrant()
    return made


@pytest.fixture(scope="module")
def one_backup(desk, tmp_path_factory):
    dest = tmp_path_factory.mktemp("backups") / "one"
    assert back_up(desk, dest).exit_code == 0
    return dest


@pytest.fixture
def copy(one_backup, tmp_path):
    """A backup to be spoilt."""
    subprocess.run(["cp", "-a", one_backup, tmp_path / "copy"], check=True)
    return tmp_path / "copy"


def written(file):
    with sqlite3.connect(file, timeout=PATIENCE) as database:
        while True:
            database.execute("UPDATE written SET times = times + 1")
            database.execute("INSERT INTO each_time SELECT times, hex(randomblob(2000)) FROM written")
            database.commit()


def until_it_is_written(file, more_than=0):
    end = time.monotonic() + PATIENCE
    with sqlite3.connect(file) as database:
        while times(database) <= more_than:
            assert time.monotonic() < end


def times(database):
    return database.execute("SELECT times FROM written").fetchone()[0]


def test_a_backup_is_for_its_owner_alone_and_says_that_it_holds_secrets(desk, tmp_path):
    before = os.umask(0)
    try:
        ended = back_up(desk, tmp_path / "b")
    finally:
        os.umask(before)

    modes = {stat.S_IMODE(each.stat().st_mode) for each in (tmp_path / "b").rglob("*") if each.is_file()}
    assert ended.exit_code == 0
    assert "It holds secrets" in ended.output
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o700
    assert [each.name for each in tmp_path.iterdir()] == ["b"]
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
    assert manifest["checkpoint"] == checkpoint_of(desk)
    assert manifest["log_size"] == len(desk.log())


def test_what_is_restored_is_the_same_desk_for_its_owner_alone(desk, one_backup, tmp_path):
    ended = run("restore", one_backup, "--into", tmp_path / "new")

    again = PutBack(tmp_path / "new" / "settings.toml")
    assert ended.exit_code == 0, ended.output
    assert [entry["id"] for entry in again.log()] == [entry["id"] for entry in desk.log()]
    assert again.log_is_sound()
    assert again.ledger.log.key.public_key == desk.ledger.log.key.public_key
    assert again.outside.signer.certificate_pem == desk.outside.signer.certificate_pem
    assert again.settings.house_policy.startswith(str(tmp_path))
    files = [each for each in (tmp_path / "new").rglob("*") if each.is_file() and not each.name.startswith("desk.db-")]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert "! 2 pieces of work had not ended" in ended.output
    again.desk.close()


def test_a_backup_while_somebody_writes_is_of_one_moment(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    desk.settings.write(desk.folder / "settings.toml")
    file = desk.folder / "desk.db"
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE written (times INTEGER)")
        database.execute("INSERT INTO written VALUES (0)")
        database.execute("CREATE TABLE each_time (number INTEGER, filling TEXT)")
    writer = multiprocessing.get_context("spawn").Process(target=written, args=(str(file),), daemon=True)
    writer.start()
    until_it_is_written(file)
    filing = threading.Event()
    threading.Thread(target=lambda: [desk.file() for _ in range(200) if not filing.is_set()], daemon=True).start()

    ended = []
    with sqlite3.connect(file) as database:
        for number in range(5):
            ended.append(back_up(desk, tmp_path / f"b{number}"))
            until_it_is_written(file, more_than=times(database))
    filing.set()
    writer.kill()
    restored = [run("restore", tmp_path / f"b{number}", "--into", tmp_path / f"r{number}") for number in range(5)]

    assert [each.exit_code for each in ended + restored] == [0] * 10, [each.output for each in ended + restored]
    writer.join()
    moments = []
    for number in range(5):
        with sqlite3.connect(tmp_path / f"r{number}" / "desk.db") as database:
            counted, rows = database.execute("SELECT times, (SELECT count(*) FROM each_time) FROM written").fetchone()
        assert counted == rows
        moments.append(counted)
    assert moments == sorted(set(moments))


def test_what_was_being_gathered_goes_on_after_a_restore_and_is_offered_once(store, tmp_path):
    counting = CountingStore(store)
    (tmp_path / "old").mkdir()
    desk = WorkedDesk(tmp_path / "old", counting.endpoint, recordings=30)
    desk.settings.write(desk.folder / "settings.toml")
    counting.read.clear()
    counting.waits_after = 15
    case = desk.a_warrant()
    process = worker_on(desk)
    assert counting.waiting.wait(PATIENCE)
    backed_up = back_up(desk, tmp_path / "b")
    process.kill()
    assert process.wait() == -signal.SIGKILL
    counting.waits_after = float("inf")
    counting.going.set()

    restored = run("restore", tmp_path / "b", "--into", tmp_path / "new")
    again = PutBack(tmp_path / "new" / "settings.toml")
    assert (backed_up.exit_code, restored.exit_code) == (0, 0), restored.output
    assert "begun by demonstration-worker" in restored.output
    assert again.production(case.id).state is S.GATHERING
    process = worker_on(again)
    try:
        again.until(case, S.GATHERED)
        again.certify(case)
        made = again.until(case, S.OFFERED)
        again.release(case)

        assert made.discrepancies == ()
        assert again.verdicts(made) == [True, True]
        assert again.acts_of(case) - Counter(ONCE) == {"production_released": 1}
        assert again.log_is_sound()
    finally:
        process.kill()
        process.communicate()
        desk.desk.close()
        again.desk.close()
        counting.stop()


def worker_on(desk):
    command = [sys.executable, Path(__file__).with_name("a_worker_process.py"), desk.folder / "settings.toml"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)


def cut(file):
    file.write_bytes(file.read_bytes()[:-1])


def flip(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("spoil", [cut, flip, Path.unlink])
@pytest.mark.parametrize("name", ["desk.db", "settings.toml", "keys/log.key"])
def test_a_file_that_is_not_as_it_was_is_refused_by_its_name(copy, tmp_path, name, spoil):
    spoil(copy / name)

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"{name} is ")
    assert [each.name for each in tmp_path.iterdir()] == ["copy"]


def test_a_file_that_was_put_in_later_is_refused_by_its_name(copy, tmp_path):
    (copy / "keys" / "other.key").write_text("?")

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert (ended.exit_code, (tmp_path / "new").exists()) == (1, False)
    assert ended.stderr.startswith("keys/other.key was put")


def test_a_log_that_was_changed_together_with_its_digest_is_refused(copy, tmp_path):
    with sqlite3.connect(copy / "desk.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.create_function("misspelt", 1, lambda entry: entry.replace(b"case_received", b"case_recieved"))
        database.execute("UPDATE audit_entries SET entry = misspelt(entry)")
    signed_off(copy)

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert ended.exit_code == 1
    assert ended.stderr.startswith("The audit log in desk.db does not hold.")
    assert not (tmp_path / "new").exists()


def test_a_database_damaged_together_with_its_digest_is_refused(copy, tmp_path):
    with (copy / "desk.db").open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 3 * 4096)
    signed_off(copy)

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert ended.exit_code == 1
    assert "desk.db" in ended.stderr
    assert not (tmp_path / "new").exists()


def signed_off(folder):
    """The manifest as somebody would change it who changed the database."""
    manifest = json.loads((folder / "manifest.json").read_text())
    kept = digested(folder / "desk.db")
    manifest["files"]["desk.db"] = {"size": kept.size, "sha256": kept.sha256}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "manifest.json is missing"),
        ("", "manifest.json is not in its form"),
        ("[]", "manifest.json is not in its form"),
        ('{"form": "disclosure-desk-backup/1", "files": {"../x": {"size": 1, "sha256": "0"}}}', "manifest.json is not"),
    ],
)
def test_a_backup_that_was_not_finished_or_is_none_cannot_be_used(copy, tmp_path, text, said):
    (copy / "manifest.json").unlink()
    if text is not None:
        (copy / "manifest.json").write_text(text)

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert ended.exit_code == 2
    assert ended.stderr.startswith(said)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"taken_at": "2026-11-28\x1b]0;other\x0710:00:00+00:00"},
        {"taken_at": "yesterday"},
        {"migration": 5},
        {"software": "1\x1b[2J"},
        {"log_size": "12"},
    ],
)
def test_a_manifest_that_says_what_none_of_ours_does_is_refused(copy, tmp_path, change):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | change))

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert ended.exit_code == 2
    assert ended.stderr.startswith("manifest.json is not in its form")
    assert "\x1b" not in ended.output


def test_a_folder_that_was_empty_is_there_again_so_that_the_next_backup_succeeds(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    (tmp_path / "lists").mkdir()
    replace(desk.settings, revocation_lists=str(tmp_path / "lists")).write(desk.folder / "settings.toml")
    assert back_up(desk, tmp_path / "first").exit_code == 0

    restored = run("restore", tmp_path / "first", "--into", tmp_path / "new")
    again = run("backup", tmp_path / "second", "--settings", tmp_path / "new" / "settings.toml")

    assert (restored.exit_code, again.exit_code) == (0, 0), again.output


def test_names_that_lead_out_of_the_folder_are_refused(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text())
    (tmp_path / "outside").write_text("secret")
    manifest["files"]["../outside"] = manifest["files"]["keys/log.key"]
    (copy / "manifest.json").write_text(json.dumps(manifest))

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert (ended.exit_code, ended.stderr[:17]) == (2, "manifest.json is ")


def test_a_backup_of_a_newer_release_is_refused(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"migration": "9999"}))

    ended = run("restore", copy, "--into", tmp_path / "new")

    assert (ended.exit_code, "newer release" in ended.stderr) == (2, True)


def test_a_log_shorter_than_a_checkpoint_that_was_kept_is_refused(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    desk.settings.write(desk.folder / "settings.toml")
    (tmp_path / "before").write_text(checkpoint_of(desk))
    desk.file()
    back_up(desk, tmp_path / "b")
    desk.file()
    (tmp_path / "after").write_text(checkpoint_of(desk))

    shrunk = run("restore", tmp_path / "b", "--into", tmp_path / "new", "--older", tmp_path / "after")
    assert not (tmp_path / "new").exists()
    grown = run("restore", tmp_path / "b", "--into", tmp_path / "new", "--older", tmp_path / "before")

    assert (shrunk.exit_code, grown.exit_code) == (1, 0), grown.output
    assert "some are gone" in shrunk.stderr


def test_nothing_is_overwritten_by_a_backup_or_a_restore(desk, one_backup, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "empty").mkdir()

    into_full = run("restore", one_backup, "--into", tmp_path / "full")
    over_it = run("restore", one_backup, "--settings", desk.folder / "settings.toml")
    onto_it = back_up(desk, one_backup)
    into_empty = run("restore", one_backup, "--into", tmp_path / "empty")

    assert [each.exit_code for each in (into_full, over_it, onto_it, into_empty)] == [2, 2, 2, 0]
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["mine"]


def test_a_desk_is_put_back_where_its_settings_say(desk, one_backup, tmp_path):
    there = replace(
        desk.settings,
        database_url=f"sqlite:///{tmp_path}/var/desk.db",
        keys=str(tmp_path / "etc" / "keys"),
        scratch=str(tmp_path / "scratch"),
        spool=str(tmp_path / "spool"),
    )
    there.write(tmp_path / "settings.toml")
    for each in ("var", "etc"):
        (tmp_path / each).mkdir()
    (tmp_path / "var" / "desk.db-wal").write_bytes(b"of another")

    beside = run("restore", one_backup, "--settings", tmp_path / "settings.toml")
    (tmp_path / "var" / "desk.db-wal").unlink()
    ended = run("restore", one_backup, "--settings", tmp_path / "settings.toml")

    assert (beside.exit_code, ended.exit_code) == (2, 0), ended.output
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["desk.db"]
    again = PutBack(tmp_path / "settings.toml")
    assert again.log_is_sound()
    assert len(again.log()) == len(desk.log())
    again.desk.close()


def test_what_the_store_no_longer_has_is_named_by_its_id(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    desk.settings.write(desk.folder / "settings.toml")
    case = desk.file()
    stored = desk.outside.vault.put_paper(iter([b"a paper"]), max_bytes=100)
    paper = Paper(
        sha256=stored.sha256, size=7, filename="marsh.pdf", received_at=desk.now, state=PaperState.QUARANTINED
    )
    desk.act(add_paper, case.id, paper, by=INES)
    back_up(desk, tmp_path / "b")

    there = run("restore", tmp_path / "b", "--into", tmp_path / "there", "--check-store")
    desk.outside.vault.client.delete_object(Bucket=desk.outside.vault.bucket, Key=f"papers/{stored.sha256}")
    gone = run("restore", tmp_path / "b", "--into", tmp_path / "gone", "--check-store")

    assert (there.exit_code, gone.exit_code) == (0, 1), there.output
    assert f"paper {stored.sha256[:16]} of case {case.id}" in gone.output
    assert "marsh" not in gone.output


def test_a_desk_on_postgresql_is_told_of_its_own_way(new_desk, new_postgres, tmp_path):
    desk = new_desk(recordings=1, database_url=new_postgres)
    desk.settings.write(desk.folder / "settings.toml")

    ended = back_up(desk, tmp_path / "b")

    assert (ended.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "pg_dump" in ended.stderr


def name_of(url):
    return url.partition("?")[0].rpartition("/")[2]


def test_a_desk_on_postgresql_comes_back_by_pg_dump_and_pg_restore(new_desk, postgres, tmp_path):
    desk = new_desk(recordings=2, database_url=postgres.new())
    desk.a_warrant()
    other, dump = postgres.new(), tmp_path / "desk.dump"
    on_it = {"PGHOST": str(postgres.folder), "PGUSER": "postgres"}

    for program, *arguments in (
        ("pg_dump", "--format=custom", f"--file={dump}", name_of(desk.settings.database_url)),
        ("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={name_of(other)}", dump),
    ):
        subprocess.run([postgres._programs / program, *arguments], check=True, env=on_it, capture_output=True)

    replace(desk.settings, database_url=other).write(tmp_path / "settings.toml")
    again = PutBack(tmp_path / "settings.toml")
    assert again.log() == desk.log()
    assert again.log_is_sound()
    assert run("audit", "export", tmp_path / "log", "--settings", tmp_path / "settings.toml").exit_code == 0
    assert run("audit", "verify", tmp_path / "log").exit_code == 0
    again.desk.close()
