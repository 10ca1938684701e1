"""Questions answered from one snapshot: ``ask(question, store) -> Answer``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salesbot.answer import Answer
from salesbot.query import changes, prices, sources, timeline, totals
from salesbot.question import OrdersTotal, PricesChanges, PricesShow, Question, SourcesShow, TimelineCheck
from salesbot.store import Store

_ANSWERS: dict[type[Question], Callable[[Any, Store], Answer]] = {
    OrdersTotal: totals.total,
    PricesShow: prices.prices_on,
    PricesChanges: changes.price_changes,
    TimelineCheck: timeline.order_of,
    SourcesShow: sources.source,
}


def ask(question: Question, store: Store) -> Answer:
    """The answer. Raises ``NotInFacts`` where the facts do not hold what was asked."""
    return _ANSWERS[type(question)](question, store)
