"""Archive: each signed document gets a copy with its proofs and a timestamp over everything, kept for good."""

import hashlib
import tempfile
from pathlib import Path

from requests_portal.bundle import verify
from requests_portal.bundle.archive import Archived, write_archived
from requests_portal.bundle.contents import Timestamper
from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import ArchivedCopy, SignedDocument
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.wait import next_pause


class NotArchived(Conflict):
    """What was written as an archived copy does not verify."""

    code = "not_archived"


def archive(outside: Outside, production_id: str) -> tuple[ArchivedCopy, ...]:
    """Make, keep and verify the copies that a production's documents still lack; raises Away without an authority."""
    if outside.timestamper is None:
        return ()
    with outside.reading() as work:
        documents = missing_copies(work, production_id)
    return tuple(_archived(outside, outside.timestamper, each) for each in documents)


def missing_copies(work: Work, production_id: str) -> list[SignedDocument]:
    """The signed documents of a production that have no archived copy yet."""
    made = {(each.volume, each.kind) for each in work.productions.archived(production_id)}
    return [each for each in work.productions.documents(production_id) if (each.volume, each.kind) not in made]


def record_archived(work: Work, production_id: str, copies: tuple[ArchivedCopy, ...]) -> None:
    """Record the copies; for a document that left without a timestamp, that it has one now."""
    lacking = {(each.volume, each.kind): each for each in missing_copies(work, production_id)}
    case = work.productions.get(production_id).case
    for copy in copies:
        document = lacking.get((copy.volume, copy.kind))
        if document is None:
            continue
        work.productions.record_archived(copy)
        work.audit.add(
            "document_archived" if document.timestamped else "timestamp_added",
            by=SYSTEM,
            case=case,
            subjects={"document": document.sha256, "archived": copy.sha256},
            numbers={"volume": copy.volume, "bytes": copy.size},
            words={"kind": str(copy.kind), "level": "b_lta"},
        )


def postpone(work: Work, production_id: str) -> None:
    """Try again later: after a minute, then ever more rarely, at most an hour apart, for as long as it takes."""
    sealed_at = work.productions.get(production_id).sealed_at or work.now()
    work.queue.enqueue("archive", production_id, after=next_pause(work.now() - sealed_at))


def _archived(outside: Outside, timestamper: Timestamper, document: SignedDocument) -> ArchivedCopy:
    with tempfile.TemporaryDirectory(dir=outside.scratch) as folder:
        delivered, path = Path(folder) / "delivered.pdf", Path(folder) / "archived.pdf"
        _fetch(outside, document.key, document.version_id, delivered, sha256=document.sha256)
        with path.open("wb") as out:
            written = write_archived(delivered, out, revocations=outside.revocations(), timestamper=timestamper)
        key = document.key.removesuffix(".pdf") + ".archive.pdf"
        version = outside.vault.put_bundle(key, path, sha256=written.sha256)
        _read_back(outside, key, version, written, path)
    return ArchivedCopy(
        production=document.production,
        volume=document.volume,
        kind=document.kind,
        sha256=written.sha256,
        size=written.size,
        key=key,
        version_id=version,
        stamped_at=written.stamped_at,
    )


def _read_back(outside: Outside, key: str, version: str, written: Archived, path: Path) -> None:
    _fetch(outside, key, version, path, sha256=written.sha256)
    verdict = verify(path, trust=outside.trust)
    if not verdict.good or not verdict.shows("archive"):
        raise NotArchived("The archived copy does not verify. Ask an operator to look at the vault.")


def _fetch(outside: Outside, key: str, version: str, path: Path, *, sha256: str) -> None:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for chunk in outside.vault.read_bundle(key, version):
            digest.update(chunk)
            out.write(chunk)
    if digest.hexdigest() != sha256:
        raise NotArchived("The vault holds other bytes than were signed. Ask an operator to look at it.")
