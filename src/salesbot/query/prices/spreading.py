"""Rows for every trim, for all variants or for every model of a brand, as one row for each price that they are of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from salesbot.deadline import check_deadline
from salesbot.errors import QuestionError
from salesbot.query.prices.model_prices import FAR, ModelPrices, PriceRow, SeriesKey, unrevised
from salesbot.storage.snapshot import MOST_ROWS
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, agreement, difference


def spread(rows: Sequence[PriceRow], prices: ModelPrices) -> Iterator[PriceRow]:
    """The rows among ``rows`` that give a price or a change of one, the wide ones as a row of each price.

    A change that does not say its trim or channel may be one of any: of several it changes each by as much, or not at
    all. A price that had ended by then, or did not begin before, is not changed.
    """
    levels = [row for row in rows if row.is_level and (row.has_level or row.stated_change is not None)]
    wide = [row for row in levels if row.is_wide]
    yield from (row for row in levels if not row.is_wide) if wide else levels
    of_models: list[PriceRow] = []
    if prices.brand_rows:
        regions = {row.region for row in rows}
        of_models = [row for row in prices.brand_rows if row.region in regions and row.is_level]
        wide += [row for row in of_models if row.is_bare_change and row.why_not is None]
    if wide:
        keys, priced = {row.key for row in rows}, _Priced(prices.rows)
        made = 0
        for row in _unrevised_of_a_day(wide):
            check_deadline()
            for one in priced.of_each(row, keys):
                made += 1
                yield one
            if made > MOST_ROWS:
                raise QuestionError("too_many_facts")
    yield from (row for row in of_models if row.has_level or row.why_not is not None)


def _unrevised_of_a_day(rows: Iterable[PriceRow]) -> Iterator[PriceRow]:
    of_day: dict[object, list[PriceRow]] = {}
    for row in rows:
        of_day.setdefault((row.key, row.fact.valid_from), []).append(row)
    for same in of_day.values():
        yield from unrevised(same)


class _Spans(Struct):
    """When the prices of one series were told to hold: their first day, their first day out, and the row."""

    row: PriceRow
    spans: list[tuple[date, date, PriceRow]]

    def held_before(self, at: StatedTime) -> bool:
        """Whether one of the prices began before a day, or in the month that is told, and may hold until then."""
        first, last = at.days
        return any(
            (begins < first or (first < last and begins <= last)) and first <= out for begins, out, _ in self.spans
        )

    def begins(self, at: StatedTime) -> bool:
        """Whether one of the prices begins on the day of a change."""
        return any(begins == at.days[0] for begins, *_ in self.spans)

    def moved(self, at: StatedTime, change: Quantity) -> bool:
        """Whether the price of a day is by a change another one than the price before it."""
        before = max((one for one in self.spans if one[0] < at.days[0]), key=lambda one: one[0], default=None)
        if before is None:
            return False
        moves = (
            difference(row.fact.quantity, before[2].fact.quantity, row.key.currency)
            for begins, _, row in self.spans
            if begins == at.days[0]
        )
        return any(not move.is_open and agreement(move, change) != "disagrees" for move in moves)


class _Priced:
    """The series of a model that have a price, and those that a wide row is of."""

    def __init__(self, rows: Iterable[PriceRow]) -> None:
        self._by_kind: dict[tuple[str, ...], dict[SeriesKey, _Spans]] = {}
        for row in rows:
            if row.has_level and row.why_not is None and row.first_day is not None:
                known = self._by_kind.setdefault(_kind(row.key), {}).setdefault(row.key, _Spans(row, []))
                known.spans.append((row.first_day, row.out_day or FAR, row))

    def of_each(self, row: PriceRow, keys: set[SeriesKey]) -> Iterator[PriceRow]:
        """A wide row as a row of each price of some series; the row itself where there is none, or it is of its own."""
        at = row.fact.valid_from
        if at is None or row.why_not is not None:
            yield row
            return
        series = self._by_kind.get(_kind(row.key), {})
        own = series.get(row.key)
        is_own = own is not None and own.held_before(at)
        if is_own and not row.is_for_all:
            yield row
            return
        found = {key: spans for key, spans in series.items() if key != row.key and _is_of(row, key)}
        found = {key: spans for key, spans in found.items() if spans.held_before(at)}
        if row.has_level:
            found = {key: spans for key, spans in found.items() if row.is_for_all and not spans.begins(at)}
        elif not row.is_for_all and (change := row.stated_change) is not None:
            told = {key: spans for key, spans in found.items() if spans.moved(at, change)}
            found = told or found  # it is told of that trim by itself
        if is_own or (not found and row.owner):
            yield row
        is_some = len({key.trim for key in found}) > 1 and not row.is_for_all
        is_some = is_some or (len({key.channel for key in found}) > 1 and not row.key.channel)
        for key, spans in found.items():
            if key in keys:
                yield _of_one(row, spans.row, is_some=is_some, is_only=len(found) == 1)


def _kind(key: SeriesKey) -> tuple[str, ...]:
    return key.brand, key.region, key.currency, key.price_type


def _is_of(row: PriceRow, key: SeriesKey) -> bool:
    """Whether a wide row is of a series."""
    own = row.key
    return (
        own.owner in (key.owner, "")
        and own.trim in (key.trim, "")
        and own.variant in (key.variant, "")
        and own.channel in (key.channel, "")
    )


def _of_one(row: PriceRow, level: PriceRow, *, is_some: bool, is_only: bool) -> PriceRow:
    fact, own, key = row.fact, level.fact, level.key
    low, high = fact.change_low, fact.change_high
    if (change := row.stated_change) is not None and not row.has_level:
        low, high = change.low, change.high
        if is_some:
            low, high = _or_none(low, min), _or_none(high, max)
    named = (key.trim,) if row.owner and not (key.variant or key.channel) else (key.owner, *key[2:3], *key[-2:])
    fact = replace(
        fact,
        id=":".join((row.id, *(named if any(named) else (key.owner,)))).rstrip(":"),
        model=own.model,
        trim=own.trim,
        variant=own.variant,
        channel=own.channel,
        change_low=low,
        change_high=high,
        previous=fact.previous if is_only else None,
    )
    return replace(row, fact=fact, key=key, shows_brand=level.shows_brand, spread_from=row, is_of_some=is_some)


def _or_none(end: Fraction | None, choose: Callable[[Fraction, Fraction], Fraction]) -> Fraction | None:
    """The end of a change that is as much, or 0."""
    return None if end is None else choose(end, Fraction(0))
