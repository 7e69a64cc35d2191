"""The clips that ship with the demonstration: what is said on each, by whom, and in which file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CLIPS = Path(__file__).parent / "clips"
# The marks of the maker's own recognition.
LABELS = ("account holder", "family member", "visitor", "child", "unknown")


@dataclass(frozen=True, kw_only=True)
class Span:
    """Who speaks from one second to another, and which words."""

    start: float
    end: float
    label: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word and about when it is spoken."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One synthesised voice file; `hour` is the part of the day in which it may have been recorded."""

    file: str
    media_type: str
    household: str
    language: str
    hour: str
    seconds: float
    sha256: str
    transcript: str
    speakers: tuple[Span, ...]
    false_wake: bool

    @property
    def path(self) -> Path:
        """Where the clip's bytes are."""
        return CLIPS / self.file

    @property
    def words(self) -> tuple[Word, ...]:
        """The transcript word by word.

        espeak-ng says when a speaker begins and ends; within that the time is shared out by the words' letters, as no
        recogniser has listened. A word is never timed outside its own speaker's part.
        """
        return tuple(word for span in self.speakers for word in _shared_out(span))


@cache
def clips() -> tuple[Clip, ...]:
    """Every clip, in the order of script.toml."""
    return tuple(_clip(entry) for entry in json.loads((CLIPS / "index.json").read_text(encoding="utf-8")))


def _shared_out(span: Span) -> Iterator[Word]:
    texts = span.words.split()
    a_letter = (span.end - span.start) / max(sum(map(len, texts)), 1)
    start = span.start
    for text in texts:
        end = min(start + len(text) * a_letter, span.end)
        yield Word(start=round(start, 3), end=round(end, 3), text=text)
        start = end


def _clip(entry: dict[str, Any]) -> Clip:
    return Clip(**{**entry, "speakers": tuple(Span(**span) for span in entry["speakers"])})
