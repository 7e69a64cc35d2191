"""One by one: what a round does with each of many, so that one that breaks keeps none behind it waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


def one_by_one(items: Iterable[T], do: Callable[[T], None]) -> None:
    """Do the same with each, all of them; when some failed, the first failure is raised at the end."""
    first: Exception | None = None
    for each in items:
        try:
            do(each)
        except Exception as error:  # noqa: BLE001 — one that breaks keeps none behind it waiting
            # The type alone: a message may hold personal data.
            log.warning("one of many failed: %s", type(error).__name__)
            first = first or error
    if first is not None:
        raise first
