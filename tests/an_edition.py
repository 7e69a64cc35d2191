"""Editions of the rule book for tests: put in use without ceremony, and made a little different."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import uuid_utils
from sqlalchemy.orm import Session

from legal_rules.edition import Edition, shipped
from requests_portal.database.editions import SqlEditions
from requests_portal.model.edition import Adoption, AdoptionState

SHIPPED = shipped()
AT = datetime(2026, 1, 1, tzinfo=UTC)


def put_in_use(session: Session, edition: Edition = SHIPPED) -> None:
    """Make an edition the one in use, as though two people had adopted it before the test began."""
    kept = SqlEditions(session, lambda: edition)
    before = kept.in_use()
    kept.keep(edition, at=AT)
    kept.add(
        Adoption(
            id=str(uuid_utils.uuid7()),
            edition=edition.digest,
            replaces=before.edition if before else None,
            state=AdoptionState.ADOPTED,
            proposed_by="before",
            proposed_by_name="Somebody before the test",
            proposed_at=AT,
            reason="It was in use before the test.",
            number=before.number + 1 if before else 1,
        )
    )


def without(path: str, edition: Edition = SHIPPED) -> Edition:
    """The edition less one of its rules."""
    return replace(edition, files={name: text for name, text in edition.files.items() if name != path})


def with_files(files: Mapping[str, str], edition: Edition = SHIPPED) -> Edition:
    """The edition with these files added or replaced."""
    return replace(edition, files={**edition.files, **files})


def reviewed(edition: Edition = SHIPPED) -> Edition:
    """Another edition that says the same of everything: somebody left a comment in a rule's file."""
    path = "any/unsigned.toml"
    return with_files({path: f"{edition.files[path]}\n# Read again.\n"}, edition)


def of_other_software(edition: Edition = SHIPPED) -> Edition:
    """The edition as earlier software kept it: its words may have meant something else."""
    return replace(edition, engine="0" * 64)
