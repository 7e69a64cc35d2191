"""A roster is taken whole or not at all, by the clock of each person's place."""

from datetime import UTC, datetime, timedelta

import pytest
from a_house import INES, ActingHouse

from requests_portal.errors import Forbidden, Unusable
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.duty import on_call
from requests_portal.roster_file import BadRoster, read_roster
from requests_portal.work.put_roster import put_roster

HEAD = "who,mail,webhook,from,until,zone,order"
IVAN = "ivan,ivan@example.test,,2026-11-28T18:00,2026-11-29T08:00,Europe/Dublin,1"


def read(tmp_path, *lines, head=HEAD, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes("\n".join([head, *lines, ""]).encode(encoding))
    return read_roster(path)


def test_a_duty_is_read_on_its_own_clock(tmp_path):
    duty = read(tmp_path, IVAN.replace("Europe/Dublin", "America/Los_Angeles")).duties[0]

    assert duty.begins == datetime(2026, 11, 29, 2, tzinfo=UTC)
    assert duty.ends == datetime(2026, 11, 29, 16, tzinfo=UTC)
    assert (duty.who, duty.addresses, duty.order) == ("ivan", ("ivan@example.test",), 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_empty_lines_and_a_byte_order_mark_are_nothing(tmp_path, encoding):
    assert len(read(tmp_path, "", IVAN, ",,,,,,", encoding=encoding).duties) == 1


def test_a_roster_of_nobody_leaves_the_old_one(tmp_path):
    with pytest.raises(Unusable, match="names nobody"):
        read(tmp_path)


def test_a_long_roster_is_read_at_once_and_one_that_is_too_long_is_refused(tmp_path):
    assert len(read(tmp_path, *[IVAN] * 2_000).duties) == 2_000
    with pytest.raises(Unusable, match="more than 20,000 lines"):
        read(tmp_path, *[IVAN.replace("Dublin", "Nowhere")] * 20_001)


@pytest.mark.parametrize(
    ("cell", "bad"),
    [
        ("ivan,", "Ivan Petrov,"),
        ("ivan@example.test", "ivan@example.test\tBcc: x@y.test"),
        ("ivan@example.test", "a@b.test;c@d.test"),
        ("ivan@example.test", ""),
        (",,2026", ",http://hooks.example/x,2026"),
        ("2026-11-28T18:00", "28.11.2026 18:00"),
        ("2026-11-28T18:00", "2026-02-30T18:00"),
        ("2026-11-29T08:00", "2026-11-28T18:00"),
        ("Europe/Dublin", "Mars/Olympus"),
        ("Europe/Dublin", "../etc/passwd"),
        (",1", ",0"),
        (",1", ",first"),
        (",1", ",1,2"),
        (",1", ""),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(tmp_path, cell, bad):
    with pytest.raises(BadRoster) as caught:
        read(tmp_path, IVAN, IVAN.replace(cell, bad, 1))

    assert list(caught.value.faults) == [3]
    assert "Line 3" in caught.value.sentence
    assert "@" not in caught.value.sentence


@pytest.mark.parametrize(
    ("head", "encoding"), [("name,mail", "utf-8"), ("", "utf-8"), (HEAD, "utf-16"), (HEAD + ",x", "utf-8")]
)
def test_a_file_that_is_no_roster_is_refused(tmp_path, head, encoding):
    with pytest.raises(Unusable):
        read(tmp_path, IVAN, head=head, encoding=encoding)


def test_an_unclosed_quote_is_refused(tmp_path):
    with pytest.raises(Unusable):
        read(tmp_path, '"ivan,x')


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        # The clocks go back: 01:30 is shown twice.
        ("America/Los_Angeles", "2026-11-01", "01:30"),
        ("Europe/Dublin", "2026-10-25", "01:30"),
        # The clocks go forward: 02:30 is never shown.
        ("America/Los_Angeles", "2026-03-08", "02:30"),
        ("Europe/Dublin", "2026-03-29", "01:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15"),
    ],
)
def test_a_hand_over_in_an_hour_that_a_clock_shows_twice_or_never_leaves_no_gap(tmp_path, zone, day, hour):
    moment = datetime.fromisoformat(f"{day}T{hour}")
    before, after = moment - timedelta(hours=12), moment + timedelta(hours=12)
    duties = read(
        tmp_path,
        f"early,e@example.test,,{before:%Y-%m-%dT%H:%M},{day}T{hour},{zone},1",
        f"late,l@example.test,,{day}T{hour},{after:%Y-%m-%dT%H:%M},{zone},1",
    ).duties

    at, end = duties[0].begins, duties[1].ends
    assert duties[1].begins <= duties[0].ends
    while at < end:
        assert any(each.begins <= at < each.ends for each in on_call(duties, at)), at
        at += timedelta(minutes=5)


def test_an_import_replaces_the_roster_and_is_in_the_log(engine, tmp_path):
    house = ActingHouse(engine)
    first, second = read(tmp_path, IVAN, IVAN), read(tmp_path, IVAN.replace("ivan", "olga"))

    for each in (first, second):
        house.act(put_roster, each.duties, sha256=each.sha256, by=COMMAND_LINE)

    with house.ledger.reading() as work:
        assert [each.who for each in work.roster.all()] == ["olga"]
        assert work.roster.all()[0] == second.duties[0]
    entry = house.log()[-1]
    assert (entry["act"], entry["numbers"], entry["digests"]) == (
        "roster_imported",
        {"duties": 1},
        {"roster": second.sha256},
    )


def test_nobody_but_an_operator_changes_the_roster(house, tmp_path):
    found = read(tmp_path, IVAN)

    with pytest.raises(Forbidden):
        house.act(put_roster, found.duties, sha256=found.sha256, by=INES)
