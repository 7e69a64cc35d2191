"""Answer an agent: the customer says in their account whether they sent who asks in their name, or that they asked.

Who asks through an agent hears nothing from us before: whether there is such an account is not theirs to learn.
"""

from dataclasses import replace

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.agent import AgentAnswer, Said
from requests_portal.model.case import Case, Track
from requests_portal.model.message import Message
from requests_portal.work.cooling_off import known_customer, tell_of_request
from requests_portal.work.ports import Work
from requests_portal.work.verify import CONFIRMED, IDENTITY, POWER, checked

ASKED = "asked_in_your_name"
LANGUAGES = ("en", "de", "fr", "es")
# What may follow what the customer said before.
MAY_SAY: dict[Said | None, frozenset[Said]] = {
    None: frozenset({Said.CONFIRMED, Said.REFUSED}),
    Said.CONFIRMED: frozenset({Said.REVOKED}),
    Said.REFUSED: frozenset({Said.CONFIRMED}),
    Said.REVOKED: frozenset({Said.CONFIRMED}),
}
HOW = {
    Said.CONFIRMED: "The customer, signed in afresh, confirmed in their account that they sent the agent",
    Said.REFUSED: "The customer, signed in afresh, said in their account that they did not send the agent.",
    Said.REVOKED: "The customer, signed in afresh, took back in their account that they sent the agent.",
}
THEMSELVES = "The customer, signed in afresh, confirmed in their account that they asked."


def ask_the_customer(work: Work, case: Case) -> None:
    """Tell the customer that somebody asks in their name, and nothing of who or for what."""
    customer = known_customer(work, case.account) if case.is_by_agent else None
    if customer is None or "@" not in customer.email:
        return
    spoken = customer.language.partition("-")[0].lower()
    language = spoken if spoken in LANGUAGES else LANGUAGES[0]
    said = {"company": work.house.name, "link": f"{work.house.public_url}/my/agents"}
    key, template = f"{ASKED}-{case.id}-{case.version}", f"{ASKED}_{language}"
    message = Message(key=key, to=customer.email, template=template, words=said)
    work.messages.add(message, id=work.new_id(), at=work.now())


def answer_agent(work: Work, case_id: str, said: Said, *, receives: bool = False, by: Actor) -> Case:
    """Record what the customer says of an agent's request; whoever confirms has shown that the account is theirs.

    11 CCR § 7063(a): the business may have the consumer verify themselves and confirm the permission directly. What was
    confirmed can be taken back for good: what has not left then stays, and the agent's link gives nothing any more.
    """
    by = by.must(Act.NAME_AGENT)
    case = work.cases.get(case_id, by=by)
    before = case.agent_answer.said if case.agent_answer else None
    if not case.is_by_agent:
        raise Conflict("Nobody asked this in your name.")
    if said not in MAY_SAY[before] or (said is not Said.REVOKED and not case.is_open):
        raise Conflict("This was answered already. Reload the page to see what it says now.")
    confirms = said is Said.CONFIRMED
    answer = AgentAnswer(said=said, at=work.now(), receives=receives and confirms)
    case = replace(case, agent_answer=answer)
    work.audit.add(f"agent_{said}", by=by, case=case.id, words={"may_receive": "yes" if answer.receives else "no"})
    if not case.is_open:
        return work.cases.put(case)
    if confirms:
        tell_of_request(work, case.account, key=f"agent-{case.id}")
    # A power of attorney that its principal disowns is none (Cal. Prob. Code § 4151).
    facts = {CONFIRMED: True, IDENTITY: True} if confirms else {CONFIRMED: False, POWER: False}
    return checked(work, case, how=_how(answer), passed=confirms, facts=facts, by=by)


def confirm_own(work: Work, case_id: str, *, by: Actor) -> Case:
    """Record that the customer says in their account that a request filed for them by us is theirs."""
    by = by.must(Act.CONFIRM_OWN)
    case = work.cases.get(case_id, by=by)
    if not may_confirm(case):
        raise Conflict("There is nothing to confirm here. Reload the page to see where your request stands.")
    tell_of_request(work, case.account, key=f"own-{case.id}")
    return checked(work, case, how=THEMSELVES, passed=True, facts={IDENTITY: True}, by=by)


def may_confirm(case: Case) -> bool:
    """Whether a request waits for the customer's own word that they asked."""
    themselves = case.track is Track.DATA_SUBJECT and case.facts.get("requester_kind") == "data_subject"
    return themselves and case.is_open and case.facts.get(IDENTITY) is not True


def _how(answer: AgentAnswer) -> str:
    if answer.said is not Said.CONFIRMED:
        return HOW[answer.said]
    return f"{HOW[answer.said]}{', and that the agent may have the answer' if answer.receives else ''}."
