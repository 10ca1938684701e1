"""Models beside each other on one day, of one price type, region and currency: ``/prices compare``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Figure, Working, once
from salesbot.answers.answer import CompareResult
from salesbot.answers.notes import DifferenceUnknown, Note, NothingAlike
from salesbot.errors import NotInFacts
from salesbot.facts import LEVELS
from salesbot.query.prices.figures import ends_unknown, operands_of
from salesbot.query.prices.levels import PriceSeries, series_of
from salesbot.query.prices.model_prices import ModelPrices
from salesbot.query.prices.show import Shown, on
from salesbot.questions.question import PricesCompare
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import Quantity, Stated, any_of, difference

Kind = tuple[str, str, str]  # price type, region, currency


class Prices(Struct):
    """The prices of one model and kind on a day, series by series."""

    shown: list[Shown]

    @property
    def is_known(self) -> bool:
        """Whether any of them is known, if only from one side."""
        return any(not figure.quantity.is_unknown for one in self.shown for figure in one.figures)


class Lowest(Struct, frozen=True):
    """The lowest price of a model, and the figures that it is found among."""

    figure: Figure
    among: tuple[Figure, ...] = ()


def compare(question: PricesCompare, snapshot: Snapshot) -> Answer:
    """In each region that all models have a price in: the trims asked for, else each model's lowest price."""
    models = [ModelPrices.load(model, snapshot) for model in question.models]
    series = [_series(prices, question) for prices in models]
    day = question.on.days[1] if question.on else _last_step(series)
    by_kind = [_by_kind(of_model, prices, day) for of_model, prices in zip(series, models, strict=True)]
    common = [kind for kind in by_kind[0] if all(_has_price(kind, one) for one in by_kind)]
    names = tuple(prices.name for prices in models)
    if not common:
        has = tuple(
            (prices.name, tuple(_told(kind, prices) for kind in kinds if _has_price(kind, kinds)))
            for prices, kinds in zip(models, by_kind, strict=True)
        )
        result = CompareResult(names, None, day=question.on)
        return Answer(question, result, snapshot.version, verdict="cannot tell", missing=(NothingAlike(prices=has),))
    common = _best_of_each_region(common, models[0])
    figures: list[Figure] = []
    differences: list[Figure] = []
    among: list[Figure] = []
    for kind in common:
        lowest = [_lowest(of_model[kind], prices) for of_model, prices in zip(by_kind, models, strict=True)]
        figures += [one.figure for one in lowest]
        among += [figure for one in lowest for figure in one.among]
        differences += [_difference(lowest[0].figure, other.figure) for other in lowest[1:]]
    known = [one for one in differences if not one.quantity.is_unknown]
    missing = (DifferenceUnknown(names),) if not known else ()
    shown = [one for of_model in by_kind for kind in common for one in of_model[kind].shown]
    ids = {figure.id for figure in (*figures, *among)}
    levels = [pair for one in shown for pair in one.levels if pair[1].id in ids]
    notes = [note for one in shown for note in one.notes if _is_told(note, one, ids)]
    operands = [figure for pair in levels for figure in operands_of(pair[0])]
    operands += [figure for one in shown if not one.figures for figure in one.operands]
    told = once([*figures, *known, *(replace(figure, is_operand=True) for figure in among), *operands])
    passed = tuple({one.figure.id: one for of_series in shown for one in of_series.passed}.values())
    cited = [id for figure in (*told, *(one.figure for one in passed)) for id in figure.sources]
    return Answer(
        question,
        CompareResult(names, common[0][0], day=question.on),
        snapshot.version,
        told,
        verdict=None if known else "cannot tell",
        caveats=tuple(dict.fromkeys([*notes, *ends_unknown(levels)])),
        missing=missing,
        passed_over=passed,
        sources=tuple(snapshot.sources(cited)),
    )


def _is_told(note: Note, shown: Shown, ids: set[str]) -> bool:
    """Whether a note is of a figure that is told, or of a price that is not known."""
    return not shown.figures or getattr(note, "figure", None) in ids


def _series(prices: ModelPrices, question: PricesCompare) -> list[PriceSeries]:
    """The series of one model. Raises ``NotInFacts`` if the facts hold no price of it."""
    series = [one for one in series_of(prices.asked(question.trim, question.region), prices) if one.key.owner]
    if not any(one.is_priced for one in series):
        raise NotInFacts("no_list_price", what=prices.name)
    return series


def _last_step(series: list[list[PriceSeries]]) -> date:
    """The day of the last price known of any model."""
    return max((level.sure_day for of_model in series for one in of_model for level in one.levels), default=date.min)


def _by_kind(series: list[PriceSeries], prices: ModelPrices, day: date) -> dict[Kind, Prices]:
    """What is told of the prices of one model on a day, by kind."""
    found: dict[Kind, Prices] = {}
    for one in series:
        shown = on(one, day, prices)
        if shown.figures or shown.notes:
            kind = one.key.price_type, one.key.region, one.key.currency
            found.setdefault(kind, Prices([])).shown.append(shown)
    return found


def _has_price(kind: Kind, by_kind: dict[Kind, Prices]) -> bool:
    return kind in by_kind and by_kind[kind].is_known


def _told(kind: Kind, prices: ModelPrices) -> tuple[str, str, str]:
    return kind[0], prices.region_name(kind[1]), kind[2]


def _best_of_each_region(kinds: Sequence[Kind], prices: ModelPrices) -> list[Kind]:
    """The most binding price type of each region, the home market first."""
    best: dict[tuple[str, str], Kind] = {}
    for kind in sorted(kinds, key=lambda kind: LEVELS.index(kind[0])):
        best.setdefault(kind[1:], kind)
    return sorted(best.values(), key=lambda kind: prices.region_order(kind[1]))


def _lowest(of_kind: Prices, prices: ModelPrices) -> Lowest:
    """The lowest price of a model: one of its figures where it is surely that, else a range over those it may be."""
    ranges = [any_of(figure.quantity for figure in one.figures) for one in of_kind.shown]
    low = any_of(ranges).low
    high = min((one.high for one in ranges if one.high is not None), default=None)
    figures = [figure for one in of_kind.shown for figure in one.figures]
    for figure in figures:
        if (figure.quantity.low, figure.quantity.high) == (low, high):
            return Lowest(figure)
    first = figures[0]
    stated: Stated = "exact" if low is not None and low == high else "range"
    lowest = Figure(
        id=f"lowest-{prices.model}-{first.id}",
        name=first.name,
        subject=prices.name,
        quantity=Quantity(low, high, first.quantity.unit, stated),
        basis="computed",
        role="level",
        working=Working("lowest", tuple((figure.id, 1) for figure in figures)),
        sources=tuple(dict.fromkeys(id for figure in figures for id in figure.sources)),
        region=first.region,
        channel=first.channel,
    )
    return Lowest(lowest, tuple(figures))


def _difference(first: Figure, other: Figure) -> Figure:
    return Figure(
        id=f"difference-{first.id}-{other.id}",
        name="difference",
        subject=f"{first.subject} − {other.subject}",
        quantity=difference(first.quantity, other.quantity, first.quantity.unit),
        basis="computed",
        role="difference",
        working=Working("difference", ((first.id, 1), (other.id, -1))),
        sources=tuple(dict.fromkeys([*first.sources, *other.sources])),
        region=first.region,
    )
