"""The audit log's own witness inside a bundle: that it held the intent to sign before the key was touched."""

from requests_portal.audit_log.enclosed import CHECKPOINT, ENTRY, PROOF, proof_files
from requests_portal.bundle.contents import Attachment
from requests_portal.bundle.words import words_for
from requests_portal.work.compose.source import Source
from requests_portal.work.ports import Work

_SAID = {ENTRY: "log_entry", PROOF: "log_proof", CHECKPOINT: "log_checkpoint"}
_TYPES = {ENTRY: "application/json", PROOF: "application/json", CHECKPOINT: "text/plain"}


def log_files(work: Work, source: Source, language: str) -> tuple[Attachment, ...]:
    """The entry, its proof and the checkpoint as files of a bundle, the same each time they are made."""
    production, words = source.production, words_for(language)
    proof = work.audit.proof("signing_intended", case=production.case, number=("production", production.number))
    return tuple(
        Attachment(filename=name, media_type=_TYPES[name], description=words[_SAID[name]], data=data)
        for name, data in proof_files(proof).items()
    )
