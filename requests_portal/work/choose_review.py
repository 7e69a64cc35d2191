"""Human review: a customer says whether people may listen to improve the service, and what may be offered to them."""

from collections.abc import Iterator, Sequence

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

PART = 1000


def choose_review(work: Work, *, reviewed: bool, by: Actor) -> None:
    """A customer lets people listen to their recordings to improve the service, or no longer; it holds from now on."""
    by = by.must(Act.CHOOSE_REVIEW)
    if by.account is None:
        raise Unusable("Sign in with the account whose recordings they are.")
    if work.review_choices.may_be_reviewed(by.account) is reviewed:
        return
    work.review_choices.choose(by.account, reviewed=reviewed, at=work.now())
    work.audit.add("review_chosen", by=by, words={"human_review": "on" if reviewed else "off"})


def reviewable(outside: Outside, *, after: str = "", most: int, by: Actor) -> Iterator[Sequence[str]]:
    """Recordings that people may review, by id, a part at a time: each as the choices stand when it is read."""
    by.must(Act.OFFER_REVIEW)
    left = most
    while left > 0:
        with outside.reading() as work:
            found = work.review_choices.reviewable(after=after, most=min(PART, left))
        if not found:
            return
        yield found
        after, left = found[-1], left - len(found)
