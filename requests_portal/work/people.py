"""Joiners, movers and leavers: whom the house lets in, in which roles, and who has left.

An administrator alone gives no role that shows contents or confirms others: a second person confirms it. Taking one
away needs nobody else.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.actor import COMMAND_LINE, Act, Actor, Role
from requests_portal.model.message import Message
from requests_portal.model.passkey import OneTimeLink
from requests_portal.model.person import GIVEN_ALONE, STAFF_ROLES, Awaited, Person
from requests_portal.work.pass_on import pass_sealed_on
from requests_portal.work.ports import Work
from requests_portal.work.sign_in import token_digest

ENROLMENT, LINK_MADE, ROLES_WAIT = "enrolment", "passkeys_ended", "roles_wait"
# It is handed over by a colleague, who may not meet the other before tomorrow.
ENROLMENT_LASTS = timedelta(hours=24)
LONGEST_NAME, LONGEST_MAIL = 200, 254
NO_SUCH_PERSON = "There is nobody with this address or number. Look at the list of people."


class LinkUsed(NotFound):
    """The link opens nothing; a used, an old and an unknown one read alike."""

    code = "link_used"

    def __init__(self) -> None:
        super().__init__("This link opens nothing: it has been used, has ended, or was never made. Ask for a new one.")


def add_person(work: Work, *, name: str, mail: str, roles: Iterable[Role], by: Actor) -> Person:
    """Let somebody in who begins here; they sign in once they have a passkey, or through the identity provider."""
    by = by.must(Act.MANAGE_PEOPLE)
    held, awaited = _given(work, roles, by=by)
    new = Person(
        id=work.new_id(), name=_named(name), mail=_addressed(mail), roles=held, since=work.now(), awaited=awaited
    )
    known = work.staff.by_mail(new.mail)
    if known is not None and known.left_at is None:
        raise Conflict("Somebody with this address is on the list already. Change their roles instead.")
    if known is not None:
        back = replace(known, name=new.name, roles=held, awaited=awaited, issuer=None, subject=None)
        return come_back(work, back, by=by)
    work.staff.add(new)
    work.audit.add("person_added", by=by, words=_roles_of(new))
    _ask_to_confirm(work, new)
    return new


def come_back(work: Work, returned: Person, *, by: Actor) -> Person:
    """Let somebody in again who had left, under the id by which the log knows them."""
    here = replace(returned, left_at=None)
    work.staff.put(here)
    work.audit.add("person_returned", by=by, words=_roles_of(here))
    _ask_to_confirm(work, here)
    return here


def enrolment_link(work: Work, person_id: str, *, token: str, by: Actor) -> OneTimeLink:
    """Make the one link with which somebody who works here enrols a passkey; an earlier one opens nothing more.

    Passkeys that they have end with their sessions, as for one that is lost, and they are mailed that it happened.
    Their roles wait anew: whoever made the link could have used it.
    """
    by = by.must(Act.MANAGE_PEOPLE)
    found = to_change(work, person_id)
    if found.left_at is not None:
        raise Conflict("Whoever has left gets no link. Add them anew if they have come back.")
    if found.issuer is not None:
        raise Conflict("They sign in through the identity provider. A link would open nothing for them.")
    if found.id == by.id:
        raise Forbidden("Nobody makes a link for themselves. Add a passkey on the page of your own passkeys.")
    at, had_passkeys = work.now(), bool(work.passkeys.of(found.id))
    link = OneTimeLink(
        sha256=token_digest(token),
        purpose=ENROLMENT,
        owner=found.id,
        customer=False,
        made_at=at,
        ends_at=at + ENROLMENT_LASTS,
    )
    _let_out(work, found)
    if had_passkeys:
        _tell_of_link(work, found, link)
    work.one_time_links.add(link)
    waits = _waiting_anew(work, found, by=by)
    work.staff.put(waits)
    work.audit.add("person_linked", by=by, words=_roles_of(waits))
    if _told(waits) != _told(found):
        _ask_to_confirm(work, waits)
    return link


def use_link(work: Work, token: str) -> OneTimeLink:
    """Use a link up; refuses one that was used, has ended or never was."""
    used = work.one_time_links.use(token_digest(token), at=work.now())
    if used is None:
        raise LinkUsed
    return used


def change_roles(work: Work, person_id: str, roles: Iterable[Role], *, by: Actor) -> Person:
    """Give somebody other roles: what is taken away is gone from the next thing that they do, what is new waits."""
    by = by.must(Act.MANAGE_PEOPLE)
    found = to_change(work, person_id)
    if found.left_at is not None:
        raise Conflict("Whoever has left has no roles. Add them anew if they have come back.")
    if found.id == by.id:
        raise Forbidden("Nobody changes their own roles here. Ask another administrator.")
    held, awaited = _given(work, roles, to=found, by=by)
    moved = replace(found, roles=held, awaited=awaited)
    work.staff.put(moved)
    work.audit.add("roles_changed", by=by, words=_roles_of(moved))
    if _told(moved) != _told(found):
        _ask_to_confirm(work, moved)
    return moved


def leave(work: Work, person_id: str, *, by: Actor) -> Person:
    """Let somebody in no more, from this moment: their sessions, passkeys and links end."""
    by = by.must(Act.MANAGE_PEOPLE)
    found = to_change(work, person_id)
    if found.left_at is not None:
        raise Conflict("They have left already.")
    pass_sealed_on(work, found)
    gone = replace(found, left_at=work.now(), awaited=None)
    work.staff.put(gone)
    ended = _let_out(work, found)
    work.audit.add("person_left", by=by, words={"person": found.id}, numbers={"sessions": ended})
    return gone


def person_of(work: Work, person_id: str) -> Person:
    """Somebody who works or has worked here, by id or address."""
    found = work.staff.get(person_id) or work.staff.by_mail(person_id)
    if found is None:
        raise NotFound(NO_SUCH_PERSON)
    return found


def to_change(work: Work, person_id: str) -> Person:
    """The same, whom nobody else changes until the transaction ends."""
    found = work.staff.to_change(person_of(work, person_id).id)
    if found is None:
        raise NotFound(NO_SUCH_PERSON)
    return found


def who_may_confirm(work: Work, waits: Person) -> list[Person]:
    """Who works here and may confirm the roles that somebody waits for: not who gave them, nor who gets them."""
    given_by = waits.awaited.by if waits.awaited else frozenset()
    others = [each for each in work.staff.all() if each.id not in {*given_by, waits.id}]
    return [each for each in others if each.actor.may(Act.CONFIRM_ROLES)]


def colleague_named(work: Work, who: str, *, otherwise: Iterable[Actor]) -> Actor:
    """Somebody who works here, by address or id; where the desk keeps no people yet, one of the others."""
    found = work.staff.get(who) or work.staff.by_mail(who)
    if found is not None and found.left_at is None:
        return found.actor
    others = () if work.staff.all() else otherwise
    theirs = next((each for each in others if each.id == who and not each.is_customer), None)
    if theirs is None:
        raise Unusable("Nobody who works here has this address or staff id. Look at desk user list.")
    return theirs


def named_roles(words: Iterable[str]) -> frozenset[Role]:
    """The roles of these names; refuses one that nobody who works here can have."""
    known = {role.value: role for role in STAFF_ROLES}
    asked = set(words)
    if not asked <= known.keys():
        raise Unusable(f"A role is one of: {', '.join(sorted(known))}.")
    return frozenset(known[each] for each in asked)


def _given(
    work: Work, roles: Iterable[Role], *, to: Person | None = None, by: Actor
) -> tuple[frozenset[Role], Awaited | None]:
    """Which of these roles somebody has from now on, and which wait for a second person."""
    asked, before = _staff_roles(roles), to.awaited if to else None
    # Whoever runs commands on the desk's own machine has its keys.
    held = asked if by == COMMAND_LINE else asked & (GIVEN_ALONE | (to.roles if to else frozenset()))
    if before is not None and before.roles == asked - held:
        return held, before
    return held, _awaited(work, asked - held, before, by=by)


def _waiting_anew(work: Work, linked: Person, *, by: Actor) -> Person:
    """Somebody for whom another makes a link: what that other could not have given alone waits to be confirmed."""
    if by == COMMAND_LINE:
        return linked
    kept = linked.roles & GIVEN_ALONE
    waits = (linked.roles - kept) | (linked.awaited.roles if linked.awaited else frozenset())
    return replace(linked, roles=kept, awaited=_awaited(work, waits, linked.awaited, by=by))


def _awaited(work: Work, roles: frozenset[Role], before: Awaited | None, *, by: Actor) -> Awaited | None:
    hands = {by.id} | (before.by if before else frozenset())
    return Awaited(roles=roles, by=frozenset(hands), at=work.now()) if roles else None


def _ask_to_confirm(work: Work, waits: Person) -> None:
    if waits.awaited is None:
        return
    words = {"link": f"{work.house.public_url.rstrip('/')}/people/waiting"}
    for each in who_may_confirm(work, waits):
        new = work.new_id()
        message = Message(key=f"{ROLES_WAIT}-{new}", to=each.id, template=ROLES_WAIT, words=words)
        work.messages.add(message, id=new, at=work.now())


def _told(person: Person) -> tuple[frozenset[Role], frozenset[str]] | None:
    """What those who may confirm somebody's roles have been told of."""
    return (person.awaited.roles, person.awaited.by) if person.awaited else None


def _tell_of_link(work: Work, owner: Person, link: OneTimeLink) -> None:
    said = {"company": work.house.name, "link": f"{work.house.public_url.rstrip('/')}/sign-in"}
    message = Message(key=f"{LINK_MADE}-{link.sha256}", to=owner.mail, template=LINK_MADE, words=said)
    work.messages.add(message, id=work.new_id(), at=link.made_at)


def _let_out(work: Work, who: Person) -> int:
    """End all that lets somebody in; how many sessions there were."""
    ended = [each for each in work.sessions.of(who.id) if work.sessions.end(each.id, at=work.now())]
    for each in work.passkeys.of(who.id):
        work.passkeys.remove(each.id, owner=who.id, at=work.now())
    work.one_time_links.end_of(who.id)
    return len(ended)


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise Unusable(f"A name is one line of at most {LONGEST_NAME} characters.")
    return plain


def _addressed(mail: str) -> str:
    plain = mail.strip()
    local, at, domain = plain.rpartition("@")
    strange = any(not each.isprintable() or each.isspace() for each in plain)
    if not (local and at and domain.strip(".")) or strange or len(plain) > LONGEST_MAIL:
        raise Unusable("That is no mail address. Write it like maya@example.com.")
    return plain


def _staff_roles(roles: Iterable[Role]) -> frozenset[Role]:
    found = frozenset(roles)
    if not found or not found <= STAFF_ROLES:
        raise Unusable(f"Name at least one role of: {', '.join(sorted(STAFF_ROLES))}.")
    return found


def _roles_of(person: Person) -> dict[str, str]:
    """What the log says of somebody's roles."""
    awaited = person.awaited.roles if person.awaited else ()
    return {"person": person.id} | dict.fromkeys(person.roles, "held") | dict.fromkeys(awaited, "awaited")
