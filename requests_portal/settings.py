"""Typed settings, read once from one TOML file; a missing, unknown or weak value is refused by name."""

import ipaddress
import json
import tomllib
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from legal_rules.vocabulary.words import SEEKS
from requests_portal.errors import Unusable

MIN_SECRET = 32
MOST_PERCENT, MOST_MINUTES = 100, 60
RETENTION_MODES = frozenset({"GOVERNANCE", "COMPLIANCE"})
DEMONSTRATION = "demonstration"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# The roles of those who work here; the settings know nothing of what they mean.
STAFF_ROLES = frozenset(
    {"intake", "lawyer", "approver", "reviewer", "custodian", "auditor", "operator", "administrator"}
)
FAST, PLAIN = "fast", "plain"


# What is set elsewhere now, and where.
RETIRED = {"approval_above": "it is approve_above in the house policy now, which two lawyers adopt; take the line out"}


class BadSettings(Unusable):
    """The settings file cannot be used as it is."""

    code = "bad_settings"


@dataclass(frozen=True, kw_only=True)
class RecordSource:
    """Where the records of one class come from: a read-only query (`sql` and `url`), or a `csv` file with a header."""

    data_class: str
    # What the bundle calls it.
    name: str
    sql: str = ""
    url: str = ""
    csv: str = ""
    # The columns that are given out, in this order; all of them where none is named.
    columns: tuple[str, ...] = ()
    # Which column names the account, the row's first and last moment, and its device. A CSV must name its account's.
    account_column: str = ""
    from_column: str = ""
    to_column: str = ""
    device_column: str = ""

    def __post_init__(self) -> None:
        """Refuse a source that is named by halves."""
        where = f"record_sets.{self.data_class}"
        if self.data_class not in SEEKS or self.data_class in {"audio", "transcript"}:
            raise BadSettings(f"{where} is no class of records; such as subscriber, connections or purchases.")
        if bool(self.sql) == bool(self.csv) or bool(self.sql) != bool(self.url):
            raise BadSettings(f"{where} needs either sql and url, or csv.")
        if self.url and not self.url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise BadSettings(f"{where}: url begins with sqlite:/// or postgresql+psycopg://.")
        if self.csv and not self.account_column:
            raise BadSettings(f"{where}: account_column is missing, the column of the file that names the account.")
        if bool(self.from_column) != bool(self.to_column):
            raise BadSettings(f"{where}: from_column and to_column go together; one column may be both.")


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
    # What reads recordings: "fast" (obstore, judged by boto3 where anything is wrong) or "plain" (boto3 alone).
    reader: str = FAST
    # The address of the SQS queue into which the store says what happened to recordings; empty: nobody listens.
    events_queue: str = ""
    # Whose X-Forwarded-Proto is believed: addresses or networks of the proxies in front of the pages; nobody else's.
    trusted_proxies: tuple[str, ...] = ()
    # Mail to staff: encrypted, unless the server is this machine; port 465 speaks TLS from the start. Empty: no mail.
    mail_host: str = ""
    mail_port: int = 587
    mail_from: str = ""
    mail_user: str = ""
    mail_password: str = ""
    # What signs the messages to webhooks; empty: there are none.
    webhook_secret: str = ""
    # Whom a request wakes that nobody on the roster claims: a mail address, or the https address of a webhook.
    last_resort: str = ""
    # Nobody has claimed it: told when this share of the period is left, and where hours count at once and then each so
    # many minutes.
    escalate_percent: int = 25
    escalate_minutes: int = 15
    # What a machine shows to read /metrics; empty: there is no such page.
    metrics_token: str = ""
    # Whoever reaches the pages may click themselves in as one of the people in the file; for trying out, on loopback.
    demonstration_sign_in: bool = False
    people: str = ""
    # The identity provider (OpenID Connect) through which colleagues sign in; empty: they have passkeys.
    provider: str = ""
    provider_client: str = ""
    provider_secret: str = ""
    # Which claim says what somebody is there, and which role that gives here, such as "legal-team=lawyer".
    provider_roles_claim: str = "groups"
    provider_roles: tuple[str, ...] = ()
    # The provider through which customers sign in, and the claim that names their account.
    customers_provider: str = ""
    customers_provider_client: str = ""
    customers_provider_secret: str = ""
    customers_account_claim: str = "account"
    # Where the records of each class come from; what is not named here comes from the desk's own tables.
    record_sets: tuple[RecordSource, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed, and keys that are named by halves."""
        if self.vault_retention_mode not in RETENTION_MODES or self.vault_retention_days < 1:
            raise BadSettings("vault_retention_mode is GOVERNANCE or COMPLIANCE, and vault_retention_days at least 1.")
        if self.reader not in {FAST, PLAIN}:
            raise BadSettings("reader is fast or plain.")
        if self.kms_key and self.signing_key:
            raise BadSettings("kms_key and signing_key are both set; name the one key that signs.")
        if (self.kms_key or self.signing_key) and not self.signing_certificates:
            raise BadSettings("signing_certificates is missing: the PEM file with the key's certificate and its chain.")
        if self.tsa_url not in {"", DEMONSTRATION} and not self.tsa_url.startswith(("https://", "http://")):
            raise BadSettings("tsa_url is no address that begins with https:// or http://.")
        if self.tsa_url not in {"", DEMONSTRATION} and not self.tsa_certificates:
            raise BadSettings("tsa_certificates is missing: the PEM file with the timestamp authority's root.")
        if self.events_queue and not self.events_queue.startswith(("https://", "http://")):
            raise BadSettings("events_queue is no address of a queue that begins with https:// or http://.")
        self._check_serving()
        self._check_messages()
        self._check_providers()
        address = urlsplit(self.public_url)
        if address.scheme not in {"https", "http"} or not address.hostname:
            raise BadSettings("public_url is no address that begins with https:// or http://.")
        if len(self.secret_key) < MIN_SECRET:
            raise BadSettings(
                f"secret_key has {len(self.secret_key)} characters; use at least {MIN_SECRET} random ones."
            )

    def _check_serving(self) -> None:
        if self.metrics_token and len(self.metrics_token) < MIN_SECRET:
            raise BadSettings(f"metrics_token is too short; use at least {MIN_SECRET} random characters, or none.")
        if self.demonstration_sign_in and not self.people:
            raise BadSettings("people is missing: the file that names whom demonstration_sign_in lets in.")
        for each in self.trusted_proxies:
            _must_be_a_network(each)

    def _check_messages(self) -> None:
        if self.mail_host and not self.mail_from:
            raise BadSettings("mail_from is missing: the address that mail to staff comes from.")
        if bool(self.mail_user) != bool(self.mail_password):
            raise BadSettings("mail_user and mail_password belong together; set both, or neither.")
        if self.webhook_secret and len(self.webhook_secret) < MIN_SECRET:
            raise BadSettings(f"webhook_secret is too short; use at least {MIN_SECRET} random characters, or none.")
        if not (1 <= self.escalate_percent <= MOST_PERCENT and 1 <= self.escalate_minutes <= MOST_MINUTES):
            raise BadSettings("escalate_percent is 1 to 100, and escalate_minutes 1 to 60.")

    def _check_providers(self) -> None:
        for prefix in ("provider", "customers_provider"):
            named = [getattr(self, prefix), getattr(self, f"{prefix}_client"), getattr(self, f"{prefix}_secret")]
            if any(named) and not all(named):
                raise BadSettings(f"{prefix}, {prefix}_client and {prefix}_secret go together; set all, or none.")
            if named[0] and not _is_encrypted(named[0]):
                raise BadSettings(f"{prefix} is no address that begins with https://.")
        if self.provider and not self.provider_roles:
            raise BadSettings('provider_roles is missing: which role a claim gives, such as ["legal-team=lawyer"].')
        for each in self.provider_roles:
            if each.partition("=")[2] not in STAFF_ROLES:
                raise BadSettings(f"provider_roles: {each} gives none of {', '.join(sorted(STAFF_ROLES))}.")

    def write(self, path: Path) -> None:
        """Write the file, readable by its owner alone."""
        flat = {name: value for name, value in asdict(self).items() if name != "record_sets"}
        lines = [_line(name, value) for name, value in flat.items()]
        for source in self.record_sets:
            told = {name: value for name, value in asdict(source).items() if name != "data_class" and value}
            lines += [f"\n[record_sets.{source.data_class}]\n", *(_line(name, value) for name, value in told.items())]
        path.touch(mode=0o600)
        path.write_text("".join(lines), encoding="utf-8")


def read(path: Path) -> Settings:
    """The settings in this file; raises BadSettings naming what is missing, unknown or of the wrong type."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"The settings file {path.name} cannot be read. Name an existing one.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"The settings file {path.name} is not TOML: {error}.") from error
    sources = raw.pop("record_sets", {})
    flat = _strictly(Settings, raw, where=path.name)
    if not isinstance(sources, dict):
        raise BadSettings("record_sets has the wrong type. Look at the example in the README.")
    return Settings(**flat, record_sets=tuple(_source(name, value) for name, value in sources.items()))


def _source(data_class: str, raw: object) -> RecordSource:
    where = f"record_sets.{data_class}"
    if not isinstance(raw, dict):
        raise BadSettings(f"{where} has the wrong type. Look at the example in the README.")
    return RecordSource(**_strictly(RecordSource, {**raw, "data_class": data_class}, where=where))


def _strictly(kind: type[RecordSource | Settings], raw: dict[str, Any], *, where: str) -> dict[str, Any]:
    known = {each.name: each.type for each in fields(kind)}
    needed = {each.name for each in fields(kind) if each.default is MISSING}
    for name in sorted(raw.keys() & RETIRED.keys() - known.keys()):
        raise BadSettings(f"{where}: {name} is no setting any more: {RETIRED[name]}.")
    for problem, names in (("missing", needed - raw.keys()), ("unknown", raw.keys() - known.keys())):
        if names:
            raise BadSettings(f"{where}: {problem}: {', '.join(sorted(names))}.")
    return {name: _typed(name, known[name], value) for name, value in raw.items()}


def _is_encrypted(text: str) -> bool:
    address = urlsplit(text)
    # Only this machine itself is spoken with in clear.
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


def _line(name: str, value: object) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}\n"


def _must_be_a_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise BadSettings(f"trusted_proxies: {text} is no address or network, such as 10.0.0.0/24.") from error


def _typed(name: str, kind: Any, value: object) -> Any:
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return value
    if isinstance(value, list) and kind not in {int, str, bool} and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadSettings(f"{name} has the wrong type. Look at the example in the README.")
