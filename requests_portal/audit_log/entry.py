"""One audit entry: its final, versioned form, which holds no personal data and no free text in clear."""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from requests_portal.errors import Unusable

VERSION = 1
# tlog-tiles prefixes each entry with 16 bits of length; a quarter of that leaves room for later versions.
MAX_ENTRY = 16 * 1024 - 1
# RFC 8785 § 3.2.2.3: a number beyond this is not the same number for every reader.
MAX_NUMBER = 2**53 - 1
MIN_SALT = 16

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORD = re.compile(r"[a-z0-9_.-]{1,64}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HEX64 = re.compile(r"[0-9a-f]{64}")


class BadEntry(Unusable):
    """The entry is not in the log's form."""

    code = "bad_entry"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One recorded act; whatever could name a person stands here only as a commitment."""

    id: str
    at: datetime
    act: str
    actor: str
    role: str
    case: str | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse anything that could carry free text, an e-mail address or a name."""
        _must("id", "a UUID of version 7", self.id, _UUID7)
        _must_be_utc(self.at)
        _must("act", "a name of small letters", self.act, _NAME)
        _must("role", "a name of small letters", self.role, _NAME)
        _must("actor", "an opaque id or a commitment", self.actor, _WORD)
        # A customer's own id points at a person for as long as the log lives.
        if self.role == "customer":
            _must("actor", "a commitment when a customer acts", self.actor, _HEX64)
        if self.case is not None:
            _must("case", "a case reference", self.case, _REFERENCE)
        self._freeze("digests", "a SHA-256 in hex", _pattern(_HEX64))
        self._freeze("numbers", "a whole number", _is_number)
        self._freeze("words", "a word of a closed vocabulary", _pattern(_WORD))
        self._freeze("commitments", "a commitment in hex", _pattern(_HEX64))

    def _freeze(self, name: str, allowed: str, fits: Callable[[object], bool]) -> None:
        """Check one mapping's names and values, and keep a copy that cannot be changed."""
        mapping = getattr(self, name)
        if not isinstance(mapping, Mapping):
            raise BadEntry(f"The audit entry's {name} are not a mapping of names to values.")
        for key, value in mapping.items():
            _must(name, "named in small letters", key, _NAME)
            if not fits(value):
                raise BadEntry(f"The audit entry's {name} hold a value that is not {allowed}: {key}.")
        object.__setattr__(self, name, MappingProxyType(dict(mapping)))


def encode(entry: Entry) -> bytes:
    """Return the entry as RFC 8785 JSON, under 16 KiB; raises BadEntry when it is longer."""
    encoded = _canonical(
        {
            "v": VERSION,
            "id": entry.id,
            "at": _timestamp(entry.at),
            "act": entry.act,
            "actor": entry.actor,
            "role": entry.role,
            "case": entry.case,
            "digests": dict(entry.digests),
            "numbers": dict(entry.numbers),
            "words": dict(entry.words),
            "commitments": dict(entry.commitments),
        }
    )
    if len(encoded) > MAX_ENTRY:
        raise BadEntry(f"The audit entry has {len(encoded)} bytes; at most {MAX_ENTRY} fit.")
    return encoded


def decode(encoded: bytes) -> Entry:
    """Return the entry that encodes to exactly these bytes; raises BadEntry for any other bytes."""
    if len(encoded) > MAX_ENTRY:
        raise BadEntry(f"The audit entry is longer than {MAX_ENTRY} bytes.")
    members = _members(encoded)
    if members.pop("v", None) != VERSION:
        raise BadEntry(f"The audit entry is not of version {VERSION}.")
    if members.keys() != _FIELDS:
        raise BadEntry("The audit entry has missing or unknown fields.")
    entry = Entry(**{**members, "at": _parsed(members["at"])})
    if encode(entry) != encoded:
        raise BadEntry("The audit entry is not in canonical form (RFC 8785).")
    return entry


def commit(salt: bytes, field: str, value: str) -> str:
    """Return HMAC-SHA256(salt, field ‖ 0x00 ‖ value) in hex; without the salt nobody can guess the value back."""
    if len(salt) < MIN_SALT:
        raise BadEntry(f"A commitment's salt has {len(salt)} bytes; at least {MIN_SALT} are needed.")
    _must("commitments", "named in small letters", field, _NAME)
    return hmac.digest(salt, field.encode() + b"\x00" + value.encode(), "sha256").hex()


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_FIELDS = frozenset(each.name for each in fields(Entry))


def _canonical(members: Mapping[str, object]) -> bytes:
    # RFC 8785 differs from sorted, tight JSON only in strings beyond ASCII and in fractions; Entry admits neither,
    # and the plain encoder is several times faster than a general one.
    return _ENCODER.encode(members).encode("ascii")


def _members(encoded: bytes) -> dict[str, Any]:
    """Return the JSON object's members; doubled names are caught later, when the bytes are compared."""
    try:
        members = json.loads(encoded.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise BadEntry("The audit entry is not JSON in ASCII.") from error
    if not isinstance(members, dict):
        raise BadEntry("The audit entry is not a JSON object.")
    return members


def _timestamp(at: datetime) -> str:
    """Return the moment as RFC 3339 in UTC with exactly six digits of a second."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parsed(text: object) -> datetime:
    try:
        # Other spellings of ISO 8601 pass here and fail where the bytes are compared.
        return datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadEntry("The audit entry's time is not RFC 3339 in UTC with microseconds.") from error


def _must_be_utc(at: datetime) -> None:
    if at.utcoffset() != timedelta(0):
        raise BadEntry("The audit entry's time is not in UTC.")


def _must(name: str, allowed: str, value: object, pattern: re.Pattern[str]) -> None:
    # The refused value is not repeated: it may be the personal data that must not get anywhere.
    if not (isinstance(value, str) and pattern.fullmatch(value)):
        raise BadEntry(f"The audit entry's {name} is not {allowed}.")


def _pattern(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
