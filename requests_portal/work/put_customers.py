"""Put customers: who has an account with us, as the company's own system of customers says."""

from collections.abc import Sequence
from dataclasses import replace

from requests_portal.model.actor import Act, Actor
from requests_portal.model.agency import digits
from requests_portal.model.contact import Contact
from requests_portal.work.cooling_off import cool_off
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Customer, Work

AT_ONCE = 500


def put_customers(outside: Outside, found: Sequence[Customer], *, sha256: str, by: Actor) -> tuple[int, int]:
    """Enter who is new and change who has changed, some at a time; how many of each. Whoever is not named stays.

    What was done twice, after a crash, finds nothing to change.
    """
    by = by.must(Act.OPERATE)
    entered = changed = 0
    for start in range(0, len(found), AT_ONCE):
        with outside.unit_of_work() as work:
            done = [put_customer(work, each, by=by) for each in found[start : start + AT_ONCE]]
        entered, changed = entered + done.count("entered"), changed + done.count("changed")
    with outside.unit_of_work() as work:
        numbers = {"entered": entered, "changed": changed}
        work.audit.add("customers_imported", by=by, subjects={"file": sha256}, numbers=numbers)
    return entered, changed


def put_customer(work: Work, new: Customer, *, by: Actor) -> str:
    """Enter or change one customer; a changed address or number holds back what could leave to whoever changed it."""
    before = work.customers.put(new)
    if before is None:
        return "entered"
    if before.email.strip().lower() != new.email.strip().lower():
        cool_off(work, before, Contact.MAIL, earlier=before.email, by=by)
    # The first number that the company tells us of an account takes the place of none.
    if before.phone and digits(before.phone) != digits(new.phone):
        cool_off(work, before, Contact.PHONE, earlier=before.phone, by=by)
    return "same" if replace(new, flags=before.flags) == before else "changed"
