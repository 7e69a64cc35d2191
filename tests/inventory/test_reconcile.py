import csv
import json
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from a_bucket import SOUND, Bucket
from a_house import MARSH
from an_inventory import MADE_AT, delivered, row
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from test_events import DIGEST

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.database.tables import copies, recordings
from requests_portal.demo.settings import demonstration
from requests_portal.model.in_store import CataloguedVersion, Difference, Kind, StoredVersion, differences
from requests_portal.model.recording import Recording
from requests_portal.work.compare import FIRST, Listed, Tally, compare, entered_after

SIZE = len(SOUND)
EVERYTHING = Listed(made_at=MADE_AT, names_versions=True, every_version=True)
numbers = count(1)


def stored(key, version, size=9, *, latest=True, marker=False):
    return StoredVersion(key, version, size, latest, marker)


def known(key, version, size=9, *, id="r", recorded_at="2026-11-01T00:00:00.000000Z"):  # noqa: A002
    return CataloguedVersion(key, version, size, "0" * 64, id, recorded_at)


def compared(in_store, in_catalogue, listed=EVERYTHING):
    tally = Tally()
    return [(each.kind, each.key, each.version_id) for each in compare(in_store, in_catalogue, listed, tally)], tally


@pytest.mark.parametrize(
    ("in_store", "in_catalogue", "found"),
    [
        ([], [], []),
        ([stored("k", "1")], [known("k", "1")], []),
        ([stored("k", "1")], [], [(Kind.NOT_ENTERED, "1")]),
        ([], [known("k", "1")], [(Kind.MISSING, "1")]),
        ([stored("k", "1", 8)], [known("k", "1")], [(Kind.OTHER_SIZE, "1")]),
        ([stored("k", "1", latest=False), stored("k", "2")], [known("k", "1")], [(Kind.NEWER_VERSION, "2")]),
        ([stored("k", "2")], [known("k", "1")], [(Kind.VERSION_GONE, "1"), (Kind.NEWER_VERSION, "2")]),
        (
            [stored("k", "1", latest=False), stored("k", "m", 0, marker=True)],
            [known("k", "1")],
            [(Kind.DELETE_MARKER, "m")],
        ),
        ([stored("k", "m", 0, marker=True)], [known("k", "1")], [(Kind.DELETE_MARKER, "m"), (Kind.VERSION_GONE, "1")]),
        ([stored("k", "m", 0, marker=True)], [], [(Kind.DELETE_MARKER, "m")]),
        ([stored("k", "1", latest=False), stored("k", "m", 0, marker=True)], [], [(Kind.DELETE_MARKER, "m")]),
        ([stored("k", "m", 0, latest=False, marker=True), stored("k", "1")], [known("k", "1")], []),
        ([stored("k", "1"), stored("k", "2", latest=False)], [known("k", "1"), known("k", "2")], []),
        ([stored("k", "1"), stored("k", "2", latest=False)], [known("k", "1")], []),
        # A transcript or a copy is only known of.
        ([stored("k", "1"), stored("k", "2", latest=False)], [known("k", "1"), known("k", "2", -1)], []),
        ([stored("k", "2")], [known("k", "1", -1)], []),
        ([], [known("k", "1", -1)], []),
    ],
)
def test_each_way_in_which_the_two_differ_has_its_name(in_store, in_catalogue, found):
    assert compared(in_store, in_catalogue)[0] == [(kind, "k", version) for kind, version in found]


def test_both_are_walked_through_in_the_order_of_their_keys():
    in_store = [stored(key, "1") for key in "abdf\U0001f600"]
    in_catalogue = [known(key, "1") for key in "acdeg\uff5e"]

    found, tally = compared(in_store, in_catalogue)

    assert [(kind, key) for kind, key, _ in found] == [
        (Kind.NOT_ENTERED, "b"),
        (Kind.MISSING, "c"),
        (Kind.MISSING, "e"),
        (Kind.NOT_ENTERED, "f"),
        (Kind.MISSING, "g"),
        (Kind.MISSING, "\uff5e"),
        (Kind.NOT_ENTERED, "\U0001f600"),
    ]
    assert (tally.same, tally.recordings, tally.later) == (2, 6, 0)


def timed(moment):
    """A UUID of version 7, which begins with its moment."""
    text = f"{int(moment.timestamp() * 1000):012x}"
    return f"{text[:8]}-{text[8:]}-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("id_", "recorded_at", "after"),
    [
        (timed(MADE_AT + timedelta(seconds=1)), "2026-11-01T00:00:00.000000Z", True),
        (timed(MADE_AT - timedelta(seconds=1)), "2026-11-01T00:00:00.000000Z", False),
        ("recording-7", "2026-11-01T00:00:00.000000Z", False),
        ("recording-7", "2026-11-22T01:00:01.000000Z", True),
        ("9f0c4f0e-3b5a-5c1d-8000-000000000000", "2026-11-01T00:00:00.000000Z", False),
    ],
)
def test_what_was_catalogued_after_the_inventory_is_told_by_its_id(id_, recorded_at, after):
    assert entered_after(MADE_AT)(known("k", "1", id=id_, recorded_at=recorded_at)) is after


def test_what_was_catalogued_later_is_neither_missing_nor_outdated():
    late = {"recorded_at": "2026-11-22T09:00:00.000000Z"}
    in_store = [stored("a", "1", latest=True), stored("b", "1")]
    in_catalogue = [known("a", "1"), known("a", "2", **late), known("b", "2", **late), known("c", "1", **late)]

    found, tally = compared(in_store, in_catalogue)

    assert found == []
    assert (tally.later, tally.same) == (3, 0)


def test_an_inventory_without_its_moment_leaves_nothing_out():
    late = {"recorded_at": "2099-11-22T09:00:00.000000Z"}

    found, _ = compared([], [known("c", "1", **late)], replace(EVERYTHING, made_at=None))

    assert found == [(Kind.MISSING, "c", "1")]


def test_a_list_of_the_newest_versions_says_nothing_of_older_ones():
    newest = replace(EVERYTHING, every_version=False)

    found, _ = compared([stored("k", "2")], [known("k", "1")], newest)

    assert found == [(Kind.NEWER_VERSION, "k", "2")]


def test_a_list_without_versions_compares_what_it_has():
    nameless = Listed(made_at=None, names_versions=False, every_version=False)
    in_store = [stored("a", ""), stored("b", "", 8), stored("c", "")]

    found, tally = compared(in_store, [known("a", "1", 5), known("a", "2"), known("b", "1"), known("d", "1")], nameless)

    assert found == [(Kind.OTHER_SIZE, "b", "1"), (Kind.NOT_ENTERED, "c", ""), (Kind.MISSING, "d", "1")]
    assert tally.same == 1


def test_of_many_differences_the_first_are_kept():
    found, tally = compared([stored(f"{n:04}", "1") for n in range(500)], [])

    assert len(found) == tally.counts[Kind.NOT_ENTERED] == 500
    assert tally.first[Kind.NOT_ENTERED] == [Difference(Kind.NOT_ENTERED, f"{n:04}", "1", 9) for n in range(FIRST)]


VERSIONS = st.sampled_from("123")
LISTED = st.lists(
    st.builds(stored, st.sampled_from("abc"), VERSIONS, st.integers(8, 9), latest=st.booleans(), marker=st.booleans()),
    unique_by=lambda each: (each.key, each.version_id),
    max_size=9,
)
CATALOGUED = st.lists(
    st.builds(known, st.sampled_from("abc"), VERSIONS, st.sampled_from((9, 9, -1))),
    unique_by=lambda each: (each.key, each.version_id),
    max_size=9,
)


@given(in_store=LISTED, in_catalogue=CATALOGUED)
def test_walking_through_both_finds_what_looking_at_each_key_alone_finds(in_store, in_catalogue):
    alone = [
        (each.kind, each.key, each.version_id)
        for key in "abc"
        for each in differences(
            key, [c for c in in_catalogue if c.key == key], sorted(s for s in in_store if s.key == key)
        )
    ]

    found, tally = compared(sorted(in_store), sorted(in_catalogue))

    assert sorted(found) == sorted(alone)
    with_recordings = {each.key for each in in_catalogue if each.is_recording}
    assert tally.same == len(with_recordings - {key for _, key, _ in alone})
    assert tally.recordings == sum(each.is_recording for each in in_catalogue)


@pytest.fixture
def desk(tmp_path, database_url, endpoint, client):
    """A desk with a bucket of its own, and the command run on it."""
    bucket = Bucket(client)
    settings = replace(
        demonstration(tmp_path, endpoint=endpoint, public_url="https://desk.example"),
        recordings_bucket=bucket.name,
        database_url=database_url,
    )
    settings.write(tmp_path / "settings.toml")
    desk = open_desk(settings)

    def add(key, version, **changed):
        told = {"size": SIZE, "sha256": DIGEST, "recorded_at": MADE_AT - timedelta(days=9)} | changed
        recording = Recording(
            id=f"known-{next(numbers)}", account=MARSH.account, device="D", zone="UTC", key=key, version_id=version,
            media_type="audio/wav", **told,
        )  # fmt: skip
        with desk.outside.unit_of_work() as work:
            work.catalogue.add([recording])
        return recording

    def run(*arguments):
        return CliRunner().invoke(
            main, ["catalogue", *map(str, arguments), "--settings", str(tmp_path / "settings.toml")]
        )

    def reconcile(rows, *arguments, form="CSV"):
        folder = tmp_path / f"delivered-{next(numbers)}"
        path = delivered(folder, bucket.name, rows, form=form)
        return run("reconcile", path, "--json", *arguments)

    def catalogue():
        with desk.outside.reading() as work:
            rows = [each for each in work.in_store.by_key(bucket.objects.place) if each.is_recording]
        return {(each.key, each.version_id, each.size, each.sha256) for each in rows}

    yield SimpleNamespace(
        bucket=bucket, add=add, run=run, reconcile=reconcile, catalogue=catalogue, folder=tmp_path, desk=desk
    )
    desk.close()


@pytest.mark.parametrize("form", ["CSV", "Parquet"])
def test_an_inventory_beside_the_catalogue_names_everything_that_differs_and_changes_nothing(desk, form):
    desk.add("voice/same é", "1")
    desk.add("voice/missing", "1")
    desk.add("voice/later", "1", recorded_at=MADE_AT + timedelta(hours=3))
    desk.add("voice/size", "1")
    desk.add("voice/hidden", "1")
    heard = desk.add("voice/newer", "1", transcript_key="words/newer", transcript_version="7")
    with desk.desk.engine.begin() as connection:
        copy = {"recording_id": heard.id, "bucket": desk.bucket.name, "key": "training/1", "version_id": "1"}
        connection.execute(insert(copies).values(**copy, kind="training"))
    before = desk.catalogue()
    rows = [
        row("voice/same é", "1", SIZE),
        row("voice/size", "1", 7),
        row("voice/hidden", "1", SIZE, latest=False),
        row("voice/hidden", "m", 0, marker=True),
        row("voice/newer", "1", SIZE, latest=False),
        row("voice/newer", "2", SIZE),
        row("=voice/new", "1", SIZE),
        row("words/newer", "7", 5),
        row("training/1", "1", 5),
    ]

    ran = desk.reconcile(rows, "--lists", desk.folder / "lists.csv", form=form)

    assert ran.exit_code == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert not said["agrees"]
    assert said["inventory"]["rows"] == len(rows)
    assert said["inventory"]["made_at"] == MADE_AT.isoformat()
    assert (said["catalogued"], said["same"], said["later_than_inventory"]) == (6, 1, 1)
    assert said["adds"]["first"] == [{"kind": "not_entered", "key": "=voice/new", "version_id": "1", "size": SIZE}]
    assert said["changes"]["by_kind"] == {"newer_version": 1, "other_size": 1, "version_gone": 0}
    assert [each["key"] for each in said["missing"]["first"]] == ["voice/missing"]
    assert [each["key"] for each in said["delete_markers"]["first"]] == ["voice/hidden"]
    assert said["applied"] is None
    with (desk.folder / "lists.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.reader(file))
    assert listed[0] == ["kind", "key", "version_id", "size"]
    assert ["not_entered", "'=voice/new", "1", str(SIZE)] in listed
    assert len(listed) == 6
    assert desk.catalogue() == before
    assert json.loads(desk.run("unentered", "--json").stdout)["open"] == 0


def test_applied_it_enters_what_is_known_and_finds_the_rest_whatever_the_inventory_claims(desk):
    new, nameless = desk.bucket.put("voice/new"), desk.bucket.put("voice/nameless", account=None)
    there = desk.bucket.put("voice/there")
    desk.add("voice/there", there)
    desk.add("voice/gone", "1")
    before = desk.catalogue()
    # It leaves one out that is there, gives another a size that it has not, and names a third that is nowhere.
    rows = [
        row("voice/new", "a-version-of-its-own", 7),
        row("voice/nameless", nameless, SIZE),
        row("voice/never", "1", SIZE),
        row("voice/gone", "2", SIZE),
    ]

    ran = desk.reconcile(rows, "--apply")
    again = desk.reconcile(rows, "--apply")

    assert (ran.exit_code, again.exit_code) == (0, 0), ran.stderr
    assert json.loads(ran.stdout)["applied"] == {"entered": 1, "findings": 2, "unanswered": 0}
    assert json.loads(again.stdout)["applied"] == {"entered": 0, "findings": 2, "unanswered": 0}
    assert desk.catalogue() == before | {("voice/new", new, SIZE, DIGEST)}
    found = json.loads(desk.run("unentered", "--json").stdout)
    assert [(each["kind"], each["key"], each["reason"]) for each in found["findings"]] == [
        ("missing", "voice/gone", "missing"),
        ("not_entered", "voice/nameless", "metadata_missing"),
    ]
    said = desk.run("unentered").stdout
    assert "Findings that stand: 2." in said
    assert "voice/nameless: metadata_missing (account)" in said


def test_a_finding_of_what_is_no_longer_anywhere_is_looked_at_again_and_resolved(desk):
    gone = desk.add("voice/gone", "1")
    desk.reconcile([], "--apply")
    with desk.desk.engine.begin() as connection:
        connection.execute(delete(recordings).where(recordings.c.id == gone.id))

    ran = desk.reconcile([], "--apply")

    assert json.loads(ran.stdout)["agrees"]
    assert json.loads(desk.run("unentered", "--json").stdout)["open"] == 0


def test_the_log_says_that_an_inventory_was_applied(desk):
    desk.bucket.put("voice/new")

    desk.reconcile([row("voice/new", "1")], "--apply")

    with desk.desk.outside.reading() as work:
        entry = work.audit._newest("catalogue_reconciled", None, ("entered", 1))
    assert entry is not None


def test_an_inventory_of_another_bucket_is_refused(desk):
    path = delivered(desk.folder / "another", "somewhere-else", [row("voice/1", "1")])

    ran = desk.run("reconcile", path)

    assert ran.exit_code == 2
    assert "somewhere-else, where nothing is catalogued" in ran.stderr


def test_an_inventory_of_another_bucket_in_which_recordings_are_catalogued_is_compared(desk, client):
    other = Bucket(client)
    version = other.put("voice/1")
    other.put("voice/2")
    desk.add("voice/1", version, bucket=other.name)
    path = delivered(desk.folder / "another", other.name, [row("voice/1", version, SIZE), row("voice/2", "1")])

    ran = desk.run("reconcile", path, "--json", "--apply")

    said = json.loads(ran.stdout)
    assert (said["same"], said["adds"]["count"], said["applied"]["entered"]) == (1, 1, 1)
    with desk.desk.outside.reading() as work:
        assert [each.key for each in work.in_store.by_key(other.objects.place)] == ["voice/1", "voice/2"]
    assert desk.catalogue() == set()


def test_a_broken_inventory_leaves_the_report_unmade_and_the_catalogue_as_it_was(desk):
    desk.add("voice/1", "1")
    path = delivered(desk.folder / "broken", desk.bucket.name, [row("voice/1", "1")])
    data = next(path.parent.parent.glob("data/*"))
    data.write_bytes(data.read_bytes()[:-1] + b"!")

    ran = desk.run("reconcile", path, "--apply", "--lists", desk.folder / "lists.csv")

    assert ran.exit_code == 2
    assert "MD5" in ran.stderr
    assert ran.stdout == ""
    assert not (desk.folder / "lists.csv").exists()
    assert [each.name for each in (desk.folder / "scratch").iterdir()] == []


def test_a_store_that_is_away_is_said_and_asked_again_the_next_time(desk, monkeypatch):
    version = desk.bucket.put("voice/1", account=None)
    desk.reconcile([row("voice/1", version, SIZE)], "--apply")
    with monkeypatch.context() as away:
        away.setattr("requests_portal.storage.objects.ObjectsInStore.versions", _away)
        ran = desk.reconcile([row("voice/1", version, SIZE)], "--apply")

    again = desk.reconcile([row("voice/1", version, SIZE)], "--apply")

    assert ran.exit_code == 1
    assert json.loads(ran.stdout)["applied"] == {"entered": 0, "findings": 0, "unanswered": 1}
    assert json.loads(again.stdout)["applied"] == {"entered": 0, "findings": 1, "unanswered": 0}


def _away(*_):
    from requests_portal.storage.refusals import StoreUnavailable  # noqa: PLC0415

    raise StoreUnavailable("The store is away.")


def test_the_report_for_people_says_the_same(desk):
    desk.add("voice/missing\x1b[31m", "1")

    ran = desk.run("reconcile", delivered(desk.folder / "one", desk.bucket.name, [row("voice/new", "1")]))

    assert ran.exit_code == 0
    assert "1 in the store and not in the catalogue:" in ran.stdout
    assert "voice/missing?[31m (missing, version 1)" in ran.stdout
    assert "\x1b" not in ran.stdout
