"""Reads PDF objects strictly and within bounds (ISO 32000-1, 7.3): what does not parse is an error, never mended."""

import re
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(rb"[\x00\t\n\x0c\r ]*")
_NUMBER = re.compile(rb"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])")
_REFERENCE = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+R(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])")
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{0,127})(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])")
_HEXADECIMAL = re.compile(rb"<([0-9A-Fa-f\x00\t\n\x0c\r ]*)>")
_WORD = re.compile(rb"(true|false|null)(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])")
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


def parse(data: bytes, at: int = 0, *, depth: int = 0) -> tuple[Any, int]:
    """Return the object that starts at `at` and the place after it."""
    if depth > _DEEPEST:
        raise Malformed("objects are nested too deeply")
    at = skip_space(data, at)
    opening = data[at : at + 2]
    if opening == b"<<":
        return _dictionary(data, at + 2, depth)
    if opening[:1] == b"[":
        return _array(data, at + 1, depth)
    if opening[:1] == b"(":
        return _literal(data, at)
    for pattern, made in _SIMPLE:
        found = pattern.match(data, at)
        if found:
            return made(found), found.end()
    if len(data) - at < _LONGEST_TOKEN:
        raise OutOfBytes("an object is cut off")
    raise Malformed("this is not an object")


_LONGEST_TOKEN = 64


def skip_space(data: bytes, at: int) -> int:
    """Return the place of the next token."""
    found = _SPACE.match(data, at)
    return found.end() if found else at


def _dictionary(data: bytes, at: int, depth: int) -> tuple[dict[str, Any], int]:
    entries: dict[str, Any] = {}
    while True:
        at = skip_space(data, at)
        if data[at : at + 2] == b">>":
            return entries, at + 2
        key, at = parse(data, at, depth=depth + 1)
        if not isinstance(key, Name) or key in entries:
            raise Malformed("a dictionary's key is no name, or is there twice")
        entries[key], at = parse(data, at, depth=depth + 1)


def _array(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while True:
        at = skip_space(data, at)
        if data[at : at + 1] == b"]":
            return items, at + 1
        item, at = parse(data, at, depth=depth + 1)
        items.append(item)


def _literal(data: bytes, start: int) -> tuple[Text, int]:
    out = bytearray()
    at, depth = start + 1, 1
    while at < len(data):
        one = data[at : at + 1]
        at += 1
        if one == b"\\":
            escaped, at = _escape(data, at)
            out += escaped
            continue
        depth += (one == b"(") - (one == b")")
        if depth == 0:
            return Text(bytes(out), start, at), at
        out += one
    raise OutOfBytes("a string is cut off")


def _escape(data: bytes, at: int) -> tuple[bytes, int]:
    octal = re.compile(rb"[0-7]{1,3}").match(data, at)
    if octal:
        return bytes([int(octal.group(), 8) & 0xFF]), octal.end()
    one = data[at : at + 1]
    return _ESCAPES.get(one, one), at + 1


def _hexadecimal(found: re.Match[bytes]) -> Text:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", found.group(1))
    return Text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()), found.start(), found.end())


def _reference(found: re.Match[bytes]) -> Reference:
    if int(found.group(2)) != 0:
        raise Malformed("a reference names a later generation")
    return Reference(int(found.group(1)))


def _number(found: re.Match[bytes]) -> int | float:
    text = found.group()
    return float(text) if b"." in text else int(text)


def _name(found: re.Match[bytes]) -> Name:
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code.group(1).decode()), found.group(1))
    return Name(plain.decode("latin-1"))


def _word(found: re.Match[bytes]) -> bool | None:
    return {b"true": True, b"false": False, b"null": None}[found.group()]


_SIMPLE = (
    (_NAME, _name),
    (_REFERENCE, _reference),
    (_NUMBER, _number),
    (_HEXADECIMAL, _hexadecimal),
    (_WORD, _word),
)
