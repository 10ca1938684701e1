"""What a chart shows, as plain values."""

from __future__ import annotations

from typing import Literal, NamedTuple


class ChartTexts(NamedTuple):
    """The words that a chart writes by itself, in the reader's language; ``{…}`` are filled in."""

    months: tuple[str, ...]
    bar: str
    band: str
    arrow: str
    hollow: str
    dashed: str
    axis_starts: str  # {name} and {value}
    axis_ends: str
    legend_more: str  # {count}
    nothing: str
    minutes: str
    hours: str
    days: str
    logarithmic: str  # {name}


class Point(NamedTuple):
    """One figure and its bounds: None is an open end, low == high a single value. Floats, because pixels are."""

    x: float  # UTC epoch seconds, or hours since opening, see Chart.x_kind
    low: float | None
    high: float | None
    is_computed: bool = False  # drawn hollow
    x_until: float | None = None  # for steps: how long the level holds; None: its end is unknown
    label: str = ""  # its value, written beside it where there is room


class Line(NamedTuple):
    label: str
    points: tuple[Point, ...]


class Chart(NamedTuple):
    title: str
    x_label: str
    y_label: str
    x_kind: Literal["time", "hours"]
    shape: Literal["points", "steps"]  # points: counts over time; steps: levels that hold from x to x_until
    lines: tuple[Line, ...]
    source: str  # who the figures are from
    texts: ChartTexts


def known_bounds(point: Point) -> list[float]:
    """The known bounds, from low to high; a single value once."""
    return [value for value in dict.fromkeys((point.low, point.high)) if value is not None]
