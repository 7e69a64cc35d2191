"""The PIN of a link: eight digits that go to the recipient by another path, kept only as a slow salted digest."""

import hashlib
import hmac
import secrets

DIGITS = 8
# RFC 7914: 16 MiB and some 50 ms for each try, so that the whole range takes weeks even for who has the database.
_N, _R, _P, _SALT = 2**14, 8, 1, 16
# What an unknown link's PIN is compared with, so that it takes as long as a known one's.
_NOBODYS = "00" * _SALT + ":" + "00" * 32


def new_pin() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def pin_hash(pin: str) -> str:
    """What is kept of a PIN: salt and scrypt digest."""
    salt = secrets.token_bytes(_SALT)
    return f"{salt.hex()}:{_digest(pin, salt).hex()}"


def fits(pin: str, kept: str) -> bool:
    """Whether this PIN gave what was kept; takes as long whether it did, or whether anything was kept at all."""
    salt, _, digest = (kept or _NOBODYS).partition(":")
    same = hmac.compare_digest(_digest(pin, bytes.fromhex(salt)), bytes.fromhex(digest))
    return same and bool(kept)


def _digest(pin: str, salt: bytes) -> bytes:
    digits = "".join(each for each in pin if each.isdecimal())
    return hashlib.scrypt(digits.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)
