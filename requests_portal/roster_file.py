"""The roster file: a CSV of who is on call from when until when, on whose clock, and how they are reached."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from requests_portal.errors import Unusable
from requests_portal.mail.addresses import is_mail_address, is_webhook_address
from requests_portal.model.duty import Duty

COLUMNS = ("who", "mail", "webhook", "from", "until", "zone", "order")
WHO = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
ORDER = re.compile(r"[1-9]\d{0,2}")
MOST_BYTES, MOST_LINES = 4 * 1024 * 1024, 20_000


class BadRoster(Unusable):
    """The roster cannot be used as it is; nothing of it was taken."""

    code = "bad_roster"

    def __init__(self, faults: Mapping[int, str]) -> None:
        shown = " ".join(f"Line {line}: {fault}" for line, fault in list(faults.items())[:20])
        more = f" And {len(faults) - 20} more lines." if len(faults) > 20 else ""  # noqa: PLR2004 — as many as are shown
        super().__init__(f"Nothing was imported. {shown}{more}")
        self.faults = dict(faults)


class _BadCellError(ValueError):
    """One cell of a line is not what it must be."""


@dataclass(frozen=True, kw_only=True)
class RosterFile:
    """What a roster file says, and its digest."""

    duties: tuple[Duty, ...]
    sha256: str


def read_roster(path: Path) -> RosterFile:
    """Every duty of the file; raises BadRoster naming each wrong line, Unusable for a file that is no such CSV."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unusable(f"The roster is larger than {MOST_BYTES // 1024 // 1024} MB. Leave out what is over.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable("The roster is not in UTF-8. Save it so.") from error
    return RosterFile(duties=_duties(text), sha256=hashlib.sha256(data).hexdigest())


def _duties(text: str) -> tuple[Duty, ...]:
    duties, faults = list[Duty](), dict[int, str]()
    try:
        for line, row in _rows(text):
            try:
                duties.append(_duty(row))
            except _BadCellError as bad:
                faults[line] = str(bad)
            if len(duties) + len(faults) > MOST_LINES:
                raise Unusable(f"The roster has more than {MOST_LINES:,} lines. Leave out what is over.")
    except csv.Error as error:
        raise Unusable("The roster is not a CSV file that can be read.") from error
    if faults:
        raise BadRoster(faults)
    if not duties:
        raise Unusable("The roster names nobody, and nothing was imported. Name at least one duty.")
    return tuple(duties)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(reader, [])
    if tuple(each.strip() for each in head) != COLUMNS:
        raise Unusable(f"The roster's first line is to be {','.join(COLUMNS)}.")
    for cells in reader:
        if not any(each.strip() for each in cells):
            continue
        filled = [each.strip() for each in cells] + [""] * (len(COLUMNS) - len(cells))
        row = dict(zip(COLUMNS, filled, strict=False))
        # A line with a cell too many is read as one of a kind that fits nothing.
        yield reader.line_num, row if len(cells) <= len(COLUMNS) else {**row, "order": "too many cells"}


@cache
def _zones() -> frozenset[str]:
    # Each look walks the folders of all zones.
    return frozenset(available_timezones())


def _duty(row: Mapping[str, str]) -> Duty:
    if not WHO.fullmatch(row["who"]):
        raise _BadCellError("who is no id of staff: small letters, digits, dots, dashes and underscores.")
    if row["mail"] and not is_mail_address(row["mail"]):
        raise _BadCellError("mail is no plain mail address.")
    if row["webhook"] and not is_webhook_address(row["webhook"]):
        raise _BadCellError("webhook is no https address.")
    if not (row["mail"] or row["webhook"]):
        raise _BadCellError("neither mail nor webhook says how they are reached.")
    if row["zone"] not in _zones():
        raise _BadCellError("zone is no time zone, such as Europe/Dublin.")
    if not ORDER.fullmatch(row["order"]):
        raise _BadCellError("order is a number from 1 to 999, and the last cell of the line.")
    begins, ends = _moments(row["from"], row["zone"])[0], _moments(row["until"], row["zone"])[-1]
    if not begins < ends:
        raise _BadCellError("from is not before until.")
    return Duty(
        who=row["who"],
        mail=row["mail"],
        webhook=row["webhook"],
        begins=begins,
        ends=ends,
        order=int(row["order"]),
    )


def _moments(text: str, zone: str) -> list[datetime]:
    """The one or two moments at which a clock there shows this, in order; a duty takes all of what could be meant.

    So whoever hands over within the hour that a clock shows twice, or never, leaves no gap.
    """
    if not LOCAL.fullmatch(text):
        raise _BadCellError("from and until are local times such as 2026-12-24T18:00.")
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        return sorted(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    except (ValueError, OverflowError) as error:
        raise _BadCellError("from and until are local times such as 2026-12-24T18:00.") from error
