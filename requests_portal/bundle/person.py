"""What a person is told of their own data: who listened, what is done with them, and what the words mean."""

from collections.abc import Iterator, Sequence

from requests_portal.bundle.contents import BundleContents, HumanReview, LetterPart
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, numbered_or_paragraphs, paragraph, small, title
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words, long_date, moment


def draw_human_review(pages: Pages, review: HumanReview, words: Words, *, language: str) -> None:
    """Draw each time a person of ours listened, or that nobody did."""
    title(pages, words["heard"])
    if not review.heard:
        paragraph(pages, words["heard_by_nobody"])
        return
    paragraph(pages, words["heard_lead"])
    columns = (
        Column(title=words["recording"], share=40),
        Column(title=words["heard_on"], share=36),
        Column(title=words["heard_for"], share=42),
        Column(title=words["heard_as"], share=30),
    )
    unknown = words["not_recorded"]
    rows = (
        (
            each.bates or words["stays_here"].format(long_date(each.recorded_on, language)),
            moment(each.note.on),
            each.note.purpose or unknown,
            each.note.role or unknown,
        )
        for each in review.heard
    )
    table(pages, columns, rows)
    small(pages, words["heard_names"])


def draw_information(pages: Pages, parts: Sequence[LetterPart], words: Words) -> None:
    """Draw what the law asks us to tell with a copy, each point under its heading."""
    title(pages, words["information"])
    for part in parts:
        if part.heading:
            heading(pages, part.heading, level=2)
        numbered_or_paragraphs(pages, part.paragraphs)


def draw_glossary(pages: Pages, contents: BundleContents, words: Words) -> None:
    """Draw the meaning of every word of the trade that this document uses."""
    title(pages, words["glossary"])
    columns = (Column(title=words["term"], share=26), Column(title=words["meaning"], share=74))
    rows = ((words[f"term_{name}"], words[f"means_{name}"]) for name in terms(contents))
    table(pages, columns, rows, size=pages.look.small)


def terms(contents: BundleContents) -> Iterator[str]:
    """The terms that occur in a document."""
    exhibits = contents.exhibits
    yield "bates"
    yield "digest"
    yield "manifest"
    yield "seal"
    occurs = {
        "record_set": bool(contents.record_sets),
        "speakers": any(each.speakers for each in exhibits),
        "transcript": any(each.transcript for each in exhibits),
        "false_wake": any(each.false_wake for each in exhibits),
        "silenced": any(each.silenced for each in exhibits),
        "listening": any(each.listening for each in exhibits),
        "custody": bool(exhibits),
    }
    yield from (name for name, does in occurs.items() if does)
