"""Check who sends a legal demand: against the agency directory, by a call to a number of its own, by the channel."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from requests_portal.errors import Barred, Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.agency import Agency, Phone, ascii_host
from requests_portal.model.case import Case, Check, Track
from requests_portal.model.lookalike import Lookalike, as_read, looks_like
from requests_portal.model.officer_check import (
    CheckKind,
    MessageRead,
    OfficerCheck,
    Outcome,
    PaperSignature,
    RequestText,
    names_number,
)
from requests_portal.work.assess import assessed
from requests_portal.work.follow_up import follow_up_clock
from requests_portal.work.ports import Work

VERIFIED, HOW, ATTESTED = "requester_verified", "verified_how", "emergency_attested"
# What no clerk sets and no paper states: these facts are written by checks alone.
BY_CHECKS = frozenset({VERIFIED, HOW, ATTESTED})
# What came by a channel that tells who uses it is confirmed by that channel, and by no other.
CHANNELS = {"portal": "portal_credentials", "registered_agent": "registered_agent", "judex": "judex"}
LONGEST = 1000


def match_agency(work: Work, case_id: str, agency_id: str, *, by: Actor) -> Case:
    """Say which agency of the directory asks; their domain is compared with its entry, a call to another is void."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    agency = work.agencies.get(agency_id)
    if case.agency not in {None, agency.id} and follow_up_clock(work, case) is not None:
        raise Barred("An emergency answer went to the agency that is named here, and it owes the legal process for it.")
    outcome, how = of_domain(work, case.requester.email, agency)
    facts = dict(case.facts)
    if case.agency not in {None, agency.id}:
        # Both calls were to the other agency.
        facts = _without(facts) if facts.get(HOW) == "call_back" else unattested(facts)
    if outcome is Outcome.FAILED:
        facts = _without(facts) | {VERIFIED: False}
    matched = replace(case, agency=agency.id)
    return record(work, matched, CheckKind.DOMAIN, outcome, how, facts=facts, by=by)


def call_back(
    work: Work, case_id: str, number: str, *, told: str, outcome: Outcome, request: RequestText, by_eye: bool, by: Actor
) -> Case:
    """Record a call to a number that the directory has and the request has not, and what was said there."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    phone = callable_number(work, case, number, request)
    if request.unread and not by_eye:
        raise Unusable("Some papers have no words that we can read. Look through them for this number, and say so.")
    how = f"Called {phone.number}, found in {phone.source}: {said(told)}"
    facts = dict(case.facts)
    if outcome is Outcome.PASSED:
        facts |= {VERIFIED: True, HOW: "call_back"}
    elif outcome is Outcome.FAILED:
        facts = _without(facts) | {VERIFIED: False}
    return record(work, case, CheckKind.CALL_BACK, outcome, how, facts=facts, by=by)


def read_message(work: Work, case_id: str, message: MessageRead, *, by: Actor) -> Case:
    """Record what a message as received shows; a signature that forwarding broke shows nothing."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    if case.agency is None:
        raise Conflict("Say first which agency of the directory asks; the message is compared with its domains.")
    outcome, how = of_domain(work, message.address, work.agencies.get(case.agency))
    facts = dict(case.facts)
    if outcome is Outcome.FAILED:
        facts = _without(facts) | {VERIFIED: False}
    elif not message.signed_by:
        outcome = Outcome.NOT_SHOWN
    how = f"{how} {_signed(message)}"
    return record(work, case, CheckKind.MESSAGE, outcome, how, facts=facts, by=by, subject=message.sha256)


def record_signatures(work: Work, case_id: str, found: Mapping[str, Sequence[PaperSignature]], *, by: Actor) -> Case:
    """Record what the signatures of a case's papers show; whose root stands behind them is for nobody here to say."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    for paper in case.papers:
        for signature in found.get(paper.sha256, ()):
            outcome = Outcome.NOT_SHOWN if signature.intact else Outcome.FAILED
            facts = dict(case.facts) if signature.intact else _without(case.facts) | {VERIFIED: False}
            how = f"{paper.filename}: {_of_signature(signature)}"
            case = record(work, case, CheckKind.SIGNATURE, outcome, how, facts=facts, by=by, subject=paper.sha256)
    if not any(found.values()):
        none = "No paper has a signature that can be read."
        case = record(work, case, CheckKind.SIGNATURE, Outcome.NOT_SHOWN, none, facts=dict(case.facts), by=by)
    return case


def judge_papers(work: Work, case_id: str, *, told: str, reused: bool, by: Actor) -> Case:
    """Record that somebody looked at the earlier papers, and whether these were made from one of them."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    outcome = Outcome.FAILED if reused else Outcome.NOT_SHOWN
    facts = _without(case.facts) | {VERIFIED: False} if reused else dict(case.facts)
    how = f"Compared with the earlier papers: {said(told)}"
    return record(work, case, CheckKind.PAPERS, outcome, how, facts=facts, by=by)


def confirm_channel(work: Work, case_id: str, *, reference: str, passed: bool, by: Actor) -> Case:
    """Record whether the channel that a paper came by confirms who sent it, with the channel's own reference."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = asking(work, case_id, by)
    means = CHANNELS.get(str(case.facts.get("channel")))
    if means is None:
        raise Unusable("The way it reached us confirms nobody. Call back a number of the directory.")
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    facts = {**case.facts, VERIFIED: True, HOW: means} if passed else _without(case.facts) | {VERIFIED: False}
    how = f"By the channel it came by, {means.replace('_', ' ')}: {said(reference)}"
    return record(work, case, CheckKind.CHANNEL, outcome, how, facts=facts, by=by)


def by_channel_as_corrected(facts: dict[str, object], before: Mapping[str, object]) -> dict[str, object]:
    """The facts without a confirmation by the channel that the paper, as it turns out, did not come by."""
    moved = facts.get("channel") != before.get("channel")
    return _without(facts) if moved and facts.get(HOW) in CHANNELS.values() else facts


def of_domain(work: Work, email: str, agency: Agency) -> tuple[Outcome, str]:
    """What the sender's domain says beside an agency's entry, in words."""
    try:
        host = ascii_host(email.rpartition("@")[2])
    except Unusable:
        return Outcome.NOT_SHOWN, f"No e-mail address to compare with {agency.name}."
    shown = as_read(host)
    if any(domain.covers(host) for domain in agency.domains):
        return Outcome.PASSED, f"They write from {shown}, a domain of {agency.name}."
    if (alike := lookalike_of(work, host)) is not None:
        return Outcome.FAILED, f"They write from {shown} ({host}), which is not {alike.domain}: {alike.way}."
    return Outcome.NOT_SHOWN, f"They write from {shown}, which the directory does not have for {agency.name}."


def lookalike_of(work: Work, host: str) -> Lookalike | None:
    """The domain of the directory that a host reads like; None for one that the directory has."""
    labels = host.split(".")
    known = work.agencies.of_domains([".".join(labels[start:]) for start in range(len(labels) - 1)])
    if any(domain.covers(host) for domain, _ in known):
        return None
    found = (looks_like(host, domain.name) for domain, _ in work.agencies.domains())
    return next((each for each in found if each is not None), None)


def written_in(case: Case, papers: RequestText) -> RequestText:
    """Everything that the request itself says: its form, the words quoted from it, and its papers."""
    asker = case.requester
    attested = [case.attestation.statement.words] if case.attestation else []
    form = [asker.name, asker.organisation, asker.email, *asker.address, asker.file_number, case.title]
    return replace(papers, words="\n".join([*form, *(each.words for each in case.quotes), *attested, papers.words]))


def callable_number(work: Work, case: Case, number: str, request: RequestText) -> Phone:
    """The number of the directory that was called; one that the request gives, or only the caller, is refused."""
    if case.agency is None:
        raise Conflict("Say first which agency of the directory asks; its numbers are the only ones to call.")
    for phone in work.agencies.get(case.agency).phones:
        if phone.number == number:
            if names_number(written_in(case, request).words, phone.number):
                raise Barred("This number appears in the request. Call another number of the directory.")
            return phone
    raise Barred("This number is not one that the directory has for the agency. Choose one of its numbers.")


def asking(work: Work, case_id: str, by: Actor) -> Case:
    """The legal demand whose sender is checked."""
    case = work.cases.get(case_id, by=by)
    if case.track is not Track.LEGAL_DEMAND:
        raise Conflict("This is a person's own request. Record a check of who they are instead.")
    return case


def _signed(message: MessageRead) -> str:
    if message.signed_by:
        return f"The message is signed by {as_read(message.signed_by)} and unchanged since."
    if message.signatures:
        return "No signature of that domain holds, as after forwarding: that shows nothing either way."
    return "The message has no signature."


def _of_signature(signature: PaperSignature) -> str:
    if not signature.intact:
        return f"it was changed after {signature.signer} signed it, or that signature is not theirs."
    covers = "the whole file" if signature.whole else "an earlier state of the file, to which something was added"
    issued = "itself" if signature.issuer == signature.signer else signature.issuer
    return (
        f"signed by “{signature.signer}”, over {covers}, unchanged. Its certificate is issued by {issued}; "
        "we keep no list of issuers to trust, so this is only what it says of itself."
    )


def said(words: str) -> str:
    """What was said there, on one line; raises Unusable for nothing, or too much."""
    words = " ".join(words.split())
    if not 0 < len(words) <= LONGEST:
        raise Unusable(f"Say whom you spoke with and what they confirmed, in at most {LONGEST} characters.")
    return words


def unattested(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts without the supervisor's word, which was about something else."""
    return {name: value for name, value in facts.items() if name != ATTESTED}


def _without(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name not in BY_CHECKS}


def record(
    work: Work,
    case: Case,
    kind: CheckKind,
    outcome: Outcome,
    how: str,
    *,
    facts: dict[str, object],
    by: Actor,
    subject: str = "",
) -> Case:
    """Keep a check; the case is assessed again where it changes what is established."""
    check = OfficerCheck(
        id=work.new_id(),
        case=case.id,
        kind=kind,
        outcome=outcome,
        how=how,
        by=by.id,
        by_name=by.name,
        at=work.now(),
        agency=case.agency,
        subject=subject,
    )
    work.officer_checks.add(check)
    words = {"kind": str(kind), "outcome": str(outcome)}
    work.audit.add("requester_checked", by=by, case=case.id, words=words, private={"how": how})
    if outcome is not Outcome.NOT_SHOWN:
        told = Check(how=how, passed=outcome is Outcome.PASSED, by=by.id, by_name=by.name, at=check.at)
        case = replace(case, checks=(*case.checks, told))
    if facts == case.facts:
        return work.cases.put(case)
    return assessed(work, replace(case, facts=facts), by=by)
