"""What was left out and why, and what could not be produced as catalogued: never the contents themselves."""

from requests_portal.bundle.contents import BundleContents, WithheldGroup
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import paragraph, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words


def draw_withheld(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw the withheld log."""
    customer = contents.kind == "customer"
    title(pages, words["withheld_customer" if customer else "withheld"])
    paragraph(pages, words["withheld_lead_customer" if customer else "withheld_lead"])
    # Our own names of grounds are for those who answer them.
    rows: list[tuple[str, ...]]
    if not customer:
        ground = Column(title=words["ground"], share=27)
        rows = [(each.what, each.reason, _count(each, words), each.ground) for each in contents.withheld]
    else:
        ground = None
        rows = [(each.what, each.reason, _count(each, words)) for each in contents.withheld]
    columns = (
        Column(title=words["what"], share=28),
        Column(title=words["reason"], share=36),
        Column(title=words["how_many"], share=13),
    )
    table(pages, (*columns, ground) if ground else columns, rows)


def _count(group: WithheldGroup, words: Words) -> str:
    return words["count_unknown"] if group.count is None else f"{group.count:,}"


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
