"""The signed PDF: written, sealed and checked here; nothing else in the portal knows how a PDF is made."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests_portal.bundle.bundle import write_bundle, write_preview
    from requests_portal.bundle.inquiry import verify
    from requests_portal.bundle.letter import write_letter
    from requests_portal.bundle.sound import Sound, Unreadable
    from requests_portal.bundle.verdict import Check, Verdict
    from requests_portal.bundle.volume_index import write_index
    from requests_portal.bundle.waveform import peaks

__all__ = [
    "Check",
    "Sound",
    "Unreadable",
    "Verdict",
    "peaks",
    "verify",
    "write_bundle",
    "write_index",
    "write_letter",
    "write_preview",
]
_HOMES = {
    "Check": "verdict",
    "Sound": "sound",
    "Unreadable": "sound",
    "Verdict": "verdict",
    "peaks": "waveform",
    "verify": "inquiry",
    "write_bundle": "bundle",
    "write_index": "volume_index",
    "write_letter": "letter",
    "write_preview": "bundle",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is asked for: who only verifies waits for no typesetter, and has no memory taken by it."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
