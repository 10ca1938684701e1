"""The prices of one series in time: which level holds from when to when, and each step from one to the next.

A change without a level changes the level that held; of unknown size it leaves the level unknown. After a price with an
end the price that stood before it returns. A price of which only the month or year is known is sure from its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Reason
from salesbot.query.precedence import Precedence
from salesbot.query.prices.model_prices import FAR, ModelPrices, PriceRow, SeriesKey
from salesbot.query.prices.spreading import spread
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, difference, total

StepKind = Literal["first", "stated", "against level", "returned"]
MOST_BESIDE = 8  # moves of one month that each may have come before another


class Told(Struct, frozen=True):
    """What ``rows`` that tie tell of one time: ``row`` is all of them as one."""

    row: PriceRow
    rows: tuple[PriceRow, ...]


class Level(Struct, frozen=True):
    """A price of a series, and while it holds.

    ``quantity`` is ``None`` where a change of unknown size left it unknown. ``since`` and ``until`` are as stated
    (``until`` is out); ``is_limited`` says that its row itself gives the end. ``row`` is the row that tells of it, or
    ``rows`` that tie as one; ``changed_from`` the level that a change without one was added to.
    """

    quantity: Quantity | None
    row: PriceRow
    since: StatedTime | None
    until: StatedTime | None = None
    is_limited: bool = False
    is_previous: bool = False
    is_returned: bool = False
    changed_from: Level | None = None
    rows: tuple[PriceRow, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day on which it may hold."""
        return self.since.days[0] if self.since else date.min

    @property
    def sure_day(self) -> date:
        """The day from which it surely holds."""
        return self.since.days[1] if self.since else date.min

    @property
    def out_day(self) -> date:
        """The first day on which it no longer holds; of an end known only to the month, that month's last day."""
        if self.until is None:
            return FAR
        return self.until.days[0] if self.until.is_day else self.until.days[1]


class Step(Struct, frozen=True):
    """A move of a series: from the level before, if known, to the level after.

    ``rows`` all tell it. ``or_before`` are the levels that it may have started from instead, as its day or that of a
    move beside it is known only to the month.
    """

    row: PriceRow
    kind: StepKind
    before: Level | None
    after: Level
    at: StatedTime
    rows: tuple[PriceRow, ...]
    or_before: tuple[Level, ...] = ()


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
    rows = list(rows)
    regions = {row.region for row in rows}
    groups: dict[SeriesKey, list[PriceRow]] = {}
    for row in spread(rows, [row for row in prices.brand_rows if row.region in regions]):
        groups.setdefault(row.key, []).append(row)
    found = [_series(key, group, prices.precedence(key.brand)) for key, group in groups.items()]
    return _with_pre_sales_ended(_passed_once(found))


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
        choice = precedence.choose(_unrevised(days[day]))
        chosen += _one_level(choice.rows)
        passed += choice.passed_over
    choice = precedence.choose(undated)
    passed += choice.passed_over
    levels, steps = _levels(chosen)
    return PriceSeries(key, tuple(levels), tuple(steps), choice.rows, tuple(passed))


def _unrevised(rows: list[PriceRow]) -> list[PriceRow]:
    """The rows of one series and day; a revised one replaces the others."""
    revised = [row for row in rows if row.status == "revised" and row.why_not is None]
    return [row for row in rows if row.why_not is not None or row in revised] if revised else rows


def _one_level(rows: tuple[PriceRow, ...]) -> list[Told]:
    """Rows that tie on one day: those with a level before changes without one, of one time as one.

    A change beside a level tells the same move.
    """
    with_level = [row for row in rows if row.has_level]
    by_time: dict[object, list[PriceRow]] = {}
    for row in with_level or rows:
        by_time.setdefault((row.fact.valid_from, row.fact.valid_to), []).append(row)
    changes = [row for row in rows if not row.has_level] if with_level else []
    told = [Told(_as_one(of_time), tuple(of_time)) for of_time in by_time.values()]
    return [Told(told[0].row, (*told[0].rows, *changes)), *told[1:]] if told else []


def _as_one(rows: list[PriceRow]) -> PriceRow:
    """Rows of one time as one: where they differ, from the lowest to the highest of what they say."""
    facts = [row.fact for row in rows]
    columns = ("low", "high", "previous", "change_low", "change_high")
    if len({tuple(getattr(fact, column) for column in columns) for fact in facts}) == 1:
        return rows[0]
    previous = {fact.previous for fact in facts}
    fact = replace(
        facts[0],
        low=_end(min, (fact.low for fact in facts)),
        high=_end(max, (fact.high for fact in facts)),
        previous=previous.pop() if len(previous) == 1 else None,
        change_low=_end(min, (fact.change_low for fact in facts)),
        change_high=_end(max, (fact.change_high for fact in facts)),
        said_by=tuple(dict.fromkeys(who for fact in facts for who in fact.said_by)),
        sources=tuple(dict.fromkeys(id for fact in facts for id in fact.sources)),
    )
    return replace(rows[0], fact=fact)


def _end(choose: Callable[[list[Fraction]], Fraction], ends: Iterable[Fraction | None]) -> Fraction | None:
    """The end of several ranges together; ``None`` where one of them is open."""
    known = list(ends)
    return None if None in known else choose([end for end in known if end is not None])


def _levels(told: list[Told]) -> tuple[list[Level], list[Step]]:
    """The levels in order, each ending where the next begins, and the steps between them."""
    levels: list[Level] = []
    steps: list[Step] = []
    under: list[Level] = []  # the levels that began and, by their own rows, have not ended
    for one in told:
        row, since = one.row, one.row.fact.valid_from
        assert since is not None
        if (index := _told_before(steps, one)) is not None:
            steps[index] = replace(steps[index], rows=(*steps[index].rows, *one.rows))
            continue
        _return(levels, steps, under, before=row)
        if not levels and row.has_level and row.fact.previous is not None:
            levels.append(_previous(row, since))
        before = levels[-1] if levels else None
        is_holding = before is not None and before.out_day >= level_begins(row)
        level = _next(one, since, before if is_holding else None)
        if before is not None and before.out_day > level.first_day:
            levels[-1] = before = replace(before, until=since)
        steps.append(Step(row, _kind(row, before), before, level, since, one.rows))
        levels.append(level)
        if not level.is_limited:
            under.clear()
        under.append(level)
    _return(levels, steps, under, before=None)
    return levels, _in_any_order(steps)


def _told_before(steps: list[Step], told: Told) -> int | None:
    """The place of a step inside a month or year that is told again, only less closely: of the same price or change."""
    row, at = told.row, told.row.fact.valid_from
    assert at is not None
    for index in range(len(steps) - 1, -1, -1) if not at.is_day else ():
        step = steps[index]
        if step.at.days[1] < at.days[0]:
            break
        if step.at.days[0] < at.days[0] or step.kind == "returned" or row.fact.valid_to != step.row.fact.valid_to:
            continue
        if row.has_level:
            is_same = step.after.quantity is not None and _ends(step.after.quantity) == _ends(row.fact.quantity)
        else:
            change = change_of(step)
            stated = row.stated_change
            is_same = change is not None and stated is not None and _ends(change) == _ends(stated)
        if is_same:
            return index
    return None


def change_of(step: Step) -> Quantity | None:
    """How far a step went: as its row states, else from the level before to the level after; ``None`` if not known."""
    if step.row.stated_change is not None:
        return step.row.stated_change
    before, after = step.before.quantity if step.before else None, step.after.quantity
    return None if before is None or after is None else difference(after, before, step.row.key.currency)


def _in_any_order(steps: list[Step]) -> list[Step]:
    """Steps of which one is known only to its month, beside another in it: each may have come before the other."""
    beside: dict[int, list[int]] = {}
    for index, step in enumerate(steps):
        for earlier in range(index - 1, max(index - 1 - MOST_BESIDE, -1), -1):
            other = steps[earlier]
            if other.at.days[1] < step.at.days[0]:
                break
            if "returned" not in (step.kind, other.kind) and not (step.at.is_day and other.at.is_day):
                beside.setdefault(index, []).append(earlier)
                beside.setdefault(earlier, []).append(index)
    found = list(steps)
    for index, others in beside.items():
        step = steps[index]
        ends = [level for other in others for level in (steps[other].before, steps[other].after) if level is not None]
        levels = {id(level): level for level in ends if level is not step.before and level.row is not step.row}
        found[index] = replace(step, or_before=tuple(levels.values()))
    return found


def _ends(quantity: Quantity) -> tuple[Fraction | None, Fraction | None]:
    return quantity.low, quantity.high


def level_begins(row: PriceRow) -> date:
    """The first day on which a row's price may hold."""
    return row.first_day or date.min


def _return(levels: list[Level], steps: list[Step], under: list[Level], *, before: PriceRow | None) -> None:
    """After a price with an end, what began before it and has not ended holds again, until the next begins."""
    while (last := levels[-1] if levels else None) is not None and last.is_limited and last.until is not None:
        if before is not None and before.first_day is not None and before.first_day <= last.out_day:
            return
        while under and under[-1].is_limited and under[-1].out_day <= last.out_day:
            under.pop()
        if not under:
            return
        returned = replace(under[-1], since=last.until, is_returned=True)
        levels.append(returned)
        steps.append(Step(last.row, "returned", last, returned, last.until, (last.row,)))


def _next(told: Told, since: StatedTime, current: Level | None) -> Level:
    row = told.row
    is_limited = row.fact.valid_to is not None
    if row.has_level:
        return Level(row.fact.quantity, row, since, row.fact.valid_to, is_limited, rows=told.rows)
    change, quantity = row.stated_change, None
    if change is not None and not change.is_open and current is not None and current.quantity is not None:
        quantity = total((current.quantity, change), row.fact.currency)
        if quantity.low is not None and quantity.low < 0:
            quantity = None  # no price is below 0: one of the two is wrong
    return Level(quantity, row, since, row.fact.valid_to, is_limited, changed_from=current, rows=told.rows)


def _previous(row: PriceRow, since: StatedTime) -> Level:
    """The level that a first known move started from; since when it held is not known."""
    assert row.fact.previous is not None
    return Level(Quantity.exactly(row.fact.previous, row.fact.currency), row, None, since, is_previous=True)


def _kind(row: PriceRow, before: Level | None) -> StepKind:
    if row.stated_change is not None:
        return "stated"
    return "against level" if before is not None and before.quantity is not None else "first"


def _with_pre_sales_ended(found: list[PriceSeries]) -> list[PriceSeries]:
    begins: dict[SeriesKey, StatedTime] = {}
    for series in found:
        first = next((level.since for level in series.levels if level.since is not None), None)
        if series.key.price_type in ("list_price", "msrp") and first is not None:
            key = _without_type(series.key)
            if key not in begins or first.days[0] < begins[key].days[0]:
                begins[key] = first
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
    return one is not None and other is not None and _ends(one) == _ends(other)


def on_day(series: PriceSeries, day: date) -> tuple[Level | None, list[Level]]:
    """The level that surely holds on a day, and those that may hold instead as only their month or year is known."""
    levels = [level for level in series.levels if not level.is_previous]  # since when that held is not known
    sure = [level for level in levels if level.sure_day <= day < level.out_day]
    may = [level for level in levels if level.first_day <= day < level.sure_day]
    return (sure[-1] if sure else None), may
