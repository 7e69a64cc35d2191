"""Telling the customer: when the silence ends, what goes out then, what the authority is told, and what holds it up."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from requests_portal.errors import Refused, Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case, Track
from requests_portal.model.notice import Notice
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.schema import ExtensionSchema, ReasonSchema, ToldSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.compose.available import accounts_of
from requests_portal.work.compose.notice import notice_words, words_to_authority
from requests_portal.work.nondisclosure import can_be_extended, is_secret, record_extension, silence_ends
from requests_portal.work.notify import (
    WhoseUnsaid,
    accounts_untold,
    customers_to_tell,
    leave_untold,
    ought_to_be_told_first,
    record_told,
    tell,
    told_of,
    was_told,
    why_not_tell,
)
from requests_portal.work.ports import Work


@pages.get("/requests/<reference>/notice")
@does(Act.NOTIFY)
def notice(reference: str) -> str:
    """How the silence stands, and what can be done."""
    with the_portal().outside.reading() as work:
        return _page(work, the_case(work, reference), {}, {})


@pages.post("/requests/<reference>/notice")
@does(Act.NOTIFY, fresh=True)
def tell_now(reference: str) -> Response:
    """Tell the customer now."""
    with the_portal().outside.unit_of_work() as work:
        tell(work, the_case(work, reference).id, by=person())
    return see_other("casework.notice", reference=reference)


@pages.post("/requests/<reference>/notice/reason")
@does(Act.NOTIFY, fresh=True)
def tell_later(reference: str) -> Response | tuple[str, int]:
    """Record why data may leave before the customer is told."""
    values = typed(ReasonSchema(), request.form)
    said, errors = loaded(ReasonSchema(), values)
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        if errors:
            return _page(work, found, values, errors), 422
        leave_untold(work, found.id, reason=said["reason"], by=person())
    return see_other("casework.notice", reference=reference)


@pages.post("/requests/<reference>/notice/by-hand")
@does(Act.NOTIFY, fresh=True)
def told_by_hand(reference: str) -> Response | tuple[str, int]:
    """Record that the customer was told otherwise than from here, how and when."""
    values = typed(ToldSchema(), request.form)
    said, errors = loaded(ToldSchema(), values)
    try:
        with the_portal().outside.unit_of_work() as work:
            found = the_case(work, reference)
            if not errors:
                record_told(work, found.id, **said, by=person())
    except Unusable as refusal:
        errors = {"accounts" if isinstance(refusal, WhoseUnsaid) else "on": refusal.sentence}
    if errors:
        with the_portal().outside.reading() as work:
            return _page(work, the_case(work, reference), values, errors), 422
    return see_other("casework.notice", reference=reference)


@pages.post("/requests/<reference>/notice/extension")
@does(Act.RECORD_EXTENSION, fresh=True)
def extend(reference: str) -> Response | tuple[str, int]:
    """Record the order that prolongs the silence."""
    values = typed(ExtensionSchema(), request.form)
    said, errors = loaded(ExtensionSchema(), values)
    try:
        with the_portal().outside.unit_of_work() as work:
            found = the_case(work, reference)
            if not errors:
                record_extension(work, found.id, **said, by=person())
    except Unusable as refusal:
        errors = {"until": refusal.sentence}
    if errors:
        with the_portal().outside.reading() as work:
            return _page(work, the_case(work, reference), values, errors), 422
    return see_other("casework.notice", reference=reference)


def _page(work: Work, found: Case, values: Typed, errors: Errors) -> str:
    portal = the_portal()
    zone = ZoneInfo(found.zone)
    ends, told = silence_ends(work, found), told_of(work, found)
    left = accounts_untold(work, found)
    whom = [(each, each, "") for each in left] if len(accounts_of(found)) > 1 else []
    known = was_told(work, found)
    return form_page(
        "case_notice.html",
        found,
        errors,
        values=values,
        ends=display.day(ends.astimezone(zone).date()) if ends else "",
        is_over=ends is not None and ends <= portal.now(),
        told=[display.moment(each.at, zone) for each in told[:1]],
        told_before=[display.moment(each.at, zone) for each in work.notices.of_case(found.id) if each not in told],
        by_hand=_by_hand(found),
        known=known,
        obstacle="" if known else why_not_tell(work, found),
        is_due=ought_to_be_told_first(work, found),
        notices=_notices(work, found, told),
        to_authority=words_to_authority(work, found) if ends and not known else (),
        authority=found.requester,
        untold=_untold(found, zone),
        papers=[(each.sha256, each.filename, "") for each in found.papers],
        left=left if len(left) < len(accounts_of(found)) else (),
        whom=whom,
        may_extend=can_be_extended(found) and not (found.by_hand or work.notices.of_case(found.id)),
        may_record=not known and found.track is Track.LEGAL_DEMAND and not is_secret(work, found),
    )


def _by_hand(found: Case) -> list[tuple[str, str, str, str]]:
    """What is on record as told by hand, with the accounts where the demand names several."""
    several = len(accounts_of(found)) > 1
    return [
        (each.how, display.day(each.on), each.by_name, ", ".join(each.accounts) if several else "")
        for each in found.by_hand
    ]


def _notices(work: Work, found: Case, told: Sequence[Notice]) -> list[tuple[str, bool, tuple[str, ...]]]:
    """Each customer's notice, whether it went out or would now; none of the latter where it cannot be written."""
    out = [(each.account, True, each.paragraphs) for each in told]
    try:
        return out + [(each.account, False, notice_words(work, found, each)) for each in customers_to_tell(work, found)]
    except Refused:
        return out


def _untold(found: Case, zone: ZoneInfo) -> dict[str, Any] | None:
    left = found.untold
    if left is None:
        return None
    stands = found.decision is not None and left.decision == found.decision.digest
    return {"reason": left.reason, "who": left.by_name, "on": display.moment(left.at, zone), "stands": stands}
