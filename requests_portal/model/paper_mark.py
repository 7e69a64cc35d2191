"""What a paper is recognised by: its text, the numbers of its matter, and a sketch of its runs of words."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

# Fewer words say nothing of their own, such as the cover sheet of a fax.
FEWEST_WORDS = 40
SHINGLE, HASHES, ROWS = 5, 64, 4
# At least half of all runs of five words are the same. Official forms reach this as well: it is a hint, and no finding.
RESEMBLES = 0.5
FEWEST_DOCKET, MOST_DOCKET, FEWEST_DIGITS, MOST_DOCKETS = 5, 40, 3, 20
_DOCKET = re.compile(
    r"\b(?:\d{1,2}[:-])?\d{2,4}-(?:mj|cr|cv|mc|sw|gj|po|mag)-\d{2,6}\b"
    r"|\b(?:case|docket|warrant|cause|file|aktenzeichen|az)\b\.? ?(?:no|number|nr)?\b\.? ?[:#]? ?"
    r"([a-z]{0,4}[ -]?\d[a-z0-9:/.-]{3,30})",
    re.IGNORECASE,
)


class Likeness(StrEnum):
    """In which way an earlier paper is like one of this request."""

    BYTES = "bytes"
    TEXT = "text"
    DOCKET = "docket"
    TEMPLATE = "template"


@dataclass(frozen=True, kw_only=True)
class PaperMark:
    """What one paper is recognised by; a paper without words has an empty digest and no sketch."""

    sha256: str
    text_digest: str
    words: int
    sketch: tuple[int, ...]
    dockets: tuple[str, ...]

    @property
    def bands(self) -> tuple[str, ...]:
        """Parts of the sketch: two papers that resemble each other have one in common, almost always."""
        parts = [self.sketch[start : start + ROWS] for start in range(0, len(self.sketch), ROWS)]
        return tuple(f"{n:02d}{hashlib.sha256(repr(part).encode()).hexdigest()[:20]}" for n, part in enumerate(parts))


@dataclass(frozen=True, kw_only=True)
class Alike:
    """An earlier request with a paper like one of this request; `share` is how much of their words is the same."""

    kind: Likeness
    reference: str
    organisation: str
    share: float = 1.0


def mark_of(sha256: str, text: str) -> PaperMark:
    """What a paper of this text is recognised by."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < FEWEST_WORDS:
        return PaperMark(sha256=sha256, text_digest="", words=len(words), sketch=(), dockets=dockets_in(text))
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
    return PaperMark(
        sha256=sha256, text_digest=digest, words=len(words), sketch=_sketch(words), dockets=dockets_in(text)
    )


def resemblance(one: PaperMark, other: PaperMark) -> float:
    """About which share of all runs of words two papers have in common, from 0 to 1."""
    if not one.sketch or not other.sketch:
        return 0.0
    return sum(a == b for a, b in zip(one.sketch, other.sketch, strict=True)) / HASHES


def dockets_in(text: str) -> tuple[str, ...]:
    """The numbers of a case, docket or file that a text names, in capital letters and digits alone."""
    found = dict[str, None]()
    # Runs of spaces become one: a pattern that steps over them by itself has no end in a text of nothing else.
    for match in _DOCKET.finditer(" ".join(unicodedata.normalize("NFKC", text).split())):
        plain = re.sub("[^A-Z0-9]", "", (match[1] or match[0]).upper())
        if FEWEST_DOCKET <= len(plain) <= MOST_DOCKET and sum(each.isdigit() for each in plain) >= FEWEST_DIGITS:
            found[plain] = None
        if len(found) == MOST_DOCKETS:
            break
    return tuple(found)


def _sketch(words: list[str]) -> tuple[int, ...]:
    """The least of each of many hashes over all runs of five words (minhash)."""
    runs = {" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1)}
    seen = b"".join(hashlib.blake2b(run.encode(), digest_size=8).digest() for run in sorted(runs))
    hashes = np.frombuffer(seen, dtype="<u8")
    factors = np.frombuffer(hashlib.shake_256(b"minhash").digest(8 * HASHES), dtype="<u8") | np.uint64(1)
    # The product of an odd factor and a hash, in 64 bits; of its upper half the least is kept.
    return tuple(int(((hashes * factor) >> np.uint64(32)).min()) for factor in factors)
