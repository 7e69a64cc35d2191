"""A draft: what somebody has typed so far of one request, kept as typed until it is filed or thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from requests_portal.model.actor import Actor
from requests_portal.model.case import Track
from requests_portal.model.papers import Paper, PaperState
from requests_portal.web.desk.intake_schema import STEPS, Step
from requests_portal.web.forms import Typed
from requests_portal.work.ports import Work


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What was typed into each step, word for word, and the papers stored so far."""

    id: str
    track: Track
    answers: Mapping[str, Typed] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The forms of its track; the papers come after them."""
        return STEPS[self.track]

    @property
    def title(self) -> str:
        """What the list of drafts calls it."""
        first = self.answers.get(self.steps[0].name, {})
        return str(first.get("organisation") or first.get("account") or "Not named yet")

    def answered(self, step: Step, raw: Typed) -> "Draft":
        """The draft with what was typed into one step."""
        return replace(self, answers={**self.answers, step.name: raw})

    def with_papers(self, new: tuple[Paper, ...]) -> "Draft":
        """The draft with more papers; the same bytes twice are one paper."""
        known = {paper.sha256: paper for paper in (*new, *self.papers)}
        order = dict.fromkeys(paper.sha256 for paper in (*self.papers, *new))
        return replace(self, papers=tuple(known[sha256] for sha256 in order))

    def without_paper(self, sha256: str) -> "Draft":
        """The draft without one of its papers; the vault keeps the bytes."""
        return replace(self, papers=tuple(paper for paper in self.papers if paper.sha256 != sha256))


def get_draft(work: Work, draft_id: str, *, by: Actor) -> Draft:
    """One of the actor's drafts; raises NotFound, also for a draft that has been filed."""
    return _from_json(draft_id, work.drafts.get(draft_id, by=by))


def put_draft(work: Work, draft: Draft, *, by: Actor) -> None:
    """Keep a draft."""
    papers = [{**vars(paper), "received_at": paper.received_at.isoformat()} for paper in draft.papers]
    data: dict[str, object] = {"track": str(draft.track), "answers": dict(draft.answers), "papers": papers}
    work.drafts.put(draft.id, data, by=by, at=work.now())


def my_drafts(work: Work, *, by: Actor) -> list[tuple[Draft, datetime]]:
    """The actor's drafts of this kind with the moment each was last kept, newest first."""
    return [(_from_json(draft_id, data), at) for draft_id, at, data in work.drafts.of(by) if "track" in data]


def _from_json(draft_id: str, data: Mapping[str, Any]) -> Draft:
    return Draft(
        id=draft_id,
        track=Track(data["track"]),
        answers=data["answers"],
        papers=tuple(_paper(raw) for raw in data["papers"]),
    )


def _paper(raw: Mapping[str, Any]) -> Paper:
    fresh = {"received_at": datetime.fromisoformat(raw["received_at"]), "state": PaperState(raw["state"])}
    return Paper(**{**raw, **fresh})
