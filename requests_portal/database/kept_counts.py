"""How many recordings each day has, kept by the database itself in the transaction that changes them.

A row counts the recordings of one account, device and UTC day that are hidden from their customer or not, and on which
the same voices are heard. Whatever enters, erases or deletes recordings changes it; a row that counts none is gone.
"""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, text

from requests_portal.model.recording import ACCOUNT_HOLDER, VOICE

# Nobody has established who is heard, and: only reading tells.
NOBODY_KNOWS, TO_READ = "null", "read"
KEY = ("account", "device", "day", "hidden", "voices")
SUMS = ("many", "bytes", "microseconds", "unknown_lengths")
_COLUMNS = ", ".join((*KEY, *SUMS))
_ADD = ", ".join(f"{name} = recording_days.{name} + excluded.{name}" for name in SUMS)
_UPSERT = f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {_ADD}"


def voices_in(speakers: str) -> str:
    """SQL that tells who is heard by how the named column of speakers is written.

    It is the labels of the rule book's words, each followed by a comma, without the account holder's; a label that the
    rule book has no word for is "unknown". `NOBODY_KNOWS` and `TO_READ` stand for what their names say.
    """
    alone = _without(ACCOUNT_HOLDER, speakers)
    left = _without(VOICE, alone)
    strange, heard = f"replace({left}, '\"label\":\"', '')", []
    for label in sorted(VOICE):
        there = f"replace({speakers}, '{_written(label)}', '') <> {speakers}"
        is_strange = f" OR {strange} <> {left}" if VOICE[label] == "unknown" else ""
        heard.append(f"CASE WHEN {there}{is_strange} THEN '{label},' ELSE '' END")
    return (
        f"CASE WHEN {speakers} = '{NOBODY_KNOWS}' THEN '{NOBODY_KNOWS}' "
        # Most are of the account holder alone, and each recording that is entered is asked.
        f"WHEN replace({alone}, 'label', '') = {alone} THEN '' "
        f"WHEN replace({strange}, 'label', '') <> {strange} THEN '{TO_READ}' ELSE {' || '.join(heard)} END"
    )


def count_what_is_there(connection: Connection) -> None:
    """Count every recording that the catalogue has."""
    rows = _counted("recordings", _is_hidden("r.id"), 1)
    connection.execute(text(f"INSERT INTO recording_days ({_COLUMNS}) {rows}"))


def days_that_differ(connection: Connection, *, after: str | None = None, upto: str | None = None) -> int:
    """On how many days of a device the kept counts differ, of the accounts after one up to another.

    It is one statement, so that what is kept and what is read are of one moment, and it locks nobody out.
    """
    bounds = {"account > :after": after, "account <= :upto": upto}
    within = " AND ".join(["true", *(each for each, bound in bounds.items() if bound is not None)])
    there = _counted(f"(SELECT * FROM recordings WHERE {within})", _is_hidden("r.id"), 1)  # noqa: S608 — same
    query = f"""
        WITH kept AS (SELECT {_COLUMNS} FROM recording_days WHERE {within}), there ({_COLUMNS}) AS ({there})
        SELECT count(*) FROM (
            SELECT account, device, day FROM (SELECT * FROM kept EXCEPT SELECT * FROM there) AS too_much
            UNION
            SELECT account, device, day FROM (SELECT * FROM there EXCEPT SELECT * FROM kept) AS too_little
        ) AS differing"""  # noqa: S608 — same
    values = {name: bound for name, bound in (("after", after), ("upto", upto)) if bound is not None}
    return int(connection.execute(text(query), values).scalar_one())


def keep_counting(connection: Connection) -> None:
    """Make the triggers that keep the counts."""
    for statement in _on_sqlite() if connection.dialect.name == "sqlite" else _on_postgresql():
        connection.execute(text(statement))


def _without(labels: Iterable[str], speakers: str) -> str:
    for label in sorted(labels):
        speakers = f"replace({speakers}, '{_written(label)}', '')"
    return speakers


def _written(label: str) -> str:
    return f'"label":{json.dumps(label)}'


def _is_hidden(recording_id: str) -> str:
    return f"EXISTS (SELECT 1 FROM erasures e WHERE e.recording_id = {recording_id})"  # noqa: S608 — same


def _quantities(sign: int) -> tuple[str, ...]:
    lengths = f"CAST(round(coalesce(r.seconds, 0) * {sign * 1_000_000}) AS BIGINT)"
    return f"{sign}", f"{sign} * r.size", lengths, f"CASE WHEN r.seconds IS NULL THEN {sign} ELSE 0 END"


def _key(hidden: str) -> str:
    return f"r.account, r.device, substr(r.recorded_at, 1, 10), {hidden}, {voices_in('r.speakers')}"


def _counted(source: str, hidden: str, sign: int) -> str:
    """Rows of `recording_days` for what the source has; always in one order, so that no two writers wait crosswise."""
    sums = ", ".join(f"sum({each})" for each in _quantities(sign))
    return f"SELECT {_key(hidden)}, {sums} FROM {source} r GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5"  # noqa: S608 — same


def _on_sqlite() -> list[str]:
    def changed(source: str, hidden: str, sign: int) -> str:
        row = f"SELECT {_key(hidden)}, {', '.join(_quantities(sign))} FROM {source} r WHERE true"  # noqa: S608 — same
        return f"INSERT INTO recording_days ({_COLUMNS}) {row} {_UPSERT};"

    def gone(source: str, hidden: str) -> str:
        of = f"SELECT {_key(hidden)} FROM {source} r"  # noqa: S608 — same
        return f"DELETE FROM recording_days WHERE many = 0 AND ({', '.join(KEY)}) IN ({of});"  # noqa: S608 — same

    names = ("id", "account", "device", "recorded_at", "speakers", "size", "seconds")
    new, old = (f"(SELECT {', '.join(f'{row}.{name} AS {name}' for name in names)})" for row in ("NEW", "OLD"))
    erased, spared = (
        f"(SELECT * FROM recordings WHERE id = {row}.recording_id)"  # noqa: S608 — same
        for row in ("NEW", "OLD")
    )
    hidden = _is_hidden("r.id")
    entered, left = changed(new, hidden, 1), changed(old, hidden, -1) + gone(old, hidden)
    events = {
        "entered": ("INSERT ON recordings", entered),
        "deleted": ("DELETE ON recordings", left),
        "changed": (f"UPDATE OF {', '.join(names)} ON recordings", left + entered),
        "erased": ("INSERT ON erasures", changed(erased, "0", -1) + gone(erased, "0") + changed(erased, "1", 1)),
        "spared": ("DELETE ON erasures", changed(spared, "1", -1) + gone(spared, "1") + changed(spared, "0", 1)),
    }
    return [
        f"CREATE TRIGGER recording_days_{name} AFTER {event} BEGIN {body} END" for name, (event, body) in events.items()
    ]


def _on_postgresql() -> list[str]:
    def changed(source: str, hidden: str, sign: int) -> str:
        return f"INSERT INTO recording_days ({_COLUMNS}) {_counted(source, hidden, sign)} {_UPSERT};"

    def gone(source: str) -> str:
        of = f"SELECT account, device, substr(recorded_at, 1, 10) FROM {source} r"  # noqa: S608 — same
        return f"DELETE FROM recording_days WHERE many = 0 AND (account, device, day) IN ({of});"  # noqa: S608 — same

    hidden = _is_hidden("r.id")
    entered, left = changed("entered", hidden, 1), changed("gone", hidden, -1) + gone("gone")
    theirs = "(SELECT r.* FROM recordings r JOIN {0} e ON e.recording_id = r.id)"
    # Whoever changes or deletes one of these just now is waited for.
    lock = "PERFORM 1 FROM recordings r JOIN {0} e ON e.recording_id = r.id ORDER BY r.id FOR SHARE OF r;"
    erased, spared = theirs.format("entered"), theirs.format("gone")
    hide = lock.format("entered") + changed(erased, "false", -1) + gone(erased) + changed(erased, "true", 1)
    show = lock.format("gone") + changed(spared, "true", -1) + gone(spared) + changed(spared, "false", 1)
    new, old = "NEW TABLE AS entered", "OLD TABLE AS gone"
    events = {
        "entered": ("INSERT ON recordings", new, entered),
        "deleted": ("DELETE ON recordings", old, left),
        "changed": ("UPDATE ON recordings", f"{old} {new}", left + entered),
        "erased": ("INSERT ON erasures", new, hide),
        "spared": ("DELETE ON erasures", old, show),
    }
    made, each = [], "FOR EACH STATEMENT EXECUTE FUNCTION"
    for name, (event, tables, body) in events.items():
        function = f"recording_days_{name}()"
        made += [
            f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$",
            f"CREATE TRIGGER recording_days_{name} AFTER {event} REFERENCING {tables} {each} {function}",
        ]
    return made
