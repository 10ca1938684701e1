"""The plot: a grid, and each line of a chart as points or as steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.charts.picture.axes import Axis
from bot.charts.picture.chart import Line, Point, known_bounds
from bot.charts.picture.marks import Style, arrow, marker, style_of
from bot.charts.picture.shapes import Area, Shape, Stroke, Text
from bot.charts.picture.style import GRID, INK, PAPER, SMALL, SOFT, TEXT, WIDTH
from bot.charts.picture.text import text_width, writable


class Plot(NamedTuple):
    x: Axis
    y: Axis

    def grid(self, nothing_drawn: str) -> Iterator[Shape]:
        """The lines across with their labels; without figures, the words that say so."""
        for tick in self.y.ticks:
            y = self.y.at(tick.value)
            yield Stroke((self.x.start, y), (self.x.end, y), GRID, 2)
            yield Text(self.x.start - 18, y + 12, tick.label, TEXT, anchor="end")
        if not self.x.ticks:
            yield Text(WIDTH / 2, (self.y.start + self.y.end) / 2, nothing_drawn, TEXT, SOFT, "middle")

    def frame(self) -> Iterator[Shape]:
        """The ticks across, and the line at 0; where the axis does not reach 0, its foot is dashed."""
        reaches_zero = self.y.first <= 0 <= self.y.last
        foot = self.y.at(0) if reaches_zero else self.y.start
        yield Stroke((self.x.start, foot), (self.x.end, foot), SOFT, 3, dashes=None if reaches_zero else (4, 12))
        for tick in self.x.ticks:
            at = self.x.at(tick.value)
            yield Stroke((at, self.y.start), (at, self.y.start + 10), SOFT, 3)

    def points(self, lines: tuple[Line, ...]) -> Iterator[Shape]:
        most = max((len(line.points) for line in lines), default=0)
        size = min(max(0.3 * (self.x.end - self.x.start) / max(most, 1), 5), 13)
        for index, line in enumerate(lines):
            yield from self._guides(line.points, style_of(index, size))
        for index, line in enumerate(lines):
            style = style_of(index, size)
            for point in line.points:
                yield from self._arrows(self.x.at(point.x), point, style)
            for point in line.points:
                yield from self._marked_figure(point, style)

    def _guides(self, points: Sequence[Point], style: Style) -> Iterator[Shape]:
        """Faint lines from known bound to known bound, for the eye; dotted where the other bound is open."""
        for a, b in pairwise(points):
            left, right = self.x.at(a.x), self.x.at(b.x)
            lows = None if a.low is None or b.low is None else ((left, self.y.at(a.low)), (right, self.y.at(b.low)))
            highs = (
                None if a.high is None or b.high is None else ((left, self.y.at(a.high)), (right, self.y.at(b.high)))
            )
            if lows and highs and lows != highs:
                yield Area((*lows, *reversed(highs)), style.colour, 0.16)
            dashes = None if lows and highs else (3, 9)
            for edge in dict.fromkeys((lows, highs)):
                if edge:
                    yield Stroke(*edge, style.colour, 3, 0.7, dashes)

    def _marked_figure(self, point: Point, style: Style) -> list[Shape]:
        ys = [self.y.at(value) for value in known_bounds(point)]
        return marker(self.x.at(point.x), ys, style, is_computed=point.is_computed) if ys else []

    def _arrows(self, x: float, point: Point, style: Style) -> list[Shape]:
        """An arrow to the open side; it stays inside the plot."""
        if point.high is None and point.low is not None:
            y = self.y.at(point.low)
            return arrow(x, y, True, style, min(5 * style.size, y - self.y.end + 10))
        if point.low is None and point.high is not None:
            y = self.y.at(point.high)
            return arrow(x, y, False, style, max(min(5 * style.size, self.y.start - y), 2.8 * style.size))
        return [] if known_bounds(point) else self._unknown(x, style)

    def _unknown(self, x: float, style: Style) -> list[Shape]:
        """Nothing is known: dashes over the whole height, an arrow head at both ends."""
        short = 3 * style.size
        down, up = arrow(x, self.y.start - short, False, style, short), arrow(x, self.y.end + short, True, style, short)
        dashes = (style.size, style.size)
        return [
            Stroke((x, self.y.start), (x, self.y.end), style.colour, 0.4 * style.size, dashes=dashes),
            *down,
            *up,
        ]

    def values(self, lines: tuple[Line, ...], shape: str, size: float = 13) -> Iterator[Shape]:
        """The value of each figure beside its marker, the last ones first, where nothing stands in the way."""
        taken = [_around(x, y, size) for line in lines for x, y in self._marks(line)]
        labelled = [(n, point) for n, line in enumerate(lines) for point in reversed(line.points) if point.label]
        for number, point in labelled:
            colour = style_of(number, size).colour if len(lines) > 1 else INK
            label = writable(point.label)
            wide = text_width(label, SMALL)
            for x, y in self._places_for(point, shape, wide, size):
                box = (x - 4, y - SMALL, x + wide + 4, y + 6)
                is_inside = box[0] >= self.x.start - 8 and box[2] <= WIDTH - 8 and box[1] >= self.y.end - 30
                if is_inside and box[3] <= self.y.start and not any(_overlap(box, other) for other in taken):
                    taken.append(box)
                    yield Text(x, y, label, SMALL, colour, has_halo=True)
                    break

    def _marks(self, line: Line) -> list[tuple[float, float]]:
        return [(self.x.at(point.x), self.y.at(value)) for point in line.points for value in known_bounds(point)]

    def _places_for(self, point: Point, shape: str, wide: float, size: float) -> list[tuple[float, float]]:
        """Where the text of a figure may begin: above it, right, below, left; on its side where an arrow goes up."""
        bounds = [self.y.at(value) for value in known_bounds(point)]
        if not bounds:
            return []
        x, upper, lower = self.x.at(point.x), min(bounds), max(bounds)
        above, below = (x - wide / 2, upper - size - 10), (x - wide / 2, lower + size + SMALL)
        right, left = (x + size + 10, upper + 10), (x - size - 10 - wide, upper + 10)
        over, under = (x + size, upper - size), (x + size, lower + size + SMALL)
        if shape == "steps":
            return [over, under, above, below]
        return [right, left, below] if point.high is None else [above, over, right, below, left]

    def steps(self, lines: tuple[Line, ...]) -> Iterator[Shape]:
        most = max((len(line.points) for line in lines), default=0)
        size = min(max(0.15 * (self.x.end - self.x.start) / max(most, 1), 4), 12)
        for index, line in enumerate(lines):
            style = style_of(index, size)
            for here, after in pairwise((*line.points, None)):
                if here is not None:
                    yield from self._level(here, after, style)
        for index, line in enumerate(lines):
            for point in line.points:
                yield from self._marked_figure(point, style_of(index, size))

    def _level(self, here: Point, after: Point | None, style: Style) -> Iterator[Shape]:
        left = self.x.at(here.x)
        if here.x_until is not None:
            right = max(self.x.at(here.x_until), left + 2)
            pieces = [(left, right, 1.0)]
        else:
            right = self.x.at(after.x) if after is not None and after.x > here.x else self.x.end
            pieces = _fading(left, right - 2 * style.size)
        for begins, ends, opacity in pieces:
            yield from self._held(here, begins, ends, opacity, style)
        if here.x_until is None:
            for value in known_bounds(here):
                yield _rightwards(right, self.y.at(value), style)
        elif after is not None and abs(self.x.at(after.x) - right) < 2.5:
            yield from self._jump(here, after, right, style)
        yield from self._arrows((left + min(right, self.x.end)) / 2, here, style)

    def _held(self, point: Point, left: float, right: float, opacity: float, style: Style) -> Iterator[Shape]:
        """One stretch of a level: a line, a band between two bounds, or a haze over the whole height."""
        bounds = [self.y.at(value) for value in known_bounds(point)]
        if len(bounds) != 1:
            low, high = bounds or (self.y.start, self.y.end)
            strength = 0.28 if bounds else 0.1
            yield Area(((left, low), (right, low), (right, high), (left, high)), style.colour, strength * opacity)
        for y in bounds:
            yield Stroke((left, y), (right, y), style.colour, 0.7 * style.size, opacity)
        if point.is_computed:
            for y in bounds:
                yield Stroke((left, y), (right, y), PAPER, 0.3 * style.size)

    def _jump(self, here: Point, after: Point, x: float, style: Style) -> Iterator[Shape]:
        """The upright line between two levels that meet, from nearest bound to nearest bound."""
        ours, theirs = known_bounds(here), known_bounds(after)
        if not ours or not theirs or (max(ours) >= min(theirs) and max(theirs) >= min(ours)):
            return
        ends = (max(ours), min(theirs)) if max(ours) < min(theirs) else (min(ours), max(theirs))
        upper, lower = sorted(self.y.at(end) for end in ends)
        half = 0.35 * style.size  # so that the corner is square
        yield Stroke((x, upper - half), (x, lower + half), style.colour, 2 * half)


Box = tuple[float, float, float, float]


def _around(x: float, y: float, size: float) -> Box:
    return x - size, y - size, x + size, y + size


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _fading(left: float, right: float) -> list[tuple[float, float, float]]:
    """Dashes from left to right, each fainter than the one before."""
    count = max(int((right - left) / 30), 1)
    wide = max(right - left, 2.0) / count
    return [(left + wide * index, left + wide * (index + 0.6), 1 - 0.7 * index / count) for index in range(count)]


def _rightwards(tip: float, y: float, style: Style) -> Shape:
    back, half = tip - 1.7 * style.size, 1.15 * style.size
    return Area(((tip, y), (back, y - half), (back, y + half)), style.colour, 0.5)
