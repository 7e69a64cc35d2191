"""The first page's head: who writes, when, to whom, about what."""

from collections.abc import Sequence
from datetime import date

from requests_portal.bundle import look as style
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.words import long_date

_TOP = style.PAGE_HEIGHT - 62.0


def letterhead(pages: Pages, *, name: str, address: Sequence[str]) -> None:
    """Draw our name and address over a line in our colour."""
    size = pages.look.title - 5
    pages.line(name, style.LEFT, _TOP, face=pages.bold, size=size, colour=style.BRAND)
    text = pages.regular.printable(" · ".join(address))
    x = style.RIGHT - pages.regular.width(text, 7.8)
    if x > style.LEFT + pages.bold.width(pages.bold.printable(name), size) + 12:
        pages.line(text, x, _TOP, face=pages.regular, size=7.8, colour=style.INK_FAINT)
        pages.y = _TOP - 10
    else:
        pages.line(text, style.LEFT, _TOP - 13, face=pages.regular, size=7.8, colour=style.INK_FAINT)
        pages.y = _TOP - 22
    pages.rule(colour=style.BRAND, width=1.6)
    pages.space(26)


def addressed(pages: Pages, *, recipient: Sequence[str], day: date, language: str, facts: Sequence[str]) -> None:
    """Draw the recipient's lines on the left, and the date and our references on the right."""
    look = pages.look
    top = pages.y
    width = style.TEXT_WIDTH * 0.52
    for text in recipient:
        for line in wrapped(text, face=pages.regular, size=look.body, width=width):
            pages.y -= look.leading
            pages.line(line, style.LEFT, pages.y, face=pages.regular, size=look.body)
    foot = pages.y
    pages.y = top
    for text in (long_date(day, language), *facts):
        for line in wrapped(text, face=pages.regular, size=look.small, width=style.TEXT_WIDTH * 0.42):
            pages.y -= look.leading
            x = style.RIGHT - pages.regular.width(line, look.small)
            pages.line(line, x, pages.y, face=pages.regular, size=look.small, colour=style.INK_SOFT)
    pages.y = min(foot, pages.y) - look.leading * 1.6


def subject_line(pages: Pages, text: str) -> None:
    """Draw the subject, the document's first heading."""
    look = pages.look
    size = look.heading
    lines = wrapped(text, face=pages.bold, size=size, width=style.TEXT_WIDTH)
    pages.bookmark(text)
    pages.lines(pages.tags.add("H1"), lines, face=pages.bold, size=size, leading=size * 1.3, colour=style.INK)
    pages.space(look.leading * 0.7)
