# ruff: noqa: RUF009 — a field's default is None; the call only carries what the word means
"""Who asks, by what paper, and how it reached us."""

from dataclasses import dataclass
from datetime import date, datetime

from legal_rules.vocabulary.fact import paper, world
from legal_rules.vocabulary.words import ISSUERS, PROCESSES, STATES


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Who asks, by what paper, and how it reached us."""

    track: str | None = paper(
        "choice",
        "Whether an authority or party demands data, or a person asks about their own.",
        "legal_demand",
        "data_subject",
        asked_of="intake",
    )
    requester_kind: str | None = paper(
        "choice",
        "In what capacity the requester writes.",
        "authority",
        "party",
        "data_subject",
        "agent",
        "guardian",
        # Heard on a device of somebody else's account: of the household, or a visitor.
        "person_heard",
        asked_of="requester",
    )
    issuer: str | None = paper("choice", "On whose behalf the process was issued.", *ISSUERS, asked_of="intake")
    issuer_state: str | None = paper(
        "choice", "The US state whose court or agency issued it; US for a federal one.", *STATES, asked_of="intake"
    )
    issuing_country: str | None = paper(
        "country", "The country whose authority issued a foreign or European paper.", asked_of="intake"
    )
    issuer_role: str | None = paper(
        "choice",
        "The office of the person who issued it.",
        "court",
        "judge",
        "investigating_judge",
        "prosecutor",
        "police",
        "other_authority",
        "attorney",
    )
    validated_by: str | None = paper(
        "choice",
        "Who validated an order that another authority issued.",
        "none",
        "court",
        "judge",
        "investigating_judge",
        "prosecutor",
    )
    issuer_named: bool | None = paper("flag", "The paper names the court or officer who issued it.")
    process: str | None = paper("choice", "What kind of paper it is.", *PROCESSES, asked_of="intake")
    signed: bool | None = paper("flag", "The paper is signed by the issuing officer or court.")
    issued_on: date | None = paper("date", "The day the process was issued.")
    served_on: date | None = paper("date", "The day the process was served on us.", asked_of="intake")
    received_at: datetime | None = world("moment", "The moment the request reached us.", asked_of="intake")
    return_date_stated: bool | None = paper("flag", "The paper says by which day the court or issuer orders an answer.")
    court_return_on: date | None = paper("date", "The day by which the court or issuer orders an answer.")
    domesticated: bool | None = paper("flag", "A court of our state has reissued another state's subpoena.")
    requester_verified: bool | None = world(
        "flag", "We have confirmed by call-back that the requester is who they say.", asked_of="call_back"
    )
    verified_how: str | None = world(
        "choice",
        "By what we confirmed it; a number or address that only the paper itself gives confirms nothing.",
        "call_back",
        "portal_credentials",
        "registered_agent",
        "judex",
        "contact_in_the_paper",
        asked_of="call_back",
    )
    channel: str | None = world(
        "choice",
        "How the paper reached us.",
        "portal",
        "registered_agent",
        "judex",
        "post",
        "email",
        "fax",
        "phone",
        asked_of="intake",
    )
