"""Who answers for what a command enters: somebody who works here, by address or staff id."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests_portal.model.actor import Actor
    from requests_portal.settings import Settings
    from requests_portal.work.ports import Work


def colleague(work: "Work", who: str, settings: "Settings") -> "Actor":
    """The colleague who is meant; on a desk that is tried out, one of those who sign in there with one click."""
    from requests_portal.work.people import colleague_named  # noqa: PLC0415 — the desk loads only where it is used

    return colleague_named(work, who, otherwise=_tried_out_by(settings))


def _tried_out_by(settings: "Settings") -> "tuple[Actor, ...]":
    from requests_portal.demonstration.people import PERSONAS  # noqa: PLC0415 — as above
    from requests_portal.model.actor import Actor, Role  # noqa: PLC0415
    from requests_portal.people_file import people_in  # noqa: PLC0415
    from requests_portal.settings import DEMONSTRATION  # noqa: PLC0415

    if settings.demonstration_sign_in:
        return people_in(Path(settings.people))
    invented = PERSONAS if settings.tsa_url == DEMONSTRATION else ()
    return tuple(
        Actor(id=each.id, name=each.name, roles=frozenset(map(Role, each.roles)))
        for each in invented
        if each.account is None
    )
