"""A customer's files are those that left: with silenced parts, never the recording behind them."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from requests_portal.model.case import Track
from requests_portal.model.production import Item, Production, ProductionKind, ProductionState
from requests_portal.model.recording import Recording, SpeakerSpan, TimedWord
from requests_portal.model.silence import DerivedFile, Silence
from requests_portal.web.public.everything import as_it_left, contents, sheet
from requests_portal.work.compose import Source

PART = Silence(recording="r-1", start=1.0, end=2.0, reason="A visitor speaks")
MADE = DerivedFile(sha256="b" * 64, size=77, media_type="audio/flac")
ITEM = Item(bates="HV-500000001", recording="r-1", classes=("audio", "transcript"), silences=(PART,), produced=MADE)
RECORDING = Recording(
    id="r-1",
    account="A-88310-4",
    device="HR2",
    recorded_at=datetime(2026, 3, 15, 4, 30, tzinfo=UTC),
    zone="UTC",
    key="voice/1",
    version_id="v1",
    size=99,
    sha256="a" * 64,
    media_type="audio/ogg",
    transcript="Hello Wilhelmina",
    speakers=(SpeakerSpan(start=1.0, end=2.0, label="Wilhelmina"),),
    words=(TimedWord(start=0.1, end=0.9, text="Hello"), TimedWord(start=1.1, end=1.9, text="Wilhelmina")),
)


class Spool:
    """A spool that has what was made, or has it no more."""

    def __init__(self, *kept: str) -> None:
        self.kept = kept

    def has(self, sha256: str) -> bool:
        return sha256 in self.kept

    def open(self, sha256: str):
        assert self.has(sha256)
        return iter((b"made",))


class Store:
    def of_bucket(self, _bucket):
        return self

    def read(self, **_asked):
        raise AssertionError("the recording itself was asked for")


@pytest.fixture
def source():
    production = Production(
        id="p-1",
        case="c-1",
        number=1,
        kind=ProductionKind.FULL,
        state=ProductionState.RELEASED,
        decision="d-1",
        document_id="doc-1",
        made_at=RECORDING.recorded_at,
        bates_first=500_000_001,
        bates_last=500_000_001,
        items=(ITEM,),
    )
    return Source(
        case=SimpleNamespace(track=Track.DATA_SUBJECT), production=production, recordings={"r-1": RECORDING}, devices={}
    )


def test_the_sound_is_the_file_that_was_made_and_the_store_is_not_asked(source):
    found = contents(source, ZoneInfo("UTC"), Spool(MADE.sha256), ())

    (entry,) = found.files
    assert entry.path == "recordings/HV-500000001.flac"
    assert list(entry.read(Store(), Spool(MADE.sha256))) == [b"made"]
    assert "Wilhelmina" not in f"{found} {sheet(found).decode()}"
    assert "1 to 2 s: A visitor speaks" in sheet(found).decode()


def test_what_was_made_and_is_no_longer_at_hand_is_in_the_bundle_and_nowhere_else(source):
    found = contents(source, ZoneInfo("UTC"), Spool(), ())

    assert found.files == ()
    assert found.missing == ("HV-500000001: the recording, parts of which are silenced, is inside bundle.pdf.",)


def test_where_no_word_has_a_time_no_word_is_in_the_files():
    left = as_it_left(ITEM, replace(RECORDING, words=None), own=True)

    assert (left.transcript, left.sha256) == ("", MADE.sha256)
