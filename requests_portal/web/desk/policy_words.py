"""Standing policies in words: what each covers, who agreed, and why one did not answer a request."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from requests_portal.model.standing_policy import NotRoutine, PolicyAdoption, PolicyState, Signature
from requests_portal.web import display
from requests_portal.web.my.wording import KINDS

RIGHTS = {"access": "A copy of their own data", "portability": "Their own data in a form that they can take along"}
STATES = {
    PolicyState.PROPOSED: ("Waits for others to agree", "warn"),
    PolicyState.ADOPTED: ("In force", "ok"),
    PolicyState.DECLINED: ("Declined", "plain"),
    PolicyState.WITHDRAWN: ("Withdrawn", "plain"),
}
REPLACED = ("Replaced", "plain")
WHY = {
    NotRoutine.WITHDRAWN: "The standing policy was withdrawn.",
    NotRoutine.ALTERED: "The policy is not the one that people agreed to. Tell whoever keeps the database.",
    NotRoutine.RULES_CHANGED: "Other rules are in use than those with which the policy was adopted.",
    NotRoutine.TEXT_CHANGED: "The words of the certificate are not those that the custodian agreed to.",
    NotRoutine.EARLIER: "It came before the policy was in force.",
    NotRoutine.NOT_THEMSELVES: "It was not sent by the customer, signed in to their own account.",
    NotRoutine.NOT_FRESH: "The customer had not signed in afresh.",
    NotRoutine.NOT_PROVEN: "The customer had not signed in with a passkey or through the company's sign-in.",
    NotRoutine.COOLING_OFF: "Less than 72 hours had passed since a change of how the account is reached.",
    NotRoutine.REPEATED: "Three requests of this account were answered by the policy within the last 30 days.",
    NotRoutine.UNSETTLED: "What the policy decided fell three times, because something it rests on kept changing.",
    NotRoutine.REOPENED: "It was assessed again after the policy had decided it.",
    NotRoutine.IN_HAND: "A person has begun with it.",
    NotRoutine.OWN_WORDS: "It says something in words of the customer, which a person reads.",
    NotRoutine.RIGHT: "It asks for something else than the policy gives.",
    NotRoutine.PLACE: "The customer lives where the policy does not answer.",
    NotRoutine.KINDS: "It asks for kinds of data that the policy does not give.",
    NotRoutine.NOT_IN_FULL: "The rules do not let everything leave that is asked for, or ask something first.",
    NotRoutine.RECORDINGS: "More recordings would leave than the policy allows.",
    NotRoutine.BYTES: "What would leave is larger than the policy allows.",
    NotRoutine.LENGTH: "What would leave is longer than the policy allows, or of unknown length.",
    NotRoutine.NOTHING_FOUND: "There are no recordings that it asks for.",
    NotRoutine.SECOND_PERSON: "House policy asks for a second person.",
    NotRoutine.NOT_AS_CATALOGUED: "A recording was missing or not as it was catalogued; the custodian certifies it.",
    NotRoutine.GATED: "Something was to be put right before it could be released.",
}


def why_words(reasons: Sequence[NotRoutine]) -> list[str]:
    """Why the standing policy did not answer a request, a sentence each."""
    return [WHY[reason] for reason in reasons]


def policy_words(adoption: PolicyAdoption, newest: PolicyAdoption | None, zone: ZoneInfo) -> dict[str, Any]:
    """One standing policy as its page and the list show it."""
    policy = adoption.policy
    replaced = adoption.state is PolicyState.ADOPTED and newest is not None and newest.id != adoption.id
    return {
        "url": url_for("casework.standing_policy", adoption_id=adoption.id),
        "name": f"Version {adoption.number}" if adoption.number else "Proposal",
        "state": REPLACED if replaced else STATES[adoption.state],
        "digest": policy.digest,
        "reason": adoption.reason,
        "proposed_by": adoption.proposed.by_name,
        "proposed": display.moment(adoption.proposed.at, zone),
        "agreed": [_agreed(*each, zone) for each in _parts(adoption)],
        "ended_by": adoption.ended_by_name,
        "ended": display.moment(adoption.ended_at, zone) if adoption.ended_at else "",
        "ended_because": adoption.ended_because,
        "terms": [
            ("Answers", ", ".join(RIGHTS.get(each, each) for each in policy.rights)),
            ("Kinds of data", ", ".join(KINDS[each][0] if each in KINDS else each for each in policy.kinds)),
            ("Customers who live in", ", ".join(policy.places)),
            ("At most", f"{display.count(policy.most_recordings, 'recording')} in one answer"),
            ("Together", f"at most {display.count(policy.most_minutes, 'minute')}, {policy.most_megabytes:,} MB"),
        ],
        "rules": policy.rules,
        "certificate": [(language, _paragraphs(text)) for language, text in sorted(policy.certificate.items())],
    }


def _parts(adoption: PolicyAdoption) -> list[tuple[str, Signature | None]]:
    return [
        ("Proposed it", adoption.proposed),
        ("Second lawyer", adoption.lawyer),
        ("Custodian", adoption.custodian),
    ]


def _agreed(part: str, signature: Signature | None, zone: ZoneInfo) -> tuple[str, str]:
    said = f"{signature.by_name}, {display.moment(signature.at, zone)}" if signature else "Nobody yet"
    return part, said


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in text.split("\n\n") if each.strip()]
