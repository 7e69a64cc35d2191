"""The page behind the link of a release: what it holds, until when, and the way to have it."""

from zoneinfo import ZoneInfo

from flask import Response, render_template

from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import LINK, pages
from requests_portal.web.public.documents import document_named, document_response
from requests_portal.work.release import Download, through_link

TITLES = {"bundle": "Production", "objection_letter": "Our letter"}


@pages.get(LINK)
@does(Act.COLLECT)
def link(token: str) -> str:
    """What the link gives, with sizes and fingerprints to compare."""
    portal, download = the_portal(), _opened(token)
    zone = ZoneInfo(portal.zone)
    return render_template(
        "public/link.html",
        audience="customer",
        token=token,
        case=download.case,
        production=download.production,
        expires=display.moment(download.release.expires_at, zone),
        expires_iso=download.release.expires_at.isoformat(),
        until=display.due_words(download.release.expires_at, now=portal.now(), zone=zone),
        documents=[
            {
                "kind": str(each.kind),
                "title": TITLES[str(each.kind)],
                "size": display.size(each.size),
                "pages": display.count(each.pages, "page"),
                "sha256": each.sha256,
            }
            for each in download.documents
        ],
        home_url="/verify",
    )


@pages.get(f"{LINK}/<kind>.pdf")
@does(Act.COLLECT)
def link_document(token: str, kind: str) -> Response:
    """One document behind the link, whole or from a byte on; every sending leaves a receipt."""
    download = _opened(token)
    save_as = f"{download.case.reference}-{kind}.pdf"
    return document_response(download, document_named(download, kind), save_as=save_as)


def _opened(token: str) -> Download:
    with the_portal().outside.reading() as work:
        return through_link(work, token)
