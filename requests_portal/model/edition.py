"""The adoption of an edition of the rule book: one person puts it forward, a different one adopts or declines it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from legal_rules.edition import Edition
from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Actor
from requests_portal.model.case import AssessmentRecord


class EngineChanged(Conflict):
    """The software gives the edition's words another meaning than when it was adopted."""

    code = "engine_changed"

    def __init__(self, edition: Edition) -> None:
        super().__init__(
            f"The software was changed since edition {edition.digest[:12]} of the rules was adopted, so it cannot say "
            "what that edition says. Two lawyers have to adopt the rules that this software ships; see the rules page."
        )


class AdoptionState(StrEnum):
    """What became of an edition that was put forward."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """One edition put forward to replace the one in use; `number` counts the editions adopted here, from 1."""

    id: str
    edition: str
    replaces: str | None
    state: AdoptionState
    proposed_by: str
    proposed_by_name: str
    proposed_at: datetime
    reason: str
    answered_by: str = ""
    answered_by_name: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    number: int | None = None

    @property
    def was_set_up(self) -> bool:
        """Whether this is the edition that the desk was started with, which nobody chose."""
        return self.replaces is None

    def why_not_adopt(self, by: Actor) -> str | None:
        """Why this person cannot adopt it, in words for the page; None when they can."""
        if self.state is not AdoptionState.PROPOSED:
            return "This edition has been answered already."
        if self.proposed_by == by.id:
            return "You proposed this edition, so a different lawyer has to adopt it."
        return None

    def adopted(self, *, by: Actor, at: datetime, number: int) -> "Adoption":
        """Adopted by a second person."""
        if (refusal := self.why_not_adopt(by)) is not None:
            raise Forbidden(refusal)
        return self._answered(AdoptionState.ADOPTED, by=by, at=at, number=number)

    def declined(self, *, by: Actor, at: datetime, reason: str) -> "Adoption":
        """Declined with a reason; whoever proposed it may take it back like this."""
        if not reason.strip():
            raise Unusable("Say why you decline it; whoever proposed it reads it.")
        if self.state is not AdoptionState.PROPOSED:
            raise Conflict("This edition has been answered already.")
        return self._answered(AdoptionState.DECLINED, by=by, at=at, answer=reason.strip())

    def _answered(self, state: AdoptionState, *, by: Actor, at: datetime, **more: object) -> "Adoption":
        answered = {"answered_by": by.id, "answered_by_name": by.name, "answered_at": at}
        return replace(self, state=state, **answered, **more)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class OnRecord:
    """One assessment as it was made, with the facts and the day whose law was asked: all that a replay needs."""

    id: str
    case: str
    on: date
    facts: dict[str, object]
    assessment: AssessmentRecord
