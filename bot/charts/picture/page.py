"""The whole picture: title, legend, plot and footer."""

from __future__ import annotations

import math

from bot.charts.picture.axes import Axis, drawable_points, x_axis_of, y_axis_of
from bot.charts.picture.chart import Chart, Line, known_bounds
from bot.charts.picture.marks import marker, style_of
from bot.charts.picture.plot import Plot
from bot.charts.picture.shapes import Picture, Shape, Text
from bot.charts.picture.style import MIN_HEIGHT, MIN_PLOT, MOST_LABELS, PAD, SMALL, SOFT, TEXT, TITLE, WIDTH
from bot.charts.picture.text import text_width, wrapped


def picture_of(chart: Chart) -> Picture:
    """Where everything stands in the picture of a chart."""
    lines = tuple(Line(line.label, drawable_points(line.points, chart.x_kind)) for line in chart.lines)
    y_axis = y_axis_of(lines, chart.shape)
    left = PAD + 18 + max((text_width(tick.label, TEXT) for tick in y_axis.ticks), default=0)
    x_axis = x_axis_of(lines, chart, left, WIDTH - PAD - 10)
    head, top = header(chart, lines, y_axis)
    foot, footer_height = footer(chart, lines, x_axis)
    height = math.ceil(max(MIN_HEIGHT, top + MIN_PLOT + footer_height))
    y_axis = y_axis._replace(start=height - footer_height, end=top)
    plot = Plot(x_axis, y_axis)
    shapes = plot.steps(lines) if chart.shape == "steps" else plot.points(lines)
    below = [text._replace(y=text.y + y_axis.start) for text in foot]
    return Picture(
        height,
        (
            *head,
            *plot.grid(chart.texts.nothing),
            *shapes,
            *plot.frame(),
            *plot.values(lines, chart.shape),
            *below,
        ),
    )


def header(chart: Chart, lines: tuple[Line, ...], y_axis: Axis) -> tuple[list[Shape], float]:
    """Title, legend and the name of the upright axis, and where the plot may begin."""
    title = wrapped(chart.title, TITLE, WIDTH - 2 * PAD, most=8)
    parts: list[Shape] = [Text(PAD, 72 + 58 * row, words, TITLE, is_bold=True) for row, words in enumerate(title)]
    top = 40.0 + 58 * max(len(title), 1)
    if len(lines) > 1:
        entries, top = legend(lines, top, chart.texts.legend_more)
        parts += entries
    name = chart.y_label
    if y_axis.first > 0:
        name = chart.texts.axis_starts.format(name=name, value=y_axis.ticks[0].label)
    elif y_axis.last < 0:
        name = chart.texts.axis_ends.format(name=name, value=y_axis.ticks[-1].label)
    for words in wrapped(name, SMALL, WIDTH - 2 * PAD, most=3):
        top += 42
        parts.append(Text(PAD, top - 4, words, SMALL, SOFT))
    return parts, top + 32


def legend(lines: tuple[Line, ...], top: float, more: str) -> tuple[list[Shape], float]:
    parts: list[Shape] = []
    x, row_top, row_height = float(PAD), top, 0.0
    hidden = len(lines) - MOST_LABELS
    names = [line.label for line in lines[:MOST_LABELS]] + ([more.format(count=hidden)] if hidden > 0 else [])
    for index, name in enumerate(names):
        rows = wrapped(name, TEXT, WIDTH - 2 * PAD - 44, most=3) or ["–"]
        width = 44 + max(text_width(row, TEXT) for row in rows)
        if x > PAD and x + width > WIDTH - PAD:
            x, row_top, row_height = float(PAD), row_top + row_height, 0.0
        if index < MOST_LABELS:
            parts += marker(x + 16, [row_top + 25], style_of(index, 13), is_computed=False)
        parts += [Text(x + 44, row_top + 37 + 44 * row, words, TEXT) for row, words in enumerate(rows)]
        x += width + 44
        row_height = max(row_height, 8.0 + 44 * len(rows))
    return parts, row_top + row_height


def footer(chart: Chart, lines: tuple[Line, ...], x_axis: Axis) -> tuple[list[Text], float]:
    """What stands below the plot, measured from the axis down, and its height."""
    parts = [
        Text(tick.pixel, 44 + 38 * row, words, TEXT, anchor="middle")
        for tick in x_axis.ticks
        for row, words in enumerate(tick.label.split("\n"))
    ]
    y = 48.0 + 38 * max((tick.label.count("\n") for tick in x_axis.ticks), default=0)
    name = chart.x_label
    if x_axis.log_from is not None:
        name = chart.texts.logarithmic.format(name=name)
    for words in wrapped(name, SMALL, WIDTH - 2 * PAD, most=2):
        y += 42
        parts.append(Text((x_axis.start + x_axis.end) / 2, y, words, SMALL, SOFT, anchor="middle"))
    y += 14
    for note in (
        *wrapped(key_text(chart, lines), SMALL, WIDTH - 2 * PAD, most=3),
        *wrapped(chart.source, SMALL, WIDTH - 2 * PAD, most=6),
    ):
        y += 40
        parts.append(Text(PAD, y, note, SMALL, SOFT))
    return parts, y + 28


def key_text(chart: Chart, lines: tuple[Line, ...]) -> str:
    """What the signs in this chart mean; only those that occur."""
    texts = chart.texts
    points = [point for line in lines for point in line.points]
    signs = {
        texts.bar if chart.shape == "points" else texts.band: any(len(known_bounds(p)) == 2 for p in points),
        texts.arrow: any(None in (p.low, p.high) for p in points),
        texts.hollow: any(p.is_computed for p in points),
        texts.dashed: chart.shape == "steps" and any(p.x_until is None for p in points),
    }
    return "; ".join(sign for sign, occurs in signs.items() if occurs)
