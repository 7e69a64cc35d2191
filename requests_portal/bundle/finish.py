"""The last part of every document: contents of pages, structure tree, signature field, catalog, and the file's end."""

from collections.abc import Iterator
from datetime import datetime

from requests_portal.bundle.archive_form import Base
from requests_portal.bundle.contents import Signer
from requests_portal.bundle.page import Pages
from requests_portal.bundle.signature import catalog_entries, sign, write_field
from requests_portal.bundle.structure import write_structure
from requests_portal.bundle.writer import Writer


def finish(
    writer: Writer, base: Base, pages: Pages, *, signer: Signer | None, name: str, reason: str, at: datetime
) -> None:
    """Write what follows the attachments; without a signer or a seal the file ends unsigned."""
    writer.add_many(_page_contents(base, pages))
    tree = b"/StructTreeRoot %d 0 R" % write_structure(writer, base, pages.tags, pages.seal)
    if signer is None or pages.seal is None:
        writer.catalog(tree)
        writer.write(writer.ending(writer.size))
        return
    field = write_field(writer, base, pages.seal, name=name, reason=reason)
    writer.catalog(tree + catalog_entries(field))
    sign(writer, field, signer, at=at)


def _page_contents(base: Base, pages: Pages) -> Iterator[tuple[int, bytes]]:
    # The running lines come first, so that a watermark lies under the words.
    for numbers, streams in zip(base.content_numbers, pages.contents(), strict=True):
        for number, data in zip(numbers, streams, strict=True):
            yield number, b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(data), data)
