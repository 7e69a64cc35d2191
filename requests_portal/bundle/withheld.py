"""What was left out and why, and what could not be produced as catalogued: never the contents themselves."""

from requests_portal.bundle.contents import BundleContents
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import paragraph, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words


def draw_withheld(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw the withheld log."""
    title(pages, words["withheld"])
    paragraph(pages, words["withheld_lead"])
    columns = (
        Column(title=words["what"], share=32),
        Column(title=words["ground"], share=24),
        Column(title=words["reason"], share=32),
        Column(title=words["how_many"], share=12),
    )
    rows = (
        (group.what, group.ground, group.reason, words["count_unknown"] if group.count is None else f"{group.count:,}")
        for group in contents.withheld
    )
    table(pages, columns, rows)


def draw_discrepancies(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw every recording that differs from its catalogue entry, by name."""
    title(pages, words["discrepancies"])
    paragraph(pages, words["discrepancies_lead"])
    columns = (
        Column(title=words["bates"], share=20, mono=True),
        Column(title=words["recording"], share=24, mono=True),
        Column(title=words["found"], share=14),
        Column(title=words["reason"], share=42),
    )
    rows = (
        (each.bates or "—", each.recording, words.get(each.kind, each.kind), each.sentence)
        for each in contents.discrepancies
    )
    table(pages, columns, rows)
