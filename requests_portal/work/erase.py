"""Erase: what a customer deletes is gone from their eyes at once, and from the store as soon as no hold keeps it.

What a law obliges us to keep we keep, GDPR Art. 17(3)(b) and (e), Cal. Civ. Code § 1798.105(d), and every answer says
so, held or not: whether something is held can be told by nothing that a customer sees (I6).

A copy that the customer asked for and was not given yet is made without what they delete, and one that they were given
can be downloaded no longer: they are told so before. What they proposed for a transcript goes with its recording.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from legal_rules.scope import Every, Scope
from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.production import ProductionState
from requests_portal.work.assess import assess
from requests_portal.work.compose.available import grants_erasure
from requests_portal.work.forget_words import forget_words
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.revoke import end
from requests_portal.work.selection import OF_RECORDINGS
from requests_portal.work.verify import is_known

# How long a customer can have recordings kept; None is until they delete them.
MONTHS = (3, 18)
DAYS = {3: 91, 18: 548}
# What a round erases in one transaction; others wait for it no longer than for an import.
AT_ONCE = 5_000
ERASED = "The customer had recordings erased that it holds."


def erase_own(work: Work, chosen: Chosen, *, by: Actor) -> int:
    """A customer deletes recordings of their own account; returns how many."""
    by = by.must(Act.ERASE_OWN)
    if chosen.account != by.account:
        raise NotFound("There is no such recording.")
    return _erase(work, chosen, Because.CUSTOMER, by=by)


def erase_as_decided(work: Work, case: Case, *, by: Actor) -> int:
    """Carry out what was decided on a customer's request for erasure; doing it twice erases nothing more."""
    by = by.must(Act.ERASE)
    if not (grants_erasure(case) and case.is_cleared and is_known(case)):
        raise Conflict("This is not a request for erasure that was granted and approved. Decide it first.")
    return sum(_erase(work, each, Because.REQUEST, by=by, case=case) for each in _chosen(case))


def choose_months(work: Work, months: int | None, *, by: Actor) -> None:
    """A customer chooses after how many months recordings are deleted by themselves; None is never."""
    by = by.must(Act.ERASE_OWN)
    if months not in {None, *MONTHS} or by.account is None:
        raise Unusable("Choose 3 months, 18 months, or until you delete them.")
    work.erasures.choose_months(by.account, months, at=work.now())
    work.audit.add("keeping_chosen", by=by, numbers={"months": months or 0})
    if months is not None:
        _erase(work, older(by.account, months, work.now()), Because.RETENTION, by=by)


def erase_what_is_over(outside: Outside) -> None:
    """Erase what is older than its customer chose, and what the company's own rule keeps no longer.

    Of each account that is one act for some thousand recordings: one entry in the log, one look at copies for them.
    """
    with outside.reading() as work:
        at = work.now()
        over = [Chosen(account=each, before=at, is_over=True) for each in work.erasures.accounts_past_their_time(at=at)]
        chosen = [older(account, months, at) for account, months in work.erasures.choices().items()]
    one_by_one((*chosen, *over), lambda each: _erase_in_parts(outside, each))


def older(account: str, months: int, at: datetime) -> Chosen:
    """What is older than so many months."""
    return Chosen(account=account, before=at - timedelta(days=DAYS[months]))


def _erase_in_parts(outside: Outside, chosen: Chosen) -> None:
    """Erase some thousand at a time, each with its entry in one transaction; killed in between, the rest stays due."""
    erased = AT_ONCE
    while erased >= AT_ONCE:
        with outside.unit_of_work() as work:
            erased = _erase(work, chosen, Because.RETENTION, by=SYSTEM, most=AT_ONCE)


def _erase(
    work: Work, chosen: Chosen, because: Because, *, by: Actor, case: Case | None = None, most: int | None = None
) -> int:
    asked = work.erasures.ask(chosen, because, at=work.now(), most=most)
    if not asked.recordings:
        return 0
    work.audit.add(
        "erasure_asked",
        by=by,
        case=case.id if case else None,
        numbers={"recordings": asked.recordings},
        words={"reason": because},
        private={"recordings": asked.digest},
    )
    forget_words(work, chosen.account)
    _begin_copies_anew(work, chosen.account)
    # Nobody waits for what is merely over: a round deletes it, and the queue stays free for legal work.
    if because is not Because.RETENTION:
        work.queue.enqueue("erase", work.new_id())
    return asked.recordings


def _begin_copies_anew(work: Work, account: str) -> None:
    """Let no copy for the customer hold what was just erased: one not given yet is decided again, the rest ends.

    Otherwise a copy that can still be downloaded would tell whether what it holds is still here.
    """
    holding = work.erasures.copies_of_erased(account)
    for production in holding:
        for given in work.productions.releases(production.id):
            if given.is_live:
                end(work, given, because=ERASED, by=SYSTEM)
    for case_id in sorted({each.case for each in holding if each.state is not ProductionState.RELEASED}):
        assess(work, case_id, by=SYSTEM)


def _chosen(case: Case) -> Iterator[Chosen]:
    """What is asked for of the account's own recordings; nothing leaves, so that the decision gives no scopes."""
    asked = [line for line in case.lines if line.data_class in OF_RECORDINGS]
    for account, scope in dict.fromkeys((account, line.scope) for line in asked for account in _of(case, line.scope)):
        for device in [""] if isinstance(scope.devices, Every) else sorted(scope.devices):
            yield Chosen(
                account=account,
                device=device,
                start=scope.interval.start,
                end=scope.interval.end,
                before=case.received_at,
            )


def _of(case: Case, scope: Scope) -> Iterable[str]:
    """The requester's account; where they wrote to us without one, those that they named and we have checked."""
    named = [] if isinstance(scope.accounts, Every) else sorted(scope.accounts)
    return named if case.account is None else [each for each in named if each == case.account]
