"""Which answers have a chart, and the pictures drawn last. They are drawn in a child process."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
from collections import Counter
from collections.abc import Hashable
from typing import TYPE_CHECKING

from bot.charts.picture.jobs import draw, prepare
from salesbot.answers import Answer
from salesbot.answers.answer import CompareResult, HistoryResult, ProgressResult
from salesbot.facts import STORE_METRICS
from salesbot.questions.question import OrdersCompare
from salesbot.serving.child_processes import WarmProcess
from salesbot.storage.lru_cache import LruCache

if TYPE_CHECKING:
    from bot.charts.picture.chart import Chart

log = logging.getLogger(__name__)
MOST_WAITING = 4  # pictures under way that nobody asked for
CHART_BYTES = 3 << 19  # of pictures, each about 40 KiB
IS_AVAILABLE = all(importlib.util.find_spec(name) is not None for name in ("aggdraw", "pylopdf_fonts_zh_cn"))


def has_chart(answer: Answer) -> bool:
    """Whether an answer has something to draw, and the charts extra is installed."""
    if not IS_AVAILABLE:
        return False
    match answer.result:
        case ProgressResult() as result:
            return result.opening is not None and any(figure.name == result.metric for figure in answer.figures)
        case HistoryResult():
            return any(figure.role == "level" and figure.valid_from for figure in answer.figures)
        case CompareResult() as result:
            is_about_counts = isinstance(answer.question, OrdersCompare) and result.within is not None
            return is_about_counts and result.what not in STORE_METRICS and bool(answer.figures)
    return False


def comes_with_answer(answer: Answer) -> bool:
    """Whether a picture says more than the figures: how a count grew, several beside each other, past prices."""
    is_of_one_moment = isinstance(answer.result, ProgressResult) and answer.result.at is not None
    return has_chart(answer) and not is_of_one_moment


class ChartCache:
    """Charts as PNG by scope, facts and question."""

    def __init__(self, process: WarmProcess) -> None:
        self._process = process
        self._pictures = LruCache(CHART_BYTES)
        self._waiting: Counter[str] = Counter()
        self._preparing: asyncio.Task[None] | None = None

    def get(self, key: Hashable) -> bytes | None:
        """The PNG of ``key``, if it is cached."""
        png = self._pictures.get(key)
        return png if isinstance(png, bytes) else None

    def has_room(self, scope: str) -> bool:
        """Whether a picture that nobody waits for may be drawn: few are under way, and of this server none."""
        return not self._waiting[scope] and self._waiting.total() < MOST_WAITING

    def expect(self) -> None:
        """Start the child process, the first time: a picture may be asked for soon."""
        if self._preparing is None:
            self._preparing = asyncio.create_task(self._prepare())

    async def _prepare(self) -> None:
        try:
            await self._process.run(prepare)
        except Exception:  # the first picture will find out why
            log.warning("the process that draws charts did not start", exc_info=True)

    def close(self) -> None:
        """Expect no picture any more."""
        if self._preparing is not None:
            self._preparing.cancel()

    async def draw_unasked(self, scope: str, key: Hashable, chart: Chart) -> bytes:
        """The PNG of a chart, counted among those that nobody waits for."""
        self._waiting[scope] += 1
        try:
            return await self.draw(key, chart)
        finally:
            self._waiting[scope] -= 1
            self._waiting += Counter()  # scopes at 0 go

    async def draw(self, key: Hashable, chart: Chart) -> bytes:
        """The PNG of a chart, drawn in the child process if it is not cached."""
        png = self.get(key)
        if png is None:
            drawn = await self._process.run(draw, chart)
            png = self._pictures.get_or_make(key, lambda: drawn)
        return png
