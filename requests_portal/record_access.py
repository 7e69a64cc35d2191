"""The record sets' sources, as the settings name them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from requests_portal.database.record_query import Query
from requests_portal.database.record_sources import NamedSource
from requests_portal.settings import RecordSource, Settings
from requests_portal.storage.record_file import RecordFile


def record_sources(settings: Settings) -> Mapping[str, NamedSource]:
    """Each named source by its class; raises Unusable for a query that cannot be asked."""
    return {each.data_class: _named(each) for each in settings.record_sets}


def _named(source: RecordSource) -> NamedSource:
    file = RecordFile(source.name, Path(source.csv), account_column=source.account_column)
    door = Query(source.name, source.url, source.sql) if source.sql else file
    return NamedSource(
        name=source.name,
        digest=hashlib.sha256((source.sql or f"csv {source.csv}").encode()).hexdigest(),
        read=door.read,
        columns=source.columns,
        account_column=source.account_column,
        from_column=source.from_column,
        to_column=source.to_column,
        device_column=source.device_column,
    )
