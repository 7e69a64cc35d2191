"""Compose: what a bundle and a letter say, taken from the case and the production and from nowhere else.

Facts, findings that were not raised, reasons and other cases stay in the house: nothing here reads them.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.bundle import Sound, peaks
from requests_portal.bundle.contents import (
    BundleContents,
    Certificate,
    CustodyStep,
    Discrepancy,
    Exhibit,
    LegalBasis,
    LetterContents,
    Objection,
    RecordSet,
    ReviewNote,
    SpeakerSpan,
    WithheldGroup,
)
from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case, FindingRecord, Track
from requests_portal.model.decision import Decision
from requests_portal.model.production import Item, Production, RecordSetItem
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work
from requests_portal.work.selection import SOUND, WORDS, classes_decided

Open = Callable[[str], Iterator[bytes]]

SUFFIX = {
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/opus": ".opus",
    "audio/mpeg": ".mp3",
}
TITLES = {
    "subscriber": "Subscriber information",
    "identification": "Identification data",
    "connections": "Connection records",
    "devices": "Devices",
    "human_review_log": "Human review log",
    "purchases": "Purchases",
    "audio": "Recordings",
    "transcript": "Transcripts",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is read before the file is written: the case, its production, and every recording by id."""

    case: Case
    production: Production
    recordings: Mapping[str, Recording]
    devices: Mapping[str, str]


def load(work: Work, production_id: str) -> Source:
    """Read everything a production's documents need."""
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=SYSTEM)
    recordings = {item.recording: work.catalogue.get(item.recording, by=SYSTEM) for item in production.items}
    accounts = sorted({recording.account for recording in recordings.values()})
    return Source(case=case, production=production, recordings=recordings, devices=work.catalogue.devices(accounts))


def bundle_contents(work: Work, source: Source, *, open_spooled: Open) -> BundleContents:
    """The bundle of a certified production."""
    case, production = source.case, source.production
    decision, at = _decided(case), _sealed(production)
    exhibits = tuple(_exhibits(source, decision, open_spooled))
    return BundleContents(
        reference=case.reference,
        production=production.number,
        volume=1,
        volumes=1,
        supplements=production.supplements or None,
        kind="authority" if case.track is Track.LEGAL_DEMAND else "customer",
        language=case.language,
        recipient=recipient_lines(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        letter=_cover(work, source),
        legal_basis=_legal_basis(case, decision),
        objections=objections(work, case, decision),
        record_sets=tuple(_record_set(item) for item in production.record_sets),
        exhibits=exhibits,
        withheld=_withheld(case, production, decision),
        discrepancies=tuple(
            Discrepancy(bates=each.bates or None, recording=each.recording, kind=each.kind, sentence=each.sentence)
            for each in production.discrepancies
        ),
        certificate=_certificate(case, production),
        book_digest=case.assessment.book if case.assessment else "",
        verify_url=work.house.verify_url,
        bates_first=_bates(work, production.bates_first),
        bates_last=_bates(work, production.bates_last),
        made_at=at,
        document_id=production.document_id,
    )


def letter_contents(work: Work, case: Case, *, made_at: datetime, document_id: str, draft: bool) -> LetterContents:
    """The objection letter of a decided case: what we do not give, on which ground, and what would cure it."""
    decision = _decided(case)
    fields = _fields(work, case)
    return LetterContents(
        reference=case.reference,
        language=case.language,
        recipient=recipient_lines(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        date=made_at.astimezone(ZoneInfo(case.zone)).date(),
        paragraphs=_paragraphs(work, "objection_opening", case.language, fields),
        objections=objections(work, case, decision),
        closing=_paragraphs(work, "objection_closing", case.language, fields),
        made_at=made_at,
        document_id=document_id,
        draft=draft,
    )


def certificate_paragraphs(work: Work, case: Case, production: Production) -> tuple[str, ...]:
    """The words that the custodian signs off; what is missing or changed is said in them."""
    name = "certificate" if case.track is Track.LEGAL_DEMAND else "certificate_data_subject"
    fields = {
        **_fields(work, case),
        "bates_first": _bates(work, production.bates_first),
        "bates_last": _bates(work, production.bates_last),
        "recordings": str(len(production.items)),
        "record_sets": str(len(production.record_sets)),
    }
    said = _paragraphs(work, name, case.language, fields)
    return (*said, *(each.sentence for each in production.discrepancies))


def recipient_lines(case: Case) -> tuple[str, ...]:
    """Whom the letter is addressed to, line by line."""
    requester = case.requester
    return tuple(line for line in (requester.name, requester.organisation, *requester.address) if line)


def subject(case: Case) -> str:
    """The subject line of everything we send on a case."""
    return f"{case.title} (our reference {case.reference})"


def objections(work: Work, case: Case, decision: Decision) -> tuple[Objection, ...]:
    """The objections that the decision raises, each with its findings' citations and remedy."""
    findings = case.assessment.findings if case.assessment else ()
    raised: dict[str, list[FindingRecord]] = {}
    for finding in findings:
        if finding.ground in decision.grounds and finding.outcome != "clear":
            raised.setdefault(finding.ground, []).append(finding)
    return tuple(_objection(work, case, ground, raised[ground]) for ground in decision.grounds if ground in raised)


def _objection(work: Work, case: Case, ground: str, findings: list[FindingRecord]) -> Objection:
    first = findings[0]
    return Objection(
        ground=ground,
        title=first.title,
        cites=tuple(dict.fromkeys(cite for finding in findings for cite in finding.cite)),
        paragraphs=_paragraphs(work, first.letter or "objection_general", case.language, _fields(work, case)),
        remedy=first.remedy,
    )


def _paragraphs(work: Work, name: str, language: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    text = work.letters.text(name, language)
    for field, value in fields.items():
        text = text.replace("{" + field + "}", value)
    return tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n") if paragraph.strip())


def _fields(work: Work, case: Case) -> dict[str, str]:
    return {
        "our_name": work.house.name,
        "reference": case.reference,
        "requester": case.requester.name,
        "organisation": case.requester.organisation or case.requester.name,
        "title": case.title,
        "received_on": case.received_at.astimezone(ZoneInfo(case.zone)).date().isoformat(),
    }


def _cover(work: Work, source: Source) -> tuple[str, ...]:
    case, production = source.case, source.production
    name = "cover_legal_demand" if case.track is Track.LEGAL_DEMAND else "cover_access_request"
    fields = {
        **_fields(work, case),
        "recordings": str(len(production.items)),
        "record_sets": str(len(production.record_sets)),
        "bates_first": _bates(work, production.bates_first),
        "bates_last": _bates(work, production.bates_last),
    }
    return _paragraphs(work, name, case.language, fields)


def _legal_basis(case: Case, decision: Decision) -> tuple[LegalBasis, ...]:
    by_line = {line.line: line for line in decision.lines}
    basis = _authority(case)
    rows: dict[str, LegalBasis] = {}
    for line in case.lines:
        decided = by_line[line.id]
        did = "Not produced" if decided.scope is None else "Produced as described"
        if decided.scope is not None and decided.scope == line.scope:
            did = "Produced in full"
        rows[line.data_class] = LegalBasis(data_class=_title(line.data_class), basis=basis, disposition=did)
    return tuple(rows.values())


def _authority(case: Case) -> str:
    process = str(case.facts.get("process") or case.facts.get("right") or "request").replace("_", " ")
    return f"{process.capitalize()}, received {case.received_at.astimezone(ZoneInfo(case.zone)).date().isoformat()}"


def _exhibits(source: Source, decision: Decision, open_spooled: Open) -> Iterator[Exhibit]:
    classes = classes_decided(decision.lines)
    missing = {each.bates for each in source.production.discrepancies}
    for item in source.production.items:
        if item.bates not in missing:
            yield _exhibit(source, item, classes, open_spooled)


def _exhibit(source: Source, item: Item, classes: frozenset[str], open_spooled: Open) -> Exhibit:
    recording = source.recordings[item.recording]
    own = source.case.track is Track.DATA_SUBJECT
    words = WORDS in classes
    whole = Exhibit(
        bates=item.bates,
        filename=item.bates + SUFFIX.get(recording.media_type, ".bin"),
        media_type=recording.media_type,
        size=recording.size,
        sha256=recording.sha256,
        recorded_at=recording.recorded_at,
        zone=recording.zone,
        device=source.devices.get(recording.device, recording.device),
        account=recording.account,
        version_id=recording.version_id,
        seconds=None,
        peaks=(),
        transcript=recording.transcript if words else "",
        speakers=tuple(SpeakerSpan(start=s.start, end=s.end, label=s.label) for s in recording.speakers or ())
        if words
        else (),
        reviews=tuple(ReviewNote(on=r.at, purpose=r.purpose, role=r.role) for r in recording.reviews) if own else (),
        false_wake=recording.false_wake and own,
        custody=_custody(recording, source.production),
        open=lambda: open_spooled(recording.sha256),
    )
    return _with_sound(whole) if SOUND in classes else _words_only(whole)


def _with_sound(exhibit: Exhibit) -> Exhibit:
    from dataclasses import replace  # noqa: PLC0415

    sound = peaks(exhibit.open, exhibit.media_type)
    return replace(exhibit, seconds=sound.seconds, peaks=sound.peaks) if isinstance(sound, Sound) else exhibit


def _words_only(exhibit: Exhibit) -> Exhibit:
    """An exhibit of a transcript whose sound stays with us."""
    from dataclasses import replace  # noqa: PLC0415
    from hashlib import sha256  # noqa: PLC0415

    data = exhibit.transcript.encode()
    return replace(
        exhibit,
        filename=f"{exhibit.bates}.txt",
        media_type="text/plain",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        open=lambda: iter((data,)),
    )


def _custody(recording: Recording, production: Production) -> tuple[CustodyStep, ...]:
    steps = [CustodyStep(at=recording.recorded_at, actor="Device", event="Recorded, stored and catalogued with its digest")]
    if production.gathered_at is not None:
        event = f"Read from the store (version {recording.version_id}); length and SHA-256 as catalogued"
        steps.append(CustodyStep(at=production.gathered_at, actor="Disclosure Desk", event=event))
    if production.certificate is not None:
        sign_off = production.certificate
        steps.append(CustodyStep(at=sign_off.at, actor=sign_off.custodian_name, event="Certified by the custodian"))
    return tuple(steps)


def _record_set(item: RecordSetItem) -> RecordSet:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(item.columns)
    writer.writerows(item.rows)
    data = buffer.getvalue().encode()
    from hashlib import sha256  # noqa: PLC0415

    return RecordSet(
        bates=item.bates,
        filename=f"{item.bates}-{item.data_class}.csv",
        title=_title(item.data_class),
        data_class=item.data_class,
        source=item.source,
        columns=item.columns,
        rows=item.rows,
        csv=data,
        sha256=sha256(data).hexdigest(),
    )


def _withheld(case: Case, production: Production, decision: Decision) -> tuple[WithheldGroup, ...]:
    by_ground = Counter(ground for _, ground in production.withheld)
    groups = [
        WithheldGroup(what="Recordings", ground=ground, reason=_reason(case, ground), count=count)
        for ground, count in sorted(by_ground.items())
    ]
    decided = {line.line: line for line in decision.lines}
    for line in case.lines:
        if decided[line.id].scope != line.scope:
            grounds = [g for record in (case.assessment.lines if case.assessment else ()) if record.line.id == line.id for g in record.grounds]
            ground = next((g for g in grounds if g in decision.grounds), "")
            what = f"{_title(line.data_class)}: " + ("all" if decided[line.id].scope is None else "the part outside what is produced")
            groups.append(WithheldGroup(what=what, ground=ground, reason=_reason(case, ground), count=None))
    return tuple(groups)


def _reason(case: Case, ground: str) -> str:
    findings = case.assessment.findings if case.assessment else ()
    return next((finding.title for finding in findings if finding.ground == ground), "Not produced under our decision")


def _certificate(case: Case, production: Production) -> Certificate:
    sign_off = production.certificate
    if sign_off is None:
        raise Conflict("The custodian has not signed off this production.")
    legal = case.track is Track.LEGAL_DEMAND
    return Certificate(
        title="Certificate of authenticity" if legal else "Certificate of completeness",
        paragraphs=sign_off.paragraphs,
        custodian_name=sign_off.custodian_name,
        custodian_role="Custodian of records",
        signed_off_at=sign_off.at,
        place=sign_off.place,
    )


def _decided(case: Case) -> Decision:
    if case.decision is None:
        raise Conflict("This case has no decision that stands.")
    return case.decision


def _sealed(production: Production) -> datetime:
    if production.sealed_at is None:
        raise Conflict("Sealing has not begun.")
    return production.sealed_at


def _bates(work: Work, number: int) -> str:
    return f"{work.house.bates_prefix}-{number:09d}" if number else ""


def _title(data_class: str) -> str:
    return TITLES.get(data_class, data_class.replace("_", " ").capitalize())
