"""Correcting: a customer says how the transcript of a recording should read, or what they say to our refusal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case, Requester, Track
from requests_portal.model.recording import Recording
from requests_portal.model.transcript import LONGEST
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import current
from requests_portal.work.cooling_off import must_not_cool_off
from requests_portal.work.correct_transcript import attach_statement, may_state, newest_request
from requests_portal.work.ports import Work
from requests_portal.work.propose_words import change_words, may_change, propose_words, withdraw_words
from requests_portal.work.receive import Filing

TITLE = "Correct a transcript"
# A recording of no known length is at the moment at which it began.
A_MOMENT = timedelta(seconds=1)


class Words(Schema):
    """The words as they were typed."""

    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST, error=f"Use at most {LONGEST:,} characters."),
        error_messages={"required": "Write how it should read."},
    )


@pages.get("/my/recordings/<recording_id>/correct")
@does(Act.FILE_OWN)
def correct(recording_id: str) -> str:
    """The transcript as it is, to be corrected; where we refused that, what the customer says to it."""
    with the_portal().outside.reading() as work:
        return _page(work, recording_id, {}, {})


@pages.post("/my/recordings/<recording_id>/correct")
@does(Act.FILE_OWN, fresh=True)
def ask_to_correct(recording_id: str) -> Response | tuple[str, int]:
    """File that the transcript be corrected."""
    return _send(
        recording_id,
        lambda work, own, words: propose_words(work, _filing(work, own), own.id, words, by=person()),
    )


@pages.post("/my/recordings/<recording_id>/correct/change")
@does(Act.FILE_OWN, fresh=True)
def change(recording_id: str) -> Response | tuple[str, int]:
    """Change the words that were asked for."""
    return _send(recording_id, lambda work, own, words: change_words(work, own.id, words, by=person()))


@pages.post("/my/recordings/<recording_id>/correct/withdraw")
@does(Act.FILE_OWN, fresh=True)
def withdraw(recording_id: str) -> Response:
    """Take the request back."""
    with the_portal().outside.unit_of_work() as work:
        _own(work, recording_id)
        case = withdraw_words(work, recording_id, by=person())
    return see_other("my.status", reference=case.reference)


def _send(recording_id: str, verb: Callable[[Work, Recording, str], Case]) -> Response | tuple[str, int]:
    """Do this with the words that were typed; what cannot be done is said beside them, and they stay."""
    given = typed(Words(), request.form)
    values, errors = loaded(Words(), given)
    status = Unusable.status
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                case = verb(work, _own(work, recording_id), values["words"])
            return see_other("my.status", reference=case.reference)
        except (Conflict, Unusable) as refusal:
            errors, status = {"words": refusal.sentence}, refusal.status
    with the_portal().outside.reading() as work:
        return _page(work, recording_id, given, errors), status


@pages.post("/my/recordings/<recording_id>/statement")
@does(Act.FILE_OWN, fresh=True)
def state(recording_id: str) -> Response | tuple[str, int]:
    """Keep what the customer says to our refusal beside the transcript."""
    given = typed(Words(), request.form)
    values, errors = loaded(Words(), given)
    with the_portal().outside.unit_of_work() as work:
        _own(work, recording_id)
        if errors:
            return _page(work, recording_id, given, errors), 422
        attach_statement(work, recording_id, values["words"], by=person())
    return see_other("my.correct", recording_id=recording_id)


def _own(work: Work, recording_id: str) -> Recording:
    """The recording, whose words nobody reads while the account cools off."""
    must_not_cool_off(work, person().account)
    return work.catalogue.get(recording_id, by=person())


def _page(work: Work, recording_id: str, given: Typed, errors: Errors) -> str:
    recording, by = _own(work, recording_id), person()
    customer = work.customers.get(recording.account)
    asked, zone = newest_request(work, recording_id, by=by), ZoneInfo(customer.zone)
    return render_template(
        "my/correct.html",
        audience="customer",
        recording=recording,
        language=customer.language,
        at=display.moment(recording.recorded_at, zone),
        note=work.transcript_notes.of([recording.id]).get(recording.id),
        asked=asked,
        **_way(work, asked),
        words=given.get("words", "" if errors else _suggested(recording, asked)),
        error=errors,
        errors={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _way(work: Work, asked: Case | None) -> dict[str, Any]:
    """Whether a request waits for our answer and can be changed until then, and whether a statement may be kept."""
    return {
        "waits": asked is not None and asked.is_open,
        "changes": asked is not None and may_change(asked),
        "states": asked is not None and may_state(work, asked),
    }


def _suggested(recording: Recording, asked: Case | None) -> str:
    """What the field holds at first: the words that are to be mended."""
    return asked.proposed.words if asked is not None and asked.proposed is not None else recording.transcript


def _filing(work: Work, recording: Recording) -> Filing:
    customer, zone = work.customers.get(recording.account), ZoneInfo(recording.zone)
    begins = recording.recorded_at.astimezone(zone)
    return Filing(
        track=Track.DATA_SUBJECT,
        title=TITLE,
        requester=Requester(
            name=customer.name, email=customer.email, address=customer.address, country=customer.country
        ),
        received_at=work.now(),
        zone=customer.zone,
        language=customer.language,
        facts={
            "requester_kind": "data_subject",
            "right": "rectification",
            "seeks": ["transcript"],
            "accounts": [customer.account],
            "devices": [recording.device],
            "catch_all": False,
            "data_subject_country": customer.country,
            "channel": "portal",
            "identity_verified": True,
            "range_stated": True,
            "range_from": begins.isoformat(),
            "range_to": (begins + A_MOMENT).isoformat(),
        },
        account=customer.account,
        signed_in_at=current().auth_at,
        signed_in_by=current().how,
    )
