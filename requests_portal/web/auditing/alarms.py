"""Alarms: who reached for a canary, when and how, and what looking into it showed."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.canary import Alarm, Touch
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.portal import the_portal
from requests_portal.work.canaries import LONGEST_WORDS, acknowledge

pages = Blueprint("alarms", __name__, url_prefix="/alarms")
HOW = {
    Touch.ASKED_BY_ID: "Asked for one by its own name",
    Touch.SOUGHT: "Sought the account or device of one",
}


@pages.get("")
@does(Act.READ_ALARMS)
def alarms() -> str:
    """Every alarm, open ones first."""
    return _page({}, "")


@pages.post("/<alarm_id>/looked-into")
@does(Act.ACKNOWLEDGE_ALARM, fresh=True)
def looked_into(alarm_id: str) -> Response | tuple[str, int]:
    """Record what looking into an alarm showed."""
    words = request.form.get(f"words-{alarm_id}", "")
    if len(words) > LONGEST_WORDS:
        return _page({alarm_id: f"Use at most {LONGEST_WORDS} characters."}, words), 422
    try:
        with the_portal().outside.unit_of_work() as work:
            acknowledge(work, alarm_id, words=words, by=person())
    except Unusable as refusal:
        return _page({alarm_id: refusal.sentence}, words), 422
    return see_other("alarms.alarms")


def _page(errors: dict[str, str], typed: str) -> str:
    portal, by = the_portal(), person()
    with portal.outside.reading() as work:
        found = work.canaries.alarms(by=by)
        people = {each.id: each.name for each in work.staff.all()} | {
            each.id: each.name for each in portal.staff().values()
        }
    return render_template(
        "audit/alarms.html",
        rows=[_row(alarm, reference, people) for alarm, reference in found],
        may_acknowledge=by.may(Act.ACKNOWLEDGE_ALARM),
        errors=errors,
        summary={f"words-{name}": [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
        typed=typed,
    )


def _row(alarm: Alarm, reference: str, people: dict[str, str]) -> dict[str, Any]:
    portal = the_portal()
    zone = ZoneInfo(portal.zone)
    who = "a customer" if alarm.role == "customer" else people.get(alarm.person, alarm.person)
    done = alarm.acknowledged_at
    return {
        "id": alarm.id,
        "open": alarm.is_open,
        "who": who,
        "role": alarm.role,
        "how": HOW[alarm.how],
        "times": display.count(alarm.times, "time"),
        "case": reference,
        "iso": alarm.at.isoformat(),
        "at": display.short_moment(alarm.at, now=portal.now(), zone=zone),
        "own": alarm.person == person().id,
        "words": alarm.words,
        "looked": f"{people.get(alarm.acknowledged_by, alarm.acknowledged_by)}, {display.moment(done, zone)}"
        if done
        else "",
    }
