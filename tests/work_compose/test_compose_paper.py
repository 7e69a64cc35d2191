"""Which paper a document is for."""

from dataclasses import replace

import pytest
from composing import NOW, a_case, work
from test_compose_letters import WARRANT

from requests_portal.model.case import Requester
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.paper import paper


def a_case_from(country, **told):
    case = a_case(WARRANT)
    return replace(case, requester=Requester(name="R. Pinecone", country=country), facts=case.facts | told)


@pytest.mark.parametrize(
    ("country", "sheet"),
    [("US-CA", "US Letter"), ("US", "US Letter"), ("CA", "US Letter"), ("MX", "US Letter"), ("DE", "A4"), ("GB", "A4")],
)
def test_a_document_is_laid_out_for_the_paper_of_the_country_it_goes_to(country, sheet):
    assert paper(a_case_from(country)) == sheet


def test_the_papers_of_an_american_authority_that_gave_no_country_are_letter():
    assert paper(a_case_from("", issuer="us_state")) == "US Letter"
    assert paper(a_case_from("", issuer="eu_state")) == "A4"


def test_a_person_who_gave_no_country_reads_on_the_paper_of_where_they_live():
    assert paper(a_case_from("", issuer=None, data_subject_country="US-CA")) == "US Letter"
    assert paper(a_case_from("", issuer=None, data_subject_country="FR")) == "A4"


def test_a_letter_has_the_paper_of_its_case():
    letter = letter_contents(work(), a_case_from("US-CA"), made_at=NOW, document_id="d", draft=True)

    assert letter.paper == "US Letter"
