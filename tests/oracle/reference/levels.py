"""Price levels: what each series (model, trim, region, currency, type, channel) cost on each day (8.3, 8.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from .expectation import NoOpinion
from .moments import stated_days
from .naming import name_key
from .numbers import Range, cell_number
from .standing import chosen, counts
from .tables import Pack, Row

LEVEL_TYPES = ("list_price", "starting_price", "pre_sale_price", "msrp", "street_price")
OFFERS = ("limited_time_offer", "subsidy", "trade_in", "benefit")
FOREVER = date(9999, 1, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Key:
    """What makes two prices comparable: like for like."""

    model: str
    trim: str
    region: str
    currency: str
    type: str
    channel: str = ""


@dataclass(frozen=True)
class PriceRow:
    """One row of prices.csv, read. From ``first`` on it may hold, from ``sure`` on it does."""

    row: Row
    key: Key
    range: Range
    change: Range | None
    previous: Range | None
    first: date | None
    sure: date | None
    end: date | None

    @property
    def id(self) -> str:
        return self.row["id"]

    @property
    def has_level(self) -> bool:
        return not self.range.is_unknown

    @property
    def is_exact_day(self) -> bool:
        return self.first is not None and self.first == self.sure

    def holds(self, day: date) -> bool:
        return self.sure is not None and self.sure <= day and (self.end is None or day < self.end)


def read_price(pack: Pack, row: Row) -> PriceRow:
    first = sure = end = None
    if row["valid_from"]:
        days = stated_days(row["valid_from"])
        first, sure = days[0], days[1]
    if row["valid_to"]:
        ends = stated_days(row["valid_to"])
        end = ends[0] if ends[0] == ends[1] else None
    change = None
    if row["change_low"] or row["change_high"]:
        change = Range(cell_number(row["change_low"]), cell_number(row["change_high"]))
    previous = cell_number(row["previous"])
    model = (pack.ids("model", row["model"]) or [name_key(row["model"])])[0] if row["model"] else ""
    key = Key(
        model,
        name_key(row["trim"]),
        pack.region_key(row["region"]),
        row["currency"],
        row["price_type"],
        row.get("channel", "") or "",
    )
    range_ = Range(cell_number(row["low"]), cell_number(row["high"]))
    return PriceRow(row, key, range_, change, None if previous is None else Range(previous, previous), first, sure, end)


@dataclass(frozen=True)
class Step:
    """What counts of a series from one day on: a level, or a change without one."""

    first: date
    sure: date
    end: date | None
    winners: tuple[PriceRow, ...]
    losers: tuple[PriceRow, ...]

    @property
    def is_exact_day(self) -> bool:
        return self.first == self.sure

    @property
    def range(self) -> Range | None:
        """The one level that the winners tell; None if they tell none."""
        found = {(row.range.low, row.range.high) for row in self.winners}
        if len(found) > 1:
            raise NoOpinion("6: prices of one day that tie")
        return self.winners[0].range if self.winners[0].has_level else None

    def holds(self, day: date) -> bool:
        return self.sure <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Held:
    """The price of a series on a day; ``range`` is None where a change of unknown size hides it."""

    range: Range | None
    step: Step
    is_computed: bool


@dataclass
class Series:
    """One like-for-like line of prices."""

    key: Key
    steps: list[Step]
    rows: list[PriceRow] = field(default_factory=list)

    def may_change(self, day: date) -> bool:
        """Whether a price of a month or year may or may not have begun by the day."""
        return any(step.first <= day < step.sure for step in self.steps)

    def on(self, day: date) -> Held | None:
        """What holds on a day: the latest of the levels that have begun and not ended (8.4)."""
        holding = [step for step in self.steps if step.holds(day)]
        if not holding:
            return None
        latest = max(holding, key=lambda step: step.sure)
        if any(
            step.end is not None and (latest.end is None or step.end < latest.end)
            for step in holding
            if step is not latest
        ):
            raise NoOpinion("8.4: a new price while a limited one runs")
        if latest.winners[0].has_level or len({w.has_level for w in latest.winners}) > 1:
            return Held(latest.range, latest, False)
        return Held(self._after_change(latest), latest, True)

    def under(self, step: Step, day: date) -> bool:
        """Whether another price would hold on a day without this step."""
        return any(other.holds(day) for other in self.steps if other is not step)

    def _after_change(self, step: Step) -> Range | None:
        changes = {(row.change.low, row.change.high) for row in step.winners if row.change is not None}
        if len(changes) != 1:
            raise NoOpinion("6: changes of one day that tie, or say nothing")
        change = step.winners[0].change
        before = self.on(step.sure - DAY)
        if before is not None and before.step.end is not None and before.step.end > step.sure:
            raise NoOpinion("8.4: a change of a price that has an end")
        previous = step.winners[0].previous or (before.range if before is not None else None)
        if step.winners[0].previous and before and before.range and before.range != step.winners[0].previous:
            raise NoOpinion("8.18: a change whose previous price is not the level")
        if change is None or change.low is None or change.high is None or previous is None:
            return None
        return previous + change


def all_prices(pack: Pack) -> list[PriceRow]:
    return [read_price(pack, row) for row in pack.rows("prices")]


def build_series(pack: Pack, rows: Iterable[PriceRow]) -> dict[Key, Series]:
    """The series of level types, of rows that count; a pre-sale price ends where the list price begins."""
    by_key: dict[Key, list[PriceRow]] = {}
    for row in rows:
        if row.key.type in LEVEL_TYPES and counts(pack, row.row) and (row.has_level or row.change is not None):
            by_key.setdefault(row.key, []).append(row)
    found = {key: Series(key, _steps(pack, some), some) for key, some in by_key.items()}
    for key, series in found.items():
        if key.type == "pre_sale_price":
            _end_at_list(series, found.get(replace(key, type="list_price")))
    return found


def _steps(pack: Pack, rows: list[PriceRow]) -> list[Step]:
    by_day: dict[tuple[date, date], list[PriceRow]] = {}
    for row in rows:
        if row.first is None or row.sure is None or (row.row["valid_to"] and row.end is None):
            raise NoOpinion("5: a price whose first or last day is not known")
        by_day.setdefault((row.first, row.sure), []).append(row)
    steps = []
    for (first, sure), some in sorted(by_day.items(), key=lambda item: item[0][1]):
        revised = [row for row in some if row.row["status"] == "revised"]
        rivals = revised or some
        if len({row.has_level for row in rivals}) > 1:
            raise NoOpinion("8.4: a level and a change without one on one day")
        winners, losers = chosen(pack, rivals, some[0].row["brand"], lambda row: row.row)
        ends = {row.end for row in winners}
        if len(ends) > 1:
            raise NoOpinion("6: prices of one day that tie with different ends")
        others = losers + [row for row in some if row not in rivals]
        steps.append(Step(first, sure, ends.pop(), tuple(winners), tuple(others)))
    for step in steps:
        named = {row.previous for other in steps if step.first <= other.first <= step.sure for row in other.winners}
        if step.first != step.sure and step.winners and step.winners[0].range in named - {None}:
            raise NoOpinion("8.18: a price of a month that a price in it names as the one before came first")
    if len({step.sure for step in steps}) < len(steps):
        raise NoOpinion("8.18: prices of a month and of a day that become sure at once")
    return steps


def _end_at_list(series: Series, listed: Series | None) -> None:
    if listed is None or not listed.steps:
        return
    begins = listed.steps[0]
    for i, step in enumerate(series.steps):
        if step.end is None or step.end > begins.sure:
            series.steps[i] = replace(step, end=begins.sure)
    if any(step.sure >= begins.sure for step in series.steps):
        raise NoOpinion("8.18: a pre-sale price after the list price began")
    if not begins.is_exact_day:
        raise NoOpinion("8.18: a pre-sale price that ends in a month")


@dataclass(frozen=True)
class Level:
    """One price with its first day and its first day out."""

    start: date
    end: date | None
    range: Range | None
    step: Step


def levels(series: Series) -> list[Level]:
    """Every level of a series in order; equal neighbours are one (section 3)."""
    if any(not step.is_exact_day for step in series.steps):
        raise NoOpinion("8.18: prices of a month or year on")
    marks = sorted({step.sure for step in series.steps} | {step.end for step in series.steps if step.end is not None})
    found: list[Level] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        held = series.on(mark)
        if held is None:
            continue
        if found and found[-1].end == mark and found[-1].range == held.range and held.range is not None:
            found[-1] = replace(found[-1], end=following)
        else:
            found.append(Level(mark, following, held.range, held.step))
    if found and found[-1].end is None:
        last = found[-1]
        found[-1] = replace(last, end=last.step.end if last.step.end and last.step.end > last.start else None)
    return found
