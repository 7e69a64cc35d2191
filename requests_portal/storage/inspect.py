"""Is an uploaded paper a PDF that we may show? Asked of a process that may take ten seconds and one gibibyte."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from requests_portal.errors import Unusable

SECONDS = 10.0
BROKEN = "It is broken and cannot be read as a PDF; ask for the paper again."
TOO_SLOW = "It takes too long to read; ask for a simpler copy."


@dataclass(frozen=True, kw_only=True)
class Clean:
    """A PDF that can be shown as pictures, and its number of pages."""

    pages: int


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """A paper that is kept and never shown, and why, as a sentence for the clerk."""

    reason: str


class NotShown(Unusable):
    """The page could not be made into a picture."""

    code = "not_shown"


class _Killed(Exception):  # noqa: N818 — stays inside this file
    """The reading process ended without an answer."""


def inspect(path: Path, *, seconds: float = SECONDS) -> Clean | Quarantined:
    """Say whether a paper is a clean PDF; whatever the file does to its reader, this answers."""
    try:
        said = json.loads(_reader("inspect", str(path), seconds=seconds))
    except subprocess.TimeoutExpired:
        return Quarantined(reason=TOO_SLOW)
    except (_Killed, ValueError):
        return Quarantined(reason=BROKEN)
    return Clean(pages=said["pages"]) if said["reason"] is None else Quarantined(reason=said["reason"])


def render(path: Path, page: int, *, width: int, seconds: float = SECONDS) -> bytes:
    """Return page `page` (from 1) of a clean paper as a PNG `width` pixels wide; raises NotShown when it can't."""
    try:
        return _reader("render", str(path), str(page), str(width), seconds=seconds)
    except (_Killed, subprocess.TimeoutExpired):
        raise NotShown(f"Page {page} cannot be shown.") from None


def words_of(path: Path, *, seconds: float = SECONDS) -> str:
    """Every word of a paper that can be read, as far as its reader gets; nothing where there is none."""
    try:
        return _reader("words", str(path), seconds=seconds).decode("utf-8", "replace")
    except (_Killed, subprocess.TimeoutExpired):
        return ""


def _reader(*arguments: str, seconds: float) -> bytes:
    done = subprocess.run(  # noqa: S603 — our own module, by our own interpreter; the paper is only ever a path
        [sys.executable, "-I", "-m", "requests_portal.storage.pdf_reader", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={},
        timeout=seconds,
        check=False,
    )
    if done.returncode:
        raise _Killed
    return done.stdout
