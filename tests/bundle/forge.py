"""Takes a bundle apart into its objects, changes some, and puts it together again, signed as a true insider would."""

import hashlib
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from bundle_samples import MADE_AT, Key

OBJECT = re.compile(rb"(\d+) 0 obj\n")


def resealed(key: Key, data: bytes) -> bytes:
    """Sign changed bytes again, as a signer would who made such a file: only the checks of the contents are left."""
    start, end = hole(data)
    return with_cms(data, key.sign_cms(hashlib.sha256(data[:start] + data[end:]).digest(), at=MADE_AT))


def hole(data: bytes) -> tuple[int, int]:
    """Return where the place of the signature begins and ends, brackets included."""
    return re.search(rb"<[0-9a-f]{9000,}>", data).span()


def cms_in(data: bytes) -> bytes:
    """Return the CMS in a bundle, without the noughts behind it."""
    start, end = hole(data)
    raw = bytes.fromhex(data[start + 1 : end - 1].decode())
    return raw[: 4 + struct.unpack(">H", raw[2:4])[0]]


def with_cms(data: bytes, cms: bytes) -> bytes:
    start, end = hole(data)
    return data[: start + 1] + cms.hex().encode().ljust(end - start - 2, b"0") + data[end - 1 :]


@dataclass
class Forge:
    """A bundle's objects by number, in the order of the file; `trailer` is what stands after Size."""

    header: bytes
    objects: dict[int, bytes]
    trailer: bytes
    key: Key
    root: int
    extra_entries: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes, key: Key) -> "Forge":
        table = int(data[data.rindex(b"startxref") + 9 :].split()[0])
        places = sorted(int(entry[:10]) for entry in data[table:].split(b"\n")[3:] if entry.endswith(b" n "))
        objects = {}
        for start, end in zip(places, [*places[1:], table], strict=True):
            number = int(OBJECT.match(data, start).group(1))
            objects[number] = data[start:end]
        trailer = re.search(rb"<</Size \d+(.*)>>\nstartxref", data[table:]).group(1)
        root = int(re.search(rb"/Root (\d+)", trailer).group(1))
        return cls(data[: places[0]], objects, trailer, key, root)

    def number(self, mark: bytes, at: int = 0) -> int:
        """Return the number of the `at`-th object whose bytes hold a mark."""
        return [number for number, body in self.objects.items() if mark in body][at]

    def change(self, number: int, old: bytes, new: bytes) -> "Forge":
        assert old in self.objects[number], (old, self.objects[number][:200])
        self.objects[number] = self.objects[number].replace(old, new, 1)
        return self

    def put(self, number: int, body: bytes) -> "Forge":
        self.objects[number] = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        return self

    def add(self, body: bytes) -> int:
        number = max(self.objects) + 1
        self.put(number, body)
        return number

    def _embedded(self, mark: bytes) -> int:
        held = ((n, body) for n, body in self.objects.items() if b"/EmbeddedFile/" in body)
        return next(number for number, body in held if mark in body.split(b"stream\n", 1)[1])

    def file(self, mark: bytes) -> bytes:
        """Return the embedded file in which a mark stands."""
        return self.objects[self._embedded(mark)].split(b"\nstream\n", 1)[1][: -len(b"\nendstream\nendobj\n")]

    def replace_file(self, mark: bytes, edit: Callable[[bytes], bytes]) -> "Forge":
        """Change the bytes of the embedded file in which a mark stands, with its Length."""
        number, new = self._embedded(mark), edit(self.file(mark))
        head = self.objects[number].split(b"\nstream\n", 1)[0]
        head = re.sub(rb"/Length \d+", b"/Length %d" % len(new), head)
        self.objects[number] = head + b"\nstream\n" + new + b"\nendstream\nendobj\n"
        return self

    def unsealed(self) -> bytes:
        """Return the file with a true ByteRange where it can have one, and a signature that does not fit."""
        out, offsets = bytearray(self.header), {}
        for number, body in self.objects.items():
            offsets[number] = len(out)
            out += body
        table = len(out)
        size = max(self.objects) + 1
        entries = b"".join(b"%010d 00000 n \n" % offsets.get(number, 9) for number in range(1, size))
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size + entries
        out += b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (size, self.trailer, table)
        data = bytes(out)
        ranged = re.search(rb"/ByteRange\[0 (\d+ \d+ \d+ *)\]/Contents<", data)
        if ranged:
            start, end = hole(data)
            numbers = b"%d %d %d" % (start, end, len(data) - end)
            data = data[: ranged.start(1)] + numbers.ljust(len(ranged.group(1))) + data[ranged.end(1) :]
        return data

    def sealed(self) -> bytes:
        return resealed(self.key, self.unsealed())
