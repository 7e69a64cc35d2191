"""Agencies: one person proposes a change of the directory, another confirms it when the waiting time is over."""

from collections.abc import Sequence
from dataclasses import replace

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.agency import MOST_AT_ONCE, Agency, ChangeState, DirectoryChange
from requests_portal.work.ports import Work
from requests_portal.work.standing import MovedOn


def propose_agencies(
    work: Work, puts: Sequence[Agency], *, removes: Sequence[str] = (), reason: str, by: Actor
) -> DirectoryChange:
    """Put entries forward that the directory is to have, or to have no more; until they are confirmed it stays."""
    by = by.must(Act.PROPOSE_AGENCY)
    return _put_forward(work, puts, removes=removes, reason=reason, by=by)


def import_agencies(work: Work, puts: Sequence[Agency], *, reason: str, by: Actor) -> DirectoryChange:
    """Put the entries of a file forward, from the desk's own machine; the same two people and waiting time follow."""
    by = by.must(Act.IMPORT_AGENCIES)
    return _put_forward(work, puts, removes=(), reason=reason, by=by)


def confirm_agencies(work: Work, change_id: str, *, seen: str, by: Actor) -> DirectoryChange:
    """Put a change into the directory; `seen` is the digest of exactly what was looked at."""
    by = by.must(Act.CONFIRM_AGENCY)
    change = work.agencies.change(change_id)
    confirmed = change.confirmed(by=by, at=work.now())
    touched = [each.id for each in change.puts] + list(change.removes)
    work.agencies.lock(touched)
    if seen != change.digest or _now(work, touched) != change.before or _is_taken(work, change.puts):
        raise MovedOn("The directory changed since this was proposed. Decline it, and propose it anew.")
    for agency in change.puts:
        work.agencies.put(agency)
    for agency_id in change.removes:
        work.agencies.remove(agency_id, at=work.now())
    work.agencies.put_change(confirmed)
    _record(work, "agencies_changed", confirmed, by=by)
    return confirmed


def decline_agencies(work: Work, change_id: str, *, reason: str, by: Actor) -> DirectoryChange:
    """Decline a change with a reason; whoever proposed it may take it back."""
    by = by.must(Act.CONFIRM_AGENCY)
    declined = work.agencies.change(change_id).declined(by=by, at=work.now(), reason=reason)
    work.agencies.put_change(declined)
    _record(work, "agencies_declined", declined, by=by)
    return declined


def _put_forward(
    work: Work, puts: Sequence[Agency], *, removes: Sequence[str], reason: str, by: Actor
) -> DirectoryChange:
    if not reason.strip():
        raise Unusable("Say why the directory should change; whoever confirms it reads that.")
    if len(puts) + len(removes) > MOST_AT_ONCE:
        raise Unusable(f"At most {MOST_AT_ONCE:,} agencies can be put forward at once. Put them forward in parts.")
    known = {each.key: each for each in work.agencies.known([put.key for put in puts])}
    named = [replace(put, id=put.id or (known[put.key].id if put.key in known else work.new_id())) for put in puts]
    _must_be_distinct(work, named)
    live = {each.id: each for each in work.agencies.of([put.id for put in named])}
    fresh = [put for put in named if live.get(put.id) != put]
    if not fresh and not removes:
        raise Unusable("The directory says all of this already; there is nothing to change.")
    change = DirectoryChange(
        id=work.new_id(),
        puts=tuple(fresh),
        removes=tuple(removes),
        before=_now(work, [each.id for each in fresh] + list(removes)),
        state=ChangeState.PROPOSED,
        proposed_by=by.id,
        proposed_by_name=by.name,
        proposed_at=work.now(),
        reason=reason.strip(),
    )
    work.agencies.add_change(change)
    _record(work, "agencies_proposed", change, by=by)
    return change


def _must_be_distinct(work: Work, named: Sequence[Agency]) -> None:
    """Refuse two entries for one agency, and a new name that another agency has already."""
    if len({each.id for each in named}) < len(named) or len({each.key for each in named}) < len(named):
        raise Unusable("The same agency is named twice. Name it once, with all its domains and numbers.")
    if _is_taken(work, named):
        raise Conflict("Another agency has this name already. Change that one, or say the name more exactly.")


def _is_taken(work: Work, named: Sequence[Agency]) -> bool:
    """Whether another agency has one of these names."""
    others = {each.key: each.id for each in work.agencies.known([each.key for each in named])}
    return any(others.get(each.key, each.id) != each.id for each in named)


def _now(work: Work, ids: Sequence[str]) -> tuple[Agency, ...]:
    return tuple(sorted(work.agencies.of(ids), key=lambda each: each.id))


def _record(work: Work, act: str, change: DirectoryChange, *, by: Actor) -> None:
    reason = {"reason": change.answer or change.reason}
    numbers = {"agencies": len(change.puts), "removed": len(change.removes)}
    work.audit.add(act, by=by, subjects={"change": change.digest}, numbers=numbers, private=reason)
