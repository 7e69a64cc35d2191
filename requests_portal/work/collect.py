"""Collect: a link opens with the PIN that went by another path; a wrong one is counted, and five lock the link."""

from requests_portal.errors import NotFound, Refused
from requests_portal.model.actor import SYSTEM
from requests_portal.work.pin import fits
from requests_portal.work.ports import Work
from requests_portal.work.release import LinkEnded, release_of, still_open


class WrongPin(Refused):
    """The link and the PIN do not go together; an unknown link reads alike."""

    code = "wrong_pin"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "This link and this PIN do not go together. Check that you have all of the link, and the eight digits."
        )


class LinkLocked(LinkEnded):
    """A wrong PIN was typed too often."""

    code = "link_locked"
    status = 423

    def __init__(self) -> None:
        super().__init__("This link is locked: a wrong PIN was typed five times. Ask us for a new link and PIN.")


def may_be_tried(work: Work, token: str) -> None:
    """Refuse a link that no PIN opens any more; an unknown one passes, so that it reads like any other."""
    try:
        given = release_of(work, token)
    except NotFound:
        return
    still_open(work, given)
    if given.is_locked:
        raise LinkLocked


def unlock(work: Work, token: str, pin: str) -> bool:
    """Whether the PIN opens the link; where it does not, one try fewer is left, which the caller has to commit."""
    try:
        given = work.productions.release(release_of(work, token).id)
    except NotFound:
        return fits(pin, "")
    still_open(work, given)
    if given.is_locked:
        raise LinkLocked
    if fits(pin, given.pin_hash):
        return True
    work.productions.count_wrong_pin(given.id)
    work.audit.add(
        "wrong_pin_typed",
        by=SYSTEM,
        case=work.productions.get(given.production).case,
        numbers={"issue": given.issue, "tries": given.wrong_pins + 1},
    )
    return False
