"""Rounds: what a worker does again and again, such as reminding, probing and clearing; one worker takes each.

A round may run twice, after a crash or beside a slow one, so each finds out for itself what there is to do.
"""

import logging
import platform
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from requests_portal.errors import Refused
from requests_portal.storage.inspect import words_of
from requests_portal.work.ask_store import ask_what_is_stale
from requests_portal.work.clear import clear
from requests_portal.work.delete_erased import delete_erased
from requests_portal.work.erase import erase_what_is_over
from requests_portal.work.escalate import escalate_what_is_unclaimed
from requests_portal.work.mail_link import mail_links
from requests_portal.work.mark_papers import mark_papers
from requests_portal.work.outside import Outside
from requests_portal.work.probe_lock import probe_locks
from requests_portal.work.recount import compare_counts
from requests_portal.work.refusals import enter_refusals
from requests_portal.work.report_listening import report_listening
from requests_portal.work.send import send_what_is_due
from requests_portal.work.tell_hearings import tell_hearings
from requests_portal.work.tell_store import tell_what_is_unconfirmed
from requests_portal.work.watch_holds import watch_holds
from requests_portal.work.watch_silence import watch_silence

# A worker that died in a round is waited for so long.
LEASE = timedelta(minutes=10)
SHORT_LEASE = timedelta(minutes=1)
POLL_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Round:
    """One thing to do again and again; what it raises is recorded by name and tried at the next turn."""

    name: str
    every: timedelta
    go: Callable[[Outside], None]
    # Made also whenever a worker starts.
    at_start: bool = False
    lease: timedelta = LEASE


ROUNDS: tuple[Round, ...] = (
    Round(name="tell_store", every=timedelta(seconds=10), go=tell_what_is_unconfirmed),
    Round(name="watch_holds", every=timedelta(minutes=5), go=watch_holds),
    Round(name="watch_silence", every=timedelta(minutes=5), go=watch_silence),
    Round(name="tell_hearings", every=timedelta(minutes=5), go=tell_hearings),
    Round(name="ask_store", every=timedelta(minutes=15), go=ask_what_is_stale),
    Round(name="delete_erased", every=timedelta(seconds=10), go=delete_erased),
    Round(name="erase_what_is_over", every=timedelta(hours=1), go=erase_what_is_over),
    Round(name="report_listening", every=timedelta(hours=1), go=report_listening),
    Round(name="mark_papers", every=timedelta(seconds=30), go=partial(mark_papers, words_of=words_of)),
    Round(name="probe_locks", every=timedelta(days=1), go=probe_locks, at_start=True),
    Round(name="compare_counts", every=timedelta(days=1), go=compare_counts),
    # These wake people: one that died is waited for no longer than a minute.
    Round(name="escalate", every=timedelta(seconds=30), go=escalate_what_is_unclaimed, lease=SHORT_LEASE),
    Round(name="enter_refusals", every=timedelta(minutes=1), go=enter_refusals, lease=SHORT_LEASE),
    Round(name="send", every=timedelta(seconds=5), go=send_what_is_due, lease=SHORT_LEASE),
    Round(name="mail_links", every=timedelta(seconds=5), go=mail_links, lease=SHORT_LEASE),
    # Each machine has a scratch folder of its own; a spool that several share may be cleared by each.
    Round(name=f"clear {platform.node()}"[:64], every=timedelta(days=1), go=clear),
)


def make_due_rounds(outside: Outside, rounds: Sequence[Round], *, by: str, now: Callable[[], datetime]) -> None:
    """Make each round that is due and that no other worker has taken."""
    for each in rounds:
        with outside.unit_of_work() as work:
            ours = work.rounds.take(each.name, by=by, at=now(), lease=each.lease)
        if ours:
            _make(outside, each, begun=now(), now=now)


def make_at_start(outside: Outside, rounds: Sequence[Round], *, by: str, now: Callable[[], datetime]) -> None:
    """Make the rounds that are made whenever a worker starts, due or not."""
    for each in rounds:
        if each.at_start:
            with outside.unit_of_work() as work:
                work.rounds.take(each.name, by=by, at=now(), lease=each.lease)
            _make(outside, each, begun=now(), now=now)


def _make(outside: Outside, each: Round, *, begun: datetime, now: Callable[[], datetime]) -> None:
    failure = ""
    try:
        each.go(outside)
    except Refused as refusal:
        failure = refusal.sentence
    except Exception as error:  # noqa: BLE001 — one round that breaks keeps no other one from being made
        # The type alone: a message may hold personal data.
        failure = type(error).__name__
    if failure:
        log.warning("the round %s failed: %s", each.name, failure)
    with outside.unit_of_work() as work:
        work.rounds.ended(each.name, at=now(), due_at=begun + each.every, failure=failure[:300])


@contextmanager
def going_round(
    outside: Outside, *, by: str, now: Callable[[], datetime], rounds: Sequence[Round] = ROUNDS
) -> Iterator[None]:
    """Make each round in a thread of its own until the block ends: a long one keeps none from being made in time."""
    over = threading.Event()

    def go(each: Round) -> None:
        make = make_at_start
        while not over.is_set():
            try:
                make(outside, [each], by=by, now=now)
                make = make_due_rounds
            except Exception as error:  # noqa: BLE001 — a database that is away for a minute does not end the rounds
                log.warning("the rounds failed: %s", type(error).__name__)
            over.wait(POLL_SECONDS)

    threads = [threading.Thread(target=go, args=(each,), name=each.name, daemon=True) for each in rounds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        end = time.monotonic() + LEASE.total_seconds() / 60
        for thread in threads:
            thread.join(timeout=max(0.0, end - time.monotonic()))
