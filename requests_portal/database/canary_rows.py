"""Which rows of the catalogue are canaries, as conditions: of no scope, no list and no count."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from requests_portal.database.tables import canaries, recording_days, recordings
from requests_portal.errors import NotFound


def is_canary() -> ColumnElement[bool]:
    """Whether a row of `recordings` is a canary."""
    return select(canaries.c.recording_id).where(canaries.c.recording_id == recordings.c.id).exists()


def of_no_canary() -> ColumnElement[bool]:
    """Rows of `recordings` that are none, which are all that any scope can find."""
    return recordings.c.id.not_in(select(canaries.c.recording_id))


def counts_no_canary() -> ColumnElement[bool]:
    """Rows of `recording_days` that count no canary: none is of an account and a device that a customer has."""
    count, canary = recording_days.c, canaries.c
    theirs = select(canary.recording_id).where(canary.account == count.account, canary.device == count.device)
    return ~theirs.exists()


def no_such_recording(session: Session, recording_id: str) -> NotFound:
    """That there is no such recording; it reads alike where it is a canary that was asked for."""
    refusal = NotFound("There is no such recording.")
    query = select(canaries.c.recording_id).where(canaries.c.recording_id == recording_id)
    refusal.reached_canary = session.execute(query).first() is not None
    return refusal
