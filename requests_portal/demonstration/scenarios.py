"""Every invented request of the demonstration, oldest first."""

from datetime import datetime

from requests_portal.demonstration.demands import DEMANDS
from requests_portal.demonstration.filing import Desk, Scenario
from requests_portal.demonstration.own_data import OWN_DATA
from requests_portal.demonstration.world import World


def scenarios(world: World, now: datetime) -> tuple[Scenario, ...]:
    """Tell every request from the world on its day; `now` is aware and lies on that day."""
    desk = Desk(world, now)
    told = [tell(desk) for tell in (*DEMANDS, *OWN_DATA)]
    return tuple(sorted(told, key=lambda scenario: scenario.received_at))
