"""Editions of the rule book: which is in use, what another would change, and the two people who adopt it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response

from legal_rules.edition import Edition
from legal_rules.errors import UnreadableBook
from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.edition import Adoption, AdoptionState
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.edition_words import adoption_words, foreseen_words, rules_words
from requests_portal.web.desk.rules import offer_notice
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.adopt_edition import adopt_edition, decline_edition, propose_edition
from requests_portal.work.foresee import foresee
from requests_portal.work.ports import Work

WHY_PROPOSE = "Say why this edition should be adopted; the second lawyer reads it."
WHY_DECLINE = "Say why you decline it; whoever proposed it reads it."


@pages.get("/rules/editions")
@does(Act.READ_RULES)
def editions() -> str:
    """The edition in use, and every edition that was ever put forward."""
    with the_portal().outside.reading() as work:
        adopted = work.editions.in_use()
        zone = _zone()
        return render_template(
            "rules_editions.html",
            in_use=adoption_words(adopted, zone) if adopted else None,
            notice=offer_notice(work, adopted),
            told=[adoption_words(each, zone) for each in work.editions.adoptions()],
        )


@pages.get("/rules/editions/offered")
@does(Act.READ_RULES)
def offered() -> str:
    """What the rules on offer have otherwise than those in use, and what that would change in the open cases."""
    with the_portal().outside.reading() as work:
        return _offer(work, "", {})


@pages.post("/rules/editions/offered")
@does(Act.PROPOSE_RULES)
def propose() -> Response | tuple[str, int]:
    """Put the edition that was looked at forward."""
    values = typed(ReasonSchema(), request.form)
    said, errors = loaded(ReasonSchema(), values)
    with the_portal().outside.unit_of_work() as work:
        if errors:
            return _offer(work, values.get("reason", ""), _why(values, errors, WHY_PROPOSE)), 422
        digest = request.form.get("edition", "")
        made = propose_edition(work, digest=digest, reason=said["reason"], by=person())
    return see_other("casework.edition", adoption_id=made.id)


@pages.get("/rules/editions/<adoption_id>")
@does(Act.READ_RULES)
def edition(adoption_id: str) -> str:
    """One edition that was put forward, what it would change, and the answer to it."""
    with the_portal().outside.reading() as work:
        return _proposal(work, work.editions.adoption(adoption_id), {})


@pages.post("/rules/editions/<adoption_id>")
@does(Act.ADOPT_RULES, fresh=True)
def answer_edition(adoption_id: str) -> Response | tuple[str, int]:
    """Adopt exactly what was seen, or decline it with a reason."""
    with the_portal().outside.unit_of_work() as work:
        if request.form.get("answer") == "adopt":
            adopt_edition(work, adoption_id, seen=request.form.get("seen", ""), by=person())
            return see_other("casework.editions")
        values = typed(ReasonSchema(), request.form)
        said, errors = loaded(ReasonSchema(), values)
        if errors:
            return _proposal(work, work.editions.adoption(adoption_id), _why(values, errors, WHY_DECLINE)), 422
        decline_edition(work, adoption_id, reason=said["reason"], by=person())
    return see_other("casework.editions")


def _why(values: Typed, errors: Errors, sentence: str) -> Errors:
    """The errors of a reason, with a sentence of this form's own where it is missing."""
    return errors if values else {"reason": sentence}


def _offer(work: Work, reason: str, errors: Errors) -> str:
    adopted, waiting = work.editions.in_use(), work.editions.waiting()
    try:
        on_offer = work.editions.on_offer()
        found = _compared(work, adopted, on_offer)
    except (UnreadableBook, OSError) as broken:
        raise Unusable(f"The rules on offer cannot be read: {broken}") from broken
    same = adopted is not None and adopted.edition == on_offer.digest
    return _page(found, on_offer.digest, errors, proposal=None, waiting=waiting, reason=reason, same=same)


def _proposal(work: Work, adoption: Adoption, errors: Errors) -> str:
    """A proposal that waits is compared with the edition in use; an answered one with the one it replaced."""
    kept = work.editions.get(adoption.edition)
    adopted = work.editions.in_use()
    if adoption.state is AdoptionState.PROPOSED and kept.runs_here:
        found = _compared(work, adopted, kept)
    else:
        found = {"foreseen": None, "changes": _changes(work, adoption.replaces, kept)}
    zone = _zone()
    return _page(
        found,
        adoption.edition,
        errors,
        proposal=adoption_words(adoption, zone),
        open=adoption.state is AdoptionState.PROPOSED,
        runs_here=kept.runs_here,
        why_not=adoption.why_not_adopt(person()),
    )


def _compared(work: Work, adopted: Adoption | None, other: Edition) -> dict[str, Any]:
    return {
        "foreseen": foreseen_words(foresee(work, other.digest, by=person())),
        "changes": _changes(work, adopted.edition if adopted else None, other),
    }


def _changes(work: Work, replaced: str | None, other: Edition) -> list[dict[str, Any]]:
    return rules_words(work.editions.get(replaced), other) if replaced else []


def _page(found: dict[str, Any], digest: str, errors: Errors, **values: Any) -> str:
    return render_template(
        "rules_edition.html",
        **found,
        digest=digest,
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
        **values,
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(the_portal().zone)
