"""The invented legal demands, one function each: agencies, officers and file numbers that do not exist."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from requests_portal.demonstration.filing import Asker, Desk, Scenario, in_words
from requests_portal.demonstration.people import INES, MARSH, MAYA, TOMAS, TUERKLINKE
from requests_portal.demonstration.world import World

THIMBLE, KETTLE, CUCHARA = "A-20417-9", "A-51862-3", "A-70933-6"
PASSOIRE, TEACOSY, IBRIQ = "A-64128-7", "A-15539-2", "A-09274-0"
CALLED_BACK = "Called back on the number the agency publishes; the officer and the file number were confirmed."

SHERIFF = Asker(
    name="Deputy R. Pinecone",
    organisation="Alder County Sheriff",
    email="records.unit@alder-sheriff.example.org",
    address=("1 Courthouse Square", "Alder Flats, CA 90000"),
    country="US-CA",
)
TIN_GROVE = Asker(
    name="Detective O. Lamplight",
    organisation="Tin Grove Police Department",
    email="detectives@tingrove-police.example.org",
    address=("40 Rivet Avenue", "Tin Grove, IL 60000"),
    country="US-IL",
)
NEEDLE_NOTCH = Asker(
    name="Sergeant P. Haystack",
    organisation="Needle Notch Police Department",
    email="desk@needlenotch-police.example.org",
    address=("9 Thread Street", "Needle Notch, NH 03000"),
    country="US-NH",
)
GRAND_JURY = Asker(
    name="Assistant Attorney V. Inkwell",
    organisation="Thread County Attorney",
    email="grandjury@thread-county.example.org",
    address=("11 Thread Street", "Needle Notch, NH 03000"),
    country="US-NH",
)
BUREAU = Asker(
    name="Special Agent T. Paperclip",
    organisation="Federal Bureau of Invented Affairs",
    email="process@invented-affairs.example.org",
    address=("500 Folder Plaza", "Washington, DC 20000"),
    country="US",
)
MUSTERSTADT = Asker(
    name="Staatsanwältin B. Büroklammer",
    organisation="Staatsanwaltschaft Musterstadt",
    email="poststelle@sta-musterstadt.example.org",
    address=("Aktenweg 1", "00000 Musterstadt"),
    country="DE",
)


def six_months(world: World) -> tuple[date, date]:
    """The first and last day the Alder County warrant asks for: six calendar months around the incident."""
    day = world.incident.start.astimezone(ZoneInfo("America/Los_Angeles")).date()
    first = _month(day, -2)
    return first, _month(first, 6) - timedelta(days=1)


def six_month_warrant(desk: Desk) -> Scenario:
    """The main example: half a year of a household is demanded for what happened on one evening."""
    first, last = six_months(desk.world)
    incident, zone = desk.world.incident, ZoneInfo("America/Los_Angeles")
    evening = in_words(incident.start.astimezone(zone).date())
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "CA",
            "issuer_role": "judge",
            "process": "search_warrant",
            "issued_on": desk.iso(-6),
            "court_return_on": desk.iso(2),
            "seeks": ["audio", "transcript", "purchases"],
            "catch_all": True,
            "range_from": datetime.combine(first, time(), zone).isoformat(),
            "range_to": datetime.combine(last + timedelta(days=1), time(), zone).isoformat(),
            "incident_from": incident.start.astimezone(zone).isoformat(),
            "incident_to": incident.end.astimezone(zone).isoformat(),
            "nondisclosure_requested": True,
        },
        key="six-month-warrant",
        title="Search warrant, six months of recordings",
        asker=SHERIFF,
        target=MARSH,
        ago=timedelta(days=5, hours=3),
        body=(
            (
                f"To the custodian of records. You are commanded to produce, for account {MARSH} (Juniper Marsh), any "
                f"and all audio recordings, transcripts, purchase history and other data from {in_words(first)} "
                f"through {in_words(last)}."
            ),
            (
                f"The affidavit describes criminal damage and threats at 14 Saltbox Lane on {evening} between 21:00 "
                "and 23:30. A voice-operated device located in the kitchen of the premises is believed to have "
                "recorded them."
            ),
            "You are requested not to notify the account holder of this warrant.",
            f"Return to this court by {desk.words(2)}.",
        ),
        quoted=("any and all audio recordings", "between 21:00 and 23:30", "requested not to notify"),
        stage="assessed",
        mood="due_soon",
        checked=CALLED_BACK,
        assignee=MAYA.id,
        to_hear="Who else is heard on the evening?",
    )


def two_week_warrant(desk: Desk) -> Scenario:
    """A warrant as it should be, answered in full weeks ago."""
    zone = "America/Chicago"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "IL",
            "issuer_role": "judge",
            "process": "search_warrant",
            "issued_on": desk.iso(-41),
            "court_return_on": desk.iso(-20),
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-75, 6, zone),
            "range_to": desk.at(-61, 6, zone),
            "incident_from": desk.at(-75, 6, zone),
            "incident_to": desk.at(-61, 6, zone),
        },
        key="two-week-warrant",
        title="Search warrant, two weeks of one account",
        asker=TIN_GROVE,
        target=KETTLE,
        ago=timedelta(days=40),
        body=(
            (
                f"A judge of the Circuit Court of Tin County orders the production of the recordings and transcripts "
                f"of account {KETTLE} from {desk.words(-75)} to {desk.words(-61)}, 06:00 to 06:00."
            ),
            "In those two weeks a caller posing as a repair engineer spoke with the household on several days.",
        ),
        quoted=("from " + desk.words(-75),),
        stage="released",
        mood="answered",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def endless_silence_warrant(desk: Desk) -> Scenario:
    """The data may leave, but the order to keep silent has no end."""
    zone = "America/Los_Angeles"
    return desk.demand(
        {
            "issuer": "us_federal",
            "issuer_state": "US",
            "issuer_role": "judge",
            "process": "search_warrant",
            "issued_on": desk.iso(-9),
            "court_return_on": desk.iso(6),
            "seeks": ["audio", "transcript", "subscriber"],
            "range_from": desk.at(-50, 0, zone),
            "range_to": desk.at(-29, 0, zone),
            "incident_from": desk.at(-48, 0, zone),
            "incident_to": desk.at(-31, 0, zone),
            "nondisclosure_requested": True,
            "nondisclosure_order": True,
            "nondisclosure_issued_on": desk.iso(-9),
            "nondisclosure_end_stated": False,
        },
        key="silence-without-end",
        title="Search warrant with a nondisclosure order without end",
        asker=BUREAU,
        target=CUCHARA,
        ago=timedelta(days=8),
        body=(
            (
                f"The court orders the production of recordings, transcripts and subscriber information of account "
                f"{CUCHARA} from {desk.words(-50)} until {desk.words(-29)}."
            ),
            "Under 18 U.S.C. § 2705(b) the provider shall not disclose the existence of this warrant to any person.",
        ),
        quoted=("shall not disclose the existence of this warrant to any person",),
        stage="waiting_for_approval",
        mood="later",
        checked=CALLED_BACK,
        assignee=MAYA.id,
    )


def warrant_without_dates(desk: Desk) -> Scenario:
    """No period at all: as written it takes every clip since the account began; its return day has passed."""
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "NH",
            "issuer_role": "court",
            "process": "search_warrant",
            "issued_on": desk.iso(-16),
            "court_return_on": desk.iso(-3),
            "seeks": ["audio", "transcript", "devices"],
        },
        key="no-date-range",
        title="Search warrant that names no period",
        asker=NEEDLE_NOTCH,
        target=THIMBLE,
        ago=timedelta(days=15),
        body=(
            (
                f"You are to deliver all voice recordings and transcripts stored for account {THIMBLE}, and the list "
                "of its devices."
            ),
            "They are sought in the matter of the theft of a weather vane.",
        ),
        quoted=("all voice recordings and transcripts stored",),
        stage="assessed",
        mood="overdue",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def future_warrant(desk: Desk) -> Scenario:
    """A search warrant reaches what is stored, not what will be said."""
    zone = "America/Los_Angeles"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "CA",
            "issuer_role": "judge",
            "process": "search_warrant",
            "issued_on": desk.iso(-2),
            "court_return_on": desk.iso(12),
            "seeks": ["audio", "future_data"],
            "range_from": desk.at(-7, 0, zone),
            "range_to": desk.at(30, 0, zone),
            "incident_from": desk.at(-5, 18, zone),
            "incident_to": desk.at(-4, 6, zone),
        },
        key="thirty-days-ahead",
        title="Search warrant for the coming thirty days",
        asker=SHERIFF,
        target=CUCHARA,
        ago=timedelta(days=1, hours=5),
        body=(
            (
                f"Produce the recordings of account {CUCHARA} from {desk.words(-7)}, and continue to produce them "
                f"daily until {desk.words(30)}."
            ),
            f"A burglary took place next door in the night after {desk.words(-5)}.",
        ),
        quoted=("continue to produce them daily",),
        stage="assessed",
        mood="later",
        assignee=MAYA.id,
    )


def area_warrant(desk: Desk) -> Scenario:
    """A demand that names a place instead of a person."""
    zone = "America/Chicago"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "IL",
            "issuer_role": "judge",
            "process": "search_warrant",
            "issued_on": desk.iso(-4),
            "court_return_on": desk.iso(3),
            "seeks": ["audio", "subscriber"],
            "area": True,
            "range_from": desk.at(-20, 20, zone),
            "range_to": desk.at(-20, 23, zone),
            "incident_from": desk.at(-20, 20, zone),
            "incident_to": desk.at(-20, 23, zone),
            "nexus_stated": False,
        },
        key="every-device-nearby",
        title="Warrant for every device around Copper Square",
        asker=TIN_GROVE,
        target=None,
        ago=timedelta(days=3, hours=2),
        body=(
            (
                "Identify every device within 300 metres of Copper Square, and produce its recordings of "
                f"{desk.words(-20)} from 20:00 to 23:00 with the names of the account holders."
            ),
            "A parade float was set on fire in the square that evening.",
        ),
        quoted=("every device within 300 metres of Copper Square",),
        stage="assessed",
        mood="due_soon",
        checked=CALLED_BACK,
        assignee=MAYA.id,
    )


def records_order(desk: Desk) -> Scenario:
    """An order under § 2703(d) reaches records, and asks for voices too."""
    zone = "America/Los_Angeles"
    return desk.demand(
        {
            "issuer": "us_federal",
            "issuer_state": "US",
            "issuer_role": "court",
            "process": "d_order",
            "issued_on": desk.iso(-7),
            "court_return_on": desk.iso(8),
            "seeks": ["connections", "devices", "subscriber", "audio"],
            "range_from": desk.at(-120, 0, zone),
            "range_to": desk.at(-60, 0, zone),
            "incident_from": desk.at(-118, 0, zone),
            "incident_to": desk.at(-62, 0, zone),
        },
        key="records-order",
        title="Order for records, 18 U.S.C. § 2703(d)",
        asker=BUREAU,
        target=CUCHARA,
        ago=timedelta(days=6),
        body=(
            (
                f"On specific and articulable facts the court orders the connection records, device records, "
                f"subscriber information and stored audio of account {CUCHARA} from {desk.words(-120)} "
                f"until {desk.words(-60)}."
            ),
        ),
        quoted=("stored audio",),
        stage="decided",
        mood="later",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def subpoena_for_recordings(desk: Desk) -> Scenario:
    """A grand jury's subpoena does not reach contents."""
    zone = "America/New_York"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "NH",
            "issuer_role": "prosecutor",
            "process": "grand_jury_subpoena",
            "issued_on": desk.iso(-18),
            "court_return_on": desk.iso(-1),
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-85, 0, zone),
            "range_to": desk.at(-65, 0, zone),
            "incident_from": desk.at(-75, 0, zone),
            "incident_to": desk.at(-74, 0, zone),
        },
        key="subpoena-for-recordings",
        title="Grand jury subpoena for recordings",
        asker=GRAND_JURY,
        target=THIMBLE,
        ago=timedelta(days=17),
        body=(
            (
                f"The grand jury requires the voice recordings and transcripts of account {THIMBLE} from "
                f"{desk.words(-85)} to {desk.words(-65)}."
            ),
        ),
        quoted=("requires the voice recordings and transcripts",),
        stage="objected",
        mood="answered",
        checked=CALLED_BACK,
        assignee=MAYA.id,
    )


def subpoena_for_subscriber(desk: Desk) -> Scenario:
    """The list that a subpoena does reach, asked for and ready."""
    zone = "America/Chicago"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "IL",
            "issuer_role": "prosecutor",
            "process": "grand_jury_subpoena",
            "issued_on": desk.iso(-11),
            "court_return_on": desk.iso(4),
            "seeks": ["subscriber", "connections"],
            "range_from": desk.at(-60, 0, zone),
            "range_to": desk.at(-30, 0, zone),
            "incident_from": desk.at(-58, 0, zone),
            "incident_to": desk.at(-32, 0, zone),
        },
        key="subpoena-for-subscriber",
        title="Grand jury subpoena for subscriber information",
        asker=TIN_GROVE,
        target=KETTLE,
        ago=timedelta(days=10),
        body=(
            (
                f"The grand jury requires the name, address, payment means and session times of account {KETTLE} from "
                f"{desk.words(-60)} to {desk.words(-30)}."
            ),
        ),
        quoted=("name, address, payment means and session times",),
        stage="offered",
        mood="later",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def emergency(desk: Desk) -> Scenario:
    """A missing person, two hours ago; nobody has called the officer back yet."""
    zone = "America/New_York"
    ago = timedelta(hours=2)
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "NH",
            "issuer_role": "police",
            "process": "emergency_request",
            # Written when it was sent: soon after midnight that is yesterday.
            "issued_on": (desk.now - ago).astimezone(UTC).date().isoformat(),
            "seeks": ["audio", "connections"],
            "range_from": desk.at(-2, 0, zone),
            "range_to": desk.at(0, 0, zone),
            "incident_from": desk.at(-2, 0, zone),
            "incident_to": desk.at(0, 0, zone),
            "emergency_danger": True,
            "emergency_immediate": True,
        },
        key="missing-person",
        title="Emergency disclosure, missing person",
        asker=NEEDLE_NOTCH,
        target=THIMBLE,
        ago=ago,
        body=(
            (
                f"Wren Thimble, account {THIMBLE}, has not been seen since {desk.words(-2)} and needs medicine every "
                "twelve hours. The neighbours heard the device answer a call for help."
            ),
            "We ask for the recordings and connections of the last two days at once; a search party is on the pass.",
        ),
        quoted=("needs medicine every twelve hours", "a search party is on the pass"),
        stage="assessed",
        mood="emergency",
        assignee=TOMAS.id,
    )


def preservation_letter(desk: Desk) -> Scenario:
    """Nothing is to be given, everything is to be kept."""
    zone = "America/Los_Angeles"
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "CA",
            "issuer_role": "prosecutor",
            "process": "preservation_letter",
            "issued_on": desk.iso(-2),
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-150, 0, zone),
            "range_to": desk.at(-120, 0, zone),
        },
        key="preservation-letter",
        title="Preservation letter, one account",
        asker=SHERIFF,
        target=CUCHARA,
        ago=timedelta(days=1, hours=20),
        body=(
            (
                f"Under 18 U.S.C. § 2703(f) please preserve the recordings and transcripts of account {CUCHARA} from "
                f"{desk.words(-150)} to {desk.words(-120)} pending the issuance of process."
            ),
        ),
        quoted=("pending the issuance of process",),
        stage="received",
        mood="later",
        assignee=INES.id,
    )


def civil_subpoena(desk: Desk) -> Scenario:
    """A neighbour's lawyer wants to hear what was said; the statute forbids it."""
    return desk.demand(
        {
            "requester_kind": "party",
            "issuer": "civil_party",
            "issuer_state": "CA",
            "issuer_role": "attorney",
            "process": "civil_subpoena",
            "issued_on": desk.iso(-26),
            "court_return_on": desk.iso(-5),
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-260, 0, "America/Los_Angeles"),
            "range_to": desk.at(-230, 0, "America/Los_Angeles"),
        },
        key="civil-subpoena",
        title="Civil subpoena about a broken window",
        asker=Asker(
            name="Counsel Q. Bookend",
            organisation="Bookend & Doorstop, attorneys",
            email="office@bookend-doorstop.example.com",
            address=("77 Shelf Street", "Alder Flats, CA 90000"),
            country="US-CA",
        ),
        target=MARSH,
        ago=timedelta(days=25),
        body=(
            (
                f"In the matter Hammer v. Windowpane you are to produce the recordings of account {MARSH} from "
                f"{desk.words(-260)} to {desk.words(-230)}."
            ),
        ),
        quoted=("you are to produce the recordings",),
        stage="objected",
        mood="answered",
        checked="The bar's public register lists the office and its address.",
        assignee=MAYA.id,
    )


def defence_subpoena(desk: Desk) -> Scenario:
    """A defendant's subpoena in California: the law is open, a lawyer must think."""
    return desk.demand(
        {
            "requester_kind": "party",
            "issuer": "defendant",
            "issuer_state": "CA",
            "issuer_role": "attorney",
            "process": "defense_subpoena",
            "issued_on": desk.iso(-5),
            "court_return_on": desk.iso(9),
            "seeks": ["audio"],
            "range_from": desk.world.incident.start.isoformat(),
            "range_to": desk.world.incident.end.isoformat(),
            "incident_from": desk.world.incident.start.isoformat(),
            "incident_to": desk.world.incident.end.isoformat(),
        },
        key="defence-subpoena",
        title="Subpoena of a criminal defendant",
        asker=Asker(
            name="Public Defender L. Teaspoon",
            organisation="Alder County Public Defender",
            email="defence@alder-defender.example.org",
            address=("2 Courthouse Square", "Alder Flats, CA 90000"),
            country="US-CA",
        ),
        target=MARSH,
        ago=timedelta(days=4),
        body=(
            (
                "The defendant requires the recordings of the evening with which he is charged, since they show that "
                "he was asked into the house."
            ),
        ),
        quoted=("they show that he was asked into the house",),
        stage="assessed",
        mood="later",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def content_certificate(desk: Desk) -> Scenario:
    """A prosecutor's European Production Order for content, which needs a judge."""
    zone = "Europe/Berlin"
    return desk.demand(
        {
            "issuer": "eu_state",
            "issuer_role": "prosecutor",
            "validated_by": "none",
            "process": "epoc",
            "issued_on": desk.iso(-9),
            "seeks": ["audio", "transcript", "subscriber"],
            "range_from": desk.at(-40, 0, zone),
            "range_to": desk.at(-20, 0, zone),
            "incident_from": desk.at(-33, 18, zone),
            "incident_to": desk.at(-33, 23, zone),
            "offence_max_years": 5,
            "listed_offence": False,
            "target_us_person": False,
            "channel": "judex",
        },
        key="epoc-content",
        title="European Production Order, content data",
        asker=MUSTERSTADT,
        target=TUERKLINKE,
        ago=timedelta(days=8, hours=4),
        language="de",
        body=(
            (
                f"Europäische Herausgabeanordnung, Zertifikat. Herauszugeben sind Sprachaufnahmen, Abschriften und "
                f"Bestandsdaten des Kontos {TUERKLINKE} vom {_german(desk.day(-40))} bis zum {_german(desk.day(-21))}."
            ),
            (
                f"Anlass ist ein Einbruch am Abend des {_german(desk.day(-33))}. Die Anordnung erlässt die "
                "Staatsanwaltschaft."
            ),
        ),
        quoted=("Die Anordnung erlässt die Staatsanwaltschaft",),
        stage="assessed",
        mood="due_soon",
        checked="The certificate came through the decentralised IT system and names its file number.",
        assignee=INES.id,
    )


def subscriber_certificate(desk: Desk) -> Scenario:
    """An investigating judge's order for who the subscriber is, being gathered."""
    return desk.demand(
        {
            "issuer": "eu_state",
            "issuer_role": "investigating_judge",
            "validated_by": "none",
            "process": "epoc",
            "issued_on": desk.iso(-5),
            "seeks": ["subscriber", "identification"],
            "range_from": desk.at(-90, 0, "Europe/Paris"),
            "range_to": desk.at(-30, 0, "Europe/Paris"),
            "incident_from": desk.at(-80, 0, "Europe/Paris"),
            "incident_to": desk.at(-40, 0, "Europe/Paris"),
            "offence_max_years": 3,
            "listed_offence": False,
            "target_us_person": False,
            "channel": "judex",
        },
        key="epoc-subscriber",
        title="European Production Order, subscriber data",
        asker=Asker(
            name="Juge d'instruction M. Trombone",
            organisation="Tribunal judiciaire de Villebidon",
            email="instruction@tj-villebidon.example.org",
            address=("1 place du Tampon", "00000 Villebidon"),
            country="FR",
        ),
        target=PASSOIRE,
        ago=timedelta(days=4, hours=6),
        language="fr",
        body=(
            (
                f"Injonction européenne de production. Il est demandé de produire les données d'abonné et "
                f"d'identification du compte {PASSOIRE}."
            ),
        ),
        quoted=("les données d'abonné et d'identification",),
        stage="gathering",
        mood="later",
        checked="The certificate came through the decentralised IT system and names its file number.",
        assignee=TOMAS.id,
    )


def british_order(desk: Desk) -> Scenario:
    """An overseas production order under the British-American agreement, signed off by nobody yet."""
    zone = "Europe/London"
    return desk.demand(
        {
            "issuer": "uk",
            "issuer_role": "judge",
            "process": "agreement_order",
            "agreement": "us_uk",
            "issued_on": desk.iso(-6),
            "court_return_on": desk.iso(1),
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-100, 0, zone),
            "range_to": desk.at(-86, 0, zone),
            "incident_from": desk.at(-100, 0, zone),
            "incident_to": desk.at(-86, 0, zone),
            "offence_max_years": 7,
            "target_us_person": False,
        },
        key="british-order",
        title="Overseas production order, two weeks",
        asker=Asker(
            name="Detective Inspector H. Crumpet",
            organisation="Trayshire Constabulary",
            email="orders@trayshire-police.example.org",
            address=("The Old Toast Rack", "Crumpton-on-Tray", "ZZ1 1ZZ"),
            country="GB",
        ),
        target=TEACOSY,
        ago=timedelta(days=5),
        body=(
            (
                f"The Crown Court at Crumpton orders the production of the stored recordings and transcripts of "
                f"account {TEACOSY} from {desk.words(-100)} until {desk.words(-86)}, for an offence punishable with "
                "seven years."
            ),
        ),
        quoted=("stored recordings and transcripts",),
        stage="waiting_for_approval",
        mood="due_soon",
        checked=CALLED_BACK,
        assignee=TOMAS.id,
    )


def foreign_police(desk: Desk) -> Scenario:
    """Police of a state without any agreement write to us directly."""
    return desk.demand(
        {
            "issuer": "foreign_state",
            "issuer_role": "police",
            "process": "foreign_request",
            "agreement": "none",
            "issued_on": desk.iso(-22),
            "seeks": ["audio", "subscriber"],
            "range_from": desk.at(-70, 0, "Africa/Cairo"),
            "range_to": desk.at(-40, 0, "Africa/Cairo"),
            "target_us_person": False,
            "channel": "email",
        },
        key="foreign-police",
        title="Letter from a foreign police office",
        asker=Asker(
            name="Inspector K. Marigold",
            organisation="Police of Port Marigold",
            email="international@port-marigold.example.org",
            address=("Harbour Gate 3", "Port Marigold"),
            country="ZZ",
        ),
        target=IBRIQ,
        ago=timedelta(days=21),
        body=(
            (
                f"We would be obliged for the recordings and the address of the holder of account {IBRIQ} from "
                f"{desk.words(-70)} to {desk.words(-40)}."
            ),
        ),
        quoted=("We would be obliged",),
        stage="objected",
        mood="answered",
        checked="The embassy's liaison office confirmed the inspector and the letter.",
        assignee=MAYA.id,
    )


def unsigned_order(desk: Desk) -> Scenario:
    """A court order that no judge has signed."""
    return desk.demand(
        {
            "issuer": "us_state",
            "issuer_state": "IL",
            "issuer_role": "court",
            "process": "search_warrant",
            "signed": False,
            "issued_on": desk.iso(-8),
            "court_return_on": desk.iso(5),
            "seeks": ["audio"],
            "range_from": desk.at(-35, 18, "America/Chicago"),
            "range_to": desk.at(-34, 6, "America/Chicago"),
            "incident_from": desk.at(-35, 18, "America/Chicago"),
            "incident_to": desk.at(-34, 6, "America/Chicago"),
        },
        key="unsigned-warrant",
        title="Search warrant without a signature",
        asker=TIN_GROVE,
        target=KETTLE,
        ago=timedelta(days=7),
        body=(
            f"Produce the recordings of account {KETTLE} of the night after {desk.words(-35)}.",
            "Judge: ______________________",
        ),
        quoted=("Judge: ______________________",),
        stage="waiting_for_requester",
        mood="waiting",
        checked=CALLED_BACK,
        assignee=INES.id,
    )


def nobody_named(desk: Desk) -> Scenario:
    """A subpoena from which no customer can be found."""
    return desk.demand(
        {
            "issuer": "us_federal",
            "issuer_state": "US",
            "issuer_role": "other_authority",
            "process": "administrative_subpoena",
            "issued_on": desk.iso(-12),
            "court_return_on": desk.iso(-2),
            "seeks": ["subscriber"],
            "range_from": desk.at(-60, 0, "America/Chicago"),
            "range_to": desk.at(-30, 0, "America/Chicago"),
        },
        key="nobody-named",
        title="Administrative subpoena that names no account",
        asker=BUREAU,
        target=None,
        ago=timedelta(days=11),
        body=(
            (
                "Provide the name and address of the tall person with the blue speaker who lives above the bakery in "
                "Tin Grove."
            ),
        ),
        quoted=("the tall person with the blue speaker",),
        stage="waiting_for_requester",
        mood="waiting",
        checked=CALLED_BACK,
        assignee=INES.id,
    )


DEMANDS = (
    six_month_warrant,
    two_week_warrant,
    endless_silence_warrant,
    warrant_without_dates,
    future_warrant,
    area_warrant,
    records_order,
    subpoena_for_recordings,
    subpoena_for_subscriber,
    emergency,
    preservation_letter,
    civil_subpoena,
    defence_subpoena,
    content_certificate,
    subscriber_certificate,
    british_order,
    foreign_police,
    unsigned_order,
    nobody_named,
)


def _month(day: date, offset: int) -> date:
    """Return the first day of the month so many months away."""
    months = day.year * 12 + day.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)


def _german(day: date) -> str:
    return day.strftime("%d.%m.%Y")
