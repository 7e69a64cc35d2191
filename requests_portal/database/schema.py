"""Making the tables."""

from sqlalchemy import Engine

from requests_portal.database.append_only import protect
from requests_portal.database.tables import metadata


def prepare(engine: Engine) -> None:
    """Make every table that is not there yet, and the triggers that keep the log append-only."""
    with engine.begin() as connection:
        metadata.create_all(connection)
        protect(connection)
