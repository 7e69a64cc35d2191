"""A production with silenced parts, taken the whole way: spooled, silenced, composed, written and signed."""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile
from composing import NOW, a_case, work
from test_compose_letters import WARRANT

from requests_portal.bundle import write_bundle
from requests_portal.bundle.contents import BundleContents
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.model.actor import Actor, Role
from requests_portal.model.production import (
    CertificateSignOff,
    Derived,
    Discrepancy,
    Gathered,
    Item,
    Production,
    ProductionKind,
    ProductionState,
)
from requests_portal.model.recording import Recording, SpeakerSpan, TimedWord
from requests_portal.model.silence import Silence
from requests_portal.storage.spool import Spool
from requests_portal.work.compose import Source, bundle_contents, certificate_paragraphs
from requests_portal.work.gather import derive
from requests_portal.work.produce import with_what_was_made

RATE = 16_000
SECONDS = 6
START, END = 2.0, 3.5
SECRET = "Wilhelmina"
SAID = ("Good", "morning", "Wilhelmina", "the-clockwork-safe", "good", "night")
KEPT = "Good morning [silenced] good night"
REASON = "A visitor speaks"
PRIYA = Actor(id="priya", name="Priya Nair", roles=frozenset({Role.CUSTODIAN}))
CASE = {**WARRANT, "seeks": ["audio", "transcript"]}


def secret_sound() -> np.ndarray:
    """What is said in the part to be silenced: noise that occurs nowhere else."""
    return np.random.default_rng(41).uniform(-0.5, 0.5, int((END - START) * RATE))


def whole_sound() -> np.ndarray:
    sound = np.random.default_rng(7).uniform(-0.3, 0.3, SECONDS * RATE)
    sound[int(START * RATE) : int(END * RATE)] = secret_sound()
    return sound


def tagged(path: Path, form: str, subtype: str) -> Path:
    """The recording with the secret in every tag that its form has."""
    with soundfile.SoundFile(path, "w", RATE, 1, subtype, format=form) as file:
        for tag in ("title", "artist", "comment", "album"):
            if form != "AIFF" or tag in {"title", "artist", "comment"}:
                setattr(file, tag, f"{SECRET} {tag}")
        file.write(whole_sound())
    return path


MEDIA_TYPES = {"WAV": "audio/wav", "FLAC": "audio/flac", "OGG": "audio/ogg", "MP3": "audio/mpeg", "AIFF": "audio/aiff"}


@dataclass(frozen=True, kw_only=True)
class Made:
    """One production on its way into a bundle."""

    contents: BundleContents
    path: Path
    production: Production


def make(folder: Path, *files: tuple[Path, str], silenced: bool = True, timed: bool = True, **changes) -> Made:
    """Spool the files, make what leaves of them, and write the bundle; `changes` are made to every recording."""
    spool = Spool(folder / "spool")
    recordings = [
        replace(_recording(number, path, media_type, timed=timed), **changes)
        for number, (path, media_type) in enumerate(files, start=1)
    ]
    for recording, (path, _) in zip(recordings, files, strict=True):
        spool.write([path.read_bytes()], sha256=recording.sha256, size=recording.size)
    items = [_item(recording, silenced=silenced) for recording in recordings]
    found = [derive(spool, item, recording) for item, recording in zip(items, recordings, strict=True)]
    gathered = Gathered(
        discrepancies=tuple(each for each in found if isinstance(each, Discrepancy)),
        derived=tuple(each for each in found if isinstance(each, Derived)),
    )
    case, house = a_case(CASE), work(*recordings)
    production = _certified(house, case, with_what_was_made(items, [gathered]), gathered.discrepancies)
    source = Source(
        case=case, production=production, recordings={each.id: each for each in recordings}, devices={"HR2": "Kitchen"}
    )
    contents = bundle_contents(house, source, open_spooled=spool.open)
    signer = make_demo_authority(folder / "keys", at=datetime(2026, 11, 1, tzinfo=UTC), common_name="Hearthside Voice")
    out = folder / "bundle.pdf"
    with out.open("wb") as file:
        write_bundle(contents, file, signer=signer)
    return Made(contents=contents, path=out, production=production)


def _recording(number: int, path: Path, media_type: str, *, timed: bool) -> Recording:
    data = path.read_bytes()
    return Recording(
        id=f"r-{number}",
        account="A-88310-4",
        device="HR2",
        recorded_at=datetime(2026, 3, 15, 4, 30, tzinfo=UTC) + timedelta(minutes=number),
        zone="America/Los_Angeles",
        key=f"voice/{number}",
        version_id=f"v{number}",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=media_type,
        transcript=" ".join(SAID),
        speakers=(
            SpeakerSpan(start=0.0, end=1.9, label="account holder"),
            SpeakerSpan(start=START, end=END, label=SECRET),
        ),
        words=tuple(TimedWord(start=at, end=at + 0.9, text=word) for at, word in enumerate(SAID)) if timed else None,
    )


def _item(recording: Recording, *, silenced: bool) -> Item:
    part = Silence(recording=recording.id, start=START, end=END, reason=REASON)
    return Item(
        bates=f"HV-{recording.id.removeprefix('r-'):0>9}",
        recording=recording.id,
        classes=("audio", "transcript"),
        silences=(part,) if silenced else (),
    )


def _certified(house, case, items, discrepancies) -> Production:
    made = Production(
        id="p-1",
        case=case.id,
        number=1,
        kind=ProductionKind.FULL,
        state=ProductionState.SEALING,
        decision="d-1",
        document_id="doc-1",
        made_at=NOW,
        bates_first=1,
        bates_last=len(items),
        items=items,
        discrepancies=discrepancies,
        gathered_at=NOW,
        sealed_at=NOW,
    )
    words = certificate_paragraphs(house, case, made, by=PRIYA)
    signed = {"custodian": "priya", "custodian_name": PRIYA.name, "place": "Oakland", "at": NOW, "digest": "0" * 64}
    return replace(made, certificate=CertificateSignOff(paragraphs=words, **signed))
