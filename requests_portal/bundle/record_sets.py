"""Record sets as tables: what is not audio, such as subscriber information and connections."""

from collections.abc import Iterator

from requests_portal.bundle.contents import BundleContents, RecordSet
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, paragraph, small, title
from requests_portal.bundle.table import PAD, Column, table
from requests_portal.bundle.words import Words, labelled

_LONGEST_CELL = 600
_NARROWEST, _WIDEST = 5, 34
_LOOKED_AT = 200


def draw_record_sets(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw each record set under its Bates number, with its source and the digest of its CSV file."""
    title(pages, words["record_sets"])
    for each in contents.record_sets:
        heading(pages, f"{each.bates}  {each.title}", level=2)
        with pages.numbered(each.bates):
            _draw(pages, each, words)


def _draw(pages: Pages, each: RecordSet, words: Words) -> None:
    rows = words["row"] if len(each.rows) == 1 else words["rows"].format(f"{len(each.rows):,}")
    facts = (labelled("source", each.source, words), rows, each.filename)
    small(pages, " · ".join(facts))
    if each.rows:
        table(pages, _columns(pages, each), _cells(each, words))
    else:
        paragraph(pages, words["no_rows"])
    small(pages, f"{words['sha256']} {each.sha256}")


def _columns(pages: Pages, each: RecordSet) -> list[Column]:
    """Give each column a share by its longest cell, within bounds, and room for the longest word of its title."""
    longest = [len(name) for name in each.columns]
    for row in each.rows[:_LOOKED_AT]:
        longest = [max(so_far, len(cell)) for so_far, cell in zip(longest, row, strict=True)]
    lengths = [min(max(length, _NARROWEST), _WIDEST) for length in longest]
    across = pages.paper.text_width / sum(lengths)
    return [
        Column(title=name, share=max(length * across, _title_width(pages, name)))
        for name, length in zip(each.columns, lengths, strict=True)
    ]


def _title_width(pages: Pages, name: str) -> float:
    """What the longest word of a title takes, with a tenth for what the other columns take back."""
    size = pages.look.table
    return 1.1 * (max(pages.bold.width(word, size) for word in pages.bold.printable(name).split(" ")) + 2 * PAD)


def _cells(each: RecordSet, words: Words) -> Iterator[list[str]]:
    for row in each.rows:
        yield [cell if len(cell) <= _LONGEST_CELL else cell[:_LONGEST_CELL] + words["cut_cell"] for cell in row]
