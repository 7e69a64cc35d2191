"""The archived copy of a signed document (PAdES B-LTA, EN 319 142-1, 5.5): its bytes, then proofs and a timestamp.

One update is appended in one form: what proves the signatures (certificates, revocation lists) as a document security
store, a signature field that shows nothing, and a timestamp over everything. The same function that writes the update
writes it again to check it, so that there is nowhere to hide a byte in it.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from requests_portal.bundle.certification import certification, dictionary
from requests_portal.bundle.cms import certificates_in, content_of, loaded, token_of, value_of
from requests_portal.bundle.contents import Timestamper
from requests_portal.bundle.hole import RANGE_WIDTH, filled
from requests_portal.bundle.pdf_objects import Reference, Text
from requests_portal.bundle.strict_file import Doubt, StrictFile
from requests_portal.bundle.timestamp import stamp_in

CHUNK = 1 << 20
HOLE = 24_576  # hexadecimal digits: room for a token of 12 KiB with its chain
_FORM = re.compile(rb"/AcroForm<</Fields\[(\d+ 0 R)\]/SigFlags 3>>")
STREAM_END = b"\nendstream\nendobj\n"


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """What proves a document's signatures without asking anybody: certificates and revocation lists, in DER."""

    certificates: tuple[bytes, ...]
    revocations: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Archived:
    """What was written: digest and size of the whole copy, and the time that its timestamp gives."""

    sha256: str
    size: int
    stamped_at: datetime


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What an update has to know of the document that it follows."""

    size: int
    table: int
    objects: int
    root: int
    info: int
    identity: bytes
    catalog: bytes


@dataclass(frozen=True, kw_only=True)
class Update:
    """What is appended, without the token in its hole."""

    before: bytes
    after: bytes


def write_archived(
    delivered: Path, out: BinaryIO, *, revocations: Sequence[bytes], timestamper: Timestamper
) -> Archived:
    """Write the archived copy of a document of ours; raises Doubt for another file, Away or WrongTimestamp.

    `revocations` are revocation lists in DER; those of the issuers of the document's certificates go along.
    """
    size = delivered.stat().st_size
    whole, stamped = hashlib.sha256(), hashlib.sha256()
    with delivered.open("rb", buffering=0) as file:
        proofs = _proofs_of(file, size, revocations, timestamper)
        update = update_of(delivered_part(file, size), proofs)
        file.seek(0)
        for chunk in chunks(file, size):
            out.write(chunk)
            whole.update(chunk)
            stamped.update(chunk)
    stamped.update(update.before + update.after)
    token = timestamper.stamp(stamped.digest())
    rest = update.before + filled(token, HOLE) + update.after
    out.write(rest)
    whole.update(rest)
    at = stamp_in(token, stamped.digest()).at
    return Archived(sha256=whole.hexdigest(), size=size + len(rest), stamped_at=at)


def _proofs_of(file: FileIO, size: int, revocations: Sequence[bytes], timestamper: Timestamper) -> Proofs:
    """Collect the certificates of a document's signature and timestamp, and their issuers' revocation lists."""
    strict = StrictFile(file, size, lambda: None)
    cms = certification(strict, dictionary(strict, strict.trailer.get("Root"), "root")).cms
    # A document that left without a timestamp: what its copy is stamped with is known from a first one.
    token = token_of(cms) or timestamper.stamp(hashlib.sha256(value_of(cms)).digest())
    known = dict.fromkeys(loaded(each) for part in (cms, token) for each in certificates_in(content_of(part)))
    lists = [x509.load_der_x509_crl(each) for each in revocations]
    return Proofs(
        certificates=tuple(each.public_bytes(Encoding.DER) for each in known),
        revocations=tuple(
            each.public_bytes(Encoding.DER) for each in lists if any(is_list_of(each, issuer) for issuer in known)
        ),
    )


def is_list_of(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    """Say whether a revocation list is by this issuer."""
    try:
        return found.issuer == issuer.subject and found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


def delivered_part(file: FileIO, size: int) -> Delivered:
    """Read what an update has to know of the document in the first `size` bytes."""
    strict = StrictFile(file, size, lambda: None)
    root, info, identity = (strict.trailer.get(key) for key in ("Root", "Info", "ID"))
    if not isinstance(root, Reference) or not isinstance(info, Reference):
        raise Doubt("The file's trailer is not in our form.")
    if not isinstance(identity, list) or not identity or not isinstance(identity[0], Text):
        raise Doubt("The file has no identity of the kind that we write.")
    start = int(strict.offsets[root.number]) + len(b"%d 0 obj\n" % root.number)
    _, end = strict.object_at(root.number)
    return Delivered(
        size=size,
        table=strict.start,
        objects=len(strict.offsets),
        root=root.number,
        info=info.number,
        identity=identity[0].data.hex().encode(),
        catalog=strict.read(start, end - start),
    )


def update_of(delivered: Delivered, proofs: Proofs) -> Update:
    """Return the update that follows this document with these proofs; the same for the same."""
    pieces, places = _Pieces(delivered.size), delivered.objects
    streams = (*proofs.certificates, *proofs.revocations)
    numbers = [pieces.stream(places + at, data) for at, data in enumerate(streams)]
    store, field, stamp = (places + len(streams) + at for at in range(3))
    pieces.add(store, _store(numbers[: len(proofs.certificates)], numbers[len(proofs.certificates) :]))
    pieces.add(field, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Archived)/F 132/Rect[0 0 0 0]/V %d 0 R>>" % stamp)
    pieces.add(delivered.root, _catalog(delivered.catalog, store, field))
    pieces.begin(stamp)
    head = b"%d 0 obj\n<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 " % stamp
    start = pieces.size + len(head) + RANGE_WIDTH + len(b"]/Contents")
    after = b">>\nendobj\n"
    after += _ending(delivered, pieces, start + HOLE + 2 + len(after))
    numbers_of_range = b"%d %d %d" % (start, start + HOLE + 2, len(after))
    before = pieces.data + head + numbers_of_range.ljust(RANGE_WIDTH) + b"]/Contents"
    return Update(before=before, after=after)


class _Pieces:
    """The update's objects one after the other, with the place of each in the whole file."""

    def __init__(self, start: int) -> None:
        self._start = start
        self.data = b""
        self.offsets: dict[int, int] = {}

    @property
    def size(self) -> int:
        """The place in the whole file at which the next object starts."""
        return self._start + len(self.data)

    def begin(self, number: int) -> None:
        """Note that an object starts here."""
        self.offsets[number] = self.size

    def add(self, number: int, body: bytes) -> None:
        """Append a whole object."""
        self.begin(number)
        self.data += b"%d 0 obj\n%b\nendobj\n" % (number, body)

    def stream(self, number: int, data: bytes) -> int:
        """Append a stream of bytes as they are, and return its number."""
        self.begin(number)
        self.data += b"%d 0 obj\n<</Length %d>>\nstream\n%b%b" % (number, len(data), data, STREAM_END)
        return number


def _store(certificates: Sequence[int], revocations: Sequence[int]) -> bytes:
    body = b"<</Type/DSS/Certs[%b]" % _references(certificates)
    if revocations:
        body += b"/CRLs[%b]" % _references(revocations)
    return body + b">>"


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _catalog(before: bytes, store: int, field: int) -> bytes:
    """Return the catalog with the second field and the store; everything else in it stays as it was."""
    if len(_FORM.findall(before)) != 1 or not before.endswith(b">>"):
        raise Doubt("The file's root is not in our form.")
    both = _FORM.sub(rb"/AcroForm<</Fields[\1 %d 0 R]/SigFlags 3>>" % field, before)
    return both[: -len(b">>")] + b"/DSS %d 0 R>>" % store


def _ending(delivered: Delivered, pieces: _Pieces, offset: int) -> bytes:
    """Return the cross-reference section and trailer of an update whose table starts at `offset`."""
    new = sorted(number for number in pieces.offsets if number != delivered.root)
    entries = b"".join(b"%010d 00000 n \n" % pieces.offsets[number] for number in new)
    table = b"xref\n%d 1\n%010d 00000 n \n%d %d\n%b" % (
        *(delivered.root, pieces.offsets[delivered.root]),
        *(new[0], len(new), entries),
    )
    identity = hashlib.sha256(pieces.data).hexdigest()[:32].encode()
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    references = (new[-1] + 1, delivered.root, delivered.info, delivered.identity, identity)
    return table + trailer % (*references, delivered.table, offset)


def chunks(file: FileIO, size: int) -> Iterator[bytes]:
    """Yield the next `size` bytes in pieces; raises Doubt when there are fewer."""
    left = size
    while left and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
    if left:
        raise Doubt("The file changed or ended while it was read.")
