"""Tables over many pages: the header is repeated on each page and read aloud once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from requests_portal.bundle import look as style
from requests_portal.bundle.bidi import reads_right_to_left
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.tags import COLUMN_HEADER, Element
from requests_portal.bundle.typefaces import Typeface

PAD = 4.0
_DIGEST_SIZE = 6.15
_ASCII = [chr(code) for code in range(0x20, 0x7F)]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its title and its share of the table's width; numbers stand in the mono face, digests small."""

    title: str
    share: float
    mono: bool = False
    digest: bool = False


@dataclass(frozen=True, kw_only=True)
class _Place:
    left: float
    width: float
    face: Typeface
    size: float
    # So many characters of ASCII fit, whichever they are.
    surely: int


def table(pages: Pages, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, size: float | None = None) -> None:
    """Draw a table in the mood's type size or another; a row that is taller than the page goes on in a second row."""
    drawn = _Table(pages, columns, size or pages.look.table)
    with pages.tags.group("Table") as element:
        drawn.header(element)
        for row in rows:
            drawn.row(element, row)
    pages.space(pages.look.leading)


class _Table:
    def __init__(self, pages: Pages, columns: Sequence[Column], size: float) -> None:
        self._pages = pages
        self._titles = [column.title for column in columns]
        self._size = size
        self._leading = self._size * 1.36
        whole = sum(column.share for column in columns)
        widths = [pages.paper.text_width * column.share / whole for column in columns]
        lefts = accumulate(widths[:-1], initial=style.LEFT)
        self._places = [
            self._place(column, left + PAD, width - 2 * PAD)
            for column, left, width in zip(columns, lefts, widths, strict=True)
        ]
        self._capacity = int(pages.paper.text_height / self._leading) - 6

    def _place(self, column: Column, left: float, width: float) -> _Place:
        face, size = self._face(column), self._type_size(column)
        widest = max(face.width(one, size) for one in _ASCII)
        return _Place(left=left, width=width, face=face, size=size, surely=int(width / widest))

    def _face(self, column: Column) -> Typeface:
        return self._pages.mono if column.mono else self._pages.regular

    def _type_size(self, column: Column) -> float:
        if column.digest:
            # 64 digits on one line of an authority's manifest.
            return _DIGEST_SIZE
        # The mono face looks larger than the text face at the same size.
        return self._size - 0.9 if column.mono else self._size

    def header(self, element: Element) -> None:
        """Draw the header where the table starts, as its first row."""
        self._pages.need(self._leading * 6)
        row = Element("TR")
        element.kids.append(row)
        self._draw_header(row)

    def _draw_header(self, row: Element | None) -> None:
        """Draw the header; on later pages, without a row, it is decoration."""
        pages = self._pages
        lines = [
            wrapped(text, face=pages.bold, size=self._size, width=at.width)
            for text, at in zip(self._titles, self._places, strict=True)
        ]
        height = max(map(len, lines)) * self._leading + 6
        pages.box(style.LEFT, pages.y - height, pages.paper.right, pages.y, fill=style.TINT)
        for at, cell in zip(self._places, lines, strict=True):
            pages.ink.append(self._open_header_cell(row))
            for number, text in enumerate(cell, start=1):
                y = pages.y - number * self._leading - 0.5
                pages.show(text, at.left, y, face=pages.bold, size=self._size, colour=style.BRAND)
            pages.ink.append("EMC")
        pages.y -= height

    def _open_header_cell(self, row: Element | None) -> str:
        if row is None:
            return "/Artifact BMC"
        cell = Element("TH", COLUMN_HEADER)
        row.kids.append(cell)
        return self._pages.tags.mark(cell)

    def row(self, element: Element, cells: Sequence[str]) -> None:
        """Draw one row, in slices of a page where it is taller than one."""
        lines = [self._lines(at, text) for at, text in zip(self._places, cells, strict=True)]
        tallest = max(map(len, lines))
        for first in range(0, tallest, self._capacity):
            part = lines if tallest <= self._capacity else [cell[first : first + self._capacity] for cell in lines]
            self._draw_row(element, part, min(tallest - first, self._capacity))

    @staticmethod
    def _lines(at: _Place, text: str) -> list[str]:
        # The common cell: plain and narrow, most often so short that nobody has to measure it.
        plain = text.isascii() and text.isprintable()
        if plain and (len(text) <= at.surely or at.face.width(text, at.size) <= at.width):
            return [text]
        return wrapped(text, face=at.face, size=at.size, width=at.width)

    def _draw_row(self, element: Element, lines: Sequence[Sequence[str]], tallest: int) -> None:
        pages = self._pages
        height = tallest * self._leading + 5
        if pages.y - height < style.BOTTOM:
            pages.turn()
            self._draw_header(None)
        row = pages.tags.row(element, len(lines))
        first = pages.y - self._leading
        for mark, (at, cell) in enumerate(zip(self._places, lines, strict=True), start=row.first):
            self._draw_cell(mark, at, cell, first)
        pages.y -= height
        y = f"{pages.y:.2f}"
        pages.ink.append(f"/Artifact BMC {style.LINE} RG .4 w {style.LEFT} {y} m {pages.paper.right:.2f} {y} l S EMC")

    def _draw_cell(self, mark: int, at: _Place, lines: Sequence[str], y: float) -> None:
        if len(lines) == 1 and lines[0].isascii():
            shown = f"1 0 0 1 {at.left:.2f} {y:.2f} Tm {at.face.show(lines[0], at.size)}"
            self._pages.ink.append(f"/TD <</MCID {mark}>> BDC BT {style.INK} rg {shown} ET EMC")
            return
        leftwards = reads_right_to_left(" ".join(lines))
        parts = [
            f"1 0 0 1 {at.left:.2f} {y - number * self._leading:.2f} Tm "
            f"{at.face.show(text, at.size, right_to_left=leftwards)}"
            for number, text in enumerate(lines)
        ]
        self._pages.ink.append(f"/TD <</MCID {mark}>> BDC BT {style.INK} rg {' '.join(parts)} ET EMC")
