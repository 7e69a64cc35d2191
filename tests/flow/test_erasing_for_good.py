"""What a customer erases is deleted in the store by a real worker; what is held stays."""

import time

from a_house import JUNIPER, MARSH
from sqlalchemy import func, select

from requests_portal.app import worker
from requests_portal.database.tables import recordings
from requests_portal.model.erasure import Chosen
from requests_portal.work.erase import erase_own

PATIENCE = 60
HELD, FREE = "recording-0000", "recording-0001"


def left(desk) -> int:
    with desk.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(recordings)).scalar_one()


def until(fact) -> None:
    end = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_deletes_what_is_erased_and_keeps_what_is_held(new_desk):
    desk = new_desk(2)
    with desk.ledger.reading() as work:
        found = {each: work.catalogue.get(each, by=JUNIPER) for each in (HELD, FREE)}
    at = found[HELD].recorded_at
    # FREE was made a second before HELD.
    desk.file(range_from=at.isoformat(), range_to=desk.now.isoformat(), issued_on=None, served_on=None)

    with worker(desk.desk, name="the-eraser"):
        desk.act(erase_own, Chosen(account=MARSH.account, before=desk.now), by=JUNIPER)
        until(lambda: left(desk) == 1)

    assert desk.outside.store.every_version(found[FREE].key) == []
    assert desk.outside.store.every_version(found[HELD].key) != []
