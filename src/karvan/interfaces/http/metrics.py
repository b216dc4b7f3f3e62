"""What the server counts, for Prometheus; `docs/reference/running.md` explains the names."""

from __future__ import annotations

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from karvan import __version__
from karvan.interfaces.http.desk import Desk

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
#: The route of what is at no address of ours: one name, however many are tried.
NOWHERE: Final = "none"

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one server, apart from those of any other in this process.

    Attributes
    ----------
    registry
        Where more counts may be entered.
    """

    def __init__(self, desk: Desk) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._requests = Counter(
            "karvan_http_requests",
            "Requests by method, route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "karvan_http_request_seconds",
            "Time until the last byte of an answer, by route.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        quotes = Histogram(
            "karvan_quote_seconds",
            "Time to search, price and sample one quote, without waiting for a turn.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        desk.observe = quotes.observe
        for name, words, count in (
            ("karvan_quotes_running", "Quotes that are made now.", lambda: desk.turns.running),
            ("karvan_quotes_waiting", "Quotes that wait for a turn.", lambda: desk.turns.waiting),
        ):
            Gauge(name, words, registry=self.registry).set_function(count)
        tables = {
            "version": __version__,
            "network_hash": desk.published.network.hashes.network,
            "tariff_version": desk.published.book.version,
        }
        Info("karvan_tables", "What is quoted from.", registry=self.registry).info(tables)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Give everything that was counted, in the text format of Prometheus."""
        return generate_latest(self.registry)
