"""Where a customer's request stands, said in one sentence and as steps; nothing else of the case is read."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.model.case import Case, CaseState
from requests_portal.model.production import ProductionState
from requests_portal.web import display
from requests_portal.work.compose.available import is_complaint
from requests_portal.work.selection import OF_RECORDINGS
from requests_portal.work.verify import is_known
from requests_portal.work.views.my import Given, OwnRequest

Progress = tuple[str, str, int, int]
_GATHERING = frozenset({ProductionState.RESERVED, ProductionState.GATHERING, ProductionState.FAILED})
_OF_STATE = {CaseState.WAITING: "question", CaseState.DECIDED: "checking", CaseState.CLOSED: "closed"}
_COPIES = frozenset({"access", "portability"})
# What the step that is going on is, of those that a request goes through.
_STEP = {
    "identity": "identity",
    "received": "checking",
    "checking": "checking",
    "copying": "copying",
    "sealing": "sealing",
    "writing": "sealing",
    "ready": "",
    "withdrawn": "",
    "closed": "",
}
HEADINGS = {
    "identity": "We need to know that it is you",
    "received": "We have your request and are looking at it",
    "question": "We need an answer from you",
    "checking": "We are checking what you will get",
    "copying": "We are putting {things} together",
    "sealing": "We are sealing your copy",
    "writing": "We are writing our answer",
    "ready": "Your copy is ready",
    "answered": "Our answer is ready",
    "withdrawn": "We withdrew what you got",
    "closed": "This request is closed",
}
# The same where what was asked for is no copy, and where nothing was asked for but an answer.
_NO_COPY_HEADINGS = {"checking": "We are checking our decision"}
_COMPLAINT_HEADINGS = {
    "received": "We have your complaint and are looking into it",
    "checking": "We are checking our answer to your complaint",
    "closed": "This complaint is closed",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way: `state` is done, now or later; `progress` is (id, words, done, total)."""

    title: str
    body: str
    state: str
    progress: Progress | None = None


def stage_of(own: OwnRequest) -> str:
    """The stage as one word; a later answer on its way counts, not the one that is already there."""
    case = own.case
    if case.state is CaseState.ANSWERED and own.given:
        return _stage_of_given(own)
    if case.state in {CaseState.RECEIVED, CaseState.ASSESSED}:
        return "received" if is_known(case) else "identity"
    if case.state in _OF_STATE:
        return _OF_STATE[case.state]
    return _stage_of_production(own)


def heading(own: OwnRequest) -> str:
    """The present state in a sentence."""
    if own.case.is_by_agent and stage_of(own) == "identity":
        return agent_heading(own.case)
    words = _worded(own.case, HEADINGS, _NO_COPY_HEADINGS, _COMPLAINT_HEADINGS)
    return words[stage_of(own)].format(things="your recordings" if has_recordings(own.case) else "your data")


def agent_heading(case: Case) -> str:
    """What the customer said of who asks in their name, and what it brings, in a sentence."""
    if case.agent_answer is None:
        return "Did you send who asks in your name?" if case.is_open else "Somebody asked in your name"
    if case.agent_answer.is_confirmed:
        return "You confirmed that you sent them" if is_known(case) else "We wait for the permission that you signed"
    return "You said that you did not send them"


def has_recordings(case: Case) -> bool:
    """Whether recordings or their transcripts are asked for."""
    return any(line.data_class in OF_RECORDINGS for line in case.lines)


def is_copy(case: Case) -> bool:
    """Whether a copy is asked for, rather than that something be done."""
    return case.facts.get("right") in _COPIES


def is_done(own: OwnRequest) -> bool:
    """Whether nothing more is to come."""
    return stage_of(own) in {"ready", "answered", "withdrawn", "closed"}


def limit(own: OwnRequest, *, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """(words before the date, the date in words) of when we must answer; the date is empty where none runs."""
    if is_done(own):
        return "", ""
    if own.due is None:
        return "The time limit for our answer starts when we have what is missing.", ""
    day = display.weekday(own.due.astimezone(zone).date())
    if own.due < now:
        return "We are late: the law gave us until", day
    return "We will answer by", day


def steps(own: OwnRequest, zone: ZoneInfo) -> tuple[Step, ...]:
    """The way of a request, with what is done, what goes on and what is to come."""
    names = [name for name in _TITLES if name != "copying" or is_copy(own.case)]
    if own.case.state is CaseState.CLOSED:
        names = ["received"]
    present = _present(own)
    at = names.index(present) if present in names else len(names)
    return tuple(
        _step(own, name, "done" if place < at else "now" if place == at else "later", zone)
        for place, name in enumerate(names)
    )


_TITLES = {
    "received": "Request received",
    "identity": "We know it is you",
    "checking": "Decision on what you get",
    "copying": "Copying your recordings",
    "sealing": "Sealing our answer",
    "ready": "Ready to download",
}
_BODIES = {
    "checking": "A lawyer of ours holds your request against the law where you live.",
    "copying": "We also check every file against the fingerprint taken when it was stored.",
    "sealing": "Our custodian certifies it, and it is signed so that anyone can see whether it was changed.",
    "ready": "You find it on this page.",
}
# What stands there once a step is done.
_DONE = {
    "checking": "It was made under the law where you live.",
    "copying": "Every file was checked against the fingerprint taken when it was stored.",
    "sealing": "Our custodian certified it, and it was signed so that anyone can see whether it was changed.",
}
# The same where the standing policy answers and no person does.
_AUTOMATIC = {"sealing": "It is signed by itself, so that anyone can see whether it was changed; no person reads it."}
_NOT_COPIES = {"checking": "Our decision", "sealing": "Writing our answer", "ready": "Ready to read"}
# A letter has no certificate.
_LETTER_BODIES = {"sealing": "It is signed so that anyone can see whether it was changed."}
_LETTER_DONE = {"sealing": "It was signed so that anyone can see whether it was changed."}
_OF_COMPLAINTS = {"received": "Complaint received", "checking": "Looking into it"}
_COMPLAINT_BODIES = {"checking": "A lawyer of ours looks into what you wrote, under the law where you live."}
_COMPLAINT_DONE = {"checking": "A lawyer of ours looked into what you wrote, under the law where you live."}


def _present(own: OwnRequest) -> str:
    stage = stage_of(own)
    if stage == "question":
        return "checking" if is_known(own.case) else "identity"
    return _STEP.get(stage, "")


def _step(own: OwnRequest, name: str, state: str, zone: ZoneInfo) -> Step:
    title = _worded(own.case, _TITLES, _NOT_COPIES, _OF_COMPLAINTS)[name]
    if name == "copying" and not has_recordings(own.case):
        title = "Copying your data"
    if name == "identity" and state == "now":
        title = "Making sure it is you"
    return Step(
        title=title,
        body=_body(own, name, state, zone),
        state=state,
        progress=_progress(own) if _goes(name, state) else None,
    )


def _goes(name: str, state: str) -> bool:
    return name == "copying" and state == "now"


def _body(own: OwnRequest, name: str, state: str, zone: ZoneInfo) -> str:
    if name == "received":
        return display.moment(own.case.received_at, zone)
    if name == "identity":
        return _how_known(own.case)
    if name == "ready" and state == "done" and own.given:
        return _since_when(own.given[0], zone)
    if name in _AUTOMATIC and is_automatic(own.case):
        return _AUTOMATIC[name]
    words = _worded(own.case, _BODIES, _LETTER_BODIES, _COMPLAINT_BODIES)
    done = _worded(own.case, _DONE, _LETTER_DONE, _COMPLAINT_DONE) if state == "done" else {}
    return (words | done)[name]


def _worded(case: Case, words: dict[str, str], letter: dict[str, str], complaint: dict[str, str]) -> dict[str, str]:
    """The words for a copy; others take their place where a letter alone answers, and where it is of a complaint."""
    return words | ({} if is_copy(case) else letter) | (complaint if is_complaint(case) else {})


def is_automatic(case: Case) -> bool:
    """Whether the standing policy answers all the way, and no person of ours has a hand in it."""
    return case.decision is not None and case.decision.policy is not None and not case.not_routine


def _since_when(newest: Given, zone: ZoneInfo) -> str:
    since = display.moment(newest.at, zone)
    if newest.ended_at is None:
        return f"Since {since}."
    return f"From {since}, until we withdrew it on {display.moment(newest.ended_at, zone)}."


def _how_known(case: Case) -> str:
    if case.facts.get("identity_verified") is True and not case.checks:
        return "You were signed in to your account."
    return "We have checked it." if is_known(case) else "Nothing leaves before we know that it is you."


def _progress(own: OwnRequest) -> Progress | None:
    if own.copied is None or not own.copied[1]:
        return None
    done, total = own.copied
    words = f"{display.number(done)} of {display.count(total, 'recording')} copied"
    return ("copied", words, done, total)


def _stage_of_given(own: OwnRequest) -> str:
    open_ = [each for each in own.given if each.ended_at is None]
    if open_:
        return "ready" if any(each.holds_records for each in open_) else "answered"
    # What takes the place of an answer that we withdrew is on its way.
    if own.production is not None and own.production.state is not ProductionState.RELEASED:
        return _stage_of_production(own)
    return "withdrawn"


def _stage_of_production(own: OwnRequest) -> str:
    production = own.production
    if own.is_letter:
        return "writing"
    if production is None or production.state in _GATHERING:
        return "copying"
    return "sealing"
