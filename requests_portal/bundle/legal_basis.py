"""The legal basis for each class of data, and our objections in full."""

from collections.abc import Sequence

from requests_portal.bundle.contents import BundleContents, Objection
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, paragraph, small, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words, labelled


def draw_legal_basis(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw the table of classes, citations and what we did, and the digest of the rules that were applied."""
    title(pages, words["legal_basis"])
    columns = (
        Column(title=words["data_class"], share=24),
        Column(title=words["basis"], share=44),
        Column(title=words["disposition"], share=32),
    )
    table(pages, columns, [(row.data_class, row.basis, row.disposition) for row in contents.legal_basis])
    small(pages, words["rule_book"].format(contents.book_digest))


def draw_objections(pages: Pages, objections: Sequence[Objection], words: Words, *, plain: bool = False) -> None:
    """Draw each objection: what, why, on what authority, and what would mend it; `plain` leaves our own codes out."""
    for number, objection in enumerate(objections, start=1):
        heading(pages, f"{number}. {objection.title}", level=2)
        for text in objection.paragraphs:
            paragraph(pages, text)
        if objection.cites:
            small(pages, labelled("cited", "; ".join(objection.cites), words))
        if objection.remedy:
            paragraph(pages, labelled("remedy", objection.remedy, words))
        if objection.ground and not plain:
            small(pages, labelled("ground", objection.ground, words))
        pages.space(pages.look.leading * 0.5)
