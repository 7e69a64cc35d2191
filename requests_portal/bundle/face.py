"""One font in one document: how wide a run is in it, and the operators that draw the run."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import uharfbuzz
from reportlab.pdfbase.pdfdoc import PDFDocument

from requests_portal.bundle.embedded_font import EmbeddedFont
from requests_portal.bundle.scripts import Run

_PER_EM = 1000
# A code must stand for something: a space without width.
_NOTHING = "\u200b"
_Placed = tuple[uharfbuzz.GlyphInfo, uharfbuzz.GlyphPosition]
_Cluster = tuple[str, list[_Placed]]


class Face:
    """Widths are in thousandths of the type size."""

    def __init__(self, font: EmbeddedFont, harfbuzz: uharfbuzz.Face, document: PDFDocument) -> None:
        self.codes = frozenset(font.face.charToGlyph)
        self._font = font.own_copy()
        self._document = document
        self._names: dict[int, str] = {}
        self._shaper = uharfbuzz.Font(harfbuzz)
        self._scale = _PER_EM / harfbuzz.upem
        self._widths: dict[int, float] = self._font.face.charWidths

    def ascii_subset(self) -> str:
        """Return the name of the subset that holds ASCII at its own codes."""
        self._font.splitString(" ", self._document)
        return self._name(0)

    def _name(self, subset: int) -> str:
        if subset not in self._names:
            self._names[subset] = str(self._font.getSubsetInternalName(subset, self._document))
        return self._names[subset]

    def plain_width(self, text: str) -> float:
        """Return the width of a text that needs no shaping and that this face covers."""
        return sum(map(self._widths.__getitem__, map(ord, text)))

    def width(self, run: Run) -> float:
        """Return the width of a run."""
        if not run.shaped:
            return self.plain_width(run.text)
        return float(self._scale) * sum(float(at.x_advance) for at in self._shape(run).glyph_positions)

    def show_plain(self, text: str, size: float) -> str:
        """Return the operators for a text that needs no shaping."""
        return " ".join(
            f"{self._name(subset)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in self._font.splitString(text, self._document)
        )

    def show(self, run: Run, size: float) -> str:
        """Return the operators for a run."""
        if not run.shaped:
            return self.show_plain(run.text, size)
        clusters = list(self._clusters(run))
        if run.right_to_left:
            # Glyphs stand from left to right, whichever way the text reads (ISO 32000-1, 14.8.2.3.3).
            shown = " ".join(self._show_leftwards(text, placed, size) for text, placed in clusters)
            return f"/ReversedChars BMC {shown} 0 Ts EMC"
        words = (list(word) for _, word in groupby(clusters, key=lambda cluster: cluster[0].isspace()))
        return " ".join(self._show_word(word, size) for word in words) + " 0 Ts"

    def _show_word(self, clusters: Sequence[_Cluster], size: float) -> str:
        """Glyphs chosen by HarfBuzz, wrapped in the word they stand for (ISO 32000-1, 14.9.4)."""
        glyphs = [
            self._show_glyph(glyph, part, size)
            for text, placed in clusters
            for glyph, part in zip(placed, _shared(text, len(placed)), strict=True)
        ]
        return _standing_for("".join(text for text, _ in clusters), " ".join(glyphs))

    def _show_leftwards(self, text: str, placed: Sequence[_Placed], size: float) -> str:
        """The same for one cluster that reads to the left, with a span for each character, the last one leftmost.

        Readers that go by place would else swap the characters of a ligature, or put a mark before its letter:
        an empty glyph of a hair's breadth gives each character of the cluster a place of its own.
        """
        parts = [*[_NOTHING] * (len(placed) - 1), text[-1]]
        glyphs = [self._show_glyph(glyph, part, size) for glyph, part in zip(placed, parts, strict=True)]
        first = _standing_for(text[-1], " ".join([self._hair(_NOTHING, size), *glyphs] if len(glyphs) > 1 else glyphs))
        return " ".join([first, *(_standing_for(one, self._hair(one, size)) for one in reversed(text[:-1]))])

    def _hair(self, text: str, size: float) -> str:
        """An empty glyph that stands for a character and takes no room to speak of."""
        space = self._font.face.charToGlyph[ord(" ")]
        [(subset, code)] = self._font.splitString(
            self._font.private_character(space, text, self._widths[ord(" ")]), self._document
        )
        name = self._name(subset)
        return f"{name} {size:g} Tf 0 Ts 1 Tz <{code.hex()}> Tj 100 Tz"

    def _show_glyph(self, placed: _Placed, text: str, size: float) -> str:
        info, at = placed
        width = self._shaper.get_glyph_h_advance(info.codepoint) * self._scale
        character = self._font.private_character(info.codepoint, text, width)
        [(subset, code)] = self._font.splitString(character, self._document)
        name = self._name(subset)
        after = width - (at.x_advance - at.x_offset) * self._scale
        rise = at.y_offset * self._scale * size / _PER_EM
        return f"{name} {size:g} Tf {rise:.3f} Ts [{-at.x_offset * self._scale:g} <{code.hex()}> {after:g}] TJ"

    def _clusters(self, run: Run) -> Iterator[_Cluster]:
        """Group a shaped run's glyphs by the characters they stand for, from left to right."""
        buffer = self._shape(run)
        placed = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(run.text)], strict=True))
        for start, glyphs in groupby(placed, key=lambda each: each[0].cluster):
            yield run.text[start : ends[start]], list(glyphs)

    def _shape(self, run: Run) -> uharfbuzz.Buffer:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if run.right_to_left else "ltr"
        uharfbuzz.shape(self._shaper, buffer)
        return buffer


def _standing_for(text: str, shown: str) -> str:
    actual = (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper()
    return f"/Span <</ActualText<{actual}>>> BDC {shown} EMC"


def _shared(text: str, number: int) -> list[str]:
    """Share a cluster's characters among its glyphs, for readers that know no replacement text."""
    parts = [*text[: number - 1], text[number - 1 :]]
    return [part or _NOTHING for part in [*parts, *[""] * number][:number]]
