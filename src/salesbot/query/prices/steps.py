"""From what is told of one price in time to its levels, and the steps from one to the next.

A change without a level changes the level that held; of unknown size it leaves the level unknown. After a price with an
end the price that stood before it returns. A price of which only the month or year is known is sure from its last day.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.deadline import check_deadline
from salesbot.query.prices.model_prices import FAR, PriceRow
from salesbot.query.prices.ties import Told, is_day
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, difference, total

StepKind = Literal["first", "stated", "against level", "returned"]
MOST_LOOKED_BACK = 40  # moves that one of a month is held against
MOST_BESIDE = 8  # moves of one month that each may have come before another


class Level(Struct, frozen=True):
    """A price of a series, and while it holds.

    ``quantity`` is ``None`` where a change of unknown size left it unknown. ``since`` and ``until`` are as stated
    (``until`` is out); ``is_limited`` says that its row itself gives the end. ``row`` is the row that tells of it, or
    ``rows`` that tie as one; ``changed_from`` the level that a change without one was added to. ``beside`` are levels
    of the same month, which of them came last is not known.
    """

    quantity: Quantity | None
    row: PriceRow
    since: StatedTime | None
    until: StatedTime | None = None
    is_limited: bool = False
    is_in_limited: bool = False
    is_previous: bool = False
    is_returned: bool = False
    changed_from: Level | None = None
    rows: tuple[PriceRow, ...] = ()
    beside: tuple[Level, ...] = ()

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

    ``rows`` all tell it. ``beside`` are the levels that moves of the same month led to, which may have come before or
    after it, and ``or_from`` the prices that it may have started from then; ``None`` is one that is not known.
    """

    row: PriceRow
    kind: StepKind
    before: Level | None
    after: Level
    at: StatedTime
    rows: tuple[PriceRow, ...]
    or_from: tuple[Quantity | None, ...] = ()
    beside: tuple[Level, ...] = ()


def levels_of(told: list[Told]) -> tuple[list[Level], list[Step]]:
    """The levels in order, each ending where the next begins, and the steps between them."""
    levels: list[Level] = []
    steps: list[Step] = []
    under: list[Level] = []  # the levels that began and, by their own rows, have not ended
    for one in _by_previous(told):
        check_deadline()
        row, since = one.row, one.row.fact.valid_from
        assert since is not None
        if (index := _told_before(steps, one)) is not None:
            steps[index] = replace(steps[index], rows=(*steps[index].rows, *one.rows))
            continue
        _return(levels, steps, under, before=row)
        if not levels and row.fact.previous is not None and (row.has_level or row.stated_change is not None):
            levels.append(_previous(row, since))
        before = levels[-1] if levels else None
        is_holding = before is not None and before.out_day >= level_begins(row)
        level = _next(one, since, before if is_holding else None)
        if level.is_in_limited:
            under[:] = [_or_changed(one, level) for one in under]
        if before is not None and before.out_day > level.first_day:
            levels[-1] = before = replace(before, until=since)
        steps.append(
            Step(level.row if level.is_in_limited else row, _kind(row, before), before, level, since, one.rows)
        )
        levels.append(level)
        if not level.is_limited:
            under.clear()
        under.append(level)
    _return(levels, steps, under, before=None)
    return _in_any_order([level for level in levels if level.is_previous or level.first_day < level.out_day], steps)


def _told_before(steps: list[Step], told: Told) -> int | None:
    """The place of a step inside a month or year that is told again, only less closely: of the same price or change."""
    row, at = told.row, told.row.fact.valid_from
    assert at is not None
    for index in range(len(steps) - 1, max(len(steps) - 1 - MOST_LOOKED_BACK, -1), -1) if not at.is_day else ():
        step = steps[index]
        if step.at.days[1] < at.days[0]:
            break
        if step.at.days[0] < at.days[0] or step.kind == "returned" or row.fact.valid_to != step.row.fact.valid_to:
            continue
        change, stated = change_of(step), row.stated_change  # a price alone may be stated again
        is_same = change is not None and stated is not None and ends_of(change) == ends_of(stated)
        if row.has_level and is_same:
            is_same = step.after.quantity is not None and ends_of(step.after.quantity) == ends_of(row.fact.quantity)
        if is_same:
            return index
    return None


def change_of(step: Step) -> Quantity | None:
    """How far a step went: as its row states, else from the level before to the level after; ``None`` if not known."""
    if step.row.stated_change is not None:
        return step.row.stated_change
    before, after = step.before.quantity if step.before else None, step.after.quantity
    return None if before is None or after is None else difference(after, before, step.row.key.currency)


def _by_previous(told: list[Told]) -> list[Told]:
    """Of two prices in one month, the one that the other says to be the price before it comes first."""
    found: list[Told] = []
    for one in told:
        at, place = one.row.fact.valid_from, len(found)
        for index in range(len(found) - 1, max(len(found) - 1 - MOST_BESIDE, -1), -1) if not is_day(at) else ():
            other = found[index].row
            if at is None or other.fact.valid_from is None or other.fact.valid_from.days[1] < at.days[0]:
                break
            if other.fact.previous is not None and one.row.has_level and one.row.fact.low == other.fact.previous:
                place = index
        found.insert(place, one)
    return found


def _in_any_order(levels: list[Level], steps: list[Step]) -> tuple[list[Level], list[Step]]:
    """The levels and steps, of which those of one month that may each have come before the other say so."""
    beside: dict[int, list[int]] = {}
    for index, step in enumerate(steps):
        for earlier in range(index - 1, max(index - 1 - MOST_BESIDE, -1), -1):
            other = steps[earlier]
            if other.at.days[1] < step.at.days[0]:
                break
            is_unsure = not (step.at.is_day and other.at.is_day) and not _follows(step, other)
            if is_unsure and "returned" not in (step.kind, other.kind):
                beside.setdefault(index, []).append(earlier)
                beside.setdefault(earlier, []).append(index)
    found = list(steps)
    by_row: dict[str, tuple[Level, ...]] = {}
    for index, others in beside.items():
        step = steps[index]
        by_row[step.row.id] = tuple(steps[other].after for other in others)
        starts = _starts(step, [steps[other] for other in others])
        found[index] = replace(step, or_from=starts, beside=by_row[step.row.id])
    if not by_row:
        return levels, steps
    return [replace(level, beside=by_row.get(level.row.id, ())) for level in levels], found


def _follows(step: Step, other: Step) -> bool:
    """Whether a step says that it starts from the price that another led to."""
    previous, after = step.row.fact.previous, other.after.quantity
    return previous is not None and after is not None and after.is_point and after.low == previous


def _comes_of(level: Level, step: Step) -> bool:
    """Whether a level is the one that a step led to, or computed from it."""
    return level.row is step.row or (level.changed_from is not None and level.changed_from.row is step.row)


def _starts(step: Step, others: list[Step]) -> tuple[Quantity | None, ...]:
    """The prices that a step may have started from, if steps beside it may have come before it."""
    before = [level for level in (step.before, *(other.before for other in others)) if level is not None]
    bases = [level.quantity for level in before if not _comes_of(level, step)]
    found = [*bases, *(other.after.quantity for other in others if other.row.has_level)]
    for other in others:
        change = other.row.stated_change
        if not other.row.has_level and change is not None and not change.is_open:
            found += [total((base, change), step.row.fact.currency) for base in bases if base is not None]
    return tuple(found)


def ends_of(quantity: Quantity) -> tuple[Fraction | None, Fraction | None]:
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
    if row.fact.previous is not None:  # it says itself what it changed
        current = _previous(row, since)
    if current is not None and current.is_limited and current.out_day > level_begins(row) and not is_limited:
        row = _of_this_or_another(row)
        level = _changed(row, told, since, current)
        return replace(level, until=current.until, is_limited=True, is_in_limited=True)
    return _changed(row, told, since, current)


def _changed(row: PriceRow, told: Told, since: StatedTime, current: Level | None) -> Level:
    """The level that a change without one leads to; not known where one of the two is not."""
    change, quantity = row.stated_change, None
    if change is not None and not change.is_open and current is not None and current.quantity is not None:
        quantity = total((current.quantity, change), row.fact.currency)
        if quantity.low is not None and quantity.low < 0:
            quantity = None  # no price is below 0: one of the two is wrong
    is_limited = row.fact.valid_to is not None
    return Level(quantity, row, since, row.fact.valid_to, is_limited, changed_from=current, rows=told.rows)


def _of_this_or_another(row: PriceRow) -> PriceRow:
    """A change that a price goes down or up by, or not at all, as it may be one of another price."""
    change = row.stated_change
    if change is None:
        return row
    low, high = (
        None if end is None else choose(end, Fraction(0)) for choose, end in ((min, change.low), (max, change.high))
    )
    fact = replace(row.fact, change_low=low, change_high=high)
    return replace(row, fact=fact, spread_from=row.told_by, is_of_some=True)


def _or_changed(level: Level, inside: Level) -> Level:
    """A level that stands below one with an end, as a change during that one may be of it."""
    if level.is_limited or inside.since is None:
        return level
    row = replace(inside.row, fact=replace(inside.row.fact, id=f"{inside.row.id}:{level.row.id}"))
    return _changed(row, Told(row, inside.rows), inside.since, level)


def _previous(row: PriceRow, since: StatedTime) -> Level:
    """The level that a first known move started from; since when it held is not known."""
    assert row.fact.previous is not None
    return Level(Quantity.exactly(row.fact.previous, row.fact.currency), row, None, since, is_previous=True)


def _kind(row: PriceRow, before: Level | None) -> StepKind:
    if row.stated_change is not None:
        return "stated"
    return "against level" if before is not None and before.quantity is not None else "first"
