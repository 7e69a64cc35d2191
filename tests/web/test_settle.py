"""The pages on which a lawyer records what settles that less leaves than a court ordered."""

from datetime import date

import pytest
from a_casework import INES, MAYA, Desk, accepting, decided_through_the_pages

from requests_portal.model.settlement import RAISED, Settlement

AGREED = {
    "settlement": "agreed",
    "settlement_who": "Deputy R. Pinecone, Alder County Sheriff",
    "settlement_on": "2026-11-03",
}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_the_page_to_decide_an_order_asks_what_settles_the_rest(desk):
    reference = desk.warrant()

    page = desk.as_(MAYA).open(f"/requests/{reference}/decide")

    assert "What is left out of the order" in page.main
    assert "Not settled yet: our letter raises it" in page.main


def test_an_agreement_typed_with_the_decision_is_shown_and_kept(desk):
    reference = desk.warrant()

    seen = desk.as_(MAYA).send(
        f"/requests/{reference}/decide", [*accepting(desk, reference, **AGREED), ("step", "see")]
    )
    decided_through_the_pages(desk, reference, **AGREED)

    assert "Agreed by Deputy R. Pinecone, Alder County Sheriff on 2026-11-03." in seen.main
    assert desk.case(reference).decision.settlement == Settlement(
        way="agreed", who="Deputy R. Pinecone, Alder County Sheriff", on=date(2026, 11, 3)
    )


def test_an_agreement_with_nobody_is_refused_and_what_was_typed_is_kept(desk):
    reference = desk.warrant()
    typed = AGREED | {"settlement_who": ""}

    page = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*accepting(desk, reference, **typed), ("step", "see")])

    assert page.status == 422
    assert "Name who agreed, with their office." in page.main
    assert 'value="2026-11-03"' in page.html


def test_what_is_only_raised_shows_on_the_case_until_a_motion_is_recorded(desk):
    reference = desk.warrant()
    decided_through_the_pages(desk, reference)
    waiting = desk.as_(MAYA).open(f"/requests/{reference}")
    motion = [
        ("settlement", "motion"),
        ("settlement_who", "Alder County Superior Court"),
        ("settlement_on", "2026-11-03"),
        ("settlement_number", "26-MC-0114"),
    ]

    answer = desk.as_(MAYA).send(f"/requests/{reference}/settle", motion)

    assert desk.case(reference).decision.settlement != RAISED
    assert "not settled yet" in waiting.main
    assert answer.status == 303
    assert "motion 26-MC-0114 of 2026-11-03" in desk.as_(MAYA).open(f"/requests/{reference}").main


def test_a_settlement_without_a_choice_stays_as_it_was(desk):
    reference = desk.warrant()
    decided_through_the_pages(desk, reference)

    page = desk.as_(MAYA).send(f"/requests/{reference}/settle", [("settlement_who", "Somebody")])

    assert page.status == 422
    assert "Choose whether" in page.main
    assert desk.case(reference).decision.settlement == RAISED


def test_intake_settles_nothing(desk):
    reference = desk.warrant()
    decided_through_the_pages(desk, reference)

    assert desk.as_(INES).open(f"/requests/{reference}/settle").status == 403
