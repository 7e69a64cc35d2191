"""The lines along every page's head and foot: whose paper it is, which production, which page, which numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requests_portal.bundle import look as style
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.typefaces import Typeface

_SIZE = 7.4
_HEAD = 44.0
_FOOT = 40.0
_NOTICE = 22.0
# What each line may take of the text's width, so that none runs into its neighbour.
_HALF, _THIRD = 0.47, 0.38


@dataclass(frozen=True, kw_only=True)
class HeadAndFoot:
    """The running lines of bundles and letters; `page_of` has two holes, for the page and the number of pages."""

    name: str
    reference: str
    bates: str
    page_of: str
    # Which volume of how many, in words.
    volume: str = ""
    watermark: str = ""
    # What stands on every page that is only read before it is sealed, and in the place of the seal.
    notice: str = ""
    seal_here: str = ""

    def draw(self, pages: Pages, *, page: int, bates: list[str]) -> str:
        """Return head (not on the first page, which has its letterhead) and foot, as artifacts."""
        parts = ["/Artifact BMC q", self._watermark(pages)]
        head, right = pages.paper.height - _HEAD, pages.paper.right
        if page > 1:
            which = f"{self.reference} · {self.volume}" if self.volume else self.reference
            parts += [
                self._text(pages, self.name, head, share=_HALF),
                self._text(pages, which, head, share=_HALF, right=True),
            ]
            parts.append(_rule(head - 8, right))
        numbers = ", ".join(ranged(run[0], run[-1]) for run in _ascending(bates)) or self.bates
        parts += [_rule(_FOOT + 13, right), self._text(pages, self.reference, _FOOT, share=_THIRD)]
        parts.append(self._centred(pages, self.page_of.format(page, pages.count)))
        parts.append(self._text(pages, numbers, _FOOT, share=_THIRD, right=True, mono=True))
        return "\n".join([*parts, "Q EMC\n"])

    def stamp(self, pages: Pages, *, page: int) -> str:
        """Return the notice that stands at the head of pages which do not leave, as an artifact."""
        if not self.notice:
            return ""
        text = pages.bold.printable(self.notice)
        x = (pages.paper.width - pages.bold.width(text, _SIZE)) / 2
        y = pages.paper.height - _NOTICE
        shown = f"BT {style.BAD} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {pages.bold.show(text, _SIZE)} ET"
        return f"/Artifact BMC {shown} {self._place_of_seal(pages, page)} EMC"

    def _place_of_seal(self, pages: Pages, page: int) -> str:
        if pages.seal is None or pages.seal.page != page - 1:
            return ""
        left, bottom, right, top = pages.seal.box
        box = f"{style.LINE} RG 1 w [3 3] 0 d {left:.2f} {bottom:.2f} {right - left:.2f} {top - bottom:.2f} re S [] 0 d"
        text = pages.regular.printable(self.seal_here)
        at = f"1 0 0 1 {left + 13:.2f} {(bottom + top) / 2 - 3:.2f} Tm"
        return f"{box} BT {style.INK_FAINT} rg {at} {pages.regular.show(text, _SIZE + 1)} ET"

    def _text(self, pages: Pages, text: str, y: float, *, share: float, right: bool = False, mono: bool = False) -> str:
        face = pages.mono if mono else pages.regular
        text = _cut(text, face, pages.paper.text_width * share)
        x = pages.paper.right - face.width(text, _SIZE) if right else style.LEFT
        return f"BT {style.INK_FAINT} rg 1 0 0 1 {x:.2f} {y:.2f} Tm {face.show(text, _SIZE)} ET"

    def _centred(self, pages: Pages, text: str) -> str:
        x = (pages.paper.width - pages.regular.width(text, _SIZE)) / 2
        return f"BT {style.INK_FAINT} rg 1 0 0 1 {x:.2f} {_FOOT:.2f} Tm {pages.regular.show(text, _SIZE)} ET"

    def _watermark(self, pages: Pages) -> str:
        if not self.watermark:
            return ""
        text = pages.bold.printable(self.watermark)
        shown = pages.bold.show(text, 90)
        x = pages.bold.width(text, 90) / 2 * 0.7071
        middle, up = pages.paper.width / 2, pages.paper.height / 2
        matrix = f".7071 .7071 -.7071 .7071 {middle - x + 30:.2f} {up - x:.2f}"
        return f"BT {style.WATERMARK} rg {matrix} Tm {shown} ET"


def ranged(first: str, last: str) -> str:
    """Return the first and the last number of a range, or the one that is both."""
    return first if first == last else f"{first} \N{EN DASH} {last}"


def _ascending(bates: Sequence[str]) -> Iterator[list[str]]:
    """Part the numbers of a page where they start anew: tables stand first and have the last numbers."""
    run: list[str] = []
    for each in bates:
        if run and (len(each), each) < (len(run[-1]), run[-1]):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _cut(text: str, face: Typeface, width: float) -> str:
    """As much of a text as fits; what is cut stands in full on the first page."""
    first, *rest = wrapped(text, face=face, size=_SIZE, width=width)
    return f"{first} …" if rest else first


def _rule(y: float, right: float) -> str:
    return f"{style.LINE} RG .5 w {style.LEFT:.2f} {y:.2f} m {right:.2f} {y:.2f} l S"
