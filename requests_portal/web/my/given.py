"""What a customer was given: the signed documents, and everything as files that open offline."""

from flask import Response, request

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web.acts import does, person
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.web.public.documents import document_response
from requests_portal.web.public.whole import zip_response
from requests_portal.work.belongs import stopping
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
    download = _released(reference)
    with stopping(the_portal().outside.unit_of_work, download.production.id):
        return zip_response(download, save_as=f"{reference}.zip")


def _released(reference: str) -> Download:
    portal, number = the_portal(), request.args.get("production", type=int)
    for each in portal.my.request(reference, by=person()).given:
        if number in {None, each.production.number}:
            stop = stopping(portal.outside.unit_of_work, each.production.id)
            with stop, portal.outside.reading() as work:
                return in_account(work, each.production.id, by=person())
    raise NotFound("This is not ready yet. The page of the request says where it stands.")
