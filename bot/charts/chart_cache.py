"""Which answers have a chart, and the pictures drawn last. They are drawn in a child process."""

from __future__ import annotations

import importlib.util
from collections.abc import Hashable
from typing import TYPE_CHECKING

from salesbot.answers import Answer
from salesbot.answers.answer import CompareResult, HistoryResult, ProgressResult
from salesbot.facts import STORE_METRICS
from salesbot.questions.question import OrdersCompare
from salesbot.serving.child_processes import WarmProcess
from salesbot.storage.lru_cache import LruCache

if TYPE_CHECKING:
    from bot.charts.svg.chart import Chart

CHART_BYTES = 8 << 20  # of pictures, each about 100 KiB
IS_AVAILABLE = all(importlib.util.find_spec(name) is not None for name in ("resvg_py", "pylopdf_fonts_zh_cn"))


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


class ChartCache:
    """Charts as PNG by scope, facts and question."""

    def __init__(self, process: WarmProcess) -> None:
        self._process = process
        self._pictures = LruCache(CHART_BYTES)

    def get(self, key: Hashable) -> bytes | None:
        """The PNG of ``key``, if it is cached."""
        png = self._pictures.get(key)
        return png if isinstance(png, bytes) else None

    async def draw(self, key: Hashable, chart: Chart) -> bytes:
        """The PNG of a chart, drawn in the child process if it is not cached."""
        png = self.get(key)
        if png is None:
            from bot.charts.svg.page import draw

            drawn = await self._process.run(draw, chart)
            png = self._pictures.get_or_make(key, lambda: drawn)
        return png
