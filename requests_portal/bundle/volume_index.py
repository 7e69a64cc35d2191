"""The signed index of a production in volumes: which file holds which numbers, and what its digest is."""

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC
from typing import Any, BinaryIO

from requests_portal.bundle.archive_form import Identity, archived
from requests_portal.bundle.contents import IndexContents, SealedVolume, Signer, Written
from requests_portal.bundle.enclosing import small
from requests_portal.bundle.finish import finish
from requests_portal.bundle.letterhead import addressed, letterhead, subject_line
from requests_portal.bundle.look import DENSE, LEFT, PAPERS, look_for
from requests_portal.bundle.manifest_files import CSV_NAME, FORMAT, INDEX, JSON_NAME, as_csv
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import heading, numbered, paragraph
from requests_portal.bundle.running_lines import HeadAndFoot
from requests_portal.bundle.seal import HEIGHT, WIDTH, draw_code, draw_seal
from requests_portal.bundle.stopwatch import Stopwatch
from requests_portal.bundle.table import Column, table
from requests_portal.bundle.words import Words, words_for
from requests_portal.bundle.writer import Enclosure, Writer

VOLUMES_CSV = "volumes.csv"
VOLUMES_JSON = "volumes.json"
_COLUMNS = ("volume", "filename", "bates", "recordings", "pages", "size", "sha256")


def write_index(contents: IndexContents, out: BinaryIO, *, signer: Signer) -> Written:
    """Write the index as a certified PDF/A-3a and PDF/UA-1; raises SignatureTooLarge when the CMS does not fit."""
    watch = Stopwatch(time.perf_counter)
    words = words_for(contents.language)
    pages = _drawn(contents, words, signer)
    drawn = pages.finish()
    watch.stage("pages")
    base = archived(drawn, _identity(contents, words), seal_page=pages.seal.page if pages.seal else None)
    writer = Writer(base, out)
    enclosures = list(_enclosures(contents, words))
    writer.enclose_all(enclosures, at=contents.made_at)
    finish(writer, base, pages, signer=signer, name=contents.our_name, reason=contents.reference, at=contents.made_at)
    watch.stage("structure and signature")
    return Written(
        sha256=writer.digest.hexdigest(),
        size=writer.size,
        pages=pages.count,
        attachments=len(enclosures),
        stages=watch.stages,
    )


def _drawn(contents: IndexContents, words: Words, signer: Signer) -> Pages:
    running = HeadAndFoot(
        name=contents.our_name, reference=contents.reference, bates="", page_of=words["page_of"], watermark=""
    )
    pages = Pages(
        look=look_for(contents.kind), language=contents.language, running=running, paper=PAPERS[contents.paper]
    )
    letterhead(pages, name=contents.our_name, address=contents.our_address)
    addressed(
        pages,
        recipient=contents.recipient,
        day=contents.made_at.date(),
        language=contents.language,
        facts=[f"{words['our_reference']} {contents.reference}", f"{words['production']} {contents.production}"],
    )
    subject_line(pages, words["index_title"].format(contents.production, len(contents.volumes)))
    paragraph(pages, contents.subject)
    paragraph(pages, words["index_lead"].format(len(contents.volumes)))
    table(pages, _columns(words), _rows(contents), size=DENSE.table)
    heading(pages, words["check"], level=2)
    checks = (words["check_1"].format(contents.our_name), words["index_check"])
    numbered(pages, [*checks, words["check_3"].format(contents.verify_url)])
    pages.space(pages.look.leading)
    pages.need(HEIGHT + 6)
    alt = words["qr_alt"].format(contents.verify_url)
    draw_code(pages, contents.verify_url, alt=alt, x=LEFT + WIDTH + 20, y=pages.y - HEIGHT, size=HEIGHT)
    draw_seal(pages, words, signer, name=contents.our_name, at=contents.made_at)
    return pages


def _columns(words: Words) -> tuple[Column, ...]:
    return (
        Column(title=words["volume_short"], share=36),
        Column(title=words["bates"], share=71, mono=True),
        Column(title=words["exhibits_short"], share=49),
        Column(title=words["pages"], share=30),
        # A volume of 1 GiB has ten digits: the text face is narrower than the mono one.
        Column(title=words["bytes"], share=57),
        Column(title=words["sha256"], share=239, mono=True, digest=True),
    )


def _rows(contents: IndexContents) -> Iterator[tuple[str, ...]]:
    for each in contents.volumes:
        yield (
            str(each.number),
            _bates(each, ", "),
            f"{each.recordings:,}",
            f"{each.pages:,}",
            f"{each.size:,}",
            each.sha256,
        )


def _bates(each: SealedVolume, between: str) -> str:
    return between.join(first if first == last else f"{first} \N{EN DASH} {last}" for first, last in each.bates)


def _identity(contents: IndexContents, words: Words) -> Identity:
    return Identity(
        title=f"{words['index_title'].format(contents.production, len(contents.volumes))} \N{EN DASH} "
        f"{contents.reference}",
        author=contents.our_name,
        reference=contents.reference,
        document_id=contents.document_id,
        language=contents.language,
        made_at=contents.made_at.astimezone(UTC),
    )


def _enclosures(contents: IndexContents, words: Words) -> Iterator[Enclosure]:
    listed = _listed(contents)
    described = words["index_description"]
    lists = (
        small(VOLUMES_CSV, "text/csv", described, _volumes_csv(listed)),
        small(VOLUMES_JSON, "application/json", described, _as_json({"volumes": listed}, contents)),
    )
    rows = [_row(each) for each in lists]
    csv_file = small(CSV_NAME, "text/csv", words["manifest_description"], as_csv(rows))
    manifest = {"document": INDEX, "volumes": len(listed), "files": [*rows, _row(csv_file)]}
    yield csv_file
    yield small(JSON_NAME, "application/json", words["manifest_description"], _as_json(manifest, contents))
    yield from lists


def _listed(contents: IndexContents) -> list[dict[str, Any]]:
    return [
        {
            "volume": each.number,
            "filename": each.filename,
            "bates": each.bates,
            "recordings": each.recordings,
            "pages": each.pages,
            "size": each.size,
            "sha256": each.sha256,
        }
        for each in contents.volumes
    ]


def _volumes_csv(listed: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS)
    writer.writeheader()
    writer.writerows(row | {"bates": "; ".join(" to ".join(pair) for pair in row["bates"])} for row in listed)
    return out.getvalue().encode()


def _row(each: Enclosure) -> dict[str, Any]:
    return {
        "bates": None,
        "filename": each.filename,
        "kind": INDEX,
        "media_type": each.media_type,
        "size": each.size,
        "sha256": each.sha256,
    }


def _as_json(said: dict[str, Any], contents: IndexContents) -> bytes:
    head = {
        "format": FORMAT,
        "reference": contents.reference,
        "production": contents.production,
        "document_id": contents.document_id,
        "made_at": contents.made_at.isoformat(),
    }
    return json.dumps(head | said, ensure_ascii=False, indent=1).encode()
