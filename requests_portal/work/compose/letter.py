"""The objection letter of a decided case."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.bundle.contents import LetterContents
from requests_portal.errors import Conflict
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import Decision
from requests_portal.work.compose.objections import objections
from requests_portal.work.compose.wording import fields, paragraphs
from requests_portal.work.ports import Work


def letter_contents(work: Work, case: Case, *, made_at: datetime, document_id: str, draft: bool) -> LetterContents:
    """What we do not give, on which ground, and what would cure it; a draft carries a watermark."""
    decision = decided(case)
    said = fields(work, case, work.clocks.of_case(case.id))
    return LetterContents(
        reference=case.reference,
        language=case.language,
        recipient=recipient(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(case),
        date=made_at.astimezone(ZoneInfo(case.zone)).date(),
        paragraphs=paragraphs(work, "objection_opening", case.language, said),
        objections=objections(work, case, decision),
        closing=_closing(work, case, said),
        made_at=made_at,
        document_id=document_id,
        draft=draft,
    )


def _closing(work: Work, case: Case, said: Mapping[str, str]) -> tuple[str, ...]:
    """What follows the objections; courts, preservation and investigations are no matter of a person's own request."""
    if case.track is Track.DATA_SUBJECT:
        return (said["lawyer"], f"for {said['company']}")
    return paragraphs(work, "objection_closing", case.language, said)


def decided(case: Case) -> Decision:
    """The decision that stands, or a refusal."""
    if case.decision is None:
        raise Conflict("This case has no decision that stands.")
    return case.decision


def recipient(case: Case) -> tuple[str, ...]:
    """Whom we write to, line by line."""
    requester = case.requester
    return tuple(line for line in (requester.name, requester.organisation, *requester.address) if line)


def subject(case: Case) -> str:
    """The subject line of everything we send on a case; our own reference stands in the letterhead."""
    return f"{case.title} (your reference {case.requester.file_number})" if case.requester.file_number else case.title
