"""What verifying a file found."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check and its answer: passed, failed, or None for not made; the sentence says which and why."""

    id: str
    passed: bool | None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer: who signed what and when, as far as it could be established, and every check."""

    good: bool
    checks: tuple[Check, ...]
    signer: str | None
    signed_at: datetime | None
    sha256: str | None
    reference: str | None

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.passed is False)

    def shows(self, check_id: str) -> bool:
        """Whether a check was made and passed."""
        return any(check.id == check_id and check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as values that JSON can hold; times in ISO 8601."""
        return {**asdict(self), "signed_at": self.signed_at.isoformat() if self.signed_at else None}
