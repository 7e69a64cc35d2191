"""Tagged pages drawn from top to bottom: what the parts of a bundle draw on."""

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from requests_portal.bundle import look as style
from requests_portal.bundle.bidi import reads_right_to_left
from requests_portal.bundle.look import A4, Look, Paper
from requests_portal.bundle.tags import Element, Tags, figure_attributes
from requests_portal.bundle.typefaces import BOLD, ITALIC, MONO, REGULAR, Typeface, Typefaces

# Base 85 on top of deflate is for mail gateways of the nineties, takes half the time and a quarter more room.
rl_config.useA85 = 0


@dataclass(frozen=True, kw_only=True)
class Seal:
    """Where the signature shows itself: page from 0, box in points, operators, and its place in the reading order."""

    element: Element
    page: int
    box: tuple[float, float, float, float]
    compose: Callable[[], str]
    appearance: str = ""


class RunningLines(Protocol):
    """What draws on every page once the number of pages is known."""

    def draw(self, pages: "Pages", *, page: int, bates: list[str]) -> str:
        """Return the operators for one page (counted from 1) on which the items with these Bates numbers stand."""

    def stamp(self, pages: "Pages", *, page: int) -> str:
        """Return what is drawn over a page (counted from 1) that does not leave; the digest does not cover it."""


class Pages:
    """A growing document; `y` is the height of the next free line, in points from the foot of the page."""

    def __init__(self, *, look: Look, language: str, running: RunningLines, paper: Paper = A4) -> None:
        self._base = io.BytesIO()
        self._canvas: Any = Canvas(
            self._base, pagesize=(paper.width, paper.height), invariant=1, pageCompression=1, lang=language
        )
        self.look = look
        self.paper = paper
        self.tags = Tags()
        faces = Typefaces(self._canvas._doc)  # noqa: SLF001 — reportlab gives no public way to its document
        self.regular = faces.typeface(REGULAR)
        self.bold = faces.typeface(BOLD)
        self.italic = faces.typeface(ITALIC)
        self.mono = faces.typeface(MONO)
        self.count = 0
        self.y = 0.0
        self.seal: Seal | None = None
        self._running = running
        self._items: list[list[str]] = []
        self._item = ""
        # What is drawn on a page is kept apart from reportlab's document, compressed as soon as the page is full.
        self._drawn: list[bytes] = []
        self._running_lines: list[bytes] = []
        # What nobody knows yet when the pages are read, by page; it is drawn last.
        self._late: list[list[Callable[[], str]]] = []
        self._covered = hashlib.sha256(f"{paper.width:g} x {paper.height:g}\n".encode())
        # What needs to know where everything stands, by page.
        self._at_end: list[list[Callable[[], str]]] = []
        self.starts: dict[str, int] = {}
        self.digest = ""
        self._open_page()

    def _open_page(self) -> None:
        self.count += 1
        self.tags.next_page()
        self._items.append([self._item] if self._item else [])
        self._late.append([])
        self._at_end.append([])
        self.ink: list[str] = []
        self.y = self.paper.top

    def turn(self) -> None:
        """Go on with a new page."""
        self._close_page()
        self._open_page()

    def _close_page(self) -> None:
        drawn = "\n".join(self.ink)
        self._covered.update(drawn.encode("latin-1"))
        self._drawn.append(_compressed(drawn))
        self._canvas.showPage()

    def need(self, height: float) -> None:
        """Turn the page unless `height` still fits on it."""
        if self.y - height < style.BOTTOM:
            self.turn()

    def space(self, height: float) -> None:
        """Leave room."""
        self.y -= height

    @contextmanager
    def numbered(self, bates: str) -> Iterator[None]:
        """Name this Bates number in the running foot of every page that is drawn on inside."""
        self._items[-1].append(bates)
        self._item = bates
        yield
        self._item = ""

    def bookmark(self, title: str, *, level: int = 0) -> None:
        """Add an outline entry that leads to here."""
        if level == 0:
            self.starts.setdefault(title, self.count)
        key = f"at-{self.count}-{self.y:.1f}"
        self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=self.y + 12)
        self._canvas.addOutlineEntry(self.regular.printable(title)[:120], key, level, closed=None)

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Mark what is drawn inside as an artifact: nobody reads it aloud."""
        self.ink.append("/Artifact BMC q")
        yield
        self.ink.append("Q EMC")

    @contextmanager
    def figure(self, alt: str, box: tuple[float, float, float, float]) -> Iterator[None]:
        """Draw a figure inside `box` (left, bottom, right, top), with words for those who can't see it."""
        element = self.tags.add("Figure", figure_attributes(alt, box))
        self.ink.append(self.tags.mark(element) + " q")
        yield
        self.ink.append("Q EMC")

    def box(self, left: float, bottom: float, right: float, top: float, *, fill: str) -> None:
        """Fill a rectangle, as decoration."""
        with self.decoration():
            self.ink.append(f"{fill} rg {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re f")

    def rule(self, *, colour: str = style.LINE, width: float = 0.5, left: float = style.LEFT) -> None:
        """Draw a line across the text, as decoration."""
        with self.decoration():
            self.ink.append(f"{colour} RG {width} w {left:.2f} {self.y:.2f} m {self.paper.right:.2f} {self.y:.2f} l S")

    def show(
        self,
        text: str,
        x: float,
        y: float,
        *,
        face: Typeface,
        size: float,
        colour: str = style.INK,
        right_to_left: bool | None = None,
    ) -> None:
        """Draw one printable line; the caller has opened its marked content."""
        shown = face.show(text, size, right_to_left=right_to_left)
        self.ink.append(f"BT {colour} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")

    def line(
        self, text: str, x: float, y: float, *, face: Typeface, size: float, colour: str = style.INK, role: str = "P"
    ) -> None:
        """Draw one line as an element of its own, at a place of its own."""
        self.ink.append(self.tags.mark(self.tags.add(role)))
        self.show(face.printable(text), x, y, face=face, size=size, colour=colour)
        self.ink.append("EMC")

    def at_end(self, draw: Callable[[], str]) -> None:
        """Draw on this page once all pages are laid out; the digest covers it."""
        self._at_end[-1].append(draw)

    def late(self, text: str, *, face: Typeface, size: float, colour: str, right: float | None = None) -> None:
        """Draw a line, at `y`, that the digest does not cover: a moment which nobody knows when the pages are read."""
        y, mark = self.y, self.tags.mark(self.tags.add("P"))

        def drawn() -> str:
            shown = face.printable(text)
            x = style.LEFT if right is None else right - face.width(shown, size)
            return f"{mark} BT {colour} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {face.show(shown, size)} ET EMC"

        self._late[-1].append(drawn)

    def lines(
        self,
        element: Element,
        lines: Sequence[str],
        *,
        face: Typeface,
        size: float,
        leading: float,
        left: float = style.LEFT,
        right: float | None = None,
        colour: str = style.INK,
    ) -> None:
        """Draw the lines of one element from `y` downwards, over as many pages as they take."""
        rest = list(lines)
        leftwards = reads_right_to_left(" ".join(rest))
        right = self.paper.right if right is None else right
        while rest:
            fitting = max(int((self.y - style.BOTTOM) / leading), 0)
            here, rest = rest[:fitting], rest[fitting:]
            if here:
                self.ink.append(self.tags.mark(element))
                for text in here:
                    self.y -= leading
                    x = right - face.width(text, size) if leftwards else left
                    self.show(text, x, self.y, face=face, size=size, colour=colour, right_to_left=leftwards)
                self.ink.append("EMC")
            if rest:
                self.turn()

    def finish(self) -> bytes:
        """Close the last page, draw the running lines, and return the document without structure and page contents."""
        self._close_page()
        running = [
            "\n".join((self._running.draw(self, page=at, bates=bates), *(draw() for draw in at_end)))
            for at, (bates, at_end) in enumerate(zip(self._items, self._at_end, strict=True), start=1)
        ]
        self.digest = self._digest(running)
        for at, (lines, late) in enumerate(zip(running, self._late, strict=True), start=1):
            # Late in time too, so that it moves no glyph of what the digest covers.
            drawn = [lines, *(draw() for draw in late), self._running.stamp(self, page=at)]
            self._running_lines.append(_compressed("\n".join(drawn)))
        if self.seal is not None:
            self.seal = replace(self.seal, appearance=self.seal.compose())
        self._canvas.save()
        return self._base.getvalue()

    def _digest(self, running: Sequence[str]) -> str:
        """The SHA-256 of what is seen on the pages and of what is read aloud of them, but for what is drawn late."""
        for lines in running:
            self._covered.update(lines.encode("latin-1"))
        for element in self.tags.root.every():
            self._covered.update(b"%b%b\n" % (element.role.encode(), element.attributes))
        return self._covered.hexdigest()

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield, for each page, its running lines and what is drawn over them, deflated."""
        yield from zip(self._running_lines, self._drawn, strict=True)


def _compressed(operators: str) -> bytes:
    return zlib.compress(operators.encode("latin-1"))
