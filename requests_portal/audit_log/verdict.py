"""What a check of the log says: each single check with its sentence."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at, whether it held, and what that means."""

    id: str
    passed: bool
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All checks; size and root (hex) are those the entries themselves give, None where they could not be read."""

    checks: tuple[Check, ...]
    size: int | None
    root: str | None
    first_broken: int | None

    @property
    def good(self) -> bool:
        """Whether every check held."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints; `first_broken` is the index, from 0, of the first faulty entry."""
        return {
            "good": self.good,
            "size": self.size,
            "root": self.root,
            "first_broken": self.first_broken,
            "checks": [asdict(check) for check in self.checks],
        }
