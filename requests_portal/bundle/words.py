"""The fixed words of bundles and letters, by language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from babel.dates import format_date

from requests_portal.bundle.contents import OwnWords
from requests_portal.bundle.words_de import GERMAN
from requests_portal.bundle.words_en import ENGLISH
from requests_portal.bundle.words_es import SPANISH
from requests_portal.bundle.words_fr import FRENCH

Words = Mapping[str, str]
_MINUTE = 60

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}


def words_for(language: str) -> Words:
    """Return the words of a language tag such as 'de-AT'; English where we have none of that language."""
    return LANGUAGES.get(language.split("-", maxsplit=1)[0].lower(), ENGLISH)


def long_date(day: date, language: str) -> str:
    """Return a date as a letter writes it."""
    spoken = language.split("-", maxsplit=1)[0].lower()
    # Day before month, as the letters' own words have it.
    return format_date(day, format="long", locale=spoken if spoken in LANGUAGES and spoken != "en" else "en_GB")


def labelled(label: str, value: str, words: Words) -> str:
    """Return a value after its label, parted from it as the language has it."""
    return words["labelled"].format(words[label], value)


def own_words(said: OwnWords, words: Words) -> str:
    """Return how the person concerned has a transcript, with its day, as a sentence."""
    text = " ".join(said.words.split())
    return words["corrected" if said.taken_over else "contested"].format(said.on.isoformat(), text)


def length(seconds: float, words: Words) -> str:
    """Return a length as people read it: 2.9 s, 2:05, 3:00:00."""
    return words["seconds"].format(f"{seconds:.1f}") if round(seconds, 1) < _MINUTE else clock(seconds)


def clock(seconds: float, *, tenths: bool = False) -> str:
    """Return a place in a recording, or its length, in minutes and seconds, and in hours where it has any."""
    parts = round(seconds * 10) if tenths else round(seconds) * 10
    minutes, rest = divmod(parts, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{rest / 10:04.1f}" if tenths else f"{rest // 10:02d}"
    return f"{hours}:{minutes:02d}:{shown}" if hours else f"{minutes}:{shown}"


def moment(at: datetime) -> str:
    """Return a moment in UTC, to the second, with its zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
