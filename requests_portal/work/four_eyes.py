"""Four eyes: when house policy asks for a second person, and who cannot be that one."""

from collections.abc import Sequence

from legal_rules.terms import Policy
from legal_rules.vocabulary.groups import CONTENT_CLASSES
from requests_portal.model.actor import Act, Actor, Role
from requests_portal.model.case import Case, CaseState, Track
from requests_portal.model.decision import Because, Decision, LineDecision, Selection
from requests_portal.work.selection import classes_decided

# Contents of every kind, and what the law guards like them.
OF_A_WARRANT = CONTENT_CLASSES | {"location", "voiceprint"}
EMERGENCY = "emergency_request"
# All that house policy may let one lawyer give in an emergency: who the subscriber is.
BASICS = frozenset({"subscriber"})


def is_emergency(case: Case) -> bool:
    """Whether an authority asks without legal process because of a danger."""
    return case.track is Track.LEGAL_DEMAND and case.facts.get("process") == EMERGENCY


def gives_contents(lines: Sequence[LineDecision]) -> bool:
    """Whether recordings or other contents leave under these lines."""
    return bool(classes_decided(lines) & CONTENT_CLASSES)


def why_approval(
    policy: Policy, case: Case, lines: Sequence[LineDecision], selection: Selection
) -> tuple[Because, ...]:
    """Each reason for which the adopted policy asks for a second person; none where one is enough."""
    to_authority = case.track is Track.LEGAL_DEMAND
    gives = any(line.scope is not None for line in lines)
    asked = {
        Because.CONTENTS: policy.approve_contents and to_authority and bool(classes_decided(lines) & OF_A_WARRANT),
        # That a second lawyer confirms whatever goes beyond the basics in an emergency no policy waives.
        Because.EMERGENCY: is_emergency(case)
        and gives
        and (policy.approve_emergencies or not classes_decided(lines) <= BASICS),
        Because.MANY: selection.recordings > policy.approve_above,
        Because.REFUSAL: policy.approve_refusals and not to_authority and _refuses(case, lines, selection),
    }
    return tuple(reason for reason, applies in asked.items() if applies)


def why_not(case: Case, by: Actor) -> str | None:
    """Why this person cannot approve this case, in words for the page; None when they can."""
    if not by.may(Act.APPROVE):
        return "Approving is for lawyers."
    if case.decision is None or case.state is not CaseState.DECIDED:
        return "Nothing waits for approval here."
    if case.decision.by == by.id:
        return "You made this decision, so a different person has to approve it."
    if by.id in case.decision.hands:
        return "You had a hand in this decision, so a different person has to approve it."
    return _why_not_in_an_emergency(case, by) if is_emergency(case) else None


def hands(decision: Decision) -> tuple[str, ...]:
    """Whoever had a hand in a decision; of one made before that was kept, who made it."""
    return decision.hands or (decision.by,)


def who_attested(case: Case) -> tuple[str, ...]:
    """Whoever put down what an emergency's officer declared, now or before; of one kept without them, who did last."""
    return (case.attestation.hands or (case.attestation.by,)) if case.attestation else ()


def _why_not_in_an_emergency(case: Case, by: Actor) -> str | None:
    # A forged emergency needs one person who is hurried or bought; whoever let it in does not also let it out.
    if Role.LAWYER not in by.roles:
        return "In an emergency a second lawyer approves."
    if case.filed_by == by.id:
        return "You entered this emergency request, so a different lawyer has to approve it."
    if by.id in who_attested(case) or any(check.by == by.id for check in case.checks):
        return "You checked who asks in this emergency, so a different lawyer has to approve it."
    return None


def _refuses(case: Case, lines: Sequence[LineDecision], selection: Selection) -> bool:
    """Whether less is given than the person asked for: a line, a part of one, or recordings left out one by one."""
    demanded = {line.id: line.scope for line in case.lines}
    whole = all(line.scope is not None and demanded[line.line] <= line.scope for line in lines)
    # Of what goes to somebody heard on another's device no number says how much is left out.
    return not lines or not whole or selection.withheld > 0 or case.is_by_person_heard
