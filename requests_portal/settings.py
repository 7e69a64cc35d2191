"""Typed settings, read once from one TOML file; a missing, unknown or weak value is refused by name."""

import json
import tomllib
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from requests_portal.errors import Unusable

MIN_SECRET = 32
RETENTION_MODES = frozenset({"GOVERNANCE", "COMPLIANCE"})
DEMONSTRATION = "demonstration"


class BadSettings(Unusable):
    """The settings file cannot be used as it is."""

    code = "bad_settings"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything a company decides about its portal; paths are as the process sees them."""

    database_url: str
    store_endpoint: str
    store_region: str
    store_access_key: str
    store_secret_key: str
    recordings_bucket: str
    vault_bucket: str
    secret_key: str
    keys: str
    spool: str
    scratch: str
    house_name: str
    house_address: tuple[str, ...]
    place: str
    zone: str
    bates_prefix: str
    public_url: str
    log_origin: str
    house_policy: str
    approval_above: int
    link_days: int
    max_upload: int
    # How the vault's Object Lock keeps papers and bundles. GOVERNANCE: a court can still order an erasure, by somebody
    # with a right that no process of ours has; COMPLIANCE: nobody can, not even the account's owner.
    vault_retention_mode: str = "GOVERNANCE"
    vault_retention_days: int = 730
    # The signing key: in AWS KMS, or in a file; with neither the demonstration's own, plainly named so.
    kms_key: str = ""
    kms_region: str = ""
    kms_endpoint: str = ""
    signing_key: str = ""
    signing_certificates: str = ""
    # Where old certificates lie (bundles of their time still verify), and what the issuers have revoked.
    retired_certificates: str = ""
    revocation_lists: str = ""
    # The timestamp authority (RFC 3161), or "demonstration"; empty: bundles leave without a timestamp.
    tsa_url: str = ""
    tsa_certificates: str = ""

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed, and keys that are named by halves."""
        if self.vault_retention_mode not in RETENTION_MODES or self.vault_retention_days < 1:
            raise BadSettings("vault_retention_mode is GOVERNANCE or COMPLIANCE, and vault_retention_days at least 1.")
        if self.kms_key and self.signing_key:
            raise BadSettings("kms_key and signing_key are both set; name the one key that signs.")
        if (self.kms_key or self.signing_key) and not self.signing_certificates:
            raise BadSettings("signing_certificates is missing: the PEM file with the key's certificate and its chain.")
        if self.tsa_url not in {"", DEMONSTRATION} and not self.tsa_url.startswith(("https://", "http://")):
            raise BadSettings("tsa_url is no address that begins with https:// or http://.")
        if self.tsa_url not in {"", DEMONSTRATION} and not self.tsa_certificates:
            raise BadSettings("tsa_certificates is missing: the PEM file with the timestamp authority's root.")
        if len(self.secret_key) < MIN_SECRET:
            raise BadSettings(
                f"secret_key has {len(self.secret_key)} characters; use at least {MIN_SECRET} random ones."
            )

    def write(self, path: Path) -> None:
        """Write the file, readable by its owner alone."""
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in asdict(self).items()]
        path.touch(mode=0o600)
        path.write_text("".join(lines), encoding="utf-8")


def read(path: Path) -> Settings:
    """The settings in this file; raises BadSettings naming what is missing, unknown or of the wrong type."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"The settings file {path.name} cannot be read. Name an existing one.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"The settings file {path.name} is not TOML: {error}.") from error
    known = {each.name: each.type for each in fields(Settings)}
    needed = {each.name for each in fields(Settings) if each.default is MISSING}
    for problem, names in (("missing", needed - raw.keys()), ("unknown", raw.keys() - known.keys())):
        if names:
            raise BadSettings(f"{path.name}: {problem}: {', '.join(sorted(names))}.")
    return Settings(**{name: _typed(name, known[name], value) for name, value in raw.items()})


def _typed(name: str, kind: Any, value: object) -> Any:
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return value
    if isinstance(value, list) and kind not in {int, str} and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadSettings(f"{name} has the wrong type. Look at the example in the README.")
