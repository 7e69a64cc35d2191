"""Reissue: the same recipient is given a new link and PIN for the same production; the old link ends."""

from dataclasses import replace
from datetime import timedelta

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Track
from requests_portal.model.production import Release
from requests_portal.work.cooling_off import must_not_cool_off
from requests_portal.work.pin import pin_hash
from requests_portal.work.ports import Work
from requests_portal.work.release import encrypted_for, link_digest
from requests_portal.work.revoke import end

REPLACED = "Replaced by a new issue"


def reissue(
    work: Work, release_id: str, *, token: str, pin: str, certificate: bytes | None = None, by: Actor
) -> Release:
    """Give the recipient of a release its next issue; without a new certificate, the one of before holds on."""
    by = by.must(Act.RELEASE)
    before = work.productions.release(release_id)
    production = work.productions.get(before.production)
    case = work.cases.get(production.case, by=by)
    if case.track is Track.DATA_SUBJECT:
        must_not_cool_off(work, case.account)
    if work.recalls.of_production(production.id) is not None:
        raise Conflict("This production was recalled; it leaves no more. Release the one that replaces it.")
    _must_be_the_latest(work, before)
    if before.is_live:
        end(work, before, because=REPLACED, by=by)
    given = replace(
        before,
        id=work.new_id(),
        token_sha256=link_digest(case, token),
        pin_hash=pin_hash(pin),
        wrong_pins=0,
        issue=before.issue + 1,
        expires_at=work.now() + timedelta(days=work.house.link_days),
        by=by.id,
        at=work.now(),
        certificate=before.certificate if certificate is None else encrypted_for(work, certificate),
        revoked_at=None,
        revoked_by="",
        revoked_because="",
    )
    work.productions.add_release(given)
    if given.certificate:
        work.queue.enqueue("envelop", given.id)
    work.audit.add(
        "link_reissued",
        by=by,
        case=production.case,
        numbers={"production": production.number, "issue": given.issue},
        private={"recipient": given.recipient},
    )
    return given


def _must_be_the_latest(work: Work, before: Release) -> None:
    theirs = [each for each in work.productions.releases(before.production) if each.recipient == before.recipient]
    if before.issue != max(each.issue for each in theirs):
        raise Conflict("This recipient was given a later link. Reload the page and renew that one.")
