"""Headings, paragraphs and lists."""

import re
from collections.abc import Sequence

from requests_portal.bundle import look as style
from requests_portal.bundle.breaks import clusters, words
from requests_portal.bundle.page import Pages
from requests_portal.bundle.typefaces import Typeface

_NUMBERED = re.compile(r"\d+\. (.+)")


def wrapped(text: str, *, face: Typeface, size: float, width: float) -> list[str]:
    """Break a text into printable lines that fit `width`; a line feed starts a new line."""
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrapped_line(face.printable(part), face, size, width)
    return lines or [""]


def _wrapped_line(text: str, face: Typeface, size: float, width: float) -> list[str]:
    if len(text) * size < width or face.width(text, size) <= width:
        return [text]
    lines: list[str] = []
    line, used, space = "", 0.0, face.width(" ", size)
    for gap, word in words(text):
        long = face.width(word, size)
        if line and used + (space if gap else 0.0) + long > width:
            lines.append(line)
            line, used = "", 0.0
        if long > width:
            *broken, word = _broken(word, face, size, width)  # noqa: PLW2901 — the rest of the word goes on
            lines += broken
            long = face.width(word, size)
        line, used = (f"{line}{gap}{word}", used + (space if gap else 0.0) + long) if line else (word, long)
    return [*lines, line]


def _broken(word: str, face: Typeface, size: float, width: float) -> list[str]:
    """Break a word that is wider than the line, such as a digest or a text without spaces."""
    parts = [""]
    used = 0.0
    for cluster in clusters(word):
        wide = face.width(cluster, size)
        if parts[-1] and used + wide > width:
            parts[-1:] = _parted(parts[-1])
            used = face.width(parts[-1], size)
        parts[-1] += cluster
        used += wide
    return parts


def _parted(full: str) -> tuple[str, str]:
    """Part a full line after its last separator, if it has one in its second half."""
    at = max(full.rfind(one) for one in "_-./:@") + 1
    return (full[:at], full[at:]) if at > len(full) // 2 else (full, "")


def title(pages: Pages, text: str, *, new_page: bool = False, keep: float = 0.0) -> None:
    """Draw a section's title, with its outline entry, on a new page where it must or little of this one is left.

    `keep` is the height of what must not be parted from it.
    """
    low = style.BOTTOM + max(pages.paper.text_height / 4, keep + pages.look.leading + 2 * pages.look.heading)
    if pages.y < pages.paper.top and (new_page or pages.y < low):
        pages.turn()
    if pages.y < pages.paper.top:
        pages.space(pages.look.leading)
    heading(pages, text, level=1)


def heading(pages: Pages, text: str, *, level: int) -> None:
    """Draw a heading that stays with what follows it."""
    size = pages.look.heading if level == 1 else pages.look.body + 1.4
    lines = wrapped(text, face=pages.bold, size=size, width=pages.paper.text_width)
    if level > 1 and pages.y < pages.paper.top:
        pages.space(pages.look.leading * 0.5)
    pages.need(size * 1.3 * len(lines) + pages.look.leading * 3)
    pages.bookmark(text, level=level - 1)
    element = pages.tags.add(f"H{level}")
    colour = style.BRAND if level == 1 else style.INK
    pages.lines(element, lines, face=pages.bold, size=size, leading=size * 1.3, colour=colour)
    pages.space(size * 0.55)


def paragraph(pages: Pages, text: str, *, after: float | None = None, left: float = style.LEFT) -> None:
    """Draw a paragraph in the body's type."""
    look = pages.look
    _flow(pages, text, face=pages.regular, size=look.body, leading=look.leading, left=left, colour=style.INK)
    pages.space(look.leading * 0.55 if after is None else after)


def numbered_or_paragraphs(pages: Pages, texts: Sequence[str]) -> None:
    """Draw paragraphs, and those that begin with a number and a full stop as a list."""
    items: list[str] = []
    for text in texts:
        found = _NUMBERED.fullmatch(text)
        if found:
            items.append(found[1])
            continue
        if items:
            numbered(pages, items)
            items = []
        paragraph(pages, text)
    if items:
        numbered(pages, items)


def strong(pages: Pages, text: str) -> None:
    """Draw a paragraph that people should not miss."""
    look = pages.look
    _flow(pages, text, face=pages.bold, size=look.body, leading=look.leading, left=style.LEFT, colour=style.INK)
    pages.space(look.leading * 0.35)


def small(pages: Pages, text: str, *, left: float = style.LEFT) -> None:
    """Draw a paragraph of small print, such as citations."""
    look = pages.look
    _flow(
        pages,
        text,
        face=pages.regular,
        size=look.small,
        leading=look.small_leading,
        left=left,
        colour=style.INK_SOFT,
    )
    pages.space(look.small_leading * 0.5)


def _flow(pages: Pages, text: str, *, face: Typeface, size: float, leading: float, left: float, colour: str) -> None:
    lines = wrapped(text, face=face, size=size, width=pages.paper.right - left)
    pages.need(leading * min(len(lines), 2))
    pages.lines(pages.tags.add("P"), lines, face=face, size=size, leading=leading, left=left, colour=colour)


def numbered(pages: Pages, items: Sequence[str], *, right: float | None = None) -> None:
    """Draw a numbered list."""
    look = pages.look
    with pages.tags.group("L", b"/A<</O/List/ListNumbering/Decimal>>"):
        for number, text in enumerate(items, start=1):
            _item(pages, f"{number}.", text, right=pages.paper.right if right is None else right)
    pages.space(look.leading * 0.3)


def _item(pages: Pages, label: str, text: str, *, right: float) -> None:
    look = pages.look
    left = style.LEFT + look.body * 1.8
    lines = wrapped(text, face=pages.regular, size=look.body, width=right - left)
    pages.need(look.leading * len(lines))
    with pages.tags.group("LI"):
        y = pages.y - look.leading
        pages.line(label, style.LEFT, y, face=pages.bold, size=look.body, colour=style.BRAND, role="Lbl")
        body = pages.tags.add("LBody")
        pages.lines(body, lines, face=pages.regular, size=look.body, leading=look.leading, left=left, right=right)
    pages.space(look.leading * 0.2)


def bullets(pages: Pages, items: Sequence[str]) -> None:
    """Draw a list whose order means nothing."""
    with pages.tags.group("L", b"/A<</O/List/ListNumbering/Disc>>"):
        for text in items:
            _item(pages, "•", text, right=pages.paper.right)
    pages.space(pages.look.leading * 0.3)
