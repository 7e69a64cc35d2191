"""The first page's head: who writes, when, to whom, about what."""

from collections.abc import Sequence
from datetime import date

from requests_portal.bundle import look as style
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.words import long_date

_HEAD = 62.0
_SMALL = 7.8


def letterhead(pages: Pages, *, name: str, address: Sequence[str]) -> None:
    """Draw our name and address over a line in our colour."""
    size = pages.look.title - 5
    names = wrapped(name, face=pages.bold, size=size, width=pages.paper.text_width)
    text = pages.regular.printable(" · ".join(address))
    x = pages.paper.right - pages.regular.width(text, _SMALL)
    beside = len(names) == 1 and x > style.LEFT + pages.bold.width(names[0], size) + 12
    pages.y = pages.paper.height - _HEAD + size * 1.3
    pages.lines(pages.tags.add("P"), names, face=pages.bold, size=size, leading=size * 1.3, colour=style.BRAND)
    if beside:
        pages.line(text, x, pages.y, face=pages.regular, size=_SMALL, colour=style.INK_FAINT)
    else:
        lines = wrapped(text, face=pages.regular, size=_SMALL, width=pages.paper.text_width)
        pages.space(2)
        element = pages.tags.add("P")
        pages.lines(element, lines, face=pages.regular, size=_SMALL, leading=_SMALL * 1.4, colour=style.INK_FAINT)
    pages.space(10)
    pages.rule(colour=style.BRAND, width=1.6)
    pages.space(26)


def addressed(pages: Pages, *, recipient: Sequence[str], day: date, language: str, facts: Sequence[str]) -> None:
    """Draw the date and our references on the right, and the recipient's lines on the left."""
    look = pages.look
    top, page = pages.y, pages.count
    pages.y -= look.leading
    right = pages.paper.right
    pages.late(long_date(day, language), face=pages.regular, size=look.small, colour=style.INK_SOFT, right=right)
    for text in facts:
        for line in wrapped(text, face=pages.regular, size=look.small, width=pages.paper.text_width * 0.42):
            pages.y -= look.leading
            x = pages.paper.right - pages.regular.width(line, look.small)
            pages.line(line, x, pages.y, face=pages.regular, size=look.small, colour=style.INK_SOFT)
    foot, pages.y = pages.y, top
    width = pages.paper.text_width * 0.52
    for text in recipient:
        lines = wrapped(text, face=pages.regular, size=look.body, width=width)
        element = pages.tags.add("P")
        right = style.LEFT + width
        pages.lines(element, lines, face=pages.regular, size=look.body, leading=look.leading, right=right)
    if pages.count == page:
        pages.y = min(foot, pages.y)
    pages.space(look.leading * 1.6)


def subject_line(pages: Pages, text: str) -> None:
    """Draw the subject, the document's first heading."""
    look = pages.look
    size = look.heading
    lines = wrapped(text, face=pages.bold, size=size, width=pages.paper.text_width)
    pages.bookmark(text)
    pages.lines(pages.tags.add("H1"), lines, face=pages.bold, size=size, leading=size * 1.3, colour=style.INK)
    pages.space(look.leading * 0.7)
