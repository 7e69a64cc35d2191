"""Reads one paper with PDFium, inside a process that is limited before the paper is opened; run by inspect.py."""

import io
import json
import re
import resource
import sys
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
MAX_PAGES = 500
# In letters: longer than any order, and short enough to compare.
MAX_WORDS = 1_000_000
MAX_HEIGHT = 8_000
# ISO 32000-1 Annex C: a page's side is between 3 and 14,400 units.
SIDES = (3, 14_400)
NO_INCREMENTAL = 2  # FPDF_NO_INCREMENTAL of fpdf_save.h

NOT_A_PDF = "It is not a PDF; ask for the paper as a PDF."
ENCRYPTED = "It is encrypted; ask for a copy without a password."
BROKEN = "It is broken and cannot be read as a PDF; ask for the paper again."
TOO_MANY = f"It has more than {MAX_PAGES} pages; ask for it in parts."
# Names that PDFium writes out in the clear when it saves, whatever object stream or escape hid them.
ACTIVE = {
    b"JavaScript": "It contains JavaScript; ask for a copy without it.",
    b"Launch": "It tries to start another program; ask for a plain copy.",
    b"EmbeddedFile": "It has other files inside; ask for them one by one.",
    b"EmbeddedFiles": "It has other files inside; ask for them one by one.",
    b"RichMedia": "It contains film or sound; ask for a plain copy.",
}
ACTIVE_NAME = re.compile(rb"/(" + b"|".join(ACTIVE) + rb")(?=[\s/<>\[\]()%]|$)")


def reason_against(path: Path) -> str | None:
    """Return why the paper may not be shown, or None."""
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            return NOT_A_PDF
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return ENCRYPTED if error.err_code == raw.FPDF_ERR_PASSWORD else BROKEN
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        return ENCRYPTED
    if len(document) > MAX_PAGES:
        return TOO_MANY
    return _active_content(document) or _broken_page(document)


def page_as_png(path: Path, number: int, width: int) -> bytes:
    """Return page `number` (from 1) as a PNG, `width` pixels wide unless it would be more than 8,000 high."""
    page = pypdfium2.PdfDocument(path)[number - 1]
    # PDFium's binding rounds sides up, so that exactly `width` could come out a pixel wider.
    scale = min((width - 0.01) / page.get_width(), (MAX_HEIGHT - 0.01) / page.get_height())
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(picture, "PNG")
    return picture.getvalue()


def words(path: Path) -> str:
    """Return the words of all pages, page after page, up to the most that is kept."""
    found, size = list[str](), 0
    for page in pypdfium2.PdfDocument(path):
        found.append(page.get_textpage().get_text_bounded()[: MAX_WORDS - size])
        size += len(found[-1])
        if size >= MAX_WORDS:
            break
    return "\n".join(found)


def _active_content(document: pypdfium2.PdfDocument) -> str | None:
    plain = io.BytesIO()
    document.save(plain, flags=NO_INCREMENTAL)
    found = ACTIVE_NAME.search(plain.getvalue())
    return ACTIVE[found[1]] if found else None


def _broken_page(document: pypdfium2.PdfDocument) -> str | None:
    low, high = SIDES
    try:
        sides = [side for page in document for side in page.get_size()]
        document[0].render(scale=0.2)
    except (pypdfium2.PdfiumError, IndexError):
        return BROKEN
    return None if sides and all(low <= side <= high for side in sides) else BROKEN


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe and nowhere else
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS refuses to limit the address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def main() -> None:
    """Answer `inspect PATH` with JSON, `words PATH` with text, `render PATH PAGE WIDTH` with a PNG."""
    _limit()
    verb, path, *numbers = sys.argv[1:]
    if verb == "inspect":
        reason = reason_against(Path(path))
        pages = 0 if reason else len(pypdfium2.PdfDocument(Path(path)))
        sys.stdout.write(json.dumps({"reason": reason, "pages": pages}))
    elif verb == "words":
        sys.stdout.buffer.write(words(Path(path)).encode("utf-8", "replace"))
    else:
        number, width = map(int, numbers)
        sys.stdout.buffer.write(page_as_png(Path(path), number, width))


if __name__ == "__main__":
    main()
