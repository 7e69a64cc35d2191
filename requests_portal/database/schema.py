"""Making the tables, and bringing those of an earlier release up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from requests_portal.database.engine import reading
from requests_portal.errors import Conflict

# The newest step under migrations/versions; a test compares the two.
HEAD = "0037"
MIGRATIONS = Path(__file__).with_name("migrations")
# Two processes that start at once on PostgreSQL take turns; SQLite's BEGIN IMMEDIATE does the same by itself.
MIGRATION_LOCK = 0x0A0D18


class NewerDatabase(Conflict):
    """The tables are those of a later release; ours would not understand them."""

    code = "newer_database"


def prepare(engine: Engine) -> None:
    """Bring the database to the tables of this release, in one transaction; does nothing where it is there already."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        found = revision(connection)
        if found is not None and found not in revisions():
            raise NewerDatabase(f"A newer release has changed this database ({found}, we know {HEAD}). Start that one.")
        if found != HEAD:
            command.upgrade(_steps(connection), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database answers and has the tables of this release."""
    with reading(engine).connect() as connection:
        return revision(connection) == HEAD


def revision(connection: Connection) -> str | None:
    """Which step the database's tables are at; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def revisions() -> frozenset[str]:
    """The steps of this release: their numbers need not follow each other."""
    return frozenset(step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def _steps(connection: Connection) -> Config:
    config = Config()
    # A percent sign would be read as the start of a placeholder.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
