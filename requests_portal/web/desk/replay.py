"""Every assessment of a case that is on record, and an old one made again under its own edition."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.edition import OnRecord
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs, the_case
from requests_portal.web.desk.edition_words import differences
from requests_portal.web.portal import the_portal
from requests_portal.work.replay import Replay
from requests_portal.work.replay import replay as make_again


@pages.get("/requests/<reference>/assessments")
@does(Act.READ_CASE)
def assessments(reference: str) -> str:
    """Each assessment of the case, newest first, with the edition that made it."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        made = work.assessments.of_case(found.id)
    return render_template(
        "case_assessments.html",
        case=found,
        crumbs=crumbs(found),
        made=[_made(each, found) for each in made],
        # What was assessed before facts were kept with it stands with the case alone.
        lost=found.assessment is not None and found.assessment.digest not in {m.assessment.digest for m in made},
    )


@pages.get("/requests/<reference>/assessments/<assessment_id>")
@does(Act.REPLAY)
def replay(reference: str, assessment_id: str) -> str:
    """Make an old assessment again under its own edition, and say whether the answer is the same."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        if assessment_id not in {each.id for each in work.assessments.of_case(found.id)}:
            raise NotFound("This case has no such assessment. Check the address.")
        again = make_again(work, assessment_id, by=person())
    return render_template(
        "case_replay.html",
        case=found,
        crumbs=crumbs(found),
        made=_made(again.made, found),
        again=again,
        changes=_changes(again, found),
    )


def _changes(again: Replay, found: Case) -> list[Any]:
    if again.again is None or again.same:
        return []
    return differences(again.made.assessment, again.again, ZoneInfo(found.zone))


def _made(made: OnRecord, found: Case) -> dict[str, Any]:
    said = made.assessment
    return {
        "at": display.moment(said.at, ZoneInfo(the_portal().zone)),
        "on": display.day(made.on),
        "proposal": wording.DISPOSITIONS.get(said.disposition, (wording.words_of(said.disposition), "plain")),
        "findings": display.count(len(said.findings), "finding"),
        "edition": said.book,
        "edition_url": url_for("casework.rules", edition=said.book),
        "digest": said.digest,
        "url": url_for("casework.replay", reference=found.reference, assessment_id=made.id),
        "stands": found.assessment is not None and found.assessment == said,
    }
