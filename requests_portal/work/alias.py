"""Alias: another number under which a customer's account was or is known; holds on one are holds on all of them."""

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.work.ports import Work

LONGEST = 64


def enter_alias(work: Work, account: str, alias: str, *, entered_by: str, by: Actor) -> bool:
    """Join two numbers of one account, and hold under each what is held under the other; False where they were joined.

    Nothing is ever disclosed by it: what a paper demands stays what it names, until a lawyer corrects the facts.
    """
    by = by.must(Act.ENTER_ALIAS)
    first, second = account.strip(), alias.strip()
    for number in (first, second):
        if not 0 < len(number) <= LONGEST or not number.isprintable():
            raise Unusable(f"An account number has 1 to {LONGEST} printable characters.")
    if first == second:
        raise Unusable("An account is no alias of itself; name its other number.")
    if not work.aliases.add(first, second, by=entered_by, at=work.now()):
        return False
    work.audit.add("alias_entered", by=by, private={"account": first, "alias": second, "entered_by": entered_by})
    for hold_id in sorted(work.holds.cover_aliases(sorted(work.aliases.of([first])), at=work.now())):
        work.queue.enqueue("place_hold", hold_id)
    return True
