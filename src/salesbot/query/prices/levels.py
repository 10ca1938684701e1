"""The prices of one series in time: which level holds from when to when, and each step from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Reason
from salesbot.query.precedence import Precedence
from salesbot.query.prices.model_prices import ModelPrices, PriceRow, SeriesKey, unrevised
from salesbot.query.prices.spreading import spread
from salesbot.query.prices.steps import Level, Step, ends_of, levels_of
from salesbot.query.prices.ties import Told, one_level
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity


class PriceSeries(Struct, frozen=True):
    """One series: its levels in order, its steps, and the rows passed over."""

    key: SeriesKey
    levels: tuple[Level, ...]
    steps: tuple[Step, ...]
    undated: tuple[PriceRow, ...]
    passed: tuple[tuple[PriceRow, Reason], ...]

    @property
    def is_priced(self) -> bool:
        """Whether any price of it is known."""
        return bool(self.undated) or any(level.quantity is not None for level in self.levels)


def series_of(rows: Iterable[PriceRow], prices: ModelPrices) -> list[PriceSeries]:
    """The series of the level rows of one model, in the order of their first row.

    A change for every trim, or for every model of the brand, changes each of them. A pre-sale price ends where a list
    price of the same trim, region and currency begins.
    """
    groups: dict[SeriesKey, list[PriceRow]] = {}
    for row in spread(list(rows), prices):
        groups.setdefault(row.key, []).append(row)
    found = [_series(key, group, prices.precedence(key.brand)) for key, group in groups.items()]
    return _with_pre_sales_ended(_passed_once(found), prices)


def series_of_brand(rows: Iterable[PriceRow], precedence: Precedence) -> list[PriceSeries]:
    """The series of the prices for every model of a brand."""
    groups: dict[SeriesKey, list[PriceRow]] = {}
    for row in rows:
        if row.has_level:
            groups.setdefault(row.key, []).append(row)
    return [_series(key, group, precedence) for key, group in groups.items()]


def _passed_once(found: list[PriceSeries]) -> list[PriceSeries]:
    """Rows that are passed over for every price that they would change, each once."""
    known = {row.told_by.id for series in found for step in series.steps for row in step.rows}
    result = []
    for series in found:
        passed = []
        for row, reason in series.passed:
            if row.spread_from is None or row.told_by.id not in known:
                known.add(row.told_by.id)
                passed.append((row.told_by, reason))
        result.append(replace(series, passed=tuple(passed)))
    return result


def _series(key: SeriesKey, rows: list[PriceRow], precedence: Precedence) -> PriceSeries:
    days: dict[tuple[date, date], list[PriceRow]] = {}
    undated: list[PriceRow] = []
    for row in rows:
        if row.fact.valid_from is None:
            undated.append(row)
        else:
            days.setdefault(row.fact.valid_from.days, []).append(row)
    passed: list[tuple[PriceRow, Reason]] = []
    chosen: list[Told] = []
    for day in sorted(days, key=lambda span: (span[1], -span[0].toordinal())):
        choice = precedence.choose(unrevised(days[day]))
        chosen += one_level(choice.rows)
        passed += choice.passed_over
    choice = precedence.choose(undated)
    passed += choice.passed_over
    levels, steps = levels_of(chosen)
    return PriceSeries(key, tuple(levels), tuple(steps), choice.rows, tuple(passed))


def _with_pre_sales_ended(found: list[PriceSeries], prices: ModelPrices) -> list[PriceSeries]:
    begins: dict[SeriesKey, StatedTime] = {}
    if all(series.key.price_type != "pre_sale_price" for series in found):
        return found
    for row in prices.rows:
        at = row.fact.valid_from
        if row.key.price_type not in ("list_price", "msrp") or at is None or row.why_not is not None:
            continue
        key = _without_type(row.key)
        for one in (key, key._replace(trim="")):
            if one not in begins or at.days[1] < begins[one].days[1]:
                begins[one] = at
    return [_ended(series, begins.get(_without_type(series.key))) for series in found]


def _without_type(key: SeriesKey) -> SeriesKey:
    return key._replace(price_type="")


def _ended(series: PriceSeries, listed: StatedTime | None) -> PriceSeries:
    if series.key.price_type != "pre_sale_price" or listed is None or not series.levels:
        return series
    kept = [level for level in series.levels if level.first_day < listed.days[0]]
    if kept and kept[-1].out_day > listed.days[0]:
        kept[-1] = replace(kept[-1], until=listed)
    steps = tuple(step for step in series.steps if step.at.days[0] < listed.days[0])
    return replace(series, levels=tuple(kept), steps=steps)


def joined(levels: Iterable[Level]) -> list[Level]:
    """Equal neighbours as one level; a gap between them keeps them apart."""
    found: list[Level] = []
    for level in levels:
        last = found[-1] if found else None
        is_same = last is not None and _is_same_price(last.quantity, level.quantity)
        if is_same and last is not None and last.until is not None and last.until == level.since:
            found[-1] = replace(last, until=level.until)
        else:
            found.append(level)
    return found


def _is_same_price(one: Quantity | None, other: Quantity | None) -> bool:
    return one is not None and other is not None and ends_of(one) == ends_of(other)


def on_day(series: PriceSeries, day: date) -> tuple[Level | None, list[Level]]:
    """The level that surely holds on a day, and those that may hold instead as only their month or year is known."""
    levels = [level for level in series.levels if not level.is_previous]  # since when that held is not known
    sure = [level for level in levels if level.sure_day <= day < level.out_day]
    may = [level for level in levels if level.first_day <= day < min(level.sure_day, level.out_day)]
    return (sure[-1] if sure else None), may
