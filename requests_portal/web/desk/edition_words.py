"""Two assessments of one case compared, and what a new edition has otherwise, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from legal_rules import difference
from legal_rules.edition import Edition
from legal_rules.scope import Scope
from requests_portal.model.case import AssessmentRecord, FindingRecord, LineRecord
from requests_portal.model.clock import ClockRow
from requests_portal.model.edition import Adoption, AdoptionState
from requests_portal.web import display
from requests_portal.web.desk import wording
from requests_portal.web.desk.case_words import STATES
from requests_portal.web.desk.scope_words import device_words, line_title, period
from requests_portal.work.foresee import Effect, Foreseen

ADOPTIONS = {
    AdoptionState.PROPOSED: ("Waits for an answer", "warn"),
    AdoptionState.ADOPTED: ("Adopted", "ok"),
    AdoptionState.DECLINED: ("Declined", "plain"),
}
ABOUT = {
    "engine": "The software",
    "policy": "House policy",
    "rule": "Rules",
    "period": "Time limits",
    "matrix": "Which process reaches which kind of data",
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs; an empty `before` is new, an empty `after` gone."""

    what: str
    before: str
    after: str


def differences(before: AssessmentRecord, after: AssessmentRecord, zone: ZoneInfo) -> list[Change]:
    """How the second assessment answers otherwise; what only reads differently is not listed."""
    return [
        *_pair("Proposal", _disposition(before.disposition), _disposition(after.disposition)),
        *_findings(before, after),
        *_lines(before.lines, after.lines, zone),
        *_pair("Silence", _silence(before), _silence(after)),
        *_pair("Checks before release", ", ".join(before.release_gates), ", ".join(after.release_gates)),
    ]


def clock_differences(before: Sequence[ClockRow], after: Sequence[ClockRow], zone: ZoneInfo) -> Iterator[Change]:
    """Which time limits end on another day."""
    was, now = _by_name(before, zone), _by_name(after, zone)
    for name in sorted(was.keys() | now.keys()):
        title = wording.CLOCKS.get(name, wording.words_of(name).capitalize())
        yield from _pair(title, was.get(name, ""), now.get(name, ""))


def effect_words(effect: Effect) -> dict[str, Any]:
    """What an edition would change in one open case."""
    case, before, after = effect.case, effect.before, effect.after
    zone = ZoneInfo(case.zone)
    changed = []
    if before is not None:
        changed = differences(before.assessment, after.assessment, zone)
        changed += clock_differences(before.clocks, after.clocks, zone)
    return {
        "reference": case.reference,
        "title": case.title,
        "url": url_for("casework.case", reference=case.reference),
        "state": STATES[case.state],
        "changes": changed,
        "first": before is None,
        "words_only": effect.words_only,
        "stops": effect.stops,
    }


def foreseen_words(found: Foreseen) -> dict[str, Any]:
    """What an edition would change in all open cases."""
    stay = display.count(found.unchanged, "open request")
    as_they_are = "stays as it is" if found.unchanged == 1 else "stay as they are"
    return {
        "effects": [effect_words(each) for each in found.effects],
        "stay": f"{stay} {as_they_are}",
        "digest": found.digest,
    }


def rules_words(old: Edition, new: Edition) -> list[dict[str, Any]]:
    """What of the rules changed, each sentence under what it is about; a rule of the new edition is linked."""
    known = {raw["id"] for _, raw in new.rules()}
    found = difference.differences(old, new)
    return [
        {
            "title": title,
            "said": [
                {"sentence": each.sentence, "rule": each.name if each.what == "rule" and each.name in known else ""}
                for each in found
                if each.what == what
            ],
        }
        for what, title in ABOUT.items()
        if any(each.what == what for each in found)
    ]


def adoption_words(adoption: Adoption, zone: ZoneInfo) -> dict[str, Any]:
    """One proposal, by whom it was made and answered, and why."""
    answered = adoption.answered_at
    return {
        "id": adoption.id,
        "edition": adoption.edition,
        "state": ("Set up", "plain") if adoption.was_set_up else ADOPTIONS[adoption.state],
        "proposed_by": adoption.proposed_by_name,
        "proposed": display.moment(adoption.proposed_at, zone),
        "reason": adoption.reason,
        "answered_by": adoption.answered_by_name,
        "answered": display.moment(answered, zone) if answered else "",
        "answer": adoption.answer,
        "set_up": adoption.was_set_up,
        "url": url_for("casework.edition", adoption_id=adoption.id),
    }


def _pair(what: str, before: str, after: str) -> list[Change]:
    return [] if before == after else [Change(what=what, before=before, after=after)]


def _disposition(disposition: str) -> str:
    return wording.DISPOSITIONS.get(disposition, (wording.words_of(disposition), ""))[0]


def _silence(record: AssessmentRecord) -> str:
    return _disposition(record.nondisclosure) if record.nondisclosure else "Not asked for"


def _findings(before: AssessmentRecord, after: AssessmentRecord) -> Iterator[Change]:
    was, now = _by_rule(before), _by_rule(after)
    for rule in sorted(was.keys() | now.keys()):
        yield from _pair(f"Rule {rule}", _finding(was.get(rule)), _finding(now.get(rule)))


def _by_rule(record: AssessmentRecord) -> dict[str, FindingRecord]:
    return {finding.rule: finding for finding in record.findings}


def _finding(finding: FindingRecord | None) -> str:
    """A finding by what it does; its title stands only where it is new or gone, so it is told with its outcome."""
    if finding is None:
        return ""
    outcome = wording.FINDINGS.get(finding.outcome, (wording.words_of(finding.outcome), ""))[0]
    asked = f" ({', '.join(wording.words_of(name) for name in finding.missing)})" if finding.missing else ""
    ground = f", ground {wording.words_of(finding.ground).lower()}" if finding.ground else ""
    return f"{outcome}{asked}{ground}"


def _lines(before: Sequence[LineRecord], after: Sequence[LineRecord], zone: ZoneInfo) -> Iterator[Change]:
    was, now = ({record.line.id: record for record in side} for side in (before, after))
    for line in sorted(was.keys() | now.keys()):
        known = now.get(line) or was[line]
        what = f"Line {line}: {line_title(known.line, with_account=True)}"
        yield from _pair(what, _given(was.get(line), zone), _given(now.get(line), zone))


def _given(record: LineRecord | None, zone: ZoneInfo) -> str:
    if record is None:
        return ""
    return f"{_disposition(record.disposition)}: {_scope_words(record.proposed, record, zone)}"


def _scope_words(scope: Scope | None, record: LineRecord, zone: ZoneInfo) -> str:
    if scope is None or scope.is_empty:
        return "nothing of it"
    if scope == record.line.scope:
        return "all of it"
    return f"{period(scope.interval, zone)}; {device_words(scope.devices, {})}"


def _by_name(rows: Sequence[ClockRow], zone: ZoneInfo) -> Mapping[str, str]:
    return {row.name: display.moment(row.due, zone) if row.due else "no date yet" for row in rows}
