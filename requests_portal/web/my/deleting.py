"""Deleting: a customer deletes one recording, those of some days or of a device, or all; now, or as they grow old."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, session
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.recordings import DELETED, asked_for
from requests_portal.web.portal import the_portal
from requests_portal.work.erase import MONTHS, choose_months, erase_own, older
from requests_portal.work.views.my import Erasable, ShelfQuery

CHOICES = ("device", "first", "last", "recording")


@pages.get("/my/recordings/delete")
@does(Act.ERASE_OWN)
def delete() -> str:
    """Say plainly what would be deleted, and ask."""
    portal = the_portal()
    before = portal.now()
    return render_template(
        "my/delete.html",
        audience="customer",
        erasable=(found := _erasable(before)),
        what=_what(found),
        many=display.count(found.recordings, "recording"),
        fields={name: request.values.get(name, "") for name in CHOICES} | {"before": before.isoformat()},
    )


@pages.post("/my/recordings/delete")
@does(Act.ERASE_OWN, fresh=True)
def delete_them() -> Response:
    """Delete what was shown, and nothing that arrived since."""
    chosen = _erasable(_shown_at()).chosen
    with the_portal().outside.unit_of_work() as work:
        erased = erase_own(work, chosen, by=person())
    if erased:
        session[DELETED] = erased
    return see_other("my.recordings")


@pages.get("/my/recordings/keeping")
@does(Act.ERASE_OWN)
def keeping() -> str:
    """Ask how long recordings are to be kept."""
    return _keeping({})


@pages.post("/my/recordings/keeping")
@does(Act.ERASE_OWN, fresh=True)
def keep() -> Response | tuple[str, int]:
    """Keep the choice; what is older is deleted at once."""
    months = request.form.get("months", "")
    if months not in {"never", *map(str, MONTHS)}:
        return _keeping({"months": "Choose one of the three."}), 422
    with the_portal().outside.unit_of_work() as work:
        choose_months(work, None if months == "never" else int(months), by=person())
    return see_other("my.recordings")


def _erasable(before: datetime) -> Erasable:
    query, errors = asked_for(request.values)
    if errors:
        raise Unusable(" ".join(errors.values()))
    return the_portal().my.erasable(query, recording=request.values.get("recording", ""), before=before, by=person())


def _shown_at() -> datetime:
    try:
        shown = datetime.fromisoformat(request.form.get("before", ""))
        return min(shown, the_portal().now())
    except (TypeError, ValueError):
        raise Unusable("This form is not whole. Open the page again and send it from there.") from None


def _what(found: Erasable) -> str:
    """The choice in words, as the customer made it."""
    portal, (query, _) = the_portal(), asked_for(request.values)
    with portal.outside.reading() as work:
        names = work.catalogue.devices([found.chosen.account])
    if found.one is not None:
        zone = ZoneInfo(portal.my.customer(by=person()).zone)
        day = display.weekday(found.one.recorded_at.astimezone(zone).date())
        return (
            f"The recording of {day}, {display.clock(found.one.recorded_at, zone)}, {_called(names, found.one.device)}."
        )
    device = _called(names, found.chosen.device) if found.chosen.device else "all your devices"
    return f"Everything from {device}{_days(query)}."


def _days(query: ShelfQuery) -> str:
    first, last = (display.day(each) if each else "" for each in (query.first, query.last))
    if first and first == last:
        return f", on {first}"
    return (f", from {first}" if first else "") + (f", up to and including {last}" if last else "")


def _called(names: Mapping[str, str], serial: str) -> str:
    return names.get(serial, serial)


def _keeping(errors: dict[str, str]) -> str:
    portal = the_portal()
    now, by = portal.now(), person()
    with portal.outside.reading() as work:
        moments = [older(str(by.account), each, now).before for each in MONTHS]
        older_than = dict(zip(MONTHS, work.erasures.counts_before(str(by.account), moments), strict=True))
    options: list[tuple[str, str, str]] = [("never", "Until I delete it", "")]
    options += [(str(each), f"For {each} months", _deletes(older_than[each])) for each in MONTHS]
    values: dict[str, Any] = {"chosen": str(portal.my.months(by=by) or "never"), "options": options}
    summary = {name: [sentence] for name, sentence in errors.items()}
    return render_template(
        "my/keeping.html", audience="customer", error=errors, errors=summary, has_errors=bool(errors), **values
    )


def _deletes(count: int) -> str:
    if not count:
        return "None of your recordings is older now."
    return f"{display.count(count, 'recording')} of yours {'is' if count == 1 else 'are'} older and deleted at once."
