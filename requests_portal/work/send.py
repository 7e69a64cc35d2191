"""Send: messages to staff leave by mail and webhook, at least once each, under an id that tells a repetition.

One that names a person becomes one for each of their addresses when it is due: a mail server that is away keeps no
webhook back, and what one of them took is not sent to it again because the other one failed.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime

from requests_portal.errors import Away, NotFound, Refused
from requests_portal.model.actor import SYSTEM
from requests_portal.model.duty import Duty, on_call
from requests_portal.model.message import Message, Outgoing, is_webhook
from requests_portal.work.outside import Outside, Post
from requests_portal.work.ports import Work

AT_ONCE = 8
SOME = 32
# A server that lets us wait keeps nobody from the next turn.
LONGEST_SECONDS = 45.0


class NobodyToTell(Away):
    """Nobody is on call, and the settings name no last resort."""

    code = "nobody_to_tell"


def send_what_is_due(outside: Outside) -> None:
    """Send what is due, some at a time; what cannot be sent now is tried again later."""
    if outside.post is None:
        return
    post, due = outside.post, _addressed(outside)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="post")
    tried = [pool.submit(send, outside, post, each) for each in due]
    try:
        for each in wait(tried, timeout=LONGEST_SECONDS).done:
            each.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def send(outside: Outside, post: Post, outgoing: Outgoing) -> None:
    """Send one message and record that, or why not; killed in between it is sent again under the same id."""
    failure = ""
    try:
        post.send(outgoing, to=outgoing.message.to)
    except Refused as refusal:
        failure = refusal.sentence
    except Exception as error:  # noqa: BLE001 — one message that breaks something keeps no other one back
        # The type alone: a message may hold personal data.
        failure = type(error).__name__
    with outside.unit_of_work() as work:
        if failure:
            work.messages.failed(outgoing.id, failure=failure, next_try_at=work.now() + outgoing.pause)
        else:
            work.messages.sent(outgoing.id, at=work.now())


def _addressed(outside: Outside) -> Sequence[Outgoing]:
    """What is due and has an address by now."""
    with outside.reading() as work:
        due = work.messages.due(work.now(), limit=SOME)
    if all(each.message.is_addressed for each in due):
        return due
    with outside.unit_of_work() as work:
        for each in due:
            if not each.message.is_addressed:
                _address(work, each)
        due = work.messages.due(work.now(), limit=SOME)
    return [each for each in due if each.message.is_addressed]


def _address(work: Work, outgoing: Outgoing) -> None:
    try:
        addresses = _addresses(work, outgoing.message)
    except NobodyToTell as nobody:
        work.messages.failed(outgoing.id, failure=nobody.sentence, next_try_at=work.now() + outgoing.pause)
        return
    ids = [outgoing.id, *(work.new_id() for _ in addresses[1:])]
    work.messages.address(outgoing, dict(zip(ids, addresses, strict=True)))


def _addresses(work: Work, message: Message) -> tuple[str, ...]:
    """The addresses of whom a message is to; raises NobodyToTell where there are none."""
    duties, at = work.roster.all(), work.now()
    named = _named(work, message)
    if named:
        return _of_the_named(work, message.to, named, duties)
    found = _of_staff(work, message.to, duties) or next((each.addresses for each in on_call(duties, at)), ())
    found = found or ((work.house.patience.last_resort,) if work.house.patience.last_resort else ())
    if not found:
        raise NobodyToTell("Nobody is on call and no last resort is named. Import a roster.")
    return found


def _named(work: Work, message: Message) -> tuple[str, ...]:
    """Who alone may know of the request that a message is about, at this moment; nobody where it is not sealed."""
    try:
        return work.cases.by_reference(message.words.get("reference", ""), by=SYSTEM).named
    except NotFound:
        return ()


def _of_the_named(work: Work, to: str, named: tuple[str, ...], duties: Sequence[Duty]) -> tuple[str, ...]:
    """Mail alone, since several may read what a webhook tells: to whoever has it, or else to all whom it names."""
    mailed = {who: [each for each in _of_staff(work, who, duties) if not is_webhook(each)] for who in named}
    everybody = [each for theirs in mailed.values() for each in theirs]
    found = tuple(dict.fromkeys(mailed.get(to) or everybody))
    if not found:
        raise NobodyToTell("Nobody whom this message may reach has a mail address here. Let them in with one.")
    return found


def _of_staff(work: Work, who: str, duties: Sequence[Duty]) -> tuple[str, ...]:
    """What reaches a member of staff: their own address, and what the roster adds; nothing once they have left."""
    person = work.staff.get(who)
    if person is None:
        return _on_roster(duties, frozenset({who}), work.now())
    if person.left_at is not None:
        return ()
    hooks = [each for each in _on_roster(duties, frozenset({person.id, person.mail}), work.now()) if is_webhook(each)]
    return (person.mail, *hooks)


def _on_roster(duties: Sequence[Duty], names: frozenset[str], at: datetime) -> tuple[str, ...]:
    """What reaches somebody by their duty that is nearest to this moment."""
    theirs = [each for each in duties if not names.isdisjoint((each.who, each.who.casefold(), each.mail.casefold()))]
    nearest = min(theirs, key=lambda each: max(each.begins - at, at - each.ends), default=None)
    return nearest.addresses if nearest else ()
