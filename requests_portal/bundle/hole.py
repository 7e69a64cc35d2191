"""The room that a signature or a timestamp gets before it is made, since what it covers includes its place."""

from requests_portal.errors import Refused

RANGE_WIDTH = 40  # "a b c" of ByteRange, each up to ten digits, padded with spaces


class SignatureTooLarge(Refused):
    """The signature or timestamp with its certificates does not fit the room reserved for it."""

    code = "signature_too_large"


def filled(made: bytes, digits: int) -> bytes:
    """Return what fills a hole of so many hexadecimal digits; raises SignatureTooLarge."""
    if len(made) * 2 > digits:
        raise SignatureTooLarge(f"The signature takes {len(made)} bytes; at most {digits // 2} fit.")
    return b"<" + made.hex().encode().ljust(digits, b"0") + b">"
