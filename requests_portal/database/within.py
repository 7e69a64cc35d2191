"""Scopes as SQL: the recordings that any of them covers."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from legal_rules.scope import Every, Scope
from requests_portal.database.canary_rows import of_no_canary
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recordings
from requests_portal.work.selection import OF_RECORDINGS


def within(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    """The condition that a recording's account, device and moment lie in one of the scopes."""
    # Scopes that differ by class alone are one box: a choice between two would keep an index from being read in order.
    boxes = {(scope.accounts, scope.devices, scope.interval): scope for scope in scopes}
    return or_(false(), *map(_in_box, boxes.values()))


def of_recordings(scope: Scope) -> bool:
    """Whether a class of the scope is one that recordings are of; the others have sources of their own."""
    return isinstance(scope.classes, Every) or not OF_RECORDINGS.isdisjoint(scope.classes)


def _in_box(scope: Scope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        recordings.c.recorded_at >= to_text(scope.interval.start),
        recordings.c.recorded_at < to_text(scope.interval.end),
        of_no_canary(),
    ]
    if not isinstance(scope.accounts, Every):
        conditions.append(recordings.c.account.in_(sorted(scope.accounts)))
    if not isinstance(scope.devices, Every):
        conditions.append(recordings.c.device.in_(sorted(scope.devices)))
    return and_(*conditions)
