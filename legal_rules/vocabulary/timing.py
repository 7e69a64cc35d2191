# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""The events that start, stop, lengthen or end time limits."""

from dataclasses import dataclass
from datetime import date, datetime

from legal_rules.vocabulary.fact import paper, world


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The events that start, stop, lengthen or end time limits; unknown means that they have not happened."""

    first_received_at: datetime | None = world(
        "moment", "The moment the same request first reached us, when it is sent again.", asked_of="intake"
    )
    preservation_renewed_on: date | None = paper("date", "The day a renewal of the preservation request reached us.")
    extension_notified_on: date | None = world("date", "The day we told the requester that we need longer.")
    identity_asked_on: date | None = world("date", "The day we asked for proof of identity.", asked_of="intake")
    identity_received_on: date | None = world("date", "The day proof of identity reached us.", asked_of="intake")
    fee_asked_on: date | None = world("date", "The day we asked for the fee that the law allows.", asked_of="intake")
    fee_received_on: date | None = world("date", "The day that fee reached us.", asked_of="intake")
    clarification_asked_on: date | None = world("date", "The day we asked what is meant.", asked_of="intake")
    clarification_received_on: date | None = world(
        "date",
        "The day the clarification reached us; what was asked about counts as said from then on.",
        asked_of="intake",
    )
    clarification_again_asked_on: date | None = world(
        "date", "The day we asked a second time what is meant.", asked_of="intake"
    )
    clarification_again_received_on: date | None = world(
        "date", "The day the second clarification reached us.", asked_of="intake"
    )
    disclosed_at: datetime | None = world(
        "moment", "The moment our answer first gave data to the requester.", asked_of="intake"
    )
    customer_notified_on: date | None = world(
        "date", "The day the customer was told of the demand, by the authority or by us.", asked_of="intake"
    )
    notice_delayed_on: date | None = paper(
        "date", "The day from which a court or supervisor lets the authority delay its notice to the customer."
    )
    notice_delay_renewed_on: date | None = paper("date", "The day that delay of notice was extended.")
    nondisclosure_extended_on: date | None = paper("date", "The day the court extended its nondisclosure order.")
    nsl_review_asked_on: date | None = world(
        "date", "The day we told the government that a court shall review the letter's secrecy.", asked_of="intake"
    )
    appeal_received_on: date | None = world(
        "date", "The day the data subject's appeal against our refusal reached us.", asked_of="intake"
    )
    appeal_extended_on: date | None = world(
        "date", "The day we told the data subject that the appeal takes longer.", asked_of="intake"
    )
