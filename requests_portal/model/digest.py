"""The digest that binds one act to another: SHA-256 over sorted, compact JSON."""

import hashlib
import json


def digest_of(value: object) -> str:
    """SHA-256, in hex, of a JSON value; the same value always has the same digest."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
