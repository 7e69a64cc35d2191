"""Recalls in public: the signed list for checks without us, and one document looked up by its digest."""

import re
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from requests_portal.bundle.recalls import MEDIA_TYPE, Recall
from requests_portal.model.actor import Act
from requests_portal.web.acts import does
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.work.recall import recall_list, recall_of

SHA256 = re.compile(r"[0-9a-f]{64}")
NO_DIGEST = "A SHA-256 has 64 characters: digits and the letters a to f."


@pages.get("/recalls")
@does(Act.VERIFY_BUNDLE)
def recalls() -> str | tuple[str, int]:
    """Whether the document with a digest was recalled; who has no digest learns nothing."""
    asked = "".join(request.args.get("sha256", "").lower().split())
    error = "" if not asked or SHA256.fullmatch(asked) else NO_DIGEST
    page = render_template(
        "public/recalls.html",
        audience="customer",
        asked=asked,
        found=recall_by_digest(asked) if asked and not error else None,
        error=error,
        errors={"sha256": [error]} if error else {},
        has_errors=bool(error),
    )
    return (page, 422) if error else page


@pages.get("/recalls/recalls.p7s")
@does(Act.VERIFY_BUNDLE)
def recalls_file() -> Response:
    """The signed list, to be kept beside the documents."""
    portal = the_portal()
    file = recall_list(portal.outside, now=portal.now(), zone=ZoneInfo(portal.zone))
    answer = Response(file, mimetype=MEDIA_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename="recalls.p7s")
    return answer


def recall_by_digest(sha256: str) -> Recall | None:
    """What we say of the document of ours with this digest, if it was recalled."""
    portal = the_portal()
    with portal.outside.reading() as work:
        made = work.recalls.of_document(sha256)
        if made is None:
            return None
        documents = work.productions.documents(made.production)
        document = next(each for each in documents if each.sha256 == sha256)
        return recall_of(work, document, zone=ZoneInfo(portal.zone))
