"""Notices: what a customer was told of demands for their data."""

from zoneinfo import ZoneInfo

from flask import render_template

from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal


@pages.get("/my/notices")
@does(Act.READ_OWN)
def notices() -> str:
    """Every notice of the account, newest first."""
    portal = the_portal()
    zone = ZoneInfo(portal.my.customer(by=person()).zone)
    rows = [(each.id, display.day(each.at.astimezone(zone).date())) for each in portal.my.notices(by=person())]
    return render_template("my/notices.html", audience="customer", rows=rows)


@pages.get("/my/notices/<notice_id>")
@does(Act.READ_OWN)
def notice(notice_id: str) -> str:
    """One notice, in the words that it was given in."""
    portal = the_portal()
    zone = ZoneInfo(portal.my.customer(by=person()).zone)
    found = portal.my.notice(notice_id, by=person())
    given = display.day(found.at.astimezone(zone).date())
    return render_template("my/notice.html", audience="customer", given=given, paragraphs=found.paragraphs)
