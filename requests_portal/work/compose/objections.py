"""The objections that a decision raises: what was asked, what stands in the way, what we give, what would cure it."""

from collections.abc import Mapping

from requests_portal.bundle.contents import Objection
from requests_portal.model.case import Case, FindingRecord
from requests_portal.model.decision import Decision
from requests_portal.work.compose.wording import authorities, fields, paragraphs, scopes
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
    cites = [cite for finding in findings for cite in finding.cite]
    said = {
        **fields(work, case, work.clocks.of_case(case.id)),
        **_asked_and_given(case, decision, {line for finding in findings for line in finding.lines}),
        "held_back": _held_back(case, decision, ground),
        "cite": authorities(cites),
        "remedy": first.remedy,
    }
    text = work.letters.text(first.letter, case.language) if first.letter else ""
    # What the lawyers' text says in its own place is not said a second time below it.
    return Objection(
        ground=ground,
        title=first.title,
        cites=() if "{cite}" in text or not said["cite"] else (said["cite"],),
        paragraphs=body(paragraphs(work, first.letter, case.language, said), said) if first.letter else (),
        remedy="" if "{remedy}" in text else first.remedy,
    )


def body(letter: tuple[str, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    """A text without the salutation and the signature that a whole letter has."""
    frame = {f"Dear {said['requester']},", said["lawyer"], f"for {said['company']}", said["company"]}
    return tuple(each for each in letter if each not in frame)


def _asked_and_given(case: Case, decision: Decision, concerned: set[str]) -> dict[str, str]:
    given = [line.scope for line in decision.lines if line.line in concerned and line.scope is not None]
    # Where nothing of what is concerned leaves, the letter says what else does.
    others = [line.scope for line in decision.lines]
    demanded = [line.scope for line in case.lines if line.id in concerned or not concerned]
    return {
        "demanded": scopes(demanded, case) if demanded else "data that you do not list",
        "proposed": scopes(given or others, case),
    }


def _held_back(case: Case, decision: Decision, ground: str) -> str:
    """How much stays here: a number where single recordings are left out on this ground alone."""
    excluding = {rule.ground for rule in case.assessment.withheld} if case.assessment else set()
    if ground not in excluding:
        return "the rest"
    number = decision.selection.withheld
    return f"{number:,} of them" if number and excluding == {ground} else "each of them"
