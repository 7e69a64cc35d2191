"""Letters: the kinds we write, and what became of the text of one on one case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter of ours is; each is written from the lawyers' own texts."""

    ACKNOWLEDGEMENT = "acknowledgement"
    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    EXTENSION = "extension"
    OBJECTION = "objection"
    REFUSAL = "refusal"
    ERASURE = "erasure"
    CORRECTION = "correction"
    GRANTED = "granted"
    COMPLAINT = "complaint"
    EPOC_ANSWER = "epoc_answer"
    PRESERVATION = "preservation"
    NO_RECORDS = "no_records"
    NOTICE = "notice"


class LetterAct(StrEnum):
    """What was done to a letter's text: changed by hand, put back as it was assembled, or finished for sending."""

    EDITED = "edited"
    TAKEN_BACK = "taken_back"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class LetterVersion:
    """One act on the text of one letter; `rests_on` is the digest of the decision or assessment it was made for."""

    kind: LetterKind
    number: int
    act: LetterAct
    sections: tuple[tuple[str, str], ...]
    rests_on: str
    by: str
    by_name: str
    at: datetime


def latest(versions: Sequence[LetterVersion], kind: LetterKind) -> LetterVersion | None:
    """What was done last to the letter of this kind, on whatever it rested."""
    return next((each for each in reversed(versions) if each.kind is kind), None)


def standing(versions: Sequence[LetterVersion], kind: LetterKind, rests_on: str) -> LetterVersion | None:
    """The version whose text is the letter's: made for what stands now, and not taken back; None for the original."""
    last = latest(versions, kind)
    if last is None or last.rests_on != rests_on or last.act is LetterAct.TAKEN_BACK:
        return None
    return last
