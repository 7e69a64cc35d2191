"""The invented people: customers with their devices, and the staff of the desk."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Device:
    """One smart speaker; its registration is counted in days before the demonstration's today."""

    serial: str
    name: str
    model: str
    registered_days_ago: int


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who has an account; `country` is "US-CA", "DE" …, `recordings` how many voice files a year brings."""

    account: str
    name: str
    household: str
    locale: str
    language: str
    zone: str
    country: str
    address: tuple[str, ...]
    email: str
    phone: str
    card: str
    service_days_ago: int
    recordings: int
    devices: tuple[Device, ...]


@dataclass(frozen=True, kw_only=True)
class Persona:
    """Somebody a visitor can sign in as; `account` is a customer's own, `try_this` the line beside the button."""

    id: str
    name: str
    roles: tuple[str, ...]
    try_this: str
    account: str | None = None


def _device(serial: str, name: str, model: str, registered_days_ago: int) -> Device:
    return Device(serial=serial, name=name, model=model, registered_days_ago=registered_days_ago)


MARSH = "A-88310-4"
TUERKLINKE = "A-37095-1"

CUSTOMERS = (
    Customer(
        account=MARSH,
        name="Juniper Marsh",
        household="marsh",
        locale="en-US",
        language="en",
        zone="America/Los_Angeles",
        country="US-CA",
        address=("14 Saltbox Lane", "Alder Flats, CA 90000", "United States"),
        email="juniper.marsh@example.org",
        phone="+1 510 555 0142",
        card="4417",
        service_days_ago=1490,
        recordings=560,
        devices=(
            _device("HR2-41B0-7F2C", "Kitchen", "Hearth 2", 1488),
            _device("HR2-41B0-90AE", "Bedroom", "Hearth 2", 1210),
            _device("PB1-0C77-3D15", "Hall", "Pebble", 802),
            _device("PB1-0C77-3D88", "Garage", "Pebble", 801),
        ),
    ),
    Customer(
        account="A-20417-9",
        name="Wren Thimble",
        household="thimble",
        locale="en-US",
        language="en",
        zone="America/New_York",
        country="US-NH",
        address=("3 Button Hill Road", "Needle Notch, NH 03000", "United States"),
        email="wren.thimble@example.com",
        phone="+1 603 555 0117",
        card="0926",
        service_days_ago=940,
        recordings=70,
        devices=(_device("HR2-5A19-02C4", "Living room", "Hearth 2", 939),),
    ),
    Customer(
        account="A-51862-3",
        name="Marlow Kettledrum",
        household="kettle",
        locale="en-US",
        language="en",
        zone="America/Chicago",
        country="US-IL",
        address=("220 Copper Street, Apt 5", "Tin Grove, IL 60000", "United States"),
        email="marlow.kettledrum@example.org",
        phone="+1 312 555 0188",
        card="7310",
        service_days_ago=705,
        recordings=70,
        devices=(
            _device("HR1-22F0-8B61", "Kitchen", "Hearth", 704),
            _device("PB1-1D40-66E2", "Playroom", "Pebble", 430),
        ),
    ),
    Customer(
        account="A-70933-6",
        name="Inés Cuchara",
        household="cuchara",
        locale="es-US",
        language="es",
        zone="America/Los_Angeles",
        country="US-CA",
        address=("88 Ladle Court", "Port Sorrel, CA 90001", "United States"),
        email="ines.cuchara@example.com",
        phone="+1 213 555 0163",
        card="5582",
        service_days_ago=520,
        recordings=55,
        devices=(_device("PB1-3E02-17D9", "Cocina", "Pebble", 519),),
    ),
    Customer(
        account=TUERKLINKE,
        name="Käthe Türklinke",
        household="tuerklinke",
        locale="de-DE",
        language="de",
        zone="Europe/Berlin",
        country="DE",
        address=("Schlüsselgasse 9", "00000 Musterstadt", "Deutschland"),
        email="kaethe.tuerklinke@example.org",
        phone="+49 30 23125 042",
        card="2204",
        service_days_ago=1130,
        recordings=90,
        devices=(
            _device("HR2-60C3-4E07", "Küche", "Hearth 2", 1129),
            _device("PB1-2B81-9F30", "Kinderzimmer", "Pebble", 610),
        ),
    ),
    Customer(
        account="A-64128-7",
        name="Hélène Passoire",
        household="passoire",
        locale="fr-FR",
        language="fr",
        zone="Europe/Paris",
        country="FR",
        address=("7 rue des Casseroles", "00000 Villebidon", "France"),
        email="helene.passoire@example.com",
        phone="+33 1 99 00 42 17",
        card="6671",
        service_days_ago=880,
        recordings=65,
        devices=(
            _device("HR2-60C3-71BD", "Salon", "Hearth 2", 879),
            _device("PB1-2B81-A4C6", "Chambre", "Pebble", 402),
        ),
    ),
    Customer(
        account="A-15539-2",
        name="Rowan Teacosy",
        household="teacosy",
        locale="en-GB",
        language="en",
        zone="Europe/London",
        country="GB",
        address=("2 Saucer Mews", "Crumpton-on-Tray", "ZZ1 1ZZ", "United Kingdom"),
        email="rowan.teacosy@example.org",
        phone="+44 20 7946 0142",
        card="3098",
        service_days_ago=1015,
        recordings=65,
        devices=(
            _device("HR1-22F0-C51A", "Kitchen", "Hearth", 1014),
            _device("PB1-2B81-B7F1", "Study", "Pebble", 590),
        ),
    ),
    Customer(
        account="A-92740-6",
        name="João Chaleira",
        household="chaleira",
        locale="pt-BR",
        language="pt",
        zone="America/Sao_Paulo",
        country="BR",
        address=("Rua das Panelas, 31", "Vila Bandeja", "00000-000", "Brasil"),
        email="joao.chaleira@example.com",
        phone="+55 11 5550 0142",
        card="8125",
        service_days_ago=640,
        recordings=60,
        devices=(_device("PB1-3E02-5C0B", "Cozinha", "Pebble", 639),),
    ),
    Customer(
        account="A-43306-8",
        name="Ελένη Ομπρέλα",
        household="ombrela",
        locale="el-GR",
        language="el",
        zone="Europe/Athens",
        country="GR",
        address=("Οδός Κουταλιού 5", "000 00 Νέα Κατσαρόλα", "Ελλάδα"),
        email="eleni.omprela@example.org",
        phone="+30 555 0142",
        card="1940",
        service_days_ago=475,
        recordings=50,
        devices=(_device("HR2-60C3-88E2", "Κουζίνα", "Hearth 2", 474),),
    ),
    Customer(
        account="A-68851-5",
        name="मीरा चम्मच",
        household="chammach",
        locale="hi-IN",
        language="hi",
        zone="Asia/Kolkata",
        country="IN",
        address=("१२ कटोरी मार्ग", "थालीनगर 000000", "भारत"),
        email="meera.chammach@example.com",
        phone="+91 555 0142",
        card="7463",
        service_days_ago=560,
        recordings=55,
        devices=(_device("PB1-3E02-9D44", "रसोई", "Pebble", 559),),
    ),
    Customer(
        account="A-09274-0",
        name="ليلى إبريق",
        household="ibriq",
        locale="ar-EG",
        language="ar",
        zone="Africa/Cairo",
        country="EG",
        address=("٨ شارع الملعقة", "مدينة الفنجان", "مصر"),
        email="layla.ibriq@example.org",
        phone="+20 555 0142",
        card="5036",
        service_days_ago=430,
        recordings=50,
        devices=(_device("HR2-60C3-D019", "المطبخ", "Hearth 2", 429),),
    ),
    Customer(
        account="A-31678-7",
        name="נועה מטרייה",
        household="mitriya",
        locale="he-IL",
        language="he",
        zone="Asia/Jerusalem",
        country="IL",
        address=("רחוב הכפית 4", "קריית מזלג", "ישראל"),
        email="noa.mitriya@example.com",
        phone="+972 555 0142",
        card="6219",
        service_days_ago=415,
        recordings=40,
        devices=(_device("PB1-3E02-E6A8", "מטבח", "Pebble", 414),),
    ),
)

INES = Persona(
    id="ines",
    name="Ines Brandt",
    roles=("intake",),
    try_this="Enter a warrant and watch the scope check answer while you type.",
)
MAYA = Persona(
    id="maya",
    name="Maya Okafor",
    roles=("lawyer", "approver", "reviewer"),
    try_this="Open the six-month warrant for Juniper Marsh and accept the narrower proposal.",
)
TOMAS = Persona(
    id="tomas",
    name="Tomás Rey",
    roles=("lawyer", "approver", "reviewer"),
    try_this="Approve what a colleague decided; your own decisions you cannot approve.",
)
PRIYA = Persona(
    id="priya",
    name="Priya Nair",
    roles=("custodian",),
    try_this="Sign off the certificate of a bundle that waits for the custodian.",
)
ADA = Persona(
    id="ada",
    name="Ada Lindqvist",
    roles=("auditor",),
    try_this="Press “Verify now” and check that nothing in the log was changed.",
)
RIO = Persona(
    id="rio",
    name="Rio Halloran",
    roles=("reviewer",),
    try_this="Hear a recording of the warrant and see how little else of the request you are shown.",
)
OLE = Persona(
    id="ole",
    name="Ole Bakke",
    roles=("operator",),
    try_this="See what is not as it should be; no name and no contents of a request are shown to you.",
)
ROBIN = Persona(
    id="robin",
    name="Robin Quay",
    roles=("administrator",),
    try_this="Give Ines another role and see it wait until Maya or Tomás confirms it.",
)
STAFF = (INES, MAYA, TOMAS, RIO, PRIYA, ADA, OLE, ROBIN)
# Robin has let this colleague in; whether as a lawyer, somebody else has yet to confirm.
NEWCOMER = ("Pip Larkspur", "pip.larkspur@example.org", "lawyer")
PERSONAS = (
    *STAFF,
    Persona(
        id="juniper",
        name="Juniper Marsh",
        roles=("customer",),
        try_this="Play your recordings, ask for a copy of them under Californian law, answer who asked in your name.",
        account=MARSH,
    ),
    Persona(
        id="kaethe",
        name="Käthe Türklinke",
        roles=("customer",),
        try_this="Follow an access request under the GDPR and see who listened to you.",
        account=TUERKLINKE,
    ),
)
