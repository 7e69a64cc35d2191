"""Scopes, lines and devices in words, for the pages of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from legal_rules.scope import ALWAYS, DemandLine, Every, Interval, Members, Scope
from requests_portal.model.case import LineRecord
from requests_portal.model.decision import LineDecision
from requests_portal.web import display
from requests_portal.web.desk import wording

Pieces = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ComparedLine:
    """One line of a demand beside what is proposed or decided for it."""

    part: str
    demanded: Pieces
    proposed: Pieces
    reason: str


def bounds(interval: Interval) -> tuple[datetime | None, datetime | None]:
    """The interval's ends, None where it is open."""
    start = None if interval.start == ALWAYS.start else interval.start
    end = None if interval.end == ALWAYS.end else interval.end
    return start, end


def period(interval: Interval, zone: ZoneInfo) -> str:
    """The interval as people write it."""
    return display.interval(*bounds(interval), zone)


def device_words(devices: Members, names: Mapping[str, str]) -> str:
    """Devices by name and the end of their serial."""
    if isinstance(devices, Every):
        return "all devices" if len(names) != 1 else "the one device"
    return ", ".join(device_name(serial, names) for serial in sorted(devices)) or "no device"


def device_name(serial: str, names: Mapping[str, str]) -> str:
    """A device's name with the last four signs of its serial, which a paper may quote."""
    return f"{names[serial]} (…{serial[-4:]})" if serial in names else serial


def line_title(line: DemandLine, *, with_account: bool) -> str:
    """What one line is about."""
    title = wording.class_words(line.data_class)
    if isinstance(line.account, Every):
        return f"{title} of every account"
    return f"{title} of {line.account}" if with_account else title


def compared(records: Sequence[LineRecord], names: Mapping[str, str], zone: ZoneInfo) -> list[ComparedLine]:
    """Each line of the demand with its proposal, what differs marked."""
    several = len({record.line.account for record in records}) > 1
    return [
        _compared(
            record.line,
            record.proposed,
            names,
            zone,
            title=line_title(record.line, with_account=several),
            reason=" ".join(f"{reason}." for reason in record.reasons),
        )
        for record in records
    ]


def decided(
    records: Sequence[LineRecord], lines: Sequence[LineDecision], names: Mapping[str, str], zone: ZoneInfo
) -> list[ComparedLine]:
    """Each line of the demand with what was decided for it."""
    several = len({record.line.account for record in records}) > 1
    by_line = {line.line: line for line in lines}
    return [
        _compared(
            record.line,
            by_line[record.line.id].scope,
            names,
            zone,
            title=line_title(record.line, with_account=several),
            reason=wording.DISPOSITIONS[by_line[record.line.id].disposition][0] + ".",
        )
        for record in records
        if record.line.id in by_line
    ]


def _compared(
    line: DemandLine, given: Scope | None, names: Mapping[str, str], zone: ZoneInfo, *, title: str, reason: str
) -> ComparedLine:
    asked_period, asked_devices = period(line.interval, zone), device_words(line.devices, names)
    if given is None or given.is_empty:
        demanded = [(f"{_upper(asked_period)}; {asked_devices}", "del")]
        return ComparedLine(part=title, demanded=demanded, proposed=[("Nothing", "ins")], reason=reason)
    if given == line.scope:
        whole = f"{_upper(asked_period)}; {asked_devices}"
        return ComparedLine(part=title, demanded=[(whole, "")], proposed=[("All of it", "")], reason=reason)
    times = _pair(asked_period, period(given.interval, zone))
    devices = _pair(asked_devices, device_words(given.devices, names))
    return ComparedLine(
        part=title,
        demanded=[(_upper(times[0][0]), times[0][1]), ("; ", ""), devices[0]],
        proposed=[(_upper(times[1][0]), times[1][1]), ("; ", ""), devices[1]],
        reason=reason,
    )


def _pair(asked: str, given: str) -> tuple[tuple[str, str], tuple[str, str]]:
    same = asked == given
    return (asked, "" if same else "del"), (given, "" if same else "ins")


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
