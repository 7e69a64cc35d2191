"""Belongs: everything in a customer's copy is their own and what was decided, at every step until it has left.

1,700 recordings of a stranger were once sent to a customer who had asked for their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from requests_portal.errors import NotTheirs
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case, Track
from requests_portal.model.production import Production
from requests_portal.work.certified import certified_digest
from requests_portal.work.outside import UnitOfWork
from requests_portal.work.ports import Work
from requests_portal.work.revoke import end

BECAUSE = "Something in it was not the requester's, or not what was certified."


def must_be_theirs(work: Work, case: Case, production: Production) -> None:
    """Refuse a customer's copy unless each of its recordings and tables is of their account, and as certified."""
    if case.track is not Track.DATA_SUBJECT:
        return
    if case.is_by_person_heard:
        _must_be_of_them_alone(work, case, production)
        return
    owners = {*work.productions.accounts(production.id), *(each.account for each in production.record_sets)}
    if owners - {case.account}:
        raise NotTheirs
    _must_be_as_certified(production)


def _must_be_of_them_alone(work: Work, case: Case, production: Production) -> None:
    """Refuse what goes to somebody heard on another's device unless what they told fits it and nobody else is heard."""
    recordings = work.catalogue.of([item.recording for item in production.items], by=SYSTEM).values()
    alone = frozenset({str(case.facts.get("heard_as"))})
    homes = {each.account for each in recordings}
    if production.record_sets or len(homes) > 1 or homes - {line.account for line in case.lines}:
        raise NotTheirs
    if any(each.id not in case.heard_on or each.heard_outside(()) != alone for each in recordings):
        raise NotTheirs
    _must_be_as_certified(production)


def _must_be_as_certified(production: Production) -> None:
    signed_off = production.certificate
    if signed_off is not None and signed_off.digest != certified_digest(production):
        raise NotTheirs


@contextmanager
def stopping(unit_of_work: UnitOfWork, production_id: str) -> Iterator[None]:
    """Whatever is found not to be theirs in here ends every way to the production, and is on record."""
    try:
        yield
    except NotTheirs:
        with unit_of_work() as work:
            _stop(work, production_id)
        raise


def _stop(work: Work, production_id: str) -> None:
    production = work.productions.get(production_id)
    for given in work.productions.releases(production.id):
        if given.is_live:
            end(work, given, because=BECAUSE, by=SYSTEM)
    work.audit.add(
        "production_stopped",
        by=SYSTEM,
        case=production.case,
        numbers={"production": production.number},
        words={"because": NotTheirs.code},
    )
