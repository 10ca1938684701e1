"""What a chart is drawn with: strokes, areas, discs and texts, in pixels from the upper left corner."""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.charts.picture.style import INK

Corner = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


class Stroke(NamedTuple):
    start: Corner
    end: Corner
    colour: str
    width: float
    opacity: float = 1.0
    dashes: tuple[float, float] | None = None  # how long a dash is, and the gap after it


class Area(NamedTuple):
    """A filled polygon, with an outline of the same colour whose corners are round."""

    corners: tuple[Corner, ...]
    colour: str
    opacity: float = 1.0
    outline: float = 0.0  # its width, half of it outside


class Disc(NamedTuple):
    centre: Corner
    radius: float
    colour: str


class Text(NamedTuple):
    """One row of words that the font can write; ``y`` is the line they stand on."""

    x: float  # of their start, their middle or their end
    y: float
    words: str
    size: int
    colour: str = INK
    anchor: Anchor = "start"
    is_bold: bool = False
    has_halo: bool = False  # it can be read where lines cross it


Shape = Stroke | Area | Disc | Text


class Picture(NamedTuple):
    height: int
    shapes: tuple[Shape, ...]  # later ones cover earlier ones; texts cover everything
