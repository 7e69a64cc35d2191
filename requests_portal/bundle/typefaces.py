"""The typefaces of one document: FiraGO and Cascadia Mono, subset and embedded, with widths and drawing operators."""

import copy
import io
from functools import lru_cache
from weakref import WeakKeyDictionary

import pymupdf_fonts
import uharfbuzz
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from requests_portal.bundle.scripts import Run, is_plain, runs_in_sight_order
from requests_portal.bundle.visible import visible

REGULAR, BOLD, ITALIC, MONO = "figo", "figbo", "figit", "cascadia"
_PRIVATE_USE = 0xE000
_PER_EM = 1000


@lru_cache(maxsize=4)
def _parsed(name: str) -> tuple[TTFont, uharfbuzz.Face]:
    """Read a typeface once for the process: the file takes 50 ms to unpack."""
    data = pymupdf_fonts.fontbuffers[name]()
    return TTFont(name, io.BytesIO(data), asciiReadable=True), uharfbuzz.Face(uharfbuzz.Blob(data))


def _own_copy(font: TTFont) -> TTFont:
    """Return a typeface for one document, since it collects what the document used of it."""
    mine = copy.copy(font)
    mine.state = WeakKeyDictionary()
    mine.face = copy.copy(font.face)
    mine.face.charToGlyph = dict(font.face.charToGlyph)
    mine.face.charWidths = dict(font.face.charWidths)
    return mine


class Typeface:
    """One typeface in one document; widths and offsets are in points."""

    def __init__(self, name: str, document: PDFDocument) -> None:
        font, face = _parsed(name)
        self._font = _own_copy(font)
        self._document = document
        self._shaper = uharfbuzz.Font(face)
        self._upem = face.upem
        self._widths: dict[int, float] = self._font.face.charWidths
        self._covered = frozenset(font.face.charToGlyph)
        self._private: dict[int, str] = {}
        self._word_widths: dict[str, float] = {}
        self._first_subset: str | None = None

    def printable(self, text: str) -> str:
        """Return the text as this typeface can show it, with visible codes for what it can't."""
        return visible(text, covered=self._covered)

    def width(self, text: str, size: float) -> float:
        """Return the width of a printable text."""
        known = self._word_widths.get(text)
        if known is None:
            known = self._measured(text)
            # Words repeat and digests don't: remembering long strings would only cost memory.
            if len(text) < 24:  # noqa: PLR2004
                self._word_widths[text] = known
        return float(known * size / _PER_EM)

    def show(self, text: str, size: float) -> str:
        """Return the operators that show a printable text at the current point, between BT and ET."""
        if text.isascii():
            return f"{self._ascii_name} {size:g} Tf ({_escaped(text)}) Tj"
        if is_plain(text):
            return self._show_plain(text, size)
        return " ".join(self._show_run(run, size) for run in runs_in_sight_order(text))

    @property
    def _ascii_name(self) -> str:
        """The subset that holds ASCII at its own codes."""
        if self._first_subset is None:
            self._font.splitString(" ", self._document)
            self._first_subset = self._font.getSubsetInternalName(0, self._document)
        return self._first_subset

    def _measured(self, text: str) -> float:
        if is_plain(text):
            return sum(map(self._widths.__getitem__, map(ord, text)))
        return sum(self._run_width(run) for run in runs_in_sight_order(text))

    def _run_width(self, run: Run) -> float:
        if not run.shaped:
            return sum(map(self._widths.__getitem__, map(ord, run.text)))
        return float(_PER_EM / self._upem) * sum(float(at.x_advance) for at in self._shape(run).glyph_positions)

    def _show_run(self, run: Run, size: float) -> str:
        return self._show_shaped(run, size) if run.shaped else self._show_plain(run.text, size)

    def _show_plain(self, text: str, size: float) -> str:
        shown = []
        for subset, codes in self._font.splitString(text, self._document):
            name = self._font.getSubsetInternalName(subset, self._document)
            shown.append(f"{name} {size:g} Tf <{codes.hex()}> Tj")
        return " ".join(shown)

    def _show_shaped(self, run: Run, size: float) -> str:
        """Glyphs chosen by HarfBuzz, wrapped in the text they stand for (ISO 32000-1, 14.9.4)."""
        buffer = self._shape(run)
        glyphs = []
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            glyphs.append(self._show_glyph(info.codepoint, at, size))
        actual = (b"\xfe\xff" + run.text.encode("utf-16-be")).hex().upper()
        return f"/Span <</ActualText<{actual}>>> BDC {' '.join(glyphs)} 0 Ts EMC"

    def _show_glyph(self, glyph: int, at: uharfbuzz.GlyphPosition, size: float) -> str:
        character = self._private_character(glyph)
        [(subset, code)] = self._font.splitString(character, self._document)
        name = self._font.getSubsetInternalName(subset, self._document)
        scale = _PER_EM / self._upem
        after = self._widths[ord(character)] - (at.x_advance - at.x_offset) * scale
        rise = at.y_offset * size / self._upem
        return f"{name} {size:g} Tf {rise:.3f} Ts [{-at.x_offset * scale:g} <{code.hex()}> {after:g}] TJ"

    def _shape(self, run: Run) -> uharfbuzz.Buffer:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if run.right_to_left else "ltr"
        uharfbuzz.shape(self._shaper, buffer)
        return buffer

    def _private_character(self, glyph: int) -> str:
        """Return the private character that stands for a shaped glyph in this document's subset."""
        if glyph not in self._private:
            code = _PRIVATE_USE + len(self._private)
            while code in self._covered:
                code += 0x400
            face = self._font.face
            face.charToGlyph[code] = glyph
            self._widths[code] = self._shaper.get_glyph_h_advance(glyph) * _PER_EM / self._upem
            self._private[glyph] = chr(code)
        return self._private[glyph]


def _escaped(text: str) -> str:
    if "(" in text or ")" in text or "\\" in text:
        return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return text
