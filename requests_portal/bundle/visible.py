"""Untrusted text made fit to print: what would act or vanish is shown as a code, and nothing is dropped."""

import unicodedata
from collections.abc import Container

LONGEST = 20_000
# Cc and Cf act instead of showing (line feeds, right-to-left overrides, zero-width marks).
# Cs, Co and Cn have no agreed shape.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Joiners are part of spelling in Arabic and Indic scripts, and do nothing elsewhere.
_JOINERS = frozenset("\u200c\u200d")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "\u2011": "-"})


def code_of(character: str) -> str:
    """Return the visible code of a character, such as [U+4E2D]."""
    return f"[U+{ord(character):04X}]"


def visible(text: str, *, covered: Container[int]) -> str:
    """Return `text` with every character that acts or has no glyph in `covered` (code points) shown as its code."""
    if text.isascii() and text.isprintable():
        return bounded(text)
    text = unicodedata.normalize("NFC", text.translate(_SPACES))
    for one in sorted(set(text)):
        if not _shown(one, covered):
            text = text.replace(one, code_of(one))
    return bounded(text)


def _shown(character: str, covered: Container[int]) -> bool:
    if character in _JOINERS:
        return True
    return unicodedata.category(character) not in _ACTING and ord(character) in covered


def bounded(text: str) -> str:
    """Return `text`, cut after 20,000 characters with the number of those left out."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} … [{len(text) - LONGEST} more characters]"
