"""Notify: a customer is told once of each answer to a demand for their data, as soon as nothing forbids it.

What nobody has established keeps us silent, and so does another demand of the same matter that is still secret: what
the customer would learn of the one would tell of the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.digest import digest_of
from requests_portal.model.message import Message
from requests_portal.model.notice import Notice, ToldByHand, Untold
from requests_portal.work.compose.available import EUROPEAN, accounts_of
from requests_portal.work.compose.notice import notice_words
from requests_portal.work.nondisclosure import CLOCK, REVIEW, is_secret
from requests_portal.work.ports import Customer, Work

LONGEST_REASON = 4000
# Whether another demand keeps us silent nobody may read here: it may be one of which they may not know.
NOT_NOW = "This cannot be told now; the desk tells by itself as soon as it may."
BY_HAND = "Write by hand, and record below that you did."


class WhoseUnsaid(Unusable):
    """The demand names several accounts, and it is not said whose customers were told."""


def tell(work: Work, case_id: str, *, by: Actor) -> Sequence[Notice]:
    """Put a notice into the account of each customer not yet told and mail them that there is one; else refuses."""
    by = by.must(Act.NOTIFY)
    case = work.cases.get(case_id, by=by)
    if was_told(work, case):
        raise Conflict("The customer has been told of this answer.")
    if reason := why_not_tell(work, case):
        raise Conflict(reason)
    return [enter_notice(work, case, customer, by=by) for customer in customers_to_tell(work, case)]


def enter_notice(work: Work, case: Case, customer: Customer, *, by: Actor) -> Notice:
    """Keep one customer's notice in the words that it has now, and let a mail without content go out."""
    words = notice_words(work, case, customer)
    notice = Notice(
        id=work.new_id(),
        case=case.id,
        account=customer.account,
        at=work.now(),
        paragraphs=words,
        decision=case.decision.digest if case.decision else "",
    )
    work.notices.add(notice)
    _end_silence(work, case)
    work.audit.add("notice_given", by=by, case=case.id, subjects={"text": digest_of(list(words))})
    if "@" in customer.email:
        said = {"company": work.house.name, "link": f"{work.house.public_url}/my/notices"}
        message = Message(key=f"notice-{notice.id}", to=customer.email, template="notice_waiting", words=said)
        work.messages.add(message, id=work.new_id(), at=notice.at)
    return notice


def record_told(work: Work, case_id: str, *, how: str, on: date, accounts: Sequence[str] = (), by: Actor) -> Case:
    """Record that customers were told otherwise than from here, how and when; once all are, no silence ends again.

    `accounts` says whose customers, where the demand names several; for one it goes without saying.
    """
    by = by.must(Act.NOTIFY)
    case = work.cases.get(case_id, by=by)
    if not how.strip():
        raise Unusable("Say who was told and how, such as by a letter of ours, or by the authority itself.")
    if on > work.today or on < case.received_at.date():
        raise Unusable("The day lies before the request reached us, or ahead. Enter the day on which they were told.")
    if case.track is not Track.LEGAL_DEMAND or is_secret(work, case):
        raise Conflict("An order of silence is in force, or may be. Nobody is told before it has ended.")
    told = ToldByHand(
        how=how.strip()[:LONGEST_REASON],
        on=on,
        by=by.id,
        by_name=by.name,
        at=work.now(),
        decision=case.decision.digest if case.decision else "",
        accounts=_whose(case, accounts),
    )
    private = {"how": told.how, "on": on.isoformat(), "accounts": ", ".join(told.accounts)}
    work.audit.add("told_by_hand", by=by, case=case.id, private=private)
    case = work.cases.put(replace(case, by_hand=(*case.by_hand, told)))
    _end_silence(work, case)
    return case


def _whose(case: Case, accounts: Sequence[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(accounts_of(case)))
    if len(named) <= 1:
        return named
    if not accounts or not set(accounts) <= set(named):
        raise WhoseUnsaid("Tick the accounts whose customers were told.")
    return tuple(each for each in named if each in accounts)


def _end_silence(work: Work, case: Case) -> None:
    """Stop waiting for a silence to end, unless a customer is still to be told when it has."""
    if not ever_told(work, case):
        return
    for clock in (CLOCK, REVIEW):
        work.clocks.met(case.id, clock, work.now())


def customers_of(work: Work, case: Case) -> Sequence[Customer]:
    """The customers whose accounts a demand names, as far as we know them."""
    found = []
    for account in dict.fromkeys(accounts_of(case)):
        try:
            found.append(work.customers.get(account))
        except NotFound:
            continue
    return found


def told_of(work: Work, case: Case) -> Sequence[Notice]:
    """What the customer was told of the decision that stands; a notice of an earlier one is none of it."""
    decision = case.decision
    return [each for each in work.notices.of_case(case.id) if decision and each.decision == decision.digest]


def was_told(work: Work, case: Case) -> bool:
    """Whether the customers of all accounts know of the decision that stands: from here, or by hand."""
    decision = case.decision
    by_hand = [each for each in case.by_hand if decision and each.decision == decision.digest]
    return bool(by_hand or told_of(work, case)) and not accounts_untold(work, case)


def accounts_untold(work: Work, case: Case) -> Sequence[str]:
    """The accounts that a demand names whose customers do not know of the decision that stands."""
    decision = case.decision
    by_hand = [each for each in case.by_hand if decision and each.decision == decision.digest]
    return _left(case, told_of(work, case), by_hand)


def customers_to_tell(work: Work, case: Case) -> Sequence[Customer]:
    """The customers, as far as we know them, who do not know of the decision that stands."""
    untold = accounts_untold(work, case)
    return [each for each in customers_of(work, case) if each.account in untold]


def ever_told(work: Work, case: Case) -> bool:
    """Whether the customers of all accounts know of the demand at all, of whichever answer to it."""
    given = work.notices.of_case(case.id)
    return bool(case.by_hand or given) and not _left(case, given, case.by_hand)


def _left(case: Case, given: Sequence[Notice], by_hand: Sequence[ToldByHand]) -> Sequence[str]:
    """The accounts that neither a notice nor a record made by hand is about."""
    named = list(dict.fromkeys(accounts_of(case)))
    told = {each.account for each in given} | {account for each in by_hand for account in each.accounts or named}
    return [each for each in named if each not in told]


def leave_untold(work: Work, case_id: str, *, reason: str, by: Actor) -> Case:
    """Record why data may leave under the decision that stands before the customer is told."""
    by = by.must(Act.NOTIFY)
    if not reason.strip():
        raise Unusable("Give the reason; it stays with the case.")
    case = work.cases.get(case_id, by=by)
    if case.track is not Track.LEGAL_DEMAND:
        raise Conflict("Who asks for their own data needs no notice of it.")
    if case.decision is None:
        raise Conflict("Nobody has decided this request, so nothing is to leave. Decide it first.")
    untold = Untold(
        reason=reason.strip()[:LONGEST_REASON],
        by=by.id,
        by_name=by.name,
        at=work.now(),
        decision=case.decision.digest,
    )
    work.audit.add("notice_left_out", by=by, case=case.id, private={"reason": untold.reason})
    return work.cases.put(replace(case, untold=untold))


def why_not_tell(work: Work, case: Case) -> str:
    """Why the customer cannot be told, as a sentence that says what to do; empty where nothing speaks against it."""
    if case.track is not Track.LEGAL_DEMAND or not accounts_of(case):
        return f"A notice is about a customer's account, and this demand names none. {BY_HAND}"
    if case.facts.get("process") in EUROPEAN:
        return "The authority that issued the certificate tells the person (Reg. (EU) 2023/1543 Art. 13), not we."
    if case.decision is None:
        return "Nobody has decided this request, and the notice says what we give. Decide it first."
    if not case.is_cleared:
        return "The decision is not approved yet, and the notice says what we give. Have it approved first."
    return _why_not_now(work, case)


def _why_not_now(work: Work, case: Case) -> str:
    if is_secret(work, case):
        return "An order of silence is in force, or may be. The customer is told when it has ended."
    if not customers_to_tell(work, case) and not was_told(work, case):
        return f"We know no customer with this account, so there is nobody to tell from here. {BY_HAND}"
    if keeps_another_secret(work, case):
        return NOT_NOW
    return ""


def keeps_another_secret(work: Work, case: Case) -> bool:
    """Whether another demand of the same matter is secret, of which the customer would learn by hearing of this one."""
    return any(_is_still_secret(work, each) for each in _others_of_the_matter(work, case))


def ought_to_be_told_first(work: Work, case: Case) -> bool:
    """Whether data are to leave of which the customer was not told, though nothing forbids it and nobody said why."""
    decision = case.decision
    if case.track is not Track.LEGAL_DEMAND or decision is None or not decision.gives or not accounts_of(case):
        return False
    if case.facts.get("process") in EUROPEAN or is_secret(work, case):
        return False
    told_by_the_authority = case.facts.get("customer_notice") is True or "customer_notified_on" in case.facts
    is_left_untold = case.untold is not None and case.untold.decision == decision.digest
    return not (told_by_the_authority or is_left_untold or was_told(work, case))


def _is_still_secret(work: Work, case: Case) -> bool:
    return is_secret(work, case) and not ever_told(work, case)


def _others_of_the_matter(work: Work, case: Case) -> Sequence[Case]:
    known = work.aliases.of(accounts_of(case))
    others = [each for each in work.notices.demands_of(known) if each.id != case.id]
    return [each for each in others if known & set(accounts_of(each)) and _is_of_one_matter(case, each)]


def _is_of_one_matter(one: Case, other: Case) -> bool:
    """Whether two demands come from one authority, or bear one file number."""
    a, b = one.requester, other.requester
    same_number = bool(a.plain_file_number) and a.plain_file_number == b.plain_file_number
    same_authority = a.organisation.strip().casefold() == b.organisation.strip().casefold()
    return same_number or same_authority or (one.agency is not None and one.agency == other.agency)
