"""What the pages are given: the outside world, the views, and how this portal is run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from requests_portal.model.actor import Actor, Role
from requests_portal.model.officer_check import PaperSignature
from requests_portal.model.provider import Said
from requests_portal.work.doctor import Diagnosis
from requests_portal.work.outside import IdentityProvider, Outside, RelyingParty
from requests_portal.work.ports import House
from requests_portal.work.views.auditing import AuditViews
from requests_portal.work.views.desk import DeskViews
from requests_portal.work.views.holds import HoldViews
from requests_portal.work.views.my import MyViews
from requests_portal.work.views.running import RunningViews

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


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
class Providers:
    """The identity providers of colleagues and of customers, if the house has named any, and how to read them."""

    colleagues: IdentityProvider | None = None
    customers: IdentityProvider | None = None
    # Which roles a colleague has by what their provider says.
    roles: Callable[[Said], frozenset[Role]] = lambda _: frozenset()
    account_claim: str = ""


NO_PROVIDERS = Providers()


@dataclass(frozen=True, kw_only=True)
class Portal:
    """One running portal; the demonstration alone has personas."""

    outside: Outside
    desk: DeskViews
    my: MyViews
    auditing: AuditViews
    holds: HoldViews
    house: House
    zone: str
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_token: Callable[[], str]
    new_pin: Callable[[], str]
    inspect_paper: Callable[[str], Inspection]
    paper_page: Callable[[str, int, int], bytes]
    # Every word of a paper that can be read in so many seconds; nothing where it has none.
    paper_text: Callable[[str, float], str]
    # The signatures of a paper; nothing where it has none that can be read in so many seconds.
    paper_signatures: Callable[[str, float], Sequence[PaperSignature]]
    # The text record of a name in the domain name system.
    txt_record: Callable[[bytes], bytes | None]
    page_picture: Callable[[Path, int, int], bytes]
    staff: Callable[[], dict[str, Actor]]
    trust: tuple[bytes, ...]
    log_key: str
    secret_key: str
    relying_party: RelyingParty
    max_upload: int
    providers: Providers = NO_PROVIDERS
    # Whether customers can have a link mailed to them.
    mails: bool = False
    # Whose word is taken for where a request comes from.
    trusted_proxies: tuple[str, ...] = ()
    personas: tuple[Persona, ...] = ()
    # Under which names the pages answer; empty for any.
    hosts: frozenset[str] = frozenset()
    # Whether what the pages need is well, by name.
    ready: Callable[[], Mapping[str, bool]] = dict
    running: RunningViews | None = None
    # What looks for faults on somebody's behalf.
    doctor: Callable[[Actor], Diagnosis] | None = None
    # What a machine shows to read the metrics; empty for no metrics.
    metrics_token: str = ""

    @property
    def demo(self) -> bool:
        """Whether this is the demonstration."""
        return bool(self.personas)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages encrypted; those of a desk tried out on its own machine are not."""
        address = urlsplit(self.house.public_url)
        return not self.demo and (address.scheme == "https" or address.hostname not in LOOPBACK)


def the_portal() -> Portal:
    """The portal that the current request is for."""
    found: Portal = current_app.extensions["portal"]
    return found
