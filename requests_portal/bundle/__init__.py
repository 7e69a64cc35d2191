"""The signed PDF: written, sealed and checked here; nothing else in the portal knows how a PDF is made."""

from requests_portal.bundle.bundle import write_bundle
from requests_portal.bundle.letter import write_letter
from requests_portal.bundle.sound import Sound, Unreadable
from requests_portal.bundle.verdict import Check, Verdict
from requests_portal.bundle.verify import verify
from requests_portal.bundle.waveform import peaks

__all__ = ["Check", "Sound", "Unreadable", "Verdict", "peaks", "verify", "write_bundle", "write_letter"]
