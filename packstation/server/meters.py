"""What a server measures of itself as it works; what lies in tables is counted by ``metrics``.

One set for each server, none for the process: two servers in a test do not count together. Labels
are names of routes, carriers and jobs, never an id and never anything of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from packstation import __version__
from packstation.domain.errors import PackstationError

T = TypeVar("T")
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30)


class Meters:
    """Counters and histograms of one server."""

    def __init__(self) -> None:
        """Nothing was measured yet."""
        self._registry = CollectorRegistry()
        own = self._registry
        self._requests = Counter(
            "ps_http_requests_total",
            "Requests answered.",
            ("route", "method", "status"),
            registry=own,
        )
        self._seconds = Histogram(
            "ps_http_seconds", "Until the answer began.", ("route",), buckets=_SECONDS, registry=own
        )
        self._ingest = Histogram(
            "ps_ingest_seconds", "Of a push, until its answer.", buckets=_SECONDS, registry=own
        )
        self._under_way = Gauge(
            "ps_http_under_way", "Requests that have no answer yet.", registry=own
        )
        self._carriers = Histogram(
            "ps_carrier_call_seconds",
            "Of a call to a carrier; code: ok, or what was wrong.",
            ("carrier", "code"),
            buckets=_SLOW,
            registry=own,
        )
        self._jobs = Histogram(
            "ps_job_seconds",
            "Of work beside requests.",
            ("job", "code"),
            buckets=_SLOW,
            registry=own,
        )
        self._leaf = Gauge(
            "ps_certificate_left_seconds", "Until the TLS certificate ends.", registry=own
        )
        info = Gauge("ps_build_info", "1; the program's version.", ("version",), registry=own)
        info.labels(__version__).set(1)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """A request is being answered meanwhile."""
        with self._under_way.track_inprogress():
            yield

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; ``route`` is a path with names in place of values."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if route == "/v1/journal":
            self._ingest.observe(seconds)

    def timing(self, carrier: str, call: Callable[[], T]) -> Callable[[], T]:
        """The same call to a carrier, with its time and outcome counted."""

        def timed() -> T:
            with self._timed(self._carriers, carrier):
                return call()

        return timed

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """A piece of work beside requests is under way meanwhile."""
        with self._timed(self._jobs, name):
            yield

    def certificate(self, left_s: Callable[[], float]) -> None:
        """How long the certificate lasts, asked whenever the figures are."""
        self._leaf.set_function(left_s)

    @contextmanager
    def _timed(self, meter: Histogram, name: str) -> Iterator[None]:
        begun, code = perf_counter(), "ok"
        try:
            yield
        except PackstationError as exc:
            code = exc.key.removeprefix("error.")
            raise
        except Exception:  # only counted here
            code = "bug"
            raise
        finally:
            meter.labels(name, code).observe(perf_counter() - begun)

    def text(self) -> str:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry).decode()
