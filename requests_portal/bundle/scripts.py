"""Which parts of a text HarfBuzz must shape: Arabic, Hebrew, Devanagari, Thai, combining marks, what runs leftwards."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from requests_portal.bundle.bidi import in_sight_order, levels

# Hebrew, Arabic, Devanagari, Thai and their presentation forms; combining marks of all scripts; the two joiners.
_SHAPED = re.compile(
    "[\u0590-\u097f\u0e00-\u0e7f\ufb1d-\ufdff\ufe70-\ufefe"
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe20-\ufe2f\u200c\u200d]"
)
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_PLAIN, _COMMON = "", "common"
_Kind = tuple[int, str, int]


@dataclass(frozen=True)
class Run:
    """A stretch of text drawn in one go in one typeface (a place in its chain); `shaped` text needs HarfBuzz."""

    text: str
    shaped: bool
    right_to_left: bool
    face: int


def is_plain(text: str) -> bool:
    """Say whether a text can be drawn character by character, left to right."""
    return text.isascii() or _SHAPED.search(text) is None


def runs(text: str, *, right_to_left: bool, face_of: Callable[[str], int]) -> tuple[list[Run], list[int]]:
    """Split a line into runs, as they are read, and say in which order they stand from left to right."""
    found = levels(text, right_to_left=right_to_left) if _LEFTWARDS.search(text) else [0] * len(text)
    parts: list[Run] = []
    of_runs: list[int] = []
    kinds = _kinds(text, found, face_of)
    for (level, script, face), group in groupby(zip(text, kinds, strict=True), key=lambda pair: pair[1]):
        words = "".join(one for one, _ in group)
        parts.append(Run(words, shaped=script != _PLAIN, right_to_left=level % 2 == 1, face=face))
        of_runs.append(level)
    return parts, in_sight_order(of_runs)


def _kinds(text: str, found: Sequence[int], face_of: Callable[[str], int]) -> list[_Kind]:
    """Group characters by level, script and typeface; a mark or a joiner belongs to the letter before it."""
    kinds: list[_Kind] = []
    for one, level in zip(text, found, strict=True):
        before = kinds[-1] if kinds and kinds[-1][0] == level else None
        if before and hangs_on_letter(one):
            # The letter itself must be shaped with its mark.
            kinds[-1] = before = before if before[1] else (level, "marked", before[2])
            kinds.append(before)
        else:
            kinds.append(_kind(one, level, before, face_of(one)))
    return kinds


def _kind(character: str, level: int, before: _Kind | None, face: int) -> _Kind:
    if _SHAPED.match(character):
        return level, unicodedata.name(character, "?").split(" ", maxsplit=1)[0], face
    goes_on = before is not None and before[1] != _PLAIN and before[2] == face
    if before is not None and goes_on and (level % 2 or character == " "):
        return before
    return level, _COMMON if level % 2 else _PLAIN, face


def hangs_on_letter(character: str) -> bool:
    """Say whether a character is a mark on the one before it, or joins it to the next."""
    return unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"
