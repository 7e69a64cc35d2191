"""What makes the database itself refuse to forget a recording that a hold keeps (I6)."""

from sqlalchemy import Connection, text

SQLITE = (
    """
    CREATE TRIGGER IF NOT EXISTS recordings_kept_while_held BEFORE DELETE ON recordings
    WHEN EXISTS (SELECT 1 FROM held_recordings
        WHERE recording_id = OLD.id AND state IN ('to_place', 'placed', 'gone'))
    BEGIN SELECT RAISE(ABORT, 'a hold keeps this recording'); END
    """,
)
POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION recordings_kept_while_held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM held_recordings
            WHERE recording_id = OLD.id AND state IN ('to_place', 'placed', 'gone')) THEN
            RAISE EXCEPTION 'a hold keeps this recording' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER recordings_kept_while_held BEFORE DELETE ON recordings
    FOR EACH ROW EXECUTE FUNCTION recordings_kept_while_held()
    """,
)


def protect_held(connection: Connection) -> None:
    """Make the trigger that refuses to delete the catalogue's row of what is held."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.execute(text(statement))
