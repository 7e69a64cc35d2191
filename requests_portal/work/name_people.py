"""Name people: a sealed case exists for those alone whom it names, and one of them always has it."""

from collections.abc import Collection
from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.work.ports import Work

# What one decides another approves.
FEWEST = 2


def name_people(work: Work, case_id: str, people: Collection[str], *, by: Actor) -> Case:
    """Seal the case for these people, of whom the actor is one, or name others; with nobody it is sealed no longer."""
    by = by.must(Act.SEAL_CASE)
    case = work.cases.get(case_id, by=by)
    named = tuple(sorted(set(people)))
    if named and by.id not in named:
        raise Unusable("Name yourself too; whoever seals a request goes on seeing it.")
    if named and len(named) < FEWEST:
        raise Unusable("Name at least two people: what one of them decides another has to approve.")
    if named == case.named:
        return case
    work.audit.add(_act(case, named), by=by, case=case.id, numbers={"people": len(named)}, private=_said(named))
    return work.cases.put(replace(case, named=named, assigned_to=_who_has_it(case, named, by)))


def _act(case: Case, named: tuple[str, ...]) -> str:
    if not named:
        return "case_unsealed"
    return "people_named" if case.named else "case_sealed"


def _said(named: tuple[str, ...]) -> dict[str, str]:
    return {"people": " ".join(named)} if named else {}


def _who_has_it(case: Case, named: tuple[str, ...], by: Actor) -> str | None:
    if not named or case.assigned_to in named:
        return case.assigned_to
    return by.id
