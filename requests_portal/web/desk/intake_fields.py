"""The kinds of field that the intake forms are made of; each knows its label, its widget and its sentences."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from requests_portal.web.desk.intake_words import Choices

LONGEST_LINE = 200
LONGEST_TEXT = 2_000
MOST_NAMES = 50
MOST_LINES = 8
FIRST_YEAR, LAST_YEAR = 1970, 2100
NOT_PRINTABLE = "This holds a character that cannot be printed. Delete it and type the words again."
REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# Characters that turn the direction of text can make a name read as another one.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def line(
    label: str, *, most: int = LONGEST_LINE, needed: str = "", widget: str = "text", **about: str
) -> fields.String:
    """One line of text, of at most `most` characters."""
    return fields.String(
        required=bool(needed),
        validate=[_at_most(most), printable],
        error_messages=_messages(needed, "Type this in words."),
        metadata={"label": label, "widget": widget, **about},
    )


def text(label: str, *, most: int = LONGEST_TEXT, **about: str) -> fields.String:
    """Several lines of text, of at most `most` characters."""
    return line(label, most=most, widget="area", **about)


def email(label: str, **about: str) -> fields.String:
    """An e-mail address."""
    wrong = "Enter an e-mail address such as records@county.example."
    return fields.Email(
        validate=[_at_most(LONGEST_LINE), printable],
        error_messages=_messages("", wrong),
        metadata={"label": label, "widget": "email", **about},
    )


def one_of(label: str, choices: Choices, *, needed: str = "", widget: str = "select", **about: str) -> fields.String:
    """One of the choices; not answered where it is not needed."""
    return fields.String(
        required=bool(needed),
        validate=validate.OneOf([value for value, _ in choices], error="Choose one of the answers in the list."),
        error_messages=_messages(needed, "Choose one of the answers in the list."),
        metadata={"label": label, "widget": widget, "choices": choices, **about},
    )


def some_of(label: str, choices: Choices, *, needed: str = "", **about: str) -> "fields.List[str]":
    """Any of the choices, as checkboxes."""
    wrong = "Choose from the answers in the list."
    return fields.List(
        fields.String(validate=validate.OneOf([value for value, _ in choices], error=wrong)),
        required=bool(needed),
        error_messages=_messages(needed, wrong),
        metadata={"label": label, "widget": "checks", "choices": choices, **about},
    )


def day(label: str, *, needed: str = "", **about: str) -> fields.Date:
    """A calendar day, with a year that people write."""
    return fields.Date(
        required=bool(needed),
        validate=_sensible_year,
        error_messages=_messages(needed, "Enter a day such as 2026-05-31."),
        metadata={"label": label, "widget": "date", **about},
    )


def time_of_day(label: str, *, needed: str = "", **about: str) -> fields.Time:
    """A time of day, read in the zone of its form."""
    return fields.Time(
        required=bool(needed),
        validate=_without_zone,
        error_messages=_messages(needed, "Enter a time such as 09:30."),
        metadata={"label": label, "widget": "time", **about},
    )


def years(label: str, **about: str) -> fields.Integer:
    """A number of years."""
    wrong = "Enter whole years from 0 to 100."
    return fields.Integer(
        validate=validate.Range(0, 100, error=wrong),
        error_messages=_messages("", wrong),
        metadata={"label": label, "widget": "number", **about},
    )


def zone(label: str, **about: str) -> fields.String:
    """An IANA time zone."""
    return one_of(label, zones(), **about)


@cache
def zones() -> Choices:
    """The time zones of places, by their IANA names, and UTC."""
    places = sorted(name for name in available_timezones() if name.split("/")[0] in REGIONS)
    return tuple((name, name.replace("_", " ")) for name in ("UTC", *places))


class Names(fields.Field[list[str]]):
    """Several names typed into one box, by line or comma; `read` refuses one that cannot be used."""

    def __init__(
        self, label: str, *, read: Callable[[str], str], most: int = MOST_NAMES, commas: bool = True, **about: str
    ) -> None:
        """Take the check that each name passes, and how many there may be."""
        super().__init__(
            error_messages=_messages("", "Type one name to a line."),
            metadata={"label": label, "widget": "area", **about},
        )
        self.read, self.most, self.between = read, most, r"[,;\n]" if commas else r"\n"

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[str]:
        _ = attr, data, kwargs
        given = [each.strip() for each in re.split(self.between, str(value)) if each.strip()]
        if len(given) > self.most:
            raise ValidationError(f"At most {self.most} fit here; this has {len(given)}.")
        return list(dict.fromkeys(self.read(each) for each in given))


def account_number(given: str) -> str:
    """An account number as typed; refuses what no account number looks like."""
    return _named(given, "an account number such as A-88310-4")


def serial_number(given: str) -> str:
    """A device's serial number as typed; refuses what no serial number looks like."""
    return _named(given, "a serial number such as HR2-41B0-7F2C")


def short_words(given: str) -> str:
    """A few words, of at most 100 characters."""
    _at_most(100)(given)
    printable(given)
    return given


def printable(given: str) -> str:
    """Refuse control characters, and those that turn the direction of text."""
    if any((unicodedata.category(c) in {"Cc", "Cs"} and c not in "\r\n\t") or c in _TURNS for c in given):
        raise ValidationError(NOT_PRINTABLE)
    return given


def shown(field: fields.Field[Any], raw: Any) -> list[str]:
    """What was typed into a field, in the words of the page; one entry a line."""
    words = dict(field.metadata.get("choices", ()))
    given: Sequence[str] = raw if isinstance(raw, list) else str(raw).splitlines()
    return [words.get(each, each) for each in given]


def _named(given: str, wanted: str) -> str:
    if not _NAME.fullmatch(given):
        # A name that cannot be printed is not repeated.
        what = f"“{given[:40]}”" if given.isprintable() else "This"
        raise ValidationError(f"{what} is not {wanted}. Check it against the paper.")
    return given


def _at_most(most: int) -> validate.Length:
    return validate.Length(max=most, error=f"This is too long: {most:,} characters fit here.")


def _sensible_year(given: Any) -> None:
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise ValidationError(f"Enter a year from {FIRST_YEAR} to {LAST_YEAR}.")


def _without_zone(given: Any) -> None:
    if given.tzinfo is not None:
        raise ValidationError("Enter the time alone, such as 09:30; the zone has a field of its own.")


def _messages(needed: str, wrong: str) -> dict[str, Any]:
    return {"required": needed or wrong, "null": needed or wrong, "invalid": wrong, "format": wrong}
