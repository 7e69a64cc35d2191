"""A ZIP that is written while it is sent: nothing waits on a disk, and its size is bounded by nothing but patience."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

# ZIP's own clock begins here.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of the ZIP; `stored` leaves bytes as they are that are compressed already."""

    name: str
    chunks: Iterable[bytes]
    stored: bool = False
    at: datetime | None = None


class _Sink:
    """Where the ZIP is written to, until it is taken away; it cannot be rewound, so sizes follow each file."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """There is nothing to let go."""

    def take(self) -> bytes:
        """Everything written since the last time."""
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    """The bytes of a ZIP of these files, in their order."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for file in files:
            with archive.open(_info(file), "w", force_zip64=True) as entry:
                for chunk in file.chunks:
                    entry.write(chunk)
                    yield from _some(sink)
            yield from _some(sink)
    yield from _some(sink)


def _some(sink: _Sink) -> Iterator[bytes]:
    taken = sink.take()
    if taken:
        yield taken


def _info(file: File) -> zipfile.ZipInfo:
    at = file.at
    stamp = _EPOCH if at is None else (at.year, at.month, at.day, at.hour, at.minute, at.second)
    info = zipfile.ZipInfo(file.name, date_time=max(stamp, _EPOCH))
    info.compress_type = zipfile.ZIP_STORED if file.stored else zipfile.ZIP_DEFLATED
    return info
