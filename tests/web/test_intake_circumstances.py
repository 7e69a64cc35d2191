"""What a paper does not say and a colleague knows, and what a paper from abroad lacks, entered at intake."""

import pytest
from an_intake import ORDER, TARGETS, WHO, Desk
from test_intake import fill


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def ines(desk):
    return desk.browser()


def filed(desk, ines, **steps):
    draft = ines.begin()
    fill(ines, draft, **steps)
    ines.send(f"{draft}/check")
    return desk.case("LE-2026-0001").facts


@pytest.mark.parametrize("ticked", [[], ["answered_before", "partly_deleted"]])
def test_what_we_know_ourselves_is_ticked_and_closed_with_the_form(desk, ines, ticked):
    assert filed(desk, ines, targets=TARGETS | {"circumstances": ticked})["circumstances"] == ticked


def test_a_period_to_the_present_has_no_last_day(ines):
    draft = ines.begin()

    page = ines.send(f"{draft}/order", **ORDER, also=["range_to_open"])

    assert page.status == 422
    assert "The period runs to the present, or it ends on the day you entered." in page.text


def test_a_foreign_paper_comes_from_its_requester_s_country(desk, ines):
    foreign = {name: value for name, value in WHO.items() if name != "issuer_state"}
    facts = filed(
        desk,
        ines,
        who=foreign | {"issuer": "eu_state", "country": "DE"},
        order=ORDER | {"process": "epoc", "certificate_flaws": ["no_data_category"]},
    )

    assert facts["issuing_country"] == "DE"
    assert facts["certificate_flaws"] == ["no_data_category"]


def test_people_named_without_an_account_are_kept_as_the_paper_names_them(desk, ines):
    assert filed(desk, ines, targets=TARGETS | {"named_people": "Junia Sandlark"})["named_people"] == ["Junia Sandlark"]


@pytest.mark.parametrize(
    ("country", "language"), [("AT", "de"), ("FR", "fr"), ("MX", "es"), ("US", "en"), ("CH", "en")]
)
def test_an_authority_is_answered_in_the_one_language_of_its_country(desk, ines, country, language):
    filed(desk, ines, who=WHO | {"country": country})

    assert desk.case("LE-2026-0001").language == language
