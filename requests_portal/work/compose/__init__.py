"""What a bundle, a certificate and a letter say, taken from the case and the production and from nowhere else.

Facts, findings that were not raised, reasons and other cases stay in the house: nothing here reads them.
"""

from requests_portal.work.compose.bundle import Source, bundle_contents, certificate_paragraphs, load
from requests_portal.work.compose.letter import letter_contents

__all__ = ["Source", "bundle_contents", "certificate_paragraphs", "letter_contents", "load"]
