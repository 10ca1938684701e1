"""Which prices a model had, from its first day to its last: ``/prices history``."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, once
from salesbot.answers.answer import HistoryResult
from salesbot.answers.notes import DayUnknown, Note
from salesbot.errors import NotInFacts
from salesbot.query.prices.figures import (
    ends_unknown,
    level_figure,
    level_notes,
    operands_of,
    previous_differs,
    since_unknown,
    told_by,
    unknown_level,
)
from salesbot.query.prices.levels import PriceSeries, joined, series_of
from salesbot.query.prices.model_prices import ModelPrices, passed_over, price_figure
from salesbot.query.prices.steps import Level
from salesbot.questions.question import PricesHistory
from salesbot.storage.snapshot import Snapshot


def history(question: PricesHistory, snapshot: Snapshot) -> Answer:
    """Each level with its first and last day, series by series, the home market first; then the offers."""
    prices = ModelPrices.load(question.model, snapshot)
    rows = prices.asked(question.trim, question.region)
    since = question.since.days[0] if question.since else date.min
    until = question.until.days[1] if question.until else date.max
    series = sorted(series_of(rows, prices), key=lambda one: prices.region_order(one.key.region))
    figures: list[Figure] = []
    notes: list[Note] = []
    for one in series:
        _add(one, since, until, prices, figures, notes)
    if not any(one.is_priced for one in series):
        raise NotInFacts("no_list_price", what=prices.name)
    offers = [row for row in rows if not row.is_level and not row.size.is_unknown and row.why_not is None]
    within = [row for row in offers if (row.first_day or date.min) <= until and (row.out_day or date.max) > since]
    figures += [price_figure(row, prices.name) for row in within]
    passed = passed_over([passed for one in series for passed in one.passed])
    cited = [id for figure in (*figures, *(one.figure for one in passed)) for id in figure.sources]
    region = None if question.region is None else prices.region_name(question.region)
    return Answer(
        question,
        HistoryResult(prices.name, question.trim, region),
        snapshot.version,
        once(figures),
        caveats=tuple(dict.fromkeys(notes)),
        passed_over=tuple(passed),
        sources=tuple(snapshot.sources(cited)),
    )


def _add(
    series: PriceSeries, since: date, until: date, prices: ModelPrices, figures: list[Figure], notes: list[Note]
) -> None:
    """The levels of a series inside the window, in order, and what must be said of them."""
    levels = joined(series.levels)
    last: Figure | None = None
    last_known: list[Figure] = []
    shown: list[tuple[Level, Figure]] = []
    for index, level in enumerate(levels):
        figure = level_figure(level)
        is_inside = level.first_day <= until and level.out_day > since
        if figure is None:
            if is_inside:
                notes.append(unknown_level(level, last))
                figures += [replace(one, is_operand=True) for one in last_known]
            continue
        if not level.is_limited:
            last, last_known = figure, [figure, *operands_of(level)]
        if not is_inside:
            continue
        figures += [figure, *operands_of(level)]
        shown.append((level, figure))
        notes += [
            note
            for note in level_notes(level, figure, level.sure_day, has_trims=prices.has_trims)
            if not isinstance(note, DayUnknown)
        ]
        notes += previous_differs(level, levels[index - 1] if index else None, figure)
        notes += told_by(level, levels[index - 1] if index else None, figure, prices.precedence(level.row.brand))
        if level.since is not None and not level.since.is_day:
            notes.append(DayUnknown(figure.id, figure.subject, level.since))
    notes += ends_unknown(shown[-1:])
    for row in series.undated if not any(level.quantity for level in levels) else ():
        if row.has_level:
            figures.append(price_figure(row))
            notes.append(since_unknown(row, figures[-1], prices.snapshot))
