"""What a walkthrough leaves, over recordings that nobody here has seen before."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from acting import BUNDLES, JUNIPER, REACHED, row, text_of, voice, write

from requests_portal.audit_log.verify import verify as verify_log
from requests_portal.bundle import verify

LEFT = {
    "access-request.pdf",
    "audit",
    "certificate.pem",
    "legal-demand.pdf",
    "objection-letter.pdf",
    "papers",
    "summary.json",
}
KEYS = {
    "reference",
    "track",
    "demanded",
    "proposed",
    "produced",
    "withheld",
    "due",
    "bundle_sha256",
    "bates",
    "seconds",
}


@pytest.fixture(params=["of_every_kind", "crowd", "decade"])
def left(request):
    return request.getfixturevalue(request.param)


def test_what_is_left_is_what_is_promised(left):
    assert {each.name for each in left.out.iterdir()} == LEFT
    assert left.summary.keys() == {"book", "cases"}
    assert [case.keys() for case in left.summary["cases"]] == [KEYS, KEYS]
    assert [each.name for each in left.out.parent.iterdir() if each.name.startswith(f".{left.out.name}")] == []


def test_every_file_that_is_left_verifies(left):
    certificate = (left.out / "certificate.pem").read_bytes()

    for name in (*BUNDLES, "objection-letter.pdf"):
        assert verify(left.out / name, trust=(certificate,)).good
    assert verify_log(left.out / "audit").good


def test_the_numbers_agree_with_each_other_and_with_the_bundles(left):
    for case, name in zip((left.demand, left.access), BUNDLES, strict=True):
        first, last = (int(each.rpartition("-")[2]) for each in case["bates"])
        numbered = {each["bates"] for each in json.loads(left.files(name)["manifest.json"])["files"] if each["bates"]}

        assert case["demanded"] >= case["proposed"] >= case["produced"]
        assert case["withheld"] == case["demanded"] - case["produced"]
        assert case["produced"] == len(left.recordings(name))
        assert last - first + 1 == len(numbered)
        assert case["bundle_sha256"] == hashlib.sha256((left.out / name).read_bytes()).hexdigest()
        assert datetime.fromisoformat(case["due"]).utcoffset() is not None
        assert all(seconds >= 0 for seconds in case["seconds"].values())


def test_the_access_request_gives_the_customer_each_of_their_recordings_and_nobody_elses(left):
    mine = left.of(JUNIPER)

    assert left.recordings("access-request.pdf") == left.digests_of(mine)
    assert left.access["withheld"] == 0


def test_the_demand_gives_only_recordings_of_its_half_year_and_account(left):
    mine = left.of(JUNIPER)
    newest = datetime.fromisoformat(mine[-1]["recorded_at"]).astimezone(UTC)
    half_a_year = [each for each in mine if newest - datetime.fromisoformat(each["recorded_at"]) < timedelta(days=181)]

    assert left.demand["demanded"] >= len(half_a_year)
    assert set(left.recordings("legal-demand.pdf")) <= set(left.digests_of(half_a_year))


def test_half_a_year_of_a_decade_is_two_quarters(decade):
    assert decade.demand["demanded"] in {2, 3}
    assert decade.demand["produced"] == 1


def test_more_than_five_hundred_recordings_of_one_minute_all_leave(crowd):
    assert crowd.demand["demanded"] == crowd.demand["produced"] == 520
    assert crowd.access["bates"] == ["EXV-500000001", "EXV-500000521"]


def test_a_customer_never_receives_another_customers_words(of_every_kind):
    everything = b"".join(of_every_kind.files("access-request.pdf").values())

    assert "QUINCE-OF-ANOTHER" not in text_of(of_every_kind.out / "access-request.pdf")
    assert b"QUINCE-OF-ANOTHER" not in everything


def test_the_customer_learns_which_recordings_a_person_heard_and_where_nobody_knows(of_every_kind):
    log = next(data for name, data in of_every_kind.files("access-request.pdf").items() if "human_review_log" in name)
    rows = [line.split(",") for line in log.decode().splitlines()[1:]]
    said = {"true": "yes", "false": "no", "": "not stated"}

    assert [each[2] for each in rows] == [said[each["human_reviewed"]] for each in of_every_kind.of(JUNIPER)]
    assert all(each[3] == "not stated" for each in rows if each[2] == "yes")


def test_words_in_any_script_stand_in_the_bundle(of_every_kind):
    words = text_of(of_every_kind.out / "access-request.pdf")

    assert "the neighbour's parrot" in words
    assert "<b>bold</b> & {braces} %s" in words


def test_nothing_but_this_machine_is_reached(of_every_kind):
    assert set(REACHED) <= {"127.0.0.1", "::1", "localhost"}
    assert REACHED


def test_the_demonstrations_recordings_serve_where_no_manifest_is_given(desk, tmp_path):
    first = desk("walkthrough", tmp_path / "invented")

    assert first.exit_code == 0, first.stderr
    assert {each.name for each in (tmp_path / "invented").iterdir()} == LEFT


def test_a_second_walkthrough_takes_the_place_of_the_first_even_over_a_single_recording(desk, tmp_path):
    voice(tmp_path / "only.wav")
    manifest = write(tmp_path, [row("only.wav", datetime.now(UTC).isoformat())])
    out = tmp_path / "twice over"

    first = desk("walkthrough", out, "--recordings", manifest)
    before = (out / "summary.json").read_text(encoding="utf-8")
    (out / "papers" / "stale.pdf").write_bytes(b"stale")
    second = desk("walkthrough", out, "--recordings", manifest)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (out / "summary.json").read_text(encoding="utf-8") != before
    assert not (out / "papers" / "stale.pdf").exists()
    assert {each.name for each in out.iterdir()} == LEFT
