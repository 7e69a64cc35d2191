"""A copy to listen to, of a recording in a form that ordinary players refuse; never the evidence itself.

Taken as they are, by what today's browsers and the players of Windows, macOS, Android and iOS play without more:
WAV with 8, 16 or 24 bits, FLAC, MP3. Refused by one or another of them: Ogg (QuickTime, Windows Media Player), AIFF
(Chrome, Firefox), AU and CAF, and WAV with other codings (companded, ADPCM, floating point). A recording that holds
something else than its name says is refused too, since players go by names.

The copy is a 16-bit WAV: made twenty times as fast as an MP3, and nothing is lost in it. From ten minutes on it is an
MP3, or three hours would not fit into a volume.
"""

from pathlib import Path

import soundfile

from requests_portal.bundle.decoding import Undecodable, as_16_bit, blocks, media_type, opened
from requests_portal.bundle.wav_file import TooLong, WavWriter

WAV, MP3 = "audio/wav", "audio/mpeg"
_WAV = frozenset({"PCM_U8", "PCM_16", "PCM_24"})
_LONG = 600
# What an MP3 can hold (ISO/IEC 11172-3, 13818-3).
_MP3_RATES = frozenset({8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
_MP3_CHANNELS = 2


def listening_copy(source: Path, target: Path, *, called: str) -> str | None:
    """Write a copy that players take and return its media type; None, and no copy, where none is needed or possible."""
    try:
        with opened(source) as sound:
            if _is_played(sound) and media_type(sound) == called:
                return None
            form = _form(sound)
            frames = _write_mp3(sound, target) if form == MP3 else _write_wav(sound, target)
    except (Undecodable, TooLong):
        return None
    return form if frames else None


def _is_played(sound: soundfile.SoundFile) -> bool:
    container, subtype = str(sound.format), str(sound.subtype)
    return container in {"FLAC", "MP3"} or (container in {"WAV", "WAVEX"} and subtype in _WAV)


def _form(sound: soundfile.SoundFile) -> str:
    is_long = sound.frames > _LONG * sound.samplerate
    fits = sound.samplerate in _MP3_RATES and sound.channels <= _MP3_CHANNELS
    return MP3 if is_long and fits else WAV


def _write_wav(sound: soundfile.SoundFile, target: Path) -> int:
    frames = 0
    with (
        target.open("wb") as out,
        WavWriter(out, subtype="PCM_16", rate=sound.samplerate, channels=sound.channels) as wav,
    ):
        for samples in blocks(sound, "float32"):
            wav.write(as_16_bit(samples))
            frames += len(samples)
    return frames


def _write_mp3(sound: soundfile.SoundFile, target: Path) -> int:
    frames = 0
    with soundfile.SoundFile(target, "w", sound.samplerate, sound.channels, "MPEG_LAYER_III", format="MP3") as file:
        for samples in blocks(sound, "float32"):
            file.write(samples)
            frames += len(samples)
    return frames
