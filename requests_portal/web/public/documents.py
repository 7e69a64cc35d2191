"""Signed documents on their way out: from the vault, in ranges, each sending with a receipt."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from flask import Response

from requests_portal.bundle.envelope import MEDIA_TYPE
from requests_portal.errors import NotFound
from requests_portal.model.production import Envelope, SignedDocument
from requests_portal.web.portal import Portal, the_portal
from requests_portal.web.public.streaming import Ended, Window, counted, file_response
from requests_portal.work.release import Download, record_download

NO_SUCH = "There is no such document here. Check the address."


def titled(name: str, titles: Mapping[str, str]) -> str:
    """The title of what is handed over under a name such as "bundle-2", whose first part says what it is."""
    kind, _, volume = name.partition("-")
    return titles.get(kind, kind) + (f", volume {volume}" if volume else "")


def volume_words(document: SignedDocument, documents: Sequence[SignedDocument]) -> str:
    """Which volume of several a document is; nothing where it is the only one of its kind."""
    several = sum(each.kind is document.kind for each in documents)
    return f", volume {document.volume} of {several}" if several > 1 else ""


def document_response(download: Download, document: SignedDocument, *, save_as: str) -> Response:
    """One document as it was asked for; a receipt is written for the bytes that were sent."""
    portal = the_portal()

    def chunks(part: Window) -> Iterator[bytes]:
        return _read(portal, download, document, part)

    return file_response(
        chunks, size=document.size, sha256=document.sha256, media_type="application/pdf", save_as=save_as
    )


def envelope_response(download: Download, kind: str, *, save_as: str) -> Response:
    """One document of a link as it was encrypted for its recipient; raises NotFound."""
    portal = the_portal()
    for each in download.envelopes:
        if each.document == kind:
            break
    else:
        raise NotFound(NO_SUCH)

    def chunks(part: Window) -> Iterator[bytes]:
        return _read(portal, download, each, part)

    return file_response(chunks, size=each.size, sha256=each.sha256, media_type=MEDIA_TYPE, save_as=save_as)


def sent_whole(portal: Portal, download: Download, document: SignedDocument) -> Iterator[bytes]:
    """The whole document, with its receipt, for a file that contains it."""
    return _read(portal, download, document, Window(start=0, end=document.size, size=document.size))


def _read(portal: Portal, download: Download, document: SignedDocument | Envelope, part: Window) -> Iterator[bytes]:
    read = iter(portal.outside.vault.read_bundle(document.key, document.version_id, start=part.start, end=part.end))
    # The vault answers before our own answer begins, so that its refusal is still a page.
    first = next(read, b"")
    return counted(chain((first,), read), part, _receipt(portal, download, document))


def _receipt(portal: Portal, download: Download, document: SignedDocument | Envelope) -> Ended:
    def ended(first: int, last: int) -> None:
        with portal.outside.unit_of_work() as work:
            record_download(work, download, document, first=first, last=last)

    return ended
