"""The marks of a chart: markers, bars, arrows and strokes as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from bot.charts.svg.style import COLOURS, PAPER


class Style(Struct, frozen=True):
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


def marker(x: float, ys: Sequence[float], style: Style, *, is_computed: bool) -> str:
    """One outline around a marker, or around a bar with a smaller marker at each end."""
    size = style.size if len(ys) == 1 else 0.72 * style.size
    if style.outline:
        shapes = "".join(polygon([(x + size * dx, y + size * dy) for dx, dy in style.outline]) for y in ys)
    else:
        shapes = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"/>' for y in ys)
    if len(ys) == 2:
        half = 0.6 * size
        shapes += polygon([(x - half, ys[0]), (x + half, ys[0]), (x + half, ys[1]), (x - half, ys[1])])
    edge, inside = (style.colour, PAPER) if is_computed else (PAPER if style.size > 8 else style.colour, style.colour)
    wide = 0.6 * style.size if is_computed else 0.45 * style.size
    outline = f'<g fill="{edge}" stroke="{edge}" stroke-width="{wide:.1f}" stroke-linejoin="round">{shapes}</g>'
    return f'{outline}<g fill="{inside}">{shapes}</g>'


def arrow(x: float, y: float, up: bool, style: Style, length: float) -> str:
    tip = y - length if up else y + length
    neck, wide = tip + (1.7 if up else -1.7) * style.size, 1.15 * style.size
    head = polygon([(x, tip), (x + wide, neck), (x - wide, neck)], f'fill="{style.colour}"')
    return stroke([(x, y), (x, neck)], style.colour, 0.5 * style.size) + head


def polygon(corners: Sequence[tuple[float, float]], paint: str = "") -> str:
    return f'<polygon points="{_corners(corners)}" {paint}/>'


def stroke(
    corners: Sequence[tuple[float, float]], colour: str, width: float, opacity: float = 1, dashes: str = "none"
) -> str:
    return (
        f'<polyline points="{_corners(corners)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"'
        f' stroke-opacity="{opacity:.2f}" stroke-dasharray="{dashes}"/>'
    )


def _corners(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
