"""The one guarded place that maps an account to its customer, and the record sets that are not audio."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Scope
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.record_sources import NamedSource, within_period
from requests_portal.database.tables import contact_changes, customers, devices, record_rows, record_sources
from requests_portal.errors import NotFound
from requests_portal.model.contact import Contact, ContactChange
from requests_portal.work.ports import Customer


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

    def by_mail(self, mail: str) -> Sequence[Customer]:
        """The customers who gave us this address, however it is written."""
        query = select(customers.c.body).where(customers.c.mail == folded(mail)).order_by(customers.c.account)
        return [from_json(body, Customer) for body in self._session.execute(query).scalars()]

    def put(self, customer: Customer) -> Customer | None:
        """Enter or change the customer, whose flags stay; who they were before, None where they are new."""
        here = customers.c.account == customer.account
        body = self._session.execute(select(customers.c.body).where(here)).scalar()
        if body is None:
            self.add(customer, serials=())
            return None
        known: Customer = from_json(body, Customer)
        new = replace(customer, flags=known.flags)
        if new != known:
            values = {"mail": folded(new.email), "body": to_json(new)}
            self._session.execute(update(customers).where(here).values(**values))
        return known

    def contact_changed(self, change: ContactChange) -> None:
        """Keep that a way to reach the account was changed, and what it was before."""
        values = {**vars(change), "contact": str(change.contact), "at": to_text(change.at)}
        self._session.execute(insert(contact_changes).values(**values))

    def contact_changes(self, account: str) -> Sequence[ContactChange]:
        """Every change of how the account is reached, the newest first."""
        query = select(contact_changes).where(contact_changes.c.account == account)
        rows = self._session.execute(query.order_by(contact_changes.c.at.desc(), contact_changes.c.id.desc()))
        return [
            ContactChange(
                id=row.id, account=row.account, contact=Contact(row.contact), earlier=row.earlier, at=from_text(row.at)
            )
            for row in rows
        ]

    def add(self, customer: Customer, *, serials: Iterable[tuple[str, str]]) -> None:
        """Enter a customer with the serial and name of each of their devices."""
        values = {"account": customer.account, "mail": folded(customer.email), "body": to_json(customer)}
        self._session.execute(insert(customers).values(**values))
        rows = [{"serial": serial, "account": customer.account, "name": name} for serial, name in serials]
        if rows:
            self._session.execute(insert(devices), rows)


def folded(mail: str) -> str:
    """A mail address as it is compared."""
    return mail.strip().lower()


class SqlRecordSets:
    """Fulfils the RecordSets port from tables filled by the company's own systems."""

    def __init__(self, session: Session, sources: Mapping[str, NamedSource] | None = None) -> None:
        self._session = session
        self._sources = sources or {}

    def origin(self, data_class: str) -> str:
        """The digest of the query or file by which the settings name a source; empty for the desk's own tables."""
        return self._sources[data_class].digest if data_class in self._sources else ""

    def read(
        self, data_class: str, account: str, scope: Scope
    ) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """The source's name, its columns, and the account's rows of the scope's period and devices, in order.

        Raises Away where a source does not answer, and Unusable where its answer cannot be relied on: a source that
        fails never looks like one without records.
        """
        if data_class in self._sources:
            return self._sources[data_class].of(account, scope, self._zone(account))
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
            found = [row for row in found if within_period(row[first], row[last], scope.interval, zone)]
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
