import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from requests_portal.database import schema
from requests_portal.database.engine import connect
from requests_portal.database.tables import metadata

# What it says of the order of titles on SQLite: there the two cannot be compared.
pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index")


def ours(_name, kind, _parents):
    return kind != "table" or _name in metadata.tables


def test_the_migrations_make_exactly_the_tables(engine):
    schema.prepare(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}


@pytest.mark.parametrize("kind", ["pk", "fk", "uq"])
def test_the_migrated_tables_have_every_constraint_by_its_name(engine, kind):
    schema.prepare(engine)

    found = inspect(engine)
    for table in metadata.sorted_tables:
        wanted = {str(each.name) for each in table.constraints if str(each.name).startswith(f"{kind}_")}
        names = {
            "pk": lambda name: {found.get_pk_constraint(name)["name"]},
            "fk": lambda name: {each["name"] for each in found.get_foreign_keys(name)},
            "uq": lambda name: {each["name"] for each in found.get_unique_constraints(name)},
        }[kind](table.name)
        assert names == wanted


def test_the_newest_step_is_the_one_that_prepare_stops_at(engine):
    with engine.connect() as connection:
        steps = ScriptDirectory.from_config(schema._steps(connection))

        assert steps.get_heads() == [schema.HEAD]


def test_a_database_that_is_up_to_date_is_left_as_it_is(engine, monkeypatch):
    schema.prepare(engine)
    monkeypatch.setattr(schema.command, "upgrade", lambda *_: pytest.fail("nothing was to be done"))

    schema.prepare(engine)


def test_a_step_that_fails_leaves_nothing_behind(engine, monkeypatch):
    from requests_portal.database import append_only  # noqa: PLC0415 — what the first step ends with

    monkeypatch.setattr(append_only, "TABLES", ("no_such_table",))
    with pytest.raises(Exception, match="no_such_table"):
        schema.prepare(engine)

    assert inspect(engine).get_table_names() == []


def test_processes_that_start_at_once_take_turns(database_url):
    """Each has an engine of its own, as processes do; Alembic itself works in one of them at a time."""
    first, second = connect(database_url), connect(database_url)
    with first.begin() as busy:
        if first.dialect.name == "postgresql":
            busy.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": schema.MIGRATION_LOCK})
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(schema.prepare, second)
            command_done = waiting.done()
            busy.commit()
            waiting.result(timeout=30)

    assert not command_done
    assert inspect(first).has_table("cases")
    first.dispose()
    second.dispose()


def an_earlier_database(engine, revision):
    """A database as an earlier release of the portal left it."""
    with engine.begin() as connection:
        schema.command.upgrade(schema._steps(connection), revision)


A_RELEASE = (
    """INSERT INTO productions (id, case_id, number, state, version, body) VALUES ('p', 'c', 1, 'released', 0, '{}')""",
    """INSERT INTO releases (id, production, recipient, token_sha256, expires_at, "by", at)
    VALUES ('r', 'p', 'Deputy R. Pinecone', 't', '2026-12-07', 'maya', '2026-11-23')""",
    """INSERT INTO receipts (id, release, document, at, first_byte, last_byte)
    VALUES (7, 'r', 'bundle', '2026-11-24', 0, 99)""",
)
A_CASE = (
    "INSERT INTO cases (id, reference, track, state, received_at, title, organisation, law, disposition, objections, "
    "questions, version, body) VALUES ('c', 'LE-2026-0001', 'legal_demand', 'answered', '2026-11-20', '', '', '', '', "
    "0, 0, 0, '{}')"
)


def test_a_release_from_before_pins_keeps_its_receipts_and_is_its_recipient_s_first_issue(engine):
    an_earlier_database(engine, "0002")
    with engine.begin() as connection:
        for statement in (A_CASE, *A_RELEASE):
            connection.execute(text(statement))

    schema.prepare(engine)

    with engine.connect() as connection:
        (release,) = connection.execute(text("SELECT recipient, issue, live, pin_hash, wrong_pins FROM releases"))
        (receipt,) = connection.execute(text("SELECT id, release, last_byte FROM receipts"))
    assert tuple(release) == ("Deputy R. Pinecone", 1, 1, "", 0)
    assert tuple(receipt) == (7, "r", 99)


A_RECORDING = (
    "INSERT INTO recordings (id, account, device, recorded_at, zone, key, version_id, size, sha256, media_type, "
    "transcript, speakers, reviews, false_wake) VALUES (:id, :account, 'HR2', :at, 'UTC', :id, 'v1', 4600, :id, "
    "'audio/wav', 'set a timer', 'null', '[]', false)"
)
RECORDED = (
    {"id": "later", "account": "A-1", "at": "2026-03-15T04:00:00.000000Z"},
    {"id": "other", "account": "A-2", "at": "2026-03-14T04:00:00.000000Z"},
    {"id": "first", "account": "A-1", "at": "2026-03-13T04:00:00.000000Z"},
)
HELD_AND_COPIED = (
    "INSERT INTO holds (id, case_id, placed_at) VALUES ('h', 'c', '2026-11-20T10:00:00.000000Z')",
    "INSERT INTO held_recordings (hold_id, recording_id, state) VALUES ('h', 'later', 'placed')",
    "INSERT INTO copies (recording_id, bucket, key, version_id, kind) VALUES ('first', 'b', 'k', 'v', 'training')",
)


def test_what_was_catalogued_before_is_laid_in_order_with_its_holds_and_copies_and_a_name_for_each_customer(engine):
    an_earlier_database(engine, "0007")
    with engine.begin() as connection:
        connection.execute(text(A_RECORDING), RECORDED)
        for statement in (A_CASE, *HELD_AND_COPIED):
            connection.execute(text(statement))

    schema.prepare(engine)

    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text("SELECT id, pseudonym, seconds FROM recordings"))]
        named = dict(tuple(row) for row in connection.execute(text("SELECT account, pseudonym FROM pseudonyms")))
        held = connection.execute(text("SELECT hold_id, recording_id, state FROM held_recordings")).all()
        copied = connection.execute(text("SELECT recording_id, key, kind FROM copies")).all()
    assert rows == [("first", named["A-1"], None), ("later", named["A-1"], None), ("other", named["A-2"], None)]
    assert [len(name) for name in named.values()] == [20, 20]
    assert held == [("h", "later", "placed")]
    assert copied == [("first", "k", "training")]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("DELETE FROM recordings WHERE id = 'later'"))


def test_a_production_s_items_move_into_rows_of_their_own_in_their_order(engine):
    an_earlier_database(engine, "0013")
    items = [{"bates": f"EXV-00000000{n}", "recording": f"r{n}", "classes": ["audio"]} for n in (1, 2, 3)]
    body = json.dumps({"id": "p", "items": items, "number": 1})
    with engine.begin() as connection:
        connection.execute(text(A_CASE))
        for name, number, kept in (("p", 1, body), ("letter", 2, "{}")):
            values = {"id": name, "number": number, "body": kept}
            connection.execute(
                text(
                    "INSERT INTO productions (id, case_id, number, state, version, body) "
                    "VALUES (:id, 'c', :number, 'gathered', 0, :body)"
                ),
                values,
            )

    schema.prepare(engine)

    with engine.connect() as connection:
        rows = connection.execute(text("SELECT position, recording, body FROM production_items ORDER BY position"))
        assert [(at, recording, json.loads(kept)) for at, recording, kept in rows] == [
            (at, f"r{at + 1}", item) for at, item in enumerate(items)
        ]
        kept = connection.execute(text("SELECT id, body FROM productions ORDER BY number")).all()
    assert [(name, json.loads(body)) for name, body in kept] == [
        ("p", {"id": "p", "items": [], "number": 1}),
        ("letter", {}),
    ]
