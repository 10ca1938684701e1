"""What the child process is asked to do; what that takes is imported there, and not by who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.charts.picture.chart import Chart


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 1200 pixels wide, at least 750 high, more for long texts. Equal charts give equal bytes."""
    from bot.charts.picture.page import picture_of
    from bot.charts.picture.painting import painted

    return painted(picture_of(chart))


def prepare() -> None:
    """Load what the first picture needs, so that the next one finds it loaded."""
    import bot.charts.picture.page  # noqa: F401 - for the next one
    from bot.charts.picture.painting import painted
    from bot.charts.picture.shapes import Picture, Text
    from bot.charts.picture.style import SMALL, TEXT, TITLE

    painted(Picture(1, tuple(Text(0, 0, "0", size) for size in (TITLE, TEXT, SMALL))))
