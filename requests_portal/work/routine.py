"""Routine: whether a customer's request lies inside the standing policy; whatever does not waits for a lawyer.

Nothing is asked here but the request itself, the customer's own catalogue and the policy: what an authority demands of
the same customer, or keeps from deletion, makes no difference to the answer, its wording or its time.
"""

from datetime import timedelta

from requests_portal.model.case import AssessmentRecord, Case, CaseState
from requests_portal.model.decision import LineDecision
from requests_portal.model.session import FRESH, PROVEN_BY
from requests_portal.model.standing_policy import NotRoutine, PolicyAdoption, StandingPolicy
from requests_portal.work.cooling_off import cools_off_until
from requests_portal.work.four_eyes import why_approval
from requests_portal.work.policy_in_force import why_not_in_force
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS, count, match

SECONDS = 60
MEGABYTE = 1_000_000
IN_FULL = "comply"
# Whether repeated requests are excessive is judged by a person: GDPR Art. 12(5); Cal. Civ. Code § 1798.130(b) obliges
# to answer two in twelve months.
MOST_ANSWERS, WITHIN = 3, timedelta(days=30)
# How often what was decided of one case may fall before it is left to people.
MOST_FALLS = 3


def why_not_routine(work: Work, case: Case, adoption: PolicyAdoption) -> tuple[NotRoutine, ...]:
    """Every reason for which the policy does not answer the request; what would leave is sought only without any."""
    applies = {
        NotRoutine.EARLIER: adoption.adopted_at is None or case.received_at < adoption.adopted_at,
        NotRoutine.NOT_THEMSELVES: not _is_by_themselves(case),
        NotRoutine.NOT_FRESH: case.signed_in_at is not None and case.received_at - case.signed_in_at > FRESH,
        NotRoutine.NOT_PROVEN: case.signed_in_by not in PROVEN_BY,
        NotRoutine.COOLING_OFF: cools_off_until(work, case.account) is not None,
        NotRoutine.IN_HAND: case.state is not CaseState.ASSESSED or is_in_hand(case),
        NotRoutine.REPEATED: work.cases.answered_by_policy(case, since=work.now() - WITHIN) >= MOST_ANSWERS,
        NotRoutine.UNSETTLED: case.earlier is not None and len(work.productions.of_case(case.id)) >= MOST_FALLS,
        NotRoutine.OWN_WORDS: bool(case.quotes or case.papers),
        **_outside_the_terms(case, adoption.policy),
        NotRoutine.NOT_IN_FULL: case.assessment is None or not _gives_all(case.assessment),
    }
    found = [reason for reason, holds in applies.items() if holds]
    return (*why_not_in_force(work, adoption), *found) or _of_what_leaves(work, case, adoption.policy)


def _is_by_themselves(case: Case) -> bool:
    """Whether the customer asked in their own account; whoever files for somebody has shown nothing of themselves."""
    facts = case.facts
    theirs = case.account is not None and facts.get("accounts") == [case.account]
    known = facts.get("identity_verified") is True and facts.get("requester_kind") == "data_subject"
    return case.signed_in_at is not None and theirs and known and facts.get("channel") == "portal"


def is_in_hand(case: Case) -> bool:
    """Whether a person has begun with it: what somebody looks into or has sealed is not answered over their head."""
    by_a_person = case.earlier is not None and case.earlier.policy is None
    begun = (case.assigned_to, case.checks, case.approvals, case.silences, case.letters, case.waiting_for, case.named)
    return by_a_person or any(begun)


def _outside_the_terms(case: Case, policy: StandingPolicy) -> dict[NotRoutine, bool]:
    seeks = case.facts.get("seeks")
    kinds = set(seeks) if isinstance(seeks, list | tuple) else set()
    return {
        NotRoutine.RIGHT: case.facts.get("right") not in policy.rights,
        NotRoutine.PLACE: not policy.covers_place(str(case.facts.get("data_subject_country") or "")),
        NotRoutine.KINDS: not kinds or not kinds <= set(policy.kinds),
    }


def _gives_all(assessment: AssessmentRecord) -> bool:
    """Whether the law answers with everything that was asked for, and no rule says anything else of it."""
    lines = assessment.lines
    whole = all(each.disposition == IN_FULL and each.proposed == each.line.scope for each in lines)
    return assessment.disposition == IN_FULL and bool(lines) and whole and not assessment.findings


def _of_what_leaves(work: Work, case: Case, policy: StandingPolicy) -> tuple[NotRoutine, ...]:
    # Counted first: of an account with a hundred thousand recordings none is read while its customer waits.
    scopes = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS]
    if any(count(work, case, scope) > policy.most_recordings for scope in scopes):
        return (NotRoutine.RECORDINGS,)
    lines = [LineDecision(line=line.id, disposition=IN_FULL, scope=line.scope) for line in case.lines]
    selection = match(work, case, lines).selection
    applies = {
        NotRoutine.NOTHING_FOUND: selection.recordings == 0,
        NotRoutine.RECORDINGS: selection.recordings > policy.most_recordings,
        NotRoutine.BYTES: selection.bytes > policy.most_megabytes * MEGABYTE,
        NotRoutine.LENGTH: bool(selection.unknown_lengths) or selection.seconds > policy.most_minutes * SECONDS,
        NotRoutine.SECOND_PERSON: bool(why_approval(work.book.policy, case, lines, selection)),
    }
    return tuple(reason for reason, holds in applies.items() if holds)
