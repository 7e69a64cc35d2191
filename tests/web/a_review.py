"""A desk whose recordings can be heard: a store in memory, and a recording on which a visitor speaks."""

import io
from dataclasses import replace
from datetime import datetime

import numpy as np
import soundfile
from a_casework import KITCHEN, PACIFIC, Desk, a_recording

from requests_portal.errors import NotFound
from requests_portal.model.recording import SpeakerSpan
from requests_portal.storage.ranged import RangedFile

SECONDS, RATE = 6, 8000
HEADER = 44
VISIT, PLAIN, UNKNOWN = "v-03142120", "i-03142104", "u-03142130"
NEIGHBOURS = "n-03142200"


def a_clip(kind="WAV") -> bytes:
    made = io.BytesIO()
    soundfile.write(made, np.sin(np.arange(SECONDS * RATE) / 9) / 2, RATE, format=kind)
    return made.getvalue()


class Shelf:
    """The recordings' store in memory: one clip for every key; `gone` are those it no longer has."""

    def __init__(self, clip: bytes) -> None:
        self.clip = clip
        self.gone: set[str] = set()
        self.readings: list[str] = []

    def of_bucket(self, bucket):
        assert not bucket
        return self

    def read(self, *, key, version_id, size, sha256):  # noqa: ARG002 — the port's own names
        self.readings.append(key)
        yield self._part(key, 0, len(self.clip))

    def opened(self, *, key, version_id, size):  # noqa: ARG002 — the port's own names
        return RangedFile(lambda start, end: self._part(key, start, end), len(self.clip))

    def _part(self, key, start, end):
        if key in self.gone:
            raise NotFound("The store has no such object version.")
        return self.clip[start:end]


class ReviewDesk(Desk):
    """A desk with three more recordings of the evening, and what can be heard of them."""

    def __init__(self, folder, *, kind="WAV") -> None:
        super().__init__(folder)
        self.shelf = Shelf(a_clip(kind))
        portal = self.app.extensions["portal"]
        self.app.extensions["portal"] = replace(portal, outside=replace(portal.outside, store=self.shelf))
        with self.ledger.unit_of_work() as work:
            work.catalogue.add([visit(), replace(at(21, 30, "u"), speakers=None)])

    def plays(self, reference, recording=VISIT):
        with self.ledger.reading() as work:
            found = work.listening.plays(self.case(reference).id, recording)
            return [(each.from_ms, each.to_ms) for each in found]


def at(hour, minute, name):
    return a_recording(name, datetime(2026, 3, 14, hour, minute, tzinfo=PACIFIC), KITCHEN)


def visit():
    """The account holder speaks for a second, then a visitor, then a child."""
    labels = (("account holder", 0, 1), ("visitor", 1.5, 3), ("child", 4, 5.25))
    spans = tuple(SpeakerSpan(start=start, end=end, label=label) for label, start, end in labels)
    return replace(at(21, 20, "v"), speakers=spans, transcript="is Wilhelmina at home")
