"""What a sentence can ask: each intent makes a line of it, and counts only if it uses every word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from salesbot.asking.intents import counts, prices, suppositions, times
from salesbot.asking.intents.asking import METRICS, MOST_OFFERED, Asking, Line, brands_fit
from salesbot.asking.intents.doubts import is_doubtful
from salesbot.asking.intents.moments import day_options

INTENTS: tuple[Callable[[Asking], Iterator[Line]], ...] = (
    counts.total,
    counts.stores,
    counts.extent,
    counts.first_day,
    counts.compare,
    counts.progress,
    suppositions.what_if,
    prices.price,
    prices.deposit,
    prices.price_compare,
    prices.changes,
    prices.history,
    times.when_was,
    times.check,
    times.gap,
    times.events,
)


def lines(asking: Asking) -> list[Line]:
    """Every line that the sentence can ask; those that may ask something else are only offered."""
    found = [line for intent in INTENTS for line in intent(asking)]
    return [replace(one, is_offered=True) if is_doubtful(asking.sentence, one) else one for one in found]


__all__ = ["METRICS", "MOST_OFFERED", "Asking", "Line", "brands_fit", "day_options", "lines"]
