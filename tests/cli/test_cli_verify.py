"""`desk verify` and `desk audit`: good is 0, bad is 1, unusable is 2, and always a sentence."""

import json
import shutil
import time
from datetime import UTC, datetime

import pikepdf
import pytest

from requests_portal import enact, invented
from requests_portal.app import open_desk
from requests_portal.demo.settings import demonstration
from requests_portal.demonstration.demands import six_month_warrant
from requests_portal.demonstration.filing import Desk as Teller
from requests_portal.demonstration.world import invent
from requests_portal.settings import read
from requests_portal.stock import stock_people
from requests_portal.walkthrough import CAST

FILES = ("legal-demand.pdf", "access-request.pdf", "objection-letter.pdf")


@pytest.fixture
def left(of_every_kind):
    return of_every_kind.out


@pytest.mark.parametrize("name", FILES)
def test_what_we_signed_is_good(desk, left, name):
    answer = desk("verify", left / name, "--trust", left / "certificate.pem", "--json")

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["good"] is True


def test_what_is_good_is_said_in_sentences(desk, left):
    answer = desk("verify", left / FILES[0])

    assert answer.exit_code == 0
    assert "Not one byte was changed" in answer.stdout
    assert answer.stdout.endswith("Good.\n")


@pytest.mark.parametrize("part", [0.0, 0.1, 0.3, 0.5, 0.6, 0.9, 0.97, 0.999])
@pytest.mark.parametrize("name", [FILES[0], FILES[2]])
def test_one_changed_byte_anywhere_is_bad(desk, left, tmp_path, name, part):
    data = bytearray((left / name).read_bytes())
    data[int(part * len(data))] ^= 1
    changed = tmp_path / name
    changed.write_bytes(data)

    assert desk("verify", changed).exit_code == 1


def test_an_appended_revision_is_bad(desk, left, tmp_path):
    longer = tmp_path / "longer.pdf"
    longer.write_bytes((left / FILES[0]).read_bytes() + b"\n% and one thing more\n%%EOF\n")

    assert desk("verify", longer).exit_code == 1


def test_a_removed_attachment_is_bad(desk, left, tmp_path):
    fewer = tmp_path / "fewer.pdf"
    with pikepdf.open(left / FILES[1]) as pdf:
        del pdf.attachments[next(name for name in pdf.attachments if name.endswith(".wav"))]
        pdf.save(fewer)

    assert desk("verify", fewer).exit_code == 1


def test_a_certificate_of_somebody_else_is_not_trusted(desk, left, decade):
    answer = desk("verify", left / FILES[0], "--trust", decade.out / "certificate.pem")

    assert answer.exit_code == 1
    assert "that you do not trust" in answer.stdout


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 5000])
def test_a_file_that_is_no_bundle_is_bad(desk, tmp_path, content):
    other = tmp_path / "other.pdf"
    other.write_bytes(content)

    answer = desk("verify", other, "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["good"] is False


def test_two_hundred_megabytes_of_nothing_are_bad_within_seconds(desk, tmp_path):
    nothing = tmp_path / "zeros.pdf"
    with nothing.open("wb") as file:
        file.truncate(200_000_000)
    begun = time.monotonic()

    assert desk("verify", nothing).exit_code == 1
    assert time.monotonic() - begun < 10


def test_what_is_no_file_is_unusable(desk, tmp_path):
    for path in (tmp_path / "none.pdf", tmp_path):
        answer = desk("verify", path)

        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.startswith("There is no file")


def test_trust_in_what_is_no_certificate_is_unusable(desk, left, tmp_path):
    (tmp_path / "key.pem").write_text(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="utf-8"
    )
    (tmp_path / "empty.pem").write_bytes(b"")
    for path in (tmp_path / "key.pem", tmp_path / "empty.pem", left / FILES[0], tmp_path / "none.pem", tmp_path):
        answer = desk("verify", left / FILES[0], "--trust", path)

        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.count("\n") == 1


def test_an_exported_log_is_good(desk, left):
    answer = desk("audit", "verify", left / "audit", "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["good"] is True


def test_a_changed_entry_is_named(desk, left, tmp_path):
    folder = tmp_path / "audit"
    shutil.copytree(left / "audit", folder)
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"', b"'", 1)
    (folder / "entries.jsonl").write_bytes(b"".join(lines))

    answer = desk("audit", "verify", folder, "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["first_broken"] == 2


def test_a_shortened_log_is_bad(desk, left, tmp_path):
    folder = tmp_path / "audit"
    shutil.copytree(left / "audit", folder)
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "entries.jsonl").write_bytes(b"".join(lines[:-1]))

    assert desk("audit", "verify", folder).exit_code == 1


def test_a_log_that_is_not_there_is_unusable(desk, tmp_path):
    answer = desk("audit", "verify", tmp_path / "none")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1


def test_a_desk_without_settings_exports_nothing(desk, tmp_path):
    answer = desk("audit", "export", tmp_path / "log", "--settings", tmp_path / "none.toml")

    assert answer.exit_code == 2
    assert "none.toml" in answer.stderr
    assert not (tmp_path / "log").exists()


@pytest.fixture
def settings(tmp_path):
    """The settings of a desk of its own, whose log is still empty."""
    (tmp_path / "a desk").mkdir()
    written = tmp_path / "a desk" / "settings.toml"
    demonstration(written.parent, endpoint="http://127.0.0.1:9", public_url="https://desk.example").write(written)
    return written


def test_a_new_desk_s_log_begins_with_the_rules_it_uses(desk, settings, tmp_path):
    answer = desk("audit", "export", tmp_path / "log", "--settings", settings)

    assert answer.exit_code == 0, answer.stderr
    (first,) = (tmp_path / "log" / "entries.jsonl").read_text().splitlines()
    assert '"act":"edition_set_up"' in first
    assert desk("audit", "verify", tmp_path / "log").exit_code == 0


def test_a_desks_log_is_exported_verifies_and_is_never_written_over(desk, settings, tmp_path):
    own, at = open_desk(read(settings)), datetime.now(UTC)
    world = invent(at.date())
    stock_people(own, invented.customers(world), ())
    enact.file(own, six_month_warrant(Teller(world, at)), papers=(), by=CAST.clerk)

    first = desk("audit", "export", tmp_path / "log", "--settings", settings)
    again = desk("audit", "export", tmp_path / "log", "--settings", settings)

    assert (first.exit_code, again.exit_code) == (0, 2)
    assert "not empty" in again.stderr
    assert desk("audit", "verify", tmp_path / "log").exit_code == 0
