"""The index: each part of the document, its Bates range, and the page on which it begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from requests_portal.bundle import look as style
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, wrapped
from requests_portal.bundle.words import Words

_DOTS = " ."


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the document as the index names it."""

    title: str
    bates: str = ""


def draw_index(pages: Pages, parts: Sequence[Part], words: Words) -> None:
    """Draw a line a part; the page numbers follow when everything is laid out."""
    pages.need((len(parts) + 4) * pages.look.leading * 1.25)
    pages.space(pages.look.leading * 0.8)
    heading(pages, words["index"], level=2)
    with pages.tags.group("TOC"):
        for part in parts:
            _draw_line(pages, part)
    pages.space(pages.look.leading)


def _draw_line(pages: Pages, part: Part) -> None:
    look = pages.look
    pages.y -= look.leading * 1.25
    y, size, right = pages.y, look.body, pages.paper.right
    small = size - 1.4
    bates = pages.mono.printable(part.bates)
    room = pages.paper.text_width * 0.92 - pages.mono.width(bates, small) - 24
    [title, *_] = wrapped(part.title, face=pages.regular, size=size, width=room)
    after = style.LEFT + pages.regular.width(title, size) + 4
    at_bates = right - 30 - pages.mono.width(bates, small)
    with pages.tags.group("TOCI"), pages.tags.group("Reference") as reference:
        pages.ink.append(pages.tags.mark(reference))
        pages.show(title, style.LEFT, y, face=pages.regular, size=size)
        if bates:
            pages.show(bates, at_bates, y, face=pages.mono, size=small, colour=style.INK_SOFT)
        pages.ink.append("EMC")
        mark = pages.tags.mark(reference)
    _draw_dots(pages, after, (at_bates if bates else right - 26) - 4, y)

    def drawn() -> str:
        number = str(pages.starts[part.title])
        x = right - pages.regular.width(number, size)
        return f"{mark} BT {style.INK} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {pages.regular.show(number, size)} ET EMC"

    pages.at_end(drawn)


def _draw_dots(pages: Pages, left: float, right: float, y: float) -> None:
    size = pages.look.small
    number = int((right - left) / pages.regular.width(_DOTS, size))
    if number > 2:  # noqa: PLR2004 — two dots lead nowhere
        dots = _DOTS * number
        with pages.decoration():
            x = right - pages.regular.width(dots, size)
            pages.show(dots, x, y, face=pages.regular, size=size, colour=style.INK_FAINT)
