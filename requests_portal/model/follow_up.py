"""What follows an emergency answer: the legal process for what left without it, or two people who clear its absence."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from requests_portal.errors import Conflict, Forbidden
from requests_portal.model.digest import digest_of

# The clock that starts when something leaves in an emergency, and that its legal process meets.
FOLLOW_UP = "emergency_follow_up"


@dataclass(frozen=True, kw_only=True)
class ProcessCame:
    """The paper by which legal process followed an emergency answer, and who recorded it when."""

    paper: str
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Clearing:
    """Why a miss no longer stands against its agency: one lawyer says it, and somebody else confirms it."""

    reason: str
    by: str
    by_name: str
    at: datetime
    confirmed_by: str = ""
    confirmed_by_name: str = ""
    confirmed_at: datetime | None = None

    @property
    def digest(self) -> str:
        """What a confirmation binds to: exactly the reason that was read."""
        said = {name: value for name, value in asdict(self).items() if not name.startswith("confirmed")}
        return digest_of(said | {"at": self.at.isoformat()})

    @property
    def stands(self) -> bool:
        """Whether a second person confirmed it."""
        return self.confirmed_at is not None

    def confirmed(self, *, seen: str, by: str, by_name: str, at: datetime) -> "Clearing":
        """The clearing with its second person; raises Forbidden for the first one, Conflict for another reason."""
        if self.stands:
            raise Conflict("This was cleared already. Reload the page to see by whom.")
        if by == self.by:
            raise Forbidden("You put this clearing forward, so a different person has to confirm it.")
        if seen != self.digest:
            raise Conflict("The reason changed since you opened it. Read it again before you confirm.")
        return replace(self, confirmed_by=by, confirmed_by_name=by_name, confirmed_at=at)
