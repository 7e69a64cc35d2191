"""The invented customers' requests about their own data, one function each."""

from datetime import timedelta

from requests_portal.demonstration.filing import BY_ACCOUNT, Asker, Desk, Scenario
from requests_portal.demonstration.people import INES, MARSH, MAYA, TOMAS, TUERKLINKE

SIGNED_IN = "The customer signed in afresh and confirmed the request inside the account."
EVERYTHING_OF_MINE = ["audio", "transcript", "subscriber", "devices", "connections", "human_review_log", "purchases"]
GERMAN, FRENCH, BRITISH = BY_ACCOUNT[TUERKLINKE], BY_ACCOUNT["A-64128-7"], BY_ACCOUNT["A-15539-2"]
CALIFORNIAN = BY_ACCOUNT[MARSH]
BRAZILIAN, GREEK, EGYPTIAN = BY_ACCOUNT["A-92740-6"], BY_ACCOUNT["A-43306-8"], BY_ACCOUNT["A-09274-0"]
NEW_HAMPSHIRE = BY_ACCOUNT["A-20417-9"]


def german_access(desk: Desk) -> Scenario:
    """A full answer under Art. 15 that waits for the custodian; family, a visitor and a child are heard."""
    return desk.own(
        {"right": "access", "seeks": EVERYTHING_OF_MINE},
        key="german-access",
        title="Copy of my recordings",
        customer=GERMAN,
        ago=timedelta(days=24),
        body=(
            "Ich bitte nach Art. 15 DSGVO um Auskunft und um eine Kopie aller meiner Sprachaufnahmen.",
            "Bitte teilen Sie mir auch mit, wer meine Aufnahmen angehört hat.",
        ),
        quoted=("wer meine Aufnahmen angehört hat",),
        stage="waiting_for_certificate",
        mood="later",
        checked=SIGNED_IN,
        assignee=MAYA.id,
    )


def german_access_before(desk: Desk) -> Scenario:
    """What the same customer received half a year ago."""
    return desk.own(
        {
            "right": "access",
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-230, 0, GERMAN.zone),
            "range_to": desk.at(-200, 0, GERMAN.zone),
        },
        key="german-access-before",
        title="Copy of one month of recordings",
        customer=GERMAN,
        ago=timedelta(days=190),
        body=("Bitte senden Sie mir die Aufnahmen und Abschriften des vergangenen Monats.",),
        quoted=("des vergangenen Monats",),
        stage="released",
        mood="answered",
        checked=SIGNED_IN,
        assignee=TOMAS.id,
        silenced="Eine andere Person spricht",
    )


def german_erasure(desk: Desk) -> Scenario:
    """Erasure, not a copy, is asked for."""
    return desk.own(
        {"right": "erasure", "seeks": ["audio", "transcript"]},
        key="german-erasure",
        title="Erase the recordings from the children's room",
        customer=GERMAN,
        ago=timedelta(days=5),
        body=("Bitte löschen Sie alle Aufnahmen und Abschriften aus dem Kinderzimmer.",),
        quoted=("löschen Sie alle Aufnahmen",),
        stage="assessed",
        mood="later",
        checked=SIGNED_IN,
        assignee=INES.id,
    )


def french_portability(desk: Desk) -> Scenario:
    """The month is nearly over."""
    return desk.own(
        {"right": "portability", "seeks": ["audio", "transcript", "purchases"]},
        key="french-portability",
        title="My recordings in a form I can take along",
        customer=FRENCH,
        ago=timedelta(days=28),
        body=("Je demande à recevoir mes enregistrements, leurs transcriptions et mes achats dans un format lisible.",),
        quoted=("dans un format lisible",),
        stage="decided",
        mood="due_soon",
        checked=SIGNED_IN,
        assignee=TOMAS.id,
    )


def greek_access(desk: Desk) -> Scenario:
    """A month and days have passed; it was taken on, and left."""
    return desk.own(
        {"right": "access", "seeks": ["audio", "transcript", "human_review_log"]},
        key="greek-access",
        title="Copy of my recordings",
        customer=GREEK,
        ago=timedelta(days=37),
        body=("Ζητώ αντίγραφο όλων των ηχογραφήσεών μου και να μάθω ποιος τις άκουσε.",),  # noqa: RUF001 — Greek
        quoted=("ποιος τις άκουσε",),
        stage="assessed",
        mood="overdue",
        assignee=INES.id,
        checked=SIGNED_IN,
    )


def british_access(desk: Desk) -> Scenario:
    """We asked which of two years is meant, and the clock stands still."""
    return desk.own(
        {"right": "access", "seeks": ["audio", "subscriber"], "clarification_asked_on": desk.iso(-16)},
        key="british-access",
        title="Everything you hold about me",
        customer=BRITISH,
        ago=timedelta(days=19),
        body=("Please send me everything you hold about me, or whatever is easiest.",),
        quoted=("whatever is easiest",),
        stage="waiting_for_requester",
        mood="waiting",
        checked=SIGNED_IN,
        assignee=INES.id,
    )


def californian_know(desk: Desk) -> Scenario:
    """A request to know by the very customer of the six-month warrant; neither shows in the other."""
    zone = CALIFORNIAN.zone
    return desk.own(
        {
            "right": "access",
            "seeks": ["audio", "transcript", "human_review_log"],
            "range_from": desk.at(-60, 0, zone),
            "range_to": desk.at(-42, 0, zone),
        },
        key="californian-know",
        title="Request to know, eighteen days of recordings",
        customer=CALIFORNIAN,
        ago=timedelta(days=42),
        body=("I would like a copy of what my speakers recorded in those weeks, and to know whether anyone listened.",),
        quoted=("whether anyone listened",),
        stage="offered",
        mood="due_soon",
        checked=SIGNED_IN,
        assignee=MAYA.id,
    )


def agent_without_permission(desk: Desk) -> Scenario:
    """An agent writes for a customer and shows no permission."""
    return desk.own(
        {
            "requester_kind": "agent",
            "right": "access",
            "seeks": ["audio", "subscriber"],
            "channel": "email",
        },
        key="agent-without-permission",
        title="Request to know through an agent",
        customer=CALIFORNIAN,
        asker=Asker(
            name="Rights Desk",
            organisation="Butterknife Data Agents",
            email="requests@butterknife-agents.example.com",
            address=("6 Spread Avenue", "Port Sorrel, CA 90001"),
            country="US-CA",
        ),
        language="en",
        ago=timedelta(days=9),
        body=("On behalf of Juniper Marsh we request all personal information, including recordings.",),
        quoted=("On behalf of Juniper Marsh",),
        stage="waiting_for_requester",
        mood="waiting",
        assignee=INES.id,
    )


def brazilian_access(desk: Desk) -> Scenario:
    """Fifteen days under the LGPD, and the last ones are running."""
    return desk.own(
        {"right": "access", "seeks": ["audio", "transcript", "subscriber"]},
        key="brazilian-access",
        title="Copy of my recordings",
        customer=BRAZILIAN,
        ago=timedelta(days=13),
        body=("Com base no art. 19 da LGPD, peço uma cópia das minhas gravações e dos meus dados cadastrais.",),
        quoted=("uma cópia das minhas gravações",),
        stage="gathering",
        mood="due_soon",
        checked=SIGNED_IN,
        assignee=TOMAS.id,
    )


def unknown_writer(desk: Desk) -> Scenario:
    """Somebody writes from an address that the account has never had."""
    return desk.own(
        {"right": "access", "seeks": ["audio"], "channel": "email", "identity_asked_on": desk.iso(-6)},
        key="unknown-writer",
        title="Recordings asked for from an unknown address",
        customer=EGYPTIAN,
        asker=Asker(
            name="Somebody who gives the name ليلى إبريق",
            email="new.address.0142@example.com",
            address=(),
            country="EG",
        ),
        ago=timedelta(days=7),
        body=("أرسلوا إليّ كل التسجيلات على هذا العنوان الجديد.",),
        quoted=("على هذا العنوان الجديد",),
        stage="waiting_for_requester",
        mood="waiting",
        assignee=INES.id,
    )


def new_hampshire_access(desk: Desk) -> Scenario:
    """Filed this morning."""
    return desk.own(
        {"right": "access", "seeks": ["audio", "transcript", "devices"]},
        key="new-hampshire-access",
        title="Copy of my recordings",
        customer=NEW_HAMPSHIRE,
        ago=timedelta(hours=5),
        body=("Please let me have everything my lamp has overheard.",),
        quoted=("everything my lamp has overheard",),
        stage="received",
        mood="later",
        checked=SIGNED_IN,
    )


def routine_copy(desk: Desk) -> Scenario:
    """Sent from the account, of weeks in which nobody else is heard: the standing policy answers it, and no person."""
    zone = GERMAN.zone
    return desk.own(
        {
            "right": "access",
            "seeks": ["audio", "transcript"],
            "range_from": desk.at(-297, 0, zone),
            "range_to": desk.at(-277, 0, zone),
            "identity_verified": True,
        },
        key="routine-copy",
        title="Copy of my data",
        customer=GERMAN,
        ago=timedelta(minutes=40),
        body=("Bitte senden Sie mir meine Aufnahmen aus jenen drei Wochen.",),
        quoted=("aus jenen drei Wochen",),
        stage="released",
        mood="answered",
        checked=SIGNED_IN,
        by_themselves=True,
    )


OWN_DATA = (
    german_access,
    german_access_before,
    german_erasure,
    french_portability,
    greek_access,
    british_access,
    californian_know,
    agent_without_permission,
    brazilian_access,
    unknown_writer,
    new_hampshire_access,
    routine_copy,
)
