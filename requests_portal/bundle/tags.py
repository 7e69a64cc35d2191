"""The structure tree of a tagged document (ISO 32000-1, 14.7): who reads it aloud follows this, not the ink."""

from collections.abc import Iterator
from contextlib import contextmanager


class Element:
    """One structure element; kids are elements or (page, marked content id) pairs."""

    __slots__ = ("attributes", "kids", "number", "role")

    def __init__(self, role: str, attributes: bytes = b"") -> None:
        self.role = role
        self.attributes = attributes
        self.kids: list[Element | Row | tuple[int, int]] = []
        self.number = 0

    def every(self) -> "Iterator[Element]":
        """Yield this element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.every()

    def number_of(self, _mark: int) -> int:
        """Return this element's object number, whichever of its marks is asked for."""
        return self.number


class Row:
    """A row of a table whose cells have one mark each, in order; in one piece, since a manifest has 300,000 cells."""

    __slots__ = ("cells", "first", "number", "page")

    def __init__(self, page: int, first: int, cells: int) -> None:
        self.page = page
        self.first = first
        self.cells = cells
        self.number = 0

    def number_of(self, mark: int) -> int:
        """Return the object number of the cell with this mark; cells follow their row."""
        return self.number + 1 + mark - self.first


def text_string(text: str) -> bytes:
    """Return a PDF text string in UTF-16, as a hexadecimal token."""
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be", "replace")).hex().encode() + b">"


COLUMN_HEADER = b"/A<</O/Table/Scope/Column>>"
ROW_HEADER = b"/A<</O/Table/Scope/Row>>"


def figure_attributes(alt: str, box: tuple[float, float, float, float]) -> bytes:
    """Return a figure's words for those who can't see it, and where it stands."""
    return b"/Alt%s/A<</O/Layout/Placement/Block/BBox[%.2f %.2f %.2f %.2f]>>" % (text_string(alt), *box)


class Tags:
    """The tree while pages are drawn."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self._open = [self.root]
        # For each page, the element that owns each marked content id.
        self.owners: list[list[Element | Row]] = []

    def next_page(self) -> None:
        """Start the marked content ids again at nought."""
        self.owners.append([])

    @contextmanager
    def group(self, role: str, attributes: bytes = b"") -> Iterator[Element]:
        """Open an element for what is drawn inside."""
        element = self.add(role, attributes)
        self._open.append(element)
        yield element
        self._open.pop()

    def add(self, role: str, attributes: bytes = b"") -> Element:
        """Add an element here and return it, still empty."""
        element = Element(role, attributes)
        self._open[-1].kids.append(element)
        return element

    def mark(self, element: Element) -> str:
        """Return the operator that opens marked content of an element on this page."""
        owners = self.owners[-1]
        number = len(owners)
        owners.append(element)
        element.kids.append((len(self.owners) - 1, number))
        return f"/{element.role} <</MCID {number}>> BDC"

    def row(self, table: Element, cells: int) -> Row:
        """Add a row with its cells, which the caller then marks in order."""
        owners = self.owners[-1]
        row = Row(page=len(self.owners) - 1, first=len(owners), cells=cells)
        owners += [row] * cells
        table.kids.append(row)
        return row
