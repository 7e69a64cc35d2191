"""What we say between the lawyers' texts, by language: dates, counts, scopes, classes, reasons, custody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from babel.dates import format_date
from babel.numbers import format_decimal

from requests_portal.errors import Untranslated

Word = TypeVar("Word")


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The phrases of one language; a mapping that lacks a word makes the whole document English."""

    # For dates and numbers.
    locale: str
    # Classes of data as they stand in a sentence, and as a heading where that differs.
    classes: Mapping[str, str]
    titles: Mapping[str, str]
    processes: Mapping[str, str]
    # Subject lines of what a person asks for, by the right.
    subjects: Mapping[str, str]
    # Authorities to complain to, by country.
    authorities: Mapping[str, str]
    # The titles and remedies of rules, by the rule's id.
    rules: Mapping[str, tuple[str, str]]
    said: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a phrase, with its holes."""
        return self.word(self.said, name)

    def word(self, words: Mapping[str, Word], name: str) -> Word:
        """Return a word of one of the mappings; raises Untranslated where the language lacks it."""
        try:
            return words[name]
        except KeyError:
            raise Untranslated(f"{self.locale} has no words for {name}.") from None

    def day(self, day: date) -> str:
        """Return a day as letters write it."""
        return str(format_date(day, format="long", locale=self.locale))

    def number(self, number: int) -> str:
        """Return a number with its thousands parted."""
        return str(format_decimal(number, locale=self.locale))

    def counted(self, number: int, word: str) -> str:
        """Return a number with its word, in the singular or the plural."""
        return self[word if number == 1 else f"{word}s"].format(self.number(number))
