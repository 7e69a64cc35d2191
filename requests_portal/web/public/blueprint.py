"""The blueprint of the pages that anybody may open, and what all of them share."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.model.actor import Act
from requests_portal.model.volume import GIB
from requests_portal.web.acts import person

pages = Blueprint("public", __name__)
# Addresses that hold what opens something.
LINK = "/d/<token>"
SECRET = (LINK, "/sign-in/link/<token>")
# Where somebody without a queue begins: in the first room that they may enter.
FIRST = (
    (Act.READ_OWN, "my.recordings"),
    (Act.READ_LOG, "auditing.log"),
    (Act.LISTEN, "casework.hearings"),
    (Act.OPERATE, "operations.operations"),
    (Act.MANAGE_PEOPLE, "people.everybody"),
    # Whose roles wait for somebody's confirmation.
    (Act.ENROL_PASSKEY, "me.passkeys"),
)
# The largest volume, and the form around it; nothing else that is uploaded here is as large.
MAX_BUNDLE = GIB + (1 << 20)


@pages.url_value_preprocessor
def _bundles_are_large(endpoint: str | None, _values: dict[str, object] | None) -> None:
    # Before anything reads the form: the check of its token already does.
    if endpoint == "public.verify_upload":
        request.max_content_length = MAX_BUNDLE


@pages.before_app_request
def _first_page() -> AnyResponse | None:
    """Lead those who have no queue from the first page to their own."""
    if request.path != "/":
        return None
    signed_in = person()
    if signed_in.may(Act.READ_QUEUE):
        return None
    theirs = next((endpoint for act, endpoint in FIRST if signed_in.may(act)), None)
    return redirect(url_for(theirs)) if theirs else None


@pages.after_request
def _keep_the_link_secret(response: Response) -> Response:
    """What a link's address gives away must not travel on, neither to other sites nor to search engines."""
    if request.url_rule is not None and request.url_rule.rule.startswith(SECRET):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
