"""Models beside each other on one day, of one price type, region and currency: ``/prices compare``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from salesbot.answers import Answer, Figure, Working, once
from salesbot.answers.answer import CompareResult
from salesbot.answers.notes import DifferenceUnknown, Note, NothingAlike
from salesbot.errors import NotInFacts
from salesbot.facts import LEVELS
from salesbot.query.prices.figures import ends_unknown, operands_of
from salesbot.query.prices.levels import Level, PriceSeries, series_of
from salesbot.query.prices.model_prices import ModelPrices
from salesbot.query.prices.show import Shown, on
from salesbot.questions.question import PricesCompare
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import difference

Kind = tuple[str, str, str]  # price type, region, currency


def compare(question: PricesCompare, snapshot: Snapshot) -> Answer:
    """In each region that all models have a price in: the trims asked for, else each model's lowest price."""
    models = [ModelPrices.load(model, snapshot) for model in question.models]
    series = [_series(prices, question) for prices in models]
    day = question.on.days[1] if question.on else _last_step(series)
    shown = [_on(of_model, prices, day) for of_model, prices in zip(series, models, strict=True)]
    by_kind = [_by_kind(one, prices) for one, prices in zip(shown, models, strict=True)]
    common = [kind for kind in by_kind[0] if all(kind in other for other in by_kind[1:])]
    names = tuple(prices.name for prices in models)
    if not common:
        has = tuple(
            (prices.name, tuple(_told(kind, prices) for kind in kinds))
            for prices, kinds in zip(models, by_kind, strict=True)
        )
        result = CompareResult(names, None, day=question.on)
        return Answer(question, result, snapshot.version, verdict="cannot tell", missing=(NothingAlike(prices=has),))
    common = _best_of_each_region(common, models[0])
    figures: list[Figure] = []
    differences: list[Figure] = []
    for kind in common:
        lowest = [_lowest(of_model[kind]) for of_model in by_kind]
        figures += lowest
        differences += [_difference(lowest[0], other) for other in lowest[1:]]
    known = [one for one in differences if not one.quantity.is_unknown]
    missing = (DifferenceUnknown(names),) if not known else ()
    ids = {figure.id for figure in figures}
    levels: list[tuple[Level, Figure]] = [pair for one in shown for pair in one.levels if pair[1].id in ids]
    notes: list[Note] = [note for one in shown for note in one.notes if getattr(note, "figure", None) in ids]
    operands = [figure for pair in levels for figure in operands_of(pair[0])]
    told = once([*figures, *known, *operands])
    cited = [id for figure in told for id in figure.sources]
    return Answer(
        question,
        CompareResult(names, common[0][0], day=question.on),
        snapshot.version,
        told,
        verdict=None if known else "cannot tell",
        caveats=tuple(dict.fromkeys([*notes, *ends_unknown(levels)])),
        missing=missing,
        sources=tuple(snapshot.sources(cited)),
    )


def _series(prices: ModelPrices, question: PricesCompare) -> list[PriceSeries]:
    """The series of one model. Raises ``NotInFacts`` if the facts hold no price of it."""
    series = series_of(prices.asked(question.trim, question.region), prices)
    if not any(one.is_priced for one in series):
        raise NotInFacts("no_list_price", what=prices.name)
    return series


def _last_step(series: list[list[PriceSeries]]) -> date:
    """The day of the last price known of any model."""
    return max((level.sure_day for of_model in series for one in of_model for level in one.levels), default=date.min)


def _on(series: list[PriceSeries], prices: ModelPrices, day: date) -> Shown:
    """The prices of one model on a day."""
    shown = Shown()
    for one in series:
        shown += on(one, day, prices)
    return shown


def _by_kind(shown: Shown, prices: ModelPrices) -> dict[Kind, list[Figure]]:
    found: dict[Kind, list[Figure]] = {}
    regions = {row.fact.region: row.region for row in prices.rows}
    for figure in shown.figures:
        if not figure.quantity.is_unknown:
            kind = (figure.name, regions[figure.region or ""], figure.quantity.unit)
            found.setdefault(kind, []).append(figure)
    return found


def _told(kind: Kind, prices: ModelPrices) -> tuple[str, str, str]:
    return kind[0], prices.region_name(kind[1]), kind[2]


def _best_of_each_region(kinds: Sequence[Kind], prices: ModelPrices) -> list[Kind]:
    """The most binding price type of each region, the home market first."""
    best: dict[tuple[str, str], Kind] = {}
    for kind in sorted(kinds, key=lambda kind: LEVELS.index(kind[0])):
        best.setdefault(kind[1:], kind)
    return sorted(best.values(), key=lambda kind: prices.region_order(kind[1]))


def _lowest(figures: Sequence[Figure]) -> Figure:
    return min(figures, key=lambda figure: figure.quantity.low or figure.quantity.high or Fraction(0))


def _difference(first: Figure, other: Figure) -> Figure:
    return Figure(
        id=f"difference-{first.id}-{other.id}"[:120],
        name="difference",
        subject=f"{first.subject} − {other.subject}",
        quantity=difference(first.quantity, other.quantity, first.quantity.unit),
        basis="computed",
        role="difference",
        working=Working("difference", ((first.id, 1), (other.id, -1))),
        sources=tuple(dict.fromkeys([*first.sources, *other.sources])),
        region=first.region,
    )
