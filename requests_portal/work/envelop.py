"""Envelop: each document of a release is encrypted for its recipient's certificate and kept under a key of its own."""

import hashlib
import tempfile
from pathlib import Path

from requests_portal.bundle.envelope import write_envelope
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import Envelope, Release, SignedDocument
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work


def envelop(outside: Outside, release_id: str) -> list[Envelope]:
    """Encrypt and keep every document of a release, a chunk at a time; one after the other, and nothing in memory."""
    with outside.reading() as work:
        given = work.productions.release(release_id)
        documents = work.productions.documents(given.production)
    return [_enveloped(outside, given, each) for each in documents]


def record_envelopes(work: Work, made: list[Envelope]) -> None:
    """Record what the link gives from now on."""
    given = work.productions.release(made[0].release)
    for each in made:
        work.productions.add_envelope(each)
    work.audit.add(
        "documents_enveloped",
        by=SYSTEM,
        case=work.productions.get(given.production).case,
        subjects={each.document.replace("-", "_"): each.sha256 for each in made},
        numbers={"issue": given.issue},
    )


def _enveloped(outside: Outside, given: Release, document: SignedDocument) -> Envelope:
    key = f"envelopes/{given.id}/{document.volume}/{document.kind}.pdf.p7m"
    with tempfile.TemporaryDirectory(dir=outside.scratch) as folder:
        path = Path(folder) / "envelope"
        with path.open("wb") as out:
            plain = outside.vault.read_bundle(document.key, document.version_id)
            write_envelope(plain, out, size=document.size, certificate=given.certificate)
        with path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        return Envelope(
            release=given.id,
            document=document.name,
            sha256=sha256,
            size=path.stat().st_size,
            key=key,
            version_id=outside.vault.put_bundle(key, path, sha256=sha256),
        )
