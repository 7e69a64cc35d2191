"""Seal: a certified production's documents are written, signed, kept in the vault, and read back before they count."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from requests_portal.audit_log.enclosed import proof_says
from requests_portal.bundle import verify, write_bundle, write_index, write_letter
from requests_portal.bundle.contents import BundleContents, IndexContents, LetterContents, Written
from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import DocumentDue, DocumentKind, Production, SignedDocument
from requests_portal.work.compose import Source, bundle_contents, index_contents, letter_contents, load, log_files
from requests_portal.work.gather import read_again
from requests_portal.work.outside import Outside
from requests_portal.work.produce import documents_due
from requests_portal.work.record import keep_record
from requests_portal.work.room import refuse_without_room
from requests_portal.work.wait import signer_for

T = TypeVar("T")


class NotGenuine(Conflict):
    """What was written does not verify; it is not offered to anybody."""

    code = "not_genuine"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """The signed documents of a production, and the seconds each stage took."""

    documents: tuple[SignedDocument, ...]
    seconds: tuple[tuple[str, float], ...]


One = Callable[[str, DocumentDue, tuple[SignedDocument, ...]], Sealed]


def due_of(outside: Outside, production_id: str) -> tuple[DocumentDue, ...]:
    """Every document that the production consists of."""
    with outside.reading() as work:
        production = work.productions.get(production_id)
        return tuple(documents_due(work.cases.get(production.case, by=SYSTEM), production))


def seal(
    outside: Outside, production_id: str, *, one: One | None = None, due: Sequence[DocumentDue] | None = None
) -> Sealed:
    """Seal every document that the production consists of, or those that are `due`, one after the other.

    `one` seals a single document; the workflow gives a durable step, so that a crash repeats one volume at most.
    """
    step = one or partial(seal_document, outside)
    documents: tuple[SignedDocument, ...] = ()
    seconds: dict[str, float] = {}
    for each in due_of(outside, production_id) if due is None else due:
        sealed = step(production_id, each, documents)
        documents += sealed.documents
        for stage, took in sealed.seconds:
            seconds[stage] = seconds.get(stage, 0.0) + took
    return Sealed(documents=documents, seconds=tuple(seconds.items()))


def seal_document(
    outside: Outside, production_id: str, due: DocumentDue, earlier: tuple[SignedDocument, ...]
) -> Sealed:
    """Write, sign, keep and verify one document; `earlier` are those of the production that were sealed before it."""
    seconds: dict[str, float] = {}
    source = load(outside.reading, production_id)
    total = len(documents_due(source.case, source.production))
    refuse_without_room(outside.scratch, source, due)
    outside = replace(outside, signer=signer_for(outside, source.case))
    document = _sealed(outside, source, due, earlier, seconds)
    if len(earlier) + 1 == total:
        keep_record(outside, source)
    _say_how_far(outside, production_id, done=len(earlier) + 1, total=total)
    return Sealed(documents=(document,), seconds=tuple(seconds.items()))


def _sealed(
    outside: Outside,
    source: Source,
    due: DocumentDue,
    earlier: tuple[SignedDocument, ...],
    seconds: dict[str, float],
) -> SignedDocument:
    production = source.production
    if production.sealed_at is None:
        raise Conflict("Sealing has not begun.")
    with tempfile.TemporaryDirectory(dir=outside.scratch) as folder:
        path = Path(folder) / f"{due.kind}.pdf"
        written = _timed(seconds, "bundle", lambda: _write(outside, source, due, earlier, path))
        key = f"productions/{production.id}/{due.volume}/{due.kind}.pdf"
        version = _timed(seconds, "keep", lambda: outside.vault.put_bundle(key, path, sha256=written.sha256))
        # Two volumes never lie side by side: the disk needs room for one.
        path.unlink()
        back = Path(folder) / "back.pdf"
        stamped = _timed(seconds, "verify", lambda: _read_back(outside, key, version, written, back))
    return SignedDocument(
        production=production.id,
        volume=due.volume,
        kind=due.kind,
        sha256=written.sha256,
        size=written.size,
        pages=written.pages,
        key=key,
        version_id=version,
        signed_at=production.sealed_at,
        timestamped=stamped,
        kept_until=outside.vault.kept_until(key, version),
    )


def _write(
    outside: Outside, source: Source, due: DocumentDue, earlier: tuple[SignedDocument, ...], path: Path
) -> Written:
    if due.kind is DocumentKind.BUNDLE:
        read_again(outside, source.production, volume=due.volume)
    contents = _contents(outside, source, due, earlier)
    # No transaction is open from here on: drawing, hashing and signing take as long as they take.
    with path.open("wb") as out:
        if isinstance(contents, BundleContents):
            pages = _read_pages(source.production, due.volume)
            return write_bundle(contents, out, signer=outside.signer, pages_digest=pages)
        if isinstance(contents, IndexContents):
            return write_index(contents, out, signer=outside.signer)
        return write_letter(contents, out, signer=outside.signer)


def _contents(
    outside: Outside, source: Source, due: DocumentDue, earlier: tuple[SignedDocument, ...]
) -> BundleContents | IndexContents | LetterContents:
    with outside.reading() as work:
        if due.kind is DocumentKind.BUNDLE:
            contents = bundle_contents(work, source, open_spooled=outside.spool.open, volume=due.volume)
            return replace(contents, attachments=log_files(work, source, contents.language))
        if due.kind is DocumentKind.INDEX:
            return index_contents(work, source, earlier)
        at = source.production.sealed_at or source.production.made_at
        return letter_contents(work, source.case, made_at=at, document_id=source.production.document_id, draft=False)


def _read_pages(production: Production, volume: int) -> str | None:
    """The digest of a volume's pages as the custodian read them; none that a page could have where they did not.

    Under a standing policy nobody reads them, and its certificate says so.
    """
    if production.certificate and production.certificate.policy:
        return None
    pages = production.certificate.pages if production.certificate else ()
    return pages[volume - 1] if volume <= len(pages) else ""


def _say_how_far(outside: Outside, production_id: str, *, done: int, total: int) -> None:
    with outside.unit_of_work() as work:
        work.productions.set_progress(production_id, "seal", done=done, total=total, seconds=0.0)


def _read_back(outside: Outside, key: str, version: str, written: Written, path: Path) -> bool:
    """Verify what the vault holds, and say whether its signature carries a timestamp."""
    digest = hashlib.sha256()
    with path.open("wb") as back:
        for chunk in outside.vault.read_bundle(key, version):
            digest.update(chunk)
            back.write(chunk)
    verdict = verify(path, trust=outside.trust, log=proof_says)
    if digest.hexdigest() != written.sha256 or not verdict.good:
        raise NotGenuine(
            "What was written does not verify, so it is not offered. Ask an operator to look at the vault."
        )
    return verdict.shows("timestamp")


def _timed(seconds: dict[str, float], stage: str, act: Callable[[], T]) -> T:
    begun = time.perf_counter()
    try:
        return act()
    finally:
        seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - begun
