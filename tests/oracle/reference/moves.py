"""The moves of prices: each change of a series with its kind (section 3, 8.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from .expectation import NoOpinion
from .levels import DAY, LEVEL_TYPES, OFFERS, Held, Key, PriceRow, Series, Step
from .numbers import Range, exactly, rounded
from .standing import counts
from .tables import Pack, cells


@dataclass(frozen=True)
class Move:
    """One change that must be in the answer: told by any of ``rows``."""

    key: Key
    day: date
    is_exact_day: bool
    first: date
    rows: tuple[str, ...]
    kinds: tuple[str, ...]
    change: Range | None = None
    previous: Range | None = None
    current: Range | None = None
    why: str = ""

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the previous price, two decimals."""
        if self.change is None or self.previous is None or not (self.change.is_single and self.previous.is_single):
            return None
        if not self.previous.low or self.change.low is None:
            return None
        return rounded(self.change.low / self.previous.low * 100, ROUND_HALF_EVEN, 2)


def kind_of(change: Range) -> str:
    if change.low == 0 and change.high == 0:
        return "unchanged"
    if change.high is not None and change.high <= 0:
        return "cut"
    if change.low is not None and change.low >= 0:
        return "rise"
    raise NoOpinion("3: a change that may be a rise or a cut")


class Moves:
    """The moves of the series of one model."""

    def __init__(self, pack: Pack, series: dict[Key, Series], own: list[PriceRow]) -> None:
        self.pack, self.series, self.own = pack, series, [row for row in own if counts(pack, row.row)]

    def of(self, key: Key) -> list[Move]:
        """The moves of one series. No opinion where one of them cannot be told."""
        series = self.series[key]
        found = [self._move(series, step) for step in series.steps]
        return found + list(self._ended(series))

    def _move(self, series: Series, step: Step) -> Move:
        before = self._before(series, step)
        after = series.on(step.sure)
        if after is None or after.step is not step:
            raise NoOpinion("8.4: a price that another hides on its own day")
        change, previous, current = self._sizes(step, before, after)
        ids = tuple(row.id for row in step.winners)
        if change is not None:
            kinds: tuple[str, ...] = (kind_of(change),)
            why = (
                "8.4: a change without a level has its previous, current and percent"
                if after.is_computed
                else "3: a change of a level"
            )
        else:
            kinds, why = self._first_kinds(series, step), "3, 8.4: first price, or new variant"
        kinds, merged = self._told_otherwise(step, kinds, change)
        if merged:
            previous = current = None
        if merged and len(kinds) == 1 and kinds[0] == "disputed":
            why = "3: a cut that another source tells as a subsidy is disputed"
        return Move(series.key, step.sure, step.is_exact_day, step.first, ids, kinds, change, previous, current, why)

    def _before(self, series: Series, step: Step) -> Held | None:
        if not step.is_exact_day or series.may_change(step.sure - DAY):
            if any(other.first < step.sure for other in series.steps if other is not step):
                raise NoOpinion("8.18: a move of a month or year beside others")
            return None
        held = series.on(step.sure - DAY)
        if held is not None and held.step.end == step.sure and series.under(step, step.sure):
            raise NoOpinion("8.4: a new price on the day that a limited one ends")
        return held

    def _sizes(self, step: Step, before: Held | None, after: Held) -> tuple[Range | None, Range | None, Range | None]:
        row = step.winners[0]
        level = before.range if before is not None else None
        if row.previous is not None and level is not None and row.previous != level:
            raise NoOpinion("8.18: a previous price that is not the level before")
        previous = row.previous or level
        if not row.has_level:
            change = self._own_change(row)
            return change, previous if change.is_single else None, after.range
        if previous is None:
            return (None, None, None) if row.change is None else (self._own_change(row), None, row.range)
        change = row.range - previous
        if row.change is not None and row.change != change:
            raise NoOpinion("8.18: a row whose own change contradicts its levels is disputed")
        if change.low is None or change.high is None:
            raise NoOpinion("8.4: the change of a price known only from one side")
        return change, previous, row.range

    def _own_change(self, row: PriceRow) -> Range:
        assert row.change is not None
        return row.change

    def _first_kinds(self, series: Series, step: Step) -> tuple[str, ...]:
        if not step.is_exact_day:
            raise NoOpinion("8.18: a first price from a month or year on")
        key = series.key
        earlier = [
            row for row in self.own
            if row.key.type in LEVEL_TYPES and row.key.region == key.region and row.first is not None and row.first < step.sure
            and row.has_level and row not in step.winners
        ]  # fmt: skip
        if any(row.first is None for row in self.own if row.key.type in LEVEL_TYPES):
            raise NoOpinion("3: a price of an unknown day may be the earlier one")
        if not earlier:
            return ("first price", "unknown") if step.winners[0].range.low is None else ("first price",)
        same_trim = [row for row in earlier if row.key.trim == key.trim]
        if not key.trim or any(row.key.trim in ("", "all") for row in earlier) or key.trim == "all":
            raise NoOpinion("3: new variant, where trims are not told apart")
        if not same_trim:
            same_type = any(row.key.type == key.type for row in earlier)
            if step.winners[0].range.low is None:
                return ("new variant", "first price", "unknown")
            return ("new variant",) if same_type else ("new variant", "first price")
        if key.type == "list_price" and all(
            row.key.type == "pre_sale_price" or (row.key.type == key.type and row.key.currency != key.currency)
            for row in same_trim
        ):
            return ("first price",)
        raise NoOpinion("3: the first price of another type of the same trim")

    def _told_otherwise(self, step: Step, kinds: tuple[str, ...], change: Range | None) -> tuple[tuple[str, ...], bool]:
        """How rows about one move by other names (an offer, a subsidy) bear on its kind."""
        row = step.winners[0]
        others = [
            other for other in self.own
            if other.key.type in OFFERS and other.key.region == row.key.region and other.first is not None and other.sure is not None
            and other.first <= step.sure and step.first <= other.sure
        ]  # fmt: skip
        if not others:
            return kinds, False
        size = None if change is None or change.low is None or not change.is_single else exactly(-change.low)
        same = [
            o
            for o in others
            if o.key.trim == row.key.trim and size is not None and o.range == size and o.first == step.sure
        ]
        if kinds == ("cut",) and len(others) == len(same) == 1 and step.is_exact_day:
            other_source = not set(cells(same[0].row, "sources")) & set(cells(row.row, "sources"))
            if same[0].key.type == "subsidy" and other_source:
                return ("disputed",), True
            if same[0].key.type == "limited_time_offer":
                return ("cut",), True
        return (*kinds, "disputed", "cut"), True

    def _ended(self, series: Series) -> list[Move]:
        """8.4: where a limited price ends and the standing one returns."""
        found = []
        for step in series.steps:
            if step.end is None or not step.is_exact_day or any(other.sure == step.end for other in series.steps):
                continue
            before, after = series.on(step.end - DAY), series.on(step.end)
            if (
                before is None
                or before.step is not step
                or after is None
                or after.range is None
                or before.range is None
            ):
                continue
            if series.may_change(step.end):
                raise NoOpinion("8.18: a limited price that ends inside a month of doubt")
            change = after.range - before.range
            why = "8.4: after a limited price ends the standing price returns (offer ended)"
            found.append(
                Move(series.key, step.end, True, step.end, (), ("offer ended",), change, before.range, after.range, why)
            )
        return found


def offer_moves(pack: Pack, rows: list[PriceRow]) -> list[Move]:
    """Offers, trade-ins, benefits and subsidies that no level moves beside; their change is negative."""
    found = []
    for row in rows:
        if row.key.type not in OFFERS or not counts(pack, row.row) or row.first is None or row.sure is None:
            continue
        rivals = [
            other for other in rows
            if other is not row and other.first is not None and other.sure is not None and counts(pack, other.row)
            and other.first <= row.sure and row.first <= other.sure and other.key.type != "deposit"
        ]  # fmt: skip
        if rivals:
            continue
        kind = "subsidy" if row.key.type == "subsidy" else "offer"
        if row.key.type == "limited_time_offer" and row.row["valid_to"]:
            kinds: tuple[str, ...] = (kind, "cut")
        else:
            kinds = (kind,)
        change = row.change
        if change is None and row.has_level and row.range.high is not None:
            change = Range(-row.range.high, -(row.range.low or Fraction(0)))
        why = "3: an offer, trade-in or benefit is kind offer; a subsidy is kind subsidy"
        found.append(Move(row.key, row.sure, row.is_exact_day, row.first, (row.id,), kinds, change, None, None, why))
    return found
