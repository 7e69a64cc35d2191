"""For the machines that watch: whether the process lives, whether it can serve, and what is running."""

import hmac
from collections.abc import Iterator

from flask import Response, abort, current_app, jsonify, request
from prometheus_client import generate_latest
from prometheus_client.core import CollectorRegistry, GaugeMetricFamily
from prometheus_client.registry import Collector

from requests_portal.model.actor import Act
from requests_portal.web.acts import does
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.web.watching import Counted
from requests_portal.work.views.running import Running

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/healthz")
@does(Act.READ_PUBLIC)
def healthz() -> Response:
    """Whether the process answers; looks at nothing outside of it."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
@does(Act.READ_PUBLIC)
def readyz() -> tuple[Response, int]:
    """Whether pages can be served: what they need, by name, and whether it is well."""
    found = the_portal().ready()
    ready = all(found.values())
    parts = {name: "ok" if well else "failing" for name, well in found.items()}
    return jsonify(ready=ready, **parts), 200 if ready else 503


@pages.get("/metrics")
@does(Act.READ_PUBLIC)
def metrics() -> Response:
    """What is running, for Prometheus, given the settings' token; without one there is no such page."""
    portal = the_portal()
    if not portal.metrics_token or portal.running is None:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {portal.metrics_token}".encode()):
        return Response("A bearer token is needed.\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    counted: Counted = current_app.extensions["counted"]
    gauges = CollectorRegistry()
    gauges.register(_Gauges(portal.running.running(portal.now())))
    return Response(generate_latest(gauges) + generate_latest(counted.everywhere()), content_type=TEXT)


class _Gauges(Collector):
    """What is running at one moment, as Prometheus reads it."""

    def __init__(self, found: Running) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = self._found
        yield _gauge("desk_workers_alive", "Workers heard of within their lease.", len(found.alive))
        yield _gauge("desk_workers_draining", "Workers that take nothing new.", sum(w.draining for w in found.alive))
        yield from _pending(found)
        yield _gauge("desk_clocks_due", "Statutory clocks of open cases that run.", found.clocks_due)
        yield _gauge("desk_clocks_overdue", "Statutory clocks of open cases that have run out.", found.clocks_overdue)
        yield _gauge("desk_clocks_unclaimed", "Open clocks of cases that nobody has taken.", found.clocks_unclaimed)
        yield _gauge(
            "desk_holds_unconfirmed", "Recordings whose hold the store has not confirmed.", found.holds_unconfirmed
        )
        yield _gauge("desk_messages_unsent", "Messages to staff that wait to be sent.", found.messages_unsent)
        yield from _rounds(found)
        yield from _probes(found)


def _pending(found: Running) -> Iterator[GaugeMetricFamily]:
    work = GaugeMetricFamily("desk_work", "Durable work that has not ended.", labels=["version", "state"])
    for version, state in sorted({(each.version, each.state) for each in found.pending}):
        of_it = [each.count for each in found.pending if (each.version, each.state) == (version, state)]
        work.add_metric([version, state], sum(of_it))
    yield work
    waiting = [each for each in found.pending if each.state == "queued"]
    ages = [(found.at - each.oldest_at).total_seconds() for each in waiting]
    yield _gauge("desk_queue_depth", "Durable work that waits for a worker.", sum(each.count for each in waiting))
    yield _gauge("desk_queue_oldest_seconds", "How long the oldest of it has existed.", max(ages, default=0))
    yield _gauge("desk_work_stranded", "Work begun by workers that are gone.", sum(e.count for e in found.stranded))
    yield _gauge("desk_work_of_another_version", "Work of another release.", sum(e.count for e in found.older))


def _rounds(found: Running) -> Iterator[GaugeMetricFamily]:
    age = GaugeMetricFamily("desk_round_age_seconds", "Since the round ended last.", labels=["round"])
    failing = GaugeMetricFamily("desk_round_failing", "1 where the round failed last.", labels=["round"])
    for each in found.rounds:
        age.add_metric([each.name], (found.at - (each.ended_at or each.begun_at)).total_seconds())
        failing.add_metric([each.name], int(bool(each.failure)))
    yield age
    yield failing


def _probes(found: Running) -> Iterator[GaugeMetricFamily]:
    failing = [each for each in found.probes if each.denied is not True]
    yield _gauge("desk_lock_probes_failing", "Buckets not seen to deny deleting what is held.", len(failing))
    ages = [(found.at - each.at).total_seconds() for each in found.probes]
    yield _gauge("desk_lock_probe_age_seconds", "Since the bucket tried longest ago.", max(ages, default=0))


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
