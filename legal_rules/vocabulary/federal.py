# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""What the law of the United States asks about: findings, consent, emergencies, silence towards the customer."""

from dataclasses import dataclass
from datetime import date

from legal_rules.vocabulary.fact import paper, world
from legal_rules.vocabulary.words import STATES


@dataclass(frozen=True, kw_only=True)
class Federal:
    """What the law of the United States asks about: findings, consent, emergencies, silence towards the customer."""

    court_seat: str | None = paper(
        "choice", "The state in which the federal court that issued it sits.", *STATES[1:], asked_of="intake"
    )
    probable_cause_found: bool | None = paper(
        "flag", "The order itself says that the court finds probable cause for what it orders."
    )
    customer_notice: bool | None = paper(
        "flag", "The paper says that the customer has been told of it, or that the statute let that wait."
    )
    consent_by: str | None = paper(
        "choice",
        "Whose consent to the disclosure the requester sends.",
        "account_holder",
        "personal_representative",
        "household_member",
        "somebody_else",
    )
    expressive_need_shown: bool | None = paper(
        "flag", "The paper, or the judge's finding in it, ties what the customer read, heard, bought or searched to it."
    )
    emergency_danger: bool | None = paper("flag", "Concrete facts show a danger of death or serious physical injury.")
    emergency_immediate: bool | None = paper(
        "flag", "Concrete facts show that this danger lasts, and why it cannot wait for process."
    )
    emergency_attested: bool | None = world(
        "flag",
        "The officer declared the danger true in writing, and a supervisor, called back, knows of the request.",
        asked_of="call_back",
    )
    nondisclosure_requested: bool | None = paper(
        "flag", "The paper asks us, or an order or certificate forbids us, to tell the customer."
    )
    nondisclosure_order: bool | None = paper("flag", "A court order forbids telling the customer.")
    nondisclosure_issued_on: date | None = paper("date", "The day that nondisclosure order was made.")
    nondisclosure_end_stated: bool | None = paper("flag", "That order says when it ends.")
    nondisclosure_ends_on: date | None = paper("date", "The day that nondisclosure order ends.")
    nondisclosure_certified: bool | None = paper(
        "flag", "A national security letter certifies the harm that telling the customer may do."
    )
    customer_lives_in: str | None = world(
        "country", "Where the customer concerned lives, as our records say: GB, AU, US-CA …", asked_of="catalogue"
    )
