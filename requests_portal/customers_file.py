"""The customers file: a CSV of who has an account, from the company's own system of customers."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from requests_portal.errors import Unusable
from requests_portal.mail.addresses import is_mail_address
from requests_portal.work.ports import Customer

COLUMNS = ("account", "name", "mail", "phone", "since", "country", "language", "zone", "address")
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,39}")
COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
LANGUAGE = re.compile(r"[a-z]{2,3}")
LONGEST = 300
SHOWN = 20


class BadCustomers(Unusable):
    """The file cannot be used as it is; nothing of it was taken."""

    code = "bad_customers"

    def __init__(self, faults: Mapping[int, str]) -> None:
        shown = " ".join(f"Line {line}: {fault}" for line, fault in list(faults.items())[:SHOWN])
        more = f" And {len(faults) - SHOWN} more lines." if len(faults) > SHOWN else ""
        super().__init__(f"Nothing was imported. {shown}{more}")


class _BadCellError(ValueError):
    """One cell of a line is not what it must be."""


@dataclass(frozen=True, kw_only=True)
class CustomersFile:
    """Whom a file names, and its digest."""

    customers: tuple[Customer, ...]
    sha256: str


def read_customers(path: Path) -> CustomersFile:
    """Every customer of the file; raises BadCustomers naming each wrong line, Unusable for what is no such CSV."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    found, faults = dict[str, Customer](), dict[int, str]()
    try:
        for line, row in _rows(path):
            try:
                customer = _customer(row)
                if customer.account in found:
                    raise _BadCellError("this account stands above already.")  # noqa: TRY301 — a fault like the others
                found[customer.account] = customer
            except _BadCellError as bad:
                faults[line] = str(bad)
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unusable("The file of customers is no CSV in UTF-8 that can be read.") from error
    if faults:
        raise BadCustomers(faults)
    if not found:
        raise Unusable("The file names nobody, and nothing was imported.")
    return CustomersFile(customers=tuple(found.values()), sha256=sha256)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        if tuple(each.strip() for each in next(reader, [])) != COLUMNS:
            raise Unusable(f"The file's first line is to be {','.join(COLUMNS)}.")
        for cells in reader:
            if any(each.strip() for each in cells):
                filled = [each.strip() for each in cells] + [""] * (len(COLUMNS) - len(cells))
                row = dict(zip(COLUMNS, filled, strict=False))
                # A line with a cell too many is read as one of an account that fits nothing.
                yield reader.line_num, row if len(cells) <= len(COLUMNS) else {**row, "account": "too many cells"}


def _customer(row: Mapping[str, str]) -> Customer:
    if any(len(each) > LONGEST or not each.isprintable() for each in row.values()):
        raise _BadCellError(f"a cell is longer than {LONGEST} characters, or not one line.")
    if not ACCOUNT.fullmatch(row["account"]):
        raise _BadCellError("account is up to 64 letters, digits, dots, dashes and underscores, and the line has nine.")
    if not row["name"]:
        raise _BadCellError("name is missing.")
    if not is_mail_address(row["mail"]):
        raise _BadCellError("mail is no plain mail address.")
    if row["phone"] and not PHONE.fullmatch(row["phone"]):
        raise _BadCellError("phone is no number, such as +1 510 555 0142.")
    if not COUNTRY.fullmatch(row["country"]):
        raise _BadCellError("country is a code such as DE or US-CA.")
    if not LANGUAGE.fullmatch(row["language"]):
        raise _BadCellError("language is a code such as en.")
    if row["zone"] not in _zones():
        raise _BadCellError("zone is no time zone, such as Europe/Dublin.")
    return Customer(
        account=row["account"],
        name=row["name"],
        email=row["mail"],
        address=tuple(each.strip() for each in row["address"].split(";") if each.strip()),
        country=row["country"],
        language=row["language"],
        zone=row["zone"],
        phone=row["phone"],
        since=_day(row["since"]),
    )


@cache
def _zones() -> frozenset[str]:
    # Each look walks the folders of all zones.
    return frozenset(available_timezones())


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _BadCellError("since is a day such as 2024-05-31.") from error
