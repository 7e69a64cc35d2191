"""From the identity provider: who signed in there is let in here, in the roles that it gives them."""

from collections.abc import Collection
from dataclasses import replace

from requests_portal.errors import Refused
from requests_portal.model.actor import SYSTEM, Actor, Role
from requests_portal.model.person import Person
from requests_portal.model.provider import Said
from requests_portal.work.people import LONGEST_MAIL, LONGEST_NAME, come_back
from requests_portal.work.ports import Work
from requests_portal.work.sign_in import customer_of

STATE = "provider"


class NotLetIn(Refused):
    """Whoever came back from the provider is not let in; whatever was wrong, it reads the same."""

    code = "not_let_in"
    status = 403

    def __init__(self) -> None:
        super().__init__("Your identity provider's answer lets nobody in here. Try again, or ask your administrator.")


def colleague(work: Work, said: Said, roles: Collection[Role]) -> Actor | None:
    """The colleague whom the provider means, with the roles of today; None where nobody is let in.

    Roles that the provider no longer gives are lost here too, also in the sessions that are open.
    """
    known = work.staff.by_subject(said.issuer, said.subject) or _added_before(work, said)
    if known is not None and known.left_at is not None:
        known = _returned(work, known, frozenset(roles))
        return known.actor if known is not None else None
    if known is not None and (known.roles != frozenset(roles) or known.awaited):
        # The provider alone says which they have: what was given here waits for nothing any more.
        known = replace(known, roles=frozenset(roles), awaited=None)
        work.staff.put(known)
        work.audit.add("roles_changed", by=SYSTEM, words={"person": known.id} | _held(roles))
    if known is None and roles:
        known = _joined(work, said, frozenset(roles))
    return known.actor if known is not None and known.roles else None


def customer(work: Work, said: Said, claim: str) -> Actor | None:
    """The customer whose account the provider names; None where it names none that we know, or several."""
    named = said.words(claim)
    return customer_of(work, next(iter(named))) if len(named) == 1 else None


def _returned(work: Work, left: Person, roles: frozenset[Role]) -> Person | None:
    """Somebody who had left and to whom the provider gives roles again; what it gave all along lets nobody in anew."""
    if roles and not left.roles:
        return come_back(work, replace(left, roles=roles), by=SYSTEM)
    if not roles:
        work.staff.put(replace(left, roles=roles))
    return None


def _added_before(work: Work, said: Said) -> Person | None:
    """Somebody who was added here by the address that the provider has verified, and belongs to it from now on."""
    known = work.staff.by_mail(said.mail) if said.mail else None
    if known is None or known.left_at is not None or known.issuer is not None:
        return None
    theirs = replace(known, issuer=said.issuer, subject=said.subject)
    work.staff.put(theirs)
    # The provider alone says from now on whether they are let in.
    for each in work.passkeys.of(theirs.id):
        work.passkeys.remove(each.id, owner=theirs.id, at=work.now())
    work.one_time_links.end_of(theirs.id)
    return theirs


def _joined(work: Work, said: Said, roles: frozenset[Role]) -> Person | None:
    if not said.mail or len(said.mail) > LONGEST_MAIL or work.staff.by_mail(said.mail) is not None:
        return None
    name = " ".join(said.name.split())[:LONGEST_NAME] or said.mail.partition("@")[0]
    new = Person(
        id=work.new_id(),
        name=name,
        mail=said.mail,
        roles=roles,
        since=work.now(),
        issuer=said.issuer,
        subject=said.subject,
    )
    work.staff.add(new)
    work.audit.add("person_added", by=SYSTEM, words={"person": new.id} | _held(roles))
    return new


def _held(roles: Collection[Role]) -> dict[str, str]:
    return {role.value: "held" for role in roles}
