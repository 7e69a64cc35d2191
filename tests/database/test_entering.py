"""What waits is entered once, and what the catalogue holds is never overwritten: on SQLite and on PostgreSQL."""

import json
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest
from a_house import MARSH, marsh_recordings
from sqlalchemy import select

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.database import entering
from requests_portal.database.catalogue import as_columns
from requests_portal.database.entering import compare, enter
from requests_portal.database.tables import copies, recordings
from requests_portal.database.waiting_lines import Refusal, waiting, waiting_lines
from requests_portal.errors import Away
from requests_portal.model.recording import SpeakerSpan

KNOWN = marsh_recordings()[0]
COPY = ["training", "c/1", "9", "training"]


def new(number, **told):
    """A recording that the catalogue does not know, as a line says it."""
    return replace(KNOWN, id="", key=f"voice/new-{number}", **told)


def a_line(line, recording, *listed):
    return (line, "", json.dumps(listed) if listed else "", *as_columns(recording).values())


@contextmanager
def waiting_for(house, *lines):
    with waiting_lines(house.engine) as them:
        them.add([line if isinstance(line, tuple) else a_line(number, line) for number, line in enumerate(lines, 2)])
        yield them


def entered(lines):
    ids = count(1)
    return sum(enter(lines, lambda: f"new-{next(ids)}"))


def catalogued(house):
    with house.ledger.reading() as work:
        return {each.key: each for each in work.catalogue.find(Scope(EVERY, EVERY, EVERY, ALWAYS))}


def test_new_lines_are_entered_whole_with_their_copies_under_the_customer_s_pseudonym(any_house):
    told = new(1, account="A-1", seconds=2.5, speakers=(SpeakerSpan(start=0.0, end=1.5, label="visitor"),))

    with waiting_for(any_house, new(2), a_line(9, told, COPY)) as lines:
        assert lines.settle_repeated() + compare(lines) == 0
        assert entered(lines) == 2

    found = catalogued(any_house)
    one = found["voice/new-1"]
    assert one == replace(told, id=one.id, pseudonym=one.pseudonym)
    assert found["voice/new-2"].pseudonym == found[KNOWN.key].pseudonym
    assert one.pseudonym not in {"", found[KNOWN.key].pseudonym}
    with any_house.engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(select(copies))] == [(one.id, *COPY)]


def test_what_is_known_already_changes_nothing_and_what_it_leaves_open_is_no_contradiction(any_house):
    before = any_house.dump()["recordings"]
    bare = replace(KNOWN, transcript="", speakers=None)

    with waiting_for(any_house, KNOWN, bare) as lines:
        assert lines.settle_repeated() == 0
        assert (lines.refused, lines.waiting) == (1, 1)
        assert compare(lines) == 1
        assert entered(lines) == 0
    with waiting_for(any_house, bare) as lines:
        assert compare(lines) == 1

    assert any_house.dump()["recordings"] == before


@pytest.mark.parametrize(
    ("column", "otherwise"),
    [
        ("account", "A-51862-3"),
        ("device", "HR9"),
        ("zone", "UTC"),
        ("size", 4601),
        ("sha256", "0" * 64),
        ("media_type", "audio/flac"),
        ("transcript", "set two timers"),
        ("speakers", ()),
        ("seconds", 2.5),
        ("false_wake", True),
    ],
)
def test_a_contradiction_is_refused_by_its_column_and_the_catalogue_stays(any_house, column, otherwise):
    before = any_house.dump()["recordings"]

    with waiting_for(any_house, replace(KNOWN, **{column: otherwise}), new(1)) as lines:
        assert compare(lines) == 0
        wrong = list(lines.refusals())
        assert entered(lines) == 1

    # Nobody is nobody only where it is said: an empty list of speakers contradicts one who speaks.
    assert wrong == [Refusal(line=2, column=column, fault=entering.OTHERWISE)]
    assert [row for row in any_house.dump()["recordings"] if "voice/new-1" not in row] == before


def test_a_copy_that_the_catalogue_does_not_know_is_refused(any_house):
    with waiting_for(any_house, a_line(2, KNOWN, COPY)) as lines:
        compare(lines)

        assert [each.column for each in lines.refusals()] == ["copies"]


def test_numbers_that_are_written_otherwise_are_the_same(any_house):
    columns = as_columns(KNOWN) | {"speakers": '[{"label":"account holder","start":0.0,"end":1.0}]'}

    with waiting_for(any_house, (2, "", "", *columns.values())) as lines:
        assert compare(lines) == 1
        assert lines.refused == 0


def test_of_lines_about_one_object_the_first_is_entered_and_another_word_is_refused(any_house):
    with waiting_for(any_house, new(1), new(1), new(1, size=9, zone="UTC"), new(2)) as lines:
        assert lines.settle_repeated() == 1
        wrong = {(each.line, each.column) for each in lines.refusals()}
        assert entered(lines) == 2

    assert wrong == {(4, "size"), (4, "zone")}
    assert catalogued(any_house)["voice/new-1"].size == KNOWN.size


def test_what_somebody_else_enters_meanwhile_is_compared_then(any_house, monkeypatch):
    monkeypatch.setattr(entering, "ENTERED", 2)
    with waiting_for(any_house, *(new(number) for number in range(5))) as lines:
        compare(lines)
        any_house.act(lambda work: work.catalogue.add([new(1, size=9), replace(new(3), id="theirs")]))

        assert entered(lines) == 3
        assert [(each.line, each.column) for each in lines.refusals()] == [(3, "size")]

    assert catalogued(any_house)["voice/new-3"].id == "theirs"


def test_an_import_that_ends_half_way_leaves_whole_transactions_and_is_taken_up_again(any_house, monkeypatch):
    monkeypatch.setattr(entering, "ENTERED", 2)
    told = [new(number) for number in range(5)]
    with waiting_for(any_house, *told) as lines:
        next(enter(lines, iter("abcde").__next__))
    assert len(catalogued(any_house)) == len(marsh_recordings()) + 1 + 2

    with waiting_for(any_house, *told) as lines:
        assert compare(lines) == 2
        assert entered(lines) == 3

    assert {f"voice/new-{number}" for number in range(5)} <= catalogued(any_house).keys()


def test_lines_are_entered_in_the_order_in_which_the_catalogue_lies(any_house):
    told = [new(number, account=account) for number, account in enumerate(("A-3", "A-1", "A-2"))]

    with waiting_for(any_house, *told) as lines:
        entered(lines)

    by_account = {each.account: each.id for each in catalogued(any_house).values() if each.id.startswith("new")}
    assert by_account == {"A-1": "new-1", "A-2": "new-2", "A-3": "new-3"}


def test_what_waits_is_seen_by_nobody_else_and_leaves_nothing(any_house):
    with waiting_for(any_house, new(1)) as lines, any_house.engine.connect() as other:
        assert lines.waiting == 1
        assert not other.dialect.has_table(other, waiting.name)

    with waiting_lines(any_house.engine) as again:
        assert again.waiting == 0
    assert MARSH.account in {row[1] for row in any_house.dump()[recordings.name]}


def enter_on_a_full_disk(house, told):
    with waiting_for(house, *told) as lines:
        pages = lines.connection.exec_driver_sql("PRAGMA main.page_count").scalar()
        lines.connection.exec_driver_sql(f"PRAGMA main.max_page_count = {pages}")
        lines.connection.commit()
        entered(lines)


def test_a_full_disk_ends_the_import_with_a_sentence_and_nothing_half_entered(house):
    before = house.dump()["recordings"]
    long = [new(number, transcript="and then she said " * 2000) for number in range(20)]

    with pytest.raises(Away, match="full"):
        enter_on_a_full_disk(house, long)

    assert house.dump()["recordings"] == before
