"""The attestation of an emergency on the page of checks: what the officer declared, and the call to a supervisor."""

from typing import Any

from flask import request
from marshmallow import Schema
from marshmallow.fields import String
from marshmallow.validate import Length
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.attestation import ASKED, LONGEST, Statement
from requests_portal.model.case import Case
from requests_portal.model.officer_check import Outcome
from requests_portal.web.acts import does, person
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import the_case
from requests_portal.web.desk.checks import number_called, papers_of, recorded, what_it_showed, what_was_said
from requests_portal.web.forms import loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.attest import attest, call_supervisor
from requests_portal.work.ports import Work


def _asked(missing: str) -> String:
    longest = Length(max=LONGEST, error="Use at most {max} characters.")
    return String(required=True, validate=longest, error_messages={"required": missing})


class StatementSchema(Schema):
    """What the officer of an emergency stated and declared true."""

    danger = _asked(ASKED["danger"])
    why_now = _asked(ASKED["why_now"])
    why_no_process = _asked(ASKED["why_no_process"])
    needed = _asked(ASKED["needed"])
    officer = _asked(ASKED["officer"])
    supervisor = _asked(ASKED["supervisor"])
    declared = String()


class SupervisorCallSchema(Schema):
    """A call to the supervisor, to which number, and what was said."""

    supervisor_number = number_called()
    supervisor_told = what_was_said()
    supervisor_outcome = what_it_showed()
    supervisor_by_eye = String()


@pages.post("/requests/<reference>/checks/attestation")
@does(Act.VERIFY_REQUESTER)
def attestation(reference: str) -> Response | tuple[str, int]:
    """Put down what the officer declared true."""
    values = typed(StatementSchema(), request.form)
    told, errors = loaded(StatementSchema(), values)

    def put_down(work: Work, case: Case) -> Case:
        said: dict[str, Any] = {name: told[name] for name in ASKED}
        return attest(work, case.id, Statement(**said), declared=told.get("declared") == "yes", by=person())

    return recorded(reference, values, errors, put_down, beside="danger")


@pages.post("/requests/<reference>/checks/supervisor")
@does(Act.VERIFY_REQUESTER, fresh=True)
def supervisor(reference: str) -> Response | tuple[str, int]:
    """Record a call to the supervisor, on a number of the directory."""
    values = typed(SupervisorCallSchema(), request.form)
    told, errors = loaded(SupervisorCallSchema(), values)
    with the_portal().outside.reading() as work:
        papers = papers_of(the_case(work, reference))

    def call(work: Work, case: Case) -> Case:
        return call_supervisor(
            work,
            case.id,
            told["supervisor_number"],
            told=told["supervisor_told"],
            outcome=Outcome(told["supervisor_outcome"]),
            request=papers,
            by_eye=told.get("supervisor_by_eye") == "yes",
            by=person(),
        )

    return recorded(reference, values, errors, call, beside="supervisor_number")
