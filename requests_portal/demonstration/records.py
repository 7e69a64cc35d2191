"""The record sets of the invented company: tables that are not audio, one for each data class."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from requests_portal.demonstration.people import Customer
from requests_portal.demonstration.world import SEED, World

Row = tuple[str, ...]

SOURCES = {
    "subscriber": "Accounts register",
    "identification": "Sign-in service",
    "connections": "Connection log",
    "devices": "Device register",
    "human_review_log": "Review workbench",
    "purchases": "Shop ledger",
}
COLUMNS: dict[str, Row] = {
    "subscriber": ("Account", "Name", "Address", "E-mail", "Phone", "Payment means", "Service from", "Service"),
    "identification": ("Signed in (UTC)", "IP address", "Port", "Device"),
    "connections": ("Session start (UTC)", "Session end (UTC)", "IP address", "Device"),
    "devices": ("Serial", "Name", "Model", "Registered on"),
    "human_review_log": ("Recording", "Recorded (UTC)", "Heard (UTC)", "Purpose", "Role", "Reviewer"),
    "purchases": ("Bought on", "Item", "Amount", "Payment means"),
}
# Addresses set aside for documentation (RFC 5737, RFC 3849): they belong to nobody.
NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8::")
WARES = (
    ("Story pack: lighthouse tales", "3.99"),
    ("Music, one month", "9.99"),
    ("Wall mount for Pebble", "14.50"),
    ("Power adapter", "19.00"),
    ("Spoken dictionary", "4.49"),
)
CONNECTIONS = 26


def record_set(world: World, account: str, data_class: str) -> tuple[Row, tuple[Row, ...]]:
    """Return the columns and rows that the named source holds on an account; KeyError when there is no such source."""
    customer = world.customer(account)
    return COLUMNS[data_class], tuple(_READERS[data_class](world, customer))


def _subscriber(world: World, customer: Customer) -> Iterator[Row]:
    yield (
        customer.account,
        customer.name,
        ", ".join(customer.address),
        customer.email,
        customer.phone,
        _card(customer),
        _ago(world, customer.service_days_ago).isoformat(),
        "Voice assistant, household plan",
    )


def _identification(world: World, customer: Customer) -> Iterator[Row]:
    chance = _chance(customer, "identification")
    for start, _, address, device in _sessions(world, customer):
        yield start, address, str(chance.randint(49152, 65535)), device


def _connections(world: World, customer: Customer) -> Iterator[Row]:
    yield from _sessions(world, customer)


def _sessions(world: World, customer: Customer) -> Iterator[tuple[str, str, str, str]]:
    """Sessions about every two weeks over the year, oldest first."""
    chance = _chance(customer, "connections")
    for number in range(CONNECTIONS):
        day = _ago(world, 14 * (CONNECTIONS - number))
        start = datetime.combine(day, time(chance.randint(0, 23), chance.randint(0, 59)), UTC)
        end = start + timedelta(minutes=chance.randint(20, 13 * 24 * 60))
        address = chance.choice(NETWORKS) + str(chance.randint(1, 254))
        yield _stamp(start), _stamp(end), address, chance.choice(customer.devices).serial


def _devices(world: World, customer: Customer) -> Iterator[Row]:
    for device in customer.devices:
        yield device.serial, device.name, device.model, _ago(world, device.registered_days_ago).isoformat()


def _human_review_log(world: World, customer: Customer) -> Iterator[Row]:
    for recording in world.of(customer.account):
        if review := recording.review:
            yield (
                recording.id,
                _stamp(recording.recorded_at),
                _stamp(review.at),
                review.purpose,
                review.role,
                review.reviewer,
            )


def _purchases(world: World, customer: Customer) -> Iterator[Row]:
    chance = _chance(customer, "purchases")
    days = sorted((chance.randint(1, 365) for _ in range(chance.randint(3, 8))), reverse=True)
    for day in days:
        item, price = chance.choice(WARES)
        yield _ago(world, day).isoformat(), item, f"{price} {_currency(customer)}", _card(customer)


_READERS: dict[str, Callable[[World, Customer], Iterator[Row]]] = {
    "subscriber": _subscriber,
    "identification": _identification,
    "connections": _connections,
    "devices": _devices,
    "human_review_log": _human_review_log,
    "purchases": _purchases,
}


def _chance(customer: Customer, data_class: str) -> Random:
    return Random(f"{SEED} {customer.account} {data_class}")  # noqa: S311 — an invented life, not a secret


def _ago(world: World, days: int) -> date:
    return world.today - timedelta(days=days)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _card(customer: Customer) -> str:
    return f"Card ending {customer.card}"


def _currency(customer: Customer) -> str:
    own = {"GB": "GBP", "BR": "BRL", "IN": "INR", "EG": "EGP", "IL": "ILS", "DE": "EUR", "FR": "EUR", "GR": "EUR"}
    return own.get(customer.country, "USD")
