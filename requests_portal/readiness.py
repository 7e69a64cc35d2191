"""Whether what the pages need is well: asked in a bounded time, however long the things themselves take to answer."""

import threading
import time
from collections.abc import Callable, Mapping

PATIENCE_SECONDS = 3.0
# However often it is asked, the outside world is asked again only after so long.
FRESH_SECONDS = 2.0


class Readiness:
    """Named checks, each of which answers True, answers False, raises, or hangs."""

    def __init__(self, checks: Mapping[str, Callable[[], bool]], *, fresh_seconds: float = FRESH_SECONDS) -> None:
        self._asked = {name: _Asked(name, check, fresh_seconds) for name, check in checks.items()}

    def __call__(self) -> Mapping[str, bool]:
        """Whether each is well now; one that has not answered in time is not."""
        for each in self._asked.values():
            each.ask()
        end = time.monotonic() + PATIENCE_SECONDS
        return {name: each.answer(end) for name, each in self._asked.items()}


class _Asked:
    """One check and its latest answer; it is never asked twice at a time."""

    def __init__(self, name: str, check: Callable[[], bool], fresh_seconds: float) -> None:
        self._name = name
        self._fresh_seconds = fresh_seconds
        self._check = check
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._well = False
        self._at = float("-inf")

    def ask(self) -> None:
        with self._lock:
            under_way = self._at > float("-inf") and not self._answered.is_set()
            if under_way or time.monotonic() - self._at < self._fresh_seconds:
                return
            self._answered.clear()
            self._at = time.monotonic()
        threading.Thread(target=self._run, name=f"is {self._name} well", daemon=True).start()

    def answer(self, end: float) -> bool:
        return self._answered.wait(max(0.0, end - time.monotonic())) and self._well

    def _run(self) -> None:
        try:
            self._well = self._check()
        except Exception:  # noqa: BLE001 — whatever it raises, it is not well
            self._well = False
        finally:
            self._answered.set()
