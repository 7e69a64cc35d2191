"""Scopes as SQL: the recordings that any of them covers."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from legal_rules.scope import Every, Scope
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recordings


def within(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    """The condition that a recording's account, device and moment lie in one of the scopes."""
    return or_(false(), *(_in_box(scope) for scope in dict.fromkeys(scopes)))


def _in_box(scope: Scope) -> ColumnElement[bool]:
    conditions = [
        recordings.c.recorded_at >= to_text(scope.interval.start),
        recordings.c.recorded_at < to_text(scope.interval.end),
    ]
    if not isinstance(scope.accounts, Every):
        conditions.append(recordings.c.account.in_(sorted(scope.accounts)))
    if not isinstance(scope.devices, Every):
        conditions.append(recordings.c.device.in_(sorted(scope.devices)))
    return and_(*conditions)
