import os
import subprocess
import sys

import pytest
from a_log import NAME, KeyInMemory, Log, an_entry

from requests_portal.audit_log.checkpoint import Checkpoint, sign
from requests_portal.audit_log.entry import encode
from requests_portal.audit_log.export import export
from requests_portal.audit_log.tree import Tree, leaf_hash
from requests_portal.audit_log.verify import verify
from requests_portal.errors import Conflict, Unusable


def failed(verdict) -> dict[str, str]:
    return {check.id: check.sentence for check in verdict.checks if not check.passed}


def rewrite(folder, lines):
    (folder / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def test_an_exported_log_is_good(log, tmp_path):
    folder = log.exported(tmp_path / "a log")

    verdict = verify(folder, vkey=str(log.vkey), older=[log.checkpoint(size) for size in range(24)])

    assert verdict.good
    assert (verdict.size, verdict.root, verdict.first_broken) == (23, log.tree.root(23).hex(), None)
    assert len(verdict.checks) == 6 + 24


def test_an_empty_log_is_good(log, tmp_path):
    folder = Log(key=log.key, entries=[]).exported(tmp_path / "log")

    assert verify(folder, older=[log.checkpoint(0)]).good


def test_a_key_that_came_with_the_log_is_said_to_prove_little(log, tmp_path):
    verdict = verify(log.exported(tmp_path / "log"))

    assert "compare it" in next(check.sentence for check in verdict.checks if check.id == "key")


def test_every_single_changed_byte_is_found_and_named(log, tmp_path):
    folder = log.exported(tmp_path / "log")
    for index in (0, 11, 22):
        for at in range(0, len(log.entries[index]), 7):
            changed = bytearray(log.entries[index])
            changed[at] ^= 1
            rewrite(folder, [*log.entries[:index], bytes(changed), *log.entries[index + 1 :]])

            verdict = verify(folder)

            assert not verdict.good
            assert verdict.first_broken == index


def test_a_well_formed_but_different_entry_is_found_and_named(log, tmp_path):
    folder = log.exported(tmp_path / "log")
    rewrite(folder, [*log.entries[:9], encode(an_entry(9, words={"disposition": "refuse"})), *log.entries[10:]])

    verdict = verify(folder)

    assert verdict.first_broken == 9
    assert failed(verdict) == {
        "root": "The entry at index 9 is not the one that was signed there: it was changed or moved."
    }


@pytest.mark.parametrize(
    ("change", "index", "words"),
    [
        (lambda lines: lines[:5] + lines[6:], 5, "taken out"),
        (lambda lines: lines[1:], 0, "taken out"),
        (lambda lines: lines[:-1], 22, "missing"),
        (lambda _: [], 0, "missing"),
        (lambda lines: [*lines[:5], encode(an_entry(99)), *lines[5:]], 5, "put in"),
        (lambda lines: [*lines, encode(an_entry(99))], 23, "something was added"),
        (lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]], 5, "changed places"),
        (lambda lines: [lines[-1], *lines[1:-1], lines[0]], 0, "changed or moved"),
        (lambda lines: [*lines[:5], b"x" * 20_000, *lines[5:]], 5, "put in"),
    ],
    ids=["one removed", "first removed", "last removed", "all", "inserted", "appended", "swapped", "far swap", "long"],
)
def test_an_entry_removed_added_or_moved_is_found_and_named(log, tmp_path, change, index, words):
    folder = log.exported(tmp_path / "log")
    rewrite(folder, change(log.entries))

    verdict = verify(folder)

    assert verdict.first_broken == index
    assert words in failed(verdict)["root"] or "longer than an entry" in failed(verdict)["entries"]


def test_an_older_checkpoint_shows_a_log_rewritten_and_signed_anew_by_its_own_key(log, tmp_path):
    # The insider: holds the key, changes entry 9, and signs everything again.
    older = [log.checkpoint(8), log.checkpoint(12)]
    log.entries[9] = encode(an_entry(9, words={"disposition": "refuse"}))
    folder = log.exported(tmp_path / "log")

    verdict = verify(folder, vkey=str(log.vkey), older=older)

    assert verify(folder, vkey=str(log.vkey)).good
    assert failed(verdict) == {
        "older-2": "Within the first 12 entries something is not as the older checkpoint had it."
    }


def test_an_older_checkpoint_shows_that_the_log_was_cut(log, tmp_path):
    older = log.checkpoint()
    log.entries.pop()

    verdict = verify(log.exported(tmp_path / "log"), older=[older])

    assert "covers 23 entries, but only 22" in failed(verdict)["older-1"]


def test_two_checkpoints_of_one_size_with_two_roots_are_noticed(log, tmp_path):
    split_view = sign(Checkpoint(origin=NAME, size=23, root=Tree([leaf_hash(b"x")]).root(1)), log.key, NAME)

    assert list(failed(verify(log.exported(tmp_path / "log"), older=[split_view]))) == ["older-1"]


def test_an_older_checkpoint_of_another_key_or_another_log_is_refused(log, tmp_path):
    foreign_key = Log(key=KeyInMemory(8), entries=log.entries).checkpoint(5)
    foreign_log = sign(Checkpoint(origin="other.test", size=5, root=log.tree.root(5)), log.key, NAME)

    verdict = verify(log.exported(tmp_path / "log"), older=[foreign_key, foreign_log, "nonsense"])

    assert list(failed(verdict)) == ["older-1", "older-2", "older-3"]


def test_a_log_under_another_key_than_the_one_given_is_refused(log, tmp_path):
    other = Log(key=KeyInMemory(8), entries=log.entries)

    verdict = verify(other.exported(tmp_path / "log"), vkey=str(log.vkey))

    assert {"key", "checkpoint"} <= failed(verdict).keys()


@pytest.mark.parametrize("name", ["entries.jsonl", "hashes.txt", "checkpoint", "log.vkey"])
@pytest.mark.parametrize("how", ["missing", "link", "pipe", "folder", "empty", "not text"])
def test_a_missing_or_foreign_file_is_said_so(log, tmp_path, name, how):
    folder = log.exported(tmp_path / "log")
    path = folder / name
    kept = path.rename(tmp_path / "kept")
    if how == "link":
        path.symlink_to(kept)
    elif how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    elif how != "missing":
        path.write_bytes(b"" if how == "empty" else b"\xff\xfe\x00" * 9)

    verdict = verify(folder, vkey=str(log.vkey), older=[log.checkpoint(5)])

    assert not verdict.good
    assert (how in {"empty", "not text"}) or name in failed(verdict)["files"]


@pytest.mark.parametrize(
    "change",
    [bytes.upper, lambda hashes: hashes[65:], lambda hashes: hashes + hashes[:65]],
    ids=["case", "less", "more"],
)
def test_a_changed_list_of_leaf_hashes_is_said_so(log, tmp_path, change):
    folder = log.exported(tmp_path / "log")
    hashes = (folder / "hashes.txt").read_bytes()
    (folder / "hashes.txt").write_bytes(change(hashes))

    assert list(failed(verify(folder))) == ["hashes"]


def test_entries_and_hashes_changed_together_do_not_pass(log, tmp_path):
    folder = log.exported(tmp_path / "log")
    log.entries[4] = encode(an_entry(4, numbers={}))
    other = log.exported(tmp_path / "other")
    for name in ("entries.jsonl", "hashes.txt"):
        (folder / name).write_bytes((other / name).read_bytes())

    assert list(failed(verify(folder))) == ["root", "hashes"]


def test_a_hostile_folder_is_refused_in_little_memory(log, tmp_path):
    folder = log.exported(tmp_path / "log")
    for name in ("entries.jsonl", "hashes.txt", "checkpoint", "log.vkey"):
        with (folder / name).open("wb") as file:
            file.truncate(8 << 30)
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom requests_portal.audit_log.verify import verify\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({1 << 30}, {1 << 30}))\n"
        "sys.exit(verify(Path(sys.argv[1]), vkey=sys.argv[2]).good)"
    )

    run = subprocess.run([sys.executable, "-c", script, folder, str(log.vkey)], check=False, timeout=60)

    assert run.returncode == 0


def test_no_folder_and_no_key_are_unusable_rather_than_bad(log, tmp_path):
    for call in (
        lambda: verify(tmp_path / "nowhere"),
        lambda: verify(log.exported(tmp_path / "log"), vkey="not a key"),
    ):
        with pytest.raises(Unusable):
            call()


def test_an_export_that_does_not_give_the_checkpoints_root_leaves_nothing_behind(log, tmp_path):
    with pytest.raises(Unusable, match="nothing was exported"):
        export(iter(log.entries[:-1]), log.checkpoint(), str(log.vkey), tmp_path / "log")

    assert list(tmp_path.iterdir()) == []


def test_an_export_never_overwrites(log, tmp_path):
    log.exported(tmp_path / "log")

    with pytest.raises(Conflict):
        log.exported(tmp_path / "log")


def test_the_readme_of_an_export_gives_commands_that_work(log, tmp_path):
    folder = log.exported(tmp_path / "log")
    command = next(line for line in (folder / "README.txt").read_text().splitlines() if "sha256sum" in line)

    shown = subprocess.run(
        ["sh", "-c", command.split("  equals")[0].strip()], cwd=folder, capture_output=True, text=True, check=True
    )

    assert shown.stdout.split()[0] == (folder / "hashes.txt").read_text().splitlines()[0]
