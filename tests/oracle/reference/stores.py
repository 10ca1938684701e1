"""/orders stores: store counts, the stores that a total implies, orders per store."""

from __future__ import annotations

from math import ceil, floor

from .asked import launch_of, moment_of
from .counts import Book
from .derived import StoreCount, single_at, store_counts, stores_at
from .expectation import Expectation, figure
from .lines import Line
from .numbers import Range, exactly
from .standing import counts
from .tables import Pack


def expect_stores(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    book = Book(pack, launch_of(pack, line))
    moment = moment_of(line, book)
    rows = store_counts(book, "sales_stores", counting_only=False)
    for metric in ("sales_stores",):
        found.part(lambda metric=metric: _whole(found, book, metric, moment))  # type: ignore[misc]
        found.part(lambda metric=metric: _parts(found, book, metric))  # type: ignore[misc]
    if any(counts(pack, count.row) for count in rows):
        found.exits("3: known store counts are an answer", 0)
    for count in rows:
        if not counts(pack, count.row):
            found.lacks(
                "6, 8.6: a store count that does not count is not shown as reported",
                id=count.row["id"],
                status="reported",
            )
    if moment is not None:
        found.part(lambda: _implied(found, book, moment))
    return found


def _whole(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    for count in stores_at(book, moment, metric):
        found.has(
            "8.18, 5: store counts by section 6, then the nearest or latest",
            figure(count.range, name=metric, id=count.row["id"]),
        )


def _parts(found: Expectation, book: Book, metric: str) -> None:
    parts = [count for count in store_counts(book, metric) if not count.is_whole and count.is_launch]
    by_place: dict[str, list[StoreCount]] = {}
    for count in parts:
        by_place.setdefault(book.pack.region_key(count.row["place"]), []).append(count)
    for some in by_place.values():
        if len(some) == 1 and not some[0].range.is_unknown:
            found.has(
                "8.8: parts are shown in every question", figure(some[0].range, name=metric, id=some[0].row["id"])
            )


def _implied(found: Expectation, book: Book, moment: int) -> None:
    """Implied stores are figures named sales_stores, in stores and whole stores (section 2)."""
    orders, average = single_at(book, "orders", moment), single_at(book, "orders_per_store", moment)
    if orders is None or average is None or not average.low:
        return
    implied = orders / average
    found.has("2: the stores that a total implies", figure(implied, name="sales_stores", unit="stores"))
    if implied.low is not None and implied.high is not None and ceil(implied.low) <= floor(implied.high):
        whole = Range(exactly(ceil(implied.low)).low, exactly(floor(implied.high)).high)
        found.has("2: implied stores in whole stores", figure(whole, name="sales_stores", unit="whole stores"))
