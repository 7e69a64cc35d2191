"""What the queue sorts and counts a case by, kept on its row by the database itself in the transaction that changes it.

That is when its answer is due, which a clock tells, and how far its newest production is. Read anew for each of ten
thousand cases, the two would cost more than everything else of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A column of `cases`: what is read for it, and which columns of which table that depends on."""

    column: str
    read: str
    table: str
    columns: str


_KEPT = (
    _Kept(
        column="answer_due",
        read="(SELECT due FROM clocks WHERE case_id = cases.id AND name = 'answer' AND met_at IS NULL)",
        table="clocks",
        columns="case_id, name, due, met_at",
    ),
    _Kept(
        column="production_state",
        read="(SELECT state FROM productions WHERE case_id = cases.id ORDER BY number DESC LIMIT 1)",
        table="productions",
        columns="case_id, number, state",
    ),
)


def read_what_is_there(connection: Connection) -> None:
    """Keep it of every case that there is."""
    read = ", ".join(f"{each.column} = {each.read}" for each in _KEPT)
    # A row that stays as it is would be written anew, with the whole case in it.
    connection.execute(text(f"UPDATE cases SET {read} WHERE {_differs(connection)}"))  # noqa: S608 — no value of anybody's is in it


def cases_that_differ(connection: Connection) -> int:
    """How many cases are kept otherwise than reading tells, in one statement that locks nobody out."""
    query = f"SELECT count(*) FROM cases WHERE {_differs(connection)}"  # noqa: S608 — same
    return int(connection.execute(text(query)).scalar_one())


def keep_reading(connection: Connection) -> None:
    """Make the triggers that keep it."""
    for statement in _on_sqlite() if connection.dialect.name == "sqlite" else _on_postgresql():
        connection.execute(text(statement))


def _differs(connection: Connection) -> str:
    other_than = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"{each.column} {other_than} {each.read}" for each in _KEPT)


def _on_sqlite() -> Iterator[str]:
    for each in _KEPT:
        events = {
            "entered": ("INSERT", "NEW.case_id"),
            "left": ("DELETE", "OLD.case_id"),
            "changed": (f"UPDATE OF {each.columns}", "OLD.case_id, NEW.case_id"),
        }
        for name, (event, which) in events.items():
            # A row that stays as it is would be written anew, with the whole case in it.
            changes = f"id IN ({which}) AND {each.column} IS NOT {each.read}"
            yield (
                f"CREATE TRIGGER cases_{each.column}_{name} AFTER {event} ON {each.table} "  # noqa: S608 — same
                f"BEGIN UPDATE cases SET {each.column} = {each.read} WHERE {changes}; END"
            )
    # Whatever a new row claims, nothing is known of it yet.
    claims = " OR ".join(f"NEW.{each.column} IS NOT NULL" for each in _KEPT)
    nothing = ", ".join(f"{each.column} = NULL" for each in _KEPT)
    yield (
        f"CREATE TRIGGER cases_standing_entered AFTER INSERT ON cases WHEN {claims} "  # noqa: S608 — same
        f"BEGIN UPDATE cases SET {nothing} WHERE id = NEW.id; END"
    )


def _on_postgresql() -> Iterator[str]:
    for each in _KEPT:
        which = "id IN (OLD.case_id, NEW.case_id)"
        # Whoever changes the case just now is waited for, and what they changed is seen by the statement after.
        lock = f"PERFORM 1 FROM cases WHERE {which} ORDER BY id FOR NO KEY UPDATE;"
        changes = f"{which} AND {each.column} IS DISTINCT FROM {each.read}"
        keep = f"UPDATE cases SET {each.column} = {each.read} WHERE {changes};"  # noqa: S608 — same
        yield from _trigger(
            f"cases_{each.column}",
            f"AFTER INSERT OR DELETE OR UPDATE OF {each.columns} ON {each.table}",
            f"{lock} {keep} RETURN NULL;",
        )
    # Whatever a new row claims, nothing is known of it yet.
    nothing = " ".join(f"NEW.{each.column} := NULL;" for each in _KEPT)
    yield from _trigger("cases_standing", "BEFORE INSERT ON cases", f"{nothing} RETURN NEW;")


def _trigger(name: str, event: str, body: str) -> Iterator[str]:
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    yield f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()"
