"""How a page looks, in points: paper, colours, type sizes; dense for authorities, larger for customers."""

from dataclasses import dataclass
from functools import cached_property

from requests_portal.bundle.contents import Kind, PaperSize

LEFT = 56.0
BOTTOM = 72.0


@dataclass(frozen=True)
class Paper:
    """A sheet, with the text's right and upper edges; the left and the lower ones are the same on every sheet."""

    width: float
    height: float

    @cached_property
    def right(self) -> float:
        """The right edge of the text."""
        return self.width - LEFT

    @cached_property
    def top(self) -> float:
        """The upper edge of the text."""
        return self.height - 78.0

    @cached_property
    def text_width(self) -> float:
        """The width of the text."""
        return self.right - LEFT

    @cached_property
    def text_height(self) -> float:
        """The height of the text on a full page."""
        return self.top - BOTTOM


A4 = Paper(595.28, 841.89)  # ISO 216
PAPERS: dict[PaperSize, Paper] = {"A4": A4, "US Letter": Paper(612.0, 792.0)}


def _colour(hexadecimal: str) -> str:
    """Return '#14474f' as PDF operands, each component from 0 to 1."""
    return " ".join(f"{int(hexadecimal[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


INK = _colour("#16202b")
INK_SOFT = _colour("#45525f")
INK_FAINT = _colour("#5d6975")
BRAND = _colour("#14474f")
TINT = _colour("#e3eff0")
SUNK = _colour("#f6f4ef")
LINE = _colour("#d9d6cf")
BAD = _colour("#a1231f")
BAD_WASH = _colour("#fbe9e6")
SILENCE_WASH = _colour("#eddfda")  # a tenth of BAD on SUNK
WATERMARK = _colour("#ead9d7")
WHITE = _colour("#ffffff")


@dataclass(frozen=True, kw_only=True)
class Look:
    """The sizes of one mood: body, small print, what only experts compare, and tables, with their line heights."""

    body: float
    leading: float
    small: float
    small_leading: float
    fine: float
    fine_leading: float
    table: float
    title: float
    heading: float
    wave_height: float


DENSE = Look(
    body=9.6,
    leading=13.8,
    small=7.9,
    small_leading=11.0,
    fine=6.9,
    fine_leading=9.3,
    table=7.7,
    title=21.0,
    heading=14.5,
    wave_height=26.0,
)
PLAIN = Look(
    body=11.0,
    leading=16.5,
    small=9.2,
    small_leading=13.0,
    fine=7.4,
    fine_leading=10.2,
    table=8.8,
    title=24.0,
    heading=16.5,
    wave_height=34.0,
)


def look_for(kind: Kind) -> Look:
    """Return the mood for an authority or a customer."""
    return DENSE if kind == "authority" else PLAIN
