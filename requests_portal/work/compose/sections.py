"""A letter as sections: the unit in which its text is read, changed by hand, and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from requests_portal.bundle.contents import LetterContents, LetterPart, Objection
from requests_portal.work.compose.wording import lines_of

OPENING = "opening"
CLOSING = "closing"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of a letter's text: its name, its heading (none for the opening and the closing), its paragraphs."""

    name: str
    heading: str
    paragraphs: tuple[str, ...]
    ground: str = ""

    @property
    def text(self) -> str:
        """The paragraphs as a person types them, with an empty line between."""
        return "\n\n".join(self.paragraphs)


def sections(letter: LetterContents) -> tuple[Section, ...]:
    """Everything in a letter that words can be put into, from top to bottom; what is empty is no section."""
    found = (
        Section(name=OPENING, heading="", paragraphs=letter.paragraphs),
        *_parts(letter.parts),
        *(Section(name=o.name, heading=o.title, paragraphs=o.paragraphs, ground=o.ground) for o in letter.objections),
        *_parts(letter.parts_after),
        Section(name=CLOSING, heading="", paragraphs=letter.closing),
    )
    return tuple(each for each in found if each.paragraphs)


def with_text(letter: LetterContents, said: Mapping[str, str]) -> LetterContents:
    """The letter with these sections' words in place of its own; a name it does not have changes nothing."""
    return replace(
        letter,
        paragraphs=_of(said, OPENING, letter.paragraphs),
        parts=_parts_with(letter.parts, said),
        objections=with_objections(letter.objections, said),
        parts_after=_parts_with(letter.parts_after, said),
        closing=_of(said, CLOSING, letter.closing),
    )


def with_objections(objections: Sequence[Objection], said: Mapping[str, str]) -> tuple[Objection, ...]:
    """The objections with the words that were put in their places."""
    return tuple(replace(each, paragraphs=_of(said, each.name, each.paragraphs)) for each in objections)


def _parts(parts: Sequence[LetterPart]) -> tuple[Section, ...]:
    return tuple(Section(name=each.name, heading=each.heading, paragraphs=each.paragraphs) for each in parts)


def _parts_with(parts: Sequence[LetterPart], said: Mapping[str, str]) -> tuple[LetterPart, ...]:
    return tuple(replace(each, paragraphs=_of(said, each.name, each.paragraphs)) for each in parts)


def _of(said: Mapping[str, str], name: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    return lines_of(said[name]) if name in said else otherwise
