"""Each fault has a name, the cases it touches, the deadline at risk and what to do next; what is well is said to be."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import NOW

from requests_portal.model.duty import Duty
from requests_portal.model.erasure import AbsentBucket, ErasureCounts
from requests_portal.model.escalation import Patience, Unclaimed
from requests_portal.model.hold import LockProbe
from requests_portal.model.production import ProductionState
from requests_portal.model.recount import Recount
from requests_portal.model.worker import Worker
from requests_portal.work.doctor import CHECKS, Disk, Ending, Seen, Severity, diagnose
from requests_portal.work.views.operations import CaseDue, HoldWaits, Operations, Standing, Unsent
from requests_portal.work.views.running import Pending, RoundState, Running

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANN = Worker(name="ann", id="1", seat="s", machine="m", version="3", began_at=NOW, beat_at=NOW)
DUE = CaseDue(reference="LE-2026-0007", due=NOW + 8 * HOUR)
LATER = CaseDue(reference="LE-2026-0009", due=NOW + 9 * DAY)
NOBODYS = CaseDue(reference="LE-2026-0008", due=NOW - HOUR, claimed=False)
FAILED = Standing(
    id="p", case=DUE, number=2, state=ProductionState.FAILED, version=3, failure="The disk was full.", next_try_at=None
)
GOING = replace(FAILED, id="q", case=LATER, state=ProductionState.GATHERING, failure="")
EMERGENCY = Unclaimed(case="c", reference="LE-2026-0007", received_at=NOW, due=NOW + 8 * HOUR)
ROSTER = Duty(who="ivan", mail="i@example.test", webhook="", begins=NOW - DAY, ends=NOW + 30 * DAY, order=1)
ROUND = RoundState(name="send", due_at=NOW, begun_at=NOW - MINUTE, ended_at=NOW - MINUTE, failure="")
PROBE = LockProbe(bucket="", at=NOW - HOUR, denied=True)
UNSENT = Unsent(template="hold_ends", at=NOW - HOUR, tries=3, failure="The mail server does not answer.")
CALL = replace(UNSENT, template="case_unclaimed", tries=0, failure="")
ABSENT = AbsentBucket(name="training", since=NOW - DAY, is_taken_as_gone=False, waiting=3)
NOTHING_ERASED = ErasureCounts(waiting=0, denied=0, since=None)
QUEUED = Pending(version="3", state="queued", worker="", count=4, oldest_at=NOW - MINUTE)


def everything_well(**changed):
    """A desk on which nothing is wrong, but for what is said."""
    running = Running(
        at=NOW,
        version="3",
        workers=(ANN,),
        pending=(QUEUED,),
        rounds=(ROUND,),
        probes=(PROBE,),
        clocks_due=2,
        clocks_overdue=0,
        clocks_unclaimed=0,
        holds_unconfirmed=0,
        messages_unsent=0,
    )
    found = Operations(
        standing=(GOING,),
        overdue=(),
        unclaimed=(),
        unsent=(),
        holds=(),
        duties=(ROSTER,),
        in_store={},
        erasures=ErasureCounts(waiting=0, denied=0, since=None),
    )
    seen = Seen(
        at=NOW,
        running=running,
        found=found,
        stuck=(),
        answers={"database": True, "store": True, "spool": True, "timestamps": True, "mail": True},
        certificates=(Ending(name="CN=Desk", at=NOW + 400 * DAY),),
        disks=(Disk(name="spool", free=100_000_000_000),),
        patience=Patience(last_resort="house@example.test"),
        mail_named=True,
        webhooks_named=True,
        timestamps_named=True,
    )
    for name, value in changed.items():
        if name in vars(running):
            seen = replace(seen, running=replace(seen.running, **{name: value}))
        elif name in vars(found):
            seen = replace(seen, found=replace(seen.found, **{name: value}))
        else:
            seen = replace(seen, **{name: value})
    return seen


def pending(**changed):
    return (replace(QUEUED, **changed),)


FAULTS = {
    "no worker is alive": ({"workers": ()}, "no_worker", "red", ("LE-2026-0009",)),
    "a worker is not heard of": (
        {"workers": (replace(ANN, beat_at=NOW - MINUTE),)},
        "no_worker",
        "red",
        ("LE-2026-0009",),
    ),
    "all workers drain": ({"workers": (replace(ANN, draining=True),)}, "all_drain", "warning", ()),
    "the queue waits": ({"pending": pending(oldest_at=NOW - 3 * MINUTE)}, "queue_waits", "warning", ("LE-2026-0009",)),
    "the queue waits too long": (
        {"pending": pending(oldest_at=NOW - 11 * MINUTE)},
        "queue_waits",
        "red",
        ("LE-2026-0009",),
    ),
    "work of another release": (
        {"pending": pending(version="2"), "stuck": (GOING,)},
        "older_release",
        "red",
        ("LE-2026-0009",),
    ),
    "work of a dead worker": (
        {"pending": pending(worker="bob", state="begun"), "stuck": (GOING,)},
        "stranded",
        "red",
        ("LE-2026-0009",),
    ),
    "a production failed": ({"standing": (FAILED,)}, "production_stuck", "red", ("LE-2026-0007",)),
    "a worker has another spool": ({"elsewhere": ("ann",)}, "spool_not_shared", "red", ("LE-2026-0009",)),
    "a production is stuck": ({"stuck": (GOING,)}, "production_stuck", "red", ("LE-2026-0009",)),
    "a production waits": (
        {"standing": (replace(FAILED, state=ProductionState.WAITING),)},
        "production_waits",
        "warning",
        ("LE-2026-0007",),
    ),
    "an answer is late": ({"overdue": (replace(DUE, due=NOW - DAY),)}, "overdue", "warning", ("LE-2026-0007",)),
    "an answer is late and nobody's": ({"overdue": (NOBODYS,)}, "overdue_unclaimed", "red", ("LE-2026-0008",)),
    "an emergency is unclaimed": ({"unclaimed": (EMERGENCY,)}, "unclaimed", "warning", ("LE-2026-0007",)),
    "it is unclaimed after three calls": (
        {"unclaimed": (replace(EMERGENCY, steps=3),)},
        "unclaimed",
        "red",
        ("LE-2026-0007",),
    ),
    "it is unclaimed with an hour left": (
        {"unclaimed": (replace(EMERGENCY, received_at=NOW - 7 * HOUR, due=NOW + HOUR),)},
        "unclaimed",
        "red",
        ("LE-2026-0007",),
    ),
    "nobody is on call": ({"duties": (), "patience": Patience()}, "no_roster", "warning", ()),
    "the roster has a gap": (
        {"duties": (replace(ROSTER, begins=NOW + HOUR),)},
        "roster_gap",
        "warning",
        (),
    ),
    "the roster ends": ({"duties": (replace(ROSTER, ends=NOW + 3 * DAY),)}, "roster_ends", "warning", ()),
    "nothing carries messages": ({"mail_named": False, "webhooks_named": False}, "no_mail_server", "note", ()),
    "a message fails": ({"unsent": (UNSENT,)}, "messages_unsent", "warning", ()),
    "a message fails for a day": ({"unsent": (replace(UNSENT, at=NOW - 2 * DAY),)}, "messages_unsent", "red", ()),
    "a call does not go out": ({"unsent": (CALL,)}, "messages_unsent", "red", ()),
    "a hold is not confirmed": (
        {"holds": (HoldWaits(case=DUE, count=3, since=NOW - HOUR),)},
        "holds_unconfirmed",
        "red",
        ("LE-2026-0007",),
    ),
    "a lock is broken": ({"probes": (replace(PROBE, denied=False),)}, "lock_broken", "red", ()),
    "a lock could not be tried": ({"probes": (replace(PROBE, denied=None),)}, "lock_untried", "warning", ()),
    "a lock was tried long ago": ({"probes": (replace(PROBE, at=NOW - 3 * DAY),)}, "lock_untried", "warning", ()),
    "an erasure is denied": (
        {"erasures": ErasureCounts(waiting=0, denied=2, since=NOW)},
        "erasure_denied",
        "red",
        (),
    ),
    "an erasure cannot be believed": (
        {"erasures": ErasureCounts(waiting=0, denied=0, unlisted=2, since=NOW)},
        "erasure_unlisted",
        "red",
        (),
    ),
    "a bucket does not exist": ({"absent": (ABSENT,)}, "bucket_absent", "red", ()),
    "the own bucket does not exist": ({"absent": (replace(ABSENT, name=""),)}, "bucket_absent", "red", ()),
    "a bucket is taken as gone": (
        {"absent": (replace(ABSENT, is_taken_as_gone=True),)},
        "bucket_taken_as_gone",
        "note",
        (),
    ),
    "an erasure waits": (
        {"erasures": ErasureCounts(waiting=2, denied=0, since=NOW - 2 * DAY)},
        "erasure_late",
        "warning",
        (),
    ),
    "an erasure is late": (
        {"erasures": ErasureCounts(waiting=2, denied=0, since=NOW - 8 * DAY)},
        "erasure_late",
        "red",
        (),
    ),
    "a machine's round is late": (
        {"rounds": (replace(ROUND, name="clear one", due_at=NOW - DAY),)},
        "round_late",
        "warning",
        (),
    ),
    "a round fails": ({"rounds": (replace(ROUND, failure="It broke."),)}, "round_fails", "warning", ()),
    "a round is late": ({"rounds": (replace(ROUND, due_at=NOW - HOUR),)}, "round_late", "red", ()),
    "the store is away": ({"answers": {"store": False}}, "store_away", "red", ("LE-2026-0009",)),
    "the database is away": ({"answers": {"database": False}}, "database_away", "red", ("LE-2026-0009",)),
    "the spool cannot be written": ({"answers": {"spool": False}}, "spool_away", "red", ("LE-2026-0009",)),
    "the authority is away": ({"answers": {"timestamps": False}}, "timestamps_away", "red", ("LE-2026-0009",)),
    "the mail server is away": ({"answers": {"mail": False}}, "mail_away", "red", ()),
    "no authority is named": ({"timestamps_named": False}, "no_timestamps", "note", ()),
    "a certificate ends": (
        {"certificates": (Ending(name="CN=Desk", at=NOW + 30 * DAY),)},
        "certificate_ends",
        "warning",
        (),
    ),
    "a certificate has ended": (
        {"certificates": (Ending(name="CN=Desk", at=NOW - DAY),)},
        "certificate_ends",
        "red",
        (),
    ),
    "a disk fills": ({"disks": (Disk(name="spool", free=1_000_000_000),)}, "disk_low", "warning", ()),
    "a disk is full": ({"disks": (Disk(name="spool", free=1_000_000),)}, "disk_low", "red", ()),
    "catalogue and store differ": ({"in_store": Counter(missing=2)}, "store_differs", "warning", ()),
    "kept days differ": ({"recount": Recount(at=NOW - HOUR, days=3, cases=0)}, "counts_differ", "red", ()),
    "kept cases differ": ({"recount": Recount(at=NOW - HOUR, days=0, cases=1)}, "counts_differ", "red", ()),
    "somebody reached for a canary": ({"alarms": 1}, "canary_touched", "red", ()),
}


def test_a_desk_on_which_nothing_is_wrong_has_no_fault_and_every_check_is_named():
    found = diagnose(everything_well())

    assert found.faults == ()
    assert not found.is_red
    assert found.well == tuple(name for name, _ in CHECKS)
    assert found.standing == ()


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_named_with_its_cases_and_what_to_do(kind):
    changed, name, severity, cases = FAULTS[kind]

    found = diagnose(everything_well(**changed))

    fault = next(each for each in found.faults if each.name == name)
    assert (fault.severity, fault.cases) == (severity, cases)
    assert fault.sentence.endswith(".")
    assert fault.action
    assert found.is_red == any(each.severity == "red" for each in found.faults)
    also = {"production_stuck"} if "stuck" in changed else set()
    assert {each.name for each in found.faults} == {name} | also


def test_the_deadline_at_risk_is_the_soonest_of_the_cases_touched():
    found = diagnose(everything_well(standing=(GOING, FAILED), answers={"store": False}))

    away = next(each for each in found.faults if each.name == "store_away")
    assert away.cases == ("LE-2026-0009", "LE-2026-0007")
    assert away.deadline == DUE.due


def test_what_is_kept_otherwise_is_counted_and_no_fault_where_nothing_differs():
    (fault,) = diagnose(everything_well(recount=Recount(at=NOW, days=3, cases=1))).faults

    assert "3 days of recordings and 1 case:" in fault.sentence
    assert "desk catalogue recount" in fault.action
    assert diagnose(everything_well(recount=Recount(at=NOW, days=0, cases=0))).faults == ()


def test_what_is_red_comes_first():
    found = diagnose(everything_well(in_store={"missing": 1}, workers=(), timestamps_named=False))

    assert [each.severity for each in found.faults] == [Severity.RED, Severity.WARNING, Severity.NOTE]


def test_an_unclaimed_emergency_that_can_wake_nobody_is_red_and_says_so():
    found = diagnose(everything_well(unclaimed=(EMERGENCY,), duties=(), patience=Patience()))

    fault = next(each for each in found.faults if each.name == "unclaimed")
    assert fault.severity is Severity.RED
    assert "nobody to wake" in fault.sentence


def test_of_thousands_of_cases_the_first_are_named_and_all_are_counted():
    late = tuple(CaseDue(reference=f"LE-2026-{n:04}", due=NOW - n * HOUR) for n in range(1, 3000))

    fault = diagnose(everything_well(overdue=late)).faults[0]

    assert len(fault.cases) == 20
    assert "2,999 requests" in fault.sentence
    assert fault.deadline == NOW - 2999 * HOUR


def test_what_a_machine_did_that_is_no_more_is_not_missed():
    rounds = (replace(ROUND, name="clear one", due_at=NOW - 10 * DAY),)

    assert diagnose(everything_well(rounds=rounds)).faults == ()
