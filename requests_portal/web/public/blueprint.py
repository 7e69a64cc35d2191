"""The blueprint of the pages that anybody may open, and what all of them share."""

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.model.actor import Act
from requests_portal.model.volume import GIB
from requests_portal.web.acts import NOBODY
from requests_portal.web.portal import the_portal

pages = Blueprint("public", __name__)
LINK = "/d/<token>"
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
    signed_in = the_portal().staff().get(session.get("person", ""), NOBODY)
    if signed_in.may(Act.READ_QUEUE):
        return None
    if signed_in.may(Act.READ_OWN):
        return redirect(url_for("my.recordings"))
    return redirect(url_for("auditing.log")) if signed_in.may(Act.READ_LOG) else None


@pages.after_request
def _keep_the_link_secret(response: Response) -> Response:
    """What a link's address gives away must not travel on, neither to other sites nor to search engines."""
    if request.url_rule is not None and request.url_rule.rule.startswith(LINK):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
