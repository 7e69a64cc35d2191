"""Making the tables, and bringing those of an earlier release up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

# The newest step under migrations/versions; a test compares the two.
HEAD = "0006"
# Two processes that start at once on PostgreSQL take turns; SQLite's BEGIN IMMEDIATE does the same by itself.
MIGRATION_LOCK = 0x0A0D18


def prepare(engine: Engine) -> None:
    """Bring the database to the tables of this release, in one transaction; does nothing where it is there already."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if _revision(connection) != HEAD:
            command.upgrade(_steps(connection), "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _steps(connection: Connection) -> Config:
    config = Config()
    # A percent sign would be read as the start of a placeholder.
    folder = str(Path(__file__).with_name("migrations")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.attributes["connection"] = connection
    return config
