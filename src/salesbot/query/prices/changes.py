"""Which prices moved between two days, each move once: ``/prices changes``.

Cuts, rises, offers, subsidies and new variants are told apart, and what one source calls a cut and another a subsidy is
disputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Change, Figure, Reason
from salesbot.answers.answer import ChangesResult
from salesbot.answers.figures import ChangeKind
from salesbot.answers.notes import (
    AnnouncedBefore,
    ChangeOfSome,
    DayUnknown,
    Disputed,
    ForEvery,
    MoveOrderUnknown,
    Note,
    SameDay,
)
from salesbot.deadline import check_deadline
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import PriceFact, PriceType
from salesbot.facts.vocabulary import EVERY
from salesbot.query.prices.figures import differing
from salesbot.query.prices.levels import PriceSeries, series_of, series_of_brand
from salesbot.query.prices.merging import merged, of_one_trim, spread_once
from salesbot.query.prices.model_prices import (
    FAR,
    ModelPrices,
    PriceRow,
    brand_rows,
    passed_over,
    precedence_of,
    price_figure,
    series_key,
    subject_of,
)
from salesbot.query.prices.moves import Move, direction, end_of_offer, move_id, move_of, offer_move
from salesbot.query.prices.nets import gap_notes, nets_of, percent_of, stretches_of, tallies
from salesbot.query.timeline import event_named
from salesbot.questions.names import Names
from salesbot.questions.question import PricesChanges
from salesbot.storage.snapshot import MOST_ROWS, Snapshot, earlier, sql
from salesbot.values.moment import StatedTime

MODELS_IN_WINDOW = sql("""
    select distinct model_id from prices where first_day between :first and :until and last_day >= :since
    union select distinct model_id from prices where out_day between :out and :until
""")
BRAND_MODELS_IN_WINDOW = sql("""
    select distinct model_id from prices
    where brand_id = :brand and first_day between :first and :until and last_day >= :since
    union select distinct model_id from prices where brand_id = :brand and out_day between :out and :until
""")
MODELLESS = sql("""
    select id, region_id, brand_id from prices
    where model_id is null and first_day between :first and :until and last_day >= :since
""")
PRICE_ROW = sql("select * from prices where id = :id")
BRANDS_OF_ALL = sql(
    "select distinct brand_id from prices where model_id = 'all' and first_day between :first and :until"
)
HAS_MODEL = sql("select 1 from prices where model_id = :key limit 1")
HAS_BRAND = sql("select 1 from prices where brand_id = :key limit 1")
KIND_ORDER: tuple[ChangeKind, ...] = (
    "cut",
    "disputed",
    "rise",
    "offer ended",
    "unchanged",
    "subsidy",
    "offer",
    "new variant",
    "first price",
    "unknown",
)
MOST_KEPT = 20  # models whose prices are kept for the next question
MONTH = timedelta(days=31)


class Window(Struct, frozen=True):
    """The days asked about, both included, and the day of the event after which moves count."""

    since: date
    until: date
    after: date | None = None

    def touches(self, at: StatedTime) -> bool:
        """Whether a move may lie in it."""
        first, last = at.days
        return first <= self.until and last >= self.since and (self.after is None or last >= self.after)


def changes(question: PricesChanges, snapshot: Snapshot) -> Answer:
    """Every move in the window, each once; then the net of each series and the number of cuts and rises."""
    if question.trim and not question.model:
        raise QuestionError("trim_needs_model")
    window = _window(question, snapshot)
    found = _moves(question, window, snapshot)
    moves = merged(spread_once(found.moves))
    if question.trim:
        moves = [of_one_trim(move) for move in moves]
    shown = moves if question.model else sorted(moves, key=lambda move: KIND_ORDER.index(move.kind))
    figures = [_figure(move) for move in shown]
    if not figures:
        _check_known(question, snapshot)
    stretches = stretches_of(moves)
    figures += nets_of(stretches, has_model=question.model is not None)
    figures += tallies(moves)
    passed = passed_over(found.passed)
    cited = [id for figure in figures for id in figure.sources]
    return Answer(
        question,
        _result(question, snapshot, covers=found.covers),
        snapshot.version,
        tuple(figures),
        caveats=(*_notes(moves, window, question, snapshot), *gap_notes(stretches)),
        passed_over=tuple(passed),
        sources=tuple(snapshot.sources([*cited, *(id for one in passed for id in one.figure.sources)])),
    )


def _result(question: PricesChanges, snapshot: Snapshot, *, covers: bool) -> ChangesResult:
    names = Names(snapshot)
    about = names.shown("model", question.model) if question.model else None
    about = about or (names.shown("brand", question.brand) if question.brand else None)
    region = names.shown("place", question.region) if question.region else None
    after = event_named(question.after, snapshot).name if question.after else None
    return ChangesResult(about, question.trim, region, question.since, question.until, after, covers)


def _window(question: PricesChanges, snapshot: Snapshot) -> Window:
    after = event_named(question.after, snapshot).at.days[0] if question.after else None
    since = question.since.days[0] if question.since else after or date.min
    until = question.until.days[1] if question.until else FAR
    if since > until:
        raise QuestionError("since_after_until")
    return Window(since, until, after)


def _check_known(question: PricesChanges, snapshot: Snapshot) -> None:
    """No move in the window is an answer; a model or brand without any price is not in the facts."""
    kind, query = ("model", HAS_MODEL) if question.model else ("brand", HAS_BRAND)
    key = question.model or question.brand
    if key and not snapshot.values(query, key=key):
        raise NotInFacts("no_price", what=Names(snapshot).shown(kind, key))


class Found(Struct, frozen=True):
    """The moves in a window, the rows passed over, and whether the facts cover the whole window."""

    moves: list[Move]
    passed: list[tuple[PriceRow, Reason]]
    covers: bool = False


def _moves(question: PricesChanges, window: Window, snapshot: Snapshot) -> Found:
    moves: list[Move] = []
    passed: list[tuple[PriceRow, Reason]] = []
    covers = False
    rows = 0
    models = _models(question, window, snapshot)
    is_kept = len(models) <= MOST_KEPT
    for model in models:
        check_deadline()
        prices = ModelPrices.load(model, snapshot) if is_kept else ModelPrices(model, snapshot)
        rows += len(prices.rows)
        if rows > 5 * MOST_ROWS:
            raise QuestionError("too_many_facts")
        if not question.model and question.region and not prices.has_region(question.region):
            continue
        asked = prices.asked(question.trim, question.region)
        if question.brand is not None and len(prices.brands) > 1:
            asked = [row for row in asked if row.brand == question.brand]
        every = _every_series(prices, is_kept=is_kept)
        series = every if asked is prices.rows else series_of(asked, prices)
        moves += _moves_of_series(series, every, window)
        moves += _offer_moves(asked, window)
        passed += [one for each in series for one in each.passed if _is_inside(one[0], window)]
        passed += [(row, row.why_not) for row in asked if not row.is_level and row.why_not and _is_inside(row, window)]
        covers = covers or _covers(series, window)
        if question.model:
            moves += _offer_moves(prices.brand_rows, window, region=question.region)
    if not question.model:
        moves += _modelless(question, window, snapshot)
    order = {id: number for number, id in enumerate(_in_file_order(moves))}
    moves.sort(key=lambda move: (move.at.days[1], -move.at.days[0].toordinal(), order[move.row.id]))
    return Found(moves, passed, covers)


def _in_file_order(moves: Iterable[Move]) -> list[str]:
    return list(dict.fromkeys(move.row.id for move in moves))


def _models(question: PricesChanges, window: Window, snapshot: Snapshot) -> list[str]:
    """The models with a row in the window."""
    if question.model:
        return [question.model]
    first = earlier(window.since, snapshot.longest["prices"])
    bounds: dict[str, Any] = {
        "first": first.isoformat(),
        "since": window.since.isoformat(),
        "out": min(first, earlier(window.since, MONTH)).isoformat(),  # an end may be known only to its month
        "until": window.until.isoformat(),
    }
    if question.brand:
        rows = snapshot.values(BRAND_MODELS_IN_WINDOW, brand=question.brand, **bounds)
    else:
        rows = snapshot.values(MODELS_IN_WINDOW, **bounds)
    return [model for (model,) in rows if model not in (None, EVERY)]


def _is_inside(row: PriceRow, window: Window) -> bool:
    return row.fact.valid_from is not None and window.touches(row.fact.valid_from)


def _covers(series: Sequence[PriceSeries], window: Window) -> bool:
    """Whether a series of prices is known from before the window to its end, so that a move in it would be known."""
    for one in series:
        levels = [level for level in one.levels if level.quantity is not None]
        if levels and levels[0].sure_day <= window.since and window.until != FAR and levels[-1].sure_day > window.until:
            return True
    return False


def _every_series(prices: ModelPrices, *, is_kept: bool) -> list[PriceSeries]:
    """The series of all rows of a model; those of few models are kept, as the prices themselves are."""

    def make() -> list[PriceSeries]:
        return series_of(prices.rows, prices)

    return prices.snapshot.cached(("price series", prices.model), make) if is_kept else make()


def _moves_of_series(series: Sequence[PriceSeries], every: Sequence[PriceSeries], window: Window) -> list[Move]:
    first_in_region: dict[object, date] = {}
    first_of_trim: dict[object, date] = {}
    for one in every:
        for level in (level for level in one.levels if level.since is not None):
            _note_first(first_in_region, (one.key.brand, one.key.region), level.first_day)
            _note_first(first_of_trim, (one.key.brand, one.key.trim, one.key.region), level.first_day)
    found: list[Move] = []
    for one in series:
        key = one.key
        in_region = first_in_region.get((key.brand, key.region), date.max)
        of_trim = first_of_trim.get((key.brand, key.trim, key.region), date.max)
        found += [
            move_of(step, number, key, in_region, of_trim)
            for number, step in enumerate(one.steps)
            if window.touches(step.at)
        ]
    return found


def _note_first(firsts: dict[object, date], key: object, day: date) -> None:
    firsts[key] = min(firsts.get(key, day), day)


def _offer_moves(rows: Iterable[PriceRow], window: Window, *, region: str | None = None) -> list[Move]:
    """Offers, subsidies, trade-ins and benefits in the window, and the ends of those that say their price.

    A deposit is no change.
    """
    found: list[Move] = []
    for row in rows:
        is_offer = not row.is_level and row.fact.price_type != "deposit" and row.why_not is None
        if not is_offer or region not in (None, row.region):
            continue
        if _is_inside(row, window):
            found.append(offer_move(row))
        if (
            row.fact.valid_to is not None
            and window.touches(row.fact.valid_to)
            and (ended := end_of_offer(row)) is not None
        ):
            found.append(ended)
    return found


def _level_moves(brand: str, window: Window, snapshot: Snapshot, *, region: str | None) -> list[Move]:
    """The changes of the price of every model in the window, also of models of which nothing else is told in it."""
    rows = [row for row in brand_rows(brand, snapshot) if region in (None, row.region)]
    found = [
        Move((row,), direction(row.stated_change), row.stated_change, row.fact.valid_from)
        for row in rows
        if row.is_bare_change
        and row.stated_change is not None
        and row.fact.valid_from is not None
        and row.why_not is None
        and _is_inside(row, window)
    ]
    return found + _moves_of_series(every := series_of_brand(rows, precedence_of(brand, snapshot)), every, window)


def _modelless(question: PricesChanges, window: Window, snapshot: Snapshot) -> list[Move]:
    """Offers of whole brands in the window, and rows that name no model."""
    first = earlier(window.since, snapshot.longest["prices"]).isoformat()
    bounds: dict[str, Any] = {"first": first, "until": window.until.isoformat()}
    brands = [brand for (brand,) in snapshot.values(BRANDS_OF_ALL, **bounds)]
    found: list[Move] = []
    for brand in brands:
        if question.brand in (None, brand):
            rows = brand_rows(brand, snapshot)
            found += _offer_moves(rows, window, region=question.region)
            found += _level_moves(brand, window, snapshot, region=question.region)
    for id, region, brand in snapshot.values(MODELLESS, since=window.since.isoformat(), **bounds):
        if question.brand in (None, brand) and question.region in (None, region):
            [fact] = snapshot.select(PriceFact, PRICE_ROW, id=id)
            row = PriceRow(fact, series_key(fact, "", brand, region), precedence_of(brand, snapshot).why_not(fact))
            if row.why_not is None and fact.price_type != "deposit" and _is_inside(row, window):
                found.append(offer_move(row))
    return found


def _figure(move: Move) -> Figure:
    row = move.row
    ends = [told.fact.valid_to for told in move.rows if told.fact.valid_to]
    announced = [told.fact.announced for told in move.rows if told.fact.announced]
    is_ended = move.kind == "offer ended"
    types: tuple[PriceType, ...] = tuple(dict.fromkeys(told.fact.price_type for told in move.rows))
    change = Change(
        kind=move.kind,
        previous=move.previous,
        current=move.current,
        percent=percent_of(move.change, move.previous),
        announced=None if is_ended else min(announced, key=lambda time: time.days, default=None),
        rows=tuple(told.id for told in move.rows),
        price_types=types,
    )
    figure = price_figure(row)
    return replace(
        figure,
        id=move_id(move),
        subject=move.spans[0].subject if move.spans and row.has_level else subject_of(row),
        quantity=replace(move.change, stated="exact" if move.change.is_point else "range"),
        role="change",
        basis="computed" if is_ended else "reported",
        sources=tuple(dict.fromkeys(id for told in move.rows for id in told.sources)),
        change=change,
        valid_from=move.at,
        valid_to=None if is_ended else ends[0] if ends else None,
    )


def _notes(moves: Sequence[Move], window: Window, question: PricesChanges, snapshot: Snapshot) -> list[Note]:
    notes: list[Note] = []
    for move in moves:
        if not move.at.is_day:
            notes.append(DayUnknown(move_id(move), subject_of(move.row), move.at))
        elif window.after == move.at.days[0]:
            notes.append(SameDay(move_id(move), subject_of(move.row)))
        notes += _unsure_notes(move)
        notes += differing(_of_its_series(move), move_id(move), subject_of(move.row))
        if move.kind == "disputed":
            told = tuple(
                (row.fact.price_type, row.sources, row.stated_change or (move.change if row.has_level else None))
                for row in move.rows
            )
            notes.append(Disputed(move_id(move), subject_of(move.row), told))
    before = window.after or (window.since if question.since else None)
    return notes + _announced_notes(moves, before, question, snapshot) if before else notes


def _of_its_series(move: Move) -> list[PriceRow]:
    return [row for row in move.rows if row.key == move.row.key]


def _unsure_notes(move: Move) -> list[Note]:
    """That a move may be of another trim or price, or have come before or after another of its month."""
    row, id, subject = move.row, move_id(move), subject_of(move.row)
    notes: list[Note] = []
    if row.is_bare_change and not row.key.trim and not row.is_for_all:
        notes.append(ForEvery(id, subject, is_stated=False))
    if any(span.change is not None and span.id == row.id for span in move.spans):
        notes.append(ChangeOfSome(id, subject))
    if any(span.or_current for span in move.spans):
        notes.append(MoveOrderUnknown(id, subject, move.at))
    return notes


def _announced_notes(moves: Sequence[Move], before: date, question: PricesChanges, snapshot: Snapshot) -> list[Note]:
    """The moves that were told before the days asked about, by the day they were told."""
    told: dict[StatedTime, list[Move]] = {}
    for move in moves:
        times = [row.fact.announced for row in move.rows if row.fact.announced]
        first = min(times, key=lambda time: time.days[1], default=None)
        if first is not None and first.days[1] < before and move.kind != "offer ended":
            told.setdefault(first, []).append(move)
    event = event_named(question.after, snapshot).name if question.after else before.isoformat()
    return [
        AnnouncedBefore(tuple(map(move_id, of_day)), tuple(subject_of(move.row) for move in of_day), day, event)
        for day, of_day in told.items()
    ]
