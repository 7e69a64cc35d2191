"""Put a roster: who is on call when, in the place of the one before."""

from collections.abc import Sequence

from requests_portal.model.actor import Act, Actor
from requests_portal.model.duty import Duty
from requests_portal.work.ports import Work


def put_roster(work: Work, duties: Sequence[Duty], *, sha256: str, by: Actor) -> None:
    """Replace the roster; the log keeps the digest of the file and how many duties it has."""
    by = by.must(Act.OPERATE)
    work.roster.replace(duties)
    work.audit.add("roster_imported", by=by, subjects={"roster": sha256}, numbers={"duties": len(duties)})
