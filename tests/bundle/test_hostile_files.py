"""What verify says of hostile files: a verdict that is not good, soon, in little memory, for every one of them."""

import json
import re
import subprocess
import sys

import pytest
from bundle_samples import a_bundle, written
from forge import Forge
from hostile_files import Good, all_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_portal.bundle import verify

PIECES = (
    b"endobj\n",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"/AF",
    b" 0 R",
    b"stream\n",
    b"xref\n",
    b"%%EOF\n",
    b"/Prev 9",
    b"null",
)
SECONDS, MEGABYTES, AT_LEAST = 10, 500, 200
JUDGE = """
import json, re, sys, time
from pathlib import Path
from requests_portal.bundle import verify
trust = [Path(sys.argv[1]).read_bytes()]
for path in map(Path, sys.argv[2:] or sys.stdin.read().split()):
    began = time.perf_counter()
    verdict = verify(path, trust=trust)
    sentences = [check.sentence for check in verdict.failed]
    # What the kernel counts for a process as its largest includes what its parent had when it began; this does not.
    peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text()).group(1)) // 1024
    print(json.dumps([path.name, verdict.good, sentences, time.perf_counter() - began, peak]))
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory, key) -> Good:
    folder = tmp_path_factory.mktemp("good")
    written(a_bundle(1, 1), key, folder / "bundle.pdf")
    written(a_bundle(1, 0), key, folder / "other.pdf")
    return Good((folder / "bundle.pdf").read_bytes(), (folder / "other.pdf").read_bytes(), key)


def judged(folder, key) -> list[tuple[str, bool, list[str], float, int]]:
    """Verify all files of a folder in one process of its own, whose memory counts."""
    (folder / "trust.pem").write_bytes(key.certificate_pem)
    names = "\n".join(str(path) for path in sorted(folder.glob("*.pdf")))
    said = subprocess.run(
        [sys.executable, "-c", JUDGE, folder / "trust.pem"], input=names, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory, good):
    folder = tmp_path_factory.mktemp("hostile")
    names = {}
    for number, (name, data) in enumerate(all_files(good)):
        path = folder / f"{number:04d}.pdf"
        path.write_bytes(data)
        names[path.name] = name, hash(data)
    return [(*names[file], *rest) for file, *rest in judged(folder, good.key)]


def test_there_are_at_least_two_hundred_different_hostile_files(verdicts):
    assert len({content for _, content, *_ in verdicts}) >= AT_LEAST
    assert len({name for name, *_ in verdicts}) == len(verdicts)


def test_no_hostile_file_is_good(verdicts):
    assert [name for name, _, is_good, *_ in verdicts if is_good] == []


def test_every_hostile_file_is_answered_with_a_sentence_that_shows_all_its_characters(verdicts):
    assert [name for name, _, _, said, *_ in verdicts if not said or not said[0].endswith(".")] == []
    assert [name for name, _, _, said, *_ in verdicts if not "".join(said).isprintable()] == []


def test_every_hostile_file_is_answered_within_ten_seconds_and_500_mb(verdicts):
    assert [(name, seconds) for name, _, _, _, seconds, _ in verdicts if seconds > SECONDS] == []
    assert max(peak for *_, peak in verdicts) < MEGABYTES


def test_a_bundle_taken_apart_and_put_together_unchanged_is_good(good, tmp_path):
    (tmp_path / "same.pdf").write_bytes(Forge.of(good.data, good.key).sealed())

    assert verify(tmp_path / "same.pdf", trust=[good.key.certificate_pem]).good


def test_huge_files_that_take_no_room_on_disk_are_answered_as_well(good, tmp_path):
    with (tmp_path / "nothing-behind.pdf").open("wb") as file:
        file.write(good.data)
        file.truncate(3 << 30)
    before, behind = with_a_recording_of(600 << 20, Forge.of(good.data, good.key))
    with (tmp_path / "nothing-in-a-recording.pdf").open("wb") as file:
        file.write(before)
        file.seek(600 << 20, 1)
        file.write(behind)

    inside, after = judged(tmp_path, good.key)[::-1]

    assert "larger than 2 GB" in after[2][0]
    assert "changed after it was signed" in inside[2][0]
    assert max(inside[3], after[3]) < SECONDS
    assert max(inside[4], after[4]) < MEGABYTES


def with_a_recording_of(size: int, forge: Forge) -> tuple[bytes, bytes]:
    """Return what stands before and behind the bytes of such a recording, with all places right."""
    recording = forge.number(b"/Subtype/audio#2Fwav")
    forge.replace_file(b"RIFF", lambda _: b"")
    forge.objects[recording] = forge.objects.pop(recording).replace(b"/Length 0", b"/Length %d" % size)
    before, _, behind = forge.unsealed().rpartition(b"stream\n\nendstream")
    table = int(behind[behind.rindex(b"startxref") + 9 :].split()[0])
    behind = behind.replace(b"startxref\n%d" % table, b"startxref\n%d" % (table + size))
    reach = re.search(rb"/ByteRange\[0 \d+ \d+ (\d+)", before)
    longer = b"%d" % (int(reach[1]) + size + len(b"startxref\n%d" % (table + size)) - len(b"startxref\n%d" % table))
    before = before[: reach.start(1)] + longer + before[reach.start(1) + len(longer) :]
    return before + b"stream\n", b"\nendstream" + behind


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(st.binary(max_size=12), st.sampled_from(PIECES))),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_is_cut_out_or_put_in_the_file_is_not_good_any_more(good, tmp_path, edits):
    data = good.data
    for where, cut, put in edits:
        at = int(where * len(data))
        data = data[:at] + put + data[at + cut :]
    path = tmp_path / "mutated.pdf"
    path.write_bytes(data)

    assert verify(path, trust=[good.key.certificate_pem]).good == (data == good.data)
