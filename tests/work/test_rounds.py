"""What is done again and again is done by one worker at a time, and one that fails keeps no other from being done."""

from datetime import timedelta

import pytest
from a_house import NOW, ActingHouse

from requests_portal.errors import Away
from requests_portal.rounds import LEASE, Round, make_due_rounds

HOUR = timedelta(hours=1)


class Worker:
    """A worker that notes each round it makes."""

    def __init__(self, house, name) -> None:
        self.house, self.name, self.made, self.others = house, name, [], 0

    def go(self, at, *, fails=None):
        def note(_outside):
            self.made.append(at)
            if fails:
                raise fails

        def count(_outside):
            self.others += 1

        rounds = (Round(name="first", every=HOUR, go=note), Round(name="second", every=HOUR, go=count))
        make_due_rounds(self.house.ledger, rounds, by=self.name, now=lambda: at)
        return len(self.made)


@pytest.fixture
def workers(engine):
    """Two workers over one database of each kind."""
    house = ActingHouse(engine)
    return Worker(house, "one"), Worker(house, "two")


def test_of_two_workers_one_makes_a_round_and_it_is_due_again_after_its_period(workers):
    one, two = workers

    assert one.go(NOW) == 1
    assert two.go(NOW) == 0
    assert two.go(NOW + HOUR - timedelta(seconds=1)) == 0
    assert two.go(NOW + HOUR) == 1
    assert one.go(NOW + HOUR) == 1


def test_a_round_whose_worker_died_is_made_by_another_when_its_lease_has_run_out(workers):
    one, two = workers

    with pytest.raises(KeyboardInterrupt):
        one.go(NOW, fails=KeyboardInterrupt())

    assert two.go(NOW + LEASE - timedelta(seconds=1)) == 0
    assert two.go(NOW + LEASE) == 1


@pytest.mark.parametrize("failure", [Away("The store is away."), ZeroDivisionError("secret 4711")])
def test_a_round_that_fails_is_tried_at_its_next_turn_and_tells_no_contents(workers, failure, caplog):
    one, _ = workers

    one.go(NOW, fails=failure)

    assert one.others == 1
    assert one.go(NOW + HOUR) == 2
    assert "4711" not in caplog.text
    assert type(failure).__name__ in caplog.text or failure.args[0] in caplog.text


def test_a_clock_that_was_put_right_by_a_year_keeps_no_round_from_being_made(workers):
    one, two = workers
    one.go(NOW + 365 * 24 * HOUR)

    assert two.go(NOW) == 1
    assert one.go(NOW) == 1
