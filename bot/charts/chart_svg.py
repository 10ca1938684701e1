"""What does a chart look like: a Chart goes in, a PNG for a phone in Discord's dark mode comes out.

Made to run in a worker process: no discord, no state but the font read once. One grammar throughout: a marker is a known
bound, a bar or band joins two of them, an arrow head is a side on which nothing is known, hollow is computed.
"""

import math
import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Point:
    """One figure and its bounds: None is an open end, low == high a single value. Floats, because pixels are."""

    x: float  # UTC epoch seconds, or hours since opening, see Chart.x_kind
    low: float | None
    high: float | None
    is_computed: bool = False  # drawn hollow
    x_until: float | None = None  # for steps: how long the level holds; None = end unknown


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    x_label: str
    y_label: str
    x_kind: Literal["time", "hours"]
    shape: Literal["points", "steps"]  # points: counts over time; steps: levels that hold from x to x_until
    lines: tuple[Line, ...]
    source: str  # who the figures are from
    utc_offset_minutes: int = 0  # the clock the dates are written in


WIDTH, MIN_HEIGHT, MIN_PLOT, PAD = 1200, 750, 360, 40
PAPER, INK, SOFT, GRID = "#2b2d31", "#ffffff", "#d0d3d9", "#4e525a"
COLOURS = ("#56b4e9", "#ffa929", "#3ddc97", "#f58fd0", "#f0e442", "#ff7a55", "#b9a5ff", "#e3e5e8")  # Okabe-Ito, lightened
TITLE, TEXT, SMALL = 46, 34, 30  # pixels; the image is shown at about a third
MOST_TICKS, MOST_LABELS = 6, 12  # up the side; across may hold one more, for seven months
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HOUR, DAY = 3600, 86400


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 1200 pixels wide and at least 750 high; long texts make it higher. Equal charts, equal bytes."""
    from resvg_py import svg_to_bytes  # here, because who only makes a Chart needs no renderer

    return svg_to_bytes(svg_string=_svg(chart), font_files=[str(_font().path)], skip_system_fonts=True)


# The page ------------------------------------------------------------------------------------------------------------


def _svg(chart: Chart) -> str:
    lines = tuple(Line(line.label, _drawable(line.points, chart.x_kind)) for line in chart.lines)
    y_axis = _y_axis(lines, chart.shape)
    left = PAD + 18 + max((_width(tick.label, TEXT) for tick in y_axis.ticks), default=0)
    x_axis = _x_axis(lines, chart, left, WIDTH - PAD - 10)
    header, top = _header(chart, lines, y_axis)
    footer, footer_height = _footer(chart, lines, x_axis)
    height = math.ceil(max(MIN_HEIGHT, top + MIN_PLOT + footer_height))
    y_axis = replace(y_axis, start=height - footer_height, end=top)
    plot = _Plot(x_axis, y_axis)
    shapes = plot.steps(lines) if chart.shape == "steps" else plot.points(lines)
    body = "".join((*header, *plot.grid(), *shapes, *plot.frame(), f'<g transform="translate(0 {y_axis.start:.1f})">', *footer, "</g>"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="{_font().family}">'
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>{body}</svg>'
    )


def _header(chart: Chart, lines: tuple[Line, ...], y_axis: "_Axis") -> tuple[list[str], float]:
    """Title, legend and the name of the upright axis, and where the plot may begin."""
    title = _wrapped(chart.title, TITLE, WIDTH - 2 * PAD, most=8)
    parts = [_text(PAD, 72 + 58 * row, words, TITLE, bold=True) for row, words in enumerate(title)]
    top = 40.0 + 58 * max(len(title), 1)
    if len(lines) > 1:
        legend, top = _legend(lines, top)
        parts += legend
    name = chart.y_label
    if y_axis.first > 0:
        name += f" (axis starts at {y_axis.ticks[0].label}, not 0)"
    elif y_axis.last < 0:
        name += f" (axis ends at {y_axis.ticks[-1].label}, not 0)"
    for words in _wrapped(name, SMALL, WIDTH - 2 * PAD, most=3):
        top += 42
        parts.append(_text(PAD, top - 4, words, SMALL, SOFT))
    return parts, top + 32


def _legend(lines: tuple[Line, ...], top: float) -> tuple[list[str], float]:
    parts: list[str] = []
    x, row_top, row_height = float(PAD), top, 0.0
    hidden = len(lines) - MOST_LABELS
    names = [line.label for line in lines[:MOST_LABELS]] + ([f"and {hidden} more"] if hidden > 0 else [])
    for index, name in enumerate(names):
        rows = _wrapped(name, TEXT, WIDTH - 2 * PAD - 44, most=3) or ["–"]
        width = 44 + max(_width(row, TEXT) for row in rows)
        if x > PAD and x + width > WIDTH - PAD:
            x, row_top, row_height = float(PAD), row_top + row_height, 0.0
        if index < MOST_LABELS:
            parts.append(_body(x + 16, [row_top + 25], _style(index, 13), is_computed=False))
        parts += [_text(x + 44, row_top + 37 + 44 * row, words, TEXT) for row, words in enumerate(rows)]
        x += width + 44
        row_height = max(row_height, 8.0 + 44 * len(rows))
    return parts, row_top + row_height


def _footer(chart: Chart, lines: tuple[Line, ...], x_axis: "_Axis") -> tuple[list[str], float]:
    """What stands below the plot, measured from the axis down, and its height."""
    parts = [
        _text(tick.pixel, 44 + 38 * row, words, TEXT, anchor="middle")
        for tick in x_axis.ticks
        for row, words in enumerate(tick.label.split("\n"))
    ]
    y = 48.0 + 38 * max((tick.label.count("\n") for tick in x_axis.ticks), default=0)
    for words in _wrapped(chart.x_label, SMALL, WIDTH - 2 * PAD, most=2):
        y += 42
        parts.append(_text((x_axis.start + x_axis.end) / 2, y, words, SMALL, SOFT, anchor="middle"))
    y += 14
    for note in (*_wrapped(_key(chart, lines), SMALL, WIDTH - 2 * PAD, most=3), *_wrapped(chart.source, SMALL, WIDTH - 2 * PAD, most=6)):
        y += 40
        parts.append(_text(PAD, y, note, SMALL, SOFT))
    return parts, y + 28


def _key(chart: Chart, lines: tuple[Line, ...]) -> str:
    """What the signs in this chart mean; only those that occur."""
    points = [point for line in lines for point in line.points]
    signs = {
        "bar: range" if chart.shape == "points" else "band: range": any(len(_bounds(p)) == 2 for p in points),
        "arrow: no bound known": any(None in (p.low, p.high) for p in points),
        "hollow: computed": any(p.is_computed for p in points),
        "dashed: end unknown": chart.shape == "steps" and any(p.x_until is None for p in points),
    }
    return "; ".join(sign for sign, occurs in signs.items() if occurs)


def _bounds(point: Point) -> list[float]:
    """The known bounds, from low to high; a single value once."""
    return [value for value in dict.fromkeys((point.low, point.high)) if value is not None]


# Axes ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tick:
    value: float
    label: str  # a second line after \n
    pixel: float = 0.0  # the middle of the label


@dataclass(frozen=True, slots=True)
class _Axis:
    first: float
    last: float
    ticks: tuple[_Tick, ...]
    start: float = 0.0  # the pixel of first
    end: float = 0.0  # the pixel of last

    def at(self, value: float) -> float:
        return self.start + (value - self.first) / (self.last - self.first) * (self.end - self.start)


def _drawable(points: Sequence[Point], x_kind: str) -> tuple[Point, ...]:
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
            kept.append(Point(x, within(p.low), within(p.high), p.is_computed, None if until is None else max(until, x)))
    return tuple(sorted(kept, key=lambda p: p.x))


def _y_axis(lines: tuple[Line, ...], shape: str) -> _Axis:
    points = [point for line in lines for point in line.points]
    values = [value for p in points for value in _bounds(p)]
    if not values:
        return _Axis(0, 1, ())
    low, high = min(values), max(values)
    if shape == "points" or 0 <= low <= high / 3:
        low, high = min(low, 0.0), max(high, 0.0)
    slack = max(0.2 * max(abs(low), abs(high)) - (high - low), 0.0) / 2  # a small change shall not fill the whole height
    room = high - low + 2 * slack or 1.0
    upward = [p.low for p in points if p.high is None and p.low is not None]
    downward = [p.high for p in points if p.low is None and p.high is not None]
    high = max([high + slack + 0.03 * room, *(value + 0.2 * room for value in upward)])  # an arrow needs a fifth of the height
    if low:
        lowest = min([low - slack - 0.03 * room, *(value - 0.2 * room for value in downward)])
        low = lowest if low < 0 else max(lowest, 0.0)
    step = _round_step((high - low) / (MOST_TICKS - 1))
    while (count := math.ceil(high / step) - math.floor(low / step)) >= MOST_TICKS:
        step = _round_step(step * 1.01)
    first = math.floor(low / step)
    marks = [index * step for index in range(first, first + count + 1)]
    most = max(abs(marks[0]), abs(marks[-1]))
    return _Axis(marks[0], marks[-1], tuple(_Tick(mark, _figure(mark, step, most)) for mark in marks))


def _round_step(rough: float) -> float:
    """The next larger of 1, 2, 2.5 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * (1 - 1e-9))


def _figure(value: float, step: float, most: float) -> str:
    if most >= 1e16 or step < 1e-7:
        return f"{value:.3g}"
    size, unit = next(((size, unit) for size, unit in ((1e12, "T"), (1e9, "B"), (1e6, "M")) if most >= 10 * size), (1.0, ""))
    decimals = next(places for places in range(10) if math.isclose(round(step / size, places), step / size, rel_tol=1e-6))
    return f"{value / size:,.{decimals}f}{unit if value else ''}"


def _x_axis(lines: tuple[Line, ...], chart: Chart, start: float, end: float) -> _Axis:
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
    bare = _Axis(first, last, (), start, end)
    if not points:
        return bare
    rows = (
        _time_ticks(first, last, 60.0 * min(max(chart.utc_offset_minutes, -1440), 1440))
        if chart.x_kind == "time"
        else _hour_ticks(first, last)
    )
    return replace(bare, ticks=next(placed for row in rows if (placed := _placed(row, bare)) is not None))


def _placed(ticks: Sequence[_Tick], axis: _Axis) -> tuple[_Tick, ...] | None:
    """The ticks with their labels inside the image, or None if they are too many or would touch."""
    if len(ticks) > MOST_TICKS + 1:
        return None
    placed: list[_Tick] = []
    used = 0.0
    for tick in ticks:
        half = max(_width(row, TEXT) for row in tick.label.split("\n")) / 2
        middle = min(max(axis.at(tick.value), half + 12), WIDTH - half - 12)
        if placed and middle - half < used + 24:
            return None
        placed.append(replace(tick, pixel=middle))
        used = middle + half
    return tuple(placed)


def _hour_ticks(first: float, last: float) -> Iterator[list[_Tick]]:
    for minutes in (1, 2, 5, 10, 15, 30):
        if (last - first) * 60 / minutes <= MOST_TICKS + 2:
            indices = range(math.ceil(first * 60 / minutes), math.floor(last * 60 / minutes) + 1)
            yield [_Tick(index * minutes / 60, f"{index * minutes} min" if index else "0") for index in indices]
    step = (last - first) / (MOST_TICKS + 2)
    while True:
        fitting = [size for size in (1, 2, 3, 6, 12, 24, 48, 72, 120, 168, 240) if size >= step]
        step = float(fitting[0]) if fitting else _round_step(step)
        indices = range(math.ceil(first / step), math.floor(last / step) + 1)
        yield [_Tick(index * step, f"{index * step:,.0f} h" if index else "0") for index in indices]
        step *= 1.01


def _time_ticks(first: float, last: float, offset: float) -> Iterator[list[_Tick]]:
    """Rows of ever fewer ticks: clock times under two days, then days, months, years of the given offset's calendar."""
    clock = [size * 60 for size in (5, 15, 30, 60, 120, 180, 360, 720, 1440)] if last - first < 2 * DAY else []
    for size in (*clock, *(days * DAY for days in (1, 2, 3, 5, 7, 14))):
        if (last - first) / size <= MOST_TICKS + 2:
            indices = range(math.ceil((first + offset) / size), math.floor((last + offset) / size) + 1)
            yield _dated([index * size - offset for index in indices], offset, _clock_label if size < DAY else _day_label)
    begin, finish = _local(first, offset), _local(last, offset)
    for months in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000):
        if (last - first) / (months * 28 * DAY) <= MOST_TICKS + 2:
            counts = range(math.ceil(_month(begin) / months) * months, _month(finish) + 1, months)
            starts = [(datetime(*_year_and_month(count), 1) - _EPOCH).total_seconds() - offset for count in counts]
            yield _dated([x for x in starts if first <= x <= last], offset, _month_label if months < 12 else _year_label)


_EPOCH = datetime(1970, 1, 1)


def _local(x: float, offset: float) -> datetime:
    return _EPOCH + timedelta(seconds=round(x + offset))


def _month(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _year_and_month(count: int) -> tuple[int, int]:
    return count // 12, count % 12 + 1


def _dated(xs: list[float], offset: float, label: Callable[[datetime], tuple[str, str]]) -> list[_Tick]:
    """Ticks whose second line (the day, the year) stands only where it changes."""
    ticks, said = [], ""
    for x in xs:
        upper, lower = label(_local(x, offset))
        ticks.append(_Tick(x, f"{upper}\n{lower}" if lower not in ("", said) else upper))
        said = lower
    return ticks


def _clock_label(at: datetime) -> tuple[str, str]:
    return f"{at:%H:%M}", f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def _day_label(at: datetime) -> tuple[str, str]:
    return f"{at.day} {MONTHS[at.month - 1]}", str(at.year)


def _month_label(at: datetime) -> tuple[str, str]:
    return MONTHS[at.month - 1], str(at.year)


def _year_label(at: datetime) -> tuple[str, str]:
    return str(at.year), ""


# Shapes --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    colour: str
    outline: tuple[tuple[float, float], ...]  # the marker's corners, for a size of 1; none is a circle
    size: float


def _star(corners: int, inner: float, turn: float = 0.0) -> tuple[tuple[float, float], ...]:
    angles = [(turn + 180 * index / corners, 1.0 if index % 2 == 0 else inner) for index in range(2 * corners)]
    return tuple((size * math.sin(math.radians(angle)), -size * math.cos(math.radians(angle))) for angle, size in angles)


MARKERS = (
    (),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    tuple((1.45 * x, 1.45 * y) for x, y in _star(5, 0.48)),
    ((-1.2, -0.95), (1.2, -0.95), (0, 1.15)),
    tuple((1.4 * x, 1.4 * y) for x, y in _star(4, 0.42, 45)),
    tuple((1.15 * x, 1.15 * y) for x, y in _star(3, 1.0)),
)


def _style(index: int, size: float) -> _Style:
    return _Style(COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)], size)


def _body(x: float, ys: Sequence[float], style: _Style, *, is_computed: bool) -> str:
    """One outline around a marker, or around a bar with a smaller marker at each end."""
    size = style.size if len(ys) == 1 else 0.72 * style.size
    if style.outline:
        shapes = "".join(_polygon([(x + size * dx, y + size * dy) for dx, dy in style.outline]) for y in ys)
    else:
        shapes = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>' for y in ys)
    if len(ys) == 2:
        half = 0.6 * size
        shapes += _polygon([(x - half, ys[0]), (x + half, ys[0]), (x + half, ys[1]), (x - half, ys[1])])
    edge, inside = (style.colour, PAPER) if is_computed else (PAPER if style.size > 8 else style.colour, style.colour)
    wide = 0.6 * style.size if is_computed else 0.45 * style.size
    return f'<g fill="{edge}" stroke="{edge}" stroke-width="{wide:.1f}" stroke-linejoin="round">{shapes}</g><g fill="{inside}">{shapes}</g>'


def _arrow(x: float, y: float, up: bool, style: _Style, length: float) -> str:
    tip = y - length if up else y + length
    neck, wide = tip + (1.7 if up else -1.7) * style.size, 1.15 * style.size
    head = _polygon([(x, tip), (x + wide, neck), (x - wide, neck)], f'fill="{style.colour}"')
    return _stroke([(x, y), (x, neck)], style.colour, 0.5 * style.size) + head


def _polygon(corners: Sequence[tuple[float, float]], paint: str = "") -> str:
    return f'<polygon points="{_corners(corners)}" {paint}/>'


def _stroke(corners: Sequence[tuple[float, float]], colour: str, width: float, opacity: float = 1, dashes: str = "none") -> str:
    return (
        f'<polyline points="{_corners(corners)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"'
        f' stroke-opacity="{opacity:.2f}" stroke-dasharray="{dashes}"/>'
    )


def _corners(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


@dataclass(frozen=True, slots=True)
class _Plot:
    x: _Axis
    y: _Axis

    def grid(self) -> list[str]:
        across = [
            _stroke([(self.x.start, self.y.at(tick.value)), (self.x.end, self.y.at(tick.value))], GRID, 2)
            + _text(self.x.start - 18, self.y.at(tick.value) + 12, tick.label, TEXT, anchor="end")
            for tick in self.y.ticks
        ]
        nothing = "" if self.x.ticks else _text(WIDTH / 2, (self.y.start + self.y.end) / 2, "no figures to draw", TEXT, SOFT, "middle")
        return [*across, nothing]

    def frame(self) -> list[str]:
        """The ticks across, and the line at 0; where the axis does not reach 0, its foot is dashed."""
        marks = [_stroke([(at := self.x.at(tick.value), self.y.start), (at, self.y.start + 10)], SOFT, 3) for tick in self.x.ticks]
        reaches_zero = self.y.first <= 0 <= self.y.last
        foot = self.y.at(0) if reaches_zero else self.y.start
        return [_stroke([(self.x.start, foot), (self.x.end, foot)], SOFT, 3, dashes="none" if reaches_zero else "4 12"), *marks]

    def points(self, lines: tuple[Line, ...]) -> list[str]:
        most = max((len(line.points) for line in lines), default=0)
        size = min(max(0.3 * (self.x.end - self.x.start) / max(most, 1), 5), 13)
        parts: list[str] = []
        for index, line in enumerate(lines):
            parts += self._guides(line.points, _style(index, size))
        for index, line in enumerate(lines):
            style = _style(index, size)
            parts += [self._arrows(self.x.at(point.x), point, style) for point in line.points]
            parts += [self._figure(point, style) for point in line.points]
        return parts

    def _guides(self, points: Sequence[Point], style: _Style) -> list[str]:
        """Faint lines from known bound to known bound, for the eye; dotted where the other bound is open."""
        parts = []
        for a, b in pairwise(points):
            left, right = self.x.at(a.x), self.x.at(b.x)
            lows = None if a.low is None or b.low is None else ((left, self.y.at(a.low)), (right, self.y.at(b.low)))
            highs = None if a.high is None or b.high is None else ((left, self.y.at(a.high)), (right, self.y.at(b.high)))
            if lows and highs and lows != highs:
                parts.append(_polygon([*lows, *reversed(highs)], f'fill="{style.colour}" fill-opacity="0.16"'))
            dashes = "none" if lows and highs else "3 9"
            parts += [_stroke(edge, style.colour, 3, 0.7, dashes) for edge in dict.fromkeys((lows, highs)) if edge]
        return parts

    def _figure(self, point: Point, style: _Style) -> str:
        ys = [self.y.at(value) for value in _bounds(point)]
        return _body(self.x.at(point.x), ys, style, is_computed=point.is_computed) if ys else ""

    def _arrows(self, x: float, point: Point, style: _Style) -> str:
        """An arrow to the open side; it stays inside the plot."""
        if point.high is None and point.low is not None:
            y = self.y.at(point.low)
            return _arrow(x, y, True, style, min(5 * style.size, y - self.y.end + 10))
        if point.low is None and point.high is not None:
            y = self.y.at(point.high)
            return _arrow(x, y, False, style, max(min(5 * style.size, self.y.start - y), 2.8 * style.size))
        return "" if _bounds(point) else self._unknown(x, style)

    def _unknown(self, x: float, style: _Style) -> str:
        """Nothing is known: dashes over the whole height, an arrow head at both ends."""
        short = 3 * style.size
        down, up = _arrow(x, self.y.start - short, False, style, short), _arrow(x, self.y.end + short, True, style, short)
        dashes = f"{style.size:.1f} {style.size:.1f}"
        return _stroke([(x, self.y.start), (x, self.y.end)], style.colour, 0.4 * style.size, dashes=dashes) + down + up

    def steps(self, lines: tuple[Line, ...]) -> list[str]:
        most = max((len(line.points) for line in lines), default=0)
        size = min(max(0.15 * (self.x.end - self.x.start) / max(most, 1), 4), 12)
        parts: list[str] = []
        for index, line in enumerate(lines):
            style = _style(index, size)
            for here, after in pairwise((*line.points, None)):
                if here is not None:
                    parts += self._level(here, after, style)
        for index, line in enumerate(lines):
            parts += [self._figure(point, _style(index, size)) for point in line.points]
        return parts

    def _level(self, here: Point, after: Point | None, style: _Style) -> list[str]:
        left = self.x.at(here.x)
        if here.x_until is not None:
            right = max(self.x.at(here.x_until), left + 2)
            pieces = [(left, right, 1.0)]
        else:
            right = self.x.at(after.x) if after is not None and after.x > here.x else self.x.end
            pieces = _fading(left, right - 2 * style.size)
        parts = [piece for a, b, opacity in pieces for piece in self._held(here, a, b, opacity, style)]
        if here.x_until is None:
            parts += [_rightwards(right, self.y.at(value), style) for value in _bounds(here)]
        elif after is not None and abs(self.x.at(after.x) - right) < 2.5:
            parts += self._jump(here, after, right, style)
        parts.append(self._arrows((left + min(right, self.x.end)) / 2, here, style))
        return parts

    def _held(self, point: Point, left: float, right: float, opacity: float, style: _Style) -> list[str]:
        """One stretch of a level: a line, a band between two bounds, or a haze over the whole height when nothing is known."""
        bounds = [self.y.at(value) for value in _bounds(point)]
        edges = [_stroke([(left, y), (right, y)], style.colour, 0.7 * style.size, opacity) for y in bounds]
        if point.is_computed:
            edges += [_stroke([(left, y), (right, y)], PAPER, 0.3 * style.size) for y in bounds]
        if len(bounds) == 1:
            return edges
        low, high = bounds or (self.y.start, self.y.end)
        strength = 0.28 if bounds else 0.1
        corners = [(left, low), (right, low), (right, high), (left, high)]
        return [_polygon(corners, f'fill="{style.colour}" fill-opacity="{strength * opacity:.2f}"'), *edges]

    def _jump(self, here: Point, after: Point, x: float, style: _Style) -> list[str]:
        """The upright line between two levels that meet, from nearest bound to nearest bound."""
        ours, theirs = _bounds(here), _bounds(after)
        if not ours or not theirs or (max(ours) >= min(theirs) and max(theirs) >= min(ours)):
            return []
        ends = (max(ours), min(theirs)) if max(ours) < min(theirs) else (min(ours), max(theirs))
        upper, lower = sorted(self.y.at(end) for end in ends)
        half = 0.35 * style.size  # so that the corner is square
        return [_stroke([(x, upper - half), (x, lower + half)], style.colour, 2 * half)]


def _fading(left: float, right: float) -> list[tuple[float, float, float]]:
    """Dashes from left to right, each fainter than the one before."""
    count = max(int((right - left) / 30), 1)
    wide = max(right - left, 2.0) / count
    return [(left + wide * index, left + wide * (index + 0.6), 1 - 0.7 * index / count) for index in range(count)]


def _rightwards(tip: float, y: float, style: _Style) -> str:
    back, half = tip - 1.7 * style.size, 1.15 * style.size
    return _polygon([(tip, y), (back, y - half), (back, y + half)], f'fill="{style.colour}" fill-opacity="0.5"')


# Words ---------------------------------------------------------------------------------------------------------------


def _text(x: float, y: float, words: str, size: int, colour: str = INK, anchor: str = "start", *, bold: bool = False) -> str:
    weight = f' stroke="{colour}" stroke-width="1.4"' if bold else ""  # the font has one weight
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}"{weight}>{escape(words)}</text>'


# a break may come before any of these: a word with the marks that close it, or one Chinese character with its marks
_UNIT = re.compile(r"[（《「“]?[\u2e80-\u9fff\uf900-\ufaff][，。、；：！？）》」”]*|[^\s\u2e80-\u9fff\uf900-\ufaff]+|\s+")


def _wrapped(words: str, size: int, width: float, most: int) -> list[str]:
    """The words in rows no wider than width; what `most` rows cannot hold ends in an ellipsis."""
    rows = [""]
    for unit in _UNIT.findall(_writable(words)):
        pieces = [unit] if _width(unit, size) <= width else list(unit)
        for piece in pieces:
            if _width(rows[-1] + piece, size) > width:
                rows.append("")
            rows[-1] += piece if rows[-1] else piece.lstrip()
    rows = [row.rstrip() for row in rows if row.strip()]
    if len(rows) > most:
        rows = rows[:most]
        while rows[-1] and _width(rows[-1] + "…", size) > width:
            rows[-1] = rows[-1][:-1]
        rows[-1] += "…"
    return rows


def _writable(words: str) -> str:
    """Only what the font has a glyph for: control characters and emoji go, letters it lacks become a question mark."""
    font = _font()
    kept = []
    for character in unicodedata.normalize("NFC", words[:2000]):  # far more than any row holds
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character)[0] == "C":
            continue
        elif font.glyph(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNP":
            kept.append("?")
    return " ".join("".join(kept).split())


def _width(words: str, size: int) -> float:
    font = _font()
    return sum(font.advance(character) for character in words) * size


@dataclass(frozen=True, slots=True)
class _Font:
    """As much of an OpenType font as it takes to measure a line and to know what it cannot write."""

    path: Path
    family: str
    starts: tuple[int, ...]  # first code point of each run of characters
    runs: tuple[tuple[int, int, int], ...]  # first and last code point, first glyph
    advances: tuple[float, ...]  # by glyph, in ems; later glyphs are as wide as the last

    def glyph(self, character: str) -> int:
        """0 when the font has none."""
        code = ord(character)
        first, last, glyph = self.runs[max(bisect_right(self.starts, code) - 1, 0)]
        return glyph + code - first if first <= code <= last else 0

    def advance(self, character: str) -> float:
        return self.advances[min(self.glyph(character), len(self.advances) - 1)]


@cache
def _font() -> _Font:
    from pylopdf_fonts_zh_cn import sans_path  # here, because who only makes a Chart needs no font

    with sans_path().open("rb") as file:
        count = struct.unpack(">4xH6x", file.read(12))[0]
        places = {tag: (offset, length) for tag, _, offset, length in struct.iter_unpack(">4s3L", file.read(16 * count))}

        def table(tag: bytes) -> bytes:
            file.seek(places[tag][0])
            return file.read(places[tag][1])

        em = struct.unpack_from(">H", table(b"head"), 18)[0]
        measured = struct.unpack_from(">H", table(b"hhea"), 34)[0]
        advances = tuple(wide / em for wide, _ in struct.iter_unpack(">Hh", table(b"hmtx")[: 4 * measured]))
        runs = _runs(table(b"cmap"))
    return _Font(sans_path(), "Noto Sans SC", tuple(run[0] for run in runs), runs, advances)


def _runs(cmap: bytes) -> tuple[tuple[int, int, int], ...]:
    """The runs of the format 12 subtable, which holds all of Unicode."""
    records = struct.iter_unpack(">2HL", cmap[4 : 4 + 8 * struct.unpack_from(">2xH", cmap)[0]])
    offset = next(offset for _, _, offset in records if struct.unpack_from(">H", cmap, offset)[0] == 12)
    count = struct.unpack_from(">L", cmap, offset + 12)[0]
    return tuple((first, last, glyph) for first, last, glyph in struct.iter_unpack(">3L", cmap[offset + 16 : offset + 16 + 12 * count]))
