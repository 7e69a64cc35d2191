"""A routine request goes from the customer's press of a button to their own copy, and nobody here does anything."""

from datetime import timedelta

import pypdfium2
import pytest
from a_house import ACCESS, JUNIPER, MAYA, PRIYA, TOMAS
from a_policy import TERMS, adopt, ask

from requests_portal.app import now, worker
from requests_portal.model.case import CaseState
from requests_portal.model.production import ProductionState
from requests_portal.work.release import in_account

PATIENCE = 60


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=4)
    with worker(made.desk, name="the-worker-of-routine"):
        yield made


def lately(desk):
    """A copy of the sound of two months."""
    made = {"range_from": desk.now - timedelta(days=60), "range_to": desk.now - timedelta(days=10)}
    asked = {name: moment.isoformat() for name, moment in made.items()}
    return ACCESS | asked | {"range_stated": True, "catch_all": False, "identity_verified": True}


def test_a_customer_s_routine_request_is_in_their_account_without_a_click_of_anybody_here(desk):
    adopt(desk, TERMS)
    desk.now = now()
    before = len(desk.log())

    case = ask(desk, lately(desk))
    assert case.not_routine == ()
    made = desk.until(case, ProductionState.RELEASED, patience=PATIENCE)

    assert desk.case(case.id).state is CaseState.ANSWERED
    assert desk.verdicts(made) == [True]
    actors = {entry["actor"] for entry in desk.log()[before:] if entry["case"] == case.id}
    assert not actors & {each.id for each in (MAYA, TOMAS, PRIYA)}
    with desk.ledger.reading() as work:
        given = in_account(work, made.id, by=JUNIPER)
    text = " ".join(pages_of(desk, given.documents[0]).split())
    assert "no person has read these pages" in text
    assert "version 1 of the standing policy" in text
    assert "Maya Okafor, Tomás Rey and Priya Nair" in text
    assert "I have read the pages" not in text


def pages_of(desk, document):
    data = b"".join(desk.outside.vault.read_bundle(document.key, document.version_id))
    pdf = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
    finally:
        pdf.close()
