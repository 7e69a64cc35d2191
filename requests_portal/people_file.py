"""The people file: whom a desk that is being tried out lets in with one click."""

import tomllib
from pathlib import Path
from typing import Any

from requests_portal.model.actor import Actor, Role
from requests_portal.model.person import STAFF_ROLES
from requests_portal.settings import BadSettings

KEYS = {"id", "name", "roles"}


def people_in(path: Path) -> tuple[Actor, ...]:
    """The people that the file names; raises BadSettings for anything else than a list of them."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The people file {path.name} cannot be read. Name an existing one.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"The people file {path.name} is not TOML: {error}.") from error
    listed = raw.pop("person", None)
    if raw or not isinstance(listed, list) or not listed:
        raise BadSettings(f"{path.name} holds nothing but [[person]] tables, and at least one.")
    found = tuple(_person(path.name, each) for each in listed)
    if len({each.id for each in found}) != len(found):
        raise BadSettings(f"{path.name}: two people have one id.")
    return found


def _person(file: str, raw: Any) -> Actor:
    if not isinstance(raw, dict) or raw.keys() != KEYS:
        raise BadSettings(f"{file}: each [[person]] has id, name and roles, and nothing else.")
    identity, name, roles = raw["id"], raw["name"], raw["roles"]
    if not (_is_words(identity) and _is_words(name) and isinstance(roles, list) and roles):
        raise BadSettings(f"{file}: id and name are words, roles a list that is not empty.")
    staff = {role.value: role if role in STAFF_ROLES else None for role in Role}
    known = [staff.get(each) if isinstance(each, str) else None for each in roles]
    if None in known:
        allowed = ", ".join(sorted(name for name, role in staff.items() if role))
        raise BadSettings(f"{file}: a role of {identity} is none of {allowed}.")
    return Actor(id=identity, name=name, roles=frozenset(role for role in known if role))


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
