"""The lines along every page's head and foot: whose paper it is, which production, which page, which numbers."""

from dataclasses import dataclass

from requests_portal.bundle import look as style
from requests_portal.bundle.page import Pages

_SIZE = 7.4
_HEAD = 44.0
_FOOT = 40.0
_NOTICE = 22.0


@dataclass(frozen=True, kw_only=True)
class HeadAndFoot:
    """The running lines of bundles and letters; `page_of` has two holes, for the page and the number of pages."""

    name: str
    reference: str
    bates: str
    page_of: str
    watermark: str = ""
    # What stands on every page that is only read before it is sealed, and in the place of the seal.
    notice: str = ""
    seal_here: str = ""

    def draw(self, pages: Pages, *, page: int, bates: list[str]) -> str:
        """Return head (not on the first page, which has its letterhead) and foot, as artifacts."""
        parts = ["/Artifact BMC q", self._watermark(pages)]
        head, right = pages.paper.height - _HEAD, pages.paper.right
        if page > 1:
            parts += [self._text(pages, self.name, head), self._text(pages, self.reference, head, right=True)]
            parts.append(_rule(head - 8, right))
        numbers = f"{bates[0]} \N{EN DASH} {bates[-1]}" if len(bates) > 1 else (bates or [self.bates])[0]
        parts += [_rule(_FOOT + 13, right), self._text(pages, self.reference, _FOOT)]
        parts.append(self._centred(pages, self.page_of.format(page, pages.count)))
        parts.append(self._text(pages, numbers, _FOOT, right=True, mono=True))
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

    def _text(self, pages: Pages, text: str, y: float, *, right: bool = False, mono: bool = False) -> str:
        face = pages.mono if mono else pages.regular
        text = face.printable(text)
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


def _rule(y: float, right: float) -> str:
    return f"{style.LINE} RG .5 w {style.LEFT:.2f} {y:.2f} m {right:.2f} {y:.2f} l S"
