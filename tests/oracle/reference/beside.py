"""What stands beside a total: unstated figures, contradictions, and rows that must not lead."""

from __future__ import annotations

import re

from .counts import Book, Point
from .derived import told_at
from .expectation import FILLED, Answer, Expectation, figure
from .lines import COUNTS
from .moments import Span
from .numbers import below, shown
from .standing import counts, stands
from .words import number_words


def is_exact(point: Point) -> bool:
    return all(count.row["stated"] == "exact" for count in point.winners)


def unstated_figures(found: Expectation, book: Book, metric: str | None, moment: int | None) -> None:
    """8.15: unstated figures answer only metrics that they could be, with every reading."""
    rows = [c for c in book.of("unstated") if not c.range.is_unknown]
    for count in rows:
        could_be = [name.strip() for name in count.row["could_be"].split(";") if name.strip()]
        if metric is not None and metric not in could_be:
            found.lacks("8.15: an unstated figure answers only metrics that it could be", id=count.id)
            continue
        if count.end is None or (moment is None and len(rows) > 1):
            continue
        if moment is not None and count.end != Span(moment, moment):
            continue
        found.has("8.15: an unstated figure is shown where it could be the metric", figure(count.range, id=count.id))
        for reading in could_be:
            found.has("8.15: every reading of an unstated figure is shown", {"name": reading, "reading_of": FILLED})


def contradictions(found: Expectation, book: Book, moment: int | None) -> None:
    """8.11: more locked than ordered, deliveries above orders: said, not answered."""
    if moment is None:
        return
    orders = told_at(book, "orders", moment)
    for metric in ("locked_orders", "deliveries"):
        other = told_at(book, metric, moment)
        if orders is None or other is None or len(orders.winners) != 1 or len(other.winners) != 1:
            continue
        one, more = orders.winners[0], other.winners[0]
        if is_exact(orders) and is_exact(other) and below(one.range, more.range) and not one.is_net and not more.is_net:
            found.top(f"8.11: {metric} above orders is a contradiction, and is said", "verdict", "disagrees")


def fallen_never_leads(found: Expectation, book: Book) -> None:
    """Section 6, 8.6: what does not stand, or is known bad, is not the headline."""
    numbers = {end for c in book.all if counts(book.pack, c.row) for end in (c.range.low, c.range.high)}
    for count in book.all:
        low = count.range.low
        if (
            count.row["metric"] not in COUNTS
            or counts(book.pack, count.row)
            or not count.range.is_single
            or low in numbers
        ):
            continue
        if low is None or low < 1000 or 1900 <= low <= 2100:
            continue  # hours and years stand in headlines too
        words = re.compile(number_words(count.range, str(count.row["metric"])))
        why = "8.6: grade D never leads" if stands(book.pack, count.row) else "6: what does not stand never leads"

        def test(answer: Answer, words: re.Pattern[str] = words) -> str | None:
            is_marked = re.search("bad|denied|rumou?r|target|supersed|revis", answer.headline)
            return answer.headline if words.search(answer.headline) and not is_marked else None

        found.custom(why, test, f"not {shown(count.range)}")


def rate_above_1(found: Expectation, book: Book, moment: int) -> None:
    orders, locked = told_at(book, "orders", moment), told_at(book, "locked_orders", moment)
    if orders and locked and is_exact(orders) and is_exact(locked) and len(orders.winners) == len(locked.winners) == 1:
        one, more = orders.winners[0], locked.winners[0]
        if below(one.range, more.range) and not (one.is_net or more.is_net):
            found.top("8.11: a rate above 1 is a contradiction, and is said", "verdict", "disagrees")
