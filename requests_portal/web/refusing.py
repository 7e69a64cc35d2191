"""Whoever is refused is counted, by page and act; an answer never waits for that to succeed."""

from flask import current_app, request

from requests_portal.errors import NotFound
from requests_portal.model.actor import SYSTEM, Act
from requests_portal.model.canary import Touch
from requests_portal.model.refusal import attempt
from requests_portal.web.acts import person
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import shows_a_lapsed_session
from requests_portal.work.canaries import raise_alarm
from requests_portal.work.ports import Work
from requests_portal.work.refusals import count_refusal

# Not signed in, not allowed, not there or not theirs; a form that no page of ours gave out; what was done already or
# changed meanwhile; a link that gives nothing any more or is locked; and too many tries.
COUNTED = frozenset({400, 401, 403, 404, 409, 410, 423, 429})


def note_canary(how: Touch) -> None:
    """Raise the alarm: the present visitor reached for a recording that nobody needs."""
    reference = (request.view_args or {}).get("reference", "")
    try:
        with the_portal().outside.unit_of_work() as work:
            raise_alarm(work, how, case=_case_of(work, str(reference)), by=person())
    except Exception as error:  # noqa: BLE001 — whatever hinders the alarm, what is refused stays refused
        current_app.logger.warning("an alarm was not raised: %s", type(error).__name__)


def _case_of(work: Work, reference: str) -> str | None:
    try:
        return work.cases.id_of(reference, by=SYSTEM)
    except NotFound:
        return None


def note_refusal(status: int) -> None:
    """Count that the present visitor was refused this page."""
    page = request.endpoint
    if page is None or status not in COUNTED:
        return
    act = getattr(current_app.view_functions[page], "act", Act.READ_PUBLIC)
    tried = attempt(person(), act=act, page=page[:64], status=status, lapsed=shows_a_lapsed_session())
    try:
        with the_portal().outside.unit_of_work() as work:
            count_refusal(work, tried)
    except Exception as error:  # noqa: BLE001 — whatever hinders the counting, what is refused stays refused
        current_app.logger.warning("a refusal was not counted: %s", type(error).__name__)
