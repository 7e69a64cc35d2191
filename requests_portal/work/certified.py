"""What a custodian certifies of a production, as one digest."""

from requests_portal.model.digest import digest_of
from requests_portal.model.production import Production
from requests_portal.model.silence import DerivedFile


def certified_digest(production: Production) -> str:
    """The digest of what a custodian certifies: items, record sets and discrepancies as gathered."""
    return digest_of(
        {
            "items": [
                [item.bates, item.recording, _made(item.produced), _made(item.listening)] for item in production.items
            ],
            "record_sets": [[item.bates, item.sha256] for item in production.record_sets],
            "discrepancies": [[each.bates, each.kind, each.sentence] for each in production.discrepancies],
        }
    )


def _made(file: DerivedFile | None) -> str | None:
    return file.sha256 if file else None
