"""Adopt a standing policy: a lawyer puts it forward, a second one and a custodian agree; any of them ends it alone."""

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.standing_policy import PolicyAdoption, PolicyState, Signature, StandingPolicy, Terms
from requests_portal.work.policy_in_force import certificate_texts, rules_in_use
from requests_portal.work.ports import Work
from requests_portal.work.standing import MovedOn

CHANGED = "The rules or the certificate's words changed since this was proposed. Decline it, and propose it anew."


def policy_of(work: Work, terms: Terms) -> StandingPolicy:
    """The terms with the rules in use and the certificate's words of now; raises Unusable where they say nothing."""
    if not (terms.rights and terms.places and terms.kinds):
        raise Unusable("Say which requests, from where and which kinds of data the policy answers.")
    if min(terms.most_recordings, terms.most_minutes, terms.most_megabytes) < 1:
        raise Unusable("A limit is at least 1.")
    return StandingPolicy(**vars(terms), rules=rules_in_use(work), certificate=certificate_texts(work))


def propose_policy(work: Work, terms: Terms, *, reason: str, by: Actor) -> PolicyAdoption:
    """Put a standing policy forward; nothing is answered under it before two others agree."""
    by = by.must(Act.PROPOSE_POLICY)
    if not reason.strip():
        raise Unusable("Say why this policy should be adopted; the others read it.")
    policy = policy_of(work, terms)
    proposal = PolicyAdoption(
        id=work.new_id(),
        policy=policy,
        state=PolicyState.PROPOSED,
        proposed=Signature(by=by.id, by_name=by.name, at=work.now(), digest=policy.digest),
        reason=reason.strip(),
    )
    work.standing_policies.add(proposal)
    _record(work, "policy_proposed", proposal, by=by, private=proposal.reason)
    return proposal


def adopt_policy(work: Work, adoption_id: str, *, seen: str, by: Actor) -> PolicyAdoption:
    """Agree to a policy as the second lawyer; `seen` is the digest of what was read."""
    by = by.must(Act.ADOPT_POLICY)
    before = _as_seen(work, adoption_id, seen)
    signed = before.signed_by_lawyer(by=by, at=work.now())
    _record(work, "policy_agreed", signed, by=by)
    return _kept(work, signed, before, by=by)


def adopt_certificate(work: Work, adoption_id: str, *, seen: str, by: Actor) -> PolicyAdoption:
    """Agree to a policy as the custodian whose certificate is made under it; `seen` is the digest of what was read."""
    by = by.must(Act.ADOPT_CERTIFICATE)
    before = _as_seen(work, adoption_id, seen)
    signed = before.signed_by_custodian(by=by, at=work.now())
    _record(work, "policy_agreed", signed, by=by)
    return _kept(work, signed, before, by=by)


def end_policy(work: Work, adoption_id: str, *, reason: str, by: Actor) -> PolicyAdoption:
    """Decline a policy that waits, or withdraw one in force; what was begun under it stops at its next step."""
    by = by.must(Act.END_POLICY)
    before = work.standing_policies.get(adoption_id)
    ended = before.ended(by=by, at=work.now(), reason=reason)
    work.standing_policies.put(ended, before=before)
    _record(work, f"policy_{ended.state}", ended, by=by, private=ended.ended_because)
    return ended


def _as_seen(work: Work, adoption_id: str, seen: str) -> PolicyAdoption:
    found = work.standing_policies.get(adoption_id)
    if found.policy.digest != seen or not found.is_intact:
        raise MovedOn("This policy is not the one that you read. Read it again before you agree.")
    if found.policy.rules != rules_in_use(work) or dict(found.policy.certificate) != certificate_texts(work):
        raise MovedOn(CHANGED)
    return found


def _kept(work: Work, signed: PolicyAdoption, before: PolicyAdoption, *, by: Actor) -> PolicyAdoption:
    """Keep who agreed; with the last of them the policy is in force, and an earlier version no longer."""
    if not signed.is_agreed:
        work.standing_policies.put(signed, before=before)
        return signed
    newest = work.standing_policies.newest()
    number = 1 if newest is None or newest.number is None else newest.number + 1
    adopted = signed.in_force(at=work.now(), number=number)
    work.standing_policies.put(adopted, before=before)
    _record(work, "policy_adopted", adopted, by=by)
    return adopted


def _record(work: Work, act: str, adoption: PolicyAdoption, *, by: Actor, private: str = "") -> None:
    work.audit.add(
        act,
        by=by,
        subjects={"policy": adoption.policy.digest, "edition": adoption.policy.rules},
        numbers={"most_recordings": adoption.policy.most_recordings}
        | ({"version": adoption.number} if adoption.number else {}),
        private={"reason": private} if private else None,
    )
