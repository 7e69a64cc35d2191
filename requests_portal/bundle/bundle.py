"""Makes a bundle: lays out its pages, then streams pages, files, structure and signature into one file."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from itertools import chain
from typing import BinaryIO

from requests_portal.bundle.archive_form import Identity, archived
from requests_portal.bundle.certificate import draw_certificate
from requests_portal.bundle.contents import BundleContents, Exhibit, Signer, Written
from requests_portal.bundle.cover import draw_cover
from requests_portal.bundle.enclosing import long, small
from requests_portal.bundle.exhibits import draw_exhibits
from requests_portal.bundle.file_names import refuse_unsafe_names
from requests_portal.bundle.finish import finish
from requests_portal.bundle.index import Part, draw_index
from requests_portal.bundle.legal_basis import draw_legal_basis, draw_objections
from requests_portal.bundle.load_file import load_file
from requests_portal.bundle.look import PAPERS, look_for
from requests_portal.bundle.manifest import draw_manifest
from requests_portal.bundle.manifest_files import CSV_NAME, JSON_NAME, csv_lines, entries, json_parts, of_csv
from requests_portal.bundle.page import Pages
from requests_portal.bundle.person import draw_glossary, draw_human_review, draw_information
from requests_portal.bundle.prose import title
from requests_portal.bundle.record_sets import draw_record_sets
from requests_portal.bundle.running_lines import HeadAndFoot, ranged
from requests_portal.bundle.stopwatch import Stopwatch
from requests_portal.bundle.withheld import draw_discrepancies, draw_withheld
from requests_portal.bundle.words import Words, words_for
from requests_portal.bundle.writer import Enclosure, Writer
from requests_portal.errors import Conflict

CHANGED = (
    "The pages are no longer those that the custodian read: the catalogue, a letter's text or the software has changed "
    "since. Try again, and have the new pages read and signed off."
)


class PagesChanged(Conflict):
    """The pages are not those that the custodian read: they have to be read and signed off again."""

    code = "pages_changed"


def write_bundle(
    contents: BundleContents, out: BinaryIO, *, signer: Signer, pages_digest: str | None = None
) -> Written:
    """Write one volume as a certified PDF/A-3a and PDF/UA-1 to `out`, in order, without seeking.

    Raises PagesChanged, before anything is written, when the pages are not those of `pages_digest`,
    ChangedWhileWriting when an exhibit's bytes are not those of its digest, UnsafeName for a file name
    that is doubled or could mislead, SignatureTooLarge when the CMS does not fit; `out` then holds half a file.
    """
    refuse_unsafe_names(contents)
    watch = Stopwatch(time.perf_counter)
    words = words_for(contents.language)
    numbered = load_file(contents, description=words["load_file_description"])
    contents = replace(contents, attachments=(numbered, *contents.attachments))
    pages = _drawn(contents, words, signer)
    drawn = pages.finish()
    if pages_digest not in (None, pages.digest):
        raise PagesChanged(CHANGED)
    watch.stage("pages")
    seal_page = pages.seal.page if pages.seal else None
    base = archived(drawn, _identity(contents, words), seal_page=seal_page)
    writer = Writer(base, out)
    watch.stage("archive form")
    with _manifests(contents, words["manifest_description"]) as manifests:
        enclosures = [*manifests, *_enclosures(contents, words)]
        writer.enclose_all(enclosures, at=contents.made_at)
    watch.stage("attach")
    finish(writer, base, pages, signer=signer, name=contents.our_name, reason=contents.reference, at=contents.made_at)
    watch.stage("structure and signature")
    return Written(
        sha256=writer.digest.hexdigest(),
        size=writer.size,
        pages=pages.count,
        attachments=len(enclosures),
        stages=watch.stages,
        pages_digest=pages.digest,
    )


def write_preview(contents: BundleContents, out: BinaryIO, *, signer: Signer) -> Written:
    """Write the pages of one volume as they will leave, marked as not sealed, without signature or any file inside."""
    watch = Stopwatch(time.perf_counter)
    words = words_for(contents.language)
    pages = _drawn(contents, words, signer, notice=words["not_sealed"])
    base = archived(pages.finish(), _identity(contents, words), seal_page=None)
    writer = Writer(base, out)
    pages_digest, pages.seal = pages.digest, None
    finish(writer, base, pages, signer=None, name=contents.our_name, reason=contents.reference, at=contents.made_at)
    watch.stage("pages")
    return Written(
        sha256=writer.digest.hexdigest(),
        size=writer.size,
        pages=pages.count,
        attachments=0,
        stages=watch.stages,
        pages_digest=pages_digest,
    )


def _drawn(contents: BundleContents, words: Words, signer: Signer, *, notice: str = "") -> Pages:
    running = HeadAndFoot(
        name=contents.our_name,
        reference=contents.reference,
        bates=", ".join(ranged(first, last) for first, last in _ranges(contents)),
        page_of=words["page_of"],
        volume=words["volume_of"].format(contents.volume, contents.volumes) if contents.volumes > 1 else "",
        notice=notice,
        seal_here=words["seal_here"],
    )
    pages = Pages(
        look=look_for(contents.kind), language=contents.language, running=running, paper=PAPERS[contents.paper]
    )
    draw_cover(pages, contents, words, signer)
    sections = list(_sections(contents, words))
    draw_index(pages, [part for part, _ in sections], words)
    for _, draw in sections:
        draw(pages)
    return pages


def _ranges(contents: BundleContents) -> Sequence[tuple[str, str]]:
    return contents.ranges or ((contents.bates_first, contents.bates_last),)


Section = tuple[Part, Callable[[Pages], None]]


def _sections(contents: BundleContents, words: Words) -> Iterator[Section]:
    """What follows the letter: for an authority the law first, for a person their own data."""
    law = list(_law(contents, words))
    records = list(_records(contents, words))
    manifest = [_section(words["manifest"], draw_manifest, contents, words)]
    manifest = manifest if contents.exhibits or contents.record_sets else []
    if contents.kind == "authority":
        yield from (*law, *manifest, *records)
    else:
        yield from (*_person(contents, words), *records, *law, *manifest)
        yield _section(words["glossary"], draw_glossary, contents, words)
    certificate, own = contents.certificate, contents.kind == "authority"
    yield Part(title=certificate.title), lambda pages: draw_certificate(pages, certificate, words, new_page=own)


def _law(contents: BundleContents, words: Words) -> Iterator[Section]:
    if contents.legal_basis:
        yield _section(words["legal_basis"], draw_legal_basis, contents, words)
    if contents.objections:
        yield _section(words[_objections(contents)], _draw_objections, contents, words)


def _person(contents: BundleContents, words: Words) -> Iterator[Section]:
    if (review := contents.human_review) is not None:
        yield (
            Part(title=words["heard"]),
            lambda pages: draw_human_review(pages, review, words, language=contents.language),
        )
    if contents.information:
        yield (
            Part(title=words["information"]),
            lambda pages: draw_information(pages, contents.information, words),
        )


def _records(contents: BundleContents, words: Words) -> Iterator[Section]:
    if contents.record_sets:
        bates = [each.bates for each in contents.record_sets]
        yield _section(words["record_sets"], draw_record_sets, contents, words, bates=bates)
    if contents.exhibits:
        bates = [each.bates for each in contents.exhibits]
        yield _section(words["exhibits"], draw_exhibits, contents, words, bates=bates)
    if contents.withheld:
        customer = contents.kind == "customer"
        yield _section(words["withheld_customer" if customer else "withheld"], draw_withheld, contents, words)
    if contents.discrepancies:
        yield _section(words["discrepancies"], draw_discrepancies, contents, words)


def _section(
    heading: str,
    draw: Callable[[Pages, BundleContents, Words], None],
    contents: BundleContents,
    words: Words,
    *,
    bates: Sequence[str] = (),
) -> Section:
    numbers = ranged(bates[0], bates[-1]) if bates else ""
    return Part(title=heading, bates=numbers), lambda pages: draw(pages, contents, words)


def _objections(contents: BundleContents) -> str:
    # A person who asks for their own data has made no demand that anybody objects to.
    return "objections_customer" if contents.kind == "customer" else "objections"


def _draw_objections(pages: Pages, contents: BundleContents, words: Words) -> None:
    title(pages, words[_objections(contents)])
    draw_objections(pages, contents.objections, words, plain=contents.kind == "customer")


def _identity(contents: BundleContents, words: Words) -> Identity:
    return Identity(
        title=f"{_numbered(contents, words)} \N{EN DASH} {contents.reference}",
        author=contents.our_name,
        reference=contents.reference,
        document_id=contents.document_id,
        language=contents.language,
        made_at=contents.made_at.astimezone(UTC),
    )


def _numbered(contents: BundleContents, words: Words) -> str:
    volume = f", {words['volume_of'].format(contents.volume, contents.volumes)}" if contents.volumes > 1 else ""
    return f"{words['production']} {contents.production}{volume}"


@contextmanager
def _manifests(contents: BundleContents, described: str) -> Iterator[tuple[Enclosure, Enclosure]]:
    with long(CSV_NAME, "text/csv", described, csv_lines(entries(contents))) as sheet:
        rows = chain(entries(contents), [of_csv(contents, size=sheet.size, digest=sheet.sha256)])
        with long(JSON_NAME, "application/json", described, json_parts(contents, rows)) as tree:
            yield sheet, tree


def _enclosures(contents: BundleContents, words: Words) -> Iterator[Enclosure]:
    for each in contents.record_sets:
        yield small(each.filename, "text/csv", words["record_set_description"].format(each.bates, each.title), each.csv)
    for exhibit in contents.exhibits:
        yield Enclosure(
            filename=exhibit.filename,
            media_type=exhibit.media_type,
            description=words[_described(exhibit)].format(exhibit.bates),
            relationship="Source",
            size=exhibit.size,
            sha256=exhibit.sha256,
            open=exhibit.open,
        )
        if copy := exhibit.listening:
            yield Enclosure(
                filename=copy.filename,
                media_type=copy.media_type,
                description=words["listening_description"].format(exhibit.filename),
                relationship="Alternative",
                size=copy.size,
                sha256=copy.sha256,
                open=copy.open,
            )
    for attached in contents.attachments:
        yield small(attached.filename, attached.media_type, attached.description, attached.data, attached.relationship)


def _described(exhibit: Exhibit) -> str:
    return "recording_silenced_description" if exhibit.stored_sha256 else "recording_description"
