"""On which line of a TOML file each key stands, which its reader does not tell."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Key = tuple[str | int, ...]
# Strings of every form and comments hide brackets and line ends; what is left of those tells where a statement ends.
_TOKEN = re.compile(
    r'"""(?:\\.|(?!""").)*"""'
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|[\[\]{}]|\n",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?[\s.\w-]*=""")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the value of a key, or with one word of it."""

    sentence: str
    key: Key = ()
    word: str | None = None


@dataclass(frozen=True)
class Places:
    """Where the keys of one text stand: `("case", 2, "name")` is the key `name` of the third `[[case]]`."""

    text: str

    def line(self, *key: str | int, word: str | None = None) -> int:
        """The line of a key, or of a word quoted in its value; else that of what encloses it; else the first."""
        while key and key not in self._starts:
            key = key[:-1]
        if not key:
            return 1
        start, end = self._starts[key]
        found = -1 if word is None else self.text.find(f'"{word}"', start, end)
        return self._line_of(start if found < 0 else found)

    def _line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    @cached_property
    def _starts(self) -> dict[Key, tuple[int, int]]:
        """Where each key's statement begins and ends in the text."""
        found: dict[Key, tuple[int, int]] = {}
        table: Key = ()
        many: Counter[str] = Counter()
        for start, end in self._statements():
            statement = self.text[start:end]
            if header := _HEADER.fullmatch(statement):
                opening, name = header.groups()
                many[name] += opening == "[["
                table = _table(name, many)
                found.setdefault(table, (start, end))
            elif key := _KEY.match(statement):
                found.setdefault((*table, key[1]), (start, end))
        return found

    def _statements(self) -> Iterator[tuple[int, int]]:
        """The beginning and end of every header, key with its value, comment and empty line."""
        start = depth = 0
        for token in _TOKEN.finditer(self.text):
            mark = token[0]
            depth += (mark in {"[", "{"}) - (mark in {"]", "}"})
            if mark == "\n" and depth <= 0:
                yield start, token.start()
                start = token.end()
        yield start, len(self.text)


def _table(name: str, many: Counter[str]) -> Key:
    """`case.facts` under the third `[[case]]` is `("case", 2, "facts")`."""
    key: Key = ()
    names = name.split(".")
    for depth, part in enumerate(names, start=1):
        key = (*key, part.strip(" \"'"))
        if count := many[".".join(names[:depth])]:
            key = (*key, count - 1)
    return key
