import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from acting import JUNIPER, MARLOW, REACHED, TEODORA, Left, row, voice, write
from click.testing import CliRunner

from requests_portal.cli import main
from requests_portal.walkthrough import walkthrough

NASTY = (
    "Set a\x00timer\x07 for\x1b[31m ten\tminutes",
    "كم الساعة الآن؟ \u202eabc\u202c",
    "Play the song 🎶👨‍👩‍👧‍👦 again",
    "今天天气怎么样？ 今日の天気は？ 오늘 날씨 어때?",  # noqa: RUF001 — as they are written
    "And then she said that " * 400,
    "<b>bold</b> & {braces} %s \\n =HYPERLINK(1)",
    "",
)
SPEAKERS = ("account holder", "", "Account Holder", "child", "the neighbour's parrot", "\u202eresu", "visitor")


def _note_connections(event: str, args: tuple) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple):
        REACHED.append(str(args[1][0]))


@pytest.fixture
def desk():
    """The command, run in this process: its exit code, what it printed and what it complained."""

    def run(*args: object):
        return CliRunner().invoke(main, [str(arg) for arg in args])

    return run


def _acted(folder: Path, rows: list[dict[str, str]]) -> Left:
    out = folder / "what is left"
    walkthrough(out, recordings=write(folder, rows))
    return Left(out=out, folder=folder, rows=rows)


@pytest.fixture(scope="session")
def of_every_kind(tmp_path_factory) -> Left:
    """Recordings of every form and rate, of several accounts, with every awkward cell."""
    sys.addaudithook(_note_connections)
    folder = tmp_path_factory.mktemp("many kinds é")
    rows = _rows_of_every_form(folder)
    for number, (words, speaker) in enumerate(zip(NASTY, SPEAKERS, strict=True)):
        path = voice(folder / f"küche {number} 声.wav", pitch=300 + number).name
        heard = ("true", "false", "")[number % 3]
        at = f"2026-03-14T{9 + number:02}:30:00+01:00"
        rows.append(row(path, at, transcript=words, speaker=speaker, human_reviewed=heard))
    twin = voice(folder / "twin" / "same.wav", pitch=999)
    (folder / "same.wav").write_bytes(twin.read_bytes())
    rows += [row(path, "2026-03-14T12:00:00Z") for path in ("twin/same.wav", "same.wav")]
    other = voice(folder / "others.wav", pitch=640).name
    rows.append(
        row(other, "2026-03-14T12:00:00Z", account=MARLOW, customer_name="Marlow", transcript="QUINCE-OF-ANOTHER")
    )
    alone = voice(folder / "alone.wav", pitch=641).name
    rows.append(row(alone, "2025-03-14T12:00:00-05:30", account=TEODORA, customer_name="Теодора"))
    return _acted(folder, rows)


def _rows_of_every_form(folder: Path) -> list[dict[str, str]]:
    forms = [
        ("wav", {"subtype": subtype, "rate": rate, "channels": channels})
        for subtype, rate, channels in (
            ("PCM_U8", 8000, 1),
            ("PCM_16", 11025, 2),
            ("PCM_16", 16000, 1),
            ("PCM_24", 44100, 2),
            ("PCM_32", 48000, 1),
            ("FLOAT", 22050, 2),
            ("ULAW", 8000, 1),
        )
    ]
    forms += [("flac", {"rate": 16000}), ("flac", {"rate": 48000, "channels": 2}), ("ogg", {"rate": 24000})]
    forms += [("opus", {"rate": 48000, "format": "OGG", "subtype": "OPUS"}), ("mp3", {"rate": 32000}), ("aiff", {})]
    return [
        row(voice(folder / "forms" / f"{number}.{suffix}", **form).relative_to(folder).as_posix(), _minute(number))
        for number, (suffix, form) in enumerate(forms)
    ]


def _minute(number: int) -> str:
    return f"2026-03-13T08:{number:02}:00+00:00"


@pytest.fixture(scope="session")
def crowd(tmp_path_factory) -> Left:
    """More than five hundred recordings of one account within one minute."""
    folder = tmp_path_factory.mktemp("crowd")
    data = voice(folder / "first.wav").read_bytes()
    rows = []
    for number in range(520):
        # Each differs in its last sample.
        (folder / f"{number}.wav").write_bytes(data[:-2] + number.to_bytes(2, "little"))
        rows.append(row(f"{number}.wav", f"2025-12-31T23:59:{number % 60:02}+00:00"))
    return _acted(folder, rows)


@pytest.fixture(scope="session")
def decade(tmp_path_factory) -> Left:
    """Ten years of one account, a recording every quarter, the last of them made an hour ago."""
    folder = tmp_path_factory.mktemp("decade")
    newest = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    rows = []
    for number in range(41):
        path = voice(folder / f"{number}.wav", pitch=200 + number).name
        rows.append(row(path, (newest - timedelta(days=91 * number)).isoformat(), account=JUNIPER))
    return _acted(folder, rows)
