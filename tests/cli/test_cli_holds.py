"""`desk holds`: whether the store holds what it must, and other numbers of accounts from a CSV."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest
from moto.server import ThreadedMotoServer

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.app import open_desk
from requests_portal.demo.settings import demonstration
from requests_portal.model.case import Case, CaseState, Requester, Track
from requests_portal.model.hold import Hold
from requests_portal.model.recording import Recording
from requests_portal.settings import read
from requests_portal.stock import make_store
from requests_portal.work.tell_store import tell_store

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def settings(tmp_path, endpoint):
    demonstration(tmp_path, endpoint=endpoint, public_url="https://desk.example").write(tmp_path / "settings.toml")
    return tmp_path / "settings.toml"


@pytest.fixture
def two_held(settings):
    """A live hold on two recordings that the store has; the desk's door to the store, and their versions."""
    with closing(open_desk(read(settings))) as desk:
        make_store(desk)
        store = desk.outside.store
        stored = [store.put(f"voice/{n}", b"voice", media_type="audio/wav") for n in range(2)]
        case = Case(
            id="c",
            reference="LE-2026-0001",
            track=Track.LEGAL_DEMAND,
            title="Warrant",
            state=CaseState.RECEIVED,
            requester=Requester(name="Deputy R. Pinecone"),
            received_at=AT,
            zone="UTC",
            language="en",
            facts={},
        )
        made = [
            Recording(
                id=f"r{n}",
                account="A-1",
                device="HR2",
                recorded_at=AT,
                zone="UTC",
                key=f"voice/{n}",
                version_id=each.version_id,
                size=each.size,
                sha256=each.sha256,
                media_type="audio/wav",
            )
            for n, each in enumerate(stored)
        ]
        with desk.outside.unit_of_work() as work:
            work.catalogue.add(made)
            work.cases.add(case)
            hold = Hold(id="h", case="c", placed_at=AT, expires_at=None)
            work.holds.add(hold, [Scope(frozenset({"A-1"}), EVERY, EVERY, ALWAYS)])
        tell_store(desk.outside, "h")
        yield store, [(each.key, each.version_id) for each in made]


def test_a_store_that_holds_everything_is_said_to(desk, settings, two_held):
    answer = desk("holds", "check", "--settings", settings, "--json")

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {
        "disagreements": [],
        "counted": {"holds": 1, "versions": 2, "held": 2, "disagree": 0},
    }


def test_what_the_store_does_not_hold_is_named_and_the_command_fails(desk, settings, two_held):
    store, versions = two_held
    store.release_hold(*versions[1])

    answer = desk("holds", "check", "--settings", settings)

    assert answer.exit_code == 1
    assert "r1 under hold h: the store says not_held." in answer.stdout
    assert "1 live holds, 2 versions: 1 held, 1 not." in answer.stdout


def aliases(desk, settings, text, who="ines"):
    path = settings.with_name("pairs.csv")
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return desk("holds", "aliases", path, "--entered-by", who, "--settings", settings)


def test_aliases_are_entered_by_nobody_who_does_not_work_here(desk, settings):
    answer = aliases(desk, settings, "account,alias\nA-1,B-7\n", who="somebody")

    assert answer.exit_code == 2
    assert "Nobody who works here" in answer.stderr


def test_aliases_are_entered_once(desk, settings):
    first = aliases(desk, settings, "account,alias\nA-1,B-7\nB-7,C-9\n")
    again = aliases(desk, settings, "\ufeffaccount,alias\r\nB-7,A-1\r\n")

    assert (first.exit_code, first.stdout) == (0, "2 aliases entered, 0 known already.\n")
    assert again.stdout == "0 aliases entered, 1 known already.\n"
    with closing(open_desk(read(settings))) as opened, opened.outside.reading() as work:
        assert work.aliases.of(["C-9"]) == {"A-1", "B-7", "C-9"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The first line"),
        ("alias,account\nA,B\n", "The first line"),
        ("account,alias\nA-1,B-7\nA-1\n", "Line 3"),
        ("account,alias\nA-1,B-7\nA-1,A-1\n", "Line 3"),
        ('account,alias\nA-1,"B-7\n', "no UTF-8 CSV"),
        (b"account,alias\nA-1,\xff\n", "no UTF-8 CSV"),
        ("account,alias\nA-1," + "B" * 2000 + "\n", "Line 2"),
    ],
)
def test_a_file_with_one_bad_line_enters_nothing_and_names_it(desk, settings, text, says):
    answer = aliases(desk, settings, text)

    assert answer.exit_code == 2
    assert says in answer.stderr
    with closing(open_desk(read(settings))) as opened, opened.outside.reading() as work:
        assert work.aliases.of(["A-1"]) == {"A-1"}
