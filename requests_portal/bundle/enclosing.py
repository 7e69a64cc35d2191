"""Small files that a document embeds whole."""

from hashlib import sha256

from requests_portal.bundle.contents import Relationship
from requests_portal.bundle.writer import Enclosure


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
