"""What is to be heard: the reviewers' own list, and how a lawyer puts a case on it."""

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.listening import Needed, ToHear
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import the_case
from requests_portal.web.portal import the_portal
from requests_portal.work.ask_to_hear import ask_to_hear, end_hearing, reasons

MOST_WORDS = 300


@pages.get("/hear")
@does(Act.LISTEN)
def hearings() -> str:
    """The requests of which a reviewer is asked to hear recordings, by reference alone."""
    rows = [(each.reference, _in_words(each.asked)) for each in the_portal().desk.hearings(by=person())]
    return render_template("hearings.html", rows=rows)


@pages.post("/requests/<reference>/hear")
@does(Act.ASK_TO_HEAR)
def ask_for_hearing(reference: str) -> Response:
    """Ask the reviewers to hear the case's recordings, and say why; or say that it is no longer needed."""
    needed, words = request.form.get("needed", ""), request.form.get("words", "")
    if len(words) > MOST_WORDS:
        raise Unusable(f"Use at most {MOST_WORDS} characters.")
    with the_portal().outside.unit_of_work() as work:
        case = the_case(work, reference)
        if request.form.get("end"):
            end_hearing(work, case.id, by=person())
        elif needed in set(Needed):
            ask_to_hear(work, case.id, needed=Needed(needed), words=words, by=person())
        else:
            raise Unusable("Choose why somebody has to listen.")
    return see_other("casework.recordings", reference=reference)


def asked_of(case: Case) -> dict[str, Any]:
    """What the page of a case's recordings says of hearing them, and what its reader may ask."""
    with the_portal().outside.reading() as work:
        asked = work.listening.asked(case.id)
    return {
        "asked": _in_words(asked) if asked else None,
        "may_ask": person().may(Act.ASK_TO_HEAR) and case.is_open,
        "needed": [(str(each), wording.NEEDED[each], "") for each in reasons(case)],
    }


def _in_words(asked: ToHear) -> dict[str, str]:
    return {
        "needed": wording.NEEDED[asked.needed],
        "words": asked.words,
        "iso": asked.at.isoformat(),
        "day": display.day(asked.at.date()),
    }
