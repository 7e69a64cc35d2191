"""Mark papers: what each paper of a demand is recognised by is kept, so that later ones are compared with it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from requests_portal.errors import Away, Refused
from requests_portal.model.paper_mark import mark_of
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside

AT_ONCE = 20


def mark_papers(outside: Outside, *, words_of: Callable[[Path], str]) -> None:
    """Mark the papers that have no mark yet; one that the vault cannot give is marked as one without words."""
    with outside.reading() as work:
        unmarked = work.paper_marks.unmarked(most=AT_ONCE)
    one_by_one(unmarked, lambda sha256: _mark(outside, sha256, words_of))


def _mark(outside: Outside, sha256: str, words_of: Callable[[Path], str]) -> None:
    try:
        text = _text(outside, sha256, words_of)
    except Away:
        return
    except Refused:
        text = ""
    with outside.unit_of_work() as work:
        work.paper_marks.add(mark_of(sha256, text), at=work.now())


def _text(outside: Outside, sha256: str, words_of: Callable[[Path], str]) -> str:
    with tempfile.NamedTemporaryFile(dir=outside.scratch, suffix=".paper") as file:
        for chunk in outside.vault.read_paper(sha256):
            file.write(chunk)
        file.flush()
        return words_of(Path(file.name))
