"""Doctor: each fault by name, the cases it touches, the deadline at risk and what to do next."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from requests_portal.model.duty import on_call, to_call
from requests_portal.model.erasure import AbsentBucket
from requests_portal.model.escalation import Patience, Unclaimed
from requests_portal.model.message import LATE
from requests_portal.model.production import ProductionState
from requests_portal.work.escalate import UNCLAIMED
from requests_portal.work.views.operations import CaseDue, Operations, Standing
from requests_portal.work.views.running import RoundState, Running

MINUTE = timedelta(minutes=1)
QUEUED_LONG, QUEUED_TOO_LONG = 2 * MINUTE, 10 * MINUTE
HOLD_LATE = 15 * MINUTE
ROUND_LATE = 15 * MINUTE
CALL_LATE = 5 * MINUTE
CALLS_IN_VAIN = 3
PROBE_AGE = timedelta(days=2)
ERASURE_LATE, ERASURE_TOO_LATE = timedelta(days=1), timedelta(days=7)
# A round that each machine has for itself names it.
OF_A_MACHINE = "clear "
MACHINE_GONE = timedelta(days=3)
ROSTER_ENDS = timedelta(days=7)
CERTIFICATE_ENDS, CERTIFICATE_ENDS_SOON = timedelta(days=60), timedelta(days=7)
GIGABYTE = 1_000_000_000
DISK_LOW, DISK_FULL = 5 * GIGABYTE, GIGABYTE // 2
# How many cases a fault names; there can be thousands.
NAMED = 20


class Severity(StrEnum):
    """How much it matters: red needs somebody now, a warning soon, a note nobody."""

    RED = "red"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is not as it should be; cases by reference alone."""

    name: str
    severity: Severity
    sentence: str
    action: str
    cases: tuple[str, ...] = ()
    deadline: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A certificate, by whom it is of, and its last moment."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Disk:
    """Where something lies, by its purpose, and the bytes that are free there."""

    name: str
    free: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything that was looked at, at one moment; what answers is by its name True, or False."""

    at: datetime
    running: Running
    found: Operations
    # Productions that nobody is at though somebody should be.
    stuck: tuple[Standing, ...]
    answers: Mapping[str, bool]
    certificates: tuple[Ending, ...]
    disks: tuple[Disk, ...]
    patience: Patience
    mail_named: bool
    webhooks_named: bool
    timestamps_named: bool
    # Living workers whose spool is another folder than the one that is seen from here.
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One check by its name, and the faults it found."""

    name: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Every check, in order, and the productions that can be tried again or set aside."""

    seen: Seen
    checks: tuple[Checked, ...]
    standing: tuple[Standing, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, red ones first."""
        found = [fault for each in self.checks for fault in each.faults]
        return tuple(sorted(found, key=lambda each: list(Severity).index(each.severity)))

    @property
    def is_red(self) -> bool:
        """Whether something needs somebody now."""
        return any(each.severity is Severity.RED for each in self.faults)

    @property
    def well(self) -> tuple[str, ...]:
        """The names of the checks that found nothing."""
        return tuple(each.name for each in self.checks if not each.faults)


def diagnose(seen: Seen) -> Diagnosis:
    """What is not as it should be."""
    stuck = {each.id for each in seen.stuck}
    stopped = {ProductionState.FAILED, ProductionState.WAITING}
    return Diagnosis(
        seen=seen,
        checks=tuple(Checked(name=name, faults=tuple(check(seen))) for name, check in CHECKS),
        standing=tuple(each for each in seen.found.standing if each.state in stopped or each.id in stuck),
    )


def _workers(seen: Seen) -> Iterator[Fault]:
    if not seen.running.alive:
        yield _fault(
            "no_worker",
            Severity.RED,
            "No worker is alive, so nothing is gathered, signed or sent.",
            "Start one: desk worker --name NAME.",
            (each.case for each in seen.found.standing),
        )
    elif all(each.draining for each in seen.running.alive):
        yield _fault("all_drain", Severity.WARNING, "Every worker drains and takes nothing new.", "Start another one.")


def _queue(seen: Seen) -> Iterator[Fault]:
    waiting = [each for each in seen.running.pending if each.state == "queued"]
    age = max((seen.at - each.oldest_at for each in waiting), default=timedelta(0))
    if age > QUEUED_LONG:
        depth = sum(each.count for each in waiting)
        yield _fault(
            "queue_waits",
            Severity.RED if age > QUEUED_TOO_LONG else Severity.WARNING,
            f"{_count(depth, 'piece')} of work wait for a worker, the oldest for {_span(age)}.",
            "See that workers are alive; start more of them where all are busy.",
            (each.case for each in seen.found.standing),
        )


def _older(seen: Seen) -> Iterator[Fault]:
    alive = {each.version for each in seen.running.alive}
    lost = [each for each in seen.running.older if each.version not in alive]
    if lost:
        yield _fault(
            "older_release",
            Severity.RED,
            f"{_count(sum(each.count for each in lost), 'piece')} of work of another release wait, and no worker of "
            "that release is alive.",
            "Start a worker of that release until they are done, or file them again: desk production renew.",
            (each.case for each in seen.stuck),
        )


def _stranded(seen: Seen) -> Iterator[Fault]:
    names = sorted({each.worker for each in seen.running.stranded})
    if names:
        count = sum(each.count for each in seen.running.stranded)
        yield _fault(
            "stranded",
            Severity.RED,
            f"{_count(count, 'piece')} of work were begun by workers that are gone ({', '.join(names[:NAMED])}).",
            f"Start {names[0]} again under its name, or give its work to the others: desk worker take-over {names[0]}.",
            (each.case for each in seen.stuck),
        )


def _productions(seen: Seen) -> Iterator[Fault]:
    failed = [each for each in seen.found.standing if each.state is ProductionState.FAILED]
    waiting = [each for each in seen.found.standing if each.state is ProductionState.WAITING]
    again = "Try it again or set it aside: desk production retry, desk production set-aside."
    for each in (*failed, *seen.stuck)[:NAMED]:
        said = each.failure or f"It is {each.state} and nobody is at it."
        action = "It is tried again by itself; see to what it names." if each.next_try_at else again
        yield _fault("production_stuck", Severity.RED, f"{each.name} does not go on. {said}", action, [each.case])
    for each in waiting[:NAMED]:
        yield _fault(
            "production_waits",
            Severity.WARNING,
            f"{each.name} waits. {each.failure}",
            "It is tried again by itself; see to what it waits for.",
            [each.case],
        )


def _overdue(seen: Seen) -> Iterator[Fault]:
    late = seen.found.overdue
    nobodys = [each for each in late if not each.claimed]
    if nobodys:
        yield _fault(
            "overdue_unclaimed",
            Severity.RED,
            f"{_count(len(nobodys), 'request')} should have been answered by now, and nobody has claimed "
            + ("it." if len(nobodys) == 1 else "them."),
            "Open each and take it on.",
            nobodys,
        )
    if claimed := [each for each in late if each.claimed]:
        # Somebody has them, and the queue shows them in red: nothing that an operator could mend.
        yield _fault(
            "overdue",
            Severity.WARNING,
            f"{_count(len(claimed), 'request')} should have been answered by now.",
            "Whoever has them answers them; the queue shows who that is.",
            claimed,
        )


def _unclaimed(seen: Seen) -> Iterator[Fault]:
    urgent = [each for each in seen.found.unclaimed if each.is_urgent]
    nobody = not to_call(seen.found.duties, seen.patience.last_resort, seen.at)
    red = [each for each in urgent if nobody or each.steps >= CALLS_IN_VAIN or _is_close(each, seen.at)]
    if urgent:
        yield _fault(
            "unclaimed",
            Severity.RED if red else Severity.WARNING,
            f"Nobody has claimed {_count(len(urgent), 'request')} whose time is counted in hours"
            + (", and there is nobody to wake." if nobody else "."),
            "Open each and take it on.",
            (CaseDue(reference=each.reference, due=each.due) for each in urgent),
        )


def _is_close(each: Unclaimed, at: datetime) -> bool:
    return each.due is not None and each.due - at < (each.due - each.received_at) / 4


def _roster(seen: Seen) -> Iterator[Fault]:
    duties, at = seen.found.duties, seen.at
    if not duties and not seen.patience.last_resort:
        yield _fault(
            "no_roster",
            Severity.WARNING,
            "Nobody is on call: a request that nobody claims wakes nobody.",
            "Import a roster (desk roster import FILE.csv) and name last_resort in the settings.",
        )
    elif duties and not any(each.begins <= at < each.ends for each in on_call(duties, at)):
        yield _fault("roster_gap", Severity.WARNING, "Nobody is on call at this moment.", "Fill the gap in the roster.")
    elif duties and max(each.ends for each in duties) - at < ROSTER_ENDS:
        yield _fault(
            "roster_ends",
            Severity.WARNING,
            "The roster ends within a week.",
            "Import the next one: desk roster import.",
        )


def _messages(seen: Seen) -> Iterator[Fault]:
    unsent = seen.found.unsent
    if not (seen.mail_named or seen.webhooks_named):
        waiting = f" {_count(len(unsent), 'message')} wait." if unsent else ""
        yield _fault(
            "no_mail_server",
            Severity.NOTE,
            f"No mail server is named: reminders are only shown here.{waiting}",
            "Name mail_host and mail_from in the settings, or webhook_secret.",
        )
        return
    calls = [each for each in unsent if each.template == UNCLAIMED and seen.at - each.at > CALL_LATE]
    late = [each for each in unsent if seen.at - each.at > LATE]
    failing = [each for each in unsent if each.tries]
    if calls or failing:
        why = next((each.failure for each in (*calls, *failing) if each.failure), "")
        yield _fault(
            "messages_unsent",
            Severity.RED if calls or late else Severity.WARNING,
            f"{_count(len({*calls, *failing}), 'message')} could not be sent yet. {why}".strip(),
            "See to the mail server or the webhook; they are tried again by themselves.",
        )


def _holds(seen: Seen) -> Iterator[Fault]:
    late = [each for each in seen.found.holds if seen.at - each.since > HOLD_LATE]
    if late:
        yield _fault(
            "holds_unconfirmed",
            Severity.RED,
            f"The store has not confirmed {_count(sum(each.count for each in late), 'hold')} of single recordings "
            f"for more than {_span(HOLD_LATE)}: they could be deleted.",
            "See that the store answers; it is told again by itself.",
            (each.case for each in late),
        )


def _locks(seen: Seen) -> Iterator[Fault]:
    for each in seen.running.probes:
        where = each.bucket or "the recordings' bucket"
        if each.denied is False:
            yield _fault(
                "lock_broken",
                Severity.RED,
                f"In {where} a held recording could be deleted.",
                "Give the bucket versioning and Object Lock, and take the right to bypass it from our account.",
            )
        elif each.denied is None:
            yield _fault(
                "lock_untried", Severity.WARNING, f"In {where} the lock could not be tried. {each.failure}", TRIED_AGAIN
            )
        elif seen.at - each.at > PROBE_AGE:
            yield _fault(
                "lock_untried",
                Severity.WARNING,
                f"In {where} the lock was tried {_span(seen.at - each.at)} ago for the last time.",
                TRIED_AGAIN,
            )


TRIED_AGAIN = "It is tried daily and when a worker starts; see that a worker and the store are well."


def _erasures(seen: Seen) -> Iterator[Fault]:
    found = seen.found.erasures
    age = seen.at - found.since if found.since else timedelta(0)
    if found.denied:
        yield _fault(
            "erasure_denied",
            Severity.RED,
            f"The store refuses to delete {_count(found.denied, 'recording')} that must be erased.",
            "Give our account the right to list, read and delete versions; it is asked again by itself.",
        )
    if found.unlisted:
        yield _fault(
            "erasure_unlisted",
            Severity.RED,
            f"{_count(found.unlisted, 'recording')} to be erased are not deleted: the store leaves out of its listing "
            "versions that it has, so that more may lie under their keys.",
            "Have the store's index repaired; it is asked again by itself.",
        )
    yield from (_absent(each) for each in seen.found.absent)
    if found.waiting and age > ERASURE_LATE:
        yield _fault(
            "erasure_late",
            Severity.RED if age > ERASURE_TOO_LATE else Severity.WARNING,
            f"{_count(found.waiting, 'recording')} to be erased are not deleted yet, the oldest for {_span(age)}.",
            "See that a worker and the store are well; what is being produced is deleted when that has ended.",
        )


def _absent(each: AbsentBucket) -> Fault:
    where = f"the bucket {each.name}" if each.name else "the recordings' own bucket"
    waits = f"{_count(each.waiting, 'recording')} to be erased or let go of there"
    if each.is_taken_as_gone:
        said, action = f"{waits} are recorded as gone.", "Nothing: each is asked about once more."
        return _fault("bucket_taken_as_gone", Severity.NOTE, f"{where[0].upper()}{where[1:]} is gone: {said}", action)
    return _fault(
        "bucket_absent",
        Severity.RED,
        f"The store says since {each.since:%Y-%m-%d} that {where} does not exist: {waits} wait for it.",
        GONE_FOR_GOOD if each.name else "Put it back, or name the right bucket in the settings.",
    )


GONE_FOR_GOOD = "Put it back or let us see it; if it is gone for good, take it as gone on the operations page."


def _rounds(seen: Seen) -> Iterator[Fault]:
    for each in seen.running.rounds:
        if each.failure:
            yield _fault(
                "round_fails",
                Severity.WARNING,
                f"What is done again and again failed the last time: {_plain(each.name)}. {each.failure}",
                "It is made again at its next turn; see to what it names.",
            )
        elif seen.at - each.due_at > ROUND_LATE and seen.running.alive and not _is_of_the_gone(each, seen.at):
            yield _fault(
                "round_late",
                Severity.WARNING if each.name.startswith(OF_A_MACHINE) else Severity.RED,
                f"What is done again and again is late by {_span(seen.at - each.due_at)}: {_plain(each.name)}.",
                "Start the worker again; its log says what it is at.",
            )


def _is_of_the_gone(each: RoundState, at: datetime) -> bool:
    """Whether it is a machine's own, of one that no worker has been on for long."""
    return each.name.startswith(OF_A_MACHINE) and at - each.due_at > MACHINE_GONE


def _shared_spool(seen: Seen) -> Iterator[Fault]:
    if seen.elsewhere:
        yield _fault(
            "spool_not_shared",
            Severity.RED,
            "The spool that is seen from here is not that of every worker: "
            f"{', '.join(seen.elsewhere[:NAMED])}. What one gathers no other can seal.",
            "Mount one folder as spool on every machine, then start these workers again.",
            (each.case for each in seen.found.standing),
        )


def _answers(seen: Seen) -> Iterator[Fault]:
    for name, well in seen.answers.items():
        if not well:
            said, action = AWAY[name]
            touched = () if name == "mail" else (each.case for each in seen.found.standing)
            yield _fault(f"{name}_away", Severity.RED, said, action, touched)
    if not seen.timestamps_named:
        yield _fault(
            "no_timestamps",
            Severity.NOTE,
            "No timestamp authority is named: what is signed carries no independent timestamp.",
            "Name tsa_url and tsa_certificates in the settings.",
        )


AWAY = {
    "database": ("The database does not answer as it should.", "See that it runs and has this release's tables."),
    "store": (
        "The store does not answer, or does not let us in.",
        "See that it runs, and look at store_endpoint, store_access_key and store_secret_key.",
    ),
    "spool": ("The spool cannot be written.", "See to its disk and to who owns the folder."),
    "timestamps": ("The timestamp authority does not answer.", "See to tsa_url; what is to be signed waits for it."),
    "mail": ("The mail server does not answer, or does not let us in.", "See to mail_host, mail_user and its port."),
}


def _certificates(seen: Seen) -> Iterator[Fault]:
    for each in seen.certificates:
        left = each.at - seen.at
        if left < CERTIFICATE_ENDS:
            ends = "ended" if left < timedelta(0) else "ends"
            yield _fault(
                "certificate_ends",
                Severity.RED if left < CERTIFICATE_ENDS_SOON else Severity.WARNING,
                f"The certificate of {each.name} {ends} on {each.at:%Y-%m-%d}.",
                "Have a new one issued and name it in the settings.",
            )


def _disks(seen: Seen) -> Iterator[Fault]:
    for each in seen.disks:
        if each.free < DISK_LOW:
            yield _fault(
                "disk_low",
                Severity.RED if each.free < DISK_FULL else Severity.WARNING,
                f"{each.free / GIGABYTE:.1f} GB are free for the {each.name}.",
                "Make room: what is gathered needs its size once, what is bundled once more.",
            )


def _in_store(seen: Seen) -> Iterator[Fault]:
    number = sum(seen.found.in_store.values())
    if number:
        kinds = ", ".join(f"{count} {_plain(kind)}" for kind, count in sorted(seen.found.in_store.items()))
        yield _fault(
            "store_differs",
            Severity.WARNING,
            f"Catalogue and store differ in {_count(number, 'place')} ({kinds}).",
            "Look at each: desk catalogue unentered.",
        )


def _kept(seen: Seen) -> Iterator[Fault]:
    last = seen.found.recount
    if last and (last.days or last.cases):
        yield _fault(
            "counts_differ",
            Severity.RED,
            f"What is kept to be counted quickly differed on {last.at:%Y-%m-%d} from reading, for "
            f"{_count(last.days, 'day')} of recordings and {_count(last.cases, 'case')}: "
            "pages and proposals may count wrongly.",
            "Count anew: desk catalogue recount. If it comes again, find out what writes past the triggers.",
        )


def _alarms(seen: Seen) -> Iterator[Fault]:
    if seen.found.alarms:
        yield _fault(
            "canary_touched",
            Severity.RED,
            f"{_count(seen.found.alarms, 'alarm')}: somebody reached for a recording that nobody needs.",
            "An administrator looks into each and records what it was: /alarms.",
        )


# What is looked at, in the order in which it is shown.
CHECKS: tuple[tuple[str, Callable[[Seen], Iterable[Fault]]], ...] = (
    ("workers", _workers),
    ("queue", _queue),
    ("releases", _older),
    ("begun work", _stranded),
    ("productions", _productions),
    ("time limits", _overdue),
    ("unclaimed requests", _unclaimed),
    ("on-call roster", _roster),
    ("messages", _messages),
    ("holds", _holds),
    ("locks", _locks),
    ("erasures", _erasures),
    ("rounds", _rounds),
    ("shared spool", _shared_spool),
    ("services", _answers),
    ("certificates", _certificates),
    ("disks", _disks),
    ("catalogue and store", _in_store),
    ("kept counts", _kept),
    ("alarms", _alarms),
)


def _fault(name: str, severity: Severity, sentence: str, action: str, cases: Iterable[CaseDue] = ()) -> Fault:
    touched = dict.fromkeys(cases)
    due = [each.due for each in touched if each.due is not None]
    references = tuple(dict.fromkeys(each.reference for each in touched))
    return Fault(
        name=name,
        severity=severity,
        sentence=sentence.strip(),
        action=action,
        cases=references[:NAMED],
        deadline=min(due, default=None),
    )


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:  # noqa: PLR2004 — from two hours on hours say it better
        return _count(minutes, "minute")
    return _count(minutes // 60, "hour") if minutes < 48 * 60 else _count(minutes // 1440, "day")


def _plain(name: str) -> str:
    return name.replace("_", " ")
