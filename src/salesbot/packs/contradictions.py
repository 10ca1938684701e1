"""What rows that can be read say against each other, or against the calendar: a person would question it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from salesbot.errors import Message, message
from salesbot.facts import Event, Facts, OrderFact, Row
from salesbot.facts.vocabulary import BUILT_IN, NOT_STANDING
from salesbot.values.quantity import decimal_text
from salesbot.values.zones import zone_readings

Doubt = tuple[str, Message]  # the column, and what is asked
Numbered = tuple[int, Row]
MOST_OTHERS = 20  # rows that one is held against
AFTER_OPENING = ("orders", "locked_orders", "deliveries")  # what cannot be counted before


class Ended(Struct, frozen=True):
    """A cumulative count: the day it ends, its ends, and its row's id."""

    day: date
    low: Fraction | None
    high: Fraction | None
    id: str


def said_twice(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Counts that say all that a row with another id says."""
    sent = [(number, row) for number, row in rows if isinstance(row, OrderFact) and _stands(row)]
    alike: dict[object, list[OrderFact]] = {_what_is_counted(row): [] for _, row in sent}
    for row in facts.orders if sent else ():
        if (of_it := alike.get(_what_is_counted(row))) is not None and _stands(row):
            of_it.append(row)
    firsts: dict[object, str] = {}
    for counted, of_it in alike.items():
        for row in of_it if len(of_it) > 1 else ():
            firsts.setdefault((counted, _what_is_said(row)), row.id)
    for number, row in sent if firsts else ():
        if (first := firsts.get((_what_is_counted(row), _what_is_said(row)), row.id)) != row.id:
            yield number, ("id", message("same_fact", id=first))


def said_otherwise(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Counts of the same time, by the same people, that say another number than a row with another id."""
    sent = [(number, row) for number, row in rows if isinstance(row, OrderFact) and _stands(row) and row.said_by]
    told: dict[object, list[OrderFact]] = {(_what_is_counted(row), row.said_by): [] for _, row in sent}
    for row in facts.orders if sent else ():
        others = told.get((_what_is_counted(row), row.said_by))
        if others is not None and _stands(row) and len(others) < MOST_OTHERS:
            others.append(row)
    for number, row in sent:
        others = told[_what_is_counted(row), row.said_by]
        other = next((one for one in others if one.id != row.id and not _may_be_one(one, row)), None)
        if other is not None and row.high is not None and other.high is not None:
            yield number, ("high", message("other_number", value=text_of(other.high), id=other.id))


def _may_be_one(one: OrderFact, other: OrderFact) -> bool:
    """Whether two counts can be the same number, as far as each is told."""
    if None in (one.low, one.high, other.low, other.high) or "about" in (one.stated, other.stated):
        return True
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    return one.low <= other.high and other.low <= one.high


def periods_against_all(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Counts of a period above all that was counted until its end or later."""
    sent = [(number, row) for number, row in rows if isinstance(row, OrderFact) and _stands(row)]
    launches = {row.launch for _, row in sent if row.gross != "no"}
    by_count: dict[object, list[Ended]] = defaultdict(list)
    periods: dict[object, list[Ended]] = defaultdict(list)
    for row in facts.orders if launches else ():
        if row.launch in launches and _stands(row) and row.gross != "no" and row.period_to is not None:
            ended = Ended(row.period_to.days[0], row.low, row.high, row.id)
            if row.counting == "new":
                periods[_counted_of(row)].append(ended)
            elif row.period_from is None:
                by_count[_counted_of(row)].append(ended)
    ordered = {key: sorted(ended, key=lambda one: one.day) for key, ended in by_count.items()}
    least = {key: _running_back(ended) for key, ended in ordered.items()}
    for of_periods in periods.values():
        of_periods.sort(key=lambda one: one.day)
    greatest = {key: _running(ended) for key, ended in periods.items()}
    for number, row in sent:
        key = _counted_of(row)
        if row.period_to is None or row.gross == "no":
            continue
        day = row.period_to.days[0]
        if row.counting == "new" and row.low is not None and key in ordered:
            all_of_it = least[key][bisect_left(ordered[key], day, key=lambda one: one.day)]
            if all_of_it is not None and all_of_it.high is not None and row.low > all_of_it.high:
                yield number, ("low", message("above_all", value=text_of(all_of_it.high), id=all_of_it.id))
        elif row.counting == "cumulative" and row.period_from is None and row.high is not None and key in periods:
            part = greatest[key][bisect_right(periods[key], day, key=lambda one: one.day)]
            if part is not None and part.low is not None and row.high < part.low:
                yield number, ("high", message("below_period", value=text_of(part.low), id=part.id))


def _counted_of(row: OrderFact) -> tuple[object, ...]:
    return row.launch, row.metric, row.place, row.variant


def _stands(row: OrderFact) -> bool:
    return row.status not in NOT_STANDING and row.superseded_by is None


def _what_is_counted(row: OrderFact) -> tuple[object, ...]:
    start, end = (time.text if time else "" for time in (row.period_from, row.period_to))
    return row.launch, row.metric, row.counting, start, end, row.place, row.variant


def _what_is_said(row: OrderFact) -> tuple[object, ...]:
    return row.low, row.high, row.said_by


def counts_against_others(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Counts below an earlier one or above a later one of their series, or above the whole that they are part of."""
    kinds = {id: metric.kind for id, metric in BUILT_IN.items()} | {metric.id: metric.kind for metric in facts.metrics}
    sent = [(number, row) for number, row in rows if isinstance(row, OrderFact) and _grows(row, kinds)]
    if not sent:
        return
    launches = {row.launch for _, row in sent}
    by_series: dict[object, list[Ended]] = defaultdict(list)
    for row in facts.orders:
        if row.launch in launches and _grows(row, kinds) and row.period_to is not None:
            by_series[_series(row)].append(Ended(row.period_to.days[0], row.low, row.high, row.id))
    ordered = {key: sorted(ended, key=lambda one: one.day) for key, ended in by_series.items()}
    greatest = {key: _running(ended) for key, ended in ordered.items()}
    least = {key: _running_back(ended) for key, ended in ordered.items()}
    of_day = {key: _least_of_day(ended) for key, ended in ordered.items()}
    for number, row in sent:
        if row.period_to is None:
            continue
        key, day = _series(row), row.period_to.days[0]
        ended = ordered[key]
        before = greatest[key][bisect_left(ended, day, key=lambda one: one.day)]
        after = least[key][bisect_right(ended, day, key=lambda one: one.day)]
        if before is not None and row.high is not None and before.low is not None and row.high < before.low:
            yield number, ("high", message("count_falls", value=text_of(before.low), id=before.id))
        if after is not None and row.low is not None and after.high is not None and row.low > after.high:
            yield number, ("low", message("count_fell_later", value=text_of(after.high), id=after.id))
        whole = BUILT_IN[row.metric].part_of if row.metric in BUILT_IN else None
        above = of_day.get((row.launch, whole, *key[2:]), {}).get(day) if whole else None
        if above is not None and row.low is not None and above.high is not None and row.low > above.high:
            yield number, ("low", message("above_whole", value=text_of(above.high), whole=whole, id=above.id))


def _least_of_day(ended: Sequence[Ended]) -> dict[date, Ended]:
    """Of each day the count with the least high end."""
    found: dict[date, Ended] = {}
    for one in ended:
        known = found.get(one.day)
        if one.high is not None and (known is None or known.high is None or one.high < known.high):
            found[one.day] = one
    return found


def _grows(row: OrderFact, kinds: Mapping[str, str]) -> bool:
    """Whether a row is a count since the opening of which nothing is taken off again."""
    is_count = kinds.get(row.metric) == "count"
    return _stands(row) and row.counting == "cumulative" and row.gross != "no" and is_count


def _series(row: OrderFact) -> tuple[object, ...]:
    return row.launch, row.metric, row.period_from.text if row.period_from else "", row.place, row.variant


def _running(ended: Sequence[Ended]) -> list[Ended | None]:
    """For each place the one with the greatest low end before it."""
    found: list[Ended | None] = [None]
    for one in ended:
        top = found[-1]
        found.append(one if one.low is not None and (top is None or (top.low or 0) < one.low) else top)
    return found


def _running_back(ended: Sequence[Ended]) -> list[Ended | None]:
    """For each place the one with the least high end from it on."""
    found: list[Ended | None] = [None]
    for one in reversed(ended):
        least = found[-1]
        is_less = one.high is not None and (least is None or least.high is None or one.high < least.high)
        found.append(one if is_less else least)
    return found[::-1]


def out_of_time(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Counts that end on a day to come, or before orders opened; clock times that their zone does not have."""
    today = date.today()
    openings = {launch.id: launch.opened for launch in facts.launches if launch.opened is not None}
    for number, row in rows:
        if isinstance(row, OrderFact) and row.period_to is not None and row.status not in NOT_STANDING:
            first, _ = row.period_to.days
            opened = openings.get(row.launch)
            if (first - today).days > 1:
                yield number, ("period_to", message("in_future", day=first.isoformat()))
            elif opened is not None and row.metric in AFTER_OPENING and row.period_to.days[1] < opened.days[0]:
                yield number, ("period_to", message("before_opening", day=opened.days[0].isoformat()))
        elif isinstance(row, Event) and not _is_of_its_zone(row):
            yield number, ("zone", message("offset_not_of_zone", time=row.at.text, zone=row.zone))


def _is_of_its_zone(event: Event) -> bool:
    """Whether the offset of an event's time is one that its zone has then; also of UTC, and where one is not known."""
    civil = event.at.start
    clocks = [clock for zone in zone_readings(event.zone) for clock in zone.clocks]
    if not civil.is_clock or civil.zone is None or not clocks:
        return True
    offset = civil.zone.clocks[0].utcoffset(civil.first)
    least, most = (end(clock.utcoffset(civil.first) for clock in clocks) for end in (min, max))  # type: ignore[type-var]
    return not offset or least is None or most is None or least <= offset <= most


def text_of(number: Fraction) -> str:
    """A number as a message says it."""
    return decimal_text(number, places=6)
