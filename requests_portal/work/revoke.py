"""Revoke: a link gives nothing any more, from now on; the reason stays with the release."""

from dataclasses import replace

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.production import Release
from requests_portal.work.ports import Work


def revoke(work: Work, release_id: str, *, reason: str, by: Actor) -> Release:
    """End a recipient's link."""
    by = by.must(Act.RELEASE)
    given = work.productions.release(release_id)
    work.cases.get(work.productions.get(given.production).case, by=by)
    if not reason.strip():
        raise Conflict("Give the reason; it stays with the release.")
    if not given.is_live:
        raise Conflict("This link was already revoked or replaced.")
    return end(work, given, because=reason.strip(), by=by)


def end(work: Work, given: Release, *, because: str, by: Actor) -> Release:
    """Record that a live release is over, and why."""
    over = replace(given, revoked_at=work.now(), revoked_by=by.id, revoked_because=because)
    production = work.productions.get(given.production)
    work.productions.put_release(over)
    work.audit.add(
        "link_revoked",
        by=by,
        case=production.case,
        numbers={"production": production.number, "issue": given.issue},
        private={"recipient": given.recipient, "reason": because},
    )
    return over
