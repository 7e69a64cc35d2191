"""Record sets as tables: what is not audio, such as subscriber information and connections."""

from collections.abc import Iterator

from requests_portal.bundle.contents import BundleContents, RecordSet
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, paragraph, small, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words

_LONGEST_CELL = 600
_NARROWEST, _WIDEST = 5, 34
_LOOKED_AT = 200


def draw_record_sets(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw each record set under its Bates number, with its source and the digest of its CSV file."""
    title(pages, words["record_sets"])
    for each in contents.record_sets:
        heading(pages, f"{each.bates}  {each.title}", level=2)
        pages.number(each.bates)
        rows = words["row"] if len(each.rows) == 1 else words["rows"].format(f"{len(each.rows):,}")
        facts = (each.data_class, f"{words['source']}: {each.source}", rows, each.filename)
        small(pages, " · ".join(facts))
        if each.rows:
            table(pages, _columns(each), _cells(each, words))
        else:
            paragraph(pages, words["no_rows"])
        small(pages, f"{words['sha256']} {each.sha256}")


def _columns(each: RecordSet) -> list[Column]:
    """Give each column a share by its longest cell, within bounds, so that one long text can't starve the others."""
    longest = [len(name) for name in each.columns]
    for row in each.rows[:_LOOKED_AT]:
        longest = [max(so_far, len(cell)) for so_far, cell in zip(longest, row, strict=True)]
    return [
        Column(title=name, share=min(max(length, _NARROWEST), _WIDEST))
        for name, length in zip(each.columns, longest, strict=True)
    ]


def _cells(each: RecordSet, words: Words) -> Iterator[list[str]]:
    for row in each.rows:
        yield [cell if len(cell) <= _LONGEST_CELL else cell[:_LONGEST_CELL] + words["cut_cell"] for cell in row]
