"""Name an agent: a customer says beforehand who may ask in their name, for what and until when, and takes it back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.agent import NamedAgent, Said
from requests_portal.model.case import Case
from requests_portal.work.answer_agent import answer_agent
from requests_portal.work.ports import Work
from requests_portal.work.verify import PERMISSION, checked

# More than anybody needs, and few enough to read through.
MOST_AGENTS = 20
ENDED = "The customer, signed in afresh, took back in their account that they named the agent."


def name_agent(
    work: Work, *, name: str, organisation: str, rights: Sequence[str], until: date, by: Actor
) -> NamedAgent:
    """Record whom the customer lets ask in their name; it shows the permission and confirms no request yet."""
    by = by.must(Act.NAME_AGENT)
    account = _account(by)
    if not name.strip() or not rights:
        raise Unusable("Say who may ask in your name, and for what.")
    if until < work.today:
        raise Unusable("Choose a day that is still to come.")
    standing = [each for each in work.named_agents.of(account) if each.revoked_at is None and each.until >= work.today]
    named = NamedAgent(
        id=work.new_id(),
        account=account,
        name=name.strip(),
        organisation=organisation.strip(),
        rights=tuple(sorted(set(rights))),
        until=until,
        named_at=work.now(),
    )
    for each in standing:
        if replace(named, id=each.id, named_at=each.named_at) == each:
            return each
    if len(standing) >= MOST_AGENTS:
        raise Conflict(f"You have named {MOST_AGENTS} agents already. Take one back first.")
    work.named_agents.put(named)
    work.audit.add(
        "agent_named",
        by=by,
        numbers={"rights": len(named.rights)},
        private={"account": account, "agent": named.name, "organisation": named.organisation},
    )
    return named


def take_back(work: Work, agent_id: str, *, by: Actor) -> None:
    """End a naming; every request that rests on it is no longer in the customer's name."""
    by = by.must(Act.NAME_AGENT)
    named = work.named_agents.get(agent_id, account=_account(by))
    if named.revoked_at is not None:
        return
    work.named_agents.put(replace(named, revoked_at=work.now()))
    work.audit.add("agent_taken_back", by=by, private={"account": named.account, "agent": named.name})
    for case in work.cases.by_agents(named.account):
        if case.named_agent == named.id:
            _end(work, case, by)


def _end(work: Work, case: Case, by: Actor) -> None:
    """Take back with a naming what was confirmed on it, and the permission that it showed."""
    if case.agent_answer is not None and case.agent_answer.is_confirmed:
        case = answer_agent(work, case.id, Said.REVOKED, by=by)
    elif case.agent_answer is None and case.is_open:
        case = answer_agent(work, case.id, Said.REFUSED, by=by)
    if case.is_open:
        checked(work, case, how=ENDED, passed=False, facts={PERMISSION: False}, by=by)


def _account(by: Actor) -> str:
    if by.account is None:
        raise Forbidden("You are signed in without an account. Sign in again.")
    return by.account
