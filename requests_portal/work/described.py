"""What an object in the store says of itself, read strictly: a recording, or why it cannot be entered.

Its user metadata (x-amz-meta-…) names `account`, `device`, `recorded-at` (ISO 8601 with its offset) and `zone` (such as
Europe/Berlin), and may name `sha256`, `transcript-key` with its `transcript-version`, `retain-until` and `false-wake`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from requests_portal.model.in_store import Described, is_key
from requests_portal.model.recording import Recording

NEEDED = ("account", "device", "recorded-at", "zone")
LONGEST_NAME = 64
LONGEST_VERSION = 200
# No bundle takes more, and nobody speaks so long to a kitchen.
LARGEST = 1 << 30
# Nobody's speaker recorded anything before; a device's clock may go wrong by a day, and not more.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
CLOCKS_DIFFER = timedelta(days=1)
DIGEST = re.compile(r"[0-9a-f]{64}")
TRUTH = {"true": True, "false": False}
MEDIA_TYPES = {
    "audio/wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/flac": "audio/flac",
    "audio/x-flac": "audio/flac",
    "audio/ogg": "audio/ogg",
    "audio/mpeg": "audio/mpeg",
    "audio/mp3": "audio/mpeg",
    "audio/aiff": "audio/aiff",
    "audio/x-aiff": "audio/aiff",
}


class NotKnown(Exception):  # noqa: N818 — an answer that becomes a finding
    """What a recording must be known by is not known: `reason` is a code, `detail` names what."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def recording_of(key: str, version_id: str, described: Described, *, id: str) -> Recording:  # noqa: A002 — the word for it
    """The recording that an object is by its own words; raises NotKnown, and guesses nothing."""
    _check_object(version_id, described)
    words = described.words
    missing = [name for name in NEEDED if not words.get(name, "").strip()]
    if missing:
        raise NotKnown("metadata_missing", ", ".join(missing))
    transcript_key, transcript_version = _transcript(words)
    recorded_at = _moment(words, "recorded-at")
    if not EARLIEST <= recorded_at <= described.stored_at + CLOCKS_DIFFER:
        raise NotKnown("metadata_unusable", "recorded-at")
    return Recording(
        id=id,
        account=_name(words, "account"),
        device=_name(words, "device"),
        recorded_at=recorded_at,
        zone=_zone(words),
        key=key,
        version_id=version_id,
        size=described.size,
        media_type=_media_type(described),
        transcript_key=transcript_key,
        transcript_version=transcript_version,
        retain_until=_moment(words, "retain-until") if "retain-until" in words else None,
        false_wake=_truth(words, "false-wake"),
        # Last, since it may take a while.
        sha256=_digest(described),
    )


def _check_object(version_id: str, described: Described) -> None:
    if version_id in {"", "null"}:
        raise NotKnown("no_versions", "the bucket keeps no versions of this object")
    if len(version_id) > LONGEST_VERSION:
        raise NotKnown("version_id_too_long")
    if not described.size:
        raise NotKnown("empty")
    if described.size > LARGEST:
        raise NotKnown("too_large", f"{described.size} bytes")


def _media_type(described: Described) -> str:
    stated = described.media_type.partition(";")[0].strip().lower()
    if stated not in MEDIA_TYPES:
        raise NotKnown("media_type", stated[:LONGEST_NAME])
    return MEDIA_TYPES[stated]


def _name(words: Mapping[str, str], name: str) -> str:
    value = words[name].strip()
    # "=?" begins a header in an encoding that nobody has undone.
    if len(value) > LONGEST_NAME or not value.isprintable() or value.startswith("=?"):
        raise NotKnown("metadata_unusable", name)
    return value


def _moment(words: Mapping[str, str], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words[name].strip())
        offset = moment.utcoffset()
        at = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotKnown("metadata_unusable", name) from error
    if offset is None:
        raise NotKnown("metadata_unusable", name)
    return at


def _zone(words: Mapping[str, str]) -> str:
    zone = words["zone"].strip()
    if zone not in _zones():
        raise NotKnown("metadata_unusable", "zone")
    return zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _transcript(words: Mapping[str, str]) -> tuple[str, str]:
    key, version = words.get("transcript-key", ""), words.get("transcript-version", "").strip()
    if key and not is_key(key):
        raise NotKnown("metadata_unusable", "transcript-key")
    if key and not version:
        raise NotKnown("metadata_missing", "transcript-version")
    if version == "null" or len(version) > LONGEST_VERSION:
        raise NotKnown("metadata_unusable", "transcript-version")
    return key, version


def _truth(words: Mapping[str, str], name: str) -> bool:
    stated = words.get(name, "false").strip().lower()
    if stated not in TRUTH:
        raise NotKnown("metadata_unusable", name)
    return TRUTH[stated]


def _digest(described: Described) -> str:
    stated = described.words.get("sha256", "").strip().lower()
    if stated and not DIGEST.fullmatch(stated):
        raise NotKnown("metadata_unusable", "sha256")
    found = described.sha256()
    if stated not in {"", found}:
        raise NotKnown("sha256_differs", f"the object's words say {stated}, its bytes {found}")
    return found
