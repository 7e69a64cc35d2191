"""Fetching many objects at once, with bounded memory and in whatever order they finish."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

from requests_portal.errors import GatherCancelled

Item = TypeVar("Item")
Result = TypeVar("Result")

POLL_SECONDS = 0.25


def in_parallel(
    items: Iterable[Item],
    fetch: Callable[[Item], Result],
    *,
    workers: int,
    cancelled: Callable[[], bool],
) -> Iterator[tuple[Item, Result]]:
    """Yield (item, result) as each finishes, with at most twice `workers` items taken and not yet yielded.

    Raises GatherCancelled after the running ones are yielded, and whatever `fetch` raises.
    """
    waiting = iter(items)
    running: dict[Future[Result], Item] = {}
    with ThreadPoolExecutor(workers, thread_name_prefix="gather") as pool:
        try:
            while not cancelled():
                running |= {pool.submit(fetch, item): item for item in islice(waiting, 2 * workers - len(running))}
                if not running:
                    return
                done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                yield from ((running.pop(future), future.result()) for future in done)
            yield from _last_ones(running)
            raise GatherCancelled("Gathering was cancelled; what was fetched is kept.")
        finally:
            for future in running:
                future.cancel()


def _last_ones(running: dict[Future[Result], Item]) -> Iterator[tuple[Item, Result]]:
    for future, item in running.items():
        if not future.cancel():
            yield item, future.result()
