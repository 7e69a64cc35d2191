"""Untrusted text made fit to print: what would act or vanish is shown as a code, and nothing is dropped."""

import re
import unicodedata
from collections.abc import Container
from itertools import groupby

LONGEST = 20_000
# Cc and Cf act instead of showing (line feeds, right-to-left overrides, zero-width marks).
# Cs, Co and Cn have no agreed shape.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# A joiner is part of the spelling after a letter of Arabic or an Indic script, and hides anywhere else.
_HIDING_JOINER = re.compile("(?<![\u0600-\u07bf\u0840-\u0dff\u0f00-\u109f\u1780-\u18af])[\u200c\u200d]")
_JOINERS = frozenset("\u200c\u200d")
# No spelling puts more than three marks on one letter; a flood of them would cover the lines around it.
_MOST_MARKS = 3
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "\u2011": "-"})


def code_of(character: str) -> str:
    """Return the visible code of a character, such as [U+4E2D]."""
    return f"[U+{ord(character):04X}]"


def visible(text: str, *, covered: Container[int]) -> str:
    """Return `text` with every character that acts or has no glyph in `covered` (code points) shown as its code."""
    if text.isascii() and text.isprintable():
        return bounded(text)
    text = _with_few_marks(unicodedata.normalize("NFC", text.translate(_SPACES)))
    text = _HIDING_JOINER.sub(lambda joiner: code_of(joiner.group()), text)
    for one in sorted(set(text)):
        if not _shown(one, covered):
            text = text.replace(one, code_of(one))
    return bounded(text)


def shows_itself(character: str, *, covered: Container[int]) -> bool:
    """Whether `visible` leaves a character as it is, wherever it stands in a text in NFC."""
    if ord(character) in _SPACES or character in _JOINERS or _is_mark(character):
        return False
    return _shown(character, covered)


def _with_few_marks(text: str) -> str:
    """Return a text in which the marks that follow the third on one letter are shown as codes, with their number."""
    parts = ("".join(group) for _, group in groupby(text, key=_is_mark))
    return "".join(
        f"{part[:_MOST_MARKS]}{_counted(part[_MOST_MARKS:])}" if _is_mark(part[0]) else part for part in parts
    )


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _counted(marks: str) -> str:
    runs = [(one, len(list(same))) for one, same in groupby(marks)]
    return "".join(code_of(one) if number == 1 else f"{code_of(one)[:-1]} x {number}]" for one, number in runs)


def _shown(character: str, covered: Container[int]) -> bool:
    if character in _JOINERS:
        return True
    return unicodedata.category(character) not in _ACTING and ord(character) in covered


def plainly(text: str) -> str:
    """Return a text whose every character shows itself, for terminals and pages that could be made to act."""
    return bounded("".join(one if one.isprintable() else code_of(one) for one in text))


def bounded(text: str) -> str:
    """Return `text`, cut after 20,000 characters with the number of those left out."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … [{len(text) - LONGEST} more characters]"
