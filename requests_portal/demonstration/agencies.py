"""The invented authorities that the directory knows, with numbers that no telephone has."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class KnownAgency:
    """One authority with its domain, and a number with where it was found."""

    name: str
    place: str
    domain: str
    number: str
    source: str


AGENCIES = (
    KnownAgency(
        name="Alder County Sheriff",
        place="US-CA",
        domain="alder-sheriff.example.org",
        number="+1 510 555 0142",
        source="the state's list of law enforcement agencies",
    ),
    KnownAgency(
        name="Tin Grove Police Department",
        place="US-IL",
        domain="tingrove-police.example.org",
        number="+1 312 555 0117",
        source="the state's list of law enforcement agencies",
    ),
    KnownAgency(
        name="Needle Notch Police Department",
        place="US-NH",
        domain="needlenotch-police.example.org",
        number="+1 603 555 0126",
        source="the state's list of law enforcement agencies",
    ),
    KnownAgency(
        name="Thread County Attorney",
        place="US-NH",
        domain="thread-county.example.org",
        number="+1 603 555 0171",
        source="the county's printed directory",
    ),
    KnownAgency(
        name="Federal Bureau of Invented Affairs",
        place="US",
        domain="invented-affairs.example.org",
        number="+1 202 555 0133",
        source="the bureau's switchboard, by directory enquiries",
    ),
    KnownAgency(
        name="Staatsanwaltschaft Musterstadt",
        place="DE",
        domain="sta-musterstadt.example.org",
        number="+49 30 23125 017",
        source="the register of courts and prosecutors",
    ),
    KnownAgency(
        name="Bookend & Doorstop, attorneys",
        place="US-CA",
        domain="bookend-doorstop.example.com",
        number="+1 510 555 0158",
        source="the bar's public register",
    ),
    KnownAgency(
        name="Alder County Public Defender",
        place="US-CA",
        domain="alder-defender.example.org",
        number="+1 510 555 0163",
        source="the county's printed directory",
    ),
    KnownAgency(
        name="Tribunal judiciaire de Villebidon",
        place="FR",
        domain="tj-villebidon.example.org",
        number="+33 1 99 00 17 17",
        source="the ministry's list of courts",
    ),
    KnownAgency(
        name="Trayshire Constabulary",
        place="GB",
        domain="trayshire-police.example.org",
        number="+44 1632 960117",
        source="the national list of police forces",
    ),
    KnownAgency(
        name="Police of Port Marigold",
        place="ZZ",
        domain="port-marigold.example.org",
        number="+999 555 0117",
        source="the embassy's liaison office",
    ),
)
