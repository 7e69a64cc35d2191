"""Which parts of a text run right to left or need shaping (Arabic, Hebrew, Devanagari, Thai, combining marks)."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_STRONG = _RIGHT_TO_LEFT | {"L"}
_UNSHAPED = frozenset({"plain", "space"})
# Hebrew, Arabic, Devanagari, Thai and their presentation forms; combining marks of all scripts; the two joiners.
_SHAPED = re.compile(
    "[\u0590-\u097f\u0e00-\u0e7f\ufb1d-\ufdff\ufe70-\ufefe"
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200c\u200d]"
)


@dataclass(frozen=True)
class Run:
    """A stretch of text drawn in one go; `shaped` text needs HarfBuzz and an /ActualText."""

    text: str
    shaped: bool
    right_to_left: bool


def is_plain(text: str) -> bool:
    """Say whether a text can be drawn character by character, left to right."""
    return text.isascii() or _SHAPED.search(text) is None


def reads_right_to_left(text: str) -> bool:
    """Say whether the first strong character is right to left (Unicode UAX #9, rule P2)."""
    if text.isascii():
        return False
    strong = (unicodedata.bidirectional(one) for one in text)
    return next((kind for kind in strong if kind in _STRONG), "L") in _RIGHT_TO_LEFT


def runs_in_sight_order(text: str) -> list[Run]:
    """Split a line into runs, in the order in which they stand on the page from left to right."""
    runs = [Run(part, shaped=shaped, right_to_left=rtl) for part, shaped, rtl in _split(text)]
    # In a right-to-left line the runs stand in reverse, each keeping its own inner direction (UAX #9, rule L2).
    return runs[::-1] if reads_right_to_left(text) else _mirrored_islands(runs)


def _split(text: str) -> list[tuple[str, bool, bool]]:
    """Group characters by script; a mark or a joiner belongs to the letter before it."""
    kinds: list[tuple[str, bool]] = []
    for one in text:
        if kinds and _hangs_on_letter(one):
            kinds[-1] = kinds[-1] if kinds[-1][0] not in _UNSHAPED else ("marked", False)
            kinds.append(kinds[-1])
        else:
            kinds.append(_kind(one, kinds[-1] if kinds else ("plain", False)))
    _free_spaces_between(text, kinds)
    parts = []
    for (script, rtl), group in groupby(zip(text, kinds, strict=True), key=lambda pair: pair[1]):
        parts.append(("".join(one for one, _ in group), script not in _UNSHAPED, rtl))
    return parts


def _hangs_on_letter(character: str) -> bool:
    return unicodedata.combining(character) != 0 or character in "\u200c\u200d"


def _kind(character: str, before: tuple[str, bool]) -> tuple[str, bool]:
    if character == " ":
        return before
    if not _SHAPED.match(character):
        return ("plain", False)
    rtl = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
    return (unicodedata.name(character, "?").split(" ", maxsplit=1)[0], rtl)


def _free_spaces_between(text: str, kinds: list[tuple[str, bool]]) -> None:
    """Make a space between two kinds a run of its own, so that it stays between them on the page."""
    for at in range(len(text) - 1, -1, -1):
        if text[at] == " " and (at + 1 == len(text) or kinds[at + 1] != kinds[at]):
            kinds[at] = ("space", False)


def _mirrored_islands(runs: list[Run]) -> list[Run]:
    """Swap neighbouring right-to-left runs of a left-to-right line, with the spaces and numbers between them."""
    placed: list[Run] = []
    island: list[Run] = []
    for run in runs:
        if run.right_to_left or (island and (run.text.isspace() or run.text.isdecimal())):
            island.append(run)
            continue
        placed += _settled(island)
        island = []
        placed.append(run)
    return placed + _settled(island)


def _settled(island: list[Run]) -> list[Run]:
    tail = []
    while island and not island[-1].right_to_left:
        tail.append(island.pop())
    return island[::-1] + tail
