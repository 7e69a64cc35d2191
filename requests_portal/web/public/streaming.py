"""Files as browsers fetch them: whole, from a byte on, or one range of bytes (RFC 9110 § 14)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import Response, request
from werkzeug.http import unquote_etag

OK, PARTIAL, BEYOND = 200, 206, 416
Ended = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The bytes of a file that were asked for: from `start` (included) to `end` (excluded) of `size`."""

    start: int
    end: int
    size: int

    @property
    def partial(self) -> bool:
        """Whether it is less than the whole file."""
        return self.end - self.start < self.size


def window(size: int, sha256: str) -> Window | None:
    """The bytes that the present request asks for; None where its range begins after the end.

    Several ranges at once, and one made for another file than the one with this SHA-256 (If-Range), give the whole.
    """
    whole = Window(start=0, end=size, size=size)
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not _same_file(sha256):
        return whole
    found = asked.range_for_length(size)
    return None if found is None else Window(start=found[0], end=found[1], size=size)


def _same_file(sha256: str) -> bool:
    header = request.headers.get("If-Range")
    return header is None or unquote_etag(header) == (sha256, False)


def file_response(
    chunks: Callable[[Window], Iterable[bytes]], *, size: int, sha256: str, media_type: str, save_as: str | None = None
) -> Response:
    """The asked-for part of a file; `chunks` reads a window, and is not called for HEAD."""
    part = window(size, sha256)
    if part is None:
        return Response(status=BEYOND, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    body = () if request.method == "HEAD" else chunks(part)
    answer = Response(body, status=PARTIAL if part.partial else OK, mimetype=media_type)
    answer.headers["Content-Length"] = str(part.end - part.start)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.set_etag(sha256)
    if part.partial:
        answer.headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    if save_as is not None:
        answer.headers.set("Content-Disposition", "attachment", filename=save_as)
    return answer


def counted(chunks: Iterable[bytes], part: Window, ended: Ended) -> Iterator[bytes]:
    """Pass the chunks on; at the end, or where the reader goes away, say the first and last byte that were sent."""
    sent = 0
    try:
        for chunk in chunks:
            # What was handed over counts as sent, even where the reader went away with half of it.
            sent += len(chunk)
            yield chunk
    finally:
        if sent:
            ended(part.start, part.start + sent - 1)
