"""The desk's own audit log, written out as a folder that anyone can check."""

from pathlib import Path

from sqlalchemy.orm import Session

from requests_portal.app import Desk
from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.audit_log.export import export
from requests_portal.database.audit_store import entries, newest_checkpoint
from requests_portal.database.engine import reading
from requests_portal.errors import NotFound


def export_log(desk: Desk, folder: Path) -> None:
    """Write the log and its newest checkpoint to a new folder; raises NotFound while the log is empty."""
    log = desk.ledger.log
    with Session(reading(desk.engine)) as session:
        checkpoint = newest_checkpoint(session)
        if checkpoint is None:
            raise NotFound("The log has no entries yet.")
        export(entries(session), checkpoint, str(Vkey(name=log.origin, public_key=log.key.public_key)), folder)
