"""Confirm roles: what one person gave, a second one confirms, who has asked the third whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from requests_portal.errors import Conflict, Forbidden, NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.digest import digest_of
from requests_portal.model.passkey import Passkey
from requests_portal.model.person import Awaited, Person
from requests_portal.work.people import to_change
from requests_portal.work.ports import Work

NOTHING_WAITS = "No role of theirs waits for anybody. Look at the page of new roles again."


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody whose roles wait, with what it is confirmed by: the passkeys that they say are theirs."""

    person: Person
    awaited: Awaited
    passkeys: tuple[Passkey, ...]

    @property
    def digest(self) -> str:
        """What a confirmation binds to: who, which roles, given by whom, and with which passkeys."""
        who = [self.person.id, self.person.name, self.person.mail]
        given = [sorted(self.awaited.roles), sorted(self.awaited.by), self.awaited.at.isoformat()]
        return digest_of([who, given, sorted(each.id for each in self.passkeys)])

    def why_not_confirm(self, by: Actor) -> str | None:
        """Why this person cannot confirm it now, in words for the page; None when they can."""
        if by.id == self.person.id:
            return "These roles are yours, so a different person has to confirm them."
        if by.id in self.awaited.by:
            return "You gave these roles, so a different person has to confirm them."
        if not self.passkeys:
            return "They have made no passkey yet. They do that first, so that nobody else can in their place."
        return None


def waiting(work: Work, *, by: Actor) -> Sequence[Waiting]:
    """Everybody whose roles wait, by name."""
    by.must(Act.CONFIRM_ROLES)
    return [found for each in work.staff.all() if (found := _waiting(work, each)) is not None]


def confirm_roles(work: Work, person_id: str, *, seen: str, by: Actor) -> Person:
    """Let somebody have the roles that they were given; `seen` is the digest of exactly what was looked at."""
    by = by.must(Act.CONFIRM_ROLES)
    found = _must_wait(work, person_id)
    if (refusal := found.why_not_confirm(by)) is not None:
        raise Forbidden(refusal)
    if seen != found.digest:
        raise Conflict("This changed since you opened the page. Read it again, and ask them again, before you confirm.")
    has = replace(found.person, roles=found.person.roles | found.awaited.roles, awaited=None)
    work.staff.put(has)
    _record(work, "roles_confirmed", found, "held", by=by)
    return has


def decline_roles(work: Work, person_id: str, *, by: Actor) -> Person:
    """Let somebody not have them; whoever gave them may take them back like this."""
    by = by.must(Act.CONFIRM_ROLES)
    found = _must_wait(work, person_id)
    has_not = replace(found.person, awaited=None)
    work.staff.put(has_not)
    _record(work, "roles_declined", found, "declined", by=by)
    return has_not


def _must_wait(work: Work, person_id: str) -> Waiting:
    found = _waiting(work, to_change(work, person_id))
    if found is None:
        raise NotFound(NOTHING_WAITS)
    return found


def _waiting(work: Work, person: Person) -> Waiting | None:
    if person.awaited is None:
        return None
    return Waiting(person=person, awaited=person.awaited, passkeys=tuple(work.passkeys.of(person.id)))


def _record(work: Work, act: str, found: Waiting, word: str, *, by: Actor) -> None:
    roles = dict.fromkeys(found.awaited.roles, word)
    work.audit.add(act, by=by, words={"person": found.person.id} | roles)
