"""Policy in force: whether the standing policy that people adopted is still the one that they would be asked about."""

from requests_portal.errors import Untranslated
from requests_portal.model.decision import Decision
from requests_portal.model.standing_policy import NotRoutine, PolicyAdoption, PolicyState
from requests_portal.work.compose.certifying import BY_POLICY
from requests_portal.work.compose.language import PHRASES
from requests_portal.work.ports import Work


def certificate_texts(work: Work) -> dict[str, str]:
    """The certificate's words as they are now, in each language that has them."""
    found = {}
    for language in sorted(PHRASES):
        try:
            found[language] = work.letters.text(BY_POLICY, language)
        except Untranslated:
            continue
    return found


def rules_in_use(work: Work) -> str:
    """The digest of the edition of the rules in use; empty where none was ever adopted."""
    adopted = work.editions.in_use()
    return adopted.edition if adopted else ""


def why_not_in_force(work: Work, adoption: PolicyAdoption) -> tuple[NotRoutine, ...]:
    """Why nothing is answered under the policy now; empty where it is in force as it was adopted."""
    policy = adoption.policy
    applies = {
        NotRoutine.WITHDRAWN: adoption.state is not PolicyState.ADOPTED,
        NotRoutine.ALTERED: not (adoption.is_intact and adoption.is_agreed),
        NotRoutine.RULES_CHANGED: policy.rules != rules_in_use(work),
        NotRoutine.TEXT_CHANGED: dict(policy.certificate) != certificate_texts(work),
    }
    return tuple(reason for reason, holds in applies.items() if holds)


def policy_has_ended(work: Work, decision: Decision) -> bool:
    """Whether a decision rests on a standing policy that is not in force any more: withdrawn, replaced or changed."""
    if decision.policy is None:
        return False
    newest = work.standing_policies.newest()
    same = newest is not None and newest.under == decision.policy
    return newest is None or not same or bool(why_not_in_force(work, newest))
