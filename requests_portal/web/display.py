"""How dates, time limits, sizes and counts read on a page; pure, so `now` and the zone are passed in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.numbers import format_decimal

# British English writes day before month, which nobody outside the United States misreads.
ENGLISH = "en_GB"
SOON_DAYS = 3

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_THOUSAND = 1000


@dataclass(frozen=True, kw_only=True)
class Due:
    """A time limit as a page shows it: words and date for people, iso for `<time>`, tone for colour."""

    words: str
    date: str
    iso: str
    tone: str


NO_LIMIT = Due(words="No time limit", date="", iso="", tone="plain")


def due(at: datetime | None, *, now: datetime, zone: ZoneInfo, waiting: bool = False) -> Due:
    """Show a time limit; a case that waits for its requester is never late, so its tone stays plain."""
    if at is None:
        return NO_LIMIT
    return Due(
        words=due_words(at, now=now, zone=zone),
        date=short_moment(at, now=now, zone=zone),
        iso=at.isoformat(),
        tone="plain" if waiting else _tone(at, now=now, zone=zone),
    )


def due_words(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """Say how far off a limit is: "in 5 hours", "in 2 days", "1 day late"; days are calendar days in the zone."""
    distance = _distance(at, now=now, zone=zone)
    if not distance:
        return "due now" if at >= now else "just late"
    return f"in {distance}" if at > now else f"{distance} late"


def short_moment(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """Write a moment for a list: "Today, 17:40", "Wed 25 Nov, 17:00", with the year where it is another one."""
    local, today = _local(at, zone), _local(now, zone)
    if local.date() == today.date():
        return f"Today, {local:%H:%M}"
    pattern = "EEE d MMM" if local.year == today.year else "EEE d MMM y"
    return f"{_short_day(local.date(), pattern)}, {local:%H:%M}"


def moment(at: datetime, zone: ZoneInfo, locale: str = ENGLISH) -> str:
    """Write a moment in full, naming the zone and its offset on that date."""
    local = _local(at, zone)
    return f"{day(local.date(), locale)}, {local:%H:%M}, {zone_name(zone, locale)} ({utc_offset(at, zone)})"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Write the time of day to the second, as recordings are listed."""
    return f"{_local(at, zone):%H:%M:%S}"


def day(on: date, locale: str = ENGLISH) -> str:
    """Write a date in words: "25 November 2026", "25. November 2026"."""
    return str(format_date(on, "long", locale))


def month(year: int, number: int, locale: str = ENGLISH) -> str:
    """Write a month: "November 2026"."""
    return str(format_skeleton("yMMMM", date(year, number, 1), locale=locale))


def weekday(on: date, locale: str = ENGLISH) -> str:
    """Write a date with its weekday: "Wednesday 9 December 2026"."""
    pattern = "EEEE d MMMM y" if locale == ENGLISH else "full"
    return str(format_date(on, pattern, locale))


def day_and_month(on: date, locale: str = ENGLISH) -> str:
    """Write a date whose year is plain from its surroundings: "8 March"."""
    return str(format_skeleton("MMMMd", on, locale=locale))


def interval(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    """Write [start, end) as people do: whole days with the last included, else clock times with their zone."""
    if start is None or end is None:
        return _open_interval(start, end, zone)
    if _is_midnight(start, zone) and _is_midnight(end, zone):
        return _whole_days(_local(start, zone).date(), _local(end, zone).date())
    first, last = _local(start, zone), _local(end, zone)
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{day(last.date())}, {last:%H:%M}"
    return f"{day(first.date())}, {first:%H:%M} to {until}, {zone_name(zone)} ({_offsets(start, end, zone)})"


def utc_offset(at: datetime, zone: ZoneInfo) -> str:
    """Write the zone's offset at that moment, with a real minus sign: eight hours in winter can be seven in summer."""
    minutes = int((_local(at, zone).utcoffset() or timedelta()) / _MINUTE)
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours:02}:{rest:02}"


def zone_name(zone: ZoneInfo, locale: str = ENGLISH) -> str:
    """Name a zone by its city, in the reader's language: "Los Angeles"; UTC stays UTC."""
    if "/" not in zone.key or zone.key.startswith("Etc/"):
        return zone.key.removeprefix("Etc/")
    return str(get_timezone_location(zone, locale=locale, return_city=True))


def zone_on_dates(zone: ZoneInfo, first: date, last: date) -> str:
    """Name a zone for a choice beside a range: its key and its offset on those dates, also across a clock change."""
    changes = [f"from {day_and_month(on)} {offset}" for on, offset in _offset_changes(zone, first, last)]
    at_first = utc_offset(_noon(first, zone), zone)
    return f"{zone.key} ({', '.join([at_first, *changes])})"


def zone_sentence(now: datetime, zone: ZoneInfo) -> str:
    """Say below a page which clocks its times are read from; a page can span a clock change."""
    return (
        f"Times are what clocks in {zone_name(zone)} showed on each date ({zone.key}, today {utc_offset(now, zone)})."
    )


def duration(seconds: float) -> str:
    """Write a length of sound: "0:09", "12:05", "1:02:03"; anything that has sound is at least one second."""
    whole = max(1, round(seconds)) if seconds > 0 else 0
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(octets: int) -> str:
    """Write a file's size in decimal units: "831 bytes", "1.2 MB"."""
    if octets < _THOUSAND:
        return count(octets, "byte")
    amount = float(octets)
    for unit in ("kB", "MB", "GB"):
        amount /= _THOUSAND
        if round(amount, 1) < _THOUSAND:
            return f"{amount:.1f} {unit}"
    return f"{amount / _THOUSAND:.1f} TB"


@lru_cache(maxsize=4096)
def number(value: int, locale: str = ENGLISH) -> str:
    """Write a whole number with the locale's grouping: "1,284"."""
    return str(format_decimal(value, locale=locale))


def count(value: int, one: str, many: str = "") -> str:
    """Count things: "1 recording", "1,284 recordings"."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """Write a share to one decimal; neither "0%" nor "100%" is said of what is only nearly so."""
    if whole == 0:
        return "\N{EN DASH}"
    percent = 100 * part / whole
    if 0 < part < whole:
        percent = min(99.9, max(0.1, percent))
    return f"{percent:.1f}%".replace(".0%", "%")


# A list says the same few days and numbers again and again.
@lru_cache(maxsize=4096)
def _short_day(on: date, pattern: str) -> str:
    return str(format_date(on, pattern, ENGLISH))


def _tone(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    if at < now:
        return "bad"
    return "warn" if _calendar_days(now, at, zone) <= SOON_DAYS else "plain"


def _distance(at: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    apart = abs(at - now)
    if apart < _HOUR:
        minutes = apart // _MINUTE
        return count(minutes, "minute") if minutes else ""
    if apart < _DAY:
        return count(apart // _HOUR, "hour")
    # On the day the clocks go back, 24 hours can end on the day they began.
    return count(max(1, abs(_calendar_days(now, at, zone))), "day")


def _calendar_days(earlier: datetime, later: datetime, zone: ZoneInfo) -> int:
    return (_local(later, zone).date() - _local(earlier, zone).date()).days


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    # astimezone() would silently read a naive moment in the server's own zone.
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no zone")
    return at.astimezone(zone)


def _is_midnight(at: datetime, zone: ZoneInfo) -> bool:
    local = _local(at, zone)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _whole_days(first: date, after: date) -> str:
    last = after - _DAY
    length = f"({count((after - first).days, 'day')})"
    if first == last:
        return f"{day(first)} {length}"
    begin = day_and_month(first) if first.year == last.year else day(first)
    return f"{begin} to {day(last)} {length}"


def _open_interval(start: datetime | None, end: datetime | None, zone: ZoneInfo) -> str:
    if start is not None:
        return f"from {_end_point(start, zone)}, no end given"
    if end is not None:
        return f"until {_end_point(end, zone, included=False)}, no beginning given"
    return "no dates given"


def _end_point(at: datetime, zone: ZoneInfo, *, included: bool = True) -> str:
    """Name one end of an interval; a day that is excluded as a whole gives way to the day before it."""
    if not _is_midnight(at, zone):
        return moment(at, zone)
    return day(_local(at, zone).date() - (timedelta() if included else _DAY))


def _offsets(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, last = utc_offset(start, zone), utc_offset(end, zone)
    return first if first == last else f"{first}, at the end {last}"


def _offset_changes(zone: ZoneInfo, first: date, last: date) -> list[tuple[date, str]]:
    """List the days on which the zone's clocks change, with the offset from then on."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    offsets = [utc_offset(_noon(on, zone), zone) for on in days]
    return [(on, now) for on, before, now in zip(days[1:], offsets, offsets[1:], strict=False) if before != now]


def _noon(on: date, zone: ZoneInfo) -> datetime:
    # Clocks change at night, so noon has the offset that rules the day.
    return datetime(on.year, on.month, on.day, 12, tzinfo=zone)
