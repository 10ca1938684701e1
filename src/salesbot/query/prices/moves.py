"""The moves of prices: each from the step of one series, or from an offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers.figures import ChangeKind
from salesbot.query.prices.model_prices import (
    PriceRow,
    SeriesKey,
    subject_of,
)
from salesbot.query.prices.steps import Step
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, agreement, any_of, difference

LEVEL_KINDS = ("cut", "rise", "unchanged", "new variant", "first price", "unknown", "disputed", "offer ended")
NET_KINDS = ("cut", "rise", "unchanged", "disputed", "offer ended")


class Span(Struct, frozen=True):
    """From where to where a move took the price of one series; ``before`` is the price told before it, if known.

    ``change`` is how far, where that is another than the move says of itself. ``id`` names the step of the series, and
    ``number`` its place. ``start`` is the price before all moves of its month, ``or_current`` those after them, where
    their order is not known.
    """

    id: str
    series: SeriesKey
    subject: str
    previous: Quantity | None
    current: Quantity | None
    before: Quantity | None = None
    change: Quantity | None = None
    number: int = 0
    start: Quantity | None = None
    or_current: tuple[Quantity | None, ...] = ()


class Move(Struct, frozen=True):
    """One price move, told by one row or more, of one series or of several; it is named after the first row."""

    rows: tuple[PriceRow, ...]
    kind: ChangeKind
    change: Quantity
    at: StatedTime
    spans: tuple[Span, ...] = ()
    also: tuple[Span, ...] = ()  # of the moves of other series that are the same one
    own_id: str = ""  # where its row tells other moves as well

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
    def is_of_some(self) -> bool:
        """Whether it may be one of another trim than is told."""
        is_untold = not self.row.key.trim and not self.row.is_for_all
        return is_untold and bool(self.spans) and all(span.change is not None for span in self.spans)

    @property
    def is_for_models(self) -> bool:
        """Whether it is one for every model of a brand."""
        return not self.row.owner and self.row.is_level


def _only(prices: Sequence[Quantity | None]) -> Quantity | None:
    return prices[0] if prices and all(price == prices[0] for price in prices) else None


def move_id(move: Move) -> str:
    """The id of a move: that of its row, or of the price that a row for every trim gives one of."""
    if move.own_id:
        return move.own_id
    if move.spans and move.row.has_level:
        return move.spans[0].id
    return f"{move.row.id}:ended" if move.kind == "offer ended" else move.row.id


def move_of(step: Step, number: int, key: SeriesKey, in_region: date, of_trim: date) -> Move:
    """A step of a series, with its place; ``in_region`` and ``of_trim`` are the first days with a price there."""
    row, unknown = step.row.told_by, Quantity(None, None, key.currency)
    rows = tuple(told.told_by for told in step.rows)
    before = step.before.quantity if step.before else None
    current = step.after.quantity
    span = Span(step.row.id, key, subject_of(step.row), before, current, number=number)
    if step.or_from:
        span = replace(span, start=before, or_current=tuple(level.quantity for level in step.beside))
    if step.kind == "returned":
        change = difference(current, before, key.currency) if current is not None and before is not None else unknown
        return Move(rows, "offer ended", change, step.at, (replace(span, id=f"{span.id}:ended"),))
    if step.kind == "stated":
        return _stated_move(step, span, rows)
    if step.kind == "against level" and before is not None and current is not None:
        if step.or_from:
            change = _from_any(step, key, current)
            return Move(rows, direction(change), change, step.at, (replace(span, previous=None),))
        change = difference(current, before, key.currency)
        is_disputed = _tells_otherwise(rows, change)
        return Move(rows, "disputed" if is_disputed else direction(change), change, step.at, (span,))
    if not row.has_level or (step.before is not None and before is None):
        return Move(rows, "unknown", unknown, step.at, (span,))
    is_new = in_region < step.after.first_day <= of_trim
    kind: ChangeKind = "first price" if not is_new else "new variant" if key.trim else "unknown"
    return Move(rows, kind, unknown, step.at, (replace(span, previous=None),))


def _from_any(step: Step, key: SeriesKey, current: Quantity) -> Quantity:
    """How far a step went that may have started from any of several levels."""
    changes = [None if one is None else difference(current, one, key.currency) for one in step.or_from]
    known = [change for change in changes if change is not None]
    if len(known) < len(changes):
        return Quantity(None, None, key.currency)
    return any_of(known, key.currency)


def _tells_otherwise(rows: Iterable[PriceRow], change: Quantity) -> bool:
    """Whether a row of a move states a change that cannot be the one from the price before to the price after."""
    stated = (row.stated_change for row in rows)
    return any(one is not None and one != change and agreement(one, change) == "disagrees" for one in stated)


def _stated_move(step: Step, span: Span, rows: tuple[PriceRow, ...]) -> Move:
    row, key = step.row, span.series
    own = row.stated_change
    change = row.told_by.stated_change if len(rows) == 1 else own
    assert change is not None
    fact = row.fact
    before = step.before.quantity if step.before is not None and not step.or_from else None
    previous: Quantity | None = None
    if fact.previous is not None:
        previous = Quantity.exactly(fact.previous, key.currency)
    elif (
        row.has_level and change.is_point and fact.low is not None and fact.low == fact.high and change.low is not None
    ):
        previous = Quantity.exactly(fact.low - change.low, key.currency)
    elif not row.has_level and step.after.changed_from is not None and not (step.or_from or step.after.is_in_limited):
        previous = step.after.changed_from.quantity
    is_disputed = row.contradicts_itself or _tells_otherwise(rows, change)
    span = replace(span, previous=previous, before=before, change=None if own == change else own)
    return Move(rows, "disputed" if is_disputed else direction(change), change, step.at, (span,))


def direction(change: Quantity) -> ChangeKind:
    low, high = change.low, change.high
    if low is not None and low == high == 0:
        return "unchanged"
    if high is not None and high <= 0:
        return "cut"
    if low is not None and low >= 0:
        return "rise"
    return "unknown"


def offer_move(row: PriceRow) -> Move:
    change = row.stated_change or Quantity(None, None, row.fact.unit)
    assert row.fact.valid_from is not None
    if _says_price(row) and row.fact.previous is not None:
        previous = Quantity.exactly(row.fact.previous, row.fact.currency)
        span = Span(row.id, row.key, subject_of(row), previous, row.fact.quantity)
        return Move((row,), direction(change), change, row.fact.valid_from, (span,))
    return Move((row,), "subsidy" if row.fact.price_type == "subsidy" else "offer", change, row.fact.valid_from)


def _says_price(row: PriceRow) -> bool:
    """Whether an offer gives the price that is paid, not how much less."""
    return row.fact.price_type == "limited_time_offer" and row.fact.previous is not None


def end_of_offer(row: PriceRow) -> Move | None:
    """The end of an offer that says its price: what was paid before is paid again."""
    fact = row.fact
    if not _says_price(row) or fact.valid_to is None or fact.previous is None or fact.quantity.is_unknown:
        return None
    before = Quantity.exactly(fact.previous, fact.currency)
    change = difference(before, fact.quantity, fact.currency)
    span = Span(f"{row.id}:ended", row.key, subject_of(row), fact.quantity, before)
    return Move((row,), "offer ended", change, fact.valid_to, (span,))
