# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""What the law of the United States asks about: emergencies, and silence towards the customer."""

from dataclasses import dataclass
from datetime import date

from legal_rules.vocabulary.fact import paper


@dataclass(frozen=True, kw_only=True)
class Federal:
    """What the law of the United States asks about: emergencies, and silence towards the customer."""

    emergency_danger: bool | None = paper("flag", "Concrete facts show a danger of death or serious physical injury.")
    emergency_immediate: bool | None = paper("flag", "Concrete facts show why that danger cannot wait for process.")
    nondisclosure_requested: bool | None = paper("flag", "The paper asks us not to tell the customer.")
    nondisclosure_order: bool | None = paper("flag", "A court order forbids telling the customer.")
    nondisclosure_issued_on: date | None = paper("date", "The day that nondisclosure order was made.")
    nondisclosure_end_stated: bool | None = paper("flag", "That order says when it ends.")
    nondisclosure_ends_on: date | None = paper("date", "The day that nondisclosure order ends.")
