"""The manifest as pages: every embedded file with its number and digest."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from requests_portal.bundle.contents import BundleContents, Exhibit
from requests_portal.bundle.look import DENSE
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, small, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words, length


def draw_manifest(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw one row a recording or record set; what other volumes embed follows under a heading of each."""
    title(pages, words["manifest"])
    small(pages, words["manifest_lead_whole" if contents.elsewhere else "manifest_lead"])
    if contents.elsewhere:
        heading(pages, f"{words['volume']} {contents.volume}", level=2)
    _draw(pages, _rows(contents, words), words)
    for volume, others in groupby(contents.elsewhere, key=lambda each: each.volume):
        heading(pages, f"{words['volume']} {volume}", level=2)
        _draw(pages, (row for each in others for row in _recording(each.exhibit, words)), words)


def _draw(pages: Pages, rows: Iterable[tuple[str, ...]], words: Words) -> None:
    # In both moods: larger type would break the digests, which are there to be compared.
    table(pages, manifest_columns(words), rows, size=DENSE.table)


def manifest_columns(words: Words) -> tuple[Column, ...]:
    """Return the manifest's columns."""
    return (
        Column(title=words["bates"], share=66, mono=True),
        Column(title=words["recorded"], share=97, mono=True),
        Column(title=words["length"], share=36, mono=True),
        Column(title=words["bytes"], share=45, mono=True),
        Column(title=words["sha256"], share=239, mono=True, digest=True),
    )


def _rows(contents: BundleContents, words: Words) -> Iterator[tuple[str, ...]]:
    for exhibit in contents.exhibits:
        yield from _recording(exhibit, words)
    for each in contents.record_sets:
        yield each.bates, words["record_set"], "", f"{len(each.csv):,}", each.sha256


def _recording(exhibit: Exhibit, words: Words) -> Iterator[tuple[str, ...]]:
    """One row, and one more for the recording that it was made from and for the copy to listen to."""
    lasts = "" if exhibit.seconds is None else length(exhibit.seconds, words)
    at = exhibit.recorded_at.strftime("%Y-%m-%d %H:%M %z")
    yield exhibit.bates, at, lasts, f"{exhibit.size:,}", exhibit.sha256
    if exhibit.stored_sha256:
        yield exhibit.bates, words["silenced_row"], "", "", exhibit.stored_sha256
    if copy := exhibit.listening:
        yield exhibit.bates, words["listening_row"], "", f"{copy.size:,}", copy.sha256
