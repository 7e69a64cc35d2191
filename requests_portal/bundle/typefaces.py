"""The typefaces of one document: FiraGO and Cascadia Mono, and for what they lack, WenQuanYi Micro Hei."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from unicodedata import is_normalized

import pymupdf_fonts
import uharfbuzz
from reportlab.pdfbase.pdfdoc import PDFDocument

from requests_portal.bundle.bidi import reads_right_to_left
from requests_portal.bundle.embedded_font import EmbeddedFont
from requests_portal.bundle.face import Face
from requests_portal.bundle.scripts import is_plain, runs
from requests_portal.bundle.visible import bounded, shows_itself, visible

REGULAR, BOLD, ITALIC, MONO = "figo", "figbo", "figit", "cascadia"
_EAST_ASIAN = "wqy-microhei"
# Where a character is looked for: Chinese, Japanese and Korean have one weight, and the mono face few scripts.
_CHAINS = {
    REGULAR: (REGULAR, _EAST_ASIAN),
    BOLD: (BOLD, REGULAR, _EAST_ASIAN),
    ITALIC: (ITALIC, REGULAR, _EAST_ASIAN),
    MONO: (MONO, REGULAR, _EAST_ASIAN),
}
_PER_EM = 1000


@lru_cache(maxsize=5)
def _parsed(name: str) -> tuple[EmbeddedFont, uharfbuzz.Face]:
    """Read a font once for the process: unpacking takes 50 ms, and the East Asian one 200 ms and 23 MB."""
    if name == _EAST_ASIAN:
        data = files("paperang_p2_fonts_cjk").joinpath("fonts", f"{name}.ttc").read_bytes()
    else:
        data = pymupdf_fonts.fontbuffers[name]()
    return EmbeddedFont(name, data), uharfbuzz.Face(uharfbuzz.Blob(data), 0)


class Typefaces:
    """The typefaces of one document; a font is read when something is first set in it."""

    def __init__(self, document: PDFDocument) -> None:
        self._document = document
        self._faces: dict[str, Face] = {}

    def typeface(self, name: str) -> "Typeface":
        """Return a typeface with those that stand in for it."""
        return Typeface(self, _CHAINS[name])

    def face(self, name: str) -> Face:
        """Return one font of this document."""
        if name not in self._faces:
            self._faces[name] = Face(*_parsed(name), self._document)
        return self._faces[name]


class Typeface:
    """One typeface in one document; widths and offsets are in points."""

    def __init__(self, faces: Typefaces, chain: tuple[str, ...]) -> None:
        self._faces, self._chain = faces, chain
        self._first = faces.face(chain[0])
        self._word_widths: dict[str, float] = {}
        self._ascii_name: str | None = None
        # Characters that were looked at and show themselves: the same few stand in thousands of lines.
        self._sure: set[str] = set()

    def __contains__(self, code: object) -> bool:
        """Say whether any font of the chain has a code point; the later ones are not even read while one has."""
        return any(code in self._faces.face(name).codes for name in self._chain)

    def printable(self, text: str) -> str:
        """Return the text as this typeface can show it, with visible codes for what it can't."""
        if self._sure.issuperset(text) and is_normalized("NFC", text):
            return bounded(text)
        self._sure.update(one for one in set(text) if shows_itself(one, covered=self))
        return visible(text, covered=self)

    def width(self, text: str, size: float) -> float:
        """Return the width of a printable text."""
        known = self._word_widths.get(text)
        if known is None:
            known = self._measured(text)
            # Words repeat and digests don't: remembering long strings would only cost memory.
            if len(text) < 24:  # noqa: PLR2004
                self._word_widths[text] = known
        return float(known * size / _PER_EM)

    def show(self, text: str, size: float, *, right_to_left: bool | None = None) -> str:
        """Return the operators that show a printable text at the current point, between BT and ET.

        A line reads as its paragraph does; without one, as its first strong character does.
        """
        if text.isascii() and not right_to_left:
            return f"{self._ascii_subset()} {size:g} Tf ({_escaped(text)}) Tj"
        if is_plain(text) and not right_to_left:
            return " ".join(face.show_plain(part, size) for face, part in self._parts(text))
        return self._show_mixed(text, size, reads_right_to_left(text) if right_to_left is None else right_to_left)

    def _ascii_subset(self) -> str:
        if self._ascii_name is None:
            self._ascii_name = self._first.ascii_subset()
        return self._ascii_name

    def _face_of(self, character: str) -> int:
        """Return the place in the chain of the first font that has a character."""
        code = ord(character)
        return next((at for at, name in enumerate(self._chain) if code in self._faces.face(name).codes), 0)

    def _parts(self, text: str) -> Iterator[tuple[Face, str]]:
        """Split a plain text by the font that has its characters."""
        if self._first.codes.issuperset(map(ord, text)):
            yield self._first, text
            return
        for at, part in groupby(text, key=self._face_of):
            yield self._faces.face(self._chain[at]), "".join(part)

    def _measured(self, text: str) -> float:
        if is_plain(text):
            return sum(face.plain_width(part) for face, part in self._parts(text))
        found, _ = runs(text, right_to_left=reads_right_to_left(text), face_of=self._face_of)
        return sum(self._faces.face(self._chain[run.face]).width(run) for run in found)

    def _show_mixed(self, text: str, size: float, right_to_left: bool) -> str:  # noqa: FBT001 — a line's, as in UAX #9
        """Draw runs as they are read, each at its own place on the line."""
        found, order = runs(text, right_to_left=right_to_left, face_of=self._face_of)
        if order == list(range(len(order))):
            return " ".join(self._faces.face(self._chain[run.face]).show(run, size) for run in found)
        left, places = 0.0, [0.0] * len(found)
        for at in order:
            places[at] = left
            left += self._faces.face(self._chain[found[at].face]).width(found[at]) * size / _PER_EM
        shown, pen = [], 0.0
        for run, place in zip(found, places, strict=True):
            shown.append(f"{place - pen:.3f} 0 Td {self._faces.face(self._chain[run.face]).show(run, size)}")
            pen = place
        return " ".join(shown)


def _escaped(text: str) -> str:
    if "(" in text or ")" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return text
