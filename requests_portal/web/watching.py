"""Every request is counted, timed and logged, without saying who asked, from where, or for which address."""

import os
import time
import uuid

from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.wrappers import Response

from requests_portal.logs import note
from requests_portal.web.acts import NOBODY, person

# Set where several processes serve: each then counts in a file of its own in this folder.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
NO_PAGE = "none"


class Counted:
    """What is counted of requests, by the name of the page and the class of the answer."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "desk_http_requests", "Requests answered.", ["endpoint", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "desk_http_request_seconds",
            "How long answers took, to their last byte.",
            ["endpoint"],
            buckets=SECONDS,
            registry=self.registry,
        )

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(endpoint, f"{status // 100}xx").inc()
        self._seconds.labels(endpoint).observe(seconds)

    def everywhere(self) -> CollectorRegistry:
        """What every process that serves has counted."""
        if FOLDER not in os.environ:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together


def watch(app: Flask) -> None:
    """Have every request of the application counted, timed and logged."""
    counted = Counted()
    app.extensions["counted"] = counted
    app.before_request(_begin)

    @app.after_request
    def note_the_end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        end = _Ending(counted, response.status_code)
        response.call_on_close(end)
        return response


class _Ending:
    """What is noted of a request when the last byte of its answer has gone."""

    def __init__(self, counted: Counted, status: int) -> None:
        self._counted = counted
        self._status = status
        self._began = g.get("began", time.perf_counter())
        by = person()
        self._what = {
            "request": g.get("request_id", ""),
            "method": request.method,
            "endpoint": request.endpoint or NO_PAGE,
            "status": status,
            "role": "nobody" if by is NOBODY else by.role.value,
        }

    def __call__(self) -> None:
        seconds = time.perf_counter() - self._began
        self._counted.answered(self._what["endpoint"], self._status, seconds)
        note("request", **self._what, ms=round(seconds * 1000, 1))


def _begin() -> None:
    g.began, g.request_id = time.perf_counter(), uuid.uuid4().hex
