"""The objections that a decision raises: what was asked, what stands in the way, what we give, what would cure it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from requests_portal.bundle.contents import Objection
from requests_portal.model.case import Case, FindingRecord
from requests_portal.model.decision import Decision
from requests_portal.work.compose.language import phrases, rule_words
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.compose.wording import authorities, fields, paragraphs, scopes
from requests_portal.work.ports import Work

# As counsel argues: first whether we must answer at all, then what the paper reaches, whose, and from when.
ORDER = (
    *("AUTHENTICITY", "IMPROPER_SERVICE", "IDENTITY_UNVERIFIED", "AGENT_AUTHORITY", "OVER_VERIFICATION", "CLARIFY"),
    *("UNSIGNED", "MISSING_ISSUER", "INCOMPLETE", "EXPIRED", "INSTRUMENT_NOT_IN_FORCE", "ISSUER_NOT_COMPETENT"),
    *("WRONG_JURISDICTION", "NOT_DOMESTICATED", "FOREIGN_NO_TREATY", "WRONG_ENTITY", "TERRITORY", "CONFLICT_OF_LAWS"),
    *("STATUTORY_FORM_MISSING", "SHIELD_LAW", "OFFENCE_THRESHOLD", "TREATY_TARGETING_LIMIT", "EMERGENCY_NOT_SHOWN"),
    *("CATEGORY_NOT_REACHABLE", "CIVIL_CONTENT_BARRED", "PROHIBITED_FIELD", "BIOMETRIC_TEMPLATE", "PROSPECTIVE"),
    *("LESS_SUFFICES", "CONTENT_NOT_HELD", "CATCH_ALL", "NO_NEXUS", "EXPRESSIVE_CONTENT", "PRIVILEGE"),
    *("NO_ACCOUNT", "SUBJECT_MISMATCH", "AREA_DUMP", "BULK", "REVERSE_KEYWORD", "LATER_STEP_WITHOUT_JUDGE"),
    *("THIRD_PARTIES", "RIGHTS_OF_OTHERS", "CHILD_DATA"),
    *("NO_DATE_RANGE", "EXCESSIVE_DATE_RANGE", "DUPLICATE", "UNDUE_BURDEN", "SEARCH_DISPROPORTIONATE", "ANNUAL_CAP"),
    *("EXCESSIVE_REPETITIVE", "EXCESSIVE_ABUSE", "MANIFESTLY_UNFOUNDED"),
    *("NONDISCLOSURE_NO_BASIS", "NONDISCLOSURE_NO_INDIVIDUAL_FINDING", "NONDISCLOSURE_NO_END", "LEGAL_SECRECY"),
)
# What an order forbids us to tell; a letter that named the ground would tell it.
UNTOLD = frozenset({"LEGAL_SECRECY"})
# Texts that speak of what is enclosed, each with the one that takes its place where nothing is.
NOTHING_ENCLOSED = {"access_person_heard": "access_person_heard_nothing"}
REFUSING = frozenset({"refuse_all", "object"})
Point = tuple[str, list[FindingRecord]]


@dataclass(frozen=True, kw_only=True)
class _Cited:
    """Where each authority was first cited: it is given once, and after that by its point."""

    points: dict[str, int]
    say: Phrases

    def said(self, cites: Sequence[str], point: int) -> str:
        new = [cite for cite in cites if cite not in self.points]
        earlier = sorted({self.points[cite] for cite in cites if cite in self.points})
        self.points.update(dict.fromkeys(new, point))
        if authorities(new) or not earlier:
            return authorities(new)
        return self.say["see_point"].format(self.say["and_point"].join(map(str, earlier)))


def objections(work: Work, case: Case, decision: Decision) -> tuple[Objection, ...]:
    """One objection for each text of each ground that was raised, in the order of argument, each authority once."""
    cited = _Cited(points={}, say=phrases(case))
    points = _points(case, decision)
    return tuple(
        _objection(work, case, decision, found, cited=cited, at=at, name=_name(points, at))
        for at, (_, found) in enumerate(points, start=1)
    )


def reason(case: Case, ground: str) -> str:
    """Why something is not produced, in the words of the finding."""
    findings = case.assessment.findings if case.assessment else ()
    of_ground = next((finding for finding in findings if finding.ground == ground), None)
    return rule_words(case, of_ground)[0] if of_ground else phrases(case)["our_decision"]


def _points(case: Case, decision: Decision) -> list[Point]:
    """The findings behind each point: those of one ground that have one text of the lawyers."""
    points: dict[tuple[str, str | None], list[FindingRecord]] = {}
    for finding in case.assessment.findings if case.assessment else ():
        if finding.outcome not in {"ask", "clear"} and _is_raised(finding, decision):
            points.setdefault((finding.ground or "", finding.letter), []).append(finding)
    return sorted(((ground, found) for (ground, _), found in points.items()), key=lambda each: _place(each[0]))


def _is_raised(finding: FindingRecord, decision: Decision) -> bool:
    """Whether the letter raises it: a ground the lawyer chose, or a refusal that has a text and needs no ground."""
    if finding.ground is None:
        return finding.outcome in REFUSING and (finding.letter or "").startswith("objection_")
    return finding.ground in decision.grounds and finding.ground not in UNTOLD


def _place(ground: str) -> int:
    return ORDER.index(ground) if ground else -1


def _name(points: Sequence[Point], at: int) -> str:
    """The name of a point: its ground, with a number from the second text on."""
    ground = points[at - 1][0]
    same = sum(each == ground for each, _ in points[:at])
    name = ground.lower() or "refusal"
    return name if same == 1 else f"{name}_{same}"


def _objection(
    work: Work, case: Case, decision: Decision, findings: list[FindingRecord], *, cited: _Cited, at: int, name: str
) -> Objection:
    first = findings[0]
    told = [rule_words(case, finding) for finding in findings]
    ground = first.ground or ""
    said = {
        **fields(work, case, work.clocks.of_case(case.id)),
        **asked_and_given(case, decision, {line for finding in findings for line in finding.lines}),
        "held_back": _held_back(case, decision, ground),
        "cite": cited.said([cite for finding in findings for cite in finding.cite], at),
        "remedy": " ".join(dict.fromkeys(remedy for _, remedy in told if remedy)),
    }
    letter = _letter(first, decision)
    text = work.letters.text(letter, case.language) if letter else ""
    # What the lawyers' text says in its own place is not said a second time below it.
    return Objection(
        ground=ground,
        title=told[0][0],
        cites=() if "{cite}" in text or not said["cite"] else (said["cite"],),
        paragraphs=body(paragraphs(work, letter, case.language, said), said) if letter else (),
        remedy="" if "{remedy}" in text else said["remedy"],
        name=name,
    )


def _letter(finding: FindingRecord, decision: Decision) -> str | None:
    """The finding's text, by whether anything is enclosed."""
    encloses = decision.gives and (decision.selection.recordings or decision.selection.record_sets)
    return finding.letter if encloses else NOTHING_ENCLOSED.get(finding.letter or "", finding.letter)


def body(letter: tuple[str, ...], said: Mapping[str, str]) -> tuple[str, ...]:
    """A text without the salutation and the signature that a whole letter has."""
    frame = {f"Dear {said['requester']},", said["lawyer"], f"for {said['company']}", said["company"]}
    return tuple(each for each in letter if each not in frame)


def asked_and_given(case: Case, decision: Decision | None, concerned: set[str]) -> dict[str, str]:
    """What was asked for in these lines (in none: in all), and what leaves of them."""
    decided = decision.lines if decision else ()
    given = [line.scope for line in decided if line.line in concerned and line.scope is not None]
    # Where nothing of what is concerned leaves, the letter says what else does.
    others = [line.scope for line in decided]
    demanded = [line.scope for line in case.lines if line.id in concerned or not concerned]
    return {
        "demanded": scopes(demanded, case) if demanded else phrases(case)["data_you_do_not_list"],
        "proposed": scopes(given or others, case),
    }


def _held_back(case: Case, decision: Decision, ground: str) -> str:
    """How much stays here: a number where single recordings are left out on this ground alone."""
    excluding = {rule.ground for rule in case.assessment.withheld} if case.assessment else set()
    if ground not in excluding:
        return phrases(case)["the_rest"]
    number = decision.selection.withheld
    say = phrases(case)
    several = number and excluding == {ground}
    return say["number_of_them"].format(say.number(number)) if several else say["each_of_them"]
