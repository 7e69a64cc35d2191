"""What is read before a production's documents are written."""

from collections.abc import Mapping
from dataclasses import dataclass

from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case
from requests_portal.model.production import Production
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is read before the file is written: the case, its production, and every recording by id."""

    case: Case
    production: Production
    recordings: Mapping[str, Recording]
    devices: Mapping[str, str]


def load(work: Work, production_id: str) -> Source:
    """Read everything a production's documents need."""
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=SYSTEM)
    recordings = {item.recording: work.catalogue.get(item.recording, by=SYSTEM) for item in production.items}
    accounts = sorted({recording.account for recording in recordings.values()})
    return Source(case=case, production=production, recordings=recordings, devices=work.catalogue.devices(accounts))
