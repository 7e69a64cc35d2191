"""What the page of one case says, from what the view found."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from legal_rules.facts import FACTS
from requests_portal.audit_log.entry import Entry
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, CaseState, FindingRecord, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.decision import GIVING
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.production import ProductionState
from requests_portal.model.recording import Recording, Totals
from requests_portal.web import charts, display
from requests_portal.web.desk import letter_words, review_words, wording
from requests_portal.web.desk.scope_words import compared, decided, device_name
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.selection import OF_RECORDINGS, silences_that_stand
from requests_portal.work.verify import is_known, may_be_done
from requests_portal.work.views.desk import CasePage, HoldView, ProductionView, Reach

GATHERING = frozenset({ProductionState.RESERVED, ProductionState.GATHERING})
WEEK = 7
# Beyond so many bars a chart says less than months do.
MOST_BARS = 60
STATES = {
    CaseState.RECEIVED: ("Received", "info"),
    CaseState.ASSESSED: ("Needs a lawyer's decision", "warn"),
    CaseState.WAITING: ("Waiting for the requester", "info"),
    CaseState.DECIDED: ("Needs approval", "warn"),
    CaseState.APPROVED: ("Being produced", "info"),
    CaseState.ANSWERED: ("Answered", "ok"),
    CaseState.CLOSED: ("Closed", "plain"),
}
RANK = {"object": 0, "refuse_all": 0, "block_release": 0, "narrow": 1, "ask": 2}


def case_page(page: CasePage, *, now: datetime, zone: str, staff: Mapping[str, Actor]) -> dict[str, Any]:
    """Everything the template of a case is given."""
    case, local = page.case, ZoneInfo(zone)
    own = ZoneInfo(case.zone)
    records = case.assessment.lines if case.assessment else ()
    return {
        "case": case,
        "page": page,
        "state": _state(page),
        "meta": _meta(case, local),
        "obstacle": obstacle(case),
        "closed": wording.CLOSED.get(case.closed_because, ""),
        "unverified": is_unverified(case),
        "answer_title": _answer_title(case),
        "letters": letter_words.of_case(case, page.clocks),
        "numbers": _numbers(case, page.reach),
        "to_gather": _to_gather(page.to_gather),
        "chart": _chart(case, page.reach, own),
        "lines": compared(records, page.devices, own),
        "case_zone": display.zone_name(own),
        "decided_lines": decided(records, case.decision.lines, page.devices, own) if case.decision else [],
        "findings": [_finding(each, case) for each in _ranked(case, "data")],
        "nondisclosure": _nondisclosure(case),
        "gates": [_finding(each, case) for each in _ranked(case, "release")],
        "recordings": [_recording(each, page.devices) for each in page.recordings],
        "papers": [_paper(paper, case.reference) for paper in case.papers],
        "holds": [_hold(each, now=now, zone=local) for each in page.holds],
        "clocks": [_clock(each, case, now=now, zone=local) for each in page.clocks if each.due or each.working],
        "answer_due": _answer_due(page, now=now, zone=local),
        "history": _history(page.history, staff, now=now, zone=local),
        "productions": [production_words(each, case.reference) for each in page.productions],
        "checks": case.checks,
        "assigned_name": name_in(staff, case.assigned_to),
        "local": local,
        "silenced": review_words.silenced(silences_that_stand(case)),
    }


def name_in(staff: Mapping[str, Actor], actor_id: str | None) -> str:
    """The name of a member of staff; who has left is known by id only."""
    if actor_id is None:
        return "Nobody yet"
    return staff[actor_id].name if actor_id in staff else actor_id


def _answer_title(case: Case) -> str:
    """The letter that goes out with the decision, as a sentence names it; empty where there is none."""
    kind = answer_letter(case)
    title = wording.LETTERS[kind] if kind else ""
    return title if title.startswith("Annex") else title.lower()


def is_unverified(case: Case) -> bool:
    """Whether nobody has confirmed yet who asks; until then no data can leave."""
    return not is_known(case)


def obstacle(case: Case) -> tuple[str, str] | None:
    """Why accepting the proposal gives nothing as things stand, as a heading and a sentence; None when it gives."""
    assessment = case.assessment
    if assessment is None or not case.is_open:
        return None
    proposes = any(line.proposed is not None for line in assessment.lines)
    later = " What is proposed below is what could be given once that is settled." if proposes else ""
    if not may_be_done(case):
        unknown = "verify_identity" if case.track is Track.DATA_SUBJECT else "verify_requester"
        heading, sentence = wording.OBSTACLES[unknown]
        return heading, sentence + later
    if not proposes or assessment.disposition in GIVING:
        return None
    heading, sentence = wording.OBSTACLES[assessment.disposition]
    return heading, sentence + later


def _state(page: CasePage) -> tuple[str, str]:
    live = [each.production for each in page.productions if each.production.is_live]
    if page.case.state is CaseState.APPROVED and page.productions:
        latest = live[-1] if live else page.productions[-1].production
        return wording.PRODUCTION_STATES[latest.state]
    return STATES[page.case.state]


def _meta(case: Case, zone: ZoneInfo) -> list[str]:
    channel = case.facts.get("channel")
    received = f"Received {display.moment(case.received_at, zone)}"
    return [
        ", ".join(part for part in (case.requester.name, case.requester.organisation) if part),
        f"{received} by {wording.words_of(str(channel))}" if channel else received,
    ]


def _numbers(case: Case, reach: Reach) -> list[tuple[str, str, str]]:
    """Three numbers: of recordings where recordings are demanded, else of the lines of the demand."""
    if any(line.data_class in OF_RECORDINGS for line in case.lines):
        return [
            ("Demanded", display.count(reach.demanded, "recording"), "struck" if reach.held_back else "plain"),
            ("Proposed", display.count(reach.proposed, "recording"), "plain"),
            ("Held back", display.share(reach.held_back, reach.demanded), "quiet"),
        ]
    records = case.assessment.lines if case.assessment else ()
    given = sum(record.proposed is not None for record in records)
    return [
        ("Demanded", display.count(len(case.lines), "line"), "struck" if given < len(case.lines) else "plain"),
        ("Proposed", display.count(given, "line"), "plain"),
        ("Held back", display.share(len(case.lines) - given, len(case.lines)), "quiet"),
    ]


def _to_gather(totals: Totals) -> str:
    """What gathering will read, and how long it would take to hear; empty where there is nothing to read."""
    if not totals.recordings:
        return ""
    read = f"{display.count(totals.recordings, 'recording')}, {display.size(totals.bytes)}"
    if totals.seconds is None:
        return f"{read}; how long they are is not in the catalogue."
    listened = f"{read}, {display.duration(totals.seconds)} to listen to"
    if not totals.unknown_lengths:
        return f"{listened}."
    return f"{listened}, and {display.number(totals.unknown_lengths)} more whose length is not in the catalogue."


def _chart(case: Case, reach: Reach, zone: ZoneInfo) -> dict[str, Any] | None:
    bars = weekly(reach.by_day)
    if len(bars) < 2:  # noqa: PLR2004 — one bar compares with nothing
        return None
    unit = "week" if (bars[1].starts - bars[0].starts).days == WEEK else "four weeks"
    first, last = display.day(reach.by_day[0][0]), display.day(reach.by_day[-1][0])
    sentence = (
        f"Recordings each {unit}, {first} to {last}: {display.number(reach.demanded)} are demanded, "
        f"{display.number(reach.proposed)} proposed."
    )
    marker = _marker(case, reach, zone)
    return {
        "svg": charts.strip_chart(bars, sentence=sentence, marker=marker),
        "caption": f"{sentence} Grey: demanded. Dark: proposed.",
        "bars": bars,
    }


def _marker(case: Case, reach: Reach, zone: ZoneInfo) -> str:
    """The incident's evening above the chart, where the proposal is that narrow."""
    days = [day for day, _, proposed in reach.by_day if proposed]
    if not days or (days[-1] - days[0]).days > WEEK or not case.assessment:
        return ""
    proposed = [
        line.proposed for line in case.assessment.lines if line.proposed and line.line.data_class in OF_RECORDINGS
    ]
    first, last = proposed[0].interval.start.astimezone(zone), proposed[0].interval.end.astimezone(zone)
    if (last - first) > timedelta(days=1):
        return f"{display.day_and_month(first.date())} to {display.day_and_month(last.date())}"
    return f"{display.day_and_month(first.date())}, {first:%H:%M}\N{EN DASH}{last:%H:%M}"


def weekly(by_day: Sequence[tuple[date, int, int]]) -> list[charts.Bar]:
    """Days added up to weeks, or to four weeks where those would be too many; empty stretches are drawn too."""
    if not by_day:
        return []
    first, last = by_day[0][0], by_day[-1][0]
    first -= timedelta(days=first.weekday())
    length = WEEK if (last - first).days // WEEK < MOST_BARS else 4 * WEEK
    sums = [[0, 0] for _ in range((last - first).days // length + 1)]
    for day, demanded, proposed in by_day:
        at = (day - first).days // length
        sums[at][0] += demanded
        sums[at][1] += proposed
    # Beyond a few years the first and last years would be a hair's breadth each: the newest are drawn.
    bars = [
        charts.Bar(starts=first + timedelta(days=at * length), demanded=demanded, proposed=proposed)
        for at, (demanded, proposed) in enumerate(sums)
    ]
    return bars[-MOST_BARS:]


def _ranked(case: Case, about: str) -> list[FindingRecord]:
    found = [each for each in (case.assessment.findings if case.assessment else ()) if each.about == about]
    return sorted(found, key=lambda each: RANK.get(each.outcome, 1))


def _finding(each: FindingRecord, case: Case) -> dict[str, Any]:
    return {
        "outcome": ("Ask", "info")
        if each.outcome == "ask"
        else wording.DISPOSITIONS.get(each.outcome, ("Note", "plain")),
        "title": each.title,
        "lines": _lines_words(each.lines, len(case.lines)),
        "missing": [
            {"name": name, "sentence": wording.fact_words(name), "asked_of": wording.ASKED_OF[FACTS[name].asked_of]}
            for name in each.missing
            if name in FACTS
        ],
        "rule": each.rule,
        "basis": wording.BASES[each.basis],
        "cites": each.cite,
        "remedy": each.remedy,
    }


def _lines_words(lines: Sequence[str], total: int) -> str:
    if not lines or len(lines) == total:
        return ""
    return ("Line " if len(lines) == 1 else "Lines ") + ", ".join(lines)


def _nondisclosure(case: Case) -> dict[str, Any] | None:
    """The answer to a request for silence, which is apart from the answer about the data."""
    assessment = case.assessment
    if assessment is None or case.track is not Track.LEGAL_DEMAND:
        return None
    findings = [_finding(each, case) for each in _ranked(case, "nondisclosure")]
    return {
        "asked": assessment.nondisclosure is not None,
        "answer": wording.DISPOSITIONS.get(assessment.nondisclosure or "", ("Not asked for", "plain")),
        "findings": findings,
    }


def _recording(recording: Recording, devices: Mapping[str, str]) -> dict[str, Any]:
    zone = ZoneInfo(recording.zone)
    at = recording.recorded_at.astimezone(zone)
    return {
        "iso": recording.recorded_at.isoformat(),
        "day": display.day(at.date()),
        "clock": f"{display.clock(recording.recorded_at, zone)} ({display.utc_offset(recording.recorded_at, zone)})",
        "device": device_name(recording.device, devices),
        "heard": _heard(recording),
        "size": display.size(recording.size),
    }


def _heard(recording: Recording) -> str:
    voices = recording.other_voices
    if voices is None:
        return "not established"
    return ", ".join(sorted(voices)) or "nobody"


def _paper(paper: Paper, reference: str) -> dict[str, Any]:
    clean = paper.state is PaperState.CLEAN
    return {
        "filename": paper.filename,
        "size": display.size(paper.size),
        "pages": display.count(paper.pages, "page") if clean else "",
        "url": f"/requests/{reference}/papers/{paper.sha256}/1" if clean else None,
        "reason": paper.reason or "It has not been inspected yet.",
        "sha256": paper.sha256,
    }


def _hold(view: HoldView, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    hold = view.hold
    return {
        "id": f"hold-{hold.id}",
        "url": f"/holds/{hold.id}",
        "kept": view.counts.kept,
        "placed": view.counts.confirmed,
        "gone": view.counts.gone,
        "in_progress": view.counts.waiting > 0,
        "since": display.short_moment(hold.placed_at, now=now, zone=zone),
        "expires": display.due(hold.expires_at, now=now, zone=zone, waiting=True),
        "released": display.short_moment(hold.released_at, now=now, zone=zone) if hold.released_at else None,
        "released_because": hold.released_because,
    }


def _clock(row: ClockRow, case: Case, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    resting = case.state is CaseState.WAITING or not case.is_open or row.name != "answer"
    return {
        "title": wording.CLOCKS.get(row.name, wording.words_of(row.name).capitalize()),
        "due": display.due(row.due, now=now, zone=zone, waiting=resting),
        "met": display.short_moment(row.met_at, now=now, zone=zone) if row.met_at else None,
        "rests": case.state is CaseState.WAITING and row.name == "answer",
        "working": row.working,
    }


def _answer_due(page: CasePage, *, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    for row in page.clocks:
        if row.name == "answer":
            return _clock(row, page.case, now=now, zone=zone)
    return {"title": "Answer due", "due": display.NO_LIMIT, "met": None, "rests": False, "working": ()}


def _history(
    entries: Sequence[Entry], staff: Mapping[str, Actor], *, now: datetime, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """What was done to the case, newest first; the same act done again at once is told once."""
    told = [
        {
            "iso": entry.at.isoformat(),
            "moment": display.short_moment(entry.at, now=now, zone=zone),
            "who": _who(entry, staff),
            "what": _what(entry, staff),
            "system": entry.role == "system",
        }
        for entry in entries
    ]
    return [next(same) for _, same in groupby(told, key=lambda each: (each["moment"], each["who"], each["what"]))]


def _who(entry: Entry, staff: Mapping[str, Actor]) -> str:
    if entry.role == "system":
        return "Disclosure Desk"
    return "The customer" if entry.role == "customer" else name_in(staff, entry.actor)


def _what(entry: Entry, staff: Mapping[str, Actor]) -> str:
    values: dict[str, object] = {**entry.numbers, **entry.words}
    if "to" in values:
        values["to"] = "nobody" if values["to"] == "nobody" else name_in(staff, str(values["to"]))
    words = wording.ACTS.get(entry.act, wording.words_of(entry.act))
    for name, value in values.items():
        words = words.replace("{" + name + "}", str(value))
    return words.replace(" 1 recordings", " 1 recording").replace(" 1 pages", " 1 page")


def production_words(view: ProductionView, reference: str) -> dict[str, Any]:
    """A production in a case's list of them."""
    production = view.production
    return {
        "number": production.number,
        "title": f"Production {production.number}",
        "kind": production.kind.capitalize(),
        "state": wording.PRODUCTION_STATES[production.state],
        "holds": items_words(view),
        "documents": [
            f"{wording.DOCUMENTS[each.kind]}, {display.count(each.pages, 'page')}" for each in view.documents
        ],
        "failure": production.failure,
        "downloads": len(view.receipts),
        "base": f"/requests/{reference}/productions/{production.number}",
        "raw_state": str(production.state),
        "progress": gathering(view) if production.state in GATHERING else None,
    }


def gathering(view: ProductionView) -> tuple[str, str, int, int | None]:
    """How far gathering has come, as (id, words, done, total); a total of None is work of unknown length."""
    number, recordings = view.production.number, view.items
    done, total, _ = view.progress.get("gather", (0, recordings, 0.0))
    if not total:
        return f"gathering-{number}", "Reading the record sets", 0, None
    words = f"{display.number(done)} of {display.count(total, 'recording')} read and verified"
    return f"gathering-{number}", words, done, total


def items_words(view: ProductionView) -> str:
    """What a production holds, counted."""
    production, parts = view.production, []
    if view.items:
        parts.append(display.count(view.items, "recording"))
    if production.record_sets:
        parts.append(display.count(len(production.record_sets), "record set"))
    if production.discrepancies:
        parts.append(f"{len(production.discrepancies)} not as catalogued")
    return ", ".join(parts) or "a letter only"
