"""A demonstration that is kept, with one request of the invented ones; run as a program, it waits to be killed."""

import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from legal_rules.facts import parse
from requests_portal.demo.folder import kept
from requests_portal.demo.performance import kept_desk
from requests_portal.demo.settings import STORE_KEY
from requests_portal.demonstration.scenarios import scenarios
from requests_portal.demonstration.world import invent
from requests_portal.storage.seaweed import SeaweedStore

READY = "ready"
RELEASED = "two-week-warrant"


def one_released(at):
    """One request that ends with a release, in a world of nothing but what it is about."""
    world = invent(at.date())
    told = next(each for each in scenarios(world, at) if each.key == RELEASED)
    facts = parse(told.facts)
    about = [each for each in world.of(*facts.accounts) if facts.range_from <= each.recorded_at < facts.range_to]
    return replace(world, recordings=tuple(about)), [told]


@contextmanager
def started(data, *, telling=one_released):
    """The desk in this folder, with its store and its worker."""
    with kept(data) as folder:
        store = SeaweedStore(data / "store", access_key=STORE_KEY, secret_key=STORE_KEY)
        store.start()
        try:
            with kept_desk(folder, endpoint=store.endpoint, public_url="http://localhost:1", telling=telling) as desk:
                yield desk
        finally:
            store.stop()


if __name__ == "__main__":
    with started(Path(sys.argv[1])):
        sys.stdout.write(READY + "\n")
        sys.stdout.flush()
        time.sleep(600)
