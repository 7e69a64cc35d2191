"""What makes the audit log append-only in the database itself (I7)."""

from sqlalchemy import Connection, text

TABLES = ("audit_entries", "audit_checkpoints")

# INSERT OR REPLACE would overwrite a row without firing a DELETE trigger, so an existing key is refused too.
SQLITE = (
    """
    CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE "{key}" = NEW."{key}")
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
    """,
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()
    """,
)
KEYS = {"audit_entries": "index", "audit_checkpoints": "size"}


def protect(connection: Connection) -> None:
    """Make the triggers that refuse every change of a recorded entry or checkpoint."""
    statements = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    for table in TABLES:
        for statement in statements:
            connection.execute(text(statement.format(table=table, key=KEYS[table])))
