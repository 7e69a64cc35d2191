import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from a_log import SALT, an_entry
from hypothesis import given
from hypothesis import strategies as st

from requests_portal.audit_log.entry import MAX_ENTRY, BadEntry, commit, decode, encode

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)
WORDS = st.from_regex(r"[a-z0-9_.-]{1,64}", fullmatch=True)
NUMBERS = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(
    numbers=st.dictionaries(NAMES, NUMBERS, max_size=5),
    words=st.dictionaries(NAMES, WORDS, max_size=5),
    digests=st.dictionaries(NAMES, HEX, max_size=3),
    at=st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 — hypothesis adds the zone
)
def test_every_entry_is_rfc_8785_json_and_reads_back_as_itself(numbers, words, digests, at):
    entry = an_entry(numbers=numbers, words=words, digests=digests, at=at)

    encoded = encode(entry)

    assert encoded == rfc8785.dumps(json.loads(encoded))
    assert decode(encoded) == entry


def test_an_entry_has_its_version_and_its_time_to_the_microsecond():
    at = datetime(2026, 3, 2, 10, 30, 0, 5, tzinfo=UTC)

    members = json.loads(encode(an_entry(at=at)))

    assert members["v"] == 1
    assert members["at"] == "2026-03-02T10:30:00.000005Z"


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": "ann@example.test"},
        {"actor": "Ann Example"},
        {"actor": "customer-17", "role": "customer"},
        {"act": "Decided to refuse"},
        {"words": {"reason": "the customer said so"}},
        {"words": {"to": "ann@example.test"}},
        {"words": {"to": "x" * 65}},
        {"words": {"Ann Example": "yes"}},
        {"words": {"line": "one\ntwo"}},
        {"words": {"line": "one\n"}},
        {"case": "State v. Example"},
        {"digests": {"paper": "warrant.pdf"}},
        {"commitments": {"email": "ann"}},
        {"numbers": {"recordings": True}},
        {"numbers": {"share": 0.5}},
        {"numbers": {"recordings": 2**53}},
        {"id": "0192a000-0000-4000-8000-000000000000"},
        {"at": datetime(2026, 3, 2)},  # noqa: DTZ001 — the missing zone is what is refused
        {"at": datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=1)))},
        {"words": ["narrow"]},
    ],
    ids=str,
)
def test_what_could_be_free_text_or_a_person_is_refused_without_being_repeated(changes):
    with pytest.raises(BadEntry) as refusal:
        an_entry(**changes)

    assert "ann" not in refusal.value.sentence.lower()


def test_a_customer_acts_under_a_commitment():
    actor = commit(SALT, "actor", "customer-17")

    assert an_entry(actor=actor, role="customer").actor == actor


def test_a_commitment_is_the_hmac_of_field_and_value_so_that_equal_values_in_two_fields_differ():
    expected = hmac.new(SALT, b"email\x00ann@example.test", hashlib.sha256).hexdigest()

    assert commit(SALT, "email", "ann@example.test") == expected
    assert commit(SALT, "recipient", "ann@example.test") != expected


def test_a_short_salt_is_refused():
    with pytest.raises(BadEntry, match="at least 16"):
        commit(b"short", "email", "ann@example.test")


def test_an_entry_of_16_kib_or_more_is_refused():
    crowded = {f"w{number}": "x" * 64 for number in range(240)}

    with pytest.raises(BadEntry, match="bytes"):
        encode(an_entry(words=crowded))


def test_an_entry_cannot_be_changed_through_its_mappings():
    words = {"disposition": "narrow"}
    entry = an_entry(words=words)

    words["disposition"] = "refuse"

    assert entry.words == {"disposition": "narrow"}
    with pytest.raises(TypeError):
        entry.words["disposition"] = "refuse"


GOOD = encode(an_entry())


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 15_000,
        b'{"v":1}',
        b" " + GOOD,
        GOOD + b"\n",
        GOOD.replace(b'"v":1', b'"v":2'),
        GOOD.replace(b'"v":1', b'"v":1.0'),
        GOOD.replace(b'"v":1', b'"v":true'),
        GOOD.replace(b'"v":1', b'"v":1,"v":1'),
        GOOD.replace(b'"recordings":0', b'"recordings":-0'),
        GOOD.replace(b'"recordings":0', b'"recordings":NaN'),
        GOOD.replace(b'"recordings":0', b'"recordings":' + b"9" * 5000),
        GOOD.replace(b".000000Z", b".0Z"),
        GOOD.replace(b".000000Z", b".000000+00:00"),
        GOOD.replace(b'"lawyer-1"', b'"la\\u0077yer-1"'),
        GOOD.replace(b'"numbers":{"recordings":0}', b'"numbers":[]'),
        GOOD[:-1] + b',"x":1}',
        GOOD + b" " * MAX_ENTRY,
    ],
    ids=lambda encoded: encoded[:24].decode("latin-1") + f"…{len(encoded)}",
)
def test_bytes_that_are_not_exactly_an_entry_are_refused(encoded):
    with pytest.raises(BadEntry):
        decode(encoded)
