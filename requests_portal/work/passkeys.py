"""Passkeys: enrol one, sign in with one, let one go. Each answer is to a challenge that is used once."""

import secrets
from base64 import urlsafe_b64encode

from requests_portal.errors import Conflict, NotFound, Refused
from requests_portal.model.actor import Act, Actor
from requests_portal.model.contact import Contact
from requests_portal.model.passkey import ANSWERED_WITHIN, Passkey
from requests_portal.work.cooling_off import cool_off_account
from requests_portal.work.outside import RelyingParty
from requests_portal.work.ports import Work

ENROL, SIGN_IN = "enrol", "sign_in"
HANDLE_BYTES, CHALLENGE_BYTES = 32, 32
LONGEST_NAME = 80
MOST = 10


class WrongPasskey(Refused):
    """The answer lets nobody in; whatever was wrong with it, it reads the same."""

    code = "wrong_passkey"
    status = 403

    def __init__(self) -> None:
        super().__init__("This passkey lets nobody in here. Try again, or use another one.")


def ask_to_enrol(work: Work, party: RelyingParty, *, by: Actor) -> tuple[str, str]:
    """A challenge, and what to ask the actor's browser so that it makes a passkey."""
    by = by.must(Act.ENROL_PASSKEY)
    _must_have_no_provider(work, by)
    mine = work.passkeys.of(by.id)
    handle = mine[0].user_handle if mine else random_text(HANDLE_BYTES)
    challenge = _asked(work, ENROL, owner=by.id, body=handle)
    not_again = [each.credential.credential_id for each in mine]
    return challenge, party.to_enrol(challenge, handle=handle, name=by.name, not_again=not_again)


def answered(work: Work, purpose: str, challenge: str, *, owner: str) -> str:
    """What was kept with a challenge; it is used up by this, so the caller commits before the answer is looked at."""
    kept = work.challenges.take(challenge, purpose=purpose, owner=owner, at=work.now())
    if kept is None:
        raise WrongPasskey
    return kept


def enrol(
    work: Work, party: RelyingParty, answer: str, *, challenge: str, handle: str, name: str, by: Actor
) -> Passkey:
    """Keep the passkey that the actor's browser has made in answer to a challenge of theirs."""
    by = by.must(Act.ENROL_PASSKEY)
    _must_have_no_provider(work, by)
    made = party.enrolled(answer, challenge=challenge)
    if work.passkeys.is_known(made.credential_id):
        raise WrongPasskey
    if len(work.passkeys.of(by.id)) >= MOST:
        raise Conflict(f"You have {MOST} passkeys. Remove one that you no longer use first.")
    new = Passkey(
        id=work.new_id(),
        owner=by.id,
        customer=by.is_customer,
        user_handle=handle,
        credential=made,
        name=" ".join(name.split())[:LONGEST_NAME] or "Passkey",
        added_at=work.now(),
    )
    work.passkeys.add(new)
    work.audit.add("passkey_enrolled", by=by)
    if by.is_customer:
        cool_off_account(work, by.account, Contact.PASSKEY, by=by)
    return new


def ask_to_sign_in(work: Work, party: RelyingParty) -> tuple[str, str]:
    """A challenge, and what to ask a browser whose person nobody knows yet."""
    challenge = _asked(work, SIGN_IN, owner="", body="")
    return challenge, party.to_sign_in(challenge)


def owner_of(work: Work, party: RelyingParty, answer: str, *, challenge: str) -> Passkey:
    """The passkey that answered the challenge, after everything that binds it to its owner was compared."""
    named = party.named_in(answer)
    known = work.passkeys.by_credential(named.credential_id)
    if known is None or named.user_handle != known.user_handle:
        raise WrongPasskey
    count = party.signed_in(answer, challenge=challenge, known=known.credential)
    if not work.passkeys.used(known, sign_count=count, at=work.now()):
        raise WrongPasskey
    return known


def remove_passkey(work: Work, passkey_id: str, *, by: Actor) -> None:
    """Let a passkey of one's own go; the last one stays, since nothing else lets its owner in."""
    by = by.must(Act.ENROL_PASSKEY)
    mine = {each.id for each in work.passkeys.of(by.id)}
    if passkey_id not in mine:
        raise NotFound("There is no such passkey. Look at the list of your passkeys.")
    if len(mine) == 1 and not by.is_customer:
        raise Conflict("This is your only passkey. Add another one first.")
    work.passkeys.remove(passkey_id, owner=by.id, at=work.now())
    work.audit.add("passkey_removed", by=by)
    if by.is_customer:
        cool_off_account(work, by.account, Contact.PASSKEY, by=by)


def random_text(size: int) -> str:
    """So many random bytes, base64url."""
    return urlsafe_b64encode(secrets.token_bytes(size)).decode().rstrip("=")


def _must_have_no_provider(work: Work, by: Actor) -> None:
    # A passkey would still let somebody in whom the provider does not.
    known = work.staff.get(by.id)
    if known is not None and known.issuer is not None:
        raise Conflict("You sign in through your identity provider; a passkey of its own is not needed here.")


def _asked(work: Work, purpose: str, *, owner: str, body: str) -> str:
    at = work.now()
    work.challenges.clear(ended_before=at)
    challenge = random_text(CHALLENGE_BYTES)
    work.challenges.add(challenge, purpose=purpose, owner=owner, body=body, ends_at=at + ANSWERED_WITHIN)
    return challenge
