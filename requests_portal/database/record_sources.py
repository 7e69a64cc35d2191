"""The record sets' named sources: read for one account, narrowed to the scope here, whatever the source gave."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from legal_rules.scope import Every, Interval, Scope
from requests_portal.errors import Unusable

DAY = len("2026-05-01")
Row = tuple[str, ...]


class BadRecords(Unusable):
    """What a source gave cannot be relied on, so that nothing of it is given out."""

    code = "bad_records"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a source is asked for; no devices mean every one."""

    account: str
    interval: Interval
    devices: frozenset[str] | None


@dataclass(frozen=True, kw_only=True)
class NamedSource:
    """One source: `read` gives its columns and an account's rows; the columns named here narrow and check them."""

    name: str
    digest: str
    read: Callable[[Asked], tuple[Row, Iterable[Row]]]
    columns: Row
    account_column: str
    from_column: str
    to_column: str
    device_column: str

    def of(self, account: str, scope: Scope, zone: ZoneInfo) -> tuple[str, Row, tuple[Row, ...]]:
        """The source's name, the columns to be given out, and the account's rows within the scope."""
        devices = None if isinstance(scope.devices, Every) else scope.devices
        columns, rows = self.read(Asked(account=account, interval=scope.interval, devices=devices))
        places = {name: place for place, name in enumerate(columns)}
        self._check(columns, places)
        given = [places[each] for each in self.columns or columns]
        whose, device = places.get(self.account_column), places.get(self.device_column)
        first, last = places.get(self.from_column), places.get(self.to_column)
        found = []
        for row in rows:
            if whose is not None and row[whose] != account:
                raise BadRecords(f"{self.name} gave a row of another account. Have its query looked at.")
            if first is not None and last is not None and not self._is_within(row[first], row[last], scope, zone):
                continue
            if device is None or devices is None or row[device] in devices:
                found.append(tuple(row[place] for place in given))
        return self.name, tuple(columns[place] for place in given), tuple(found)

    def _check(self, columns: Row, places: dict[str, int]) -> None:
        if len(places) != len(columns):
            raise BadRecords(f"{self.name} gives two columns of one name. Have its query looked at.")
        named = (*self.columns, self.account_column, self.from_column, self.to_column, self.device_column)
        missing = [each for each in named if each and each not in places]
        if missing:
            raise BadRecords(f"{self.name} has no column {missing[0]}, which the settings name.")

    def _is_within(self, first: str, last: str, scope: Scope, zone: ZoneInfo) -> bool:
        """Whether a row touches the period; one that has not ended yet goes on."""
        try:
            return within_period(first, last or scope.interval.end.isoformat(), scope.interval, zone)
        except (ValueError, OverflowError) as error:
            raise BadRecords(f"{self.name} gave a row whose moment cannot be read. Have it looked at.") from error


def within_period(first: str, last: str, interval: Interval, zone: ZoneInfo) -> bool:
    """Whether a row's time touches the period; a bare day is the whole day in `zone`, a bare moment is in UTC."""
    return _moment(first, zone) < interval.end and _moment(last, zone, end_of_day=True) >= interval.start


def _moment(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime:
    moment = datetime.fromisoformat(text)
    if len(text) != DAY:
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # The next midnight there, less a moment: days are of 23 and of 25 hours, too.
    begins = moment + timedelta(days=1) if end_of_day else moment
    return begins.replace(tzinfo=zone).astimezone(UTC) - timedelta(microseconds=1 if end_of_day else 0)
