"""Which figures of an answer stand on its chart, and what is said beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.charts.chart_svg import Chart, Line, Point
from salesbot.answers.answer import Answer, CompareFound, Figure, ProgressFound
from salesbot.facts import LEVELS
from salesbot.query import ask
from salesbot.questions.question import OrdersCompare, OrdersProgress
from salesbot.storage.snapshot import Store
from salesbot.words import Said, words_for
from salesbot.words.english.terms import METRICS


def chart_of(answer: Answer, store: Store) -> Chart:
    """The chart of an answer that has one."""
    title = words_for().headline(answer)
    source = "Sources: " + ", ".join(dict.fromkeys(source.publisher for source in answer.sources[:6]))
    match answer.found:
        case ProgressFound() as found:
            points = [f for f in answer.figures if f.name == found.metric and not f.is_operand]
            lines: tuple[Line, ...] = (Line(found.name, tuple(_points(points, found.opening or 0))),)
            return Chart(title, "hours since orders opened", METRICS[found.metric], "hours", "points", lines, source)
        case CompareFound() as found:
            lines = tuple(_series(answer, store))
            return Chart(title, "hours since orders opened", METRICS[found.what or "orders"], "hours", "points", lines, source)
    levels = [f for f in answer.figures if f.name in LEVELS]
    units = Counter(figure.quantity.unit for figure in levels)
    unit = units.most_common(1)[0][0]  # one axis, one currency
    left_out = [other for other in units if other != unit]
    label = f"price, {unit}" + (f" (not drawn: {', '.join(left_out)})" if left_out else "")
    return Chart(title, "", label, "time", "steps", tuple(_levels(f for f in levels if f.quantity.unit == unit)), source)


def _points(figures: Iterable[Figure], opening: int) -> Iterable[Point]:
    for figure in figures:
        if figure.as_of is not None:
            hours = (figure.as_of.latest - opening) / 3600
            yield Point(hours, *_bounds(figure), is_computed=figure.basis == "computed")


def _bounds(figure: Figure) -> tuple[float | None, float | None]:
    low, high = figure.quantity.low, figure.quantity.high
    return (None if low is None else float(low)), (None if high is None else float(high))


def _series(answer: Answer, store: Store) -> Iterable[Line]:
    """How the count of each launch grew until the time compared."""
    asked, found = answer.question, answer.found
    assert isinstance(asked, OrdersCompare)
    assert isinstance(found, CompareFound)
    for launch, name in zip(asked.launches, found.names, strict=True):
        progress = ask(OrdersProgress(launch, at=found.within, metric=found.what), store)  # type: ignore[arg-type]
        assert isinstance(progress.found, ProgressFound)
        opening = progress.found.opening or 0
        figures = [f for f in progress.figures if f.name == found.what and not f.is_operand]
        kept = [f for f in figures if f.as_of and f.as_of.latest - opening <= (found.within or 0)]
        yield Line(name, tuple(sorted(_points(kept, opening), key=lambda point: point.x)))


def _levels(figures: Iterable[Figure]) -> Iterable[Line]:
    trims: dict[str, list[Point]] = {}
    for figure in figures:
        if figure.valid_from and len(figure.valid_from) >= 10:
            until = _day(figure.valid_to) if figure.valid_to and len(figure.valid_to) >= 10 else None
            trims.setdefault(figure.subject, []).append(Point(_day(figure.valid_from), *_bounds(figure), x_until=until))
    for subject, points in trims.items():
        yield Line(subject, tuple(points))


def _day(text: str) -> float:
    return datetime.fromisoformat(text[:10]).replace(tzinfo=UTC).timestamp()


def alt_text(said: Said) -> str:
    """What the chart shows, for who does not see it; at most 1,000 characters."""
    figures = "; ".join(f"{figure.value} {figure.label} {figure.detail}".strip() for figure in said.figures)
    text = f"{said.headline}. {figures}"
    return text if len(text) <= 1000 else text[:999] + "…"


@dataclass(frozen=True, slots=True)
class Drawable:
    """A chart that can be drawn, with what is said beside it."""

    chart: Chart
    said: Said
    alt: str


def drawable(answer: Answer, store: Store) -> Drawable:
    """The chart of an answer that has one, not drawn yet."""
    said = words_for().say(answer)
    return Drawable(chart_of(answer, store), said, alt_text(said))
