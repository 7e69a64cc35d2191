"""What the page of a letter says: how it stands, what was changed by hand, and by whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from requests_portal.model.case import Case
from requests_portal.model.clock import ClockRow
from requests_portal.model.letter import LetterAct, LetterKind, LetterVersion, latest
from requests_portal.model.production import SignedDocument
from requests_portal.web import display
from requests_portal.web.desk.wording import LETTERS
from requests_portal.work.compose.available import answer_letter, available, rests_on, standing_version
from requests_portal.work.compose.sections import CLOSING, OPENING, Section

# A word with the blanks after it; the end of a paragraph is a word of its own.
WORD = re.compile(r"\n\n|\S+[^\S\n]*")
OF_FRAME = {OPENING: "Opening", CLOSING: "Closing"}
# For a text field: characters to a line, and the least and most lines that it shows.
LINE, LEAST, MOST = 90, 3, 24
# So few words in a row that both sides share are shared by chance, and would tear the comparison to pieces.
CHANCE = 2
ACTS = {LetterAct.EDITED: "changed the words", LetterAct.TAKEN_BACK: "took the change back"}
ACTS[LetterAct.FINISHED] = "finished it for sending"
Pieces = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The signed document that a letter went into, and when its words were fixed."""

    document: SignedDocument
    sealed_at: datetime


def name_of(section: Section) -> str:
    """What a section is called where it is changed."""
    return section.heading or OF_FRAME[section.name]


def rows(section: Section) -> int:
    """How many lines a field for the section's text shows."""
    # Between paragraphs stands an empty line.
    lines = sum(len(each) // LINE + 2 for each in section.paragraphs) - 1
    return max(LEAST, min(MOST, lines))


def state(case: Case, kind: LetterKind, signed: Signed | None) -> tuple[str, str]:
    """How the letter stands, as a tag."""
    version = standing_version(case, kind)
    if kind is answer_letter(case) and signed is not None:
        return ("Signed, not released yet", "info") if case.is_open else ("Released", "ok")
    if version is None:
        return ("Draft", "warn")
    return ("Finished", "ok") if version.act is LetterAct.FINISHED else ("Draft, changed by hand", "warn")


def of_case(case: Case, clocks: Sequence[ClockRow]) -> list[dict[str, str]]:
    """The letters of a case for its own page, each with its address and how it stands."""
    return [
        {"title": LETTERS[kind], "url": f"/requests/{case.reference}/letters/{kind}", "standing": _standing(case, kind)}
        for kind in available(case, clocks)
    ]


def _standing(case: Case, kind: LetterKind) -> str:
    if kind is answer_letter(case):
        released = "Released" if not case.is_open else "Goes out with the decision"
        return f"{released}, changed by hand" if standing_version(case, kind) else released
    version = standing_version(case, kind)
    if version is None:
        return "Can be written"
    return "Finished" if version.act is LetterAct.FINISHED else "Changed by hand"


def changes(before: Sequence[Section], now: Sequence[Section]) -> list[dict[str, Any]]:
    """Each section whose words differ: as it was assembled with what went, and as it is with what came."""
    return [
        {"name": name_of(was), "before": _marked(was, present, keep="del"), "now": _marked(was, present, keep="ins")}
        for was, present in zip(before, now, strict=True)
        if was.text.split() != present.text.split()
    ]


def _marked(before: Section, now: Section, *, keep: str) -> Pieces:
    """One side of the comparison, in pieces (words, mark) as the templates take them."""
    was, is_now = WORD.findall(before.text), WORD.findall(now.text)
    pieces: Pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes():
        same = tag == "equal" and b - a > CHANCE
        mark = "" if same else keep
        words = "".join(was[a:b] if keep == "del" else is_now[c:d])
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (pieces[-1][0] + words, mark)
        elif words:
            pieces.append((words, mark))
    return pieces


def versions(case: Case, kind: LetterKind, headings: dict[str, str], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Everything that was done to the letter's words, newest first; what is void stays readable."""
    standing = standing_version(case, kind)
    return [
        {
            "number": each.number,
            "who": each.by_name,
            "what": ACTS[each.act],
            "at": display.moment(each.at, zone),
            "iso": each.at.isoformat(),
            "state": _version_state(case, each, standing),
            "sections": [(headings.get(name, OF_FRAME.get(name, name)), text) for name, text in each.sections],
        }
        for each in reversed(case.letters)
        if each.kind is kind
    ]


def _version_state(case: Case, version: LetterVersion, standing: LetterVersion | None) -> tuple[str, str]:
    if version == standing:
        return ("Stands", "ok")
    if version.act is LetterAct.EDITED and version.rests_on != rests_on(case, version.kind):
        return ("No longer stands", "plain")
    return ("Past", "plain")


def voided(case: Case, kind: LetterKind, zone: ZoneInfo) -> dict[str, Any] | None:
    """The change by hand that is void, because what it was written for no longer stands."""
    last = latest(case.letters, kind)
    if last is None or last.act is not LetterAct.EDITED or standing_version(case, kind) is not None:
        return None
    ground = "decision" if kind is answer_letter(case) or kind is LetterKind.NOTICE else "assessment"
    return {"who": last.by_name, "at": display.moment(last.at, zone), "number": last.number, "ground": ground}
