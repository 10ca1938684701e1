"""The axes of a chart: where they begin and end, and their ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.charts.picture.chart import Chart, ChartTexts, Line, Point, known_bounds
from bot.charts.picture.style import DAY, HOUR, MOST_TICKS, TEXT, WIDTH
from bot.charts.picture.text import text_width

CROWDED = 40  # pixels within which several figures at the start cannot be told apart
LONGEST_IN_HOURS = 120  # of an axis; a longer one counts days


class Tick(NamedTuple):
    value: float
    label: str  # a second line after \n
    pixel: float = 0.0  # the middle of the label


class Axis(NamedTuple):
    first: float
    last: float
    ticks: tuple[Tick, ...]
    start: float = 0.0  # the pixel of first
    end: float = 0.0  # the pixel of last
    log_from: float | None = None  # of a logarithmic axis: the value up to which it is nearly linear

    def at(self, value: float) -> float:
        first, last, here = map(self._scaled, (self.first, self.last, value))
        return self.start + (here - first) / (last - first) * (self.end - self.start)

    def _scaled(self, value: float) -> float:
        return value if self.log_from is None else math.copysign(math.log1p(abs(value) / self.log_from), value)


def drawable_points(points: Sequence[Point], x_kind: str) -> tuple[Point, ...]:
    """In order of x, within what floats and calendars can hold: years 1653 to 2603, figures from 1e-30 to 1e30."""
    earliest, latest = (-1e10, 2e10) if x_kind == "time" else (-1e9, 1e9)

    def within(value: float | None, low: float = -1e30, high: float = 1e30) -> float | None:
        if value is None or math.isnan(value):
            return None
        return min(max(value, low), high) if abs(value) > 1e-30 else 0.0

    kept = []
    for p in points:
        x, until = within(p.x, earliest, latest), within(p.x_until, earliest, latest)
        if x is not None:
            kept.append(
                p._replace(
                    x=x, low=within(p.low), high=within(p.high), x_until=None if until is None else max(until, x)
                )
            )
    return tuple(sorted(kept, key=lambda p: p.x))


def y_axis_of(lines: tuple[Line, ...], shape: str) -> Axis:
    points = [point for line in lines for point in line.points]
    values = [value for p in points for value in known_bounds(p)]
    if not values:
        return Axis(0, 1, ())
    low, high = min(values), max(values)
    if shape == "points" or 0 <= low <= high / 3:
        low, high = min(low, 0.0), max(high, 0.0)
    slack = (
        max(0.2 * max(abs(low), abs(high)) - (high - low), 0.0) / 2
    )  # a small change shall not fill the whole height
    room = high - low + 2 * slack or 1.0
    upward = [p.low for p in points if p.high is None and p.low is not None]
    downward = [p.high for p in points if p.low is None and p.high is not None]
    high = max(
        [high + slack + 0.03 * room, *(value + 0.2 * room for value in upward)]
    )  # an arrow needs a fifth of the height
    if low:
        lowest = min([low - slack - 0.03 * room, *(value - 0.2 * room for value in downward)])
        low = lowest if low < 0 else max(lowest, 0.0)
    step = _round_step((high - low) / (MOST_TICKS - 1))
    while (count := math.ceil(high / step) - math.floor(low / step)) >= MOST_TICKS:
        step = _round_step(step * 1.01)
    first = math.floor(low / step)
    marks = [index * step for index in range(first, first + count + 1)]
    most = max(abs(marks[0]), abs(marks[-1]))
    return Axis(marks[0], marks[-1], tuple(Tick(mark, figure_text(mark, step, most)) for mark in marks))


def _round_step(rough: float) -> float:
    """The next larger of 1, 2, 2.5 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - 1e-9))


def figure_text(value: float, step: float, most: float) -> str:
    if most >= 1e16 or step < 1e-7:
        return f"{value:.3g}"
    size, unit = next(
        ((size, unit) for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M")) if most >= 10 * size), (1.0, "")
    )
    decimals = next(
        places for places in range(10) if math.isclose(round(step / size, places), step / size, rel_tol=1e-6)
    )
    return f"{value / size:,.{decimals}f}{unit if value else ''}"


def x_axis_of(lines: tuple[Line, ...], chart: Chart, start: float, end: float) -> Axis:
    points = [point for line in lines for point in line.points]
    xs = [x for p in points for x in (p.x, p.x_until) if x is not None] or [0.0]
    first, last = min(xs), max(xs)
    if chart.x_kind == "hours":
        first, last = min(first, 0.0), max(last, 0.1)
    elif last - first < HOUR:
        room = 1.5 * DAY if first == last else HOUR
        first, last = first - room, last + room
    margin = 0.03 * (last - first)
    ending = any(p.x_until is None for p in points) if chart.shape == "steps" else False
    first, last = first - margin, last + (4 * margin if ending else margin)
    bare = Axis(first, last, (), start, end)
    if not points:
        return bare
    if chart.x_kind == "hours" and (log_from := _crowded_start(xs, bare)) is not None:
        return _logarithmic(bare._replace(first=0.0, start=start + 20, log_from=log_from), chart.texts)
    rows = _time_ticks(first, last, chart.texts) if chart.x_kind == "time" else _hour_ticks(first, last, chart.texts)
    return bare._replace(ticks=next(placed for row in rows if (placed := _placed(row, bare)) is not None))


def _crowded_start(xs: Sequence[float], axis: Axis) -> float | None:
    """The least time of several that would stand on each other at the start of a linear axis."""
    times = sorted({x for x in xs if x > 0})
    crowded = [x for x in times if axis.at(x) - axis.at(0) < CROWDED]
    return times[0] if len(crowded) > 1 else None


def _logarithmic(axis: Axis, texts: ChartTexts) -> Axis:
    """The axis with round times as ticks, as many as have room."""
    minute, hour, day = (1 / 60, texts.minutes), (1, texts.hours), (24, texts.days)
    first = ((1, hour), (1, day), (10, minute), (10, day), (100, day), (1000, day), (1, minute))
    then = ((30, minute), (6, hour), (3, day), (3, hour), (30, day), (300, day), (3000, day), (2, minute), (5, minute))
    kept = [Tick(0.0, "0")]
    for number, (hours, unit) in (*first, *then):
        tick = Tick(number * hours, f"{number:,} {unit}")
        more = sorted([*kept, tick], key=lambda one: one.value)
        if tick.value <= axis.last and _placed(more, axis) is not None:
            kept = more
    return axis._replace(ticks=_placed(kept, axis) or ())


def _placed(ticks: Sequence[Tick], axis: Axis) -> tuple[Tick, ...] | None:
    """The ticks with their labels inside the image, or None if they are too many or would touch."""
    if len(ticks) > MOST_TICKS + 1:
        return None
    placed: list[Tick] = []
    used = 0.0
    for tick in ticks:
        half = max(text_width(row, TEXT) for row in tick.label.split("\n")) / 2
        middle = min(max(axis.at(tick.value), half + 12), WIDTH - half - 12)
        if placed and middle - half < used + 24:
            return None
        placed.append(tick._replace(pixel=middle))
        used = middle + half
    return tuple(placed)


def _hour_ticks(first: float, last: float, texts: ChartTexts) -> Iterator[list[Tick]]:
    for minutes in (1, 2, 5, 10, 15, 30):
        if (last - first) * 60 / minutes <= MOST_TICKS + 2:
            indices = range(math.ceil(first * 60 / minutes), math.floor(last * 60 / minutes) + 1)
            yield [
                Tick(index * minutes / 60, f"{index * minutes} {texts.minutes}" if index else "0") for index in indices
            ]
    step = (last - first) / (MOST_TICKS + 2)
    while True:
        fitting = [size for size in (1, 2, 3, 6, 12, 24, 48, 72, 120, 168, 240) if size >= step]
        step = float(fitting[0]) if fitting else _round_step(step)
        indices = range(math.ceil(first / step), math.floor(last / step) + 1)
        by_day = step % 24 == 0 and last > LONGEST_IN_HOURS
        size, unit = (24, texts.days) if by_day else (1, texts.hours)
        yield [Tick(index * step, f"{index * step / size:,.0f} {unit}" if index else "0") for index in indices]
        step *= 1.01


def _time_ticks(first: float, last: float, texts: ChartTexts) -> Iterator[list[Tick]]:
    """Rows of ever fewer ticks: clock times under two days, then days, months, years."""
    clock = [size * 60 for size in (5, 15, 30, 60, 120, 180, 360, 720, 1440)] if last - first < 2 * DAY else []
    for size in (*clock, *(days * DAY for days in (1, 2, 3, 5, 7, 14))):
        if (last - first) / size <= MOST_TICKS + 2:
            indices = range(math.ceil(first / size), math.floor(last / size) + 1)
            yield _dated([index * size for index in indices], texts, _clock_label if size < DAY else _day_label)
    begin, finish = _time_of(first), _time_of(last)
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000):
        if (last - first) / (months * 28 * DAY) <= MOST_TICKS + 2:
            counts = range(math.ceil(_month(begin) / months) * months, _month(finish) + 1, months)
            starts = [(datetime(*_year_and_month(count), 1) - _EPOCH).total_seconds() for count in counts]
            label = _month_label if months < 12 else _year_label
            yield _dated([x for x in starts if first <= x <= last], texts, label)


_EPOCH = datetime(1970, 1, 1)
Label = Callable[[datetime, tuple[str, ...]], tuple[str, str]]


def _time_of(x: float) -> datetime:
    return _EPOCH + timedelta(seconds=round(x))


def _month(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _year_and_month(count: int) -> tuple[int, int]:
    return count // 12, count % 12 + 1


def _dated(xs: list[float], texts: ChartTexts, label: Label) -> list[Tick]:
    """Ticks whose second line (the day, the year) is written only where it changes."""
    ticks, written = [], ""
    for x in xs:
        upper, lower = label(_time_of(x), texts.months)
        ticks.append(Tick(x, f"{upper}\n{lower}" if lower not in ("", written) else upper))
        written = lower
    return ticks


def _clock_label(at: datetime, months: tuple[str, ...]) -> tuple[str, str]:
    return f"{at:%H:%M}", f"{at.day} {months[at.month - 1]} {at.year}"


def _day_label(at: datetime, months: tuple[str, ...]) -> tuple[str, str]:
    return f"{at.day} {months[at.month - 1]}", str(at.year)


def _month_label(at: datetime, months: tuple[str, ...]) -> tuple[str, str]:
    return months[at.month - 1], str(at.year)


def _year_label(at: datetime, months: tuple[str, ...]) -> tuple[str, str]:
    return str(at.year), ""
