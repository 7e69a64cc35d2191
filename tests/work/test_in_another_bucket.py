"""A recording that lies in another bucket than the house's own is drawn and heard from there."""

import io
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import soundfile
from a_house import NOW, a_recording

from requests_portal.bundle.rendition import Rendition
from requests_portal.storage.ranged import RangedFile
from requests_portal.work.listen import opened


@dataclass
class Buckets:
    """A store that notes in which bucket it was asked for what."""

    clip: bytes
    bucket: str = ""
    asked: list[str] = field(default_factory=list)

    def of_bucket(self, bucket):
        return replace(self, bucket=bucket)

    def read(self, **_asked):
        self.asked.append(f"read {self.bucket}")
        yield self.clip

    def opened(self, **_asked):
        self.asked.append(f"opened {self.bucket}")
        return RangedFile(lambda start, end: self.clip[start:end], len(self.clip))


def test_what_lies_in_another_bucket_is_heard_from_there(tmp_path):
    made = io.BytesIO()
    soundfile.write(made, np.zeros(8000), 8000, format="WAV")
    store = Buckets(made.getvalue())
    recording = replace(a_recording("i", NOW), bucket="older-devices")

    heard = opened(SimpleNamespace(store=store, scratch=tmp_path), recording)

    assert isinstance(heard, Rendition)
    assert store.asked == ["read older-devices", "opened older-devices"]
