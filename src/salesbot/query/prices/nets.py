"""What the moves of a price come to together, and how many there were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Change, Figure, Working
from salesbot.answers.figures import ChangeKind
from salesbot.answers.notes import Note, PreviousDiffers
from salesbot.query.prices.model_prices import (
    SeriesKey,
    price_figure,
)
from salesbot.query.prices.moves import NET_KINDS, Move, Span, move_id
from salesbot.values.quantity import Quantity, agreement, any_of, difference, total


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
            previous = span.previous
            if previous is None or before is None or before == previous:
                pass
            elif agreement(before, previous) == "disagrees":
                yield move, span, before
            last = span.current


def stretches_of(moves: Sequence[Move]) -> list[Stretch]:
    """The moves by series, in the order of its levels; of a series of which only unknown ones are told, none."""
    by_series: dict[SeriesKey, list[tuple[Move, Span]]] = {}
    moved = [move for move in moves if move.kind in (*NET_KINDS, "unknown")]
    own = {span.series for move in moved for span in move.spans}
    for move in moved:
        for span in (*move.spans, *(one for one in move.also if one.series in own)):
            by_series.setdefault(span.series, []).append((move, span))
    found = [Stretch(tuple(sorted(of_series, key=lambda one: one[1].number))) for of_series in by_series.values()]
    return [one for one in found if any(move.kind in NET_KINDS for move, _ in one.moves)]


def nets_of(stretches: Iterable[Stretch], *, has_model: bool) -> list[Figure]:
    """What the moves of a series come to together, where they were several or one model was asked for."""
    told = [one for one in stretches if has_model or len(one.moves) > 1]
    return [figure for one in told for figure in _net(one)]


def _net(stretch: Stretch) -> list[Figure]:
    """The sum of the moves; where they do not meet, or one is not known, from the first price to the last."""
    (first, start), (last, end) = stretch.moves[0], stretch.moves[-1]
    row, unit, ends = first.row, start.series.currency, list[Figure]()
    is_ordered = not any(span.or_current for _, span in stretch.moves)
    begun, ended = (start.previous if is_ordered else start.previous or start.start), _last_of(end)
    are_known = all(
        not move.change.is_open and span.change is None and _fits(move, span) for move, span in stretch.moves
    )
    is_alone = len(stretch.moves) == 1 and start.change is None and _fits(first, start)
    if is_alone or (are_known and is_ordered and not any(stretch.gaps())):
        quantity = total((move.change for move, _ in stretch.moves), unit)
        working: Working | None = Working("sum", tuple((move_id(move), 1) for move, _ in stretch.moves))
    elif begun is None or ended is None:
        quantity, working = Quantity(None, None, unit), None
    else:
        quantity = difference(ended, begun, unit)
        ends = [
            _price(last, end, ended, "price", is_first=False),
            _price(first, start, begun, "previous", is_first=True),
        ]
        working = Working("difference", ((ends[0].id, 1), (ends[1].id, -1)))
    change = Change(None, begun, ended, percent_of(quantity, begun), None, (), ())
    net = Figure(
        id=f"net-{start.id}",
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


def _last_of(span: Span) -> Quantity | None:
    """The price after the last moves of a series: any of those that may have come last."""
    if not span.or_current:
        return span.current
    prices = [price for price in (span.current, *span.or_current) if price is not None]
    return any_of(prices, span.series.currency) if len(prices) == 1 + len(span.or_current) else None


def _fits(move: Move, span: Span) -> bool:
    """Whether a move goes from the price before it to the price after it."""
    if span.previous is None or span.current is None:
        return True
    if span.previous.is_point and span.current.is_point and move.change.is_point:
        return span.current.low - span.previous.low == move.change.low  # type: ignore[operator]
    return agreement(difference(span.current, span.previous, span.series.currency), move.change) != "disagrees"


def _price(move: Move, span: Span, quantity: Quantity, what: str, *, is_first: bool) -> Figure:
    """The price that a move started from, or led to, as an operand."""
    figure = replace(price_figure(move.row), id=f"{span.id}:{what}", subject=span.subject, quantity=quantity)
    since, until = (None, move.at) if is_first else (move.at, None)
    return replace(figure, role="level", valid_from=since, valid_to=until, note=None, is_operand=True)


def tallies(moves: Sequence[Move]) -> list[Figure]:
    """How many cuts and rises there were; moves that may be one leave the number open above."""
    figures = []
    for name, kind in (("cuts", "cut"), ("rises", "rise")):
        ids = [move_id(move) for move in moves if move.kind == kind]
        more = [move_id(move) for move in moves if move.kind in ("unknown", "disputed") and kind in _may_be(move)]
        quantity = Quantity(Fraction(len(ids)), Fraction(len(ids) + len(more)), "moves")
        working = Working("tally", tuple((id, 1) for id in [*ids, *more]))
        figures.append(
            Figure(id=name, name=name, subject="", quantity=quantity, basis="computed", role="tally", working=working)
        )
    return figures


def _may_be(move: Move) -> set[ChangeKind]:
    """The kinds that a move may be: of one that is disputed by each change that is told, else by its ends."""
    found: set[ChangeKind] = set()
    changes = [move.change]
    if move.kind == "disputed":
        changes += [change for row in move.rows if (change := row.stated_change) is not None]
        for span in move.spans:
            if span.previous is not None and span.current is not None:
                changes.append(difference(span.current, span.previous, span.series.currency))
    for change in changes:
        if change.low is None or change.low < 0:
            found.add("cut")
        if change.high is None or change.high > 0:
            found.add("rise")
    return found


def gap_notes(stretches: Iterable[Stretch]) -> list[Note]:
    """The moves that start from another price than the facts tell before them."""
    return [
        PreviousDiffers(move_id(move), span.subject, move.at, span.previous, before)
        for stretch in stretches
        for move, span, before in stretch.gaps()
        if span.previous is not None
    ]
