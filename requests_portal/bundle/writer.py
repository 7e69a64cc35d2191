"""Writes a PDF in one pass and one revision: drawn objects, attachments in 1 MiB chunks, structure, signature, xref."""

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from requests_portal.bundle.archive_form import Base, pdf_date
from requests_portal.bundle.contents import Relationship
from requests_portal.bundle.tags import text_string
from requests_portal.errors import Conflict

CHUNK = 1 << 20
_NAMES_IN_A_LEAF = 64
_ENTRIES_AT_ONCE = 1000


class ChangedWhileWriting(Conflict):
    """An attachment's bytes are not the bytes that were catalogued: gather again."""

    code = "changed_while_writing"


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One embedded file: what it is called, what it must be, and what it is to the document (ISO 19005-3, annex E)."""

    filename: str
    media_type: str
    description: str
    relationship: Relationship
    size: int
    sha256: str
    open: Callable[[], Iterable[bytes]]


class Writer:
    """A PDF on its way out; every byte is hashed once as it goes."""

    def __init__(self, base: Base, out: BinaryIO) -> None:
        self._out = out
        self._next = 1 + max(
            *(number for number, _ in base.objects),
            *(over for _, over in base.content_numbers),
            base.catalog_number,
            base.seal_number or 0,
        )
        # Where each object starts; 0 for one that is still to be written.
        self._offsets = array("Q", bytes(8 * self._next))
        self._specs: list[tuple[bytes, int]] = []
        self.size = 0
        self.digest = hashlib.sha256()
        self._base = base
        self.write(base.header)
        for number, data in base.objects:
            self._offsets[number] = self.size
            self.write(data)

    def write(self, data: bytes) -> None:
        """Write bytes as they are."""
        self._out.write(data)
        self.digest.update(data)
        self.size += len(data)

    def new_number(self, count: int = 1) -> int:
        """Reserve an object number, or several in a row; returns the first."""
        self._next += count
        self._offsets.frombytes(bytes(8 * count))
        return self._next - count

    def begin(self, number: int) -> None:
        """Note that an object starts here."""
        self._offsets[number] = self.size

    def add(self, number: int, body: bytes) -> None:
        """Write a whole object."""
        self.begin(number)
        self.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add_many(self, objects: Iterable[tuple[int, bytes]], *, after: bytes = b"") -> None:
        """Write many small objects with few writes, after the bytes that end what was written last."""
        pieces = [after]
        waiting = len(after)
        for number, body in objects:
            piece = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            self._offsets[number] = self.size + waiting
            pieces.append(piece)
            waiting += len(piece)
            if waiting > CHUNK:
                self.write(b"".join(pieces))
                pieces, waiting = [], 0
        self.write(b"".join(pieces))

    def enclose_all(self, enclosures: Iterable[Enclosure], *, at: datetime) -> None:
        """Embed files while hashing them; refuses bytes that are not what the manifest says."""
        date = pdf_date(at).encode()
        for enclosure in enclosures:
            self._enclose(enclosure, date)

    def _enclose(self, enclosure: Enclosure, date: bytes) -> None:
        stream = self.new_number(3)
        parameters, spec = stream + 1, stream + 2
        subtype = enclosure.media_type.replace("/", "#2F").encode()
        self.begin(stream)
        head = b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/%b/Length %d/Params %d 0 R>>\nstream\n"
        self.write(head % (stream, subtype, enclosure.size, parameters))
        self._pour(enclosure)
        name, words = text_string(enclosure.filename), text_string(enclosure.description)
        form = b"<</Type/Filespec/F%b/UF%b/Desc%b/AFRelationship/%b/EF<</F %d 0 R/UF %d 0 R>>>>"
        described = form % (name, name, words, enclosure.relationship.encode(), stream, stream)
        measured = b"<</Size %d/ModDate(%b)>>" % (enclosure.size, date)
        self.add_many(((parameters, measured), (spec, described)), after=b"\nendstream\nendobj\n")
        self._specs.append((name, spec))

    def _pour(self, enclosure: Enclosure) -> None:
        digest = hashlib.sha256()
        size = 0
        for chunk in enclosure.open():
            size += len(chunk)
            if size > enclosure.size:
                break
            digest.update(chunk)
            self.write(chunk)
        if size != enclosure.size or digest.hexdigest() != enclosure.sha256:
            sentence = f"{enclosure.filename} has changed since it was catalogued. Gather the production again."
            raise ChangedWhileWriting(sentence)

    def catalog(self, extra: bytes) -> None:
        """Write the catalog with its associated files, name tree and what else the document has."""
        body = self._base.catalog.rstrip()
        if self._specs:
            files = b" ".join(b"%d 0 R" % spec for _, spec in self._specs)
            extra += b"/AF[%b]/Names<</EmbeddedFiles %d 0 R>>" % (files, self._name_tree())
        self.add(self._base.catalog_number, body[:-2] + extra + b">>")

    def _name_tree(self) -> int:
        """Write the sorted tree of names (ISO 32000-1, 7.9.6) and return its root."""
        names = sorted(self._specs)
        leaves = []
        for first in range(0, len(names), _NAMES_IN_A_LEAF):
            leaf = names[first : first + _NAMES_IN_A_LEAF]
            leaves.append(self.new_number())
            pairs = b" ".join(b"%b %d 0 R" % pair for pair in leaf)
            self.add(leaves[-1], b"<</Limits[%b %b]/Names[%b]>>" % (leaf[0][0], leaf[-1][0], pairs))
        root = self.new_number()
        self.add(root, b"<</Kids[%b]>>" % b" ".join(b"%d 0 R" % leaf for leaf in leaves))
        return root

    def ending(self, offset: int) -> bytes:
        """Return the cross-reference table and trailer of a file whose table starts at `offset`."""
        entries = [b"xref\n0 %d\n0000000000 65535 f \n" % self._next]
        if 0 in self._offsets[1:]:
            raise ValueError("an object was given a number and never written")
        for first in range(1, self._next, _ENTRIES_AT_ONCE):
            offsets = self._offsets[first : first + _ENTRIES_AT_ONCE]
            entries.append(b"%010d 00000 n \n" * len(offsets) % tuple(offsets))
        identity = self.digest.hexdigest()[:32].encode()
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
        roots = (self._next, self._base.catalog_number, self._base.info_number, identity, identity, offset)
        return b"".join(entries) + trailer % roots
