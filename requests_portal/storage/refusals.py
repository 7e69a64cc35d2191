"""What the store, the spool and the vault refuse, each with what was got and what was wanted."""

from requests_portal.errors import Conflict, NoBucket, NotFound, Refused


class StoreUnavailable(Refused):
    """The object store did not answer, or answered with an error of its own, after all retries."""

    code = "store_unavailable"
    status = 503


class NoSuchBucket(StoreUnavailable, NoBucket):
    """The store answered that there is no such bucket."""


class NoSuchObject(NotFound):
    """The store has no such object version."""


class StillHeld(Conflict):
    """The store denied a deletion, as it must while a legal hold is on."""

    code = "still_held"

    def __init__(self, key: str, version_id: str) -> None:
        # Without the key, which may name a customer.
        super().__init__("The store denied deleting a version: a hold or a retention period keeps it.")
        self.key, self.version_id = key, version_id

    def __reduce__(self) -> tuple[type["StillHeld"], tuple[str, str]]:
        return type(self), (self.key, self.version_id)


class NotKept(Refused):
    """The store does not keep a version for the time that it was asked to."""

    code = "not_kept"
    status = 500

    def __init__(self, key: str) -> None:
        super().__init__("The vault does not keep a version as it must. Ask an operator to look at its Object Lock.")
        self.key = key

    def __reduce__(self) -> tuple[type["NotKept"], tuple[str]]:
        return type(self), (self.key,)


class TooLarge(Refused):
    """The upload is longer than allowed; `got` is how far it was read, so at least that long."""

    code = "too_large"
    status = 413

    def __init__(self, got: int, allowed: int) -> None:
        super().__init__(f"The file is too large: {got:,} bytes or more, and at most {allowed:,} are allowed.")
        self.got, self.allowed = got, allowed

    def __reduce__(self) -> tuple[type["TooLarge"], tuple[int, int]]:
        return type(self), (self.got, self.allowed)


class WrongBytes(Refused):
    """The bytes read are not the bytes expected: another length or another SHA-256."""

    code = "wrong_bytes"
    status = 500

    def __init__(self, expected_sha256: str, got_sha256: str, got_size: int) -> None:
        super().__init__(
            f"Expected the bytes with SHA-256 {expected_sha256} and got {got_size:,} bytes with {got_sha256}."
        )
        self.expected_sha256, self.got_sha256, self.got_size = expected_sha256, got_sha256, got_size

    def __reduce__(self) -> tuple[type["WrongBytes"], tuple[str, str, int]]:
        return type(self), (self.expected_sha256, self.got_sha256, self.got_size)
