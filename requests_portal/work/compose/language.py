"""In which language a document speaks: the one that was asked for if all of it can be said there, else English."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from requests_portal.errors import Untranslated
from requests_portal.model.case import Case, FindingRecord
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.compose.phrases_de import GERMAN
from requests_portal.work.compose.phrases_en import ENGLISH
from requests_portal.work.compose.phrases_es import SPANISH
from requests_portal.work.compose.phrases_fr import FRENCH

FALLBACK = "en"
LANGUAGE = re.compile("[a-z]{2,8}")
PHRASES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
Said = TypeVar("Said")


def phrases(case: Case) -> Phrases:
    """Return the phrases of a case's language; raises Untranslated where we have none of it."""
    try:
        return PHRASES[case.language]
    except KeyError:
        raise Untranslated(f"There are no phrases in {case.language}.") from None


def rule_words(case: Case, finding: FindingRecord) -> tuple[str, str]:
    """Return a rule's title and remedy as the lawyers wrote them, or as they were translated."""
    if case.language == FALLBACK:
        return finding.title, finding.remedy
    say = phrases(case)
    return say.word(say.rules, finding.rule)


def asked_for(case: Case) -> str:
    """Return the language that a case asks for, without its region (BCP 47); "und" where it names none."""
    tag = case.language.partition("-")[0].lower()
    return tag if LANGUAGE.fullmatch(tag) else "und"


def in_one_language(case: Case, said: Callable[[Case], Said]) -> Said:
    """Say it in the language that the case asks for, or all of it in English: no document mixes the two."""
    try:
        return said(replace(case, language=asked_for(case)))
    except Untranslated:
        return said(replace(case, language=FALLBACK))
