"""Where the certification signature shows itself on the page, and the code that leads to the public check."""

from datetime import datetime

import segno
from cryptography import x509

from requests_portal.bundle import look as style
from requests_portal.bundle.certificate_name import certificate_name
from requests_portal.bundle.contents import Signer
from requests_portal.bundle.page import Pages, Seal
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.tags import text_string
from requests_portal.bundle.typefaces import Typeface
from requests_portal.bundle.words import Words, moment

WIDTH = 268.0
HEIGHT = 74.0


def draw_seal(pages: Pages, words: Words, signer: Signer, *, name: str, at: datetime) -> None:
    """Reserve the signature's place here and compose its appearance."""
    pages.need(HEIGHT + 6)
    left, bottom = style.LEFT, pages.y - HEIGHT
    rows = (
        (words["sealed_by"], name),
        (words["sealed_with"], certificate_name(x509.load_pem_x509_certificate(signer.certificate_pem))),
        (words["sealed_on"], moment(at)),
    )
    element = pages.tags.add("Form", b"/Alt" + text_string(words["seal_tip"].format(name)))
    pages.seal = Seal(
        element=element,
        page=pages.count - 1,
        box=(left, bottom, left + WIDTH, bottom + HEIGHT),
        compose=lambda: _appearance(pages, rows, words["sealed_note"]),
    )


def _appearance(pages: Pages, rows: tuple[tuple[str, str], ...], note: str) -> str:
    drawn = [
        f"q {style.SUNK} rg 0 0 {WIDTH} {HEIGHT} re f {style.BRAND} rg 0 0 3.5 {HEIGHT} re f",
    ]
    y = HEIGHT - 15
    for label, value in rows:
        drawn.append(_text(label, 13, y, pages.regular, 7.4, style.INK_FAINT))
        first, *rest = wrapped(value, face=pages.bold, size=8.6, width=WIDTH - 92)
        drawn.append(_text(first + (" …" if rest else ""), 76, y, pages.bold, 8.6, style.INK))
        y -= 15.5
    drawn.append(_text(note, 13, y, pages.regular, 7.4, style.INK_FAINT))
    return "\n".join([*drawn, "Q"])


def _text(text: str, x: float, y: float, face: Typeface, size: float, colour: str) -> str:
    return f"BT {colour} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {face.show(face.printable(text), size)} ET"


def draw_code(pages: Pages, url: str, *, alt: str, x: float, y: float, size: float) -> None:
    """Draw a QR code (ISO/IEC 18004) with its lower left corner at x, y."""
    matrix = segno.make(url, error="m", micro=False).matrix
    side = size / len(matrix)
    dots = [
        f"{column} {len(matrix) - 1 - row} 1 1 re"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    ]
    with pages.figure(alt, (x, y, x + size, y + size)):
        pages.ink.append(f"{side:.4f} 0 0 {side:.4f} {x:.2f} {y:.2f} cm {style.INK} rg {' '.join(dots)} f")
