"""A whole production as one ZIP: signed documents, sounds, tables, lists, and a page that opens offline."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import Response

from requests_portal.bundle.load_file import DAT_NAME, as_dat
from requests_portal.bundle.manifest_files import CSV_NAME, as_csv
from requests_portal.web.portal import Portal, the_portal
from requests_portal.web.public.documents import sent_whole
from requests_portal.web.public.everything import FOLDERS, Everything, contents, listing, rows, sheet
from requests_portal.web.public.zip_stream import File, zipped
from requests_portal.work.compose import load
from requests_portal.work.release import Download


def zip_response(download: Download, *, save_as: str) -> Response:
    """The production as a ZIP made while it is sent; one that breaks off begins again, each signed PDF goes on."""
    portal = the_portal()
    source = load(portal.outside.reading, download.production.id)
    found = contents(source, ZoneInfo(source.case.zone), portal.outside.spool, download.documents)
    # The page is rendered while there is a request; the rest is read as it goes.
    page = listing(found).encode(errors="backslashreplace")
    answer = Response(zipped(_files(portal, download, found, page)), mimetype="application/zip")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers.set("Content-Disposition", "attachment", filename=save_as)
    return answer


def _files(portal: Portal, download: Download, found: Everything, page: bytes) -> Iterator[File]:
    # The signed documents come first, so that the receipt for them is written before the rest goes out.
    for each in download.documents:
        yield File(name=f"{each.name}.pdf", chunks=sent_whole(portal, download, each), stored=True)
    yield File(name="index.html", chunks=(page,))
    listed = rows(found)
    yield File(name="recordings.csv", chunks=(sheet(found),))
    yield File(name=CSV_NAME, chunks=(as_csv(listed),))
    yield File(name=DAT_NAME, chunks=(as_dat(listed, folders=FOLDERS),))
    for records in found.record_sets:
        yield File(name=f"records/{records.filename}", chunks=(records.csv,))
    for entry in found.files:
        sound = entry.read(portal.outside.store, portal.outside.spool)
        yield File(name=entry.path, chunks=sound, stored=True, at=entry.at)
        if entry.copy is not None:
            yield File(
                name=entry.copy_path, chunks=portal.outside.spool.open(entry.copy.sha256), stored=True, at=entry.at
            )
