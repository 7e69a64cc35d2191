"""Release: the production is handed over by a link that expires; every download leaves a receipt."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from requests_portal.bundle.envelope import recipient_certificate
from requests_portal.errors import Conflict, NotFound, Refused
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case, CaseState, Track
from requests_portal.model.production import (
    Envelope,
    Production,
    ProductionState,
    Receipt,
    Release,
    SignedDocument,
)
from requests_portal.work.assess import clock_rows, day_of_receipt, examine
from requests_portal.work.belongs import must_be_theirs
from requests_portal.work.compose.available import grants_correction, grants_erasure
from requests_portal.work.cooling_off import must_not_cool_off
from requests_portal.work.correct_transcript import correct_as_decided
from requests_portal.work.erase import erase_as_decided
from requests_portal.work.follow_up import must_not_be_blocked
from requests_portal.work.hold import is_final, keep_only_what_left
from requests_portal.work.notify import ought_to_be_told_first
from requests_portal.work.pin import pin_hash
from requests_portal.work.ports import Work
from requests_portal.work.standing import still_covers
from requests_portal.work.tell_ready import tell_ready

# What a receipt names a document by that left encrypted.
ENVELOPE = ".p7m"


class LinkEnded(Refused):
    """The link gives nothing any more; the same recipient can be given a new one."""

    code = "link_ended"
    status = 410


class LinkExpired(LinkEnded):
    """The link's time is over."""

    code = "link_expired"


class LinkRevoked(LinkEnded):
    """We ended the link before its time."""

    code = "link_revoked"


class LinkRecalled(LinkEnded):
    """What the link gave was recalled."""

    code = "link_recalled"


class Gated(Conflict):
    """A release gate failed: something must be put right before anything leaves."""

    code = "gated"


@dataclass(frozen=True, kw_only=True)
class Download:
    """What a link or an account gives access to."""

    case: Case
    production: Production
    release: Release
    documents: tuple[SignedDocument, ...]
    envelopes: tuple[Envelope, ...] = ()


def release(
    work: Work, production_id: str, *, recipient: str, token: str, pin: str, certificate: bytes = b"", by: Actor
) -> Release:
    """Release an offered production to one recipient; token and PIN are kept only as their digests.

    With the recipient's certificate, what leaves through the link is encrypted for it.
    """
    by = by.must(Act.RELEASE)
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=by)
    if not recipient.strip():
        raise Conflict("Name the recipient.")
    may_leave(work, case, production)
    given = Release(
        id=work.new_id(),
        production=production.id,
        recipient=recipient.strip(),
        token_sha256=link_digest(case, token),
        expires_at=work.now() + timedelta(days=work.house.link_days),
        by=by.id,
        at=work.now(),
        pin_hash=pin_hash(pin),
        certificate=encrypted_for(work, certificate),
    )
    work.productions.add_release(given)
    if given.certificate:
        work.queue.enqueue("envelop", given.id)
    work.productions.put(production.moved(ProductionState.RELEASED))
    _record(work, case, production, given, by)
    if grants_erasure(case):
        # The letter says that it is gone when it is received.
        erase_as_decided(work, case, by=by)
    if grants_correction(case):
        correct_as_decided(work, case, by=by)
    _answered(work, case, by)
    tell_ready(work, case, production)
    return given


def may_leave(work: Work, case: Case, production: Production) -> None:
    """Refuse unless the decision still stands and no gate is shut."""
    still_covers(work, case, production)
    if case.decision is not None and case.decision.gives:
        must_not_be_blocked(work, case)
    _check_gates(work, case, production)


def through_link(work: Work, token: str) -> Download:
    """What the link opens, for whoever has shown its PIN; envelopes alone where the recipient gave a certificate."""
    given = release_of(work, token)
    still_open(work, given)
    opened = _download(work, given)
    if given.certificate:
        return replace(opened, documents=(), envelopes=tuple(work.productions.envelopes(given.id)))
    return opened


def release_of(work: Work, token: str) -> Release:
    """The release whose link carries this token; raises NotFound."""
    return work.productions.release_by_token(hashlib.sha256(token.encode()).hexdigest())


def still_open(work: Work, given: Release) -> None:
    """Refuse a link that was revoked or replaced, or whose time is over; after a recall, say that of what it gave."""
    if work.recalls.of_production(given.production) is not None:
        raise LinkRecalled(
            "We recalled the documents that this link gave: do not rely on what was downloaded. "
            "Ask us what stands in their place, quoting the reference of the request."
        )
    if not given.is_live:
        raise LinkRevoked("This link was withdrawn. Ask us for a new one, quoting the reference of the request.")
    if work.cases.get(work.productions.get(given.production).case, by=SYSTEM).opens_in_account_alone:
        raise LinkRevoked("This link was withdrawn by the person whose data it gave. Ask them, if you act for them.")
    if given.expires_at <= work.now():
        raise LinkExpired("This link has expired. Ask us for a new one, quoting the reference of the request.")


def in_account(work: Work, production_id: str, *, by: Actor) -> Download:
    """A customer's own released production, opened inside the account."""
    by.must(Act.READ_OWN)
    production = work.productions.get(production_id)
    work.cases.get(production.case, by=by)
    releases = work.productions.releases(production.id)
    if not releases:
        raise NotFound("This is not ready yet.")
    live = [each for each in releases if each.is_live]
    if not live:
        raise LinkRevoked("This answer was withdrawn. Write to us, quoting the reference of the request.")
    return _download(work, live[0])


def record_download(
    work: Work, download: Download, document: SignedDocument | Envelope, *, first: int, last: int
) -> None:
    """Leave a receipt for bytes that were sent."""
    name = f"{document.document}{ENVELOPE}" if isinstance(document, Envelope) else document.name
    receipt = Receipt(release=download.release.id, document=name, at=work.now(), first_byte=first, last_byte=last)
    work.productions.add_receipt(receipt)
    work.audit.add(
        "document_downloaded",
        by=SYSTEM,
        case=download.case.id,
        subjects={"document": document.sha256},
        numbers={"first_byte": first, "last_byte": last},
    )


def link_digest(case: Case, token: str) -> str:
    """What is kept of a link's token; an answer that a customer reads in their account opens by none."""
    if case.opens_in_account_alone:
        token = secrets.token_hex()
    return hashlib.sha256(token.encode()).hexdigest()


def encrypted_for(work: Work, certificate: bytes) -> str:
    """The recipient's certificate as it is kept; raises Unusable for one that nothing should be encrypted for."""
    return recipient_certificate(certificate, at=work.now()) if certificate else ""


def _download(work: Work, given: Release) -> Download:
    production = work.productions.get(given.production)
    case = work.cases.get(production.case, by=SYSTEM)
    if case.track is Track.DATA_SUBJECT:
        must_not_cool_off(work, case.account)
        must_be_theirs(work, case, production)
    return Download(
        case=case,
        production=production,
        release=given,
        documents=tuple(work.productions.documents(production.id)),
    )


def _check_gates(work: Work, case: Case, production: Production) -> None:
    if case.track is Track.DATA_SUBJECT:
        must_not_cool_off(work, case.account)
        must_be_theirs(work, case, production)
        case = replace(case, facts={**case.facts, "release_matches_requester": True})
    if gates := examine(work, case, on=work.today).release_gates:
        raise Gated(f"A release gate failed: {', '.join(gates)}. Put it right first.")
    if ought_to_be_told_first(work, case):
        raise Gated(
            "The customer has not been told of this demand, and nothing on record forbids it. Tell them first, "
            "or record why not, under “Telling the customer” on the page of the request."
        )


def _record(work: Work, case: Case, production: Production, given: Release, by: Actor) -> None:
    work.audit.add(
        "production_released",
        by=by,
        case=case.id,
        subjects={_entry_name(each): each.sha256 for each in work.productions.documents(production.id)},
        numbers={"production": production.number},
        private={"recipient": given.recipient},
    )


def _entry_name(document: SignedDocument) -> str:
    return document.name.replace("-", "_")


def _answered(work: Work, case: Case, by: Actor) -> None:
    answered = _disclosed(work, _as_answered(case))
    # The case's turn came with its production, before the holds, as everywhere: no two acts wait for each other.
    if case.track is Track.LEGAL_DEMAND and is_final(answered):
        keep_only_what_left(work, answered, by=by)
    work.cases.put(answered)
    work.clocks.met(case.id, "answer", work.now())


def _as_answered(case: Case) -> Case:
    """The case answered; what takes the place of an answer leaves it as it stands."""
    return case if case.state is CaseState.ANSWERED else case.moved(CaseState.ANSWERED)


def _disclosed(work: Work, case: Case) -> Case:
    """The case with the moment at which data first left, from which further time limits run."""
    if not (case.decision and case.decision.gives) or "disclosed_at" in case.facts:
        return case
    left = work.now().astimezone(ZoneInfo(case.zone))
    disclosed = replace(case, facts={**case.facts, "disclosed_at": left.isoformat()})
    before = work.clocks.of_case(case.id)
    known = {row.name for row in before}
    counted = clock_rows(disclosed, examine(work, disclosed, on=day_of_receipt(disclosed)).clocks)
    work.clocks.replace(case.id, [*before, *(row for row in counted if row.name not in known)])
    return disclosed


def document_called(documents: tuple[SignedDocument, ...], name: str) -> SignedDocument:
    """The document that is handed over under this name ("bundle", "bundle-2", "index"), or a refusal."""
    for document in documents:
        if document.name == name:
            return document
    raise NotFound("There is no such document here. Check the address.")
