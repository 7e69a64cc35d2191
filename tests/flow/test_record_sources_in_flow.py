"""Record sets from sources of somebody else's, in the workflow: away, wrong, and there again."""

import time

import pytest
from a_house import MARSH, MAYA

from requests_portal.app import worker
from requests_portal.model.production import ProductionState
from requests_portal.settings import RecordSource
from requests_portal.work import produce, read_records

S = ProductionState
HEADER = "account,name,plan\n"


@pytest.fixture
def desk(new_desk, tmp_path, monkeypatch):
    """A desk whose subscriber records lie in a file that is not there yet."""
    monkeypatch.setattr(read_records, "PAUSES", (0.05,) * 20)
    source = RecordSource(
        data_class="subscriber",
        name="Billing",
        csv=str(tmp_path / "billing.csv"),
        account_column="account",
        columns=("name", "plan"),
    )
    made = new_desk(recordings=2, record_sets=(source,))
    made.file_of_records, made.answers, ask = tmp_path / "billing.csv", [], read_records.read_records

    def noted(outside, production_id):
        made.answers.append(ask(outside, production_id))
        return made.answers[-1]

    monkeypatch.setattr(read_records, "read_records", noted)
    return made


def test_a_source_that_was_away_is_asked_again_and_its_rows_are_in_the_production(desk):
    with worker(desk.desk, name="asks-again"):
        case = desk.a_warrant()
        deadline = time.monotonic() + 30
        while len(desk.answers) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        desk.file_of_records.write_text(f"{HEADER}{MARSH.account},Juniper Marsh,monthly\nA-0,Somebody Else,yearly\n")
        made = desk.until(case, S.GATHERED)

    assert desk.answers[0].startswith("The file of Billing cannot be read now")
    assert desk.answers[-1] is None
    (records,) = made.record_sets
    assert (records.source, records.columns) == ("Billing", ("name", "plan"))
    assert records.rows == (("Juniper Marsh", "monthly"),)
    (finished,) = [each for each in desk.log() if each["act"] == "gathering_finished"]
    assert finished["digests"] == {"record_set_1": records.sha256, "record_set_1_origin": records.origin}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "The file of Billing cannot be read now"), (f"{HEADER}A-1\n", "The file of Billing, line 2")],
)
def test_a_source_that_stays_away_or_is_wrong_stops_the_production_and_never_looks_empty(desk, content, sentence):
    if content is not None:
        desk.file_of_records.write_text(content)
    with worker(desk.desk, name="stops"):
        case = desk.a_warrant()
        stopped = desk.until(case, S.FAILED)
        desk.file_of_records.write_text(f"{HEADER}{MARSH.account},Juniper Marsh,monthly\n")
        desk.act(produce.retry, stopped.id, by=MAYA)
        made = desk.until(case, S.GATHERED)

    assert sentence in stopped.failure
    assert stopped.record_sets[0].sha256 == ""
    assert made.record_sets[0].rows == (("Juniper Marsh", "monthly"),)
