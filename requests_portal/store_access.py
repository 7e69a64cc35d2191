"""The way to the store and to its queue, as the settings name them."""

from typing import Any

from requests_portal.model.in_store import Place
from requests_portal.settings import Settings
from requests_portal.storage.client import S3Client, s3_client
from requests_portal.storage.event_queue import EventQueue
from requests_portal.storage.objects import ObjectsInStore


def store_client(settings: Settings, **patience: Any) -> S3Client:
    """A client of the store that the settings name, as patient as is said."""
    return s3_client(**store_address(settings), **patience)


def store_address(settings: Settings) -> dict[str, Any]:
    """Where the store is, and how we show who we are; None means AWS's own way."""
    return {
        "endpoint": settings.store_endpoint or None,
        "region": settings.store_region,
        "access_key": settings.store_access_key or None,
        "secret_key": settings.store_secret_key or None,
    }


def objects_in(settings: Settings, place: Place) -> ObjectsInStore:
    """A bucket as it is, asked by key."""
    return ObjectsInStore(store_client(settings), place)


def own_place(settings: Settings) -> Place:
    """The recordings' own bucket."""
    return Place(name=settings.recordings_bucket, is_own=True)


def event_queue(settings: Settings) -> EventQueue:
    """The queue into which the store says what happened to recordings."""
    return EventQueue(
        settings.events_queue,
        region=settings.store_region,
        access_key=settings.store_access_key or None,
        secret_key=settings.store_secret_key or None,
    )
