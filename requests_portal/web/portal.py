"""What the pages are given: the outside world, the views, and how this portal is run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from requests_portal.model.actor import Actor
from requests_portal.work.outside import Outside
from requests_portal.work.ports import House
from requests_portal.work.views.auditing import AuditViews
from requests_portal.work.views.desk import DeskViews
from requests_portal.work.views.my import MyViews


@dataclass(frozen=True, kw_only=True)
class Persona:
    """An invented person of the demonstration, with one line that says what to try."""

    actor: Actor
    title: str
    try_this: str


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What looking at an uploaded paper showed: its pages, or why it stays in quarantine."""

    pages: int
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Portal:
    """One running portal; the demonstration alone has personas."""

    outside: Outside
    desk: DeskViews
    my: MyViews
    auditing: AuditViews
    house: House
    zone: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_token: Callable[[], str]
    new_pin: Callable[[], str]
    inspect_paper: Callable[[str], Inspection]
    paper_page: Callable[[str, int, int], bytes]
    page_picture: Callable[[Path, int, int], bytes]
    staff: Callable[[], dict[str, Actor]]
    trust: tuple[bytes, ...]
    log_key: str
    secret_key: str
    max_upload: int
    personas: tuple[Persona, ...] = ()

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration."""
        return bool(self.personas)


def the_portal() -> Portal:
    """The portal that the current request is for."""
    found: Portal = current_app.extensions["portal"]
    return found
