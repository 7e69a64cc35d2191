"""Whether the vault still has what the database names: signed documents, their copies, and papers."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from requests_portal.backup import as_it_is
from requests_portal.database.tables import archived_copies, cases, documents, envelopes
from requests_portal.days import now
from requests_portal.settings import Settings
from requests_portal.storage.refusals import NoSuchObject
from requests_portal.storage.vault import Retention, Vault
from requests_portal.store_access import store_client

MOST_ASKED = 10_000
MOST_NAMED = 100
AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class Named:
    """One object that the database names; a paper has no version."""

    what: str
    key: str
    version_id: str = ""


@dataclass(frozen=True, kw_only=True)
class InVault:
    """How many objects were asked for, whether those were all, and the first that are not there, by their ids."""

    asked: int
    all_asked: bool
    missing: int
    named: tuple[str, ...]


def look_into_vault(settings: Settings, database: Path) -> InVault:
    """Ask the vault for what this database names, the newest documents first; raises StoreUnavailable."""
    vault = _vault(settings)
    engine = as_it_is(database)
    try:
        with Session(engine) as session:
            found = list(islice(_named(session), MOST_ASKED + 1))
    finally:
        engine.dispose()
    asked = found[:MOST_ASKED]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        there = list(pool.map(lambda each: _is_there(vault, each), asked))
    missing = [each.what for each, is_there in zip(asked, there, strict=True) if not is_there]
    return InVault(
        asked=len(asked), all_asked=len(found) == len(asked), missing=len(missing), named=tuple(missing[:MOST_NAMED])
    )


def _vault(settings: Settings) -> Vault:
    # Only asked: what it would keep, and for how long, plays no part.
    retention = Retention(
        mode=settings.vault_retention_mode, period=timedelta(days=settings.vault_retention_days), now=now
    )
    return Vault(store_client(settings), settings.vault_bucket, retention=retention)


def _is_there(vault: Vault, each: Named) -> bool:
    try:
        vault.size(each.key, each.version_id) if each.version_id else vault.paper_size(each.key)
    except NoSuchObject:
        return False
    return True


def _named(session: Session) -> Iterator[Named]:
    for row in session.execute(select(documents).order_by(documents.c.signed_at.desc())):
        what = f"document {row.kind}, volume {row.volume}, of production {row.production}"
        yield Named(what=what, key=row.key, version_id=row.version_id)
    for row in session.execute(select(archived_copies)):
        what = f"archived copy of {row.kind}, volume {row.volume}, of production {row.production}"
        yield Named(what=what, key=row.key, version_id=row.version_id)
    for row in session.execute(select(envelopes)):
        yield Named(what=f"envelope of release {row.release}", key=row.key, version_id=row.version_id)
    for case_id, body in session.execute(select(cases.c.id, cases.c.body).execution_options(yield_per=100)):
        for paper in json.loads(body).get("papers", ()):
            yield Named(what=f"paper {paper['sha256'][:16]} of case {case_id}", key=paper["sha256"])
