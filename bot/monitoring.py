"""What an operator's monitoring reads over HTTP: whether the bot lives and stands, and what it has done.

``GET /healthz`` answers while the event loop runs; ``GET /ready`` is 503 while a shard has no session; ``GET /metrics``
is for Prometheus. Nothing here has a text or an id of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.client import SalesBot
from bot.discord_io.activity import SECONDS
from bot.discord_io.http_address import HttpAddress
from salesbot import __version__
from salesbot.words import words_for

WORDS = words_for()
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Monitoring:
    """The pages of a bot, served at an address ``host:port``."""

    def __init__(self, bot: SalesBot, address: str) -> None:
        self._bot, self._address = bot, HttpAddress("SALESBOT_METRICS", address)
        self._registry = CollectorRegistry()
        self._registry.register(Figures(bot))

    async def start(self) -> None:
        """Listen. Raises ``ConfigError`` where the address cannot be had."""
        await self._address.open(
            web.get(f"/{page.__name__}", page) for page in (self.healthz, self.ready, self.metrics)
        )

    async def stop(self) -> None:
        """Close the address."""
        await self._address.close()

    async def healthz(self, _: web.Request) -> web.Response:
        """That the event loop runs."""
        return web.json_response({"version": __version__, "ready": self._bot.is_connected})

    async def ready(self, _: web.Request) -> web.Response:
        """Whether every shard has a session."""
        return web.json_response({"ready": self._bot.is_connected}, status=200 if self._bot.is_connected else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        """The figures, as Prometheus reads them."""
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE})


class Figures(Collector):
    """The figures of a bot at the moment they are read."""

    def __init__(self, bot: SalesBot) -> None:
        self._bot = bot

    def collect(self) -> Iterator[Metric]:
        """Every figure."""
        services, activity = self._bot.services, self._bot.services.activity
        yield InfoMetricFamily("salesbot", WORDS.monitored("salesbot"), {"version": __version__})
        yield _counter("salesbot_interactions", "command", activity.interactions)
        yield _counter("salesbot_errors", "reason", activity.errors)
        yield _counter("salesbot_sessions", "how", activity.sessions)
        yield _counter("salesbot_changes", "why", services.packs.catalog.changes())
        bounds = (*map(str, SECONDS), "+Inf")
        buckets = list(zip(bounds, accumulate(activity.replies_within), strict=True))
        name = "salesbot_reply_seconds"
        text, total = WORDS.monitored(name), activity.seconds_of_replies
        yield HistogramMetricFamily(name, text, buckets=buckets, sum_value=total)
        yield _gauge("salesbot_ready", self._bot.is_connected)
        yield _gauge("salesbot_children", services.children.running)
        yield _gauge("salesbot_children_waiting", services.children.waiting)
        if (sharing := services.packs.sharing) is not None:
            yield _gauge("salesbot_database", sharing.is_reachable)
        yield _gauge("salesbot_started_seconds", activity.began)


def _gauge(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, WORDS.monitored(name), float(value))


def _counter(name: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, WORDS.monitored(name), labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
