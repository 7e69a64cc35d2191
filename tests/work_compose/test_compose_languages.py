"""In which language a document speaks: all of it in one, never half in another."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pypdfium2
import pytest
from composing import HOUSE, LETTERS, NOW, a_case, work
from test_compose_bundle import ACCESS, RECORDINGS, a_production, composed
from test_compose_letters import WARRANT

from requests_portal.bundle import write_preview
from requests_portal.bundle.words import LANGUAGES
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.model.case import Requester
from requests_portal.model.letter import LetterKind
from requests_portal.model.production import Discrepancy
from requests_portal.model.transcript import ProposedWords
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.language import PHRASES
from requests_portal.work.compose.phrases import Phrases

FOLDER = Path(LETTERS.folder)
OTHERS = ("de", "es", "fr")
TRANSLATED = sorted(path for language in OTHERS for path in (FOLDER / language).glob("*.txt"))
SOMEBODY = Requester(name="Kim Okoye", address=("Lindenweg 4",), country="DE")
COUNTRIES = {"de": "DE", "fr": "FR", "es": "ES"}
CHANGED = Discrepancy(bates="HV-000000002", recording="r-2", kind="altered", sentence="HV-000000002 has changed.")


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return make_demo_authority(tmp_path_factory.mktemp("keys") / "demo", at=NOW, common_name="Hearthside Voice")


def holes(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def an_access_case(language, country=None, **told):
    facts = ACCESS | {"data_subject_country": country or COUNTRIES.get(language, "DE")} | told
    return a_case(facts, title="A copy of my data", requester=SOMEBODY, language=language)


def unobjected(language):
    case = a_case(WARRANT, language=language)
    whole = tuple(
        replace(line, scope=asked.scope, disposition="produce")
        for line, asked in zip(case.decision.lines, case.lines, strict=True)
    )
    return replace(case, decision=replace(case.decision, grounds=(), lines=whole))


def english_of_ours(*more: str) -> list[str]:
    """Every run of three words or more that we say in English, without what fills its holes."""
    texts = [*LANGUAGES["en"].values(), *PHRASES["en"].said.values(), *PHRASES["en"].classes.values()]
    texts += [path.read_text() for path in (FOLDER / "en").glob("*.txt")]
    texts += more
    parts = (part.strip(" .,:;()\n“”\"'") for text in texts for part in re.split(r"\{\w*\}|\n|[.:;] ", text))
    return sorted({part for part in parts if len(part.split()) >= 3 and "SHA" not in part})


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_translated_letter_has_the_fields_of_the_english_one(path):
    english = (FOLDER / "en" / path.name).read_text()

    assert set(holes(path.read_text())) == set(holes(english))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_letters_that_the_others_have(language):
    assert {path.name for path in (FOLDER / language).glob("*.txt")} == {
        path.name for path in (FOLDER / "de").glob("*.txt")
    }


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_phrases_of_the_others_with_the_same_holes(language):
    english, other = PHRASES["en"], PHRASES[language]

    assert {name: holes(text) for name, text in other.said.items()} == {
        name: holes(text) for name, text in english.said.items()
    }
    assert other.classes.keys() == english.classes.keys()
    assert other.titles.keys() == english.titles.keys()
    assert other.subjects.keys() == PHRASES["de"].subjects.keys()
    assert other.rules.keys() == PHRASES["de"].rules.keys()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"right": "portability", "seeks": ["audio", "transcript", "devices", "human_review_log", "voiceprint"]},
        {"seeks": ["audio", "transcript", "employee_names", "subscriber", "purchases"]},
        {"range_stated": True, "range_from": "2026-03-16T00:00:00-07:00", "range_to": "2026-03-20T00:00:00-07:00"},
    ],
    ids=["access", "portability", "names of employees", "a period"],
)
def test_a_customers_bundle_in_another_language_has_no_english_sentence_of_ours(signer, language, told):
    house = work(*RECORDINGS)
    case = an_access_case(language, **told)
    found = composed(house, case, withheld=(("r-5", "RIGHTS_OF_OTHERS"),), discrepancies=(CHANGED,))

    out = io.BytesIO()
    write_preview(found, out, signer=signer)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        text = re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))

    of_rules = [words for each in case.assessment.findings for words in (each.title, each.remedy)]

    assert found.language == language
    assert [sentence for sentence in english_of_ours(*of_rules) if sentence.lower() in text.lower()] == []
    assert found.subject in text


@pytest.mark.parametrize(
    ("language", "day", "count"),
    [
        ("de", "17. November 2026", "3 Aufnahmen"),
        ("fr", "17 novembre 2026", "3 enregistrements"),
        ("es", "17 de noviembre de 2026", "3 grabaciones"),
    ],
)
def test_days_and_counts_are_written_as_the_language_writes_them(language, day, count):
    first, second, *_ = composed(work(*RECORDINGS), an_access_case(language)).letter

    assert "Kim Okoye" in first
    assert day in second
    assert count in second


def test_a_regional_language_is_its_language():
    assert composed(work(*RECORDINGS), an_access_case("de-AT", "AT")).language == "de"


@pytest.mark.parametrize("language", ["pt", "", "xx", "../en", "de_DE", "EN"])
def test_a_language_we_do_not_speak_is_answered_in_english(language):
    found = composed(work(*RECORDINGS), an_access_case(language, "BR"))

    assert found.language == "en"
    assert found.letter[0] == "Dear Kim Okoye,"


def test_one_untranslated_rule_makes_the_whole_bundle_english(monkeypatch):
    house = work(*RECORDINGS)
    german = PHRASES["de"]
    monkeypatch.setitem(PHRASES, "de", replace(german, rules={}))

    found = composed(house, an_access_case("de"), withheld=(("r-5", "RIGHTS_OF_OTHERS"),))

    assert found.language == "en"
    assert found.certificate.title.startswith("Statement about this copy")
    assert found.letter[0].startswith("Dear ")


def test_the_certificate_speaks_the_language_of_its_bundle():
    house = work(*RECORDINGS)
    case = an_access_case("de")

    production = a_production(house, case, discrepancies=(CHANGED,))

    assert production.certificate.paragraphs[0] == "Erklärung zu dieser Kopie"
    assert any("die Prüfsumme weicht ab" in each for each in production.certificate.paragraphs)


@pytest.mark.parametrize(
    ("language", "greeting", "certificate"),
    [
        ("de", "Guten Tag Deputy R. Pinecone,", "Bescheinigung über Aufzeichnungen"),
        ("fr", "Bonjour Deputy R. Pinecone,", "Attestation relative à des données"),
        ("es", "A la atención de Deputy R. Pinecone:", "Certificación de registros"),
    ],
)
def test_a_demand_without_objections_has_cover_and_certificate_in_its_language(language, greeting, certificate):
    found = composed(work(*RECORDINGS), unobjected(language))

    assert found.language == language
    assert found.letter[0] == greeting
    assert found.certificate.title.startswith(certificate)


def test_a_demand_that_is_objected_to_is_english_as_a_whole():
    found = composed(work(*RECORDINGS), a_case(WARRANT, language="de"))
    letter = letter_contents(work(), a_case(WARRANT, language="de"), made_at=NOW, document_id="d", draft=True)

    assert found.objections
    assert found.language == letter.language == "en"
    assert found.letter[0].startswith("Dear ")
    assert letter.paragraphs[0].startswith("Dear ")


def test_english_has_words_for_everything_that_a_request_can_seek():
    assert isinstance(PHRASES["en"], Phrases)
    assert PHRASES["en"].day(datetime(2026, 3, 14, tzinfo=UTC).date()) == "14 March 2026"
    assert HOUSE.name not in "".join(english_of_ours())


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    ("right", "kind"),
    [
        ("erasure", LetterKind.ERASURE),
        ("objection", LetterKind.GRANTED),
        ("restriction", LetterKind.GRANTED),
        ("rectification", LetterKind.CORRECTION),
    ],
)
def test_a_customer_for_whom_something_is_done_is_answered_in_their_language_and_in_no_other(language, right, kind):
    case = an_access_case(language, right=right)
    if kind is LetterKind.CORRECTION:
        case = replace(case, proposed=ProposedWords(recording="r-1", version_id="v1", was="Uno", words="Dos"))

    written = letter_contents(work(), case, kind=kind, made_at=NOW, document_id="", draft=False, as_assembled=True)

    text = " ".join(written.paragraphs)
    ours = [sentence for sentence in english_of_ours() if "§" not in sentence]
    assert written.language == language
    assert [sentence for sentence in ours if sentence.lower() in text.lower()] == []
    assert "Kim Okoye" in text
    assert case.reference in text
