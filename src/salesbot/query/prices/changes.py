"""Which prices moved between two days, each move once: ``/prices changes``.

Cuts, rises, offers, subsidies and new variants are told apart, and what one source calls a cut and another a subsidy is
disputed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Change, Figure, Reason, Working
from salesbot.answers.answer import ChangesResult
from salesbot.answers.figures import ChangeKind
from salesbot.answers.notes import AnnouncedBefore, DayUnknown, Disputed, Note, PreviousDiffers, SameDay
from salesbot.deadline import check_deadline
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import PriceFact, PriceType
from salesbot.facts.vocabulary import EVERY
from salesbot.query.prices.figures import differing
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
from salesbot.values.quantity import Quantity, agreement, difference, total

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
NET_KINDS = ("cut", "rise", "unchanged", "disputed", "offer ended")
WIDE_TYPES = ("limited_time_offer", "subsidy", "discount")
MOST_KEPT = 20  # models whose prices are kept for the next question
MOST_WIDE_OFFERS = 50  # of one model and day that are compared with its cuts


class Span(Struct, frozen=True):
    """From where to where a move took the price of one series; ``before`` is the price told before it, if known.

    ``change`` is how far, where that is another than the move says of itself.
    """

    series: SeriesKey
    subject: str
    previous: Quantity | None
    current: Quantity | None
    before: Quantity | None = None
    change: Quantity | None = None


class Move(Struct, frozen=True):
    """One price move, told by one row or more, of one series or of several; it is named after the first row."""

    rows: tuple[PriceRow, ...]
    kind: ChangeKind
    change: Quantity
    at: StatedTime
    spans: tuple[Span, ...] = ()
    also: tuple[Span, ...] = ()  # of the moves of other series that are the same one

    @property
    def row(self) -> PriceRow:
        return self.rows[0]

    @property
    def previous(self) -> Quantity | None:
        """The price before it, where it is one for all series."""
        return None if self.is_for_models else _only([span.previous for span in self.spans])

    @property
    def current(self) -> Quantity | None:
        """The price after it, where it is one for all series."""
        return None if self.is_for_models else _only([span.current for span in self.spans])

    @property
    def is_for_models(self) -> bool:
        """Whether it is one for every model of a brand."""
        return self.row.owner == self.row.brand and self.row.is_level


def _only(prices: Sequence[Quantity | None]) -> Quantity | None:
    return prices[0] if prices and all(price == prices[0] for price in prices) else None


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
    moves = _merged(_spread_once(found.moves))
    shown = moves if question.model else sorted(moves, key=lambda move: KIND_ORDER.index(move.kind))
    figures = [_figure(move) for move in shown]
    if not figures:
        _check_known(question, snapshot)
    stretches = _stretches(moves)
    figures += _nets(stretches, has_model=question.model is not None)
    figures += _tallies(moves)
    passed = passed_over(found.passed)
    cited = [id for figure in figures for id in figure.sources]
    return Answer(
        question,
        _result(question, snapshot, covers=found.covers),
        snapshot.version,
        tuple(figures),
        caveats=(*_notes(moves, window, question, snapshot), *_gap_notes(stretches)),
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
        found += [_move(step, key, in_region, of_trim) for step in one.steps if window.touches(step.at)]
    return found


def _spread_once(moves: Iterable[Move]) -> list[Move]:
    """The moves, those by a row for every trim or model each once with where it took each price."""
    found: list[Move] = []
    places: dict[tuple[str, bool], int] = {}
    for move in moves:
        id = (move.row.id, move.kind == "offer ended")
        if id in places and move.row.is_level:
            known = found[places[id]]
            found[places[id]] = replace(known, spans=(*known.spans, *move.spans))
            continue
        places[id] = len(found)
        found.append(move)
    return found


def _note_first(firsts: dict[object, date], key: object, day: date) -> None:
    firsts[key] = min(firsts.get(key, day), day)


def _move(step: Step, key: SeriesKey, in_region: date, of_trim: date) -> Move:
    """A step of a series; ``in_region`` and ``of_trim`` are the first days with a price there, and of that trim."""
    row, unknown = step.row.told_by, Quantity(None, None, key.currency)
    rows = tuple(told.told_by for told in step.rows)
    before = step.before.quantity if step.before else None
    current = step.after.quantity
    span = Span(key, subject_of(step.row), before, current)
    if step.kind == "returned":
        change = difference(current, before, key.currency) if current is not None and before is not None else unknown
        return Move(rows, "offer ended", change, step.at, (span,))
    if step.kind == "stated":
        return _stated_move(step, key, rows)
    if step.kind == "against level" and before is not None and current is not None:
        if step.or_before:
            change = _from_any(step, key, current)
            return Move(rows, _direction(change), change, step.at, (replace(span, previous=None),))
        change = difference(current, before, key.currency)
        kind = "disputed" if _tells_otherwise(rows, change) else _direction(change)
        return Move(rows, kind, change, step.at, (span,))
    if not row.has_level or (step.before is not None and before is None):
        return Move(rows, "unknown", unknown, step.at, (span,))
    is_new = in_region < step.after.first_day <= of_trim
    span = replace(span, previous=None)
    return Move(rows, "new variant" if is_new else "first price", unknown, step.at, (span,))


def _from_any(step: Step, key: SeriesKey, current: Quantity) -> Quantity:
    """How far a step went that may have started from any of several levels."""
    before = [level.quantity for level in (step.before, *step.or_before) if level is not None]
    changes = [None if one is None else difference(current, one, key.currency) for one in before]
    known = [change for change in changes if change is not None]
    if len(known) < len(changes):
        return Quantity(None, None, key.currency)
    return Quantity(_end(min, [one.low for one in known]), _end(max, [one.high for one in known]), key.currency)


def _end(choose: Callable[[list[Fraction]], Fraction], ends: list[Fraction | None]) -> Fraction | None:
    known = [end for end in ends if end is not None]
    return choose(known) if known and len(known) == len(ends) else None


def _tells_otherwise(rows: Iterable[PriceRow], change: Quantity) -> bool:
    """Whether a row of a move states a change that cannot be the one from the price before to the price after."""
    stated = (row.stated_change for row in rows)
    return any(one is not None and agreement(one, change) == "disagrees" for one in stated)


def _stated_move(step: Step, key: SeriesKey, rows: tuple[PriceRow, ...]) -> Move:
    row, change = step.row, step.row.told_by.stated_change
    assert change is not None
    fact = row.fact
    before = step.before.quantity if step.before is not None and not step.or_before else None
    previous: Quantity | None = None
    if fact.previous is not None:
        previous = Quantity.exactly(fact.previous, key.currency)
    elif (
        row.has_level and change.is_point and fact.low is not None and fact.low == fact.high and change.low is not None
    ):
        previous = Quantity.exactly(fact.low - change.low, key.currency)
    elif not row.has_level and step.after.changed_from is not None:
        previous = step.after.changed_from.quantity
    is_disputed = row.contradicts_itself or _tells_otherwise(rows, change)
    own = None if row.stated_change == change else row.stated_change
    span = Span(key, subject_of(row), previous, step.after.quantity, before, own)
    return Move(rows, "disputed" if is_disputed else _direction(change), change, step.at, (span,))


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


def _level_moves(rows: Iterable[PriceRow], window: Window, *, region: str | None) -> list[Move]:
    """The changes of the price of every model in the window, also of models of which nothing else is told in it."""
    return [
        Move((row,), _direction(row.stated_change), row.stated_change, row.fact.valid_from)
        for row in rows
        if row.is_bare_change
        and row.stated_change is not None
        and row.fact.valid_from is not None
        and row.why_not is None
        and region in (None, row.region)
        and _is_inside(row, window)
    ]


def _offer_move(row: PriceRow) -> Move:
    change = row.stated_change or Quantity(None, None, row.fact.unit)
    assert row.fact.valid_from is not None
    if row.fact.price_type == "limited_time_offer" and row.fact.previous is not None:  # an offer that says its price
        previous = Quantity.exactly(row.fact.previous, row.fact.currency)
        span = Span(row.key, subject_of(row), previous, row.fact.quantity)
        return Move((row,), _direction(change), change, row.fact.valid_from, (span,))
    return Move((row,), "subsidy" if row.fact.price_type == "subsidy" else "offer", change, row.fact.valid_from)


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
            found += _level_moves(rows, window, region=question.region)
    for id, region, brand in snapshot.values(MODELLESS, since=window.since.isoformat(), **bounds):
        if question.brand in (None, brand) and question.region in (None, region):
            [fact] = snapshot.select(PriceFact, PRICE_ROW, id=id)
            row = PriceRow(fact, brand, brand, region, precedence_of(brand, snapshot).why_not(fact))
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
    rows = dict.fromkeys(row.id for row in move.rows)
    more = tuple(row for row in other.rows if row.id not in rows)
    return replace(move, rows=(*move.rows, *more), kind=kind, also=(*move.also, *other.spans))


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
        id=_id(move),
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


class Stretch(Struct, frozen=True):
    """The moves of one series in the window, each with where it took the price."""

    moves: tuple[tuple[Move, Span], ...]

    def gaps(self) -> Iterator[tuple[Move, Span, Quantity]]:
        """The moves that start from another price than the one before them, with that one."""
        last: Quantity | None = None
        for move, span in self.moves:
            before = last or span.before
            if span.previous is not None and before is not None and agreement(before, span.previous) == "disagrees":
                yield move, span, before
            last = span.current


def _stretches(moves: Sequence[Move]) -> list[Stretch]:
    by_series: dict[SeriesKey, list[tuple[Move, Span]]] = {}
    moved = [move for move in moves if move.kind in (*NET_KINDS, "unknown")]
    own = {span.series for move in moved for span in move.spans}
    for move in moved:
        for span in (*move.spans, *(one for one in move.also if one.series in own)):
            by_series.setdefault(span.series, []).append((move, span))
    found = [Stretch(tuple(of_series)) for of_series in by_series.values()]
    return [one for one in found if any(move.kind in NET_KINDS for move, _ in one.moves)]


def _nets(stretches: Iterable[Stretch], *, has_model: bool) -> list[Figure]:
    """What the moves of a series come to together, where they were several or one model was asked for."""
    told = [one for one in stretches if has_model or len(one.moves) > 1]
    return [figure for one in told for figure in _net(one)]


def _net(stretch: Stretch) -> list[Figure]:
    """The sum of the moves; where they do not meet, or one is not known, from the first price to the last."""
    (first, start), (last, end) = stretch.moves[0], stretch.moves[-1]
    row, unit, ends = first.row, start.series.currency, list[Figure]()
    are_known = all(not move.change.is_open and span.change is None for move, span in stretch.moves)
    is_alone = len(stretch.moves) == 1 and start.change is None
    if is_alone or (are_known and not any(stretch.gaps())):
        quantity = total((move.change for move, _ in stretch.moves), unit)
        working: Working | None = Working("sum", tuple((_id(move), 1) for move, _ in stretch.moves))
    elif start.previous is None or end.current is None:
        quantity, working = Quantity(None, None, unit), None
    else:
        quantity = difference(end.current, start.previous, unit)
        ends = [
            _price(last, end, end.current, "price", is_first=False),
            _price(first, start, start.previous, "previous", is_first=True),
        ]
        working = Working("difference", ((ends[0].id, 1), (ends[1].id, -1)))
    change = Change(None, start.previous, end.current, percent_of(quantity, start.previous), None, (), ())
    net = Figure(
        id=f"net-{row.id}" if len(first.spans) == 1 else f"net-{row.id}-{start.series.trim or start.series.owner}",
        name="net",
        subject=start.subject,
        quantity=quantity,
        basis="computed",
        role="net",
        working=working,
        sources=tuple(dict.fromkeys(id for move, _ in stretch.moves for told in move.rows for id in told.sources)),
        change=change,
        region=row.fact.region,
    )
    return [net, *ends]


def _price(move: Move, span: Span, quantity: Quantity, what: str, *, is_first: bool) -> Figure:
    """The price that a move started from, or led to, as an operand."""
    figure = replace(price_figure(move.row), id=f"{_id(move)}:{what}", subject=span.subject, quantity=quantity)
    since, until = (None, move.at) if is_first else (move.at, None)
    return replace(figure, role="level", valid_from=since, valid_to=until, note=None, is_operand=True)


def _id(move: Move) -> str:
    return f"{move.row.id}:ended" if move.kind == "offer ended" else move.row.id


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
        notes += differing(move.rows, subject_of(move.row))
        if move.kind == "disputed":
            told = tuple(
                (row.fact.price_type, row.sources, row.stated_change or (move.change if row.has_level else None))
                for row in move.rows
            )
            notes.append(Disputed(move.row.id, subject_of(move.row), told))
    before = window.after or (window.since if question.since else None)
    return notes + _announced_notes(moves, before, question, snapshot) if before else notes


def _gap_notes(stretches: Iterable[Stretch]) -> list[Note]:
    """The moves that start from another price than the facts tell before them."""
    return [
        PreviousDiffers(move.row.id, span.subject, move.at, span.previous, before)
        for stretch in stretches
        for move, span, before in stretch.gaps()
        if span.previous is not None
    ]


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
