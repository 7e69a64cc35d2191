"""Papers on the pages: any file is taken into quarantine, and only a clean PDF is shown, as pictures."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import IO
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from requests_portal.errors import NotFound, Refused
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.papers import Paper, PaperState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.portal import Portal, the_portal
from requests_portal.work.papers import add_paper

pages = Blueprint("papers", __name__)
pages.add_app_template_filter(display.size, "file_size")

CHUNK = 1 << 16
LONGEST_NAME = 150
PICTURE_WIDTH = 1240  # A4 at 150 dots an inch
CHOOSE = "Choose at least one file"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The papers that were stored, and why the next one was not; `status` is the answer's."""

    papers: tuple[Paper, ...]
    error: str = ""
    status: int = 200


def take_papers(portal: Portal) -> Taken:
    """Store every file of the upload field `papers`, in order, up to the first that is refused."""
    files = [file for file in request.files.getlist("papers") if file.filename]
    if not files:
        return Taken(papers=(), error=CHOOSE, status=422)
    taken: list[Paper] = []
    for file in files:
        try:
            taken.append(_stored(portal, file))
        except Refused as refusal:
            return Taken(papers=tuple(taken), error=f"{clean_name(file)}: {refusal.sentence}", status=refusal.status)
    return Taken(papers=tuple(taken))


def clean_name(file: FileStorage) -> str:
    """The file's name without folders and characters that cannot be printed, of bounded length."""
    name = PurePath((file.filename or "").replace("\\", "/")).name
    printable = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return printable.strip()[-LONGEST_NAME:] or "Unnamed file"


def find_paper(papers: Iterable[Paper], sha256: str) -> Paper:
    """The paper with this digest; raises NotFound."""
    for paper in papers:
        if paper.sha256 == sha256:
            return paper
    raise NotFound("There is no such paper here. Check the address.")


def described(paper: Paper) -> dict[str, object]:
    """A paper with the words its page says of it."""
    received = display.moment(paper.received_at, ZoneInfo(the_portal().zone))
    return {"paper": paper, "size": display.size(paper.size), "received": received}


def picture(paper: Paper, page: int) -> Response:
    """One page of a clean paper as a PNG; raises NotFound for a paper in quarantine or a page it has not."""
    if paper.state is not PaperState.CLEAN or not 1 <= page <= paper.pages:
        raise NotFound("There is no such page to show.")
    answer = make_response(the_portal().paper_page(paper.sha256, page, PICTURE_WIDTH))
    answer.mimetype = "image/png"
    return answer


@pages.get("/requests/<reference>/papers")
@does(Act.READ_CASE)
def of_case(reference: str) -> str:
    """The papers of a case, with a form to add more."""
    return _case_page(_case(reference), error="")


@pages.post("/requests/<reference>/papers")
@does(Act.FILE_DEMAND)
def add(reference: str) -> Response | tuple[str, int]:
    """Take more papers into a case that is open already."""
    portal, case = the_portal(), _case(reference)
    taken = take_papers(portal)
    with portal.outside.unit_of_work() as work:
        for paper in taken.papers:
            case = add_paper(work, case.id, paper, by=person())
    if taken.error:
        return _case_page(case, error=taken.error), taken.status
    return see_other("intake.papers.of_case", reference=reference)


@pages.get("/requests/<reference>/papers/<sha256>")
@does(Act.READ_CASE)
def show(reference: str, sha256: str) -> str:
    """One paper of a case, page by page, or why it is not shown."""
    case = _case(reference)
    return render_template(
        "new/paper.html",
        **described(find_paper(case.papers, sha256)),
        trail=[
            ("Queue", "/"),
            (reference, f"/requests/{reference}"),
            ("Papers", url_for(".of_case", reference=reference)),
        ],
        picture_url=partial(url_for, ".page", reference=reference, sha256=sha256),
    )


@pages.get("/requests/<reference>/papers/<sha256>/<int:page>.png")
@does(Act.READ_CASE)
def page(reference: str, sha256: str, page: int) -> Response:
    """One page of a case's paper as a picture."""
    return picture(find_paper(_case(reference).papers, sha256), page)


def _case(reference: str) -> Case:
    with the_portal().outside.reading() as work:
        return work.cases.by_reference(reference, by=person())


def _case_page(case: Case, *, error: str) -> str:
    return render_template(
        "new/case_papers.html",
        case=case,
        error=error,
        has_errors=bool(error),
        may_add=person().may(Act.FILE_DEMAND),
        limit=display.size(the_portal().max_upload),
        show_url=partial(url_for, ".show", reference=case.reference),
    )


def _stored(portal: Portal, file: FileStorage) -> Paper:
    stored = portal.outside.vault.put_paper(_chunks(file.stream), max_bytes=portal.max_upload)
    inspection = portal.inspect_paper(stored.sha256)
    return Paper(
        sha256=stored.sha256,
        size=stored.size,
        filename=clean_name(file),
        received_at=portal.now(),
        state=PaperState.QUARANTINED if inspection.reason else PaperState.CLEAN,
        pages=inspection.pages,
        reason=inspection.reason,
    )


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
