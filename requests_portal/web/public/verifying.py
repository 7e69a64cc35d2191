"""Verifying: anybody can see whether a PDF is a bundle or letter of ours, unchanged; nothing is kept."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from zoneinfo import ZoneInfo

from flask import g, render_template, request
from werkzeug.datastructures import FileStorage

from requests_portal.audit_log.enclosed import proof_says
from requests_portal.bundle import verify
from requests_portal.bundle.standing import Standing
from requests_portal.bundle.verdict import Check, Verdict
from requests_portal.errors import Refused
from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import MAX_BUNDLE, pages
from requests_portal.web.public.recalls import recall_by_digest

CHUNK = 1 << 20
CHOOSE = "Choose a PDF."
AT_ONCE = 2
_MARKS = {True: ("Holds", "ok"), False: ("Fails", "bad"), None: ("Not checked", "plain")}
# A check reads every byte: two at a time leave room for everybody else.
_turns = BoundedSemaphore(AT_ONCE)


class Busy(Refused):
    """Too many files are being verified at this moment."""

    code = "busy"
    status = 429


@pages.url_value_preprocessor
def _take_turn(endpoint: str | None, _values: dict[str, object] | None) -> None:
    # Before anything reads the form: a file that would have to wait takes no room on the disk.
    if endpoint == "public.verify_upload":
        if not _turns.acquire(blocking=False):
            raise Busy("Other files are being verified right now. Try again in a minute.")
        g.has_turn = True


@pages.teardown_request
def _give_turn_back(_error: BaseException | None) -> None:
    if g.pop("has_turn", False):
        _turns.release()


@pages.get("/verify")
@does(Act.VERIFY_BUNDLE)
def verify_page() -> str:
    """The form, and how to check without us."""
    return _page(None)


@pages.post("/verify")
@does(Act.VERIFY_BUNDLE)
def verify_upload() -> str | tuple[str, int]:
    """Check an uploaded file and say so, check by check."""
    upload = request.files.get("bundle")
    if upload is None or not upload.filename:
        return _page(None, error=CHOOSE), 422
    with _for_a_moment(upload) as path:
        verdict = verify(path, trust=the_portal().trust, log=_our_log_says)
    return _page(_standing(verdict))


def _our_log_says(proof: bytes) -> tuple[bool | None, str]:
    return proof_says(proof, the_portal().log_key)


def _standing(verdict: Verdict) -> Standing:
    """The verdict with what our own records say of the document now."""
    recall = recall_by_digest(verdict.sha256) if verdict.good and verdict.sha256 else None
    check = Check(id="recalled", passed=False, sentence=recall.sentence) if recall else None
    return Standing(verdict=verdict, recall=recall, check=check)


@contextmanager
def _for_a_moment(upload: FileStorage) -> Iterator[Path]:
    """The upload as a file that is gone afterwards."""
    handle, name = tempfile.mkstemp(dir=the_portal().outside.scratch, suffix=".verify")
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := upload.stream.read(CHUNK):
                file.write(chunk)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _page(found: Standing | None, *, error: str = "") -> str:
    zone = ZoneInfo(the_portal().zone)
    verdict = found.verdict if found else None
    signed_at = verdict.signed_at if verdict else None
    return render_template(
        "public/verify.html",
        audience="customer",
        verdict=verdict,
        recall=found.recall if found else None,
        archived=verdict is not None and any(each.id == "archive" for each in verdict.checks),
        checks=[(each, *_MARKS[each.passed]) for each in found.checks] if found else [],
        signed_at=display.moment(signed_at, zone) if signed_at else None,
        limit=display.size(MAX_BUNDLE),
        errors={"bundle": [error]} if error else {},
        error=error,
        has_errors=bool(error),
        zone_sentence=display.zone_sentence(the_portal().now(), zone) if signed_at else None,
    )
