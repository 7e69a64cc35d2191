"""Apply an inventory: each key that differs is looked at in the store itself, a few hundred in one transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from requests_portal.model.actor import SYSTEM
from requests_portal.model.in_store import Applied
from requests_portal.work.look import Objects, look, record_looks
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

AT_ONCE = 200


def apply_inventory(outside: Outside, objects: Objects, keys: Iterator[str], *, new_id: Callable[[], str]) -> Applied:
    """Enter what is known of what the keys hold, and keep the rest as findings; what was done stays done.

    Keys of which earlier findings stand are looked at again: what they were about may have been put right or erased.
    """
    with outside.reading() as work:
        begun = work.now()
    applied = _looked(outside, objects, _parts(keys), new_id)
    # A store that gives no answer is asked again the next time.
    if applied.unanswered:
        return applied
    again = _looked(outside, objects, _in_question(outside, objects, begun), new_id)
    return Applied(
        entered=applied.entered + again.entered,
        findings=applied.findings + again.findings,
        unanswered=again.unanswered,
    )


def record_applied(work: Work, applied: Applied, *, inventory: str, differences: int) -> None:
    """Enter in the log that an inventory was applied, by its digest."""
    numbers = {"differences": differences, **vars(applied)}
    work.audit.add("catalogue_reconciled", by=SYSTEM, subjects={"inventory": inventory}, numbers=numbers)


def _looked(outside: Outside, objects: Objects, parts: Iterator[list[str]], new_id: Callable[[], str]) -> Applied:
    entered = findings = unanswered = 0
    for some in parts:
        looked, away = look(outside.reading, objects, some, new_id=new_id)
        with outside.unit_of_work() as work:
            recorded = record_looks(work, looked, place=objects.place)
        entered, findings = entered + recorded.entered, findings + recorded.findings
        unanswered += len(away)
    return Applied(entered=entered, findings=findings, unanswered=unanswered)


def _parts(keys: Iterator[str]) -> Iterator[list[str]]:
    while some := list(islice(keys, AT_ONCE)):
        yield some


def _in_question(outside: Outside, objects: Objects, begun: datetime) -> Iterator[list[str]]:
    asked: frozenset[str] = frozenset()
    while True:
        with outside.reading() as work:
            stand = work.in_store.keys_in_question(objects.place, before=begun)
        some = [key for key in stand if key not in asked]
        if not some:
            return
        asked = frozenset(stand)
        yield some
