"""The links in the bar: each role sees the rooms it may enter."""

from requests_portal.model.actor import Act, Actor

ROOMS = (
    (Act.READ_QUEUE, "Queue", "/"),
    (Act.FILE_DEMAND, "New request", "/new"),
    (Act.LISTEN, "To hear", "/hear"),
    (Act.READ_HOLDS, "Holds", "/holds"),
    (Act.READ_AGENCIES, "Agencies", "/agencies"),
    (Act.READ_RULES, "Rules", "/rules"),
    (Act.READ_LOG, "Audit log", "/audit"),
    (Act.READ_ALARMS, "Alarms", "/alarms"),
    (Act.READ_OPERATIONS, "Operations", "/operations"),
    (Act.MANAGE_PEOPLE, "People", "/people"),
    (Act.CONFIRM_ROLES, "New roles", "/people/waiting"),
    (Act.READ_OWN, "My recordings", "/my/recordings"),
    (Act.READ_OWN, "My requests", "/my/requests"),
    (Act.NAME_AGENT, "My agents", "/my/agents"),
    (Act.READ_OWN, "Notices", "/my/notices"),
)


def navigation(by: Actor, path: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the current one) of each room the actor may enter."""
    # Of a room within another one, the inner one is the current one.
    here = max((url for _, _, url in ROOMS if _is_in(url, path)), key=len, default="")
    return [(label, url, url == here) for act, label, url in ROOMS if by.may(act)]


def _is_in(url: str, path: str) -> bool:
    return path == "/" or path.startswith("/requests") if url == "/" else path.startswith(url)
