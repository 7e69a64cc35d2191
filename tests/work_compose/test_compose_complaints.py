"""A complaint is acknowledged and answered with whom else to turn to, by the country or state a person lives in."""

import pytest
from composing import HOUSE, NOW, a_case, work
from test_compose_languages import COUNTRIES, OTHERS, an_access_case, english_of_ours

from legal_rules.vocabulary.groups import EEA
from requests_portal.model.case import Quote
from requests_portal.model.letter import LetterKind
from requests_portal.web.my.rights import rights_of
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.complaints import AUTHORITIES
from requests_portal.work.compose.language import PHRASES

COMPLAINT = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "right": "complaint",
    "identity_verified": True,
    "accounts": ["A-88310-4"],
    "seeks": [],
}


def a_complaint(country, **changed):
    words = (Quote(words="You took six weeks."),)
    return a_case(COMPLAINT | {"data_subject_country": country}, title="Complaint", quotes=words, **changed)


def said(case, kind, **clock):
    written = letter_contents(
        work(**clock), case, kind=kind, made_at=NOW, document_id="", draft=False, as_assembled=True
    )
    return written.language, " ".join((*written.paragraphs, *written.closing))


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("SE", "complain to the Integritetsskyddsmyndigheten, or to the supervisory authority where you work"),
        ("SE", "within three months, you may take it to court (GDPR Art. 78(2))"),
        ("GB", "acknowledge a complaint within thirty days, which this does"),
        ("GB", "complain to the Information Commissioner (UK GDPR Art. 77)"),
        ("US-CA", "complain to the California Privacy Protection Agency or the Attorney General of California"),
        ("US-VA", "complain to the Attorney General of Virginia, and you may ask a court"),
        ("US-PR", "complain to the attorney general of your state, and you may ask a court"),
        ("NZ", "complain to the supervisory authority of the country you live in, and you may ask a court"),
    ],
)
@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.COMPLAINT])
def test_who_else_hears_a_complaint_and_within_which_times_follows_the_country(kind, country, words):
    language, text = said(a_complaint(country), kind)

    assert language == "en"
    assert words in text


def test_an_acknowledgement_says_what_was_written_and_by_when_it_is_answered():
    _, text = said(a_complaint("SE"), LetterKind.ACKNOWLEDGEMENT)

    assert "We received your complaint on 17 November 2026. Its reference is DS-2026-0007" in text
    assert "In your own words: “You took six weeks.”." in text
    assert "answers you in writing by 2 December 2026." in text
    assert text.endswith(HOUSE.name)


def test_where_no_law_names_a_day_none_is_promised():
    _, text = said(a_complaint("NZ"), LetterKind.ACKNOWLEDGEMENT, due=None)

    assert "answers you in writing as soon as we have looked into it." in text


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("country", ["SE", "GB", "US-CA", "US-VA"])
@pytest.mark.parametrize("kind", [LetterKind.ACKNOWLEDGEMENT, LetterKind.COMPLAINT])
def test_somebody_who_complains_is_answered_in_their_language_and_in_no_other(kind, language, country):
    case = an_access_case(language, country, right="complaint", seeks=[])

    spoken, text = said(case, kind)

    foreign = [words for words in english_of_ours() if "§" not in words and words.lower() in text.lower()]
    # Where a language has no name of its own for an authority, the general one stands; statutes keep theirs.
    assert (spoken, [words for words in foreign if "Protection Act" not in words]) == (language, [])
    assert case.reference in text


@pytest.mark.parametrize("country", [*sorted(AUTHORITIES), "US-PR", "NZ"])
def test_page_and_letter_name_one_authority(country):
    case = a_complaint(country)

    _, text = said(case, LetterKind.ACKNOWLEDGEMENT)

    assert f"complain to {rights_of(case).complain_to}" in text


def test_every_state_of_the_united_states_has_its_authority():
    states = [each for each in AUTHORITIES if each.startswith("US-")]

    # Fifty, and the District of Columbia.
    assert len(states) == 51
    assert all("Attorney General" in AUTHORITIES[each] for each in states)


def test_every_country_of_the_european_economic_area_has_its_authority():
    assert set(AUTHORITIES) >= EEA


@pytest.mark.parametrize("language", COUNTRIES)
def test_no_language_names_an_authority_that_the_one_list_lacks(language):
    assert PHRASES[language].authorities.keys() <= AUTHORITIES.keys()
