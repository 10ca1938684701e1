"""Questions answered from one snapshot: ``ask(question, store) -> Answer``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from salesbot.answers.answer import Answer
from salesbot.query import changes, claims, comparing, history, prices, progress, sources, stores, timeline, totals, whatif
from salesbot.questions import question as q
from salesbot.storage.snapshot import Store

_ANSWERS: dict[type[q.Question], Callable[[Any, Store], Answer]] = {
    q.OrdersTotal: totals.total,
    q.OrdersStores: stores.stores,
    q.OrdersProgress: progress.progress,
    q.OrdersCompare: comparing.compared,
    q.OrdersWhatif: whatif.whatif,
    q.PricesShow: prices.prices_on,
    q.PricesChanges: changes.price_changes,
    q.PricesHistory: history.history,
    q.PricesCompare: history.prices_compared,
    q.TimelineCheck: timeline.order_of,
    q.TimelineGap: timeline.gap,
    q.TimelineWhen: timeline.when,
    q.TimelineEvents: timeline.events,
    q.ClaimsList: lambda question, store: claims.listed(question, store, ask),
    q.ClaimsCheck: lambda question, store: claims.checked(question, store, ask),
    q.SourcesShow: sources.source,
}


def ask(question: q.Question, store: Store) -> Answer:
    """The answer. Raises ``NotInFacts`` where the facts do not hold what was asked.

    A snapshot never changes, so an answer is kept with it and given again.
    """
    return store.remembered(question, lambda: _ANSWERS[type(question)](question, store))
