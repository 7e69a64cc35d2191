"""Canaries: planted among the recordings, of no use to anybody; reaching for one is refused like anything unknown.

Whoever reaches for one learns nothing by it. An entry in the log, a red fault and a message to the administrators and
auditors say who it was, until an administrator other than that person has looked into it.
"""

from collections.abc import Sequence
from dataclasses import replace

from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Act, Actor, Role
from requests_portal.model.canary import Alarm, Touch
from requests_portal.model.case import Case
from requests_portal.model.message import Message
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work

TOLD = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
LONGEST_WORDS = 1000


def plant(work: Work, recordings: Sequence[Recording], *, by: Actor) -> None:
    """Enter recordings that lie in the store as canaries; which they are stands in no entry of the log."""
    by = by.must(Act.PLANT_CANARIES)
    work.canaries.plant(recordings, at=work.now())
    work.audit.add("canaries_planted", by=by, numbers={"recordings": len(recordings)})


def watch_what_is_sought(work: Work, case: Case, *, by: Actor) -> None:
    """Raise an alarm where a case seeks what is a canary's: no customer has that account, and no demand can know it."""
    accounts = {str(each) for line in case.lines for each in _named(line.scope.accounts)}
    devices = {str(each) for line in case.lines for each in _named(line.scope.devices)}
    if work.canaries.are_sought(sorted(accounts), sorted(devices)):
        raise_alarm(work, Touch.SOUGHT, case=case.id, by=by)


def raise_alarm(work: Work, how: Touch, *, case: str | None, by: Actor) -> None:
    """Record that somebody reached for a canary, and tell whoever is not that person."""
    at = work.now()
    alarm = Alarm(id=work.new_id(), person=by.id, role=str(by.role), how=how, case=case, at=at, last_at=at)
    if not work.canaries.alarm(alarm):
        return
    work.audit.add("canary_touched", by=by, case=case, words={"how": str(how)})
    words = {"link": f"{work.house.public_url}/alarms"}
    for each in work.staff.all():
        if each.left_at is None and each.id != by.id and each.roles & TOLD:
            message = Message(key=f"canary-{alarm.id}-{each.id}", to=each.id, template="canary_touched", words=words)
            work.messages.add(message, id=work.new_id(), at=at)


def acknowledge(work: Work, alarm_id: str, *, words: str, by: Actor) -> Alarm:
    """Record what looking into an alarm showed; whom it is about cannot."""
    by = by.must(Act.ACKNOWLEDGE_ALARM)
    alarm = work.canaries.get(alarm_id)
    if alarm.person == by.id:
        raise Forbidden("This alarm is about you, so a different administrator has to look into it.")
    if not alarm.is_open:
        raise Conflict("Somebody has looked into this alarm already. Reload the page.")
    if not words.strip():
        raise Unusable("Say what looking into it showed.")
    done = replace(alarm, acknowledged_by=by.id, acknowledged_at=work.now(), words=words.strip()[:LONGEST_WORDS])
    work.canaries.put(done)
    work.audit.add(
        "canary_acknowledged",
        by=by,
        case=alarm.case,
        private={"alarm": alarm.id, "words": done.words},
    )
    return done


def _named(some: object) -> Sequence[str]:
    return sorted(some) if isinstance(some, frozenset) else ()
