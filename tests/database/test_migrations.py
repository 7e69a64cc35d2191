from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from requests_portal.database import schema
from requests_portal.database.engine import connect
from requests_portal.database.tables import metadata


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
