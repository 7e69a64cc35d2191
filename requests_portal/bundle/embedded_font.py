"""A TrueType file as one document embeds it: subsets of what was used, each glyph with the text it stands for."""

import copy
import io
from weakref import WeakKeyDictionary

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

# Supplementary Private Use Area A: no typeface of ours has anything there.
_PRIVATE_USE = 0xF0000


class EmbeddedFont(TTFont):  # type: ignore[misc]
    """Adds glyphs that HarfBuzz chose to reportlab's subsets, which know characters only."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, io.BytesIO(data), asciiReadable=True)
        self._private: dict[tuple[int, str], str] = {}
        self._texts: dict[int, str] = {}

    def own_copy(self) -> "EmbeddedFont":
        """Return this font for one document, since it collects what the document used of it."""
        mine = copy.copy(self)
        mine.state = WeakKeyDictionary()
        mine.face = copy.copy(self.face)
        mine.face.charToGlyph = dict(self.face.charToGlyph)
        mine.face.charWidths = dict(self.face.charWidths)
        mine._private, mine._texts = {}, {}  # noqa: SLF001 — the copy is ours
        return mine

    def private_character(self, glyph: int, text: str, width: float) -> str:
        """Return the private character that stands for a shaped glyph, which stands for `text`."""
        key = (glyph, text)
        if key not in self._private:
            code = _PRIVATE_USE + len(self._private)
            self.face.charToGlyph[code] = glyph
            self.face.charWidths[code] = width
            self._texts[code] = text
            self._private[key] = chr(code)
        return self._private[key]

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 — reportlab's name
        """Write the subsets, with the map from codes to text that reportlab would write of private characters."""
        subsets = self.state[doc].subsets
        super().addObjects(doc)
        for number, codes in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("pdfdoc")
            texts = [self._texts.get(code, chr(code)) for code in codes]
            doc.idToObject["toUnicodeCMap:" + name].content = _to_unicode(name, texts)


def _to_unicode(name: str, texts: list[str]) -> str:
    """Return a CMap from codes to text (ISO 32000-1, 9.10.3); unused codes stand for nothing."""
    mapped = [
        f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts) if text != "\0"
    ]
    # At most a hundred entries a block.
    blocks = [mapped[at : at + 100] for at in range(0, len(mapped), 100)]
    lines = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    return _CMAP % (name, name, name, len(texts) - 1, "\n".join(lines))


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (%s) /Ordering (%s) /Supplement 0 >> def
/CMapName /%s def
/CMapType 2 def
1 begincodespacerange
<00> <%02X>
endcodespacerange
%s
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
