"""Produce: numbers are reserved, what is gathered is recorded, the custodian certifies, the signature is recorded."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.digest import digest_of
from requests_portal.model.production import (
    PRODUCTION_MOVES,
    CertificateSignOff,
    Derived,
    Discrepancy,
    DocumentDue,
    DocumentKind,
    Gathered,
    Item,
    Production,
    ProductionKind,
    ProductionState,
    RecordSetItem,
    SignedDocument,
)
from requests_portal.model.silence import by_recording
from requests_portal.model.volume import Limits
from requests_portal.work.belongs import must_be_theirs
from requests_portal.work.certified import certified_digest
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.compose.bundle import spoken
from requests_portal.work.compose.language import asked_for
from requests_portal.work.ports import Work
from requests_portal.work.selection import Matched, match
from requests_portal.work.standing import MovedOn, still_covers
from requests_portal.work.volumes import volumes_of

LIMITS = Limits()
MAY_FAIL = frozenset(state for state, moves in PRODUCTION_MOVES.items() if ProductionState.FAILED in moves)


def reserve(work: Work, case: Case, *, by: Actor) -> Case:
    """Reserve a production of exactly what was decided, with its Bates numbers, and start the durable work."""
    lines = case.decision.lines if case.decision else ()
    return reserve_matched(work, case, match(work, case, lines), by=by)


def reserve_matched(work: Work, case: Case, matched: Matched, *, by: Actor) -> Case:
    """The same of what was found to match a moment ago: while that is sought, nobody else can write."""
    if not case.is_cleared or case.decision is None:
        raise Conflict("This case is not cleared: it needs a decision, and an approval where house policy says so.")
    begin(work, case, new_production(work, case, matched), by=by)
    return case


def begin(work: Work, case: Case, production: Production, *, by: Actor) -> None:
    """Keep a production that was just reserved, and start the durable work."""
    work.productions.add(production)
    work.audit.add(
        "production_reserved",
        by=by,
        case=case.id,
        subjects={"decision": case.decision.digest, "selection": case.decision.selection.digest}
        if case.decision
        else {},
        numbers={
            "production": production.number,
            "bates_first": production.bates_first,
            "bates_last": production.bates_last,
            "recordings": len(production.items),
            "record_sets": len(production.record_sets),
        },
        words={"kind": str(production.kind)},
    )
    work.queue.enqueue("produce", production.id)


def begin_gathering(work: Work, production_id: str) -> None:
    """Record that gathering starts, or starts again after a crash or for a store that was away; else leave it be."""
    production = work.productions.get(production_id)
    if production.state is ProductionState.CANCELLED:
        return
    if production.state is ProductionState.FAILED and not _is_tried_again(work, production):
        return
    if production.state is not ProductionState.GATHERING:
        work.audit.add(
            "gathering_started", by=SYSTEM, case=production.case, numbers={"recordings": len(production.items)}
        )
    work.productions.put(production.moved(ProductionState.GATHERING, failure="", certificate=None, next_try_at=None))


def _is_tried_again(work: Work, production: Production) -> bool:
    """Whether what stopped for an absent store goes on now: not before its time, nor once its decision fell."""
    if production.next_try_at is None:
        return False
    early = production.next_try_at - work.now()
    if early > timedelta(0):
        # The clock of this machine is behind that of the one which set the time.
        work.queue.enqueue("produce", production.id, after=early)
        return False
    try:
        still_covers(work, work.cases.get(production.case, by=SYSTEM), production)
    except MovedOn as moved:
        work.productions.put(replace(production, failure=moved.sentence, waiting_since=None, next_try_at=None))
        work.audit.add("production_failed", by=SYSTEM, case=production.case, numbers={"production": production.number})
        return False
    return True


def read_record_sets(work: Work, production_id: str) -> tuple[RecordSetItem, ...]:
    """The record sets of a production as their sources give them now; raises Away where one does not answer."""
    return tuple(_read(work, item) for item in work.productions.get(production_id).record_sets)


def keep_record_sets(work: Work, production_id: str, sets: tuple[RecordSetItem, ...]) -> None:
    """Keep what the sources gave; a production that is no longer being gathered stays as it is."""
    production = work.productions.get(production_id)
    if sets and production.state is ProductionState.GATHERING:
        work.productions.put(replace(production, record_sets=sets))


def record_gathered(work: Work, production_id: str, found: Sequence[Gathered]) -> None:
    """Record what gathering found, and hand the production to the custodian.

    What gathering made is with the items already.
    """
    production = work.productions.get(production_id)
    discrepancies = [each for part in found for each in part.discrepancies]
    _refuse_unmade(production.items, discrepancies)
    sets = tuple(item if item.sha256 else _read(work, item) for item in production.record_sets)
    # The split is fixed before anything is written, so that every rerun of sealing agrees on it.
    volumes, too_large = volumes_of(work, replace(production, record_sets=sets), discrepancies, LIMITS)
    gathered = production.moved(
        ProductionState.GATHERED,
        record_sets=sets,
        discrepancies=tuple(sorted((*discrepancies, *too_large), key=lambda each: each.bates)),
        volumes=volumes,
        gathered_at=work.now(),
        waiting_since=None,
    )
    kept = work.productions.put(gathered)
    work.audit.add(
        "gathering_finished",
        by=SYSTEM,
        case=production.case,
        subjects={f"record_set_{n}": each.sha256 for n, each in enumerate(sets, start=1)}
        | {f"record_set_{n}_origin": each.origin for n, each in enumerate(sets, start=1) if each.origin},
        numbers={
            "recordings": len(production.items),
            "discrepancies": len(gathered.discrepancies),
            "silenced": sum(item.produced is not None for item in production.items),
            "listening_copies": sum(item.listening is not None for item in production.items),
            "volumes": len(volumes),
        },
    )
    if not production.needs_certificate:
        work.productions.put(kept.moved(ProductionState.CERTIFIED))
        work.queue.enqueue("seal", production.id)


def certify(
    work: Work, production_id: str, *, paragraphs: Sequence[str], pages: Sequence[str], digest: str, by: Actor
) -> Production:
    """The custodian signs off these words and pages about these items, or a policy words alone; sealing starts."""
    by = by.must(Act.CERTIFY)
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=by)
    still_covers(work, case, production)
    if digest != certified_digest(production):
        raise Conflict("The production changed since you opened the certificate. Read it again before you sign off.")
    sign_off = CertificateSignOff(
        paragraphs=tuple(paragraphs),
        custodian=by.id,
        custodian_name=by.name,
        place=work.house.place,
        at=work.now(),
        digest=digest,
        pages=tuple(pages),
        policy=case.decision.policy if by.is_policy and case.decision else None,
    )
    work.audit.add(
        "certificate_signed_off",
        by=by,
        case=production.case,
        subjects={
            "items": digest,
            "words": digest_of(list(paragraphs)),
            **{f"pages_{number}": each for number, each in enumerate(pages, start=1)},
        },
        words={"language_asked": asked_for(case), "language": spoken(work, case, production).language},
    )
    certified = work.productions.put(production.moved(ProductionState.CERTIFIED, certificate=sign_off))
    work.queue.enqueue("seal", production.id)
    return certified


def begin_sealing(work: Work, production_id: str) -> None:
    """Write down what is about to be signed, and its fixed time, before the key is touched; refuse what was voided."""
    production = work.productions.get(production_id)
    if production.state is ProductionState.SEALING:
        return
    if production.next_try_at is not None and work.now() < production.next_try_at:
        return  # an earlier attempt that somebody has overtaken
    sealing = production.moved(ProductionState.SEALING, sealed_at=work.now())
    case = work.cases.get(production.case, by=SYSTEM)
    still_covers(work, case, production)
    must_be_theirs(work, case, production)
    work.productions.put(sealing)
    work.audit.add(
        "signing_intended",
        by=SYSTEM,
        case=production.case,
        subjects={"items": certified_digest(production)},
        numbers={"production": production.number},
    )


def record_signed(
    work: Work, production_id: str, signed: Sequence[SignedDocument], seconds: Sequence[tuple[str, float]]
) -> None:
    """Record the signatures of a production (I3: each at most once) and offer it for release."""
    production = work.productions.get(production_id)
    must_be_theirs(work, work.cases.get(production.case, by=SYSTEM), production)
    for document in signed:
        work.productions.record_document(document)
        work.audit.add(
            "document_signed",
            by=SYSTEM,
            case=production.case,
            subjects={"document": document.sha256},
            numbers={"volume": document.volume, "pages": document.pages, "bytes": document.size},
            words={"kind": str(document.kind), "level": "b_t" if document.timestamped else "b_b"},
        )
    done = production.moved(
        ProductionState.SIGNED,
        seconds=(*production.seconds, *seconds),
        failure="",
        waiting_since=None,
        next_try_at=None,
    )
    work.productions.put(work.productions.put(done).moved(ProductionState.OFFERED))
    work.audit.add("production_offered", by=SYSTEM, case=production.case, numbers={"production": production.number})
    work.queue.enqueue("archive", production.id)


def record_failure(
    work: Work, production_id: str, sentence: str, during: Collection[ProductionState] = MAY_FAIL, because: str = ""
) -> None:
    """Record why a production could not go on; the page shows it, and a person retries or cancels.

    `because` is the refusal's code, where it was a refusal.
    One that was cancelled, or has come further than the work that failed, stays as it is.
    """
    production = work.productions.get(production_id)
    if production.state not in during:
        return
    work.productions.put(
        production.moved(ProductionState.FAILED, failure=sentence, waiting_since=None, next_try_at=None)
    )
    work.audit.add(
        "production_failed",
        by=SYSTEM,
        case=production.case,
        numbers={"production": production.number},
        words={"because": because} if because else {},
    )


def cancel(work: Work, production_id: str, *, by: Actor) -> Production:
    """Stop a production that has not been signed; its numbers are not used again."""
    by = by.must(Act.PRODUCE)
    production = work.productions.get(production_id)
    work.cases.get(production.case, by=by)
    cancelled = work.productions.put(production.moved(ProductionState.CANCELLED))
    work.audit.add("production_cancelled", by=by, case=production.case, numbers={"production": production.number})
    return cancelled


def retry(work: Work, production_id: str, *, by: Actor) -> Production:
    """Start a failed production again from its gathering; what was read stays read."""
    by = by.must(Act.PRODUCE)
    production = work.productions.get(production_id)
    if production.state is not ProductionState.FAILED:
        raise Conflict(f"This production is {production.state}; only one that failed is tried again. Reload the page.")
    still_covers(work, work.cases.get(production.case, by=by), production)
    again = work.productions.put(gathered_again(production))
    work.audit.add("production_retried", by=by, case=production.case, numbers={"production": production.number})
    work.queue.enqueue("produce", production.id)
    return again


def gathered_again(production: Production) -> Production:
    """A production that stopped as it is to be gathered again; what waited before begins to wait anew."""
    return production.moved(
        ProductionState.GATHERING, failure="", certificate=None, waiting_since=None, next_try_at=None
    )


def documents_due(case: Case, production: Production) -> tuple[DocumentDue, ...]:
    """The signed documents that a production consists of, in the order in which they are sealed."""
    due = []
    if production.needs_certificate:
        due += [DocumentDue(kind=DocumentKind.BUNDLE, volume=each.number) for each in production.in_volumes]
    # A customer's copy says itself what it leaves out; only a refusal of everything is a letter of its own.
    if answer_letter(case) is not None:
        due.append(DocumentDue(kind=DocumentKind.OBJECTION_LETTER))
    # The index comes last: it holds the digests of the volumes.
    if production.needs_certificate and len(production.in_volumes) > 1:
        due.append(DocumentDue(kind=DocumentKind.INDEX))
    return tuple(due)


def new_production(work: Work, case: Case, matched: Matched) -> Production:
    """A production of exactly what was decided, under numbers that are given out for it; not yet kept."""
    # What was signed and never released under an earlier decision can leave no more, so nothing supplements it.
    released = ProductionState.RELEASED
    earlier = [production for production in work.productions.of_case(case.id) if production.state is released]
    return _reserved(work, case, matched, earlier)


def _reserved(work: Work, case: Case, matched: Matched, earlier: Sequence[Production]) -> Production:
    total = len(matched.recordings) + len(matched.record_sets)
    first, last = work.productions.reserve_bates(total, case.track) if total else (0, 0)
    numbers = [f"{work.house.bates_prefix}-{number:09d}" for number in range(first, last + 1)] if total else []
    split = len(matched.recordings)
    marked = by_recording(matched.silences)
    return Production(
        id=work.new_id(),
        case=case.id,
        number=len(work.productions.of_case(case.id)) + 1,
        kind=ProductionKind.SUPPLEMENTAL if earlier else ProductionKind.FULL,
        state=ProductionState.RESERVED,
        decision=case.decision.id if case.decision else "",
        document_id=work.new_id(),
        made_at=work.now(),
        bates_first=first,
        bates_last=last,
        items=tuple(
            Item(
                bates=bates,
                recording=each.recording,
                classes=each.classes,
                silences=marked.get(each.recording, ()),
            )
            for bates, each in zip(numbers[:split], matched.recordings, strict=True)
        ),
        record_sets=tuple(
            RecordSetItem(bates=bates, data_class=data_class, account=account, scope=scope)
            for bates, (data_class, account, scope) in zip(numbers[split:], matched.record_sets, strict=True)
        ),
        withheld=matched.withheld,
        supplements=earlier[-1].id if earlier else "",
    )


def with_what_was_made(items: Sequence[Item], found: Sequence[Gathered]) -> tuple[Item, ...]:
    """The items with the files that were made of them; raises Conflict where one that must be made was not."""
    made = {each.bates: each for part in found for each in part.derived}
    changed = tuple(_with(item, made.get(item.bates, Derived(bates=item.bates))) for item in items)
    _refuse_unmade(changed, [each for part in found for each in part.discrepancies])
    return changed


def _refuse_unmade(items: Sequence[Item], discrepancies: Sequence[Discrepancy]) -> None:
    # Whatever went wrong before: the recording itself never stands in for the file that was to be made of it.
    wrong = {each.bates for each in discrepancies}
    if any(item.must_be_made and item.produced is None and item.bates not in wrong for item in items):
        raise Conflict("A part to be silenced was not silenced while gathering. Try again; nothing has left.")


def _with(item: Item, derived: Derived) -> Item:
    return replace(item, produced=derived.produced, listening=derived.listening)


def _read(work: Work, item: RecordSetItem) -> RecordSetItem:
    source, columns, rows = work.record_sets.read(item.data_class, item.account, item.scope)
    digest = digest_of({"columns": columns, "rows": rows})
    origin = work.record_sets.origin(item.data_class)
    return replace(item, source=source, columns=columns, rows=rows, sha256=digest, origin=origin)
