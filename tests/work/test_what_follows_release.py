"""From the moment data left, further time limits run."""

from datetime import timedelta

from a_house import NOW, WARRANT

EMERGENCY = WARRANT | {
    "process": "emergency_request",
    "emergency_danger": True,
    "emergency_immediate": True,
    "range_from": "2026-03-14T18:00:00-07:00",
    "range_to": "2026-03-15T06:00:00-07:00",
}


def rows(house, case):
    return {row.name: row for row in house.act(lambda work: work.clocks.of_case(case.id))}


def an_emergency(house):
    return house.offered(house.file(EMERGENCY))


def test_process_is_expected_within_the_house_s_hours_after_an_emergency_disclosure(house):
    case = an_emergency(house)
    before = rows(house, case)

    house.release(case)

    after = rows(house, case)
    assert "emergency_follow_up" not in before or before["emergency_follow_up"].due is None
    assert after["emergency_follow_up"].due == NOW + timedelta(hours=48)
    assert after["answer"].met_at is not None


def test_what_was_met_and_what_was_due_before_stays(house):
    case = house.offered(house.file())
    before = rows(house, case)

    house.release(case)

    after = rows(house, case)
    assert {name: row.due for name, row in before.items()}.items() <= {n: r.due for n, r in after.items()}.items()
    assert house.case(case.id).facts["disclosed_at"].startswith(f"{NOW:%Y-%m-}")
