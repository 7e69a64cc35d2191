"""The shape of DER (X.690, 10.1): definite, minimal lengths that nest exactly; looser forms could hide a change."""

_DEEPEST = 30
_LONG_FORM = 0x80
_CONSTRUCTED = 0x20
_HIGH_TAG = 0x1F


def der_length(data: bytes) -> int | None:
    """Return how many bytes the first element of `data` takes, or None when it is not DER in shape."""
    try:
        return _end(data, 0, len(data), 0)
    except (ValueError, IndexError):
        return None


def tags_in(data: bytes) -> bytes:
    """Return the tags of what the first element of `data`, known to be DER, holds at its first level."""
    at, length = _contents(data, 1)
    end, tags = at + length, b""
    while at < end:
        tags += data[at : at + 1]
        at = _end(data, at, end, 0)
    return tags


def _end(data: bytes, at: int, limit: int, depth: int) -> int:
    """Return the place after the element at `at`, having walked all that is in it."""
    tag = data[at]
    if tag & _HIGH_TAG == _HIGH_TAG or depth > _DEEPEST:
        raise ValueError("a tag that no signature of ours has")
    start, length = _contents(data, at + 1)
    end = start + length
    if end > limit:
        raise ValueError("an element reaches beyond the one that holds it")
    if tag & _CONSTRUCTED:
        inner = start
        while inner < end:
            inner = _end(data, inner, end, depth + 1)
    return end


def _contents(data: bytes, at: int) -> tuple[int, int]:
    """Return where an element's contents start and how long they are."""
    first = data[at]
    if first < _LONG_FORM:
        return at + 1, first
    width = first & ~_LONG_FORM
    length = int.from_bytes(data[at + 1 : at + 1 + width], "big")
    if not 1 <= width <= 3 or length < _LONG_FORM or data[at + 1] == 0:  # noqa: PLR2004 — up to 16 MiB
        raise ValueError("a length that is not minimal")
    return at + 1 + width, length
