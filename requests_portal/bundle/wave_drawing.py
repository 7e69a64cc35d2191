"""A recording's loudness as bars, with a strip below that shows who spoke when."""

from requests_portal.bundle import look as style
from requests_portal.bundle.contents import Exhibit
from requests_portal.bundle.look import Look
from requests_portal.bundle.page import Pages
from requests_portal.bundle.words import Words

_STRIP = 3.0
_LOUDEST = 255
_COLOURS = {
    "account holder": style.BRAND,
    "family member": "0.153 0.294 0.561",
    "visitor": "0.698 0.459 0",
    "child": style.BAD,
}
_OTHER_COLOUR = style.INK_FAINT


def wave_height(look: Look) -> float:
    """Return what a waveform takes with its strip and the room around it."""
    return look.wave_height + _STRIP + 9


def draw_wave(pages: Pages, exhibit: Exhibit, words: Words) -> None:
    """Draw the waveform, or say that the recording could not be decoded."""
    height = pages.look.wave_height
    pages.space(4)
    top = pages.y
    bottom = top - height - _STRIP - 1
    box = (style.LEFT, bottom, pages.paper.right, top)
    if exhibit.peaks:
        with pages.figure(_alt(exhibit, words), box):
            pages.ink.append(_ground(pages, top, height))
            pages.ink += _silenced(pages, exhibit, top, height)
            pages.ink.append(_bars(pages, exhibit.peaks, middle=top - height / 2, height=height))
            pages.ink += _strip(pages, exhibit, bottom)
    else:
        _draw_unreadable(pages, words, exhibit, box, bottom)
    pages.y = bottom - 3


def _draw_unreadable(
    pages: Pages, words: Words, exhibit: Exhibit, box: tuple[float, float, float, float], bottom: float
) -> None:
    size = pages.look.small
    said = words["wave_empty" if exhibit.empty else "wave_unreadable"]
    with pages.figure(words["wave_unreadable_alt"].format(exhibit.bates), box):
        pages.ink.append(_ground(pages, box[3], box[3] - bottom))
    words_at = bottom + (box[3] - bottom - size) / 2 + 1
    pages.line(said, style.LEFT + 8, words_at, face=pages.regular, size=size, colour=style.INK_SOFT)


def _alt(exhibit: Exhibit, words: Words) -> str:
    spoken = ", ".join(
        f"{words.get(one.label, one.label)} {one.start:.1f}\N{EN DASH}{one.end:.1f}" for one in exhibit.speakers
    )
    seconds = "?" if exhibit.seconds is None else f"{exhibit.seconds:.1f}"
    alt = words["wave_alt"].format(exhibit.bates, seconds, spoken).strip()
    parts = ", ".join(each.times for each in exhibit.silenced)
    return f"{alt} {words['wave_silenced_alt'].format(parts)}" if parts else alt


def _ground(pages: Pages, top: float, height: float) -> str:
    return f"{style.SUNK} rg {style.LEFT} {top - height:.2f} {pages.paper.text_width:.2f} {height:.2f} re f"


def _bars(pages: Pages, peaks: tuple[int, ...], *, middle: float, height: float) -> str:
    """One stroke a peak, in coordinates of its own: whole numbers, small and quick to write."""
    across = pages.paper.text_width / len(peaks)
    up = height / 2 / _LOUDEST * 0.94
    strokes = " ".join(f"{at} {-(peak or 3)} m {at} {peak or 3} l" for at, peak in enumerate(peaks))
    place = f"{across:.5f} 0 0 {up:.5f} {style.LEFT + across / 2:.3f} {middle:.2f}"
    return f"q {place} cm {style.BRAND} RG .62 w {strokes} S Q"


def _silenced(pages: Pages, exhibit: Exhibit, top: float, height: float) -> list[str]:
    """A wash and a dashed outline behind each silenced part, never narrower than can be seen."""
    if not exhibit.seconds:
        return []
    scale, inks = pages.paper.text_width / exhibit.seconds, []
    for each in exhibit.silenced:
        left, right = (min(at, exhibit.seconds) * scale for at in (each.start, each.end))
        box = f"{style.LEFT + left:.2f} {top - height + 0.4:.2f} {max(right - left, 1.2):.2f} {height - 0.8:.2f} re"
        inks.append(f"q {style.SILENCE_WASH} rg {box} f {style.BAD} RG .6 w [2 1.5] 0 d {box} S Q")
    return inks


def _strip(pages: Pages, exhibit: Exhibit, bottom: float) -> list[str]:
    if not exhibit.seconds:
        return []
    scale = pages.paper.text_width / exhibit.seconds
    return [
        f"{_COLOURS.get(one.label, _OTHER_COLOUR)} rg {style.LEFT + max(one.start, 0) * scale:.2f} {bottom:.2f} "
        f"{max(min(one.end, exhibit.seconds) - max(one.start, 0), 0) * scale:.2f} {_STRIP} re f"
        for one in exhibit.speakers
    ]
