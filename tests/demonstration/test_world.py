import re
from collections import Counter
from datetime import UTC, date, timedelta
from ipaddress import ip_address, ip_network
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from requests_portal.demonstration.people import CUSTOMERS, MARSH, PERSONAS, STAFF
from requests_portal.demonstration.records import COLUMNS, SOURCES, record_set
from requests_portal.demonstration.world import invent

TODAY = date(2026, 11, 23)
DAYS = [TODAY, date(2027, 3, 1), date(2028, 2, 29), date(2026, 12, 31)]
DOCUMENTATION = [ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


@pytest.fixture(scope="module")
def world():
    return invent(TODAY)


def test_the_same_day_gives_the_same_world(world):
    again = invent(TODAY)

    assert again == world
    assert invent(TODAY + timedelta(days=1)) != world


@pytest.mark.parametrize("today", DAYS)
def test_more_than_eleven_hundred_recordings_lie_within_the_year_before_today(today):
    recordings = invent(today).recordings

    assert len(recordings) >= 1100
    assert all(timedelta(0) <= today - recording.recorded_at.date() <= timedelta(366) for recording in recordings)
    assert all(recording.recorded_at.tzinfo is UTC for recording in recordings)
    assert len({recording.id for recording in recordings}) == len(recordings)


@pytest.mark.parametrize("today", DAYS)
def test_on_the_incident_evening_nine_recordings_were_made_in_the_kitchen(today):
    world = invent(today)
    incident = world.incident
    day = timedelta(days=1)

    near = [r for r in world.of(MARSH) if incident.start - day <= r.recorded_at < incident.end + day]

    local = [incident.start.astimezone(ZoneInfo("America/Los_Angeles")), incident.end - incident.start]
    assert (local[0].hour, local[0].minute, local[1]) == (21, 0, timedelta(hours=2, minutes=30))
    assert len(near) == 9
    assert {recording.device for recording in near} == {"HR2-41B0-7F2C"}
    assert all(incident.start <= recording.recorded_at < incident.end for recording in near)


def test_customers_live_in_many_places_and_have_sixteen_devices_or_more():
    countries = {customer.country for customer in CUSTOMERS}

    assert len(CUSTOMERS) >= 10
    assert {"US-CA", "US-NH", "US-IL", "DE", "FR", "GB", "BR", "GR", "IN", "EG"} <= countries
    assert sum(len(customer.devices) for customer in CUSTOMERS) >= 16
    assert len({device.serial for customer in CUSTOMERS for device in customer.devices}) >= 16


def test_nobody_can_be_reached_outside_the_demonstration():
    for customer in CUSTOMERS:
        assert re.fullmatch(r"[a-z.]+@example\.(org|com)", customer.email)
        assert re.search(r"555|7946 0|23125|1 99 00", customer.phone)


def test_a_recording_is_made_by_the_customer_s_own_device_and_household(world):
    for recording in world.recordings:
        customer = world.customer(recording.account)
        assert recording.device in {device.serial for device in customer.devices}
        assert recording.clip.household == customer.household
        assert recording.zone == customer.zone


def test_people_talk_in_the_morning_and_evening_and_sleep_at_night(world):
    hours = Counter(recording.recorded_at.astimezone(ZoneInfo(recording.zone)).hour for recording in world.recordings)

    assert sum(hours[hour] for hour in range(6)) == 0
    assert hours[7] > hours[14] / 2
    assert hours[19] > hours[14]


def test_about_one_recording_in_seventeen_was_heard_by_a_reviewer(world):
    reviewed = [recording.review for recording in world.recordings if recording.human_reviewed]

    assert 0.04 < len(reviewed) / len(world.recordings) < 0.08
    assert all(review.at.date() < TODAY and review.reviewer.startswith("R-") for review in reviewed)


@pytest.mark.parametrize("data_class", COLUMNS)
@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.account)
def test_every_customer_has_rows_in_every_record_set(world, customer, data_class):
    columns, rows = record_set(world, customer.account, data_class)

    assert SOURCES[data_class]
    assert all(len(row) == len(columns) and all(isinstance(cell, str) for cell in row) for row in rows)
    assert rows or data_class == "human_review_log"


def test_the_review_log_lists_exactly_the_reviewed_recordings(world):
    _, rows = record_set(world, MARSH, "human_review_log")

    assert [row[0] for row in rows] == [r.id for r in world.of(MARSH) if r.review]
    assert len(rows) > 10


def test_addresses_belong_to_documentation_and_sessions_end_after_they_start(world):
    for customer in CUSTOMERS:
        _, rows = record_set(world, customer.account, "connections")
        assert all(any(ip_address(row[2]) in network for network in DOCUMENTATION) for row in rows)
        assert all(row[0] < row[1] < TODAY.isoformat() for row in rows)


def test_the_world_is_made_at_once():
    started = perf_counter()

    invent(TODAY)

    assert perf_counter() - started < 0.3


def test_every_persona_says_what_to_try_and_each_staff_role_is_there():
    assert {role for persona in STAFF for role in persona.roles} == {
        "intake",
        "lawyer",
        "approver",
        "reviewer",
        "custodian",
        "auditor",
        "operator",
        "administrator",
    }
    assert sum("lawyer" in persona.roles for persona in STAFF) == 2
    assert [persona.account for persona in PERSONAS if "customer" in persona.roles] == ["A-88310-4", "A-37095-1"]
    assert all(persona.try_this.endswith(".") for persona in PERSONAS)
