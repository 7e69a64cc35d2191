"""The objections that a decision raises: what was asked, what stands in the way, what we give, what would cure it."""

from requests_portal.bundle.contents import Objection
from requests_portal.model.case import Case, FindingRecord
from requests_portal.model.decision import Decision
from requests_portal.work.compose.wording import fields, listed, paragraphs, scopes
from requests_portal.work.ports import Work


def objections(work: Work, case: Case, decision: Decision) -> tuple[Objection, ...]:
    """One objection for each ground that was raised, with the citations and the remedy of its findings."""
    raised: dict[str, list[FindingRecord]] = {}
    for finding in case.assessment.findings if case.assessment else ():
        if finding.ground in decision.grounds and finding.outcome != "ask":
            raised.setdefault(finding.ground, []).append(finding)
    return tuple(
        _objection(work, case, decision, ground, raised[ground]) for ground in decision.grounds if ground in raised
    )


def reason(case: Case, ground: str) -> str:
    """Why something is not produced, in the words of the finding."""
    findings = case.assessment.findings if case.assessment else ()
    return next((finding.title for finding in findings if finding.ground == ground), "Not produced under our decision")


def _objection(work: Work, case: Case, decision: Decision, ground: str, findings: list[FindingRecord]) -> Objection:
    first = findings[0]
    concerned = {line for finding in findings for line in finding.lines}
    cites = tuple(dict.fromkeys(cite for finding in findings for cite in finding.cite))
    said = {
        **fields(work, case),
        "demanded": scopes((line.scope for line in case.lines if line.id in concerned), case),
        "proposed": scopes((line.scope for line in decision.lines if line.line in concerned), case),
        "cite": listed(cites),
        "remedy": first.remedy,
    }
    return Objection(
        ground=ground,
        title=first.title,
        cites=cites,
        paragraphs=paragraphs(work, first.letter, case.language, said) if first.letter else (),
        remedy=first.remedy,
    )
