"""The marks of a chart: markers, bars and arrows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.charts.picture.shapes import Area, Disc, Shape, Stroke
from bot.charts.picture.style import COLOURS, PAPER


class Style(NamedTuple):
    colour: str
    outline: tuple[tuple[float, float], ...]  # the marker's corners, for a size of 1; none is a circle
    size: float


def _star(corners: int, inner: float, turn: float = 0.0) -> tuple[tuple[float, float], ...]:
    angles = [(turn + 180 * index / corners, 1.0 if index % 2 == 0 else inner) for index in range(2 * corners)]
    return tuple(
        (size * math.sin(math.radians(angle)), -size * math.cos(math.radians(angle))) for angle, size in angles
    )


MARKERS = (
    (),
    ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    tuple((1.45 * x, 1.45 * y) for x, y in _star(5, 0.48)),
    ((-1.2, -0.95), (1.2, -0.95), (0, 1.15)),
    tuple((1.4 * x, 1.4 * y) for x, y in _star(4, 0.42, 45)),
    tuple((1.15 * x, 1.15 * y) for x, y in _star(3, 1.0)),
)


def style_of(index: int, size: float) -> Style:
    return Style(COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)], size)


def marker(x: float, ys: Sequence[float], style: Style, *, is_computed: bool) -> list[Shape]:
    """One outline around a marker, or around a bar with a smaller marker at each end."""
    size = style.size if len(ys) == 1 else 0.72 * style.size
    edge, inside = (style.colour, PAPER) if is_computed else (PAPER if style.size > 8 else style.colour, style.colour)
    wide = 0.6 * style.size if is_computed else 0.45 * style.size
    return [*_marker_shapes(x, ys, size, style, edge, wide), *_marker_shapes(x, ys, size, style, inside, 0.0)]


def _marker_shapes(
    x: float, ys: Sequence[float], size: float, style: Style, colour: str, outline: float
) -> Iterator[Shape]:
    for y in ys:
        if style.outline:
            corners = tuple((x + size * dx, y + size * dy) for dx, dy in style.outline)
            yield Area(corners, colour, outline=outline)
        else:
            yield Disc((x, y), size + outline / 2, colour)
    if len(ys) == 2:
        half = 0.6 * size
        corners = ((x - half, ys[0]), (x + half, ys[0]), (x + half, ys[1]), (x - half, ys[1]))
        yield Area(corners, colour, outline=outline)


def arrow(x: float, y: float, up: bool, style: Style, length: float) -> list[Shape]:
    tip = y - length if up else y + length
    neck, wide = tip + (1.7 if up else -1.7) * style.size, 1.15 * style.size
    head = Area(((x, tip), (x + wide, neck), (x - wide, neck)), style.colour)
    return [Stroke((x, y), (x, neck), style.colour, 0.5 * style.size), head]
