"""What a customer was given: the signed documents, and everything as files that open offline."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import Response, request

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web.acts import does, person
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.everything import contents, listing, sheet
from requests_portal.web.my.zip_stream import File, zipped
from requests_portal.web.portal import the_portal
from requests_portal.web.public.documents import document_response, sent_whole
from requests_portal.work.compose import load
from requests_portal.work.release import Download, document_called, in_account


@pages.get("/my/requests/<reference>/<kind>.pdf")
@does(Act.READ_OWN)
def document(reference: str, kind: str) -> Response:
    """One signed document of a release, whole or from a byte on; of the newest where no production is named."""
    download = _released(reference)
    return document_response(download, document_called(download.documents, kind), save_as=f"{reference}-{kind}.pdf")


@pages.get("/my/requests/<reference>/everything.zip")
@does(Act.READ_OWN)
def everything(reference: str) -> Response:
    """Everything that was released, as files in one ZIP with a page that lists and plays them."""
    portal, download = the_portal(), _released(reference)
    with portal.outside.reading() as work:
        source = load(work, download.production.id)
    found = contents(source, ZoneInfo(source.case.zone), portal.outside.spool)
    page, table = listing(found), sheet(found)

    def files() -> Iterator[File]:
        # The signed documents come first, so that the receipt for them is written before the rest goes out.
        for each in download.documents:
            yield File(name=f"{each.name}.pdf", chunks=sent_whole(portal, download, each), stored=True)
        yield File(name="index.html", chunks=(page.encode(),))
        yield File(name="recordings.csv", chunks=(table,))
        for records in found.record_sets:
            yield File(name=f"records/{records.filename}", chunks=(records.csv,))
        for entry in found.files:
            yield File(
                name=entry.path, chunks=entry.read(portal.outside.store, portal.outside.spool), stored=True, at=entry.at
            )

    answer = Response(zipped(files()), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{reference}.zip")
    return answer


def _released(reference: str) -> Download:
    portal, number = the_portal(), request.args.get("production", type=int)
    for each in portal.my.request(reference, by=person()).given:
        if number in {None, each.production.number}:
            with portal.outside.reading() as work:
                return in_account(work, each.production.id, by=person())
    raise NotFound("This is not ready yet. The page of the request says where it stands.")
