"""The index that ties the volumes of a production together."""

from collections.abc import Sequence

from requests_portal.bundle.contents import IndexContents, SealedVolume
from requests_portal.errors import Conflict
from requests_portal.model.case import Track
from requests_portal.model.production import DocumentKind, SignedDocument, file_name
from requests_portal.work.compose.addressee import as_addressed
from requests_portal.work.compose.bundle import spoken
from requests_portal.work.compose.letter import recipient, subject
from requests_portal.work.compose.paper import paper
from requests_portal.work.compose.source import Source
from requests_portal.work.compose.volumes import document_id, ranges
from requests_portal.work.ports import Work


def index_contents(work: Work, source: Source, sealed: Sequence[SignedDocument]) -> IndexContents:
    """The index over the volumes as they were signed."""
    production = source.production
    case = spoken(work, as_addressed(work, source.case), production)
    if production.sealed_at is None:
        raise Conflict("Sealing has not begun.")
    documents = {each.volume: each for each in sealed if each.kind is DocumentKind.BUNDLE}
    missing = {each.bates for each in production.discrepancies}
    return IndexContents(
        reference=case.reference,
        production=production.number,
        kind="authority" if case.track is Track.LEGAL_DEMAND else "customer",
        language=case.language,
        recipient=recipient(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        volumes=tuple(
            SealedVolume(
                number=volume.number,
                filename=file_name(DocumentKind.BUNDLE, volume.number),
                bates=ranges(production, volume),
                recordings=sum(item.bates not in missing for item in production.items[volume.start : volume.end]),
                pages=documents[volume.number].pages,
                size=documents[volume.number].size,
                sha256=documents[volume.number].sha256,
            )
            for volume in production.in_volumes
        ),
        verify_url=work.house.verify_url,
        made_at=production.sealed_at,
        document_id=document_id(production, "index"),
        paper=paper(case),
    )
