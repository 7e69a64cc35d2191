"""`desk catalogue reconcile`: an inventory against the catalogue; what differs is counted and listed.

Without being asked nothing is changed. When asked, each key that differs is looked at in the store itself: an inventory
is a day old, and what it says is only where to look.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from requests_portal.database.engine import connect, reading
from requests_portal.database.in_store import SqlInStore
from requests_portal.database.schema import prepare
from requests_portal.errors import Unusable
from requests_portal.model.in_store import Applied, Difference, Kind, Place
from requests_portal.settings import Settings
from requests_portal.spreadsheet import safe_cell
from requests_portal.storage.inventory import Inventory
from requests_portal.storage.sorted_rows import SortedRows
from requests_portal.work.compare import Listed, Tally, compare

COLUMNS = ("kind", "key", "version_id", "size")
CHANGES = (Kind.NEWER_VERSION, Kind.OTHER_SIZE, Kind.VERSION_GONE)
GROUPS = {
    "adds": (Kind.NOT_ENTERED,),
    "changes": CHANGES,
    "missing": (Kind.MISSING,),
    "delete_markers": (Kind.DELETE_MARKER,),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """An inventory beside the catalogue."""

    inventory: Inventory
    bucket: str
    rows: int
    tally: Tally
    lists: Path
    applied: Applied | None

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.tally.counts.total()

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        made_at = self.inventory.made_at
        return {
            "agrees": self.agrees,
            "inventory": {
                "bucket": self.bucket,
                "made_at": made_at.isoformat() if made_at else None,
                "format": self.inventory.form,
                "files": len(self.inventory.files),
                "rows": self.rows,
                "sha256": self.inventory.sha256,
            },
            "catalogued": self.tally.recordings,
            "same": self.tally.same,
            "later_than_inventory": self.tally.later,
            **{name: self._group(kinds) for name, kinds in GROUPS.items()},
            "lists": str(self.lists),
            "applied": vars(self.applied) if self.applied else None,
        }

    def _group(self, kinds: Sequence[Kind]) -> dict[str, Any]:
        counts = {str(kind): self.tally.counts[kind] for kind in kinds}
        first = [each._asdict() for kind in kinds for each in self.tally.first[kind]]
        return {"count": sum(counts.values()), "by_kind": counts, "first": first}


def reconcile(settings: Settings, inventory: Inventory, *, apply: bool, lists: Path) -> Report:
    """Compare, write every difference into the file `lists`, and look at each key that differs if asked to."""
    engine, tally = connect(settings.database_url), Tally()
    prepare(engine)
    with TemporaryDirectory(dir=settings.scratch, prefix="tmp-reconcile-") as folder:
        keys = Path(folder) / "keys"
        with SortedRows(Path(folder) / "rows") as rows, Session(reading(engine)) as session:
            in_store = SqlInStore(session)
            place = _place(settings, inventory, in_store)
            count = rows.take(inventory.rows())
            _write(compare(rows.in_order(), in_store.by_key(place), _listed(inventory), tally), lists, keys)
        engine.dispose()
        applied = _apply(settings, place, keys, tally, inventory) if apply else None
    return Report(inventory=inventory, bucket=place.name, rows=count, tally=tally, lists=lists, applied=applied)


def _place(settings: Settings, inventory: Inventory, in_store: SqlInStore) -> Place:
    own = settings.recordings_bucket
    place = Place(name=inventory.bucket, is_own=inventory.bucket == own)
    if not place.is_own and not in_store.has_anything(place):
        raise Unusable(f"This is an inventory of {place.name}, where nothing is catalogued; our bucket is {own}.")
    return place


def _listed(inventory: Inventory) -> Listed:
    columns = inventory.columns
    return Listed(
        made_at=inventory.made_at,
        names_versions=columns.names_versions,
        every_version=columns.lists_every_version,
    )


def _write(found: Iterator[Difference], lists: Path, keys: Path) -> None:
    """All that differs, for people, and the keys once each, for what comes after."""
    with lists.open("w", encoding="utf-8", newline="") as file, keys.open("w", encoding="utf-8") as to_look_at:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for key, differences in groupby(found, key=attrgetter("key")):
            to_look_at.write(json.dumps(key) + "\n")
            table.writerows((str(e.kind), safe_cell(key), safe_cell(e.version_id), e.size) for e in differences)


def _apply(settings: Settings, place: Place, keys: Path, tally: Tally, inventory: Inventory) -> Applied:
    # What only looks and counts does without half of the house.
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.store_access import objects_in  # noqa: PLC0415
    from requests_portal.work.apply_inventory import apply_inventory, record_applied  # noqa: PLC0415

    desk = open_desk(settings)
    try:
        with keys.open(encoding="utf-8") as file:
            applied = apply_inventory(
                desk.outside, objects_in(settings, place), map(json.loads, file), new_id=desk.ledger.new_id
            )
        with desk.outside.unit_of_work() as work:
            record_applied(work, applied, inventory=inventory.sha256, differences=tally.counts.total())
    finally:
        desk.close()
    return applied
