"""Deciding a case line by line, seeing exactly what will leave before it is decided; and approving a decision."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import AssessmentRecord, Case, CaseState
from requests_portal.model.decision import LineDecision, Selection
from requests_portal.model.digest import digest_of
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import review_words, wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.case_words import obstacle
from requests_portal.web.desk.change_words import against_earlier, against_proposal, letter_changes
from requests_portal.web.desk.ruling_form import devices_of, leaves_proposal, line_forms, ruling
from requests_portal.web.desk.schema import ReasonSchema, SettlementSchema
from requests_portal.web.desk.scope_words import decided
from requests_portal.web.desk.settle import shown
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work import approve as approving
from requests_portal.work.bound import words_of_the_answer
from requests_portal.work.compose.available import does_what_was_asked
from requests_portal.work.decide import Ruling, approval_asked, leaves_out, preview, raised_grounds
from requests_portal.work.decide import decide as record_decision
from requests_portal.work.four_eyes import why_not
from requests_portal.work.ports import Work
from requests_portal.work.settle import binds
from requests_portal.work.standing import why_it_fell
from requests_portal.work.verify import may_be_done

NEEDS_REASON = "You are leaving the proposal. Say why; the reason stays with the case."
MOVED = "What matches has changed since you looked. Look again at what will leave."
WORDS_MOVED = "What is asked for has changed since you looked. Look again at both texts."


@pages.get("/requests/<reference>/decide")
@does(Act.DECIDE)
def decide(reference: str) -> str:
    """The proposal line by line, to accept or to leave."""
    with the_portal().outside.reading() as work:
        return _form(work, the_case(work, reference), {})


@pages.post("/requests/<reference>/decide")
@does(Act.DECIDE, fresh=True)
def decide_it(reference: str) -> Response | str | tuple[str, int]:
    """Show exactly what would leave; once that was seen, record the decision."""
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        made, errors = ruling(found, devices_of(work, found), request.form)
        if not errors and leaves_proposal(found, made) and not made.reasons:
            errors = {"reasons": NEEDS_REASON}
        errors = errors or _settlement_errors(made, work)
        if errors or request.form.get("step") == "change":
            page = _form(work, found, errors)
            return (page, 422) if errors else page
        seen = request.form.get("seen", "")
        if not seen or seen != _seen(found, preview(work, found, made)):
            return _confirmation(work, found, made, moved=bool(seen))
        record_decision(work, found.id, made, by=person())
    return see_other("casework.case", reference=reference)


@pages.get("/requests/<reference>/approve")
@does(Act.APPROVE)
def approve(reference: str) -> str:
    """What a colleague decided, to be approved or sent back."""
    with the_portal().outside.reading() as work:
        return _approval(work, the_case(work, reference), {}, {})


@pages.post("/requests/<reference>/approve")
@does(Act.APPROVE, fresh=True)
def approve_it(reference: str) -> Response | tuple[str, int]:
    """Approve exactly the decision that was shown, or send it back with a reason."""
    digest = request.form.get("digest", "")
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        if request.form.get("answer") == "approve":
            approving.approve(work, found.id, digest=digest, by=person())
            return see_other("casework.case", reference=reference)
        values = typed(ReasonSchema(), request.form)
        said, errors = loaded(ReasonSchema(), values)
        if errors:
            errors = {"reason": "Say why you do not approve; the first lawyer reads it."}
            return _approval(work, found, values, errors), 422
        approving.refuse_approval(work, found.id, digest=digest, reason=said["reason"], by=person())
    return see_other("casework.case", reference=reference)


def _settlement_errors(made: Ruling, work: Work) -> Errors:
    """What is missing of an agreement or a motion that was typed."""
    try:
        made.settlement.checked(work.today)
    except Unusable as incomplete:
        return {"settlement": incomplete.sentence}
    return {}


def _form(work: Work, found: Case, errors: Errors) -> str:
    assessment = _assessment(found)
    form = request.form if request.method == "POST" else None
    names = devices_of(work, found)
    return form_page(
        "decide.html",
        found,
        errors,
        lines=line_forms(found, names, form, errors),
        grounds=_grounds(assessment),
        chosen_grounds=form.getlist("grounds") if form is not None else list(raised_grounds(assessment)),
        reasons=form.get("reasons", "") if form is not None else "",
        binds=binds(found, assessment),
        settlement=shown(typed(SettlementSchema(), form)) if form is not None else {"way": "raised"},
        obstacle=obstacle(found),
        done=_done_if_accepted(found, assessment),
        silenced=review_words.silenced(found.silences),
        disposition=wording.DISPOSITIONS[assessment.disposition],
        case_zone=display.zone_name(ZoneInfo(found.zone)),
    )


def _done_if_accepted(found: Case, assessment: AssessmentRecord) -> str:
    """What accepting the proposal comes to where no data leave by it; of a correction its own card says it."""
    lines = [LineDecision(line=each.line.id, disposition=each.disposition, scope=None) for each in assessment.lines]
    if found.proposed or not (may_be_done(found) and does_what_was_asked(found, lines, by_lawyer=True)):
        return ""
    return wording.ERASES if found.facts.get("right") == "erasure" else wording.SAYS_DONE


def _confirmation(work: Work, found: Case, made: Ruling, *, moved: bool) -> str:
    selection = preview(work, found, made)
    return form_page(
        "decide_confirm.html",
        found,
        {},
        lines=line_forms(found, devices_of(work, found), request.form, {}),
        made=made,
        leaving=leaving(selection),
        gives=bool(selection.recordings or selection.record_sets),
        grounds=[title for ground, title, _ in _grounds(_assessment(found)) if ground in made.grounds],
        follows=not leaves_proposal(found, made),
        settlement=made.settlement if leaves_out(work, found, made) else None,
        approval=wording.approval_words(approval_asked(work, found, made, selection)),
        seen=_seen(found, selection),
        moved=(WORDS_MOVED if found.proposed else MOVED) if moved else "",
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in _OF_THE_FORM],
    )


def _seen(found: Case, selection: Selection) -> str:
    """The digest of what is looked at before it is decided: what leaves, and words that the customer may change."""
    return digest_of([selection.digest, found.proposed.words]) if found.proposed else selection.digest


_OF_THE_FORM = frozenset({"csrf_token", "step", "seen"})


def leaving(selection: Selection) -> list[tuple[str, str]]:
    """What leaves, counted: recordings, their size, what of them is silenced or withheld, and record sets."""
    sets = ", ".join(wording.class_words(each) for each in selection.record_sets)
    return [
        ("Recordings", display.number(selection.recordings)),
        ("Size", display.size(selection.bytes)),
        ("Length", _length(selection)),
        ("With silenced parts", display.number(selection.silenced)),
        ("Withheld one by one", display.number(selection.withheld)),
        ("Record sets", sets or "none"),
    ]


def _length(selection: Selection) -> str:
    """How long what leaves would take to hear; what nobody knows the length of is never said to be nothing."""
    unknown = selection.recordings if selection.unknown_lengths is None else selection.unknown_lengths
    if unknown == selection.recordings:
        return "not in the catalogue" if unknown else "none"
    known = display.duration(selection.seconds)
    return f"{known}, and {display.number(unknown)} more whose length is not in the catalogue" if unknown else known


def _approval(work: Work, found: Case, values: dict[str, Any], errors: Errors) -> str:
    decision = found.decision
    names = devices_of(work, found)
    records = _assessment(found).lines
    words = words_of_the_answer(work, found, decision) if decision else ()
    earlier = found.earlier.letter if found.earlier and found.earlier.letter else None
    return form_page(
        "approve.html",
        found,
        errors,
        decision=decision,
        lines=decided(records, decision.lines, names, ZoneInfo(found.zone)) if decision else [],
        leaving=leaving(decision.selection) if decision else [],
        grounds=[title for ground, title, _ in _grounds(_assessment(found)) if decision and ground in decision.grounds],
        approval=wording.approval_words(decision.because) if decision else "",
        why_not=why_not(found, person()),
        fell=why_it_fell(work, found) if decision and found.state is CaseState.DECIDED else "",
        from_proposal=against_proposal(found, decision, names) if decision else [],
        from_earlier=against_earlier(found, decision, names) if decision else [],
        earlier=found.earlier,
        letter_since=letter_changes(decision.letter, words) if decision and decision.letter else [],
        letter_before=letter_changes(earlier, decision.letter) if decision and earlier is not None else [],
        case_zone=display.zone_name(ZoneInfo(found.zone)),
        at=display.moment(decision.at, ZoneInfo(the_portal().zone)) if decision else "",
        reason=values.get("reason", ""),
    )


def _grounds(assessment: AssessmentRecord) -> list[tuple[str, str, str]]:
    """Each ground a finding gives, once, as (ground, title, citations)."""
    found: dict[str, tuple[str, str, str]] = {}
    for each in assessment.findings:
        if each.ground and each.outcome not in {"ask", "clear"}:
            found.setdefault(each.ground, (each.ground, each.title, " · ".join(each.cite)))
    return list(found.values())


def _assessment(found: Case) -> AssessmentRecord:
    if found.assessment is None:
        raise Unusable("This request has not been assessed. Assess it first.")
    return found.assessment
