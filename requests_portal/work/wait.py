"""Wait: what gathering or signing needs is away for now; the production is tried again by itself, for two days.

In an emergency it leaves without a timestamp.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from requests_portal.bundle.contents import Signer, Timestamper
from requests_portal.bundle.timestamp import Timestamped, WrongTimestamp
from requests_portal.errors import Away, Conflict
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.production import Production, ProductionState
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.standing import still_covers

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
# Then a person decides whether to go on waiting: a statutory day may come closer.
AT_MOST = timedelta(days=2)
EMERGENCY = "emergency_request"


class InAnEmergency:
    """A signer that timestamps when it can and signs all the same when it cannot; fulfils `Signer`."""

    def __init__(self, signer: Signer, timestamper: Timestamper) -> None:
        self._signer = signer
        self._stamped = Timestamped(signer, timestamper)

    @property
    def certificate_pem(self) -> bytes:
        """The signing certificate."""
        return self._signer.certificate_pem

    @property
    def chain_pem(self) -> tuple[bytes, ...]:
        """The issuers' certificates, nearest first."""
        return self._signer.chain_pem

    def sign_cms(self, digest: bytes, *, at: datetime) -> bytes:
        """Return a signature with a timestamp, or without one where the authority gives none that can be relied on."""
        bare = self._signer.sign_cms(digest, at=at)
        try:
            return self._stamped.stamped(bare)
        except (Away, WrongTimestamp):
            return bare


def signer_for(outside: Outside, case: Case) -> Signer:
    """The signer for a case: it timestamps what it signs, unless there is no authority, or lives hang on the hour."""
    if outside.timestamper is None:
        return outside.signer
    if cannot_wait(case):
        return InAnEmergency(outside.signer, outside.timestamper)
    return Timestamped(outside.signer, outside.timestamper)


def cannot_wait(case: Case) -> bool:
    """Whether a case is an emergency that one lawyer decided and a second one approved."""
    return case.facts.get("process") == EMERGENCY and case.decision is not None and case.approval is not None


def record_waiting(work: Work, production_id: str, sentence: str) -> None:
    """Record that a production waits for what signing needs, and try again later; after two days a person decides."""
    production = work.productions.get(production_id)
    if production.state is not ProductionState.SEALING:
        return
    since = production.waiting_since or work.now()
    waited = work.now() - since
    pause = next_pause(waited)
    waiting = production.moved(
        ProductionState.WAITING, failure=sentence, waiting_since=since, next_try_at=work.now() + pause
    )
    if waited >= AT_MOST:
        _give_up(work, waiting)
        return
    work.productions.put(waiting)
    if production.waiting_since is None:
        work.audit.add("signing_waits", by=SYSTEM, case=production.case, numbers={"production": production.number})
    work.queue.enqueue("seal", production.id, after=pause)


def record_absent_store(work: Work, production_id: str, sentence: str) -> None:
    """Record that the store did not answer: gathering stops, in red, and is tried again until two days are over."""
    production = work.productions.get(production_id)
    if production.state not in {ProductionState.RESERVED, ProductionState.GATHERING}:
        return
    since = production.waiting_since or work.now()
    waited = work.now() - since
    stopped = production.moved(ProductionState.FAILED, failure=sentence, waiting_since=since)
    if waited >= AT_MOST:
        _give_up(work, stopped)
        return
    pause = next_pause(waited)
    work.productions.put(replace(stopped, next_try_at=work.now() + pause))
    if production.waiting_since is None:
        work.audit.add("production_failed", by=SYSTEM, case=production.case, numbers={"production": production.number})
    work.queue.enqueue("produce", production.id, after=pause)


def next_pause(waited: timedelta) -> timedelta:
    """How long to wait before the next attempt: half as long as was waited so far, within a minute and an hour."""
    return min(max(waited / 2, SHORTEST), LONGEST)


def try_now(work: Work, production_id: str, *, by: Actor) -> Production:
    """Try a waiting production at once instead of at its time."""
    by = by.must(Act.PRODUCE)
    production = work.productions.get(production_id)
    if production.state is not ProductionState.WAITING:
        raise Conflict(f"This production is {production.state}; only one that waits is tried at once. Reload the page.")
    still_covers(work, work.cases.get(production.case, by=by), production)
    tried = work.productions.put(production.moved(ProductionState.WAITING, next_try_at=work.now()))
    work.audit.add("production_retried", by=by, case=production.case, numbers={"production": production.number})
    work.queue.enqueue("seal", production.id)
    return tried


def _give_up(work: Work, production: Production) -> None:
    sentence = f"{production.failure} It was tried for {AT_MOST.days} days."
    work.productions.put(
        replace(production, state=ProductionState.FAILED, failure=sentence, waiting_since=None, next_try_at=None)
    )
    work.audit.add("production_failed", by=SYSTEM, case=production.case, numbers={"production": production.number})
