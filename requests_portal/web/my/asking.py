"""Asking: a customer files a request about their own data."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.case import Quote, Requester, Track
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.my import wording
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.cooling import held_until
from requests_portal.web.my.recordings import BAD_DAY
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import current
from requests_portal.work.ports import Customer
from requests_portal.work.receive import Filing, receive

LONGEST_WORDS = 4000
A_MOMENT = timedelta(minutes=10)
# Beyond the last days that a calendar counts no day after the last could be named.
_DAYS = (date(1900, 1, 1), date(2999, 12, 31))
_SAME = ("right", "seeks", "range_from", "range_to")
# Without words nobody could tell what to correct, to stop or to look into.
_NEEDS_WORDS = frozenset({"rectification", "objection", "complaint"})


class Asking(Schema):
    """What a customer asks for."""

    right = fields.String(
        required=True,
        validate=validate.OneOf(list(wording.RIGHTS), error="Choose what you want us to do."),
        error_messages={"required": "Choose what you want us to do."},
    )
    kinds = fields.List(
        fields.String(validate=validate.OneOf(list(wording.KINDS), error="Choose from the list.")), load_default=list
    )
    period = fields.String(
        required=True,
        validate=validate.OneOf(["all", "some"], error="Choose the whole time or certain days."),
        error_messages={"required": "Choose the whole time or certain days."},
    )
    first = fields.Date(validate=validate.Range(*_DAYS, error=BAD_DAY), error_messages={"invalid": BAD_DAY})
    last = fields.Date(validate=validate.Range(*_DAYS, error=BAD_DAY), error_messages={"invalid": BAD_DAY})
    words = fields.String(
        validate=validate.Length(max=LONGEST_WORDS, error=f"Use at most {LONGEST_WORDS:,} characters.")
    )

    @validates_schema
    def _kinds_where_needed(self, values: Mapping[str, Any], **_: Any) -> None:
        # What went wrong may lie with no data at all.
        if values.get("right") != "complaint" and not values["kinds"]:
            raise ValidationError("Choose what it is about.", "kinds")

    @validates_schema
    def _days_in_order(self, values: Mapping[str, Any], **_: Any) -> None:
        if values.get("period") != "some":
            return
        for name, words in (("first", "first"), ("last", "last")):
            if name not in values:
                raise ValidationError(f"Enter the {words} day.", name)
        if values["last"] < values["first"]:
            raise ValidationError("The last day is before the first.", "last")

    @validates_schema
    def _words_where_needed(self, values: Mapping[str, Any], **_: Any) -> None:
        if values.get("right") in _NEEDS_WORDS and not values.get("words"):
            raise ValidationError("Tell us in your own words what is wrong, or which use you object to.", "words")


@pages.get("/my/requests/new")
@does(Act.FILE_OWN)
def ask() -> str:
    """The form, with a copy of everything of the recordings chosen beforehand, or the right that a link names."""
    named = request.args.get("right", "")
    right = named if named in wording.RIGHTS else "access"
    kinds = [] if right == "complaint" else ["audio", "transcript", "human_review_log"]
    return _form({"right": right, "kinds": kinds, "period": "all"}, {})


@pages.post("/my/requests/new")
@does(Act.FILE_OWN, fresh=True)
def send() -> Response | tuple[str, int]:
    """File the request; what cannot be used is said beside its field, and nothing typed is lost."""
    given = typed(Asking(), MultiDict(request.form))
    values, errors = loaded(Asking(), given)
    portal = the_portal()
    errors = errors or _of_the_future(values)
    if errors:
        return _form(given, errors), 422
    filing = _filing(values, portal.my.customer(by=person()), at=portal.now())
    with portal.outside.unit_of_work() as work:
        # Inside the transaction, which waits for the first of two presses to be through.
        reference = _sent_already(filing) or receive(work, filing, by=person()).reference
    return see_other("my.status", reference=reference)


def _sent_already(filing: Filing) -> str | None:
    """The reference of the same request sent a moment ago: a second press of the button files nothing."""
    for own in the_portal().my.requests(by=person()):
        same = all(own.case.facts.get(name) == filing.facts.get(name) for name in _SAME)
        if same and own.case.quotes == filing.quotes and filing.received_at - own.case.received_at < A_MOMENT:
            return own.case.reference
    return None


def _form(given: Typed, errors: Errors) -> str:
    zone = ZoneInfo(the_portal().my.customer(by=person()).zone)
    return render_template(
        "my/ask.html",
        audience="customer",
        given=given,
        errors={name: [sentence] for name, sentence in errors.items()},
        error=errors,
        has_errors=bool(errors),
        rights=[(value, *words) for value, words in wording.RIGHTS.items()],
        kinds=[(value, *words) for value, words in wording.KINDS.items()],
        zone_words=display.zone_name(zone),
        held_until=held_until(zone),
    )


def _of_the_future(values: Typed) -> Errors:
    zone = ZoneInfo(the_portal().my.customer(by=person()).zone)
    if values.get("period") == "some" and values.get("first", date.min) > the_portal().now().astimezone(zone).date():
        return {"first": "We can only look at days that have been."}
    return {}


def _filing(values: Typed, customer: Customer, *, at: datetime) -> Filing:
    right, words = str(values["right"]), str(values.get("words", ""))
    return Filing(
        track=Track.DATA_SUBJECT,
        title=wording.TITLES[right],
        requester=Requester(
            name=customer.name, email=customer.email, address=customer.address, country=customer.country
        ),
        received_at=at,
        zone=customer.zone,
        language=customer.language,
        facts={
            "requester_kind": "data_subject",
            "right": right,
            "seeks": sorted(values["kinds"]),
            "accounts": [customer.account],
            "devices": [],
            "catch_all": False,
            "data_subject_country": customer.country,
            "channel": "portal",
            "identity_verified": True,
            **_period(values, ZoneInfo(customer.zone)),
        },
        quotes=(Quote(words=words),) if words else (),
        account=customer.account,
        signed_in_at=current().auth_at,
        signed_in_by=current().how,
    )


def _period(values: Typed, zone: ZoneInfo) -> dict[str, object]:
    """The days asked about, on the customer's own clock; the last one is included."""
    if values["period"] == "all":
        return {"range_stated": False}
    first, last = values["first"], values["last"]
    return {
        "range_stated": True,
        "range_from": datetime.combine(first, time(), zone).isoformat(),
        "range_to": datetime.combine(last + timedelta(days=1), time(), zone).isoformat(),
    }
