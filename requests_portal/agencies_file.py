"""The agency file: a CSV of authorities with their domains, and the numbers that we found ourselves."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from requests_portal.errors import Unusable
from requests_portal.model.agency import Agency, a_domain, a_phone, an_agency

COLUMNS = ("name", "country", "state", "domains", "phones", "phones_from", "phones_found_on")
MOST_BYTES, MOST_LINES = 8 * 1024 * 1024, 20_000
SHOWN = 20
DAY = "phones_found_on is a day such as 2026-11-28."


class BadAgencies(Unusable):
    """The file cannot be used as it is; nothing of it was taken."""

    code = "bad_agencies"

    def __init__(self, faults: Mapping[int, str]) -> None:
        shown = " ".join(f"Line {line}: {fault}" for line, fault in list(faults.items())[:SHOWN])
        more = f" And {len(faults) - SHOWN} more lines." if len(faults) > SHOWN else ""
        super().__init__(f"Nothing was imported. {shown}{more}")
        self.faults = dict(faults)


@dataclass(frozen=True, kw_only=True)
class AgenciesFile:
    """What an agency file says, and its digest."""

    agencies: tuple[Agency, ...]
    sha256: str


def read_agencies(path: Path, *, today: date) -> AgenciesFile:
    """Every agency of the file; raises BadAgencies naming each wrong line, Unusable for a file that is no such CSV."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Unusable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Import it in parts.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable("The file is not in UTF-8. Save it so.") from error
    return AgenciesFile(agencies=_agencies(text, today), sha256=hashlib.sha256(data).hexdigest())


def _agencies(text: str, today: date) -> tuple[Agency, ...]:
    found, faults = dict[tuple[str, str, str], Agency](), dict[int, str]()
    try:
        for number, (line, row) in enumerate(_rows(text)):
            if number >= MOST_LINES:
                raise Unusable(f"The file has more than {MOST_LINES:,} lines. Import it in parts.")
            try:
                agency = _agency(row, today)
                found[agency.key] = _joined(found[agency.key], agency) if agency.key in found else agency
            except Unusable as bad:
                faults[line] = bad.sentence
    except csv.Error as error:
        raise Unusable("The file is not CSV that can be read.") from error
    if faults:
        raise BadAgencies(faults)
    if not found:
        raise Unusable("The file names no agency, and nothing was imported.")
    return tuple(found.values())


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head = next(reader, [])
    if tuple(each.strip() for each in head) != COLUMNS:
        raise Unusable(f"The file's first line is to be {','.join(COLUMNS)}.")
    for cells in reader:
        if not any(each.strip() for each in cells):
            continue
        filled = [each.strip() for each in cells] + [""] * (len(COLUMNS) - len(cells))
        # A line with a cell too many is read as one whose last cell fits nothing.
        last = {COLUMNS[-1]: "too many cells"} if len(cells) > len(COLUMNS) else {}
        yield reader.line_num, dict(zip(COLUMNS, filled, strict=False)) | last


def _agency(row: Mapping[str, str], today: date) -> Agency:
    domains = tuple(dict.fromkeys(a_domain(each) for each in row["domains"].replace(";", " ").split()))
    numbers = [each.strip() for each in row["phones"].split(";") if each.strip()]
    if bool(numbers) != bool(row["phones_found_on"]):
        raise Unusable("phones and phones_found_on go together: a number with the day on which it was found.")
    on = _day(row["phones_found_on"]) if numbers else today
    phones = tuple(a_phone(each, row["phones_from"], on, today=today) for each in numbers)
    return an_agency(name=row["name"], country=row["country"], state=row["state"], domains=domains, phones=phones)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unusable(DAY) from error


def _joined(first: Agency, more: Agency) -> Agency:
    """Two lines of one agency: its numbers may come from different places."""
    return an_agency(
        name=first.name,
        country=first.country,
        state=first.state,
        domains=tuple(dict.fromkeys(first.domains + more.domains)),
        phones=tuple(dict.fromkeys(first.phones + more.phones)),
    )
