"""The composition root of the pages: a desk, its views and its people become a Flask application."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from flask import Flask, g

from requests_portal.app import FLOW_VERSION, Desk, templates
from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.bundle.paper_signature import Unreadable, signatures_of
from requests_portal.database.schema import is_current
from requests_portal.database.views.auditing import SqlAuditViews
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.database.views.holds import SqlHoldViews
from requests_portal.database.views.my import SqlMyViews
from requests_portal.database.views.running import SqlRunning
from requests_portal.diagnosis import doctor
from requests_portal.mail.names import txt_record
from requests_portal.model.actor import Actor, Role
from requests_portal.model.officer_check import PaperSignature
from requests_portal.model.provider import Said
from requests_portal.readiness import Readiness
from requests_portal.signing_in.passkeys import WebAuthn
from requests_portal.signing_in.provider import Client, Provider
from requests_portal.storage.buckets import answer
from requests_portal.storage.inspect import Clean, inspect, render, words_of
from requests_portal.storage.spool import Spool
from requests_portal.store_access import store_client
from requests_portal.web.application import make_app
from requests_portal.web.portal import Inspection, Persona, Portal, Providers
from requests_portal.work.pin import new_pin


def web(
    desk: Desk,
    *,
    staff: Callable[[], dict[str, Actor]],
    personas: tuple[Persona, ...] = (),
    hosts: frozenset[str] = frozenset(),
) -> Flask:
    """The desk's pages as a WSGI application, which answers under the names in `hosts`, or under any."""
    log = desk.ledger.log
    log_key = str(Vkey(name=log.origin, public_key=log.key.public_key))
    portal = Portal(
        outside=desk.outside,
        desk=SqlDeskViews(desk.engine),
        my=SqlMyViews(desk.engine),
        auditing=SqlAuditViews(desk.engine, log_key),
        holds=SqlHoldViews(desk.engine),
        house=desk.ledger.house,
        zone=desk.settings.zone,
        now=desk.ledger.now,
        new_id=desk.ledger.new_id,
        new_token=partial(secrets.token_urlsafe, 32),
        new_pin=new_pin,
        inspect_paper=partial(_inspect_paper, desk),
        paper_page=partial(_paper_page, desk),
        paper_text=partial(_paper_text, desk),
        paper_signatures=partial(_paper_signatures, desk),
        txt_record=txt_record,
        page_picture=_page_picture,
        staff=staff,
        trust=desk.outside.trust,
        log_key=log_key,
        secret_key=desk.settings.secret_key,
        relying_party=WebAuthn(public_url=desk.settings.public_url, house=desk.settings.house_name),
        providers=_providers(desk),
        mails=bool(desk.settings.mail_host),
        trusted_proxies=desk.settings.trusted_proxies,
        max_upload=desk.settings.max_upload,
        personas=personas,
        hosts=hosts,
        ready=readiness(desk),
        running=SqlRunning(desk.engine, FLOW_VERSION),
        doctor=doctor(desk),
        metrics_token=desk.settings.metrics_token,
    )
    return make_app(portal, templates=templates())


def _providers(desk: Desk) -> Providers:
    settings = desk.settings
    ours = dict(each.split("=", 1) for each in settings.provider_roles)

    def roles(said: Said) -> frozenset[Role]:
        return frozenset(Role(ours[each]) for each in said.words(settings.provider_roles_claim) if each in ours)

    return Providers(
        colleagues=_provider(desk, settings.provider, settings.provider_client, settings.provider_secret),
        customers=_provider(
            desk, settings.customers_provider, settings.customers_provider_client, settings.customers_provider_secret
        ),
        roles=roles,
        account_claim=settings.customers_account_claim,
    )


def _provider(desk: Desk, issuer: str, client_id: str, client_secret: str) -> Provider | None:
    if not issuer:
        return None
    back = f"{desk.settings.public_url.rstrip('/')}/sign-in/back"
    client = Client(issuer=issuer, client_id=client_id, client_secret=client_secret, redirect_uri=back)
    return Provider(client, now=desk.ledger.now)


def known_staff(desk: Desk) -> Callable[[], dict[str, Actor]]:
    """Who works here and who has, by id; read once for each request, so that a change holds from the next one on."""

    def staff() -> dict[str, Actor]:
        if "staff" not in g:
            with desk.outside.reading() as work:
                g.staff = {each.id: each.actor for each in work.staff.all()}
        found: dict[str, Actor] = g.staff
        return found

    return staff


def readiness(desk: Desk) -> Readiness:
    """What the pages need, each asked in a bounded time."""
    settings = desk.settings
    store = store_client(settings, attempts=1, connect_seconds=1.0, read_seconds=2.0)
    return Readiness(
        {
            "database": partial(is_current, desk.engine),
            "store": partial(answer, store, settings.recordings_bucket, settings.vault_bucket),
            "spool": Spool(Path(settings.spool)).is_writable,
        }
    )


@contextmanager
def _paper_file(desk: Desk, sha256: str) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=desk.outside.scratch, suffix=".paper")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in desk.outside.vault.read_paper(sha256):
                file.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _inspect_paper(desk: Desk, sha256: str) -> Inspection:
    with _paper_file(desk, sha256) as path:
        seen = inspect(path)
    if isinstance(seen, Clean):
        return Inspection(pages=seen.pages, reason=None)
    return Inspection(pages=0, reason=seen.reason)


def _paper_page(desk: Desk, sha256: str, page: int, width: int) -> bytes:
    with _paper_file(desk, sha256) as path:
        return render(path, page, width=width)


def _paper_text(desk: Desk, sha256: str, seconds: float) -> str:
    with _paper_file(desk, sha256) as path:
        return words_of(path, seconds=seconds)


def _paper_signatures(desk: Desk, sha256: str, seconds: float) -> Sequence[PaperSignature]:
    with suppress(Unreadable), _paper_file(desk, sha256) as path:
        return signatures_of(path, seconds=seconds)
    return ()


def _page_picture(path: Path, page: int, width: int) -> bytes:
    return render(path, page, width=width)
