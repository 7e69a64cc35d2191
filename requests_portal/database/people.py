"""The one guarded place that maps an account to its customer, and the record sets that are not audio."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Interval, Scope
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.tables import customers, devices, record_rows, record_sources
from requests_portal.errors import NotFound
from requests_portal.work.ports import Customer

DAY = len("2026-05-01")


class SqlCustomers:
    """Fulfils the Customers port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, account: str) -> Customer:
        """The customer who has this account."""
        body = self._session.execute(select(customers.c.body).where(customers.c.account == account)).scalar()
        if body is None:
            raise NotFound("We know no account with this number. Check it, or leave the account open.")
        found: Customer = from_json(body, Customer)
        return found

    def flags(self, account: str) -> frozenset[str]:
        """What our records flag about an account; nothing about one that we do not know."""
        body = self._session.execute(select(customers.c.body).where(customers.c.account == account)).scalar()
        found: Customer | None = None if body is None else from_json(body, Customer)
        return found.flags if found else frozenset()

    def add(self, customer: Customer, *, serials: Iterable[tuple[str, str]]) -> None:
        """Enter a customer with the serial and name of each of their devices."""
        self._session.execute(insert(customers).values(account=customer.account, body=to_json(customer)))
        rows = [{"serial": serial, "account": customer.account, "name": name} for serial, name in serials]
        if rows:
            self._session.execute(insert(devices), rows)


class SqlRecordSets:
    """Fulfils the RecordSets port from tables filled by the company's own systems."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(
        self, data_class: str, account: str, scope: Scope
    ) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The source's name, its columns, and the account's rows of the scope's period and devices, in order."""
        source = self._session.execute(select(record_sources).where(record_sources.c.data_class == data_class)).first()
        if source is None:
            raise NotFound(f"No source is named for {data_class}. Name one in the settings.")
        rows = self._session.execute(
            select(record_rows.c.row)
            .where(record_rows.c.data_class == data_class, record_rows.c.account == account)
            .order_by(record_rows.c.position)
        ).scalars()
        found = [tuple(json.loads(row)) for row in rows]
        if source.from_column is not None:
            zone = self._zone(account)
            first, last = source.from_column, source.to_column
            found = [row for row in found if _within(row[first], row[last], scope.interval, zone)]
        if source.device_column is not None and not isinstance(scope.devices, Every):
            found = [row for row in found if row[source.device_column] in scope.devices]
        return source.name, tuple(json.loads(source.columns)), tuple(found)

    def _zone(self, account: str) -> ZoneInfo:
        """The customer's clock, by which a row that bears only a day is of that day."""
        body = self._session.execute(select(customers.c.body).where(customers.c.account == account)).scalar()
        found: Customer | None = None if body is None else from_json(body, Customer)
        return ZoneInfo(found.zone if found else "UTC")

    def add_source(
        self,
        data_class: str,
        name: str,
        columns: tuple[str, ...],
        period: tuple[int, int] | None,
        *,
        device: int | None = None,
    ) -> None:
        """Name a source; `period` says which columns hold a row's first and last moment, `device` which its serial."""
        first, last = period or (None, None)
        values = {"data_class": data_class, "name": name, "columns": json.dumps(columns)}
        self._session.execute(
            insert(record_sources).values(**values, from_column=first, to_column=last, device_column=device)
        )

    def add_rows(self, data_class: str, account: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Enter an account's rows."""
        values = [
            {"data_class": data_class, "account": account, "position": position, "row": json.dumps(row)}
            for position, row in enumerate(rows)
        ]
        if values:
            self._session.execute(insert(record_rows), values)


def _within(first: str, last: str, interval: Interval, zone: ZoneInfo) -> bool:
    """Whether a row's time touches the period; a bare day is the whole day in `zone`, a bare moment is in UTC."""
    return _moment(first, zone) < interval.end and _moment(last, zone, end_of_day=True) >= interval.start


def _moment(text: str, zone: ZoneInfo, *, end_of_day: bool = False) -> datetime:
    moment = datetime.fromisoformat(text)
    if len(text) != DAY:
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # The next midnight there, less a moment: days are of 23 and of 25 hours, too.
    begins = moment + timedelta(days=1) if end_of_day else moment
    return begins.replace(tzinfo=zone).astimezone(UTC) - timedelta(microseconds=1 if end_of_day else 0)
