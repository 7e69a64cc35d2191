"""What takes its time is done while no transaction is open: nobody waits for it, and no snapshot grows old."""

from collections import defaultdict
from dataclasses import replace

import pytest
from a_house import PRIYA

from requests_portal.bundle import write_bundle, write_preview
from requests_portal.work import draw as drawing
from requests_portal.work import produce
from requests_portal.work import seal as sealing
from requests_portal.work.draw import draw
from requests_portal.work.gather import chunks, gather
from requests_portal.work.seal import seal


class Watched:
    """Something outside; for each call of it, how many transactions were open at that moment."""

    def __init__(self, real, seen, open_now) -> None:
        self._real = real
        self._seen = seen
        self._open_now = open_now

    def __getattr__(self, name):
        found = getattr(self._real, name)
        return self.watching(name, found) if callable(found) else found

    def watching(self, name, act):
        def watched(*args, **kwargs):
            self._seen[name].append(self._open_now())
            return act(*args, **kwargs)

        return watched


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(new_desk, request):
    if request.param == "sqlite":
        return new_desk(recordings=4)
    return new_desk(recordings=4, database_url=request.getfixturevalue("new_postgres"))


@pytest.fixture
def seen():
    return defaultdict(list)


@pytest.fixture
def watched(desk, seen, monkeypatch):
    """The desk's outside world; each call of it is noted with the number of connections that are in use."""
    open_now = desk.engine.pool.checkedout
    for module, name, act in ((sealing, "write_bundle", write_bundle), (drawing, "write_preview", write_preview)):
        monkeypatch.setattr(module, name, Watched(None, seen, open_now).watching(name, act))
    real = desk.outside
    parts = {name: Watched(getattr(real, name), seen, open_now) for name in ("store", "spool", "vault", "signer")}
    return replace(real, timestamper=None, **parts)


def test_reading_drawing_hashing_signing_and_keeping_leave_no_transaction_open(desk, watched, seen):
    case = desk.a_warrant()
    made = desk.production(case.id)
    desk.act(produce.begin_gathering, made.id)

    found = [gather(watched, made.id, start, end) for start, end in chunks(len(made.items))]
    desk.act(produce.record_gathered, made.id, found)
    desk.sign_off(case, draw(watched, made.id, by=PRIYA))
    desk.act(produce.begin_sealing, made.id)
    seal(watched, made.id)

    slow = {"gather_many", "write_preview", "write_bundle", "open", "sign_cms", "put_bundle", "read_bundle"}
    assert slow <= seen.keys()
    assert {name: max(counts) for name, counts in seen.items()} == dict.fromkeys(seen, 0)
    desk.desk.close()
