"""The bundle of a certified production, and the certificate's words."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import overload
from zoneinfo import ZoneInfo

from legal_rules.scope import DemandLine, Every, Scope
from requests_portal.bundle.contents import (
    BundleContents,
    Certificate,
    Discrepancy,
    Elsewhere,
    Exhibit,
    Heard,
    HumanReview,
    LegalBasis,
    LetterPart,
    WithheldGroup,
)
from requests_portal.bundle.words import words_for
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import SYSTEM, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import Decision
from requests_portal.model.production import Discrepancy as Found
from requests_portal.model.production import Item, Production
from requests_portal.model.recording import Recording
from requests_portal.model.volume import Volume
from requests_portal.work.compose.addressee import as_addressed
from requests_portal.work.compose.certifying import BY_POLICY, declaration, signed_off_by, statement
from requests_portal.work.compose.exhibits import Open, exhibit, heard_note, record_set
from requests_portal.work.compose.language import FALLBACK, in_one_language, phrases
from requests_portal.work.compose.letter import (
    InParts,
    decided,
    in_parts,
    information_text,
    recipient,
    standing_objections,
    subject,
)
from requests_portal.work.compose.objections import UNTOLD, reason
from requests_portal.work.compose.paper import paper
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.compose.silenced import silenced_groups, silenced_items, silenced_sentences
from requests_portal.work.compose.source import Source
from requests_portal.work.compose.volumes import document_id, ranges
from requests_portal.work.compose.wording import (
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


def bundle_contents(work: Work, source: Source, *, open_spooled: Open, volume: int = 1) -> BundleContents:
    """Everything that one volume of the bundle prints and embeds; all of it where there is but one."""
    production = source.production
    case = spoken(work, as_addressed(work, source.case), production)
    spoken_source = replace(source, case=case)
    volumes = production.in_volumes
    here = volumes[volume - 1]
    numbers = ranges(production, here)
    decision = decided(case)
    letter, parts = _cover(work, case, production, decision)
    return BundleContents(
        reference=case.reference,
        production=production.number,
        volume=volume,
        volumes=len(volumes),
        supplements=_named(work, case, production.supplements),
        replaces=_named(work, case, production.replaces),
        kind="authority" if case.track is Track.LEGAL_DEMAND else "customer",
        language=case.language,
        recipient=recipient(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        letter=letter,
        letter_parts=parts,
        information=_information(work, case, production),
        human_review=_human_review(spoken_source),
        legal_basis=tuple(_legal_basis(case, production, decision)),
        objections=standing_objections(work, case),
        record_sets=tuple(record_set(item, phrases(case)) for item in production.record_sets) if volume == 1 else (),
        exhibits=_Exhibits(spoken_source, here, open_spooled),
        elsewhere=_Others(spoken_source, volumes[1:] if volume == 1 else (), open_spooled),
        ranges=numbers,
        withheld=(
            *_withheld_recordings(work, case, production),
            *silenced_groups(case, production, source.recordings, phrases(case)),
            *_withheld_lines(work, case, decision),
        ),
        discrepancies=_discrepancies(case, production),
        certificate=_certificate(production, phrases(case)),
        book_digest=case.assessment.book if case.assessment else "",
        verify_url=work.house.verify_url,
        bates_first=numbers[0][0] if numbers else "",
        bates_last=numbers[0][1] if numbers else "",
        made_at=_sealed_at(production).astimezone(ZoneInfo(case.zone)),
        document_id=production.document_id if volume == 1 else document_id(production, f"volume {volume}"),
        paper=paper(case),
    )


def spoken(work: Work, case: Case, production: Production) -> Case:
    """Return the case in the language in which all of its bundle can be said, the certificate with it."""

    def say_all(told: Case) -> Case:
        decision = decided(told)
        subject(told)
        _cover(work, told, production, decision)
        _information(work, told, production)
        for text in _statements(told, decision):
            _certificate_words(work, told, production, text, by_name="")
        list(_legal_basis(told, production, decision))
        standing_objections(work, told)
        list(_withheld_recordings(work, told, production))
        list(_withheld_lines(work, told, decision))
        [title(item.data_class, phrases(told)) for item in production.record_sets]
        return told

    return in_one_language(case, say_all)


def certificate_paragraphs(work: Work, case: Case, production: Production, *, by: Actor) -> tuple[str, ...]:
    """The words that this custodian signs off; what is missing or changed is said in them."""
    text = BY_POLICY if by.is_policy else statement(case)
    return _certificate_words(work, spoken(work, case, production), production, text, by_name=by.name)


def _statements(case: Case, decision: Decision) -> tuple[str, ...]:
    """The texts of which one is certified: what a policy decided may still be certified by a person."""
    return (statement(case), BY_POLICY) if decision.policy else (statement(case),)


def _certificate_words(work: Work, case: Case, production: Production, text: str, *, by_name: str) -> tuple[str, ...]:
    said = {
        **_production_fields(work, case, production),
        **_policy_fields(work, case),
        "custodian": by_name,
        "signed_on": day_of(work.now(), case),
        "declaration": " ".join(paragraphs(work, declaration(work.house), case.language, {})),
    }
    words = paragraphs(work, text, case.language, said)
    stated = max((place for place, each in enumerate(words, start=1) if NUMBERED.match(each)), default=len(words))
    found = (
        *silenced_sentences(production, phrases(case)),
        *(_difference(case, each) for each in production.discrepancies),
    )
    return (*words[:stated], *found, *words[stated:])


def _production_fields(work: Work, case: Case, production: Production) -> dict[str, str]:
    say = phrases(case)
    return {
        **fields(work, case),
        "counted": counted(production, say),
        "bates": bates_range(work, production, say),
    }


def _policy_fields(work: Work, case: Case) -> dict[str, str]:
    under = case.decision.policy if case.decision else None
    if under is None:
        return {}
    adoption, say = work.standing_policies.numbered(under.number), phrases(case)
    return {
        "policy": say.number(under.number),
        "adopted_by": listed([each.by_name for each in adoption.signatures], say),
        "adopted_on": day_of(adoption.adopted_at or adoption.proposed.at, case),
    }


def _cover(work: Work, case: Case, production: Production, decision: Decision) -> InParts:
    name = "cover_legal_demand" if case.track is Track.LEGAL_DEMAND else "cover_access_request"
    said = {
        **_production_fields(work, case, production),
        "proposed": scopes((line.scope for line in decision.lines), case),
        "link_days": phrases(case).number(work.house.link_days),
    }
    return in_parts(paragraphs(work, name, case.language, said))


def _information(work: Work, case: Case, production: Production) -> tuple[LetterPart, ...]:
    """What is done with a person's data, where they asked for access to them."""
    # GDPR Art. 15(1), UK GDPR Art. 15(1), Cal. Civ. Code § 1798.110(a): the copy comes with what is done with the data.
    if case.facts.get("right") != "access":
        return ()
    said = _production_fields(work, case, production)
    opening, parts = in_parts(paragraphs(work, information_text(case), case.language, said))
    return (LetterPart(name="information", heading="", paragraphs=opening), *parts) if opening else parts


def _human_review(source: Source) -> HumanReview | None:
    """Who of ours listened to what, in their role: CJEU C-579/21 gives a person dates and purposes, but no names."""
    case, production = source.case, source.production
    if case.track is not Track.DATA_SUBJECT:
        return None
    if case.is_by_person_heard and not source.heard:
        # That nobody listened is not ours to say: what others' requests made us hear is not told here.
        return None
    stays = dict.fromkeys((recording for recording, _ in production.withheld), "")
    numbers = stays | {item.recording: item.bates for item in production.items}
    heard = (
        Heard(
            bates=numbers[each.recording],
            recorded_on=each.recorded_at.astimezone(ZoneInfo(each.zone)).date(),
            note=heard_note(each, phrases(case)),
        )
        for each in reversed(source.heard)
        if each.recording in numbers
    )
    return HumanReview(heard=tuple(heard))


def _legal_basis(case: Case, production: Production, decision: Decision) -> Iterator[LegalBasis]:
    say = phrases(case)
    scope_of = {line.line: line.scope for line in decision.lines}
    basis = say["received_basis"].format(opened(process(case).removeprefix("the ")), day_of(case.received_at, case))
    for line in case.lines:
        given = scope_of[line.id]
        if case.is_by_person_heard:
            # How it stands with the rest of the account is not said.
            did = say["produced_of_them_alone"]
        else:
            did = say["produced_in_full"] if given == line.scope else say["produced"].format(scopes([given], case))
        yield LegalBasis(
            data_class=title(line.data_class, say),
            basis=basis,
            disposition=say["not_produced"] if given is None else _but(did, line.data_class, production, say),
        )


def _but(did: str, data_class: str, production: Production, say: Phrases) -> str:
    """What was produced of a class, but for what of it is not here."""
    if data_class not in OF_RECORDINGS:
        return did
    held, differ = len(production.withheld), len({each.bates for each in production.discrepancies})
    silenced = len(silenced_items(production))
    numbers = ((held, "held_back"), (silenced, "silenced_in_part"), (differ, "not_as_catalogued"))
    parts = [say[word].format(say.number(number)) for number, word in numbers if number]
    return say["but_for"].format(did, listed(parts, say)) if parts else did


def _named(work: Work, case: Case, earlier: str) -> str | None:
    """An earlier production by its number and its Bates range; None where there is none."""
    if not earlier:
        return None
    old = work.productions.get(earlier)
    return f"{words_for(case.language)['production']} {old.number} ({bates_range(work, old, phrases(case))})"


def _enclosed(production: Production, volume: Volume) -> list[Item]:
    """The items of a volume that are there to be enclosed."""
    missing = {each.bates for each in production.discrepancies}
    return [item for item in production.items[volume.start : volume.end] if item.bates not in missing]


def _exhibits(source: Source, volume: Volume, open_spooled: Open, *, drawn: bool = True) -> Iterator[Exhibit]:
    def made(item: Item, recording: Recording) -> Exhibit:
        return exhibit(source, item, recording, open_spooled=open_spooled, drawn=drawn)

    items = _enclosed(source.production, volume)
    # The catalogue is read in this thread alone.
    recordings = (source.recordings[item.recording] for item in items)
    if not drawn:
        yield from map(made, items, recordings)
        return
    # Decoding lets other threads run: one for each processor.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(made, items, recordings)


class _Exhibits(Sequence[Exhibit]):
    """What one volume embeds, made when it is first looked at: no transaction is open while sound is decoded."""

    def __init__(self, source: Source, volume: Volume, open_spooled: Open) -> None:
        self._source = source
        self._volume = volume
        self._open_spooled = open_spooled

    @cached_property
    def _made(self) -> tuple[Exhibit, ...]:
        return tuple(_exhibits(self._source, self._volume, self._open_spooled))

    def __len__(self) -> int:
        return len(_enclosed(self._source.production, self._volume))

    @overload
    def __getitem__(self, place: int) -> Exhibit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Exhibit]: ...
    def __getitem__(self, place: int | slice) -> Exhibit | Sequence[Exhibit]:
        return self._made[place]

    def __iter__(self) -> Iterator[Exhibit]:
        return iter(self._made)


class _Others(Collection[Elsewhere]):
    """What the other volumes embed, made anew each time it is gone through: the whole manifest is never in memory."""

    def __init__(self, source: Source, volumes: Sequence[Volume], open_spooled: Open) -> None:
        self._source = source
        self._volumes = volumes
        self._open_spooled = open_spooled

    def __iter__(self) -> Iterator[Elsewhere]:
        for volume in self._volumes:
            for each in _exhibits(self._source, volume, self._open_spooled, drawn=False):
                yield Elsewhere(volume=volume.number, exhibit=each)

    def __len__(self) -> int:
        return sum(len(_enclosed(self._source.production, each)) for each in self._volumes)

    def __contains__(self, each: object) -> bool:
        return any(other == each for other in self)


def _withheld_recordings(work: Work, case: Case, production: Production) -> Iterator[WithheldGroup]:
    say = phrases(case)
    by_ground: dict[str, list[str]] = {}
    for recording, ground in production.withheld:
        by_ground.setdefault(ground, []).append(recording)
    for ground, held in sorted(by_ground.items()):
        made = tuple(_made(work, held))
        what = say["a_recording" if len(held) == 1 else "the_recordings"]
        if made:
            what = say["made_on"].format(what, days(made, case))
        yield WithheldGroup(what=what, ground=ground, reason=reason(case, ground), count=len(held))


def _made(work: Work, recordings: Iterable[str]) -> Iterator[datetime]:
    """When these recordings were made, as far as the catalogue still has them."""
    for each in recordings:
        # Of one that its owner has erased since nothing is known any more.
        with suppress(NotFound):
            yield work.catalogue.get(each, by=SYSTEM).recorded_at


def _withheld_lines(work: Work, case: Case, decision: Decision) -> Iterator[WithheldGroup]:
    say = phrases(case)
    given = {line.line: line.scope for line in decision.lines}
    for record in case.assessment.lines if case.assessment else ():
        line = record.line
        # What may not be told is not listed as withheld either: the entry itself would tell it.
        if given[line.id] != line.scope and UNTOLD.isdisjoint(record.grounds):
            ground = next((ground for ground in record.grounds if ground in decision.grounds), "")
            yield WithheldGroup(
                what=_part(title(line.data_class, say), line.scope, given[line.id], say),
                ground=ground,
                reason=reason(case, ground),
                count=_outside(work, case, line, given[line.id]),
            )


def _part(what: str, demanded: Scope, given: Scope | None, say: Phrases) -> str:
    if given is None:
        return what
    return say["outside_period" if given.interval != demanded.interval else "beyond_produced"].format(what)


def _outside(work: Work, case: Case, line: DemandLine, given: Scope | None) -> int | None:
    """How many recordings were demanded and do not leave; of everybody's, and of other records, nobody counts them."""
    if line.data_class not in OF_RECORDINGS or isinstance(line.scope.accounts, Every) or case.is_by_person_heard:
        return None
    return count(work, case, line.scope) - (count(work, case, given) if given else 0)


def _discrepancies(case: Case, production: Production) -> tuple[Discrepancy, ...]:
    return tuple(
        Discrepancy(bates=each.bates, recording=each.recording, kind=each.kind, sentence=_difference(case, each))
        for each in production.discrepancies
    )


def _difference(case: Case, found: Found) -> str:
    """What was found of a recording, in the words of the day, or translated."""
    return found.sentence if case.language == FALLBACK else phrases(case)[found.kind].format(found.bates)


def _certificate(production: Production, say: Phrases) -> Certificate:
    sign_off = production.certificate
    if sign_off is None:
        raise Conflict("The custodian has not signed off this production.")
    # The page itself sets the heading above the words, and the custodian's name under them.
    heading, *stated = sign_off.paragraphs
    return Certificate(
        title=heading.capitalize() if heading.isupper() else heading,
        paragraphs=tuple(each for each in stated if each != sign_off.custodian_name),
        custodian_name=signed_off_by(sign_off, say),
        custodian_role=say["by_policy" if sign_off.policy else "custodian"],
        signed_off_at=sign_off.at,
        place=sign_off.place,
    )


def _sealed_at(production: Production) -> datetime:
    if production.sealed_at is None:
        raise Conflict("Sealing has not begun.")
    return production.sealed_at
