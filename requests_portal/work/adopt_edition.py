"""Adopt an edition: one lawyer puts the rules on offer forward, a second one sees the same and adopts or declines."""

from legal_rules.book import Book
from legal_rules.edition import Edition
from legal_rules.errors import UnreadableBook
from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import CaseState
from requests_portal.model.edition import Adoption, AdoptionState
from requests_portal.work.foresee import foresee
from requests_portal.work.ports import Work
from requests_portal.work.receive import first_assessed
from requests_portal.work.standing import MovedOn

SET_UP = "The desk was set up with the rules that this software ships."


def set_up(work: Work) -> None:
    """Put the edition on offer in use where none ever was; afterwards only two people can change it."""
    if work.editions.in_use() is not None:
        return
    edition = work.editions.on_offer()
    book = work.editions.read(edition)
    work.editions.keep(edition, at=work.now())
    first = Adoption(
        id=work.new_id(),
        edition=edition.digest,
        replaces=None,
        state=AdoptionState.ADOPTED,
        proposed_by=SYSTEM.id,
        proposed_by_name=SYSTEM.name,
        proposed_at=work.now(),
        reason=SET_UP,
        number=1,
    )
    work.editions.add(first)
    _record(work, "edition_set_up", first, book, by=SYSTEM)


def propose_edition(work: Work, *, digest: str, reason: str, by: Actor) -> Adoption:
    """Put the edition on offer forward; `digest` is the one that was looked at."""
    by = by.must(Act.PROPOSE_RULES)
    if not reason.strip():
        raise Unusable("Say why this edition should be adopted; the second lawyer reads it.")
    edition, book = _on_offer(work, digest)
    work.editions.keep(edition, at=work.now())
    proposal = Adoption(
        id=work.new_id(),
        edition=edition.digest,
        replaces=_in_use(work),
        state=AdoptionState.PROPOSED,
        proposed_by=by.id,
        proposed_by_name=by.name,
        proposed_at=work.now(),
        reason=reason.strip(),
    )
    work.editions.add(proposal)
    _record(work, "edition_proposed", proposal, book, by=by)
    return proposal


def adopt_edition(work: Work, adoption_id: str, *, seen: str, by: Actor) -> Adoption:
    """Put a proposed edition in use; `seen` is the digest of what the adopter saw it would change."""
    by = by.must(Act.ADOPT_RULES)
    proposal = work.editions.adoption(adoption_id)
    before = work.editions.in_use()
    number = before.number + 1 if before is not None and before.number is not None else 1
    adopted = proposal.adopted(by=by, at=work.now(), number=number)
    if proposal.replaces != (before.edition if before else None):
        raise MovedOn("Another edition came into use since this one was proposed. Decline it and propose it again.")
    book = work.editions.read(work.editions.get(proposal.edition))
    foreseen = foresee(work, proposal.edition, by=by)
    if foreseen.digest != seen:
        raise MovedOn("What this edition would change is not what you saw any more. Look at it again.")
    work.editions.put(adopted)
    _record(work, "edition_adopted", adopted, book, by=by, changes=len(foreseen.effects))
    _assess_what_waited(work)
    return adopted


def decline_edition(work: Work, adoption_id: str, *, reason: str, by: Actor) -> Adoption:
    """Decline a proposed edition with a reason; the one in use stays."""
    by = by.must(Act.ADOPT_RULES)
    declined = work.editions.adoption(adoption_id).declined(by=by, at=work.now(), reason=reason)
    work.editions.put(declined)
    work.audit.add(
        "edition_declined", by=by, subjects={"edition": declined.edition}, private={"reason": declined.answer}
    )
    return declined


def _on_offer(work: Work, digest: str) -> tuple[Edition, Book]:
    try:
        edition = work.editions.on_offer()
        book = work.editions.read(edition)
    except (UnreadableBook, OSError) as broken:
        raise Unusable(f"The rules on offer cannot be read: {broken}") from broken
    if edition.digest != digest:
        raise MovedOn("The rules on offer changed since you looked. Look again at what they would change.")
    if edition.digest == _in_use(work):
        raise Conflict("This edition is in use already.")
    return edition, book


def _in_use(work: Work) -> str | None:
    adopted = work.editions.in_use()
    return adopted.edition if adopted else None


def _assess_what_waited(work: Work) -> None:
    """Requests that came while no edition could be asked were kept and held; now they get their first assessment."""
    for case in list(work.cases.still_open(by=SYSTEM)):
        if case.state is CaseState.RECEIVED:
            first_assessed(work, case, by=SYSTEM)


def _record(work: Work, act: str, adoption: Adoption, book: Book, *, by: Actor, changes: int | None = None) -> None:
    replaced = {"replaces": adoption.replaces} if adoption.replaces else {}
    work.audit.add(
        act,
        by=by,
        subjects={"edition": adoption.edition, "engine": book.edition.engine, **replaced},
        numbers={"rules": len(book.rules), **({} if changes is None else {"cases_changed": changes})},
        private={"reason": adoption.reason},
    )
