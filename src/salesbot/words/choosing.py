"""Which figures an answer leads with, and what tells them apart, in any language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from salesbot.answers import Answer, Figure
from salesbot.answers.answer import TotalResult
from salesbot.answers.notes import OtherSeries, StoresOutsideSpan
from salesbot.questions.question import OrdersStores

Leading = list[list[Figure]]


def told_in_headline(result: TotalResult, answer: Answer) -> tuple[Leading, set[int], bool]:
    """The leading figures of each metric; behind which of them a date is told; and whether starts are.

    Where all are of one date, it is told behind the last.
    """
    by_metric: dict[tuple[str, bool], list[Figure]] = {}
    for figure in answer.figures:
        is_of_whole = not (figure.is_operand or figure.reading_of or figure.place or figure.variant)
        if is_of_whole and figure.name != "unstated" and not figure.quantity.is_unknown:
            by_metric.setdefault((figure.name, figure.is_net), []).append(figure)
    started = {key: figures for key, figures in by_metric.items() if figures[0].role != "not started"}
    leading = [_leading(name, figures, result) for (name, _), figures in (started or by_metric).items()]
    dates = {figures[0].as_of.text for figures in leading if figures[0].as_of is not None}
    starts = {figure.series_from for figures in by_metric.values() for figure in figures if figure.name == "deliveries"}
    later = {note.figure for note in answer.caveats if isinstance(note, OtherSeries)}
    starts_late = any(figure.id in later for figures in leading for figure in figures)
    places = range(0 if is_of_one_time(answer) else len(leading))
    return leading, set(places if len(dates) > 1 else places[-1:]), len(starts) > 1 or starts_late


def of_one_price(levels: Iterable[Figure]) -> list[list[Figure]]:
    """The levels of each price: several where it is not known which of them holds."""
    alike: dict[tuple[object, ...], list[Figure]] = {}
    for one in levels:
        alike.setdefault((one.subject, one.region, one.name, one.channel, one.quantity.unit), []).append(one)
    return list(alike.values())


def is_of_one_time(answer: Answer) -> bool:
    """Whether the headline of totals says the time that its figures are of."""
    return isinstance(answer.result, TotalResult) and bool(answer.result.at or answer.result.during)


def is_of_one_day(figure: Figure) -> bool:
    """Whether a count starts and ends on one day."""
    start, end = figure.series_from, figure.as_of
    if start is None or end is None or start.is_clock or end.stated.is_clock:
        return False
    return start.is_day and end.stated.is_day and end.stated.days[0] - timedelta(days=1) == start.days[0]


def differ_in_time(one: Figure, other: Figure) -> bool:
    """Whether two counts are of different moments."""
    return one.as_of is not None and other.as_of is not None and one.as_of.span != other.as_of.span


def of_part(figure: Figure) -> str:
    """The place, variant and channel that a figure is of."""
    return " ".join(filter(None, (figure.place, figure.variant, figure.channel)))


def is_outside_span(figure: Figure, answer: Answer) -> bool:
    """Whether a store count does not cover the moment asked about, if one is."""
    question = answer.question
    if isinstance(question, OrdersStores) and question.within is None and question.at is None:
        return False
    return any(isinstance(note, StoresOutsideSpan) and note.figure == figure.id for note in answer.caveats)


def _leading(name: str, figures: list[Figure], result: TotalResult) -> list[Figure]:
    """The figures of a metric that lead, ties together: those that count most, of the latest moment."""
    own = [figure for figure in figures if figure.series_from is None or name == "deliveries"] or figures
    latest = [figure for figure in own if _is_as_of(figure, own[0])] if result.at is None else own
    least = min(map(weight, latest))
    leading = [figure for figure in latest if weight(figure) == least]
    return [figure for figure in leading if _is_as_of(figure, leading[0])]


def _is_as_of(figure: Figure, other: Figure) -> bool:
    """Whether two figures are of one moment."""
    if figure.as_of is None or other.as_of is None:
        return figure.as_of is other.as_of
    return figure.as_of.span == other.as_of.span


def weight(figure: Figure) -> int:
    """A key that sorts the figure that counts first: a closed report, a derivation, an open report, a bound."""
    if figure.role in ("report", "sum"):
        return 2 if figure.quantity.is_open else 0
    return 1 if figure.role == "derived" else 3
