"""Counters and gauges of one node for Prometheus, in the field's words; no label ever holds an address.

What the gateway counts is turned as it happens; what the store knows (holds waiting, letters to be sent) is asked when
somebody looks.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from missent.errors import StoreError
from missent.nouns.action import Action
from missent.nouns.finding import Finding
from missent.nouns.hold import State
from missent.nouns.verdict import RecipientVerdict

if TYPE_CHECKING:
    from missent.store.opened import Store

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 30.0)
_OCTETS = (1e3, 1e4, 1e5, 1e6, 1e7, 5e7)


class Metrics:
    """Implements `missent.gateway.ports.Meter`.

    Attributes:
        registry: what this process counts.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._standing = CollectorRegistry()
        self._messages = Counter("missent_messages", "Messages judged, by strongest action", ("action",), registry=registry)
        self._recipients = Counter(
            "missent_recipients", "Recipients judged, by action and deciding rule", ("action", "rule"), registry=registry
        )
        self._findings = Counter("missent_findings", "Findings, by id and severity", ("finding", "severity"), registry=registry)
        self._refused = Counter(
            "missent_refused", "Recipients refused at RCPT and messages refused unjudged", ("code",), registry=registry
        )
        self._inbound = Counter("missent_inbound_messages", "Messages that came in and passed unjudged", registry=registry)
        self._let_by = Counter("missent_let_by", "Released copies that came back and passed by their pass", registry=registry)
        self._drafts = Counter("missent_drafts", "Drafts judged for compose windows, by action", ("action",), registry=registry)
        self._seconds = Histogram(
            "missent_message_seconds", "Seconds from a message's last octet to the reply", buckets=_SECONDS, registry=registry
        )
        self._octets = Histogram("missent_message_octets", "Sizes of judged messages", buckets=_OCTETS, registry=registry)

    def message(self, rulings: Sequence[RecipientVerdict], outer: Sequence[Finding], seconds: float, size: int) -> None:
        """As the port says."""
        self._messages.labels(max((r.action for r in rulings), default=Action.DELIVER).word).inc()
        for ruled in rulings:
            self._recipients.labels(ruled.action.word, ruled.ruling.rule).inc()
            for finding in ruled.findings:
                self._findings.labels(finding.id, finding.severity.word).inc()
        for finding in outer:
            self._findings.labels(finding.id, finding.severity.word).inc()
        self._seconds.observe(seconds)
        self._octets.observe(size)

    def refused(self, code: int) -> None:
        """As the port says."""
        self._refused.labels(str(code)).inc()

    def inbound(self) -> None:
        """As the port says."""
        self._inbound.inc()

    def let_by(self) -> None:
        """As the port says."""
        self._let_by.inc()

    def draft(self, action: Action) -> None:
        """A draft was judged for a compose window."""
        self._drafts.labels(action.word).inc()

    def watch(self, store: "Store", now: Callable[[], datetime], observe: Callable[[], bool]) -> None:
        """Gauges of what the store knows, from now on."""
        self._standing.register(_Kept(store, now, observe))

    def exposition(self) -> bytes:
        """All figures as Prometheus reads them. Asks the store: not for the event loop."""
        return generate_latest(self._counted()) + generate_latest(self._standing)

    def _counted(self) -> CollectorRegistry:
        """What this process counts, or all processes of the node where several count together."""
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        if not folder:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call]
        return together


class _Kept(Collector):
    """What the store knows at the moment it is asked; a store that is away is itself a figure."""

    def __init__(self, store: "Store", now: Callable[[], datetime], observe: Callable[[], bool]) -> None:
        self._store = store
        self._now = now
        self._observe = observe

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked at registration."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        yield _gauge("missent_observing", "1 while everything is delivered whatever the verdict", self._observe())
        try:
            standing, letters = self._store.holds.standing(), self._store.outbox.waiting()
        except StoreError:
            yield _gauge("missent_store_up", "1 while the store answers", value=False)
            return
        yield _gauge("missent_store_up", "1 while the store answers", value=True)
        _, since = standing.get(State.HELD, (0, self._now()))
        yield _gauge(
            "missent_oldest_held_seconds",
            "Since when the oldest copy waits for a decision",
            (self._now() - since).total_seconds(),
        )
        copies = GaugeMetricFamily("missent_copies", "Copies ever kept back or warned of, by state", labels=("state",))
        for state in State:
            copies.add_metric((state.value,), standing.get(state, (0, since))[0])
        yield copies
        yield _gauge("missent_outbox_waiting", "Released copies and letters the next hop has not taken yet", letters)


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=float(value))
