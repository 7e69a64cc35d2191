"""The auditor's pages: the log, checked as it stands, with every entry's proof; nothing here changes it."""

import io
import re
import zipfile

import pytest
from a_casework import ADA, INES, JUNIPER, MAYA
from an_account import VKEY, Account
from sqlalchemy import text

from requests_portal.audit_log.checkpoint import Vkey, parse_and_verify
from requests_portal.audit_log.proof import InclusionProof, verify_proof
from requests_portal.audit_log.verify import verify


@pytest.fixture
def desk(tmp_path):
    """A warrant and an access request, both filed: seven entries and more."""
    desk = Account(tmp_path)
    desk.warrant()
    desk.access_request()
    return desk


@pytest.fixture
def ada(desk):
    return desk.visit(ADA)


def checked(ada) -> str:
    """What the page says after Verify now."""
    ada.send("/audit/verify", page="/audit")
    return ada.open("/audit").main


def tamper(desk, statement: str, **values) -> None:
    """Change the table behind the log's back, as whoever holds the database could."""
    with desk.engine.connect() as connection:
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    with desk.engine.begin() as connection:
        for name in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement), values)


def size(desk) -> int:
    return desk.rows_in("audit_entries")


def test_an_untouched_log_is_intact_and_says_how_long_it_is_and_when_it_was_checked(desk, ada):
    assert "not checked in this session" in ada.open("/audit").main

    assert f"Log intact: {size(desk)} entries, checked 09:30" in checked(ada)
    assert "The newest checkpoint is signed by log.example-voice.test." in ada.open("/audit").main


def test_a_changed_entry_is_named(desk, ada):
    ada.send("/audit/verify", page="/audit")
    last = size(desk) - 1
    forge = """UPDATE audit_entries SET entry = CAST(replace(CAST(entry AS TEXT), :was, :forged) AS BLOB)
               WHERE "index" = :index"""
    tamper(desk, forge, was='"act":"case_assessed"', forged='"act":"case_decided"', index=last)

    page = checked(ada)

    # The transaction of the access request made two entries, so the checkpoint tells them apart no further.
    assert "The log is broken" in page
    assert f"Between entry {last - 1} and entry {last} something was changed" in page


def test_bytes_that_are_no_entry_are_named_and_the_log_can_still_be_read(desk, ada):
    tamper(desk, """UPDATE audit_entries SET entry = 'nonsense' WHERE "index" = 1""")

    page = checked(ada)

    assert "First broken: entry 0" in page or "First broken: entry 1" in page
    assert "Entry 1 is not in the log's form." in page
    assert "Not in the log's form" in page


def test_a_removed_entry_is_named(desk, ada):
    tamper(desk, 'DELETE FROM audit_entries WHERE "index" = 2')

    page = checked(ada)

    assert "First broken: entry 2" in page
    assert "Entry 2 is missing." in page


def test_a_log_cut_at_its_end_is_noticed(desk, ada):
    last = size(desk) - 1
    tamper(desk, 'DELETE FROM audit_entries WHERE "index" = :last', last=last)

    assert f"The entries from {last} on are missing: {last + 1} were signed." in checked(ada)


def test_an_entry_that_was_never_signed_is_noticed(desk, ada):
    end = size(desk)
    tamper(
        desk,
        'INSERT INTO audit_entries ("index", entry) SELECT :end, entry FROM audit_entries WHERE "index" = 0',
        end=end,
    )

    assert f"Entry {end} and what follows was never signed." in checked(ada)


def test_a_checkpoint_signed_by_another_key_is_noticed(desk, ada):
    tamper(
        desk,
        "UPDATE audit_checkpoints SET text = replace(text, '— log.example-voice.test u', '— log.example-voice.test v')",
    )

    assert "The log is broken" in checked(ada)


def test_entries_are_listed_newest_first(desk, ada):
    numbers = [int(n) for n in re.findall(r'<a href="/audit/(\d+)"><span', ada.open("/audit").html)]

    assert numbers == list(range(size(desk) - 1, -1, -1))


def test_entries_can_be_chosen_by_act(ada):
    page = ada.open("/audit?act=case_received")

    assert len(re.findall(r"<tr data-row>", page.html)) == 2
    assert "<b>Request received</b>" in page.html
    assert "<b>Assessed</b>" not in page.html


def test_entries_can_be_chosen_by_case(desk, ada):
    page = ada.open("/audit?case=LE-2026-0001")

    rows = re.findall(r"<tr data-row>.*?</tr>", page.html, re.DOTALL)
    assert 0 < len(rows) < size(desk)
    assert all("LE-2026-0001" in row for row in rows)
    assert "No entry matches." in ada.open("/audit?case=LE-2026-9999").main


def test_an_entry_carries_a_proof_that_anyone_can_check(desk, ada):
    page = ada.open("/audit/1")

    proof = InclusionProof(
        entry=re.search(r'canonical">(.*?)</p>', page.html)[1].replace("&#34;", '"').encode(),
        index=1,
        size=size(desk),
        hashes=tuple(bytes.fromhex(each) for each in re.findall(r'<li class="digest">([0-9a-f]{64})</li>', page.html)),
        checkpoint=ada.open("/audit/checkpoint").html,
    )
    assert verify_proof(proof, Vkey.parse(VKEY)).good
    assert "The newest checkpoint covers this entry" in page.main


def test_an_entry_that_is_not_there_is_not_found(desk, ada):
    assert ada.open(f"/audit/{size(desk)}").status == 404


def test_the_checkpoint_is_the_signed_text(desk, ada):
    answer = ada.open("/audit/checkpoint")

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert parse_and_verify(answer.html, Vkey.parse(VKEY)).checkpoint.size == size(desk)


def test_the_exported_log_is_found_good_by_the_offline_check(ada, tmp_path):
    answer = ada.open("/audit/export.zip")

    zipfile.ZipFile(io.BytesIO(answer.bytes)).extractall(tmp_path / "out")
    assert verify(tmp_path / "out" / "audit-log", vkey=VKEY).good


def test_a_broken_log_is_not_exported_as_if_it_were_whole(desk, ada):
    tamper(desk, 'DELETE FROM audit_entries WHERE "index" = 2')

    assert ada.open("/audit/export.zip").status == 422


def test_a_customer_is_nowhere_named_in_the_log(ada):
    pages = [ada.open(path) for path in ("/audit", *(f"/audit/{n}" for n in range(6)))]

    assert not any("juniper" in page.main.lower() for page in pages)


@pytest.mark.parametrize("who", [INES, MAYA, JUNIPER], ids=lambda actor: actor.id)
def test_the_log_is_for_auditors(desk, who):
    paths = ("/audit", "/audit/1", "/audit/checkpoint", "/audit/export.zip")

    assert [desk.visit(who).open(path).status for path in paths] == [403, 403, 403, 403]


def test_looking_adds_nothing_to_the_log(desk, ada):
    before = size(desk)

    for path in ("/audit", "/audit/1", "/audit/checkpoint", "/audit/export.zip"):
        ada.open(path)
    checked(ada)

    assert size(desk) == before
