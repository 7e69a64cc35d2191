"""The auditor's pages: the log, one entry with its proof, the whole of it to take along. Nothing here changes it."""

import io
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.audit_log.entry import Entry
from requests_portal.audit_log.verdict import Verdict
from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.auditing.wording import ACTS, act_words, what
from requests_portal.web.portal import the_portal
from requests_portal.work.views.auditing import LogPage, LogQuery

pages = Blueprint("auditing", __name__)

CHECKED = "log_checked"
NO_ENTRY = "Not in the log's form"
_ACT = re.compile(r"[a-z][a-z0-9_]{0,63}")


@pages.get("/audit")
@does(Act.READ_LOG)
def log() -> str:
    """The log, newest entry first, with what the last check of it found."""
    portal, asked = the_portal(), _asked()
    found = portal.auditing.log(asked, by=person())
    zone = ZoneInfo(portal.zone)
    return render_template(
        "audit/log.html",
        found=found,
        asked=asked,
        rows=[_row(index, entry, found, zone) for index, entry in found.entries],
        acts=[(name, act_words(name)) for name in ACTS],
        checked=_last_check(zone),
        shown=f"Showing {found.first:,} to {found.last:,} of {display.count(found.total, 'entry', 'entries')}",
        previous_url=_address(asked, found.page - 1) if found.page > 1 else None,
        next_url=_address(asked, found.page + 1) if found.page < found.pages else None,
    )


@pages.post("/audit/verify")
@does(Act.READ_LOG)
def verify() -> AnyResponse:
    """Check the whole log now, and show what was found."""
    portal = the_portal()
    verdict = portal.auditing.verify(by=person())
    session[CHECKED] = _kept(verdict, portal.now())
    return see_other("auditing.log")


@pages.get("/audit/<int:index>")
@does(Act.READ_LOG)
def entry(index: int) -> str:
    """One entry as it is hashed, with the proof that the newest checkpoint covers it."""
    portal = the_portal()
    found = portal.auditing.entry(index, by=person())
    zone = ZoneInfo(portal.zone)
    return render_template(
        "audit/entry.html",
        found=found,
        index=index,
        title=act_words(found.entry.act) if found.entry else NO_ENTRY,
        what=what(found.entry) if found.entry else "",
        at=display.moment(found.entry.at, zone) if found.entry else "No time can be read",
        canonical=found.proof.entry.decode("ascii", "backslashreplace"),
        hashes=[each.hex() for each in found.proof.hashes],
    )


@pages.get("/audit/checkpoint")
@does(Act.READ_LOG)
def checkpoint() -> Response:
    """The newest checkpoint as its signed text."""
    answer = Response(the_portal().auditing.checkpoint(by=person()), mimetype="text/plain")
    answer.headers.set("Content-Disposition", "attachment", filename="checkpoint.txt")
    return answer


@pages.get("/audit/export.zip")
@does(Act.READ_LOG)
def export() -> Response:
    """The whole log with its checkpoint and key, as `desk audit verify` and a shell can check it."""
    portal = the_portal()
    with tempfile.TemporaryDirectory(dir=portal.outside.scratch) as folder:
        exported = Path(folder) / "audit-log"
        portal.auditing.export(exported, by=person())
        packed = _packed(exported)
    answer = Response(packed, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename="audit-log.zip")
    return answer


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{folder.name}/{path.name}")
    return buffer.getvalue()


def _asked() -> LogQuery:
    act = request.args.get("act", "")
    return LogQuery(
        act=act if _ACT.fullmatch(act) else "",
        case=request.args.get("case", "").strip()[:64],
        page=request.args.get("page", 1, type=int),
    )


def _address(asked: LogQuery, page: int) -> str:
    kept = {name: value for name, value in (("act", asked.act), ("case", asked.case)) if value}
    return url_for("auditing.log", **kept, page=page)  # type: ignore[arg-type]


def _row(index: int, entry: Entry | None, found: LogPage, zone: ZoneInfo) -> dict[str, Any]:
    if entry is None:
        return {"index": index, "act": NO_ENTRY}
    return {
        "index": index,
        "iso": entry.at.isoformat(),
        "at": display.short_moment(entry.at, now=the_portal().now(), zone=zone),
        "act": act_words(entry.act),
        "actor": "a customer" if entry.role == "customer" else entry.actor,
        "role": entry.role,
        "case": found.references.get(entry.case or "", ""),
        "what": what(entry),
    }


def _kept(verdict: Verdict, at: datetime) -> dict[str, Any]:
    """What the session keeps of a check until the page is shown."""
    return {
        "good": verdict.good,
        "size": verdict.size,
        "root": verdict.root,
        "first_broken": verdict.first_broken,
        "at": at.isoformat(),
        "checks": [[each.passed, each.sentence] for each in verdict.checks],
    }


def _last_check(zone: ZoneInfo) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = session.get(CHECKED)
    if kept is None:
        return None
    at = datetime.fromisoformat(kept["at"])
    words = display.short_moment(at, now=the_portal().now(), zone=zone)
    return {**kept, "words": words.removeprefix("Today, "), "entries": display.count(kept["size"], "entry", "entries")}
