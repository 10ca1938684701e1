"""What a model cost on a day, offers and subsidies apart: ``/prices show``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Figure, PassedOver, once
from salesbot.answers.answer import PricesResult
from salesbot.answers.notes import LevelUnknown, Note
from salesbot.errors import NotInFacts
from salesbot.facts import LEVELS
from salesbot.query.prices.figures import (
    ends_unknown,
    level_figure,
    level_notes,
    listed_on,
    operands_of,
    previous_differs,
    since_unknown,
    told_by,
    unknown_level,
)
from salesbot.query.prices.levels import PriceSeries, on_day, series_of
from salesbot.query.prices.model_prices import ModelPrices, PriceRow, passed_over, price_figure
from salesbot.query.prices.steps import Level
from salesbot.questions.question import PricesShow
from salesbot.storage.snapshot import Snapshot

MOST_SPANS = 5  # listed where there is no price on a day


def show(question: PricesShow, snapshot: Snapshot) -> Answer:
    """The price of each trim and region on a day, or the last known, the home market first; then offers."""
    prices = ModelPrices.load(question.model, snapshot)
    rows = prices.asked(question.trim, question.region)
    day = question.on.days[1] if question.on else None
    series = series_of(rows, prices)
    shown = Shown()
    for one in sorted(series, key=lambda one: (prices.region_order(one.key.region), LEVELS.index(one.key.price_type))):
        shown += on(one, day, prices)
    if not shown.figures and not any(isinstance(note, LevelUnknown) and note.figure for note in shown.notes):
        raise _nothing(question, prices, series)
    offers = [price_figure(row, prices.name) for row in _offers([*rows, *prices.brand_rows], day, question.region)]
    figures = [*shown.figures, *offers]
    result = PricesResult(prices.name, question.trim, _region_name(question.region, prices), question.on)
    told = once([*figures, *shown.operands])
    cited = [id for figure in (*told, *(passed.figure for passed in shown.passed)) for id in figure.sources]
    is_known = bool(shown.figures)
    return Answer(
        question,
        result,
        snapshot.version,
        told,
        verdict=None if is_known else "cannot tell",
        missing=() if is_known else tuple(dict.fromkeys(note for note in shown.notes if _is_of_unknown_level(note))),
        caveats=tuple(
            dict.fromkeys(
                note
                for note in (*shown.notes, *ends_unknown(shown.levels))
                if is_known or not _is_of_unknown_level(note)
            )
        ),
        passed_over=tuple(shown.passed),
        sources=tuple(snapshot.sources(cited)),
    )


class Shown(Struct, frozen=True):
    """The prices of some series on a day, and what must be said of them."""

    figures: tuple[Figure, ...] = ()
    levels: tuple[tuple[Level, Figure], ...] = ()
    operands: tuple[Figure, ...] = ()
    notes: tuple[Note, ...] = ()
    passed: tuple[PassedOver, ...] = ()

    def __add__(self, other: Shown) -> Shown:
        return Shown(
            (*self.figures, *other.figures),
            (*self.levels, *other.levels),
            (*self.operands, *other.operands),
            (*self.notes, *other.notes),
            (*self.passed, *other.passed),
        )


def on(series: PriceSeries, day: date | None, prices: ModelPrices) -> Shown:
    """The price of a series on a day, or the last known one."""
    passed = tuple(passed_over(_passed_until(series, day)))
    if day is None:
        level = series.levels[-1] if series.levels else None
        may: list[Level] = []
    else:
        level, may = on_day(series, day)
    if level is None and not may:
        return _undated(series, day, prices) + Shown(passed=passed)
    found = Shown(passed=passed)
    for one in [*([level] if level else []), *may]:
        found += _shown(one, series, day, prices)
    return found


def _passed_until(series: PriceSeries, day: date | None) -> list:  # type: ignore[type-arg]
    return [one for one in series.passed if day is None or one[0].first_day is None or one[0].first_day <= day]


def _shown(level: Level, series: PriceSeries, day: date | None, prices: ModelPrices) -> Shown:
    index = series.levels.index(level)
    before = series.levels[index - 1] if index else None
    figure = level_figure(level, None)
    if figure is None:
        known = next((one for one in reversed(series.levels[:index]) if _is_last_known(one, level)), None)
        last = level_figure(known) if known is not None else None
        note = unknown_level(level, last)
        if known is None or last is None:
            return _undated(series, day, prices) + Shown(notes=(note,))
        return Shown(operands=(replace(last, is_operand=True), *operands_of(known)), notes=(note,))
    notes = [
        *level_notes(level, figure, day, has_trims=prices.has_trims),
        *previous_differs(level, before, figure),
        *told_by(level, before, figure, prices.precedence(level.row.brand)),
    ]
    return Shown((figure,), ((level, figure),), tuple(operands_of(level)), tuple(notes))


def _is_last_known(earlier: Level, level: Level) -> bool:
    """Whether an earlier level is known; what stood before a price with an end is not that price itself."""
    return earlier.quantity is not None and not (level.is_returned and earlier.is_limited)


def _is_of_unknown_level(note: Note) -> bool:
    return isinstance(note, LevelUnknown)


def _undated(series: PriceSeries, day: date | None, prices: ModelPrices) -> Shown:
    """Prices without a first day hold from when they were listed."""
    found = Shown()
    for row in series.undated:
        listed = listed_on(row, prices.snapshot)
        if row.has_level and (day is None or (listed is not None and listed.days[0] <= day)):
            figure = price_figure(row)
            found += Shown((figure,), notes=(since_unknown(row, figure, prices.snapshot),))
    return found


def _offers(rows: Iterable[PriceRow], day: date | None, region: str | None) -> list[PriceRow]:
    """What is taken off a price or comes with it, and may hold on the day."""
    return [
        row
        for row in rows
        if not row.is_level and row.why_not is None and (region is None or row.region == region) and _may_hold(row, day)
    ]


def _may_hold(row: PriceRow, day: date | None) -> bool:
    if day is None:
        return row.out_day is None
    return row.first_day is not None and row.first_day <= day and (row.out_day is None or day < row.out_day)


def _region_name(region: str | None, prices: ModelPrices) -> str | None:
    return None if region is None else prices.region_name(region)


def _nothing(question: PricesShow, prices: ModelPrices, series: list[PriceSeries]) -> NotInFacts:
    what = f"{prices.name} {question.trim}" if question.trim else prices.name
    levels = [lv for one in series for lv in one.levels if lv.since is not None and lv.quantity is not None]
    if not levels:
        return NotInFacts("no_list_price", what=what)
    levels.sort(key=lambda level: level.first_day)
    spans = tuple(
        dict.fromkeys(
            (level.since.text if level.since else "", level.until.text if level.until else "") for level in levels
        )
    )
    return NotInFacts(
        "no_price_on_day", what=what, day=question.on.text if question.on else "", spans=spans[:MOST_SPANS]
    )
