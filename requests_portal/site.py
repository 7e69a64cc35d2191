"""The composition root of the pages: a desk, its views and its people become a Flask application."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask

from requests_portal.app import Desk, templates
from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.database.views.auditing import SqlAuditViews
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.database.views.my import SqlMyViews
from requests_portal.model.actor import Actor
from requests_portal.storage.inspect import Clean, inspect, render
from requests_portal.web.application import make_app
from requests_portal.web.portal import Inspection, Persona, Portal
from requests_portal.work.pin import new_pin


def web(desk: Desk, *, staff: Callable[[], dict[str, Actor]], personas: tuple[Persona, ...] = ()) -> Flask:
    """The desk's pages as a WSGI application."""
    log = desk.ledger.log
    log_key = str(Vkey(name=log.origin, public_key=log.key.public_key))
    portal = Portal(
        outside=desk.outside,
        desk=SqlDeskViews(desk.engine),
        my=SqlMyViews(desk.engine),
        auditing=SqlAuditViews(desk.engine, log_key),
        house=desk.ledger.house,
        zone=desk.settings.zone,
        now=desk.ledger.now,
        new_id=desk.ledger.new_id,
        new_token=partial(secrets.token_urlsafe, 32),
        new_pin=new_pin,
        inspect_paper=partial(_inspect_paper, desk),
        paper_page=partial(_paper_page, desk),
        page_picture=_page_picture,
        staff=staff,
        trust=desk.outside.trust,
        log_key=log_key,
        secret_key=desk.settings.secret_key,
        max_upload=desk.settings.max_upload,
        personas=personas,
    )
    return make_app(portal, templates=templates())


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


def _page_picture(path: Path, page: int, width: int) -> bytes:
    return render(path, page, width=width)
