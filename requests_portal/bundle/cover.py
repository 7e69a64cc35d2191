"""The cover letter of a bundle: what is enclosed, what is not, and how to check it."""

from requests_portal.bundle import look as style
from requests_portal.bundle.contents import BundleContents, Signer, WithheldGroup
from requests_portal.bundle.letterhead import addressed, letterhead, subject_line
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import bullets, heading, numbered, numbered_or_paragraphs, paragraph, strong
from requests_portal.bundle.seal import HEIGHT, WIDTH, draw_code, draw_seal
from requests_portal.bundle.words import Words, long_date

_CODE = 74.0
_FEW = 12


def draw_cover(pages: Pages, contents: BundleContents, words: Words, signer: Signer) -> None:
    """Draw the letter, with the seal at its foot."""
    letterhead(pages, name=contents.our_name, address=contents.our_address)
    addressed(
        pages,
        recipient=contents.recipient,
        day=contents.made_at.date(),
        language=contents.language,
        facts=_references(contents, words),
    )
    subject_line(pages, contents.subject)
    if contents.volumes > 1:
        strong(pages, _where_the_rest_is(contents, words))
    for text in contents.letter:
        paragraph(pages, text)
    customer = contents.kind == "customer"
    heading(pages, words["enclosed_customer" if customer else "enclosed"], level=2)
    bullets(pages, [*enclosed(contents, words), *_span(contents, words)])
    for part in contents.letter_parts:
        heading(pages, part.heading, level=2)
        numbered_or_paragraphs(pages, part.paragraphs)
    heading(pages, words["not_enclosed_customer" if customer else "not_enclosed"], level=2)
    bullets(pages, _not_enclosed(contents, words))
    if contents.discrepancies:
        strong(pages, _discrepancies(contents, words))
    _draw_checks(pages, contents, words, signer)


def _references(contents: BundleContents, words: Words) -> list[str]:
    production = f"{words['production']} {contents.production}"
    if contents.volumes > 1:
        production += ", " + words["volume_of"].format(contents.volume, contents.volumes)
    lines = [f"{words['our_reference']} {contents.reference}", production]
    if contents.supplements:
        lines.append(words["supplements"].format(contents.supplements))
    if contents.replaces:
        lines.append(words["replaces"].format(contents.replaces))
    return lines


def _where_the_rest_is(contents: BundleContents, words: Words) -> str:
    ranges = [first if first == last else words["range"].format(first, last) for first, last in contents.ranges]
    here = words["volume_holds"].format(contents.volume, contents.volumes, "; ".join(ranges))
    return f"{here} {words['whole_manifest' if contents.volume == 1 else 'other_volumes']}"


def enclosed(contents: BundleContents, words: Words) -> list[str]:
    """Return what the volume holds, a sentence a kind."""
    lines = []
    silenced = sum(bool(each.stored_sha256) for each in contents.exhibits)
    stored = len(contents.exhibits) - silenced
    if stored == 1:
        lines.append(words["enclosed_recording"])
    elif stored:
        lines.append(words["enclosed_recordings"].format(f"{stored:,}"))
    if silenced:
        lines.append(words["enclosed_silenced"].format(f"{silenced:,}"))
    if copies := sum(each.listening is not None for each in contents.exhibits):
        lines.append(words["enclosed_copies"].format(f"{copies:,}"))
    if contents.record_sets:
        titles = ", ".join(each.title for each in contents.record_sets)
        one = len(contents.record_sets) == 1
        several = words["enclosed_record_sets"].format(f"{len(contents.record_sets):,}", titles)
        lines.append(words["enclosed_record_set"].format(titles) if one else several)
    if not lines:
        return [words["enclosed_nothing"]]
    if contents.volumes > 1:
        return lines
    if contents.bates_first == contents.bates_last:
        return [*lines, words["numbered_one"].format(contents.bates_first)]
    return [*lines, words["numbered_range"].format(contents.bates_first, contents.bates_last)]


def _not_enclosed(contents: BundleContents, words: Words) -> list[str]:
    if not contents.withheld:
        return [words["withheld_nothing"]]
    return [_left_out(group) for group in contents.withheld]


def _left_out(group: WithheldGroup) -> str:
    number = "" if group.count is None else f" ({group.count:,})"
    return f"{group.what}{number}: {group.reason}"


def _span(contents: BundleContents, words: Words) -> list[str]:
    """When the recordings were made, and by which devices."""
    if not contents.exhibits:
        return []
    made = sorted(each.recorded_at.date() for each in contents.exhibits)
    first, last = (long_date(day, contents.language) for day in (made[0], made[-1]))
    when = words["made_on"].format(first) if first == last else words["made_between"].format(first, last)
    devices = sorted({each.device for each in contents.exhibits})
    named = ", ".join(devices) if len(devices) <= _FEW else words["several_devices"].format(len(devices))
    return [f"{when} {words['made_by'].format(named)}"]


def _discrepancies(contents: BundleContents, words: Words) -> str:
    number = len(contents.discrepancies)
    if number == 1:
        return words["discrepancy_notice"].format(words["discrepancies"])
    return words["discrepancies_notice"].format(number, words["discrepancies"])


def _draw_checks(pages: Pages, contents: BundleContents, words: Words, signer: Signer) -> None:
    pages.need(HEIGHT + pages.look.leading * 7)
    heading(pages, words["check"], level=2)
    checks = (words["check_1"].format(contents.our_name), words["check_2"], words["check_3"])
    numbered(pages, [text.format(contents.verify_url) for text in checks])
    pages.space(6)
    pages.need(HEIGHT + 6)
    top = pages.y
    draw_seal(pages, words, signer, name=contents.our_name, at=contents.made_at)
    alt = words["qr_alt"].format(contents.verify_url)
    draw_code(pages, contents.verify_url, alt=alt, x=style.LEFT + WIDTH + 20, y=top - HEIGHT, size=_CODE)
    pages.y = top - HEIGHT
