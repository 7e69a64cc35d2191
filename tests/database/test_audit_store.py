from concurrent.futures import ThreadPoolExecutor

import pytest
from a_house import INES, JUNIPER, MAYA, NOW
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from requests_portal.audit_log.entry import commit
from requests_portal.database.audit_store import entries, newest_checkpoint

CHANGES = {
    "update": """UPDATE audit_entries SET entry = 'forged' WHERE "index" = 0""",
    "update of all": "UPDATE audit_checkpoints SET text = 'forged'",
    "delete": """DELETE FROM audit_entries WHERE "index" = 0""",
    "delete of a checkpoint": "DELETE FROM audit_checkpoints",
    "insert over an entry": """INSERT INTO audit_entries ("index", entry) VALUES (0, 'forged')""",
    "insert over a checkpoint": "INSERT INTO audit_checkpoints (size, text) VALUES (1, 'forged')",
}
SQLITE_ONLY = {
    "insert or replace": """INSERT OR REPLACE INTO audit_entries ("index", entry) VALUES (0, 'forged')""",
    "replace a checkpoint": "REPLACE INTO audit_checkpoints (size, text) VALUES (1, 'forged')",
    "upsert": """INSERT INTO audit_entries ("index", entry) VALUES (0, 'forged')
                 ON CONFLICT ("index") DO UPDATE SET entry = 'forged'""",
}
POSTGRESQL_ONLY = {
    "truncate": "TRUNCATE audit_entries",
    "truncate of checkpoints": "TRUNCATE audit_checkpoints",
    "upsert": """INSERT INTO audit_entries ("index", entry) VALUES (0, 'forged')
                 ON CONFLICT ("index") DO UPDATE SET entry = 'forged'""",
}


def one_act(house, number=1):
    house.act(lambda work: work.audit.add("looked", by=MAYA, numbers={"number": number}))


def refuses(house, statement):
    with house.engine.connect() as connection:
        try:
            connection.execute(text(statement))
            connection.commit()
        except DBAPIError:
            return True
    return False


@pytest.mark.parametrize("change", CHANGES)
def test_a_recorded_entry_cannot_be_changed(any_house, change):
    one_act(any_house)
    before = any_house.dump()

    assert refuses(any_house, CHANGES[change])
    assert any_house.dump() == before


def test_each_database_s_own_ways_to_overwrite_are_refused_too(any_house):
    one_act(any_house)
    before = any_house.dump()
    more = SQLITE_ONLY if any_house.engine.dialect.name == "sqlite" else POSTGRESQL_ONLY

    assert {change for change, statement in more.items() if not refuses(any_house, statement)} == set()
    assert any_house.dump() == before


def test_a_connection_of_somebody_else_cannot_replace_an_entry(house):
    """Without our pragmas a REPLACE deletes silently, so the insert itself is refused."""
    one_act(house)
    foreign = create_engine(house.engine.url)

    with foreign.connect() as connection, pytest.raises(DBAPIError, match="only grows"):
        connection.execute(text(SQLITE_ONLY["insert or replace"]))


def test_eight_threads_append_twenty_acts_each_and_the_log_is_dense_and_sound(any_house):
    def twenty(thread):
        for number in range(20):
            one_act(any_house, thread * 100 + number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(twenty, range(8)))

    numbers = sorted(entry["numbers"]["number"] for entry in any_house.log())
    assert numbers == sorted(thread * 100 + number for thread in range(8) for number in range(20))
    assert any_house.log_is_sound()


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(any_house):
    def fails(work):
        work.audit.add("looked", by=MAYA)
        raise RuntimeError

    one_act(any_house)
    with pytest.raises(RuntimeError):
        any_house.act(fails)
    one_act(any_house)

    assert any_house.acts() == ["looked", "looked"]
    assert any_house.log_is_sound()


def test_what_is_private_enters_the_log_as_a_commitment_that_its_salt_opens(any_house):
    any_house.act(lambda work: work.audit.add("noted", by=MAYA, private={"reason": "The judge called."}))

    (entry,) = any_house.log()
    ((index, field, salt, value),) = any_house.dump()["audit_private"]
    assert (index, field, value) == (0, "reason", "The judge called.")
    assert entry["commitments"] == {"reason": commit(bytes(salt), "reason", "The judge called.")}


def test_erasing_what_was_private_leaves_the_log_sound(any_house):
    any_house.act(lambda work: work.audit.add("noted", by=MAYA, private={"reason": "The judge called."}))

    with any_house.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_private"))

    assert any_house.log_is_sound()


def test_a_customer_acts_in_the_log_under_a_commitment_only(any_house):
    any_house.act(lambda work: work.audit.add("asked", by=JUNIPER))

    (entry,) = any_house.log()
    assert entry["role"] == "customer"
    assert "juniper" not in str(entry).lower()


def test_several_acts_of_one_transaction_share_its_checkpoint(any_house):
    def two(work):
        work.audit.add("first", by=INES)
        work.audit.add("second", by=INES)

    any_house.act(two)

    assert [size for size, _ in any_house.dump()["audit_checkpoints"]] == [2]


def test_looking_writes_nothing(any_house):
    with any_house.ledger.reading() as work:
        work.drafts.put("a draft", {"title": "typed"}, by=INES, at=NOW)
        work.audit.add("looked", by=INES)

    assert any_house.log() == []
    assert any_house.dump()["drafts"] == []


def test_entries_are_read_from_one_index_to_another(any_house):
    for number in range(5):
        one_act(any_house, number)

    with Session(any_house.engine) as session:
        assert len(list(entries(session, start=1, end=3))) == 2
        assert newest_checkpoint(session).splitlines()[1] == "5"
