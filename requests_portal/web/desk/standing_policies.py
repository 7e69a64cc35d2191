"""Standing policies: the one in force, and the three people who adopt another; one is enough to end it."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from marshmallow import Schema
from marshmallow.fields import Integer, List, String
from marshmallow.validate import Length, OneOf, Range
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.standing_policy import PolicyAdoption, PolicyState, Terms
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.policy_words import RIGHTS, policy_words
from requests_portal.web.desk.schema import LONGEST_TEXT, ReasonSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.my.wording import KINDS
from requests_portal.web.portal import the_portal
from requests_portal.work.adopt_policy import adopt_certificate, adopt_policy, end_policy, propose_policy
from requests_portal.work.policy_in_force import certificate_texts
from requests_portal.work.ports import Work

MOST = 1_000_000
PLACE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
BAD_PLACES = "Enter countries as two capital letters, or parts of one such as US-CA, with a comma between them."
FIRST: Typed = {
    "rights": ["access", "portability"],
    "kinds": ["audio", "transcript", "human_review_log"],
    "most_recordings": "200",
    "most_minutes": "120",
    "most_megabytes": "500",
}


def _limit(words: str) -> Integer:
    said = f"Enter the most {words}, a whole number of at least 1."
    return Integer(
        required=True,
        validate=Range(min=1, max=MOST, error=said),
        error_messages={"required": said, "invalid": said},
    )


def _chosen(known: dict[str, Any], sentence: str) -> List[Any]:
    return List(
        String(validate=OneOf(list(known), error="Choose from the list.")),
        required=True,
        error_messages={"required": sentence},
    )


class PolicySchema(Schema):
    """The terms of a standing policy."""

    rights = _chosen(RIGHTS, "Choose which requests are answered.")
    kinds = _chosen(KINDS, "Choose which kinds of data are given.")
    places = String(required=True, error_messages={"required": BAD_PLACES})
    most_recordings = _limit("recordings in one answer")
    most_minutes = _limit("minutes in one answer")
    most_megabytes = _limit("megabytes in one answer")
    reason = String(
        required=True,
        validate=Length(max=LONGEST_TEXT, error="Use at most {max} characters."),
        error_messages={"required": "Say why it should be adopted; the others read it."},
    )


@pages.get("/rules/standing-policy")
@does(Act.READ_RULES)
def standing_policies() -> str:
    """The standing policy in force, every one that was put forward, and the form for another."""
    with the_portal().outside.reading() as work:
        return _all(work, FIRST, {})


@pages.post("/rules/standing-policy")
@does(Act.PROPOSE_POLICY, fresh=True)
def propose_standing_policy() -> Response | tuple[str, int]:
    """Put a standing policy forward, with the rules in use and the certificate's words of now."""
    values = typed(PolicySchema(), request.form)
    said, errors = loaded(PolicySchema(), values)
    places = tuple(dict.fromkeys(each.strip() for each in str(said.get("places", "")).split(",") if each.strip()))
    if "places" not in errors and not (places and all(PLACE.fullmatch(each) for each in places)):
        errors = {**errors, "places": BAD_PLACES}
    with the_portal().outside.unit_of_work() as work:
        if errors:
            return _all(work, values, errors), 422
        made = propose_policy(work, _terms(said, places), reason=said["reason"], by=person())
    return see_other("casework.standing_policy", adoption_id=made.id)


@pages.get("/rules/standing-policy/<adoption_id>")
@does(Act.READ_RULES)
def standing_policy(adoption_id: str) -> str:
    """One standing policy, whole: its terms, the certificate that is made under it, and who agreed."""
    with the_portal().outside.reading() as work:
        return _one(work, work.standing_policies.get(adoption_id), {})


@pages.post("/rules/standing-policy/<adoption_id>/adopt")
@does(Act.ADOPT_POLICY, fresh=True)
def adopt_standing_policy(adoption_id: str) -> Response:
    """Agree, as the second lawyer, to exactly what was seen."""
    with the_portal().outside.unit_of_work() as work:
        adopt_policy(work, adoption_id, seen=request.form.get("seen", ""), by=person())
    return see_other("casework.standing_policy", adoption_id=adoption_id)


@pages.post("/rules/standing-policy/<adoption_id>/certificate")
@does(Act.ADOPT_CERTIFICATE, fresh=True)
def adopt_standing_certificate(adoption_id: str) -> Response:
    """Agree, as the custodian, to exactly what was seen."""
    with the_portal().outside.unit_of_work() as work:
        adopt_certificate(work, adoption_id, seen=request.form.get("seen", ""), by=person())
    return see_other("casework.standing_policy", adoption_id=adoption_id)


@pages.post("/rules/standing-policy/<adoption_id>/end")
@does(Act.END_POLICY, fresh=True)
def end_standing_policy(adoption_id: str) -> Response | tuple[str, int]:
    """Decline a policy that waits, or withdraw the one in force, with a reason."""
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    with the_portal().outside.unit_of_work() as work:
        if errors:
            return _one(work, work.standing_policies.get(adoption_id), errors), 422
        end_policy(work, adoption_id, reason=said["reason"], by=person())
    return see_other("casework.standing_policy", adoption_id=adoption_id)


def _terms(said: Typed, places: tuple[str, ...]) -> Terms:
    return Terms(
        rights=tuple(said["rights"]),
        places=places,
        kinds=tuple(said["kinds"]),
        most_recordings=said["most_recordings"],
        most_minutes=said["most_minutes"],
        most_megabytes=said["most_megabytes"],
    )


def _all(work: Work, given: Typed, errors: Errors) -> str:
    newest, zone = work.standing_policies.newest(), _zone()
    told = work.standing_policies.all()
    return render_template(
        "standing_policies.html",
        told=[policy_words(each, newest, zone) for each in told],
        in_force=newest is not None and newest.state is PolicyState.ADOPTED,
        waiting=any(each.state is PolicyState.PROPOSED for each in told),
        rights=[(value, words, "") for value, words in RIGHTS.items()],
        kinds=[(value, *words) for value, words in KINDS.items()],
        certificate=certificate_texts(work)["en"].split("\n\n"),
        approve_above=work.book.policy.approve_above,
        given=given,
        **_errors(errors),
    )


def _one(work: Work, adoption: PolicyAdoption, errors: Errors) -> str:
    newest = work.standing_policies.newest()
    is_open = adoption.state is PolicyState.PROPOSED
    is_newest = newest is not None and newest.id == adoption.id and adoption.state is PolicyState.ADOPTED
    return render_template(
        "standing_policy.html",
        policy=policy_words(adoption, newest, _zone()),
        open=is_open,
        may_end=(is_open or is_newest) and person().may(Act.END_POLICY),
        ending="Decline it" if is_open else "Withdraw it",
        why_not=adoption.why_not_sign(person()) if is_open else None,
        as_lawyer=is_open and adoption.lawyer is None and person().may(Act.ADOPT_POLICY),
        as_custodian=is_open and adoption.custodian is None and person().may(Act.ADOPT_CERTIFICATE),
        **_errors(errors),
    )


def _errors(errors: Errors) -> dict[str, Any]:
    summary = {name: [sentence] for name, sentence in errors.items()}
    return {"errors": errors, "summary": summary, "has_errors": bool(errors)}


def _zone() -> ZoneInfo:
    return ZoneInfo(the_portal().zone)
