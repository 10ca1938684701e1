"""Shapes as a PNG, painted by Pillow (texts) and aggdraw (everything else, with smooth edges)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

from aggdraw import Brush, Draw, Pen
from PIL import Image, ImageDraw

from bot.charts.picture.shapes import Area, Disc, Picture, Stroke, Text
from bot.charts.picture.style import PAPER, WIDTH
from bot.charts.picture.text import face

ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}  # left, middle or right, on the baseline
SHADES = 256  # the most that a PNG with a palette has
FEW_COLOURS = 9  # those of five lines
BOLD, HALO = 0.7, 4.0  # how far a letter is widened: the font has one weight


def painted(picture: Picture) -> bytes:
    """A picture as PNG, ``WIDTH`` pixels wide.

    Its smooth edges have more shades than a PNG with a palette holds, which takes half the time and less than half the
    bytes. Where it has few colours the nearest ones look the same; of many, faint ones over each other would not.
    """
    png = BytesIO()
    png.name = "chart.png"  # by its name Pillow knows the format, and imports no other
    image = image_of(picture)
    if len({shape.colour for shape in picture.shapes}) <= FEW_COLOURS:
        image = image.quantize(SHADES, method=Image.Quantize.FASTOCTREE)
    image.save(png, compress_level=1)
    return png.getvalue()


def image_of(picture: Picture) -> Image.Image:
    """A picture with all its shades, ``WIDTH`` pixels wide."""
    image = Image.new("RGB", (WIDTH, picture.height), PAPER)
    canvas = Draw(image)
    for shape in picture.shapes:
        match shape:
            case Stroke():
                _paint_stroke(canvas, shape)
            case Area():
                _paint_area(canvas, shape)
            case Disc():
                _paint_disc(canvas, shape)
    canvas.flush()
    writing = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Text):
            _write(writing, shape)
    return image


def _paint_stroke(canvas: Draw, stroke: Stroke) -> None:
    pen = Pen(stroke.colour, stroke.width, _alpha(stroke.opacity))
    for start, end in _dashes_of(stroke) if stroke.dashes else ((stroke.start, stroke.end),):
        canvas.line((*start, *end), pen)


def _dashes_of(stroke: Stroke) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    assert stroke.dashes is not None
    (x, y), (to_x, to_y) = stroke.start, stroke.end
    dash, gap = stroke.dashes
    length = math.hypot(to_x - x, to_y - y)
    for number in range(math.ceil(length / (dash + gap))):
        first = number * (dash + gap) / length
        last = min(first + dash / length, 1.0)
        yield (x + (to_x - x) * first, y + (to_y - y) * first), (x + (to_x - x) * last, y + (to_y - y) * last)


def _paint_area(canvas: Draw, area: Area) -> None:
    canvas.polygon([number for corner in area.corners for number in corner], Brush(area.colour, _alpha(area.opacity)))
    if area.outline:  # aggdraw's own outlines have pointed corners
        for start, end in pairwise((*area.corners, area.corners[0])):
            _paint_stroke(canvas, Stroke(start, end, area.colour, area.outline))
            _paint_disc(canvas, Disc(start, area.outline / 2, area.colour))


def _paint_disc(canvas: Draw, disc: Disc) -> None:
    (x, y), radius = disc.centre, disc.radius
    canvas.ellipse((x - radius, y - radius, x + radius, y + radius), Brush(disc.colour))


def _write(writing: ImageDraw.ImageDraw, text: Text) -> None:
    widened, edge = (HALO, PAPER) if text.has_halo else (BOLD if text.is_bold else 0, text.colour)
    writing.text(
        (text.x, text.y),
        text.words,
        text.colour,
        face(text.size),
        ANCHORS[text.anchor],
        stroke_width=widened,
        stroke_fill=edge,
    )


def _alpha(opacity: float) -> int:
    return round(255 * opacity)
