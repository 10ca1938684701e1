"""What rows that tie tell of one price and time, as one."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from salesbot.query.prices.model_prices import PriceRow
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, any_of

Ends = tuple[Fraction | None, Fraction | None]


class Told(Struct, frozen=True):
    """What ``rows`` that tie tell of one time: ``row`` is all of them as one."""

    row: PriceRow
    rows: tuple[PriceRow, ...]


def one_level(rows: tuple[PriceRow, ...]) -> list[Told]:
    """Rows that tie on one day: those with a level before changes without one, of one time as one.

    A change beside a level tells the same move. A price with an end begins after one without.
    """
    with_level = [row for row in rows if row.has_level]
    by_time: dict[StatedTime | None, list[PriceRow]] = {}
    for row in sorted(with_level or rows, key=_order):
        by_time.setdefault(row.fact.valid_to, []).append(row)
    changes = [row for row in rows if not row.has_level] if with_level else []
    told = [Told(_as_one(of_time), tuple(of_time)) for of_time in by_time.values()]
    return [Told(told[0].row, (*told[0].rows, *changes)), *told[1:]] if told else []


def _order(row: PriceRow) -> tuple[bool, int, bool]:
    """Prices without an end first, then the one that ends last; rows of a trim's own before those for every trim."""
    end = row.fact.valid_to
    return end is not None, 0 if end is None else -end.days[1].toordinal(), row.spread_from is not None


def _as_one(rows: list[PriceRow]) -> PriceRow:
    """Rows of one time as one: what they have in common, else from the lowest to the highest of what they say.

    Of changes in one month both may have happened.
    """
    facts = [row.fact for row in rows]
    columns = ("low", "high", "previous", "change_low", "change_high")
    if len({tuple(getattr(fact, column) for column in columns) for fact in facts}) == 1:
        return rows[0]
    previous = {fact.previous for fact in facts}
    low, high = _common([(fact.low, fact.high) for fact in facts])
    stated = [(fact.change_low, fact.change_high) for fact in facts]
    change_low, change_high = _common(stated)
    if not is_day(facts[0].valid_from) and not rows[0].has_level and not any(None in one for one in stated):
        change_low, change_high = _all_together(stated)
    fact = replace(
        facts[0],
        low=low,
        high=high,
        previous=previous.pop() if len(previous) == 1 else None,
        change_low=change_low,
        change_high=change_high,
        said_by=tuple(dict.fromkeys(who for fact in facts for who in fact.said_by)),
        sources=tuple(dict.fromkeys(id for fact in facts for id in fact.sources)),
    )
    return replace(rows[0], fact=fact)


def _all_together(changes: list[Ends]) -> tuple[Fraction, Fraction]:
    """The least and the most that changes come to of which one, or all, happened."""
    lows, highs = [low for low, _ in changes if low is not None], [high for _, high in changes if high is not None]
    less, more = [low for low in lows if low < 0], [high for high in highs if high > 0]
    least = sum(less, Fraction(0)) if less else min(lows)
    most = sum(more, Fraction(0)) if more else max(highs)
    return least, most


def _common(ranges: list[Ends]) -> Ends:
    """What several ranges have in common; where they have nothing, from the least to the greatest end of all."""
    lows, highs = [low for low, _ in ranges if low is not None], [high for _, high in ranges if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is None or high is None or low <= high:
        return low, high
    whole = any_of(Quantity(low, high) for low, high in ranges)
    return whole.low, whole.high


def is_day(at: StatedTime | None) -> bool:
    return at is None or at.is_day
