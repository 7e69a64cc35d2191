"""The exhibits, several short recordings to a page: when, where, who spoke, the waveform, the words, the digest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requests_portal.bundle import look as style
from requests_portal.bundle.contents import BundleContents, Exhibit, SpeakerSpan
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import small, title, wrapped
from requests_portal.bundle.typefaces import Typeface
from requests_portal.bundle.wave_drawing import draw_wave, wave_height
from requests_portal.bundle.words import Words, moment


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Some lines of one exhibit, wrapped, so that its height is known before it is drawn."""

    lines: Sequence[str]
    face: Typeface
    size: float
    leading: float
    colour: str


def draw_exhibits(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw all recordings, each kept on one page where it fits."""
    title(pages, words["exhibits"], new_page=True)
    small(pages, words["exhibits_lead"])
    pages.space(4)
    for exhibit in contents.exhibits:
        _draw(pages, exhibit, words)


def _draw(pages: Pages, exhibit: Exhibit, words: Words) -> None:
    look = pages.look
    when = _small(pages, _when_and_where(exhibit, words))
    after = [
        _small(pages, f"{words['speakers']}: {_speakers(exhibit, words)}"),
        _small(pages, f"{words['transcript']}:"),
        _body(pages, _transcript(exhibit, words)),
        *(_small(pages, text, colour=style.INK) for text in _notes(exhibit, words)),
        _small(pages, _file(exhibit, words)),
        *(_digest(pages, text) for text in _digests(exhibit, words)),
        _small(pages, f"{words['custody']}: {_custody(exhibit)}"),
    ]
    height = sum(len(each.lines) * each.leading for each in (when, *after))
    pages.need(min(height + look.heading + wave_height(look) + 24, pages.paper.text_height))
    with pages.tags.group("Sect"):
        _draw_head(pages, exhibit, words)
        _draw_lines(pages, when)
        draw_wave(pages, exhibit, words)
        for each in after:
            _draw_lines(pages, each)
    pages.space(look.leading * 0.9)


def _draw_head(pages: Pages, exhibit: Exhibit, words: Words) -> None:
    size = pages.look.body + 1
    pages.bookmark(exhibit.bates, level=1)
    pages.number(exhibit.bates)
    pages.y -= size + 4
    pages.line(exhibit.bates, style.LEFT, pages.y, face=pages.bold, size=size, colour=style.BRAND, role="H2")
    length = pages.regular.printable(_length(exhibit, words))
    x = pages.paper.right - pages.regular.width(length, size)
    pages.line(length, x, pages.y, face=pages.regular, size=size, colour=style.INK_SOFT)
    pages.space(1)


def _draw_lines(pages: Pages, each: _Lines) -> None:
    element = pages.tags.add("P")
    pages.lines(element, each.lines, face=each.face, size=each.size, leading=each.leading, colour=each.colour)


def _small(pages: Pages, text: str, *, colour: str = style.INK_SOFT) -> _Lines:
    look = pages.look
    lines = wrapped(text, face=pages.regular, size=look.small, width=pages.paper.text_width)
    return _Lines(lines=lines, face=pages.regular, size=look.small, leading=look.small_leading, colour=colour)


def _body(pages: Pages, text: str) -> _Lines:
    look = pages.look
    lines = wrapped(text, face=pages.regular, size=look.body, width=pages.paper.text_width)
    return _Lines(lines=lines, face=pages.regular, size=look.body, leading=look.leading, colour=style.INK)


def _digest(pages: Pages, text: str) -> _Lines:
    look = pages.look
    size = look.small - 0.7
    lines = wrapped(text, face=pages.mono, size=size, width=pages.paper.text_width)
    return _Lines(lines=lines, face=pages.mono, size=size, leading=look.small_leading, colour=style.INK_SOFT)


def _digests(exhibit: Exhibit, words: Words) -> Iterator[str]:
    yield f"{words['sha256']} {exhibit.sha256}"
    if exhibit.stored_sha256:
        yield words["made_from"].format(exhibit.stored_sha256)
    if copy := exhibit.listening:
        yield words["listening_copy"].format(copy.filename, f"{copy.size:,}", copy.sha256)


def _when_and_where(exhibit: Exhibit, words: Words) -> str:
    at = exhibit.recorded_at
    offset = at.strftime("%z")
    local = f"{at:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]} ({exhibit.zone})"
    return " · ".join((local, exhibit.device, words["account"].format(exhibit.account)))


def _length(exhibit: Exhibit, words: Words) -> str:
    return words["length_unknown"] if exhibit.seconds is None else words["seconds"].format(f"{exhibit.seconds:.1f}")


def _speakers(exhibit: Exhibit, words: Words) -> str:
    spans = [_speaker(one, exhibit, words) for one in exhibit.speakers]
    return words["seconds"].format(", ".join(spans)) if spans else words["no_speakers"]


def _speaker(one: SpeakerSpan, exhibit: Exhibit, words: Words) -> str:
    said = f"{words.get(one.label, one.label)} {one.start:.1f}\N{EN DASH}{one.end:.1f}"
    silenced = any(each.start <= one.start and one.end <= each.end for each in exhibit.silenced)
    return f"{said} ({words['silenced']})" if silenced else said


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
    return [*notes, f"{words['reviewed']}: {'; '.join(heard)}"] if heard else notes


def _file(exhibit: Exhibit, words: Words) -> str:
    size = f"{exhibit.size:,} {words['bytes'].lower()}"
    version = words["version"].format(exhibit.version_id)
    return f"{words['file']}: {exhibit.filename} · {exhibit.media_type} · {size} · {version}"


def _custody(exhibit: Exhibit) -> str:
    return " \N{RIGHTWARDS ARROW} ".join(
        f"{step.event} ({step.actor}{f', {moment(step.at)}' if step.at else ''})" for step in exhibit.custody
    )
