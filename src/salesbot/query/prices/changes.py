"""Which prices moved between two days, each move once: ``/prices changes``.

Cuts, rises, offers, subsidies and new variants are told apart, and what one source calls a cut and another a subsidy is
disputed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Change, Figure, Reason, Working
from salesbot.answers.answer import ChangesResult
from salesbot.answers.figures import ChangeKind
from salesbot.answers.notes import AnnouncedBefore, DayUnknown, Disputed, Note, SameDay
from salesbot.deadline import check_deadline
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import PriceFact, PriceType
from salesbot.facts.vocabulary import EVERY
from salesbot.query.prices.levels import PriceSeries, Step, series_of
from salesbot.query.prices.model_prices import (
    FAR,
    ModelPrices,
    PriceRow,
    SeriesKey,
    brand_rows,
    passed_over,
    precedence_of,
    price_figure,
    subject_of,
    trim_key,
)
from salesbot.query.timeline import event_named
from salesbot.questions.names import Names
from salesbot.questions.question import PricesChanges
from salesbot.storage.snapshot import MOST_ROWS, Snapshot, earlier, sql
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, difference, total

MODELS_IN_WINDOW = sql("""
    select distinct model_id from prices where first_day between :first and :until and last_day >= :since
    union select distinct model_id from prices where out_day between :since and :until
""")
BRAND_MODELS_IN_WINDOW = sql("""
    select distinct model_id from prices
    where brand_id = :brand and first_day between :first and :until and last_day >= :since
    union select distinct model_id from prices where brand_id = :brand and out_day between :since and :until
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
LEVEL_KINDS = ("cut", "rise", "unchanged", "new variant", "first price", "unknown", "disputed", "offer ended")
WIDE_TYPES = ("limited_time_offer", "subsidy", "discount")
MOST_KEPT = 20  # models whose prices are kept for the next question
MOST_WIDE_OFFERS = 50  # of one model and day that are compared with its cuts


class Move(Struct, frozen=True):
    """One price move, told by one row or more; it is named after the first row."""

    rows: tuple[PriceRow, ...]
    kind: ChangeKind
    change: Quantity
    at: StatedTime
    previous: Quantity | None = None
    current: Quantity | None = None
    name: str | None = None

    @property
    def row(self) -> PriceRow:
        return self.rows[0]


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
    moves = _merged(found.moves)
    shown = moves if question.model else sorted(moves, key=lambda move: KIND_ORDER.index(move.kind))
    figures = [_figure(move) for move in shown]
    if not figures:
        _check_known(question, snapshot)
    figures += _nets(moves, has_model=question.model is not None)
    figures += _tallies(moves)
    passed = passed_over(found.passed)
    cited = [id for figure in figures for id in figure.sources]
    return Answer(
        question,
        _result(question, snapshot, covers=found.covers),
        snapshot.version,
        tuple(figures),
        caveats=tuple(_notes(moves, window, question, snapshot)),
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


# the moves of each model


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
        every = _every_series(prices, is_kept=is_kept)
        series = every if asked is prices.rows else series_of(asked, prices.precedence)
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
    moves.sort(key=lambda move: (move.at.days, order[move.row.id]))
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
        return series_of(prices.rows, prices.precedence)

    return prices.snapshot.cached(("price series", prices.model), make) if is_kept else make()


def _moves_of_series(series: Sequence[PriceSeries], every: Sequence[PriceSeries], window: Window) -> list[Move]:
    first_in_region: dict[str, date] = {}
    first_of_trim: dict[tuple[str, str], date] = {}
    for one in every:
        for level in (level for level in one.levels if level.since is not None):
            _note_first(first_in_region, one.key.region, level.first_day)
            _note_first(first_of_trim, (one.key.trim, one.key.region), level.first_day)
    found: list[Move] = []
    for one in series:
        for step in one.steps:
            if window.touches(step.at):
                found.append(_move(step, one.key, first_in_region, first_of_trim))
    return found


def _note_first(firsts: dict[str, date] | dict[tuple[str, str], date], key: object, day: date) -> None:
    known = firsts.get(key)  # type: ignore[call-overload]
    if known is None or day < known:
        firsts[key] = day  # type: ignore[index]


def _move(step: Step, key: SeriesKey, in_region: dict[str, date], of_trim: dict[tuple[str, str], date]) -> Move:
    row, nothing = step.row, Quantity(None, None, key.currency)
    current = step.after.quantity
    if step.kind == "returned":
        before = step.before.quantity if step.before else None
        change = difference(current, before, key.currency) if current is not None and before is not None else nothing
        return Move((row,), "offer ended", change, step.at, before, current)
    if step.kind == "stated":
        return _stated_move(step, key)
    before = step.before.quantity if step.before else None
    if step.kind == "against level" and before is not None and current is not None:
        change = difference(current, before, key.currency)
        return Move((row,), _direction(change), change, step.at, before, current)
    if not row.has_level:
        return Move((row,), "unknown", nothing, step.at)
    day = step.after.first_day
    is_new = in_region[key.region] < day and of_trim[key.trim, key.region] >= day
    return Move((row,), "new variant" if is_new else "first price", nothing, step.at, None, current)


def _stated_move(step: Step, key: SeriesKey) -> Move:
    row = step.row
    change = row.stated_change
    assert change is not None
    fact = row.fact
    previous: Quantity | None = None
    if fact.previous is not None:
        previous = Quantity.exactly(fact.previous, key.currency)
    elif (
        row.has_level and change.is_point and fact.low is not None and fact.low == fact.high and change.low is not None
    ):
        previous = Quantity.exactly(fact.low - change.low, key.currency)
    elif not row.has_level and step.after.changed_from is not None:
        previous = step.after.changed_from.quantity
    kind: ChangeKind = "disputed" if row.contradicts_itself else _direction(change)
    return Move((row,), kind, change, step.at, previous, step.after.quantity)


def _direction(change: Quantity) -> ChangeKind:
    low, high = change.low, change.high
    if low is not None and low == high == 0:
        return "unchanged"
    if high is not None and high <= 0:
        return "cut"
    if low is not None and low >= 0:
        return "rise"
    return "unknown"


def _offer_moves(rows: Iterable[PriceRow], window: Window, *, region: str | None = None) -> list[Move]:
    """Offers, subsidies, trade-ins and benefits in the window; a deposit is no change."""
    return [
        _offer_move(row)
        for row in rows
        if not row.is_level
        and row.fact.price_type != "deposit"
        and row.why_not is None
        and (region is None or row.region == region)
        and _is_inside(row, window)
    ]


def _offer_move(row: PriceRow) -> Move:
    change = row.stated_change or Quantity(None, None, row.fact.unit)
    assert row.fact.valid_from is not None
    if row.fact.price_type == "limited_time_offer" and row.fact.previous is not None:  # an offer that says its price
        previous = Quantity.exactly(row.fact.previous, row.fact.currency)
        return Move((row,), _direction(change), change, row.fact.valid_from, previous, row.fact.quantity)
    return Move((row,), "subsidy" if row.fact.price_type == "subsidy" else "offer", change, row.fact.valid_from)


def _modelless(question: PricesChanges, window: Window, snapshot: Snapshot) -> list[Move]:
    """Offers of whole brands in the window, and rows that name no model."""
    first = earlier(window.since, snapshot.longest["prices"]).isoformat()
    bounds: dict[str, Any] = {"first": first, "until": window.until.isoformat()}
    brands = [brand for (brand,) in snapshot.values(BRANDS_OF_ALL, **bounds)]
    found: list[Move] = []
    for brand in brands:
        if question.brand in (None, brand):
            found += _offer_moves(brand_rows(brand, snapshot), window, region=question.region)
    for id, region, brand in snapshot.values(MODELLESS, since=window.since.isoformat(), **bounds):
        if question.brand in (None, brand) and question.region in (None, region):
            [fact] = snapshot.select(PriceFact, PRICE_ROW, id=id)
            row = PriceRow(fact, brand, region, precedence_of(brand, snapshot).why_not(fact))
            if row.why_not is None and fact.price_type != "deposit" and _is_inside(row, window):
                found.append(_offer_move(row))
    return found


# one move told by several rows


def _merged(moves: list[Move]) -> list[Move]:
    """Rows that tell one move become one move with all their sources.

    The same amount for a trim on one day is one move; so is an "up to" for every trim over it.
    """
    exact: dict[tuple[object, ...], int] = {}
    by_day: dict[tuple[object, ...], list[int]] = {}
    found: list[Move] = []
    wide: list[Move] = []
    for move in moves:
        is_level = move.kind in LEVEL_KINDS
        if not is_level and move.row.fact.price_type in WIDE_TYPES:
            wide.append(move)
            continue
        key = (
            (*_day_key(move), trim_key(move.row.fact), move.change) if is_level and not move.change.is_unknown else None
        )
        if key is not None and move.kind != "offer ended":
            if key in exact:
                found[exact[key]] = _joined(found[exact[key]], move)
                continue
            exact[key] = len(found)
        by_day.setdefault(_day_key(move), []).append(len(found))
        found.append(move)
    told: dict[tuple[object, ...], int] = {}
    for offer in wide:
        key = _day_key(offer)
        told[key] = told.get(key, 0) + 1
        over = [
            i
            for i in by_day.get(key, ())
            if found[i].kind in ("cut", "disputed")
            and (offer.row.is_for_every_trim or trim_key(offer.row.fact) == trim_key(found[i].row.fact))
            and _is_over(offer.change, found[i].change)
        ]
        over = over if told[key] <= MOST_WIDE_OFFERS else []
        for index in over:
            found[index] = _joined(found[index], offer)
        if not over:
            found.append(offer)
    order = {move.row.id: number for number, move in enumerate(moves)}
    return sorted(found, key=lambda move: order[move.row.id])


def _day_key(move: Move) -> tuple[object, ...]:
    fact = move.row.fact
    return move.row.owner, move.row.region, fact.currency, move.at.days


def _is_over(offer: Quantity, change: Quantity) -> bool:
    if change.low is None or change.high is None or offer.low is None or offer.high is None:
        return False
    return offer.low <= change.low and change.high <= offer.high


def _joined(move: Move, other: Move) -> Move:
    kind: ChangeKind = "disputed" if other.kind == "subsidy" else move.kind
    return replace(move, rows=(*move.rows, *other.rows), kind=kind)


# from moves to figures


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
        id=f"{row.id}:ended" if is_ended else row.id,
        subject=subject_of(row),
        quantity=replace(move.change, stated="exact" if move.change.is_point else "range"),
        role="change",
        basis="computed" if is_ended else "reported",
        sources=tuple(dict.fromkeys(id for told in move.rows for id in told.sources)),
        change=change,
        valid_from=move.at,
        valid_to=None if is_ended else ends[0] if ends else None,
    )


def percent_of(change: Quantity, previous: Quantity | None) -> Fraction | None:
    """A change in percent of the price before it, where both are single numbers."""
    if previous is None or not previous.is_point or not change.is_point or not previous.low or change.low is None:
        return None
    return change.low / previous.low * 100


def _nets(moves: Sequence[Move], *, has_model: bool) -> list[Figure]:
    """What the moves of a series come to together, where they were several or one model was asked for."""
    by_series: dict[tuple[object, ...], list[Move]] = {}
    for move in moves:
        if move.kind in ("cut", "rise", "unchanged", "disputed", "offer ended"):
            by_series.setdefault((move.row.owner, move.row.key), []).append(move)
    return [_net(of_series) for of_series in by_series.values() if has_model or len(of_series) > 1]


def _net(moves: list[Move]) -> Figure:
    row, quantity = moves[0].row, total((move.change for move in moves), moves[0].row.fact.currency)
    percent = percent_of(quantity, moves[0].previous)
    change = Change(None, moves[0].previous, moves[-1].current, percent, None, (), ())
    return Figure(
        id=f"net-{row.id}",
        name="net",
        subject=subject_of(row),
        quantity=quantity,
        basis="computed",
        role="net",
        working=Working("sum", tuple((f"{m.row.id}:ended" if m.kind == "offer ended" else m.row.id, 1) for m in moves)),
        sources=tuple(dict.fromkeys(id for move in moves for told in move.rows for id in told.sources)),
        change=change,
        region=row.fact.region,
    )


def _tallies(moves: Sequence[Move]) -> list[Figure]:
    """How many cuts and rises there were; disputed moves leave the number of cuts open above."""
    disputed = [move.row.id for move in moves if move.kind == "disputed"]
    figures = []
    for name, kind in (("cuts", "cut"), ("rises", "rise")):
        ids = [move.row.id for move in moves if move.kind == kind]
        more = disputed if kind == "cut" else []
        quantity = Quantity(Fraction(len(ids)), Fraction(len(ids) + len(more)), "moves")
        working = Working("tally", tuple((id, 1) for id in [*ids, *more]))
        figures.append(
            Figure(id=name, name=name, subject="", quantity=quantity, basis="computed", role="tally", working=working)
        )
    return figures


def _notes(moves: Sequence[Move], window: Window, question: PricesChanges, snapshot: Snapshot) -> list[Note]:
    notes: list[Note] = []
    for move in moves:
        if not move.at.is_day:
            notes.append(DayUnknown(move.row.id, subject_of(move.row), move.at))
        elif window.after == move.at.days[0]:
            notes.append(SameDay(move.row.id, subject_of(move.row)))
        if move.kind == "disputed":
            told = tuple((row.fact.price_type, row.sources) for row in move.rows)
            notes.append(Disputed(move.row.id, subject_of(move.row), told))
    before = window.after or (window.since if question.since else None)
    return notes + _announced_notes(moves, before, question, snapshot) if before else notes


def _announced_notes(moves: Sequence[Move], before: date, question: PricesChanges, snapshot: Snapshot) -> list[Note]:
    """The moves that were told before the days asked about, by the day they were told."""
    told: dict[StatedTime, list[PriceRow]] = {}
    for move in moves:
        times = [row.fact.announced for row in move.rows if row.fact.announced]
        first = min(times, key=lambda time: time.days[1], default=None)
        if first is not None and first.days[1] < before and move.kind != "offer ended":
            told.setdefault(first, []).append(move.row)
    event = event_named(question.after, snapshot).name if question.after else before.isoformat()
    return [
        AnnouncedBefore(tuple(row.id for row in rows), tuple(map(subject_of, rows)), day, event)
        for day, rows in told.items()
    ]
