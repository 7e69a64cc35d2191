"""One stored version as a file to read from any place: fetched in blocks, of which a few are kept."""

import os
from collections import OrderedDict
from collections.abc import Callable

from requests_portal.errors import Refused

BLOCK = 1 << 20
KEPT = 4
Fetch = Callable[[int, int], bytes]


class RangedFile:
    """Reads through `fetch(start, end)`; holds at most KEPT blocks.

    A decoder written in C calls this and cannot pass an exception on: `failure` keeps it, and the file seems to end.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self.failure: Refused | None = None

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place counted from the start, from here or from the end."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer at the end, or where the store failed."""
        end = self._size if size < 0 else min(self._at + size, self._size)
        parts = []
        while self._at < end:
            number, skip = divmod(self._at, BLOCK)
            part = self._block(number)[skip : skip + end - self._at]
            if not part:
                break
            self._at += len(part)
            parts.append(part)
        return b"".join(parts)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            if self.failure is not None:
                return b""
            try:
                self._blocks[number] = self._fetch(number * BLOCK, min((number + 1) * BLOCK, self._size))
            except Refused as failure:
                self.failure = failure
                return b""
            if len(self._blocks) > KEPT:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(number)
        return self._blocks[number]
