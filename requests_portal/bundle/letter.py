"""A letter of ours, such as an objection: the bundle's look without its files."""

import time
from collections.abc import Sequence
from datetime import UTC
from typing import BinaryIO

from requests_portal.bundle.archive_form import Identity, archived
from requests_portal.bundle.contents import LetterContents, LetterPart, Signer, Written
from requests_portal.bundle.finish import finish
from requests_portal.bundle.legal_basis import draw_objections
from requests_portal.bundle.letterhead import addressed, letterhead, subject_line
from requests_portal.bundle.look import DENSE, PAPERS
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, paragraph
from requests_portal.bundle.running_lines import HeadAndFoot
from requests_portal.bundle.seal import draw_seal
from requests_portal.bundle.stopwatch import Stopwatch
from requests_portal.bundle.words import Words, words_for
from requests_portal.bundle.writer import Writer


def write_letter(contents: LetterContents, out: BinaryIO, *, signer: Signer | None) -> Written:
    """Write a letter as PDF/A-3a and PDF/UA-1, certified when a signer is given; a draft is watermarked, never signed.

    Raises SignatureTooLarge when the CMS does not fit.
    """
    signer = None if contents.draft else signer
    watch = Stopwatch(time.perf_counter)
    words = words_for(contents.language)
    pages = _drawn(contents, words, signer)
    drawn = pages.finish()
    watch.stage("pages")
    base = archived(drawn, _identity(contents), seal_page=pages.seal.page if pages.seal else None)
    writer = Writer(base, out)
    watch.stage("archive form")
    finish(writer, base, pages, signer=signer, name=contents.our_name, reason=contents.reference, at=contents.made_at)
    watch.stage("structure and signature")
    digest = writer.digest.hexdigest()
    return Written(sha256=digest, size=writer.size, pages=pages.count, attachments=0, stages=watch.stages)


def _drawn(contents: LetterContents, words: Words, signer: Signer | None) -> Pages:
    running = HeadAndFoot(
        name=contents.our_name,
        reference=contents.reference,
        bates="",
        page_of=words["page_of"],
        watermark=words["draft"] if contents.draft else "",
    )
    pages = Pages(look=DENSE, language=contents.language, running=running, paper=PAPERS[contents.paper])
    letterhead(pages, name=contents.our_name, address=contents.our_address)
    addressed(
        pages,
        recipient=contents.recipient,
        day=contents.date,
        language=contents.language,
        facts=[f"{words['our_reference']} {contents.reference}"],
    )
    subject_line(pages, contents.subject)
    for text in contents.paragraphs:
        paragraph(pages, text)
    _parts(pages, contents.parts)
    draw_objections(pages, contents.objections, words)
    _parts(pages, contents.parts_after)
    for text in contents.closing:
        paragraph(pages, text)
    if signer is not None:
        pages.space(pages.look.leading)
        draw_seal(pages, words, signer, name=contents.our_name, at=contents.made_at)
    return pages


def _parts(pages: Pages, parts: Sequence[LetterPart]) -> None:
    for part in parts:
        heading(pages, part.heading, level=2)
        for text in part.paragraphs:
            paragraph(pages, text)


def _identity(contents: LetterContents) -> Identity:
    return Identity(
        title=contents.subject,
        author=contents.our_name,
        reference=contents.reference,
        document_id=contents.document_id,
        language=contents.language,
        made_at=contents.made_at.astimezone(UTC),
    )
