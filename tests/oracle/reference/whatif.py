"""/orders whatif: the identities with the asker's own numbers, which replace the facts all the way down (8.10)."""

from __future__ import annotations

from fractions import Fraction

from .asked import Refused, known, moment_of
from .counts import Book
from .derived import rates, single_at, store_range
from .expectation import Answer, Expectation, NoOpinion, figure
from .lines import Line
from .numbers import Bound, Range, meet, shown, single_zero, typed_range
from .standing import chosen
from .tables import Pack

NAMES = {
    "stores": "sales_stores",
    "orders_per_store": "orders_per_store",
    "lock_in_rate": "lock_in_rate",
    "orders": "orders",
}


def expect_whatif(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    asked = _asked(line)
    book = Book(pack, pack.launches[known(pack, "launch", line.options["launch"])]) if line.get("launch") else None
    if not asked:
        found.exits("2: a what-if without numbers", 2, 3)
        return found
    if book is None and len(asked) == 1:
        raise NoOpinion("2: a what-if of one number without a launch")
    try:
        _refuse(asked)
    except Refused as refused:
        without_opening = book is not None and book.opening_instant is None and (line.get("within") or line.get("at"))
        raise Refused(refused.why, *refused.codes, *((3,) if without_opening else ())) from None
    moment = moment_of(line, book) if book is not None else None
    for name, range_ in asked.items():
        found.has("3: the asker's operands are figures with the basis asked", figure(range_, name=name, basis="asked"))
    orders = _orders(found, asked, book, moment)
    if orders is not None:
        found.exits("3: what can be computed is an answer", 0)
        _locked(found, asked, book, moment, orders)
    if "orders" in asked:
        _quotients(found, asked)
    return found


def _asked(line: Line) -> dict[str, Range]:
    found = {}
    for option, name in NAMES.items():
        text = line.get(option)
        if text is not None:
            range_ = typed_range(text)
            if range_ is None:
                raise Refused("2: what is no number is a wrong question", 2)
            found[name] = range_
    return found


def _refuse(asked: dict[str, Range]) -> None:
    rate = asked.get("lock_in_rate")
    if rate is not None and rate.low is not None and rate.low > 1:
        raise Refused("4: a rate never exceeds 1", 2)
    if rate is not None and rate.high is not None and rate.high > 1:
        raise NoOpinion("4: a range of rates that ends above 1")
    if {"orders", "orders_per_store", "sales_stores"} <= set(asked):
        if not meet(asked["orders"], asked["orders_per_store"] * asked["sales_stores"]):
            raise Refused("8.18: numbers of the asker that contradict each other", 2)
        raise NoOpinion("8.18: three numbers of the asker that fit each other")
    if "orders" in asked:
        for name in ("sales_stores", "orders_per_store"):
            if name in asked and single_zero(asked[name]):
                raise Refused("2: a zero divisor is exit 2", 2)
            if name in asked and asked[name].low == 0:
                raise NoOpinion("2: a divisor that may be 0")


def _orders(found: Expectation, asked: dict[str, Range], book: Book | None, moment: int | None) -> Range | None:
    """The orders that follow: the asker's, else the product with the other operand held at its fact."""
    if "orders" in asked:
        return asked["orders"]
    stores, average = asked.get("sales_stores"), asked.get("orders_per_store")
    if stores is None and average is None:
        return None if book is None else _told_orders(book, moment)
    if stores is None:
        stores = None if book is None else store_range(book, moment)
    if average is None:
        average = None if book is None else _fact(book, "orders_per_store", moment)
    if stores is None or average is None:
        return None
    product = average * stores
    found.has("8.10: orders are the product of the asker's numbers and the facts", figure(product, name="orders"))
    _one_total(found, product, "orders")
    return product


def _told_orders(book: Book, moment: int | None) -> Range | None:
    if _fact(book, "orders_per_store", moment) is not None:
        raise NoOpinion("8.10: orders both reported and computed")
    if moment is not None:
        return single_at(book, "orders", moment)
    points = book.points(book.main("orders"))
    if any(c.row["counting"] == "new" for c in book.of("orders")) or (
        points and any(p.end.overlaps(points[-1].end) for p in points[:-1])
    ):
        raise NoOpinion("2: which orders are the latest")
    if len({count.is_net for point in points for count in point.winners}) > 1:
        raise NoOpinion("8.18: gross and net counts, of different moments")
    return points[-1].single if points else None


def _fact(book: Book, metric: str, moment: int | None) -> Range | None:
    if moment is not None:
        return single_at(book, metric, moment)
    best, _ = chosen(book.pack, rates(book, metric), book.launch.brand, lambda count: count.row)
    points = book.points(best)
    if any(point.end.overlaps(points[-1].end) for point in points[:-1]):
        raise NoOpinion("8.18: which fact is the latest")
    if points and points[-1].single is None:
        raise NoOpinion("6: facts that tie")
    return points[-1].single if points else None


def _one_total(found: Expectation, range_: Range, name: str) -> None:
    """8.10: all the way down: no other computed total beside the asker's."""
    wanted = (range_.low or Fraction(0), range_.high)

    def test(answer: Answer) -> str | None:
        for fig in answer.figures:
            if fig.get("name") == name and fig.get("basis") == "computed":
                low, high = (None if fig.get(key) is None else Fraction(str(fig[key])) for key in ("low", "high"))
                if not (_close(low or Fraction(0), wanted[0]) and _close(high, wanted[1])):
                    return f"another computed {name} {shown(Range(low, high))}"
        return None

    found.custom("8.10: the asker's numbers replace every fact, all the way down: one total", test, shown(range_))


def _close(one: Bound, other: Bound) -> bool:
    """Whether two ends are equal but for rounding."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= Fraction(1, 10**6)


def _locked(found: Expectation, asked: dict[str, Range], book: Book | None, moment: int | None, orders: Range) -> None:
    rate = asked.get("lock_in_rate")
    if (
        rate is None
        and book is not None
        and ("orders" in asked or "sales_stores" in asked or "orders_per_store" in asked)
    ):
        rate = _fact(book, "lock_in_rate", moment)
    if rate is not None:
        locked = orders * rate
        found.has("8.10: locked orders follow from the asker's numbers", figure(locked, name="locked_orders"))
        _one_total(found, locked, "locked_orders")


def _quotients(found: Expectation, asked: dict[str, Range]) -> None:
    orders = asked["orders"]
    if "sales_stores" in asked:
        found.has(
            "4: orders per store are the orders by the stores",
            figure(orders / asked["sales_stores"], name="orders_per_store"),
        )
    if "orders_per_store" in asked:
        stores = orders / asked["orders_per_store"]
        found.has("2: the stores that the asker's numbers imply", figure(stores, name="sales_stores", unit="stores"))
