"""What follows from the identities at a moment: orders = orders_per_store × sales_stores, locked = orders × rate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .counts import Book, Count, Point
from .expectation import NoOpinion
from .moments import Span, boundary
from .numbers import Range, cell_number
from .standing import chosen, counts
from .tables import Row

LEADS_TO = ("orders", "locked_orders", "orders_per_store", "lock_in_rate", "sales_stores")


@dataclass(frozen=True)
class StoreCount:
    """One row of stores.csv, read."""

    row: Row
    range: Range
    span: tuple[int | None, int | None]
    is_whole: bool
    is_launch: bool

    def holds(self, moment: int) -> bool:
        start, end = self.span
        return (start is None or start <= moment) and (end is None or moment < end)

    def distance(self, moment: int) -> int:
        start, end = self.span
        if self.holds(moment):
            return 0
        if start is not None and moment < start:
            return start - moment
        return moment - (end or moment) + 1


def store_counts(book: Book, metric: str, *, counting_only: bool = True) -> list[StoreCount]:
    """The store counts of a launch or of its brand as a whole."""
    found = []
    for row in book.pack.rows("stores"):
        of_launch = row["launch"] == book.launch.id
        of_brand = not row["launch"] and book.pack.same("brand", row["brand"], book.launch.brand)
        if row["metric"] != metric or not (of_launch or of_brand) or row.get("variant") or row.get("channel"):
            continue
        if counting_only and not counts(book.pack, row):
            continue
        ends = [boundary(row[c], book.launch.zone).earliest if row[c] else None for c in ("valid_from", "valid_to")]
        range_ = Range(cell_number(row["low"]), cell_number(row["high"]))
        found.append(StoreCount(row, range_, (ends[0], ends[1]), book.pack.is_whole(row, book.launch), of_launch))
    return found


def stores_at(book: Book, moment: int | None, metric: str = "sales_stores") -> list[StoreCount]:
    """The whole store counts that count at a moment, or without one (8.18). Several: they tie."""
    whole = [count for count in store_counts(book, metric) if count.is_whole and not count.range.is_unknown]
    if len({count.is_launch for count in whole}) > 1:
        raise NoOpinion("6: store counts of the launch beside counts of the brand as a whole")
    if len(whole) > 1 and not whole[0].is_launch:
        raise NoOpinion(
            "6: counts of the brand on several days: 87 of one year are not better known than 370 of the next"
        )
    best, others = chosen(book.pack, whole, book.launch.brand, lambda count: count.row)
    if not best:
        return []
    if moment is None:
        if any(count.span[0] is None for count in best) and len(best) > 1:
            raise NoOpinion("6: store counts of unknown days cannot be ordered")
        latest = max(count.span[0] or 0 for count in best)
        return [count for count in best if (count.span[0] or 0) == latest]
    nearest = min(count.distance(moment) for count in best)
    found = [count for count in best if count.distance(moment) == nearest]
    if nearest and any(count.holds(moment) for count in others):
        raise NoOpinion("6: the maker's count lies outside its span, another's inside")
    if nearest == 0 and len({count.span[0] for count in found}) > 1:
        raise NoOpinion("5: several store counts hold at once")
    return found


def told_at(book: Book, metric: str, moment: int) -> Point | None:
    """What is reported of a metric exactly at a moment, in the series that is the launch's own."""
    series = book.main(metric) if book.is_count(metric) else rates(book, metric)
    return book.at(book.points(series), moment)


def rates(book: Book, metric: str) -> list[Count]:
    """The whole rates or averages of a metric; where they start does not matter."""
    return [count for count in book.of(metric) if count.row["counting"] != "new"]


def single_at(book: Book, metric: str, moment: int) -> Range | None:
    """The one range told at a moment; None if nobody tells one, no opinion if several differ."""
    point = told_at(book, metric, moment)
    if point is None:
        return None
    if point.single is None:
        raise NoOpinion("6: operands that tie")
    return point.single


def store_range(book: Book, moment: int | None) -> Range | None:
    """The one sales store count to compute with."""
    found = stores_at(book, moment)
    if len({(count.range.low, count.range.high) for count in found}) > 1:
        raise NoOpinion("6: store counts that tie")
    return found[0].range if found else None


def orders_from_stores(book: Book, moment: int) -> Range | None:
    """orders_per_store × sales_stores."""
    average, stores = single_at(book, "orders_per_store", moment), store_range(book, moment)
    return None if average is None or stores is None else average * stores


def computed(book: Book, metric: str, moment: int) -> list[Range]:
    """What must be derived of a metric at a moment; empty where nothing follows for sure."""
    if metric == "orders":
        product = orders_from_stores(book, moment)
        if product is not None:
            return [product]
        if single_at(book, "orders", moment) is not None:
            return []
        return _quotient(single_at(book, "locked_orders", moment), single_at(book, "lock_in_rate", moment))
    if metric == "locked_orders":
        return _locked(book, moment)
    if metric == "lock_in_rate" and told_at(book, metric, moment) is None:
        found = _quotient(single_at(book, "locked_orders", moment), _orders(book, moment))
        return [_at_most_1(range_) for range_ in found if range_.low is None or range_.low <= 1]
    if metric == "orders_per_store" and told_at(book, metric, moment) is None:
        return _quotient(single_at(book, "orders", moment), store_range(book, moment))
    return []


def _orders(book: Book, moment: int) -> Range | None:
    told, product = single_at(book, "orders", moment), orders_from_stores(book, moment)
    if told is not None and product is not None:
        raise NoOpinion("4: orders both reported and computed")
    return told if told is not None else product


def _locked(book: Book, moment: int) -> list[Range]:
    rate, orders = single_at(book, "lock_in_rate", moment), _orders(book, moment)
    return [] if rate is None or orders is None else [orders * rate]


def _quotient(one: Range | None, other: Range | None) -> list[Range]:
    if one is None or other is None or other.low == 0:
        return []
    return [one / other]


def _at_most_1(range_: Range) -> Range:
    return Range(range_.low, Fraction(1) if range_.high is None else min(range_.high, Fraction(1)))


def span_of(moment: int) -> Span:
    return Span(moment, moment)
