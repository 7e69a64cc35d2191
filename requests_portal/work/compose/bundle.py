"""The bundle of a certified production, and the certificate's words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from legal_rules.scope import DemandLine, Every, Scope
from requests_portal.bundle.contents import (
    BundleContents,
    Certificate,
    Discrepancy,
    Exhibit,
    LegalBasis,
    WithheldGroup,
)
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import SYSTEM, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import Decision
from requests_portal.model.production import Production
from requests_portal.model.recording import Recording
from requests_portal.work.compose.exhibits import Open, exhibit, record_set
from requests_portal.work.compose.letter import decided, recipient, standing_objections, subject
from requests_portal.work.compose.objections import UNTOLD, reason
from requests_portal.work.compose.paper import paper
from requests_portal.work.compose.silenced import silenced_sentences
from requests_portal.work.compose.wording import (
    bates,
    bates_range,
    counted,
    day_of,
    days,
    fields,
    listed,
    opened,
    paragraphs,
    process,
    scopes,
    title,
)
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS, count

NUMBERED = re.compile(r"\d+\. ")


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
    """Everything that the bundle prints and embeds."""
    case, production = source.case, source.production
    decision = decided(case)
    return BundleContents(
        reference=case.reference,
        production=production.number,
        volume=1,
        volumes=1,
        supplements=production.supplements or None,
        kind="authority" if case.track is Track.LEGAL_DEMAND else "customer",
        language=case.language,
        recipient=recipient(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        letter=_cover(work, case, production, decision),
        legal_basis=tuple(_legal_basis(case, production, decision)),
        objections=standing_objections(work, case),
        record_sets=tuple(record_set(item) for item in production.record_sets),
        exhibits=tuple(_exhibits(source, open_spooled)),
        withheld=(*_withheld_recordings(work, case, production), *_withheld_lines(work, case, decision)),
        discrepancies=_discrepancies(production),
        certificate=_certificate(production),
        book_digest=case.assessment.book if case.assessment else "",
        verify_url=work.house.verify_url,
        bates_first=bates(work, production.bates_first),
        bates_last=bates(work, production.bates_last),
        made_at=_sealed_at(production),
        document_id=production.document_id,
        paper=paper(case),
    )


def certificate_paragraphs(work: Work, case: Case, production: Production, *, by: Actor) -> tuple[str, ...]:
    """The words that this custodian signs off; what is missing or changed is said in them."""
    name = "certificate" if case.track is Track.LEGAL_DEMAND else "certificate_data_subject"
    said = {**_production_fields(work, case, production), "custodian": by.name, "signed_on": day_of(work.now(), case)}
    words = paragraphs(work, name, case.language, said)
    stated = max((place for place, each in enumerate(words, start=1) if NUMBERED.match(each)), default=len(words))
    found = (*silenced_sentences(production), *(each.sentence for each in production.discrepancies))
    return (*words[:stated], *found, *words[stated:])


def _production_fields(work: Work, case: Case, production: Production) -> dict[str, str]:
    return {**fields(work, case), "counted": counted(production), "bates": bates_range(work, production)}


def _cover(work: Work, case: Case, production: Production, decision: Decision) -> tuple[str, ...]:
    name = "cover_legal_demand" if case.track is Track.LEGAL_DEMAND else "cover_access_request"
    said = {
        **_production_fields(work, case, production),
        "proposed": scopes((line.scope for line in decision.lines), case),
    }
    cover = paragraphs(work, name, case.language, said)
    # GDPR Art. 15(1), UK GDPR Art. 15(1), Cal. Civ. Code § 1798.110(a): the copy comes with what is done with the data.
    if case.facts.get("right") == "access":
        return (*cover, *paragraphs(work, "access_information", case.language, said))
    return cover


def _legal_basis(case: Case, production: Production, decision: Decision) -> Iterator[LegalBasis]:
    scope_of = {line.line: line.scope for line in decision.lines}
    basis = f"{opened(process(case).removeprefix('the '))}, received on {day_of(case.received_at, case)}"
    for line in case.lines:
        given = scope_of[line.id]
        did = "Produced in full" if given == line.scope else f"Produced: {scopes([given], case)}"
        yield LegalBasis(
            data_class=title(line.data_class),
            basis=basis,
            disposition="Not produced" if given is None else f"{did}{_but(line.data_class, production)}",
        )


def _but(data_class: str, production: Production) -> str:
    """What of a class is not here although it is produced."""
    if data_class not in OF_RECORDINGS:
        return ""
    held, differ = len(production.withheld), len({each.bates for each in production.discrepancies})
    parts = [f"{number:,} {word}" for number, word in ((held, "held back"), (differ, "not as catalogued")) if number]
    return f", but for {listed(parts)}" if parts else ""


def _exhibits(source: Source, open_spooled: Open) -> Iterator[Exhibit]:
    missing = {each.bates for each in source.production.discrepancies}
    for item in source.production.items:
        if item.bates not in missing:
            yield exhibit(
                source.case,
                source.production,
                item,
                source.recordings[item.recording],
                devices=source.devices,
                classes=frozenset(item.classes),
                open_spooled=open_spooled,
            )


def _withheld_recordings(work: Work, case: Case, production: Production) -> Iterator[WithheldGroup]:
    by_ground: dict[str, list[str]] = {}
    for recording, ground in production.withheld:
        by_ground.setdefault(ground, []).append(recording)
    for ground, held in sorted(by_ground.items()):
        made = tuple(_made(work, held))
        what = f"{'Recording' if len(held) == 1 else 'Recordings'}{f' of {days(made, case)}' if made else ''}"
        yield WithheldGroup(what=what, ground=ground, reason=reason(case, ground), count=len(held))


def _made(work: Work, recordings: Iterable[str]) -> Iterator[datetime]:
    """When these recordings were made; one that its owner has erased since has no day any more."""
    for each in recordings:
        with suppress(NotFound):
            yield work.catalogue.get(each, by=SYSTEM).recorded_at


def _withheld_lines(work: Work, case: Case, decision: Decision) -> Iterator[WithheldGroup]:
    given = {line.line: line.scope for line in decision.lines}
    for record in case.assessment.lines if case.assessment else ():
        line = record.line
        # What may not be told is not listed as withheld either: the entry itself would tell it.
        if given[line.id] != line.scope and UNTOLD.isdisjoint(record.grounds):
            ground = next((ground for ground in record.grounds if ground in decision.grounds), "")
            yield WithheldGroup(
                what=f"{title(line.data_class)}{_part(line.scope, given[line.id])}",
                ground=ground,
                reason=reason(case, ground),
                count=_outside(work, line, given[line.id]),
            )


def _part(demanded: Scope, given: Scope | None) -> str:
    if given is None:
        return ""
    return " outside the period produced" if given.interval != demanded.interval else " beyond those produced"


def _outside(work: Work, line: DemandLine, given: Scope | None) -> int | None:
    """How many recordings were demanded and do not leave; of everybody's, and of other records, nobody counts them."""
    if line.data_class not in OF_RECORDINGS or isinstance(line.scope.accounts, Every):
        return None
    return count(work, line.scope) - (count(work, given) if given else 0)


def _discrepancies(production: Production) -> tuple[Discrepancy, ...]:
    return tuple(
        Discrepancy(bates=each.bates, recording=each.recording, kind=each.kind, sentence=each.sentence)
        for each in production.discrepancies
    )


def _certificate(production: Production) -> Certificate:
    sign_off = production.certificate
    if sign_off is None:
        raise Conflict("The custodian has not signed off this production.")
    # The page itself sets the heading above the words, and the custodian's name under them.
    heading, *stated = sign_off.paragraphs
    return Certificate(
        title=heading.capitalize(),
        paragraphs=tuple(each for each in stated if each != sign_off.custodian_name),
        custodian_name=sign_off.custodian_name,
        custodian_role="Custodian of records",
        signed_off_at=sign_off.at,
        place=sign_off.place,
    )


def _sealed_at(production: Production) -> datetime:
    if production.sealed_at is None:
        raise Conflict("Sealing has not begun.")
    return production.sealed_at
