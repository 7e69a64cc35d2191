"""The page of checks: what was done to know who sends a demand, what remains, and what each check does not prove."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import request, url_for
from marshmallow import Schema
from marshmallow.fields import String
from marshmallow.validate import Length, OneOf
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound, Refused, Unusable
from requests_portal.mail import evidence
from requests_portal.model.actor import Act
from requests_portal.model.agency import Agency, Phone, folded
from requests_portal.model.case import Case, Track
from requests_portal.model.officer_check import CheckKind, MessageRead, OfficerCheck, Outcome, RequestText, names_number
from requests_portal.model.paper_mark import Alike, Likeness, mark_of
from requests_portal.model.papers import Paper, PaperState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.papers import clean_name
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import Portal, the_portal
from requests_portal.web.refusing import note_refusal
from requests_portal.work.four_eyes import is_emergency
from requests_portal.work.officer_checks import (
    ATTESTED,
    CHANNELS,
    HOW,
    VERIFIED,
    call_back,
    confirm_channel,
    judge_papers,
    match_agency,
    read_message,
    record_signatures,
    written_in,
)
from requests_portal.work.papers import add_paper
from requests_portal.work.plausible import implausible
from requests_portal.work.ports import Work

MOST_FOUND = 20
T = TypeVar("T")
# Each is read in a process of its own; somebody waits for all of them together.
MOST_READ, READ_SECONDS = 12, 10.0
KINDS = {
    CheckKind.DOMAIN: "Sender's domain",
    CheckKind.CALL_BACK: "Call back",
    CheckKind.CHANNEL: "Channel",
    CheckKind.MESSAGE: "Message",
    CheckKind.SIGNATURE: "Signature of a paper",
    CheckKind.PAPERS: "Earlier papers",
    CheckKind.SUPERVISOR: "Supervisor called",
}
OUTCOMES = {
    Outcome.PASSED: ("Confirmed", "ok"),
    Outcome.FAILED: ("Not confirmed", "bad"),
    Outcome.NOT_SHOWN: ("Not shown", "plain"),
}
PROVES = {
    CheckKind.DOMAIN: "It proves a domain, not a person: mailboxes of authorities are broken into.",
    CheckKind.CALL_BACK: "It proves that somebody there knows of the request, not that the order is lawful.",
    CheckKind.MESSAGE: "A signature proves which domain sent it. What the message says of itself proves nothing.",
    CheckKind.SIGNATURE: "It shows that the file is as it was signed. Whose key that was, only its certificate says.",
    CheckKind.PAPERS: "Forged orders are made from real ones. Official forms are alike too, and so are reminders.",
    CheckKind.SUPERVISOR: "It proves that a second person there answers for it; that can be the same voice.",
    CheckKind.CHANNEL: "It proves who may use the channel. It does not prove who sat at the keyboard.",
}
LIKE = {
    Likeness.BYTES: "The very same file",
    Likeness.TEXT: "The same words",
    Likeness.DOCKET: "The same case or file number",
    Likeness.TEMPLATE: "About {share} of the same runs of words, as with a form or a template",
}
CALLED = {
    "passed": "They confirmed the officer and the request",
    "failed": "They do not know of it",
    "not_shown": "We reached nobody who could say",
}


class AgencySchema(Schema):
    """Which agency of the directory asks."""

    agency = String(
        required=True, error_messages={"required": "Choose the agency, or put it forward for the directory."}
    )


def number_called() -> String:
    """The number that was called."""
    return String(required=True, error_messages={"required": "Choose the number that you called."})


def what_was_said() -> String:
    """Whom somebody spoke with, in words of theirs."""
    return String(
        required=True,
        validate=Length(max=1000, error="Use at most {max} characters."),
        error_messages={"required": "Say whom you spoke with and what they confirmed."},
    )


def what_it_showed() -> String:
    """What came of a call."""
    return String(
        required=True,
        validate=OneOf(list(CALLED), error="Say what the call showed."),
        error_messages={"required": "Say what the call showed."},
    )


class CallSchema(Schema):
    """A call back, to which number, and what was said."""

    number = number_called()
    told = what_was_said()
    outcome = what_it_showed()
    by_eye = String()


class ChannelSchema(Schema):
    """What the channel says of who used it."""

    reference = String(
        required=True,
        validate=Length(max=1000, error="Use at most {max} characters."),
        error_messages={"required": "Give the channel's own number of the message, and who it says sent it."},
    )
    passed = String(
        required=True,
        validate=OneOf(["yes", "no"], error="Say whether the channel confirms who sent it."),
        error_messages={"required": "Say whether the channel confirms who sent it."},
    )


class PapersSchema(Schema):
    """What somebody makes of earlier papers that are like these."""

    made_of = String(
        required=True,
        validate=Length(max=1000, error="Use at most {max} characters."),
        error_messages={"required": "Say what you looked at, and what you make of it."},
    )
    reused = String(
        required=True,
        validate=OneOf(["yes", "no"], error="Say whether these papers were made from an earlier one."),
        error_messages={"required": "Say whether these papers were made from an earlier one."},
    )


@pages.get("/requests/<reference>/checks")
@does(Act.READ_CASE)
def checks(reference: str) -> str | Response:
    """Every check of who asks with its outcome, what remains, and what each proves."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    if found.track is not Track.LEGAL_DEMAND:
        return see_other("casework.case", reference=reference)
    return _page(found, {}, {})


@pages.post("/requests/<reference>/checks/agency")
@does(Act.VERIFY_REQUESTER)
def match(reference: str) -> Response | tuple[str, int]:
    """Say which agency of the directory asks; the sender's domain is compared with its entry."""
    said, errors = loaded(AgencySchema(), typed(AgencySchema(), request.form))
    return recorded(
        reference, said, errors, lambda work, case: match_agency(work, case.id, said["agency"], by=person())
    )


@pages.post("/requests/<reference>/checks/call")
@does(Act.VERIFY_REQUESTER, fresh=True)
def call(reference: str) -> Response | tuple[str, int]:
    """Record a call back to a number of the directory."""
    values = typed(CallSchema(), request.form)
    said, errors = loaded(CallSchema(), values)
    with the_portal().outside.reading() as work:
        papers = papers_of(the_case(work, reference))
    return recorded(
        reference,
        values,
        errors,
        lambda work, case: call_back(
            work,
            case.id,
            said["number"],
            told=said["told"],
            outcome=Outcome(said["outcome"]),
            request=papers,
            by_eye=said.get("by_eye") == "yes",
            by=person(),
        ),
    )


@pages.post("/requests/<reference>/checks/message")
@does(Act.VERIFY_REQUESTER)
def message(reference: str) -> Response | tuple[str, int]:
    """Read a message as it was received, keep it with the papers, and record what it shows."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = the_case(work, reference)
    try:
        kept, shown = _message(portal)
        with portal.outside.unit_of_work() as work:
            add_paper(work, found.id, kept, by=person())
            read_message(work, found.id, shown, by=person())
    except Refused as refusal:
        return _page(found, {}, {"message": refusal.sentence}), refusal.status
    return see_other("casework.checks", reference=reference)


@pages.post("/requests/<reference>/checks/signatures")
@does(Act.VERIFY_REQUESTER)
def signatures(reference: str) -> Response | tuple[str, int]:
    """Read the signatures of the papers, and record what they show."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = the_case(work, reference)
    read = _in_time(found, portal.paper_signatures)
    return recorded(reference, {}, {}, lambda work, case: record_signatures(work, case.id, read, by=person()))


@pages.post("/requests/<reference>/checks/papers")
@does(Act.VERIFY_REQUESTER)
def papers(reference: str) -> Response | tuple[str, int]:
    """Record what somebody makes of the earlier papers that are like these."""
    values = typed(PapersSchema(), request.form)
    said, errors = loaded(PapersSchema(), values)

    def judge(work: Work, case: Case) -> Case:
        return judge_papers(work, case.id, told=said["made_of"], reused=said["reused"] == "yes", by=person())

    return recorded(reference, values, errors, judge)


@pages.post("/requests/<reference>/checks/channel")
@does(Act.VERIFY_REQUESTER, fresh=True)
def channel(reference: str) -> Response | tuple[str, int]:
    """Record what the channel says of who used it."""
    values = typed(ChannelSchema(), request.form)
    said, errors = loaded(ChannelSchema(), values)

    def confirm(work: Work, case: Case) -> Case:
        return confirm_channel(work, case.id, reference=said["reference"], passed=said["passed"] == "yes", by=person())

    return recorded(reference, values, errors, confirm)


def _message(portal: Portal) -> tuple[Paper, MessageRead]:
    """The uploaded message, stored as a paper that is never shown, and what it shows."""
    file = request.files.get("message")
    if file is None or not file.filename:
        raise Unusable("Choose the message, saved as an .eml file.")
    data = file.stream.read(evidence.MOST_BYTES + 1)
    seen = evidence.read_message(data, portal.txt_record)
    stored = portal.outside.vault.put_paper(iter((data,)), max_bytes=portal.max_upload)
    kept = Paper(
        sha256=stored.sha256,
        size=stored.size,
        filename=clean_name(file),
        received_at=portal.now(),
        state=PaperState.QUARANTINED,
        reason="It is a message, read for its signature alone.",
    )
    return kept, seen


def recorded(
    reference: str, values: Typed, errors: Errors, check: Any, *, beside: str = ""
) -> Response | tuple[str, int]:
    """Record a check, or show what is wrong with it beside its field."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                check(work, the_case(work, reference))
        except Refused as refusal:
            note_refusal(refusal.status)
            typed_in = (each for each in ("made_of", "number", "reference") if each in values)
            field = beside or next(typed_in, "agency")
            errors = {field: refusal.sentence}
    if errors:
        return _page(found, values, errors), 422
    return see_other("casework.checks", reference=reference)


def _page(found: Case, values: Typed, errors: Errors) -> str:
    texts = _texts(found)
    papers, marks = _read(texts), [mark_of(sha256, words) for sha256, words in texts.items()]
    with the_portal().outside.reading() as work:
        alike = work.paper_marks.alike(found, marks, by=person())
        made = work.officer_checks.of_case(found.id)
        agency = _agency(work, found)
        candidates = _candidates(work, found)
        pace = _pace(work, agency) if agency else []
    text = written_in(found, papers).words
    return form_page(
        "case_checks.html",
        found,
        errors,
        values=values,
        state=_state(found),
        remains=_remains(found, agency, made),
        made=[_row(each) for each in made],
        agency=agency,
        agency_url=url_for("agencies.agency", agency_id=agency.id) if agency else None,
        candidates=[(each.id, f"{each.name}, {each.place}") for each in candidates],
        find=request.args.get("find", ""),
        phones=[_phone(each, found, text) for each in agency.phones] if agency else [],
        unread=papers.unread,
        alike=[_alike(each, found) for each in alike],
        implausible=implausible(found, agency, papers.words),
        pace=pace,
        called=[(value, words, "") for value, words in CALLED.items()],
        confirming_channel=CHANNELS.get(str(found.facts.get("channel")), "").replace("_", " "),
        proves=PROVES,
        is_emergency=is_emergency(found),
        statement=asdict(found.attestation.statement) if found.attestation else {},
        attested=found.attestation,
        attested_words=_statement(found),
        may_check=person().may(Act.VERIFY_REQUESTER) and found.is_open,
    )


def papers_of(found: Case) -> RequestText:
    """What the papers of a case say, as far as it can be read."""
    return _read(_texts(found))


def _texts(found: Case) -> dict[str, str]:
    """The words of each paper, by its digest; nothing of those that are not read, which count as unread."""
    return dict.fromkeys((paper.sha256 for paper in found.papers), "") | _in_time(found, the_portal().paper_text)


def _in_time(found: Case, read: Callable[[str, float], T]) -> dict[str, T]:
    """What is read of the first papers, until the time for all of them is over."""
    end, seen = monotonic() + READ_SECONDS, dict[str, T]()
    for paper in found.papers[:MOST_READ]:
        if (left := end - monotonic()) <= 0:
            break
        seen[paper.sha256] = read(paper.sha256, left)
    return seen


def _read(texts: dict[str, str]) -> RequestText:
    unread = sum(not words.strip() for words in texts.values())
    return RequestText(words="\n".join(texts.values()), unread=unread)


def _alike(each: Alike, found: Case) -> dict[str, Any]:
    """An earlier request with a paper like one of these, and whether the same organisation sent it."""
    same = folded(each.organisation) == folded(found.requester.organisation or found.requester.name)
    way = LIKE[each.kind].format(share=f"{each.share:.0%}")
    return {
        "reference": each.reference,
        "url": url_for("casework.checks", reference=each.reference),
        "how": f"{way}, from {'the same organisation' if same else each.organisation}",
        "tone": "plain" if same else "warn",
        "word": "Same sender" if same else "Another sender",
    }


def _pace(work: Work, agency: Agency) -> list[tuple[str, str]]:
    """How many demands of an agency came lately, beside how many are usual."""
    now, counted = the_portal().now(), work.paper_marks.of_agency
    day, week, half_year = (counted(agency.id, since=now - timedelta(days=n), by=person()) for n in (1, 7, 182))
    usual = f"{half_year / 26:.1f} a week"
    return [("In 24 hours", str(day)), ("In 7 days", str(week)), ("Usual, over half a year", usual)]


def _agency(work: Work, found: Case) -> Agency | None:
    try:
        return work.agencies.get(found.agency) if found.agency else None
    except NotFound:
        return None


def _candidates(work: Work, found: Case) -> Sequence[Agency]:
    """The agencies that the search finds, or that have the requester's name."""
    find = request.args.get("find", "").strip()[:100] or found.requester.organisation or found.requester.name
    return work.agencies.search(find, after="", most=MOST_FOUND)


def _state(found: Case) -> tuple[str, str]:
    """Whether we know who asks, in words and a tone."""
    verified = found.facts.get(VERIFIED)
    if verified is True:
        return f"Confirmed by {str(found.facts.get(HOW, 'a check')).replace('_', ' ')}", "ok"
    return ("Not confirmed", "bad") if verified is False else ("Nobody has confirmed them yet", "warn")


def _remains(found: Case, agency: Agency | None, made: Sequence[OfficerCheck]) -> list[str]:
    """What is still to be done, in the order in which it is done."""
    kinds = {each.kind for each in made if each.outcome is Outcome.PASSED}
    remains = []
    if agency is None:
        remains.append("Find the agency in the directory, or put it forward for it.")
    if agency is not None and not agency.phones:
        remains.append("Find a number of the agency yourself, and put it forward for the directory.")
    if found.facts.get(VERIFIED) is not True and CheckKind.CALL_BACK not in kinds:
        remains.append(
            "Call back a number of the directory. Until somebody is confirmed, nothing leaves but a preservation."
        )
    return remains + (_to_attest(found) if is_emergency(found) else [])


def _statement(found: Case) -> list[tuple[str, str]]:
    """What the officer declared, field by field, for whoever only reads."""
    said = asdict(found.attestation.statement) if found.attestation else {}
    return [(name.replace("_", " ").capitalize(), words) for name, words in said.items()]


def _to_attest(found: Case) -> list[str]:
    if found.facts.get(ATTESTED) is True:
        return []
    if found.attestation is None:
        return ["Put down what the officer declared true of the emergency, and their supervisor."]
    return ["Call the supervisor on a number of the directory. Until then nothing leaves but a preservation."]


def _row(check: OfficerCheck) -> dict[str, Any]:
    portal = the_portal()
    return {
        "kind": KINDS[check.kind],
        "outcome": OUTCOMES[check.outcome],
        "how": check.how,
        "by": check.by_name,
        "at": display.short_moment(check.at, now=portal.now(), zone=ZoneInfo(portal.zone)),
    }


def _phone(phone: Phone, found: Case, text: str) -> dict[str, Any]:
    """A number of the directory, and whether it may be called for this request."""
    late = phone.found_on >= found.received_at.date()
    warning = " Found only after this request came: look it up again." if late else ""
    return {
        "number": phone.number,
        "about": f"From {phone.source}, {display.day(phone.found_on)}.{warning}",
        "refused": names_number(text, phone.number),
    }
