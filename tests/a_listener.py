"""Somebody who listens, and the worker that reports who did once the month is over."""

from datetime import UTC, datetime

from a_house import MAYA

from requests_portal.model.listening import Purpose
from requests_portal.work.listen import grant, play
from requests_portal.work.outside import Outside
from requests_portal.work.report_listening import report_listening

EVENING, LATER = "i-03142104", "i-03142137"
# The log of the house begins in November, in UTC, where it is.
AFTER = datetime(2026, 12, 1, 1, tzinfo=UTC)


def hear(house, case, recording=EVENING, *, by=MAYA, purpose=Purpose.FIND_OTHERS, parts=((0, 1500), (1500, 2000))):
    """Hear a recording for the case, its header first, as a browser does."""
    house.act(grant, case.id, recording, purpose=purpose, words="", by=by)
    for start, end in ((0, 0), *parts):
        house.act(play, case.id, recording, from_ms=start, to_ms=end, by=by)


def go_round(house):
    others = dict.fromkeys(("store", "vault", "spool", "scratch", "signer"))
    report_listening(Outside(unit_of_work=house.ledger.unit_of_work, reading=house.ledger.reading, **others))
