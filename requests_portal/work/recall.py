"""Recall: we say that a released production is withdrawn, or replaced by a later one; its links end."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from requests_portal.bundle.recalls import Recall, signed_recalls
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.production import Production, ProductionState, RecalledProduction, SignedDocument
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.revoke import end

# For how long a list that nothing was added to is given out before a fresh one is signed.
GOOD_FOR = timedelta(days=1)


def recall(work: Work, production_id: str, *, reason: str, replaced_by: str | None, by: Actor) -> RecalledProduction:
    """Withdraw a released production, or replace it by another released one of the same case."""
    by = by.must(Act.RECALL)
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=by)
    if production.state is not ProductionState.RELEASED:
        raise Conflict("Only what was released can be recalled. Cancel the production instead.")
    if not reason.strip():
        raise Conflict("Give the reason; it stays with the production.")
    if replaced_by is not None:
        _must_follow(work, production, replaced_by)
    made = RecalledProduction(
        production=production.id, at=work.now(), by=by.id, because=reason.strip(), replaced_by=replaced_by
    )
    work.recalls.add(made)
    _record(work, case, production, made, by)
    for given in work.productions.releases(production.id):
        if given.is_live:
            end(work, given, because="Production recalled", by=by)
    return made


def recall_of(work: Work, document: SignedDocument, *, zone: ZoneInfo) -> Recall | None:
    """What we say of one signed document of ours."""
    made = work.recalls.of_production(document.production)
    return None if made is None else _said(work, document, made, zone)


def recall_list(outside: Outside, *, now: datetime, zone: ZoneInfo) -> bytes:
    """The newest signed list; a fresh one is signed after every recall, and once a day for its date."""
    with outside.reading() as work:
        newest = work.recalls.newest_list()
        recalled = work.recalls.every()
        if newest is not None and now - newest[0] < GOOD_FOR and all(each.at < newest[0] for each in recalled):
            return newest[1]
        said = [_said(work, document, each, zone) for each in recalled for document in _documents(work, each)]
    file = signed_recalls(said, outside.signer, at=now)
    with outside.unit_of_work() as work:
        work.recalls.keep_list(file, at=now)
        work.audit.add("recall_list_signed", by=SYSTEM)
    return file


def _must_follow(work: Work, production: Production, replaced_by: str) -> None:
    other = work.productions.get(replaced_by)
    if other.case != production.case or other.id == production.id:
        raise NotFound("There is no such production of this case.")
    if other.state is not ProductionState.RELEASED:
        raise Conflict("Release the production that replaces it first.")
    if work.recalls.of_production(other.id) is not None:
        raise Conflict("The production that is to replace it was itself recalled.")


def _record(work: Work, case: Case, production: Production, made: RecalledProduction, by: Actor) -> None:
    numbers = {"production": production.number}
    if made.replaced_by is not None:
        numbers["replaced_by"] = work.productions.get(made.replaced_by).number
    work.audit.add(
        "production_recalled",
        by=by,
        case=case.id,
        subjects={each.name.replace("-", "_"): each.sha256 for each in _documents(work, made)},
        numbers=numbers,
        private={"reason": made.because},
    )


def _documents(work: Work, made: RecalledProduction) -> list[SignedDocument]:
    return list(work.productions.documents(made.production))


def _said(work: Work, document: SignedDocument, made: RecalledProduction, zone: ZoneInfo) -> Recall:
    later = work.productions.documents(made.replaced_by) if made.replaced_by else ()
    same = [each.sha256 for each in later if (each.kind, each.volume) == (document.kind, document.volume)]
    return Recall(sha256=document.sha256, on=_day(made.at, zone), replaced_by=same[0] if same else None)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
