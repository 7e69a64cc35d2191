"""Files of our own making that a document embeds: small ones from memory, long ones from the disk."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from requests_portal.bundle.contents import Relationship
from requests_portal.bundle.writer import Enclosure

CHUNK = 1 << 20


def small(
    filename: str, media_type: str, description: str, data: bytes, relationship: Relationship = "Data"
) -> Enclosure:
    """Return a file that is in memory already as one to embed."""
    return Enclosure(
        filename=filename,
        media_type=media_type,
        description=description,
        relationship=relationship,
        size=len(data),
        sha256=sha256(data).hexdigest(),
        open=lambda: iter((data,)),
    )


@contextmanager
def long(filename: str, media_type: str, description: str, parts: Iterable[bytes]) -> Iterator[Enclosure]:
    """A file that is written to the disk first, since it may be as long as a production has recordings."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        for part in parts:
            digest.update(part)
            size += file.write(part)

        def read() -> Iterator[bytes]:
            file.seek(0)
            while chunk := file.read(CHUNK):
                yield chunk

        yield Enclosure(
            filename=filename,
            media_type=media_type,
            description=description,
            relationship="Data",
            size=size,
            sha256=digest.hexdigest(),
            open=read,
        )
