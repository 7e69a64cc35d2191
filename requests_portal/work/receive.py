"""Receive: a case opens, what it demands is held, and the first assessment starts its clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legal_rules.facts import confirmed, dump, parse
from legal_rules.scope import demand_lines
from requests_portal.errors import Forbidden, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, CaseState, Quote, Requester, Track
from requests_portal.model.papers import Paper
from requests_portal.model.transcript import ProposedWords
from requests_portal.work.answer import answer_if_routine
from requests_portal.work.answer_agent import ask_the_customer
from requests_portal.work.assess import assessed
from requests_portal.work.cooling_off import tell_of_request
from requests_portal.work.hold import hold_what_is_demanded
from requests_portal.work.identify import BY_IDENTITY, ONE_HOME
from requests_portal.work.officer_checks import BY_CHECKS
from requests_portal.work.ports import Work
from requests_portal.work.verify import IDENTITY


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is filed: who asks, what for, the facts of the paper, and the papers themselves."""

    track: Track
    title: str
    requester: Requester
    received_at: datetime
    zone: str
    language: str
    facts: dict[str, object]
    quotes: tuple[Quote, ...] = ()
    papers: tuple[Paper, ...] = ()
    account: str | None = None
    # When a customer who files it last showed who they are.
    signed_in_at: datetime | None = None
    # By what they showed it, as their session says.
    signed_in_by: str = ""
    # How a customer says that a transcript of theirs should read.
    proposed: ProposedWords | None = None


def receive(work: Work, filing: Filing, *, by: Actor) -> Case:
    """Open a case on a filing; a legal demand's recordings are held from this moment."""
    by = by.must(Act.FILE_OWN if filing.track is Track.DATA_SUBJECT and by.is_customer else Act.FILE_DEMAND)
    _check_accounts(work, filing, by)
    # A customer who files it themselves is signed in.
    by_checks = BY_CHECKS | BY_IDENTITY | (frozenset() if by.is_customer else {IDENTITY})
    if checked := sorted(filing.facts.keys() & by_checks):
        raise Unusable(f"{', '.join(checked)} is established by a check. File the request, and record the check.")
    case = _opened(work, filing, by)
    work.cases.add(case)
    work.audit.add(
        "case_received",
        by=by,
        case=case.id,
        numbers={"lines": len(case.lines), "papers": len(case.papers)},
        words={"track": str(case.track)},
        private={"reference": case.reference, "requester": case.requester.name},
    )
    if case.track is Track.LEGAL_DEMAND:
        hold_what_is_demanded(work, case, by=by)
    else:
        tell_of_request(work, case.account, key=case.id)
        ask_the_customer(work, case)
    return answer_if_routine(work, first_assessed(work, case, by=by))


def first_assessed(work: Work, case: Case, *, by: Actor) -> Case:
    """Assess a case that has just been opened, which starts its clocks."""
    kept = assessed(work, case, by=by)
    if case.track is Track.DATA_SUBJECT and case.facts.get("channel") == "portal":
        # The portal's own page answers the filing at once: what was received, and by when we answer.
        work.clocks.met(case.id, "acknowledge", work.now())
    return kept


def _opened(work: Work, filing: Filing, by: Actor) -> Case:
    facts = confirmed(parse({**filing.facts, "track": str(filing.track), "received_at": filing.received_at}))
    # Whoever files for another has shown nothing of the other.
    shown = {} if by.is_customer else {"signed_in_at": None, "signed_in_by": ""}
    stated = {**vars(filing), "facts": dump(facts), **shown}
    return Case(
        id=work.new_id(),
        reference=work.cases.next_reference(filing.track, filing.received_at.year),
        state=CaseState.RECEIVED,
        lines=demand_lines(facts),
        filed_by=by.id,
        **stated,
    )


def _check_accounts(work: Work, filing: Filing, by: Actor) -> None:
    named = _accounts(filing.facts)
    if filing.facts.get("requester_kind") == "person_heard" and filing.account is not None:
        raise Unusable("Who is heard on another's device has no part in the account. File it without the account's.")
    if filing.facts.get("requester_kind") == "person_heard" and len(set(named)) != 1:
        raise Unusable(ONE_HOME)
    if by.is_customer and (by.account is None or {filing.account, *named} != {by.account}):
        raise Forbidden("You can ask for the data of your own account only.")
    unknown = sorted(set(named) - work.catalogue.accounts(named))
    if unknown:
        refusal = Unusable(
            f"We know no account {', '.join(unknown)}. "
            "Check the number, or leave the account empty if the paper names none."
        )
        refusal.reached_canary = work.canaries.are_sought(unknown, ())
        raise refusal
    if filing.account is not None and filing.account not in named:
        raise Unusable("A customer's request must name the customer's own account.")


def _accounts(facts: dict[str, object]) -> Sequence[str]:
    named = facts.get("accounts")
    return [str(each) for each in named] if isinstance(named, list | tuple) else []
