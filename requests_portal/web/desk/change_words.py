"""What changed, for the second person: what was decided beside the proposal and the decision before."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from requests_portal.model.case import Case, LineRecord
from requests_portal.model.decision import Decision, LineDecision
from requests_portal.web import display
from requests_portal.web.desk import wording
from requests_portal.web.desk.scope_words import device_words, line_title, period

# A row: what it is about, what it was ("" where there was nothing), what it is now ("" where there is nothing).
Row = tuple[str, str, str]
# Unchanged lines that are shown around a changed one.
AROUND = 1


def against_proposal(case: Case, decision: Decision, names: Mapping[str, str]) -> list[Row]:
    """Each line that was decided otherwise than proposed."""
    records = {record.line.id: record for record in case.assessment.lines} if case.assessment else {}
    zone = ZoneInfo(case.zone)
    was = {
        name: _line(record, LineDecision(line=name, disposition=record.disposition, scope=record.proposed), names, zone)
        for name, record in records.items()
    }
    return _rows(records, was, _lines(decision, records, names, zone))


def against_earlier(case: Case, decision: Decision, names: Mapping[str, str]) -> list[Row]:
    """What the decision before said otherwise: lines, grounds, reasons, and what they matched."""
    earlier = case.earlier
    if earlier is None:
        return []
    records = {record.line.id: record for record in case.assessment.lines} if case.assessment else {}
    zone = ZoneInfo(case.zone)
    rows = _rows(records, _lines(earlier, records, names, zone), _lines(decision, records, names, zone))
    titles = {each.ground: each.title for each in case.assessment.findings} if case.assessment else {}
    for ground in dict.fromkeys((*earlier.grounds, *decision.grounds)):
        title = titles.get(ground) or wording.words_of(ground.lower()).capitalize()
        was, now = (title if ground in each.grounds else "" for each in (earlier, decision))
        rows.append(("Ground of the letter", was, now))
    if earlier.assessment != decision.assessment:
        rows.append(("Findings", "as they were then", "assessed anew since; read them on the request"))
    rows.append(("Reasons", earlier.reasons, decision.reasons))
    counted = display.number(earlier.selection.recordings), display.number(decision.selection.recordings)
    rows.append(("Recordings that leave", *counted))
    if earlier.selection.digest != decision.selection.digest:
        rows.append(("Which recordings", "an earlier selection", "another selection"))
    return [row for row in rows if row[1] != row[2]]


def letter_changes(was: Sequence[str], now: Sequence[str]) -> list[tuple[str, str]]:
    """The letter line by line, as (mark, words): what went is "del", what came "ins"; far from changes left out."""
    told: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            told += [("", line) for line in _near(was[i:j], first=i == 0, last=j == len(was))]
            continue
        told += [("del", line) for line in was[i:j]] + [("ins", line) for line in now[k:m]]
    return told if any(mark for mark, _ in told) else []


def _near(lines: Sequence[str], *, first: bool, last: bool) -> list[str]:
    before, after = ([] if first else list(lines[:AROUND])), ([] if last else list(lines[-AROUND:]))
    return [*before, *after] if len(lines) > len(before) + len(after) else list(lines)


def _lines(
    decision: Decision, records: Mapping[str, LineRecord], names: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    return {each.line: _line(records.get(each.line), each, names, zone) for each in decision.lines}


def _line(record: LineRecord | None, decided: LineDecision, names: Mapping[str, str], zone: ZoneInfo) -> str:
    if decided.scope is None or decided.scope.is_empty:
        return "Nothing"
    if record is not None and decided.scope == record.line.scope:
        return "All of it"
    return f"{period(decided.scope.interval, zone)}; {device_words(decided.scope.devices, names)}"


def _rows(records: Mapping[str, LineRecord], was: Mapping[str, str], now: Mapping[str, str]) -> list[Row]:
    return [
        (_title(records.get(line), line), was.get(line, ""), now.get(line, ""))
        for line in dict.fromkeys((*was, *now))
        if was.get(line, "") != now.get(line, "")
    ]


def _title(record: LineRecord | None, line: str) -> str:
    return line_title(record.line, with_account=True) if record is not None else f"Line {line}"
