"""An old assessment says again what it said, under its own edition; or we say that this software cannot tell."""

from dataclasses import replace

import pytest
from a_house import ADA, INES, JUNIPER, MAYA, PRIYA
from an_edition import SHIPPED, of_other_software, put_in_use, without
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from legal_rules.edition import engine
from requests_portal.database.tables import assessments
from requests_portal.errors import Forbidden
from requests_portal.work.assess import assess
from requests_portal.work.correct import correct_facts
from requests_portal.work.replay import replay


def on_record(house, case):
    with house.ledger.reading() as work:
        return work.assessments.of_case(case.id)


def replayed(house, made, *, by=MAYA):
    with house.ledger.reading() as work:
        return replay(work, made.id, by=by)


def another_edition(house):
    with Session(house.engine) as session, session.begin():
        put_in_use(session, without("any/excessive_date_range.toml"))


def test_every_assessment_of_a_case_is_kept_with_its_facts_and_its_day(any_house):
    case = any_house.check(any_house.file())

    later, first = on_record(any_house, case)

    assert later.assessment == any_house.case(case.id).assessment
    assert (first.facts.get("requester_verified"), later.facts["requester_verified"]) == (None, True)
    assert first.on == later.on == any_house.now.date()


def test_an_assessment_gives_the_same_answer_again(any_house):
    case = any_house.check(any_house.file())

    assert [replayed(any_house, made).same for made in on_record(any_house, case)] == [True, True]


def test_it_does_so_after_facts_and_edition_changed(house):
    case = house.file()
    (first,) = on_record(house, case)
    house.act(
        correct_facts, case.id, {"incident_to": "2026-03-14T21:40:00-07:00"}, reason="A line was struck.", by=INES
    )
    another_edition(house)
    now = house.act(assess, case.id, by=MAYA)
    assert now.assessment.digest != first.assessment.digest

    again = replayed(house, first)

    assert again.same
    assert again.again.book == SHIPPED.digest
    assert house.case(case.id) == now


def test_a_replay_asks_the_law_of_the_day_of_then(house):
    """A rule in force since 2017 does not speak of an assessment of the day before."""
    case = house.file()
    (made,) = on_record(house, case)
    early = replace(made, id="early", on=made.on.replace(year=2010))
    house.act(lambda work: work.assessments.add(early))

    assert replayed(house, early).same is False


def test_facts_that_were_altered_give_another_answer(house):
    case = house.file()
    (made,) = on_record(house, case)
    with house.engine.begin() as connection:
        connection.execute(
            update(assessments).values(body=func.replace(assessments.c.body, '"signed":true', '"signed":false'))
        )

    again = replayed(house, made)

    assert again.same is False
    assert any(finding.ground == "UNSIGNED" for finding in again.again.findings)


def test_an_assessment_by_other_software_is_not_answered_and_its_engine_is_named(house):
    case = house.file()
    (made,) = on_record(house, case)
    old = of_other_software()
    with Session(house.engine) as session, session.begin():
        put_in_use(session, old)
    earlier = replace(made, id="earlier", assessment=replace(made.assessment, book=old.digest))
    house.act(lambda work: work.assessments.add(earlier))

    again = replayed(house, earlier)

    assert (again.same, again.again) == (None, None)
    assert (again.engine, again.engine_here) == ("0" * 64, engine())


@pytest.mark.parametrize("who", [INES, PRIYA, JUNIPER], ids=lambda who: who.id)
def test_lawyers_and_auditors_replay_and_nobody_else(house, who):
    case = house.file()
    (made,) = on_record(house, case)

    with pytest.raises(Forbidden):
        replayed(house, made, by=who)

    assert replayed(house, made, by=ADA).same


def test_a_replay_leaves_no_trace(house):
    case = house.file()
    before = house.dump()

    replayed(house, on_record(house, case)[0])

    assert house.dump() == before


def test_a_rule_is_counted_once_for_each_case_in_which_it_spoke_or_asked(any_house):
    """Three warrants run past the incident; of all it is asked first who sent them, and of one the answer is bad."""
    any_house.check(any_house.file())
    any_house.check(any_house.file(), passed=False)
    any_house.file()

    with any_house.ledger.reading() as work:
        fired, cases = work.assessments.fired(), work.assessments.cases_counted()

    assert fired["any-excessive-date-range"] == (3, 0)
    assert fired["any-authenticity"] == (1, 3)
    assert cases == 3
    assert "any-unsigned" not in fired
