"""The manifest as pages: every embedded file with its number and digest."""

from collections.abc import Iterator

from requests_portal.bundle.contents import BundleContents
from requests_portal.bundle.look import DENSE
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import small, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words


def draw_manifest(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw one row a recording or record set."""
    title(pages, words["manifest"])
    small(pages, words["manifest_lead"])
    # In both moods: larger type would break the digests, which are there to be compared.
    table(pages, manifest_columns(words), _rows(contents, words), size=DENSE.table)


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
        length = "" if exhibit.seconds is None else words["seconds"].format(f"{exhibit.seconds:.1f}")
        at = exhibit.recorded_at.strftime("%Y-%m-%d %H:%M %z")
        yield exhibit.bates, at, length, f"{exhibit.size:,}", exhibit.sha256
    for each in contents.record_sets:
        yield each.bates, words["record_set"], "", f"{len(each.csv):,}", each.sha256
