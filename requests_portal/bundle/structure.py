"""Writes the structure tree and its way back from marks to elements (ISO 32000-1, 14.7.4.4)."""

from collections.abc import Iterator

from requests_portal.bundle.archive_form import Base
from requests_portal.bundle.page import Seal
from requests_portal.bundle.tags import Element, Row, Tags
from requests_portal.bundle.writer import Writer


def write_structure(writer: Writer, base: Base, tags: Tags, seal: Seal | None) -> int:
    """Write all elements and return the number of the tree's root."""
    root, parents = writer.new_number(), writer.new_number()
    _number(tags.root, writer)
    writer.add_many(_elements(tags.root, root, base, seal))
    owners = [
        b"%d[%b]" % (page, b" ".join(b"%d 0 R" % element.number_of(mark) for mark, element in enumerate(elements)))
        for page, elements in enumerate(tags.owners)
    ]
    if seal:
        owners.append(b"%d %d 0 R" % (len(owners), seal.element.number))
    writer.add(parents, b"<</Nums[%b]>>" % b"\n".join(owners))
    body = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
    writer.add(root, body % (tags.root.number, parents, len(owners)))
    return root


def _number(element: Element, writer: Writer) -> None:
    element.number = writer.new_number()
    for kid in element.kids:
        if isinstance(kid, Element):
            _number(kid, writer)
        elif isinstance(kid, Row):
            kid.number = writer.new_number(1 + kid.cells)


def _elements(element: Element, parent: int, base: Base, seal: Seal | None) -> Iterator[tuple[int, bytes]]:
    yield element.number, _body(element, parent, base, seal)
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _elements(kid, element.number, base, seal)
        elif isinstance(kid, Row):
            yield from _row(kid, element.number, base)


def _row(row: Row, parent: int, base: Base) -> Iterator[tuple[int, bytes]]:
    cells = range(row.number + 1, row.number + 1 + row.cells)
    yield row.number, b"<</Type/StructElem/S/TR/P %d 0 R/K[%b]>>" % (parent, b" ".join(b"%d 0 R" % at for at in cells))
    page = base.page_numbers[row.page]
    for mark, number in enumerate(cells, start=row.first):
        yield number, b"<</Type/StructElem/S/TD/P %d 0 R/Pg %d 0 R/K[%d]>>" % (row.number, page, mark)


def _body(element: Element, parent: int, base: Base, seal: Seal | None) -> bytes:
    if seal is not None and element is seal.element:
        return _form_body(element, parent, base, seal)
    page = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
    kids = b" ".join(_kid(kid, page, base) for kid in element.kids)
    where = b"" if page is None else b"/Pg %d 0 R" % base.page_numbers[page]
    form = b"<</Type/StructElem/S/%b/P %d 0 R%b/K[%b]%b>>"
    return form % (element.role.encode(), parent, where, kids, element.attributes)


def _kid(kid: Element | Row | tuple[int, int], page: int | None, base: Base) -> bytes:
    if not isinstance(kid, tuple):
        return b"%d 0 R" % kid.number
    if kid[0] == page:
        return b"%d" % kid[1]
    return b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (base.page_numbers[kid[0]], kid[1])


def _form_body(element: Element, parent: int, base: Base, seal: Seal) -> bytes:
    page = base.page_numbers[seal.page]
    form = b"<</Type/StructElem/S/Form/P %d 0 R/Pg %d 0 R%b/K<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>>>"
    return form % (parent, page, element.attributes, base.seal_number or 0, page)
