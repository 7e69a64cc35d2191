# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""The events that move time limits."""

from dataclasses import dataclass
from datetime import date

from legal_rules.vocabulary.fact import paper, world


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The events that move time limits."""

    preservation_renewed_on: date | None = paper("date", "The day a renewal of the preservation request reached us.")
    extension_notified_on: date | None = world("date", "The day we told the requester that we need longer.")
    identity_asked_on: date | None = world("date", "The day we asked for proof of identity.", asked_of="intake")
    identity_received_on: date | None = world("date", "The day proof of identity reached us.", asked_of="intake")
    clarification_asked_on: date | None = world("date", "The day we asked what is meant.", asked_of="intake")
    clarification_received_on: date | None = world("date", "The day the clarification reached us.", asked_of="intake")
