"""Which figures of an answer its chart shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from bot.charts.picture.chart import Chart, ChartTexts, Line, Point
from salesbot.answers import Answer, Figure, course
from salesbot.answers.answer import CompareResult, HistoryResult, ProgressResult
from salesbot.errors import NotInFacts
from salesbot.query import ask
from salesbot.questions.question import OrdersCompare, OrdersProgress
from salesbot.storage.snapshot import Snapshot
from salesbot.words import Words
from salesbot.words.numbers import in_signs

MOST_SOURCES = 6


def chart_of(answer: Answer, snapshot: Snapshot, words: Words) -> Chart:
    """The chart of an answer that has one."""
    title = chart_title(answer)
    publishers = ", ".join(dict.fromkeys(source.publisher for source in answer.sources[:MOST_SOURCES]))
    source = words.text("chart_sources", sources=publishers)
    texts = ChartTexts(**words.chart_texts())  # type: ignore[arg-type]
    hours = words.text("hours_since_opening")
    match answer.result:
        case ProgressResult() as result:
            points = course(answer.figures, result.metric)
            lines: tuple[Line, ...] = (Line(result.name, tuple(_points(points, result.opening or 0))),)
            return Chart(title, hours, words.metric(result.metric), "hours", "points", lines, source, texts)
        case CompareResult() as result:
            lines = tuple(_courses(answer, snapshot))
            return Chart(title, hours, words.metric(result.what or ""), "hours", "points", lines, source, texts)
    levels = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    units = Counter(figure.quantity.unit for figure in levels)
    unit = units.most_common(1)[0][0]  # one axis, one currency
    left_out = [other for other in units if other != unit]
    label = words.text("price_in", unit=unit)
    if left_out:
        label += f" ({words.text('not_drawn', units=', '.join(left_out))})"
    lines = tuple(_levels(figure for figure in levels if figure.quantity.unit == unit))
    return Chart(title, "", label, "time", "steps", lines, source, texts)


def chart_title(answer: Answer) -> str:
    """What a chart is of; what it shows is said beside it."""
    match answer.result:
        case CompareResult() as result:
            return ", ".join(result.names)
        case ProgressResult() as result:
            return result.name
        case HistoryResult() as result:
            return " ".join(filter(None, (result.model, result.trim)))
    return ""


def _points(figures: Iterable[Figure], opening: int) -> Iterable[Point]:
    for figure in figures:
        if figure.as_of is not None:
            hours = (figure.as_of.latest - opening) / 3600
            is_computed = figure.basis == "computed"
            yield Point(hours, *_bounds(figure), is_computed=is_computed, label=in_signs(figure.quantity))


def _bounds(figure: Figure) -> tuple[float | None, float | None]:
    low, high = figure.quantity.low, figure.quantity.high
    return (None if low is None else float(low)), (None if high is None else float(high))


def _courses(answer: Answer, snapshot: Snapshot) -> Iterable[Line]:
    """How the count of each launch grew until the time compared."""
    asked, result = answer.question, answer.result
    assert isinstance(asked, OrdersCompare)
    assert isinstance(result, CompareResult)
    figure_of = {figure.subject: figure for figure in reversed(answer.figures) if figure.role != "difference"}
    for launch, name in zip(asked.launches, result.names, strict=True):
        compared = figure_of[name]
        try:
            progress = ask(OrdersProgress(launch, at=result.within, metric=result.what), snapshot)
        except NotInFacts:  # nothing was reported of it: what was compared follows from other figures
            point = Point((result.within or 0) / 3600, *_bounds(compared), is_computed=True)
            yield Line(name, (point._replace(label=in_signs(compared.quantity)),))
            continue
        assert isinstance(progress.result, ProgressResult)
        opening = progress.result.opening or 0
        figures = course(progress.figures, result.what or "")
        kept = [f for f in figures if f.as_of and f.as_of.latest - opening <= (result.within or 0)]
        yield Line(name, tuple(sorted(_points(kept, opening), key=lambda point: point.x)))


def _levels(figures: Iterable[Figure]) -> Iterable[Line]:
    """A line for each trim and region."""
    listed = [figure for figure in figures if figure.valid_from is not None]
    regions = {figure.region for figure in listed}
    series: dict[str, list[Point]] = {}
    for figure in listed:
        assert figure.valid_from is not None
        label = figure.subject if len(regions) < 2 else f"{figure.subject}, {figure.region}"
        until = _seconds(figure.valid_to.days[0]) if figure.valid_to else None
        begins, value = _seconds(figure.valid_from.days[0]), in_signs(figure.quantity)
        point = Point(begins, *_bounds(figure), x_until=until, label=value)
        series.setdefault(label, []).append(point)
    for label, points in series.items():
        yield Line(label, tuple(points))


def _seconds(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()
