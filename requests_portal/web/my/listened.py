"""Who has listened to my recordings: every time, with the day, the purpose and the role."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from requests_portal.model.actor import Act
from requests_portal.model.listening import Heard
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.my import wording
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.work.tell_hearings import who_listened, who_listened_in_cases

PAGE_ROWS = 25


@pages.get("/my/recordings/listened")
@does(Act.READ_OWN)
def listened() -> str:
    """Every time a person of ours listened to a recording of the account, newest first."""
    portal, by = the_portal(), person()
    zone = ZoneInfo(portal.my.customer(by=by).zone)
    with portal.outside.reading() as work:
        found = who_listened(work, by=by)
        devices = work.catalogue.devices([str(by.account)])
    last = max(1, -(-len(found) // PAGE_ROWS))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return render_template(
        "my/listened.html",
        audience="customer",
        rows=[_row(each, devices, zone) for each in shown],
        shown=f"Showing {(page - 1) * PAGE_ROWS + 1} to {(page - 1) * PAGE_ROWS + len(shown)} of {len(found):,}",
        previous_url=url_for("my.listened", page=page - 1) if page > 1 else None,
        next_url=url_for("my.listened", page=page + 1) if page < last else None,
    )


def in_cases(recording_ids: Sequence[str]) -> Mapping[str, Sequence[Heard]]:
    """Who listened to these recordings for a request, by recording."""
    with the_portal().outside.reading() as work:
        found = who_listened_in_cases(work, recording_ids, by=person())
    grouped: dict[str, list[Heard]] = defaultdict(list)
    for each in found:
        grouped[each.recording].append(each)
    return grouped


def _row(each: Heard, devices: Mapping[str, str], zone: ZoneInfo) -> dict[str, str]:
    day = each.recorded_at.astimezone(zone).date()
    return {
        "iso": each.at.isoformat(),
        "day": display.day(each.at.astimezone(zone).date()),
        "purpose": wording.heard_for(each),
        "role": wording.heard_as(each),
        "length": "" if each.seconds is None else f"{each.seconds:.1f} s",
        "recording": f"{display.day(day)}, {display.clock(each.recorded_at, zone)} · "
        f"{devices.get(each.device, each.device)}",
        "recording_url": url_for("my.recordings", first=day.isoformat(), last=day.isoformat()),
    }
