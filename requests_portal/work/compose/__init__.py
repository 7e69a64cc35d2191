"""What a bundle, a certificate and a letter say, taken from the case and the production and from nowhere else.

Facts, findings that were not raised, reasons and other cases stay in the house: nothing here reads them.
"""

from requests_portal.work.compose.bundle import bundle_contents, certificate_paragraphs
from requests_portal.work.compose.index import index_contents
from requests_portal.work.compose.letter import letter_contents
from requests_portal.work.compose.log_files import log_files
from requests_portal.work.compose.source import Source, load

__all__ = [
    "Source",
    "bundle_contents",
    "certificate_paragraphs",
    "index_contents",
    "letter_contents",
    "load",
    "log_files",
]
