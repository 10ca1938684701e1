"""Changes of a price for every trim, or for every model of a brand, as one change of each price that they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from salesbot.query.prices.model_prices import PriceRow, SeriesKey
from salesbot.values.name_keys import name_key


def spread(rows: Iterable[PriceRow], brand_rows: Iterable[PriceRow]) -> Iterator[PriceRow]:
    """The rows that give a price or a change of one; a change for every trim or model as a row of each price.

    A change that does not say its trim may be one of any: of several it changes each by as much, or not at all.
    """
    levels = [row for row in rows if row.is_level and (row.has_level or row.stated_change is not None)]
    priced = {row.key: row for row in levels if row.has_level and row.why_not is None}
    trims: dict[SeriesKey, list[PriceRow]] = {}
    for key, row in priced.items():
        trims.setdefault(key._replace(owner="", trim=""), []).append(row)
    for row in levels:
        of_trims = trims.get(row.key._replace(owner="")) if row.is_for_every_trim and row.is_bare_change else None
        if not of_trims or row.why_not is not None or (row.fact.trim is None and row.key in priced):
            yield row
        else:
            yield from _of_each(row, of_trims)
    for row in brand_rows:
        if row.is_bare_change and row.why_not is None:
            yield from _of_each(row, trims.get(row.key._replace(owner="", trim=""), ()))
        elif row.has_level:
            yield row


def _of_each(row: PriceRow, priced: Sequence[PriceRow]) -> Iterator[PriceRow]:
    change = row.stated_change
    assert change is not None
    low, high = change.low, change.high
    if row.fact.trim is None and row.owner != row.brand and len(priced) > 1:
        low, high = _or_none(low, min), _or_none(high, max)
    for level in priced:
        own = level.fact
        fact = replace(
            row.fact,
            id=f"{row.id}:{level.key.trim or name_key(own.model or '')}",
            model=own.model,
            trim=own.trim,
            change_low=low,
            change_high=high,
            previous=None if len(priced) > 1 else row.fact.previous,
        )
        yield replace(row, fact=fact, owner=level.owner, shows_brand=level.shows_brand, spread_from=row)


def _or_none(end: Fraction | None, choose: Callable[[Fraction, Fraction], Fraction]) -> Fraction | None:
    """The end of a change that is as much, or 0."""
    return None if end is None else choose(end, Fraction(0))
