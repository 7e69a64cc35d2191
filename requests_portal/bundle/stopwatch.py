"""How long each stage of the writing took."""

from collections.abc import Callable


class Stopwatch:
    """Collects seconds by stage; the tick is passed in."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._last = tick()
        self.stages: dict[str, float] = {}

    def stage(self, name: str) -> None:
        """Note the time since the last stage ended."""
        now = self._tick()
        self.stages[name] = now - self._last
        self._last = now
