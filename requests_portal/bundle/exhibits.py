"""The exhibits, several short recordings to a page: when, where, who spoke, the waveform, the words, the digest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from requests_portal.bundle import look as style
from requests_portal.bundle.contents import BundleContents, Exhibit, SpeakerSpan
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import small, title, wrapped
from requests_portal.bundle.typefaces import Typeface
from requests_portal.bundle.wave_drawing import draw_wave, wave_height
from requests_portal.bundle.words import Words, clock, labelled, length, moment, own_words

_MINUTE = 60
# Between what people read and what only experts compare.
_APART = 3.0


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Some lines of one exhibit, wrapped, so that its height is known before it is drawn."""

    lines: Sequence[str]
    face: Typeface
    size: float
    leading: float
    colour: str
    before: float = 0.0

    @property
    def height(self) -> float:
        """What it takes of the page."""
        return self.before + len(self.lines) * self.leading


@dataclass(frozen=True, kw_only=True)
class _Laid:
    """One exhibit, laid out: the lines over its waveform and under it, and the height of it all."""

    exhibit: Exhibit
    over: _Lines
    under: Sequence[_Lines]
    height: float


def draw_exhibits(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw all recordings, each kept on one page where it fits, the first one under the title."""
    first = _laid(pages, contents.exhibits[0], words)
    title(pages, words["exhibits"], keep=3 * pages.look.small_leading + first.height)
    small(pages, words["exhibits_lead"])
    pages.space(4)
    for exhibit in contents.exhibits:
        _draw(pages, _laid(pages, exhibit, words), words)


def _laid(pages: Pages, exhibit: Exhibit, words: Words) -> _Laid:
    look = pages.look
    over = _small(pages, _when_and_where(exhibit, words))
    notes = [replace(_small(pages, text, colour=style.INK), before=1.5) for text in _notes(exhibit, words)]
    under = [
        _small(pages, labelled("speakers", _speakers(exhibit, words), words)),
        _body(pages, labelled("transcript", _transcript(exhibit, words), words)),
        *(_body(pages, own_words(each, words)) for each in (exhibit.own_words,) if each),
        *notes,
        replace(_fine(pages, _file(exhibit, words)), before=_APART),
        *(_fine(pages, text, mono=True) for text in _digests(exhibit, words)),
        *_listening(pages, exhibit, words),
        _fine(pages, labelled("custody", _custody(exhibit), words)),
    ]
    height = sum(each.height for each in (over, *under)) + look.body + 6 + wave_height(look)
    return _Laid(exhibit=exhibit, over=over, under=under, height=min(height, pages.paper.text_height))


def _draw(pages: Pages, laid: _Laid, words: Words) -> None:
    pages.need(laid.height)
    with pages.numbered(laid.exhibit.bates), pages.tags.group("Sect"):
        _draw_head(pages, laid.exhibit, words)
        _draw_lines(pages, laid.over)
        draw_wave(pages, laid.exhibit, words)
        for each in laid.under:
            _draw_lines(pages, each)
    pages.space(pages.look.leading * 0.9)


def _draw_head(pages: Pages, exhibit: Exhibit, words: Words) -> None:
    size = pages.look.body + 1
    pages.bookmark(exhibit.bates, level=1)
    pages.y -= size + 4
    pages.line(exhibit.bates, style.LEFT, pages.y, face=pages.bold, size=size, colour=style.BRAND, role="H2")
    lasts = pages.regular.printable(_length(exhibit, words))
    x = pages.paper.right - pages.regular.width(lasts, size)
    pages.line(lasts, x, pages.y, face=pages.regular, size=size, colour=style.INK_SOFT)
    pages.space(1)


def _draw_lines(pages: Pages, each: _Lines) -> None:
    pages.space(each.before)
    element = pages.tags.add("P")
    pages.lines(element, each.lines, face=each.face, size=each.size, leading=each.leading, colour=each.colour)


def _small(pages: Pages, text: str, *, colour: str = style.INK_SOFT) -> _Lines:
    look = pages.look
    lines = wrapped(text, face=pages.regular, size=look.small, width=pages.paper.text_width)
    return _Lines(lines=lines, face=pages.regular, size=look.small, leading=look.small_leading, colour=colour)


def _body(pages: Pages, text: str) -> _Lines:
    look = pages.look
    lines = wrapped(text, face=pages.regular, size=look.body, width=pages.paper.text_width)
    return _Lines(lines=lines, face=pages.regular, size=look.body, leading=look.leading, colour=style.INK, before=1.0)


def _fine(pages: Pages, text: str, *, mono: bool = False) -> _Lines:
    look, face = pages.look, pages.mono if mono else pages.regular
    # The mono face looks larger than the text face at the same size.
    size = look.fine - 0.5 if mono else look.fine
    lines = wrapped(text, face=face, size=size, width=pages.paper.text_width)
    return _Lines(lines=lines, face=face, size=size, leading=look.fine_leading, colour=style.INK_SOFT)


def _listening(pages: Pages, exhibit: Exhibit, words: Words) -> Iterator[_Lines]:
    if copy := exhibit.listening:
        said, digest = words["listening_copy"].rsplit("SHA-256", maxsplit=1)
        yield _fine(pages, said.format(copy.filename, f"{copy.size:,}").rstrip(" \N{MIDDLE DOT}"))
        yield _fine(pages, f"SHA-256{digest}".format(copy.sha256), mono=True)


def _digests(exhibit: Exhibit, words: Words) -> Iterator[str]:
    yield f"{words['sha256']} {exhibit.sha256}"
    if exhibit.stored_sha256:
        yield words["made_from"].format(exhibit.stored_sha256)


def _when_and_where(exhibit: Exhibit, words: Words) -> str:
    at = exhibit.recorded_at
    offset = at.strftime("%z")
    local = f"{at:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]} ({exhibit.zone})"
    return " · ".join((local, exhibit.device, words["account"].format(exhibit.account)))


def _length(exhibit: Exhibit, words: Words) -> str:
    return words["length_unknown"] if exhibit.seconds is None else length(exhibit.seconds, words)


def _speakers(exhibit: Exhibit, words: Words) -> str:
    spans = [_speaker(one, exhibit, words) for one in exhibit.speakers]
    return ", ".join(spans) or words["no_speakers"]


def _speaker(one: SpeakerSpan, exhibit: Exhibit, words: Words) -> str:
    said = f"{words.get(one.label, one.label)} {_from_to(one, words)}"
    silenced = any(each.start <= one.start and one.end <= each.end for each in exhibit.silenced)
    return f"{said} ({words['silenced']})" if silenced else said


def _from_to(one: SpeakerSpan, words: Words) -> str:
    if one.end < _MINUTE:
        return words["seconds"].format(f"{one.start:.1f}\N{EN DASH}{one.end:.1f}")
    return f"{clock(one.start, tenths=True)}\N{EN DASH}{clock(one.end, tenths=True)}"


def _transcript(exhibit: Exhibit, words: Words) -> str:
    if exhibit.words_held_back:
        return words["words_held_back"]
    text = " ".join(exhibit.transcript.split())
    return f"“{text}”" if text else words["no_transcript"]


def _notes(exhibit: Exhibit, words: Words) -> list[str]:
    notes = [words["false_wake"]] if exhibit.false_wake else []
    if exhibit.silenced:
        parts = [f"{each.times} s ({each.reason})" for each in exhibit.silenced]
        notes.append(words["silenced_parts"].format("; ".join(parts)))
    if exhibit.breaks_off:
        notes.append(words["breaks_off"])
    if exhibit.holds:
        notes.append(words["holds_other"].format(exhibit.holds))
    heard = [words["review"].format(moment(each.on), each.role, each.purpose) for each in exhibit.reviews]
    return [*notes, labelled("reviewed", "; ".join(heard), words)] if heard else notes


def _file(exhibit: Exhibit, words: Words) -> str:
    size = f"{exhibit.size:,} {words['bytes'].lower()}"
    version = words["version"].format(exhibit.version_id)
    return labelled("file", f"{exhibit.filename} · {exhibit.media_type} · {size} · {version}", words)


def _custody(exhibit: Exhibit) -> str:
    return " \N{RIGHTWARDS ARROW} ".join(
        f"{step.event} ({step.actor}{f', {moment(step.at)}' if step.at else ''})" for step in exhibit.custody
    )
