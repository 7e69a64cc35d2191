"""The manifest of real recordings that `--recordings MANIFEST.csv` names, read strictly."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import soundfile

from requests_portal.errors import Unusable
from requests_portal.storage.manifest_cells import BadManifest, inside, moment

COLUMNS = ("path", "account", "customer_name", "device", "recorded_at", "transcript", "speaker", "human_reviewed")
MAY_BE_EMPTY = frozenset({"transcript", "speaker", "human_reviewed"})
MEDIA_TYPES = {
    "WAV": "audio/wav",
    "WAVEX": "audio/wav",
    "FLAC": "audio/flac",
    "OGG": "audio/ogg",
    "MP3": "audio/mpeg",
    "AIFF": "audio/aiff",
}
TRUTH = {"": None, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TAIL = 4_096


@dataclass(frozen=True, kw_only=True)
class ManifestRow:
    """One recording of the manifest; text is data and is kept as written, an empty optional cell is None."""

    path: Path
    account: str
    customer_name: str
    device: str
    recorded_at: datetime
    transcript: str | None
    speaker: str | None
    human_reviewed: bool | None
    media_type: str
    seconds: float
    line: int


def read_manifest(manifest: Path) -> tuple[ManifestRow, ...]:
    """Return every row, with its file looked into; raises BadManifest naming the first line that is wrong."""
    folder = manifest.parent.resolve()
    seen: dict[Path, int] = {}
    rows = []
    for line, cells in _lines(_text(manifest)):
        row = _row(line, cells, folder)
        if row.path in seen:
            raise BadManifest(line, "path", f"this file was already named on line {seen[row.path]}")
        seen[row.path] = line
        rows.append(row)
    if not rows:
        raise BadManifest(2, None, "the manifest names no recordings")
    return tuple(rows)


def _text(manifest: Path) -> str:
    try:
        data = manifest.read_bytes()
    except OSError as error:
        raise Unusable(f"The manifest {manifest.name} cannot be read ({error.strerror}).") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadManifest(line, None, "the text is not UTF-8; save the manifest as UTF-8") from error


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(next(reader, []))
        before = reader.line_num
        for cells in reader:
            # A quoted cell may span lines; a person looks for the first of them.
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != len(COLUMNS):
                raise BadManifest(line, None, f"it has {len(cells)} cells and needs {len(COLUMNS)}")
            yield line, dict(zip(COLUMNS, cells, strict=True))
    except csv.Error as error:
        raise BadManifest(max(1, reader.line_num), None, f"this is not proper CSV ({error})") from error


def _check_header(header: list[str]) -> None:
    if tuple(header) == COLUMNS:
        return
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    faults = [f"{kind} {', '.join(names)}" for kind, names in (("lacks", missing), ("has unknown", unknown)) if names]
    fault = " and ".join(faults) or "has its columns in another order"
    raise BadManifest(1, None, f"the header {fault}; it must be {','.join(COLUMNS)}")


def _row(line: int, cells: dict[str, str], folder: Path) -> ManifestRow:
    for column in COLUMNS:
        if column not in MAY_BE_EMPTY and not cells[column].strip():
            raise BadManifest(line, column, "it is empty")
    path = inside(line, cells["path"], folder, called="the manifest's folder")
    recorded_at = moment(line, "recorded_at", cells["recorded_at"])
    reviewed = cells["human_reviewed"].strip().lower()
    if reviewed not in TRUTH:
        raise BadManifest(line, "human_reviewed", "it must be true, false or empty")
    media_type, seconds = _sound(line, path)
    return ManifestRow(
        path=path,
        account=cells["account"],
        customer_name=cells["customer_name"],
        device=cells["device"],
        recorded_at=recorded_at,
        transcript=cells["transcript"] or None,
        speaker=cells["speaker"] or None,
        human_reviewed=TRUTH[reviewed],
        media_type=media_type,
        seconds=seconds,
        line=line,
    )


def _sound(line: int, path: Path) -> tuple[str, float]:
    if not path.stat().st_size:
        raise BadManifest(line, "path", "the file is empty")
    try:
        with soundfile.SoundFile(path) as sound:
            media_type, seconds = MEDIA_TYPES.get(sound.format), sound.frames / sound.samplerate
            # The header of a FLAC file that was cut off still reads well; its end does not.
            sound.seek(max(0, sound.frames - TAIL))
            heard = len(sound.read(TAIL))
    except (soundfile.SoundFileError, OSError, TypeError, ValueError) as error:
        raise BadManifest(line, "path", "the file is not audio that can be read") from error
    if media_type is None:
        raise BadManifest(line, "path", "the audio must be WAV, FLAC, Ogg or Opus, MP3 or AIFF")
    if not heard:
        raise BadManifest(line, "path", "the recording holds no sound")
    return media_type, seconds
