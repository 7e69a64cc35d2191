"""Acting out a request with the real verbs: filed with its paper, checked, decided, approved, certified, released."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from requests_portal.app import Desk
from requests_portal.bundle import write_letter
from requests_portal.bundle.contents import LetterContents
from requests_portal.demonstration.filing import Scenario
from requests_portal.demonstration.papers import paper_text
from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM, Actor, Role
from requests_portal.model.case import Case, Quote, Requester, Track
from requests_portal.model.decision import LineDecision
from requests_portal.model.listening import Needed
from requests_portal.model.officer_check import Outcome, RequestText
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.production import Production, ProductionState
from requests_portal.model.recording import ACCOUNT_HOLDER
from requests_portal.model.standing_policy import Terms
from requests_portal.storage.vault import Vault
from requests_portal.work.adopt_policy import adopt_certificate, adopt_policy, propose_policy
from requests_portal.work.answer_agent import confirm_own
from requests_portal.work.approve import approve
from requests_portal.work.archive import missing_copies
from requests_portal.work.ask_to_hear import ask_to_hear
from requests_portal.work.assign import assign, wait_for_requester
from requests_portal.work.decide import Choice, Ruling, decide, raised_grounds
from requests_portal.work.draw import draw, forget
from requests_portal.work.notify import leave_untold, ought_to_be_told_first, tell, why_not_tell
from requests_portal.work.officer_checks import CHANNELS, call_back, confirm_channel, match_agency
from requests_portal.work.pin import new_pin
from requests_portal.work.produce import certify
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release import release
from requests_portal.work.selection import match
from requests_portal.work.silence import mark, propose_from_speakers

MAX_PAPER = 32 * 1024 * 1024
POLL_SECONDS = 0.1
SETTLED = frozenset(
    {ProductionState.GATHERED, ProductionState.OFFERED, ProductionState.FAILED, ProductionState.CANCELLED}
)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who plays which part."""

    clerk: Actor
    lawyer: Actor
    second: Actor
    custodian: Actor


def paper(desk: Desk, scenario: Scenario) -> tuple[Paper, bytes]:
    """The scenario's paper as a PDF in the vault, and its bytes."""
    data = _printed(desk, scenario)
    vault = desk.outside.vault
    assert isinstance(vault, Vault)  # noqa: S101 — the composition root put it there
    stored = vault.put_paper(iter((data,)), max_bytes=MAX_PAPER)
    kept = Paper(
        sha256=stored.sha256,
        size=stored.size,
        filename=f"{scenario.key}.pdf",
        received_at=scenario.received_at,
        state=PaperState.CLEAN,
        pages=1,
    )
    return kept, data


def file(desk: Desk, scenario: Scenario, *, papers: tuple[Paper, ...], by: Actor) -> Case:
    """File the scenario, with the check of the requester where it tells of one, and give it to its assignee."""
    filing = Filing(
        track=Track(scenario.track),
        title=scenario.title,
        requester=Requester(
            name=scenario.asker.name,
            organisation=scenario.asker.organisation,
            email=scenario.asker.email,
            address=scenario.asker.address,
            country=scenario.asker.country,
        ),
        received_at=scenario.received_at,
        zone=scenario.zone,
        language=scenario.language,
        facts=dict(scenario.facts),
        quotes=tuple(Quote(words=words, place=place) for words, place in scenario.quotes),
        papers=papers,
        account=scenario.account if scenario.track == "data_subject" else None,
    )
    with desk.ledger.unit_of_work() as work:
        return receive(work, filing, by=by)


def put_policy_in_force(desk: Desk, terms: Terms, *, reason: str, cast: Cast) -> None:
    """Let two lawyers and the custodian adopt a standing policy."""
    with desk.ledger.unit_of_work() as work:
        proposal = propose_policy(work, terms, reason=reason, by=cast.lawyer)
        adopt_policy(work, proposal.id, seen=proposal.policy.digest, by=cast.second)
        adopt_certificate(work, proposal.id, seen=proposal.policy.digest, by=cast.custodian)


def file_themselves(desk: Desk, scenario: Scenario) -> Case:
    """File the scenario as its customer does on the page of their account, having just signed in."""
    asker, account = scenario.asker, scenario.account or ""
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title=scenario.title,
        requester=Requester(name=asker.name, email=asker.email, address=asker.address, country=asker.country),
        received_at=scenario.received_at,
        zone=scenario.zone,
        language=scenario.language,
        facts=dict(scenario.facts),
        account=account,
        signed_in_at=scenario.received_at,
        signed_in_by="demonstration",
    )
    with desk.ledger.unit_of_work() as work:
        return receive(work, filing, by=_themselves(account, asker.name))


def _themselves(account: str, name: str) -> Actor:
    return Actor(id=account, name=name, roles=frozenset({Role.CUSTOMER}), account=account)


def check(desk: Desk, case_id: str, *, how: str, by: Actor) -> None:
    """Record that the requester is who they say: a customer confirms it in their account, an authority is called."""
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=by)
        if case.track is Track.DATA_SUBJECT:
            confirm_own(work, case_id, by=_themselves(case.account or "", case.requester.name))
            return
        agency = work.agencies.search(case.requester.organisation, after="", most=1)[0]
        match_agency(work, case_id, agency.id, by=by)
        if case.facts.get("channel") in CHANNELS:
            confirm_channel(work, case_id, reference=how, passed=True, by=by)
            return
        number = agency.phones[0].number
        nothing_else = RequestText(words="", unread=0)
        call_back(work, case_id, number, told=how, outcome=Outcome.PASSED, request=nothing_else, by_eye=False, by=by)


def hand_to(desk: Desk, case_id: str, *, to: str, by: Actor) -> None:
    """Give the case to somebody."""
    with desk.ledger.unit_of_work() as work:
        assign(work, case_id, to=to, by=by)


def wait(desk: Desk, case_id: str, *, for_what: str, by: Actor) -> None:
    """Record that we wait for the requester."""
    with desk.ledger.unit_of_work() as work:
        wait_for_requester(work, case_id, for_what=for_what, by=by)


def accept(desk: Desk, case_id: str, *, by: Actor) -> Case:
    """Decide as proposed, line by line."""
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=by)
        if case.assessment is None:
            raise Conflict("This case has not been assessed.")
        choices = {record.line.id: Choice(move="accept") for record in case.assessment.lines}
        ruling = Ruling(choices=choices, grounds=raised_grounds(case.assessment), reasons="")
        return decide(work, case_id, ruling, by=by)


def silence_others(desk: Desk, case_id: str, *, reason: str, by: Actor) -> None:
    """Mark everybody else's speech in recordings that would be held back, so that the account holder's leaves."""
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=by)
        records = case.assessment.lines if case.assessment else ()
        lines = [LineDecision(line=r.line.id, disposition=r.disposition, scope=r.proposed) for r in records]
        held_back = [work.catalogue.get(each, by=SYSTEM) for each, _ in match(work, case, lines).withheld]
        # Where only others speak, nothing would be left to hear.
        shared = [each for each in held_back if any(span.label in ACCOUNT_HOLDER for span in each.speakers or ())]
        mark(work, case.id, {each.id: propose_from_speakers(each, reason) for each in shared}, by=by)


def let_hear(desk: Desk, case_id: str, *, words: str, by: Actor) -> None:
    """Ask the reviewers to hear the case's recordings, as its demand needs it."""
    with desk.ledger.unit_of_work() as work:
        ask_to_hear(work, case_id, needed=Needed.DEMAND, words=words, by=by)


def approve_it(desk: Desk, case_id: str, *, by: Actor) -> None:
    """Approve the decision that stands, if it needs approval."""
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=by)
        if case.decision is not None and not case.is_cleared:
            approve(work, case_id, digest=case.decision.digest, by=by)


def sign_off(desk: Desk, production_id: str, *, by: Actor) -> None:
    """Certify a gathered production in the house's own words."""
    drawn = draw(desk.outside, production_id, by=by)
    pages = [each.digest for each in drawn.volumes]
    with desk.ledger.unit_of_work() as work:
        certify(work, production_id, paragraphs=drawn.paragraphs, pages=pages, digest=drawn.items, by=by)
    forget(desk.outside, production_id)


def tell_customer(desk: Desk, case_id: str, *, by: Actor) -> None:
    """Tell the customer of a demand where they ought to be told before their data leave, or say why not."""
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=by)
        if not ought_to_be_told_first(work, case):
            return
        if reason := why_not_tell(work, case):
            leave_untold(work, case_id, reason=reason, by=by)
            return
        tell(work, case_id, by=by)
        if ought_to_be_told_first(work, case):
            leave_untold(work, case_id, reason=why_not_tell(work, case), by=by)


def hand_over(desk: Desk, production_id: str, *, by: Actor) -> tuple[str, str]:
    """Release an offered production once its customer is told; returns the link's token and its PIN."""
    token, pin = secrets.token_urlsafe(32), new_pin()
    with desk.ledger.reading() as work:
        production = work.productions.get(production_id)
    tell_customer(desk, production.case, by=by)
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(production.case, by=by)
        recipient = case.requester.email or case.requester.name
        release(work, production_id, recipient=recipient, token=token, pin=pin, by=by)
    return token, pin


def settled(desk: Desk, case_id: str, *, until: Callable[[], bool] = lambda: False) -> Iterator[Production]:
    """Wait for the worker: yield the newest production each time it needs a person, or has stopped."""
    seen = None
    while not until():
        with desk.ledger.reading() as work:
            # Only when something has changed is all of it read: the worker needs the processor.
            newest, state = work.productions.states(case_id)[-1]
            settled = work.productions.get(newest) if state in SETTLED and state != seen else None
        if settled is not None:
            seen = settled.state
            yield settled
        time.sleep(POLL_SECONDS)


def released(desk: Desk, case_id: str, *, until: Callable[[], bool]) -> None:
    """Wait for the worker to release what the standing policy decided, or to leave it to people."""
    while not until():
        with desk.ledger.reading() as work:
            case = work.cases.get(case_id, by=SYSTEM)
        if not case.is_open or case.not_routine:
            return
        time.sleep(POLL_SECONDS)


def archived(desk: Desk, production_id: str, *, until: Callable[[], bool]) -> None:
    """Wait for the worker to keep an archived copy of every document of a production."""
    while not until():
        with desk.ledger.reading() as work:
            if not missing_copies(work, production_id):
                return
        time.sleep(POLL_SECONDS)


def patience(seconds: float) -> Callable[[], bool]:
    """Whether so many seconds have passed since now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _printed(desk: Desk, scenario: Scenario) -> bytes:
    words = paper_text(scenario)
    contents = LetterContents(
        reference=scenario.key,
        language=scenario.language,
        recipient=(desk.ledger.house.name, *desk.ledger.house.address),
        our_name=scenario.asker.organisation or scenario.asker.name,
        our_address=scenario.asker.address,
        subject=scenario.title,
        date=scenario.received_at.date(),
        paragraphs=words,
        objections=(),
        closing=(scenario.asker.name,),
        made_at=scenario.received_at,
        document_id=scenario.key,
        draft=False,
    )
    out = BytesIO()
    write_letter(contents, out, signer=None)
    return out.getvalue()
