"""Reads PDF objects strictly and within bounds (ISO 32000-1, 7.3): what does not parse is an error, never mended."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

_BREAK = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
# White space, but for NUL: we write none, and readers differ over it.
_GAP = rb"[\t\n\x0c\r ]"
# The next token and the space before it, in one match; the order of the groups is that of _MAKERS.
_TOKEN = re.compile(
    _GAP + rb"*(?:"
    rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{0,127})" + _BREAK + rb"|(<<)|(>>)"
    rb"|(\d{1,10})" + _GAP + rb"+(\d{1,5})" + _GAP + rb"+R" + _BREAK + rb"|"
    rb"([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20}))" + _BREAK + rb"|(\[)|(\])"
    rb"|<([0-9A-Fa-f\t\n\x0c\r ]*)>|(\()|(true|false|null)" + _BREAK + rb")"
)
_UNENDED = re.compile(_GAP + rb"*(?:<[0-9A-Fa-f\t\n\x0c\r ]*)?\Z")
_OCTAL = re.compile(rb"[0-7]{1,3}")
_PLAIN = re.compile(rb"[^()\\]+")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}
_DEEPEST = 24


class Malformed(ValueError):  # noqa: N818 — it says what the bytes are
    """The bytes are not the object that was expected."""


class OutOfBytes(Malformed):
    """The object goes on beyond the bytes at hand."""


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


@dataclass(frozen=True)
class Reference:
    """A reference to object `number` of generation 0."""

    number: int


@dataclass(frozen=True)
class Text:
    """A PDF string with the place of its token in the buffer, since a signature's hole is known by its place."""

    data: bytes
    start: int
    end: int

    def __str__(self) -> str:
        """Return the text (ISO 32000-1, 7.9.2.2)."""
        if self.data.startswith(b"\xfe\xff"):
            return self.data[2:].decode("utf-16-be", "replace")
        return self.data.decode("latin-1")


class _Closing(Enum):
    DICTIONARY = ">>"
    ARRAY = "]"


def parse(data: bytes, at: int = 0) -> tuple[Any, int]:
    """Return the object that starts at `at` and the place after it."""
    value, end = _next(data, at, 0)
    if isinstance(value, _Closing):
        raise Malformed("something ends that did not begin")
    return value, end


def _next(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """Return the next object or closing bracket."""
    found = _TOKEN.match(data, at)
    if found is None:
        if len(data) - at < _LONGEST_TOKEN or _UNENDED.match(data, at):
            raise OutOfBytes("an object is cut off")
        raise Malformed("this is not an object")
    return _MAKERS[found.lastindex or 0](found, depth)


_LONGEST_TOKEN = 64


def _dictionary(found: re.Match[bytes], depth: int) -> tuple[dict[str, Any], int]:
    data, at = found.string, found.end()
    _not_too_deep(depth)
    entries: dict[str, Any] = {}
    while True:
        key, at = _next(data, at, depth + 1)
        if key is _Closing.DICTIONARY:
            return entries, at
        if not isinstance(key, Name) or key in entries:
            raise Malformed("a dictionary's key is no name, or is there twice")
        entries[key], at = _next(data, at, depth + 1)
        if isinstance(entries[key], _Closing):
            raise Malformed("a dictionary ends before its last value")


def _array(found: re.Match[bytes], depth: int) -> tuple[list[Any], int]:
    data, at = found.string, found.end()
    _not_too_deep(depth)
    items: list[Any] = []
    while True:
        item, at = _next(data, at, depth + 1)
        if item is _Closing.ARRAY:
            return items, at
        if isinstance(item, _Closing):
            raise Malformed("an array ends as a dictionary ends")
        items.append(item)


def _not_too_deep(depth: int) -> None:
    if depth >= _DEEPEST:
        raise Malformed("objects are nested too deeply")


def _literal(found: re.Match[bytes], _: int) -> tuple[Text, int]:
    data, at = found.string, found.end()
    out = bytearray()
    depth = 1
    while at < len(data):
        plain = _PLAIN.match(data, at)
        if plain:
            out += plain.group()
            at = plain.end()
            continue
        one = data[at : at + 1]
        at += 1
        if one == b"\\":
            escaped, at = _escape(data, at)
            out += escaped
            continue
        depth += 1 if one == b"(" else -1
        if depth == 0:
            return Text(bytes(out), found.end() - 1, at), at
        out += one
    raise OutOfBytes("a string is cut off")


def _escape(data: bytes, at: int) -> tuple[bytes, int]:
    octal = _OCTAL.match(data, at)
    if octal:
        return bytes([int(octal.group(), 8) & 0xFF]), octal.end()
    one = data[at : at + 1]
    return _ESCAPES.get(one, one), at + 1


def _hexadecimal(found: re.Match[bytes], _: int) -> tuple[Text, int]:
    digits = found[_HEXADECIMAL].translate(None, b"\t\n\x0c\r ").decode()
    start = found.start(_HEXADECIMAL) - 1
    return Text(bytes.fromhex(digits + "0" * (len(digits) % 2)), start, found.end()), found.end()


def _reference(found: re.Match[bytes], _: int) -> tuple[Reference, int]:
    if int(found[_GENERATION]) != 0:
        raise Malformed("a reference names a later generation")
    return Reference(int(found[_NUMBER])), found.end()


def _number(found: re.Match[bytes], _: int) -> tuple[int | float, int]:
    text = found[found.lastindex or 0]
    return float(text) if b"." in text else int(text), found.end()


def _name(found: re.Match[bytes], _: int) -> tuple[Name, int]:
    name = found[1]
    if b"#" in name:
        name = _CODE.sub(lambda code: bytes.fromhex(code[1].decode()), name)
    return Name(name.decode("latin-1")), found.end()


def _word(found: re.Match[bytes], _: int) -> tuple[bool | None, int]:
    return {b"true": True, b"false": False, b"null": None}[found[found.lastindex or 0]], found.end()


def _closing(found: re.Match[bytes], _: int) -> tuple[_Closing, int]:
    return _Closing(found[found.lastindex or 0].decode()), found.end()


_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NUMBER, _GENERATION, _HEXADECIMAL = 4, 5, 9
_MAKERS: dict[int, Callable[[re.Match[bytes], int], tuple[Any, int]]] = {
    1: _name,
    2: _dictionary,
    3: _closing,
    _GENERATION: _reference,
    6: _number,
    7: _array,
    8: _closing,
    _HEXADECIMAL: _hexadecimal,
    10: _literal,
    11: _word,
}
