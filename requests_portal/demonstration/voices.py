"""The clips that ship with the demonstration: what is said on each, by whom, and in which file."""

import json
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


@cache
def clips() -> tuple[Clip, ...]:
    """Every clip, in the order of script.toml."""
    return tuple(_clip(entry) for entry in json.loads((CLIPS / "index.json").read_text(encoding="utf-8")))


def _clip(entry: dict[str, Any]) -> Clip:
    return Clip(**{**entry, "speakers": tuple(Span(**span) for span in entry["speakers"])})
