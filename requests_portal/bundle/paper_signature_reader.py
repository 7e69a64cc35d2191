"""Reads the signatures of one paper with pyHanko, inside a limited process; run by paper_signature.py.

No address is asked and no root is trusted: what is said of a signer is what the signer's own certificate says.
"""

import json
import logging
import resource
import sys
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
MOST_SIGNATURES = 10
LONGEST_NAME = 200


def signatures(path: Path) -> list[dict[str, object]]:
    """Return what each signature of the file shows, the first ones of very many."""
    with path.open("rb") as file:
        found = PdfFileReader(file).embedded_regular_signatures[:MOST_SIGNATURES]
        return [_read(each, newest=each is found[-1]) for each in found]


def _read(signature: EmbeddedPdfSignature, *, newest: bool) -> dict[str, object]:
    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=nobody, skip_diff=True)
    certificate = signature.signer_cert
    at = signature.self_reported_timestamp
    return {
        "signer": certificate.subject.human_friendly[:LONGEST_NAME],
        "issuer": certificate.issuer.human_friendly[:LONGEST_NAME],
        "intact": bool(status.intact and status.valid),
        "whole": newest and status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        "said_at": at.isoformat() if at else "",
    }


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe and nowhere else
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # macOS refuses to limit the address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def main() -> None:
    """Answer a path with JSON on standard output."""
    _limit()
    logging.disable()
    sys.stdout.write(json.dumps(signatures(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
