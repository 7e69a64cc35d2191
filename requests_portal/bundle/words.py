"""The fixed words of bundles and letters, by language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from babel.dates import format_date

from requests_portal.bundle.words_de import GERMAN
from requests_portal.bundle.words_en import ENGLISH
from requests_portal.bundle.words_es import SPANISH
from requests_portal.bundle.words_fr import FRENCH

Words = Mapping[str, str]

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}


def words_for(language: str) -> Words:
    """Return the words of a language tag such as 'de-AT'; English where we have none of that language."""
    return LANGUAGES.get(language.split("-", maxsplit=1)[0].lower(), ENGLISH)


def long_date(day: date, language: str) -> str:
    """Return a date as a letter writes it."""
    spoken = language.split("-", maxsplit=1)[0].lower()
    # Day before month, as the letters' own words have it.
    return format_date(day, format="long", locale=spoken if spoken in LANGUAGES and spoken != "en" else "en_GB")


def moment(at: datetime) -> str:
    """Return a moment in UTC, to the second, with its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
