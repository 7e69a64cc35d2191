"""What was refused is counted at once, and stands in the audit log once for each who, what and where."""

from datetime import timedelta

import pytest
from a_house import INES, JUNIPER, MAYA

from requests_portal.model.actor import Actor
from requests_portal.model.refusal import attempt
from requests_portal.work.refusals import MOST_OF_VISITORS, count_refusal, enter_counted

VISITOR = Actor(id="nobody", name="", roles=frozenset())


@pytest.fixture
def refused(any_house):
    def refuse(by, *, page="queue.queue", status=403, times=1):
        for _ in range(times):
            any_house.act(count_refusal, attempt(by, act="read_queue", page=page, status=status))

    return refuse


def entered(house):
    house.act(enter_counted)
    return [each for each in house.log() if each["act"] == "access_refused"]


def test_a_refusal_stands_in_the_log_with_who_tried_what_where(any_house, refused):
    refused(INES)

    (entry,) = entered(any_house)

    assert (entry["actor"], entry["role"], entry["case"]) == ("ines", "intake", None)
    assert entry["words"] == {"tried": "read_queue", "page": "queue.queue"}
    assert entry["numbers"] == {"times": 1, "status": 403, "seconds": 0}


def test_the_same_attempt_is_one_entry_however_often_it_was_made(any_house, refused):
    refused(INES)
    any_house.now += timedelta(seconds=40)
    refused(INES, times=299)

    (entry,) = entered(any_house)

    assert (entry["numbers"]["times"], entry["numbers"]["seconds"]) == (300, 40)


def test_who_what_where_and_how_are_told_apart(any_house, refused):
    refused(INES)
    refused(MAYA)
    refused(INES, status=404)
    refused(INES, page="intake.start")

    assert len(entered(any_house)) == 4


def test_what_was_entered_is_counted_from_nothing_again(any_house, refused):
    refused(INES, times=2)

    first = entered(any_house)
    second = entered(any_house)
    refused(INES)
    third = entered(any_house)

    assert [len(first), len(second), len(third)] == [1, 1, 2]
    assert third[-1]["numbers"]["times"] == 1


def test_a_customer_stands_there_as_a_commitment_alone(any_house, refused):
    refused(JUNIPER)

    (entry,) = entered(any_house)

    assert entry["role"] == "customer"
    assert len(entry["actor"]) == 64
    assert JUNIPER.id not in str(entry)


def test_who_has_not_signed_in_is_a_visitor(any_house, refused):
    refused(VISITOR)

    (entry,) = entered(any_house)

    assert (entry["actor"], entry["role"], entry["words"]["by"]) == ("system", "system", "visitor")


def test_of_people_who_are_not_signed_in_so_many_entries_a_round_name_a_page_and_the_rest_is_one(any_house, refused):
    for number in range(MOST_OF_VISITORS + 5):
        any_house.now += timedelta(seconds=1)
        refused(VISITOR, page=f"page.{number}", times=2)
    refused(INES)

    *named, rest = entered(any_house)

    assert len(named) == MOST_OF_VISITORS + 1
    assert [each["actor"] for each in named].count("ines") == 1
    assert rest["words"] == {"by": "visitor", "page": "several"}
    assert rest["numbers"] == {"times": 10, "different": 5, "seconds": 4}
