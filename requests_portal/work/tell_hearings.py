"""Who listened: a customer reads it of each recording, in a case as soon as nothing about the case is kept from them.

Their own request they know of. Of a demand they know once they were told of it. One that was never secret and of which
no notice went out, such as when the authority tells by itself, waits until it is answered: what is still being worked
on may yet come under an order. So does a request of somebody who is heard on the customer's device.
"""

from collections.abc import Sequence

from requests_portal.errors import Forbidden
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.listening import Heard
from requests_portal.work.compose.available import EUROPEAN, accounts_of, asks_for_silence
from requests_portal.work.nondisclosure import is_secret
from requests_portal.work.notify import keeps_another_secret
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work


def who_listened(work: Work, *, by: Actor) -> Sequence[Heard]:
    """Every time that a person of ours heard one of the customer's recordings, as far as they may know."""
    return work.hearings.of_account(_account(by))


def who_listened_in_cases(work: Work, recording_ids: Sequence[str], *, by: Actor) -> Sequence[Heard]:
    """The same of some recordings, without what was heard to improve the service: that stands with each recording."""
    return work.hearings.in_cases(_account(by), recording_ids)


def tell_hearings(outside: Outside) -> None:
    """Let customers read who listened for others' requests that never were secret, each in a transaction of its own."""
    with outside.reading() as work:
        waiting = work.hearings.to_tell()
    one_by_one(waiting, lambda case_id: _tell(outside, case_id))


def may_be_told(work: Work, case: Case) -> bool:
    """Whether the customer may know of an answered request of somebody else's of which no notice of ours went out."""
    if case.is_open or case.named or case.untold or case.facts.get("process") in EUROPEAN:
        return False
    if case.track is Track.DATA_SUBJECT:
        return case.is_by_person_heard
    return (
        (_was_told_by_hand(case) or _was_never_secret(case))
        and not is_secret(work, case)
        and not keeps_another_secret(work, case)
    )


def _was_never_secret(case: Case) -> bool:
    ordered, delayed = case.facts.get("nondisclosure_order"), case.facts.get("notice_delayed_on")
    return ordered is False and delayed is None and not asks_for_silence(case)


def _was_told_by_hand(case: Case) -> bool:
    """Whether each account is on record as told; a record without accounts says whose only where there is one."""
    named = accounts_of(case)
    unsaid = named if len(named) == 1 else ()
    told = {account for each in case.by_hand for account in each.accounts or unsaid}
    return bool(named) and told.issuperset(named)


def _account(by: Actor) -> str:
    by.must(Act.READ_OWN)
    if by.account is None:
        raise Forbidden("You are signed in without an account. Sign in again.")
    return by.account


def _tell(outside: Outside, case_id: str) -> None:
    with outside.unit_of_work() as work:
        case = work.cases.get(case_id, by=SYSTEM)
        if may_be_told(work, case):
            for account in accounts_of(case):
                work.hearings.tell(case.id, account, at=work.now())
            work.audit.add("hearings_told", by=SYSTEM, case=case.id)
