"""Charts of answers: which have one, and the pictures drawn lately; drawn in another process."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from salesbot.answers.answer import Answer, CompareFound, HistoryFound, ProgressFound
from salesbot.facts import COUNTS, LEVELS
from salesbot.questions.question import OrdersCompare
from salesbot.serving.child_processes import Workers
from salesbot.storage.snapshot import Latest

if TYPE_CHECKING:
    from bot.charts.chart_svg import Chart

MOST_KEPT = 64
IS_AVAILABLE = all(importlib.util.find_spec(name) is not None for name in ("resvg_py", "pylopdf_fonts_zh_cn"))


def has_chart(answer: Answer) -> bool:
    """Whether an answer has something to draw, and the charts extra is installed."""
    if not IS_AVAILABLE:
        return False
    match answer.found:
        case ProgressFound() as found:
            return found.opening is not None and any(f.name == found.metric for f in answer.figures)
        case HistoryFound():
            return any(f.name in LEVELS and f.valid_from for f in answer.figures)
        case CompareFound() as found:
            return isinstance(answer.question, OrdersCompare) and found.what in COUNTS and bool(answer.figures)
    return False


class Charts:
    """Charts drawn so far, by snapshot and question."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._kept = Latest(MOST_KEPT)

    def kept(self, key: object) -> bytes | None:
        """The PNG under ``key``, if it was drawn lately."""
        found = self._kept.get(key)
        return found if isinstance(found, bytes) else None

    async def png(self, key: object, chart: Chart) -> bytes:
        """The chart as PNG; drawn in the worker the first time."""
        found = self.kept(key)
        if found is None:
            from bot.charts.chart_svg import draw

            drawn = await self._workers.run(draw, chart)
            found = self._kept.once(key, lambda: drawn)
        return found
