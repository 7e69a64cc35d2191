"""The certification signature: its field, its look, and the hole its bytes go into (PAdES, ETSI EN 319 142-1)."""

from dataclasses import dataclass
from datetime import datetime

from requests_portal.bundle.archive_form import Base, pdf_date
from requests_portal.bundle.contents import Signer
from requests_portal.bundle.hole import RANGE_WIDTH, filled
from requests_portal.bundle.page import Seal
from requests_portal.bundle.tags import text_string
from requests_portal.bundle.writer import Writer

_HOLE = 49_152  # hexadecimal digits: room for a CMS of 24 KiB, chain and timestamp with its own chain included


@dataclass(frozen=True, kw_only=True)
class Field:
    """The numbers of the signature's objects, and the words in its dictionary."""

    seal: int
    value: int
    name: str
    reason: str


def write_field(writer: Writer, base: Base, seal: Seal, *, name: str, reason: str) -> Field:
    """Write the field with its appearance; the signature itself comes last, in `sign`."""
    number = base.seal_number or writer.new_number()
    value, appearance = writer.new_number(), writer.new_number()
    left, bottom, right, top = seal.box
    drawing = seal.appearance.encode("latin-1")
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]/Resources<</Font %b>>/Length %d>>\nstream\n%b\nendstream"
    writer.add(appearance, form % (right - left, top - bottom, base.fonts, len(drawing), drawing))
    # F 132: printed and locked. The seal's parent key follows the pages' keys.
    widget = (
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/TU%b/F 132/Rect[%.2f %.2f %.2f %.2f]"
        b"/P %d 0 R/V %d 0 R/AP<</N %d 0 R>>/StructParent %d>>"
    )
    page = base.page_numbers[seal.page]
    places = (left, bottom, right, top, page, value, appearance, len(base.page_numbers))
    writer.add(number, widget % (text_string(reason), *places))
    return Field(seal=number, value=value, name=name, reason=reason)


def catalog_entries(field: Field) -> bytes:
    """Return what the catalog says of a certified document (ISO 32000-1, 12.8.4)."""
    return b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>/Perms<</DocMDP %d 0 R>>" % (field.seal, field.value)


def sign(writer: Writer, field: Field, signer: Signer, *, at: datetime) -> None:
    """Write the signature dictionary, the rest of the file, and the signature over all but its own hole."""
    writer.begin(field.value)
    # P 1: no change at all is permitted (ISO 32000-1, table 254).
    head = (
        b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(%b)/Name%b/Reason%b"
        b"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
        b"/ByteRange[0 "
    )
    words = (pdf_date(at).encode(), text_string(field.name), text_string(field.reason))
    writer.write(head % (field.value, *words))
    lead = len(b"]/Contents")
    hole_start = writer.size + RANGE_WIDTH + lead
    hole_end = hole_start + _HOLE + 2
    closing = b">>\nendobj\n"
    ending = closing + writer.ending(hole_end + len(closing))
    numbers = b"%d %d %d" % (hole_start, hole_end, len(ending))
    writer.write(numbers.ljust(RANGE_WIDTH) + b"]/Contents")
    signed = writer.digest.copy()
    signed.update(ending)
    writer.write(filled(signer.sign_cms(signed.digest(), at=at), _HOLE))
    writer.write(ending)
