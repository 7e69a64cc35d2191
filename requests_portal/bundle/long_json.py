"""Reads a JSON object whose last member is a long list, an element at a time: all of it is never in memory."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

_WINDOW = 1 << 16
_SPACE = " \t\n\r"


class LongObject:
    """A JSON object in UTF-8: `head` is all before its last member, a list that is read as it is gone through, once.

    Strict: raises ValueError where a name is there twice, where the last member is another one, and for what follows.
    """

    def __init__(self, read: Callable[[int], bytes], *, last: str) -> None:
        """`read` returns up to so many of the next bytes, and none at the end."""
        self._read = read
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._decoder = json.JSONDecoder(object_pairs_hook=_once)
        self._text, self._at, self._is_over = "", 0, False
        self.head = self._until(last)

    def _until(self, last: str) -> dict[str, Any]:
        """Read up to the list."""
        head: dict[str, Any] = {}
        self._take("{")
        while True:
            name = self._value()
            if not isinstance(name, str) or name in head:
                raise ValueError("a name is no text, or is there twice")
            self._take(":")
            if name == last:
                self._take("[")
                return head
            head[name] = self._value()
            self._take(",")

    def elements(self) -> Iterator[Any]:
        """Yield what the list holds."""
        if self._next() != "]":
            yield self._value()
            while self._next() == ",":
                self._take(",")
                yield self._value()
        self._take("]")
        self._take("}")
        if self._next():
            raise ValueError("something follows the object")

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise ValueError(f"{sign} is missing")
        self._at += 1

    def _next(self) -> str:
        """The next character that is no space, which stays to be read; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or not self._goes_on():
                return self._text[self._at : self._at + 1]

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._goes_on():
                    raise
                continue
            # A number at the end of what is here may go on.
            if end < len(self._text) or not self._goes_on():
                self._at = end
                return value

    def _goes_on(self) -> bool:
        """Read as much again as is here and not used; whether there was more."""
        if self._is_over:
            return False
        rest = self._text[self._at :]
        data = self._read(max(_WINDOW, len(rest)))
        self._is_over = not data
        self._text, self._at = rest + self._decode(data, final=self._is_over), 0
        return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that is there twice: one program would take the first value, another the last."""
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("a name is there twice")
    return held
