"""Pictures of numbers and of sound as inline SVG, in presentation attributes only: the content policy blocks styles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from babel.dates import format_date
from markupsafe import Markup

DEMANDED = "#c9c4b8"
PROPOSED = "#14474f"
GROUND = "#f4f1ea"
INK_3 = "#5d6975"
BAD = "#a1231f"

# Without a viewBox and with percentages across, bars stretch with the page while text keeps its size on a phone.
_HEIGHT = 136
_TOP = 20
_BASE = 110
_TALLEST = 76
_SMALLEST_PROPOSAL = 8
# Shares of the width that a month's name needs on the narrowest phone: "Sept", "Sept 2026".
_ROOM_FOR_MONTH = 14.0
_ROOM_FOR_MONTH_AND_YEAR = 25.0
_CENTRED_BETWEEN = (30.0, 70.0)

_WAVE_BARS = 100
_WAVE_MIDDLE = 20.0
_WAVE_QUIETEST = 1.0
_WAVE_LOUDEST = 17.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """How many recordings one stretch of time holds: all that are demanded, and those of them that are proposed."""

    starts: date
    demanded: int
    proposed: int


def strip_chart(bars: Sequence[Bar], *, sentence: str, marker: str = "") -> Markup:
    """Draw what is demanded over time with what is proposed inside it; the sentence says the point in words."""
    tallest = max((bar.demanded for bar in bars), default=0)
    drawn = [_strip_bar(bar, at=n, of=len(bars), tallest=tallest) for n, bar in enumerate(bars)]
    return Markup(
        '<svg class="chart" width="100%" height="{height}" role="img" aria-label="{sentence}">'
        '<rect class="chart-ground" x="0" y="{top}" width="100%" height="{ground}" rx="3" fill="{fill}"/>'
        "{bars}{marker}{months}</svg>"
    ).format(
        height=_HEIGHT,
        sentence=sentence,
        top=_TOP,
        ground=_BASE - _TOP,
        fill=GROUND,
        bars=Markup("").join(drawn),
        marker=_marker(bars, marker, tallest),
        months=_months(bars),
    )


def waveform(
    peaks: Sequence[float], *, seconds: float, sentence: str, silenced: Sequence[tuple[float, float]] = ()
) -> Markup:
    """Draw loudness (each peak 0 to 1) over a recording's seconds, with the silenced stretches washed and dashed."""
    lines = " ".join(_wave_line(n, peak) for n, peak in enumerate(_resampled(peaks, _WAVE_BARS)))
    washes = [_silence(start, end, seconds) for start, end in silenced]
    return Markup(
        '<svg class="waveform" viewBox="0 0 400 40" preserveAspectRatio="none" role="img" aria-label="{sentence}">'
        '<path class="wave-bars" d="{lines}" fill="none" stroke="{ink}" stroke-width="2.4"/>{washes}</svg>'
    ).format(sentence=sentence, lines=lines, ink=PROPOSED, washes=Markup("").join(washes))


def _strip_bar(bar: Bar, *, at: int, of: int, tallest: int) -> Markup:
    slot = 100 / of
    demanded = _bar_height(bar.demanded, tallest)
    rects = _rect(at * slot + slot * 0.14, slot * 0.72, demanded, fill=DEMANDED, name="chart-demanded")
    if bar.proposed:
        height = max(_SMALLEST_PROPOSAL, _bar_height(bar.proposed, tallest))
        rects += _rect(at * slot + slot * 0.14, slot * 0.72, height, fill=PROPOSED, name="chart-proposed")
    return rects


def _bar_height(amount: int, tallest: int) -> int:
    return max(2, round(_TALLEST * amount / tallest)) if amount else 0


def _rect(left: float, width: float, height: int, *, fill: str, name: str) -> Markup:
    # A chart has a hundred of these, and nothing in them is anybody's words.
    return Markup(  # noqa: S704
        f'<rect class="{name}" x="{left:.2f}%" y="{_BASE - 4 - height}" width="{width:.2f}%" height="{height}" rx="2" '
        f'fill="{fill}"/>'
    )


def _marker(bars: Sequence[Bar], words: str, tallest: int) -> Markup:
    chosen = [n for n, bar in enumerate(bars) if bar.proposed]
    if not words or not chosen:
        return Markup("")
    middle = 100 * (chosen[0] + chosen[-1] + 1) / 2 / len(bars)
    highest = max(_SMALLEST_PROPOSAL, *(_bar_height(bars[n].proposed, tallest) for n in chosen))
    return Markup(
        '<line class="chart-marker" x1="{x:.2f}%" x2="{x:.2f}%" y1="17" y2="{y}" stroke="{ink}" stroke-width="1.5" '
        'stroke-dasharray="2 2"/>'
        '<text x="{x:.2f}%" y="12" font-size="13" font-weight="600" fill="{ink}" text-anchor="{anchor}">{words}</text>'
    ).format(x=middle, y=_BASE - 4 - highest, ink=PROPOSED, anchor=_anchor(middle), words=words)


def _anchor(across: float) -> str:
    """Keep a label inside its picture: near an edge it grows towards the middle."""
    left, right = _CENTRED_BETWEEN
    if left <= across <= right:
        return "middle"
    return "start" if across < left else "end"


def _months(bars: Sequence[Bar]) -> Markup:
    """Label the first bar of each month, leaving out those whose name would run into another or off the edge."""
    across_years = bool(bars) and bars[0].starts.year != bars[-1].starts.year
    room = _ROOM_FOR_MONTH_AND_YEAR if across_years else _ROOM_FOR_MONTH
    labels, free_from = [], 0.0
    for n, bar in enumerate(bars):
        across = 100 * n / len(bars)
        begins = n == 0 or bar.starts.month != bars[n - 1].starts.month
        if begins and free_from <= across <= 100 - room:
            labels.append(_month(bar.starts, across, with_year=across_years))
            free_from = across + room
    return Markup("").join(labels)


def _month(starts: date, across: float, *, with_year: bool) -> Markup:
    words = format_date(starts, "MMM y" if with_year else "MMM", "en_GB")
    return Markup('<text x="{x:.2f}%" y="{y}" font-size="13" fill="{ink}" aria-hidden="true">{words}</text>').format(
        x=across, y=_HEIGHT - 8, ink=INK_3, words=words
    )


def _resampled(peaks: Sequence[float], wanted: int) -> list[float]:
    """Give the loudest peak of each of the wanted stretches; a short sound repeats its peaks."""
    if not peaks:
        return [0.0] * wanted
    edges = [n * len(peaks) // wanted for n in range(wanted + 1)]
    return [max(peaks[a : max(a + 1, b)]) for a, b in pairwise(edges)]


def _wave_line(at: int, peak: float) -> str:
    reach = max(_WAVE_QUIETEST, min(1.0, max(0.0, peak)) * _WAVE_LOUDEST)
    return f"M{at * 4 + 2} {_WAVE_MIDDLE - reach:.1f}V{_WAVE_MIDDLE + reach:.1f}"


def _silence(start: float, end: float, seconds: float) -> Markup:
    left, right = (400 * min(1.0, max(0.0, at / seconds)) if seconds else 0.0 for at in (start, end))
    return Markup(
        '<rect class="wave-silenced" x="{left:.1f}" y="1" width="{width:.1f}" height="38" fill="{bad}" '
        'fill-opacity="0.1" stroke="{bad}" stroke-width="1" stroke-dasharray="3 2" vector-effect="non-scaling-stroke"/>'
    ).format(left=left, width=max(0.0, right - left), bad=BAD)
