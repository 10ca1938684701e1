"""Parts of a launch's market: shown at every moment, never the whole, summed only where places.csv says so (8.8)."""

from __future__ import annotations

import re
from fractions import Fraction

from .counts import Book, Count
from .expectation import Answer, Expectation, figure
from .numbers import Range, shown
from .words import number_words

COUNTED = r"\s*(?:locked )?(?:orders|reservations|deliveries|cars)"


def shown_parts(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    """8.8: parts are shown at every moment, and never stand for the whole."""
    parts = [c for c in book.of(metric, whole=False) if c.row["counting"] != "new"]
    by_place: dict[str, list[Count]] = {}
    for count in parts:
        by_place.setdefault(book.pack.region_key(count.row["place"]) + count.series, []).append(count)
    has_whole = any(c.is_whole for c in book.every(metric))
    if any(moment is None or (count.end is not None and count.end.latest <= moment) for count in parts):
        found.exits("8.8: parts are an answer", 0)
    for some in by_place.values():
        points = book.points(some)
        point = points[-1] if moment is None and points else book.at(points, moment) if moment is not None else None
        if point is None:
            continue
        if moment is None and any(p.end.overlaps(point.end) for p in points[:-1]):
            continue
        for count in point.winners:
            found.has(
                "8.8: parts are shown at every moment and in every question",
                figure(count.range, name=metric, id=count.id),
            )
            if count.range.is_single and not has_whole and not count.series.startswith("0"):
                _never_the_whole(found, count, metric)


def _never_the_whole(found: Expectation, count: Count, metric: str) -> None:
    said, place = re.compile(number_words(count.range, metric) + COUNTED), count.row["place"]

    def test(answer: Answer) -> str | None:
        if said.search(answer.headline) and place.casefold() not in answer.headline.casefold():
            return f"the headline says {shown(count.range)} without {place}"
        return None

    found.custom("8.8: a part is not the headline of the launch", test, f"{place} is named beside its number")


def sums_of_parts(found: Expectation, book: Book, metric: str, moment: int | None) -> None:
    """The sum of all parts where places.csv says that they make the whole; else no sum."""
    whole = book.pack.region_key(book.launch.market)
    places = book.pack.parts_of(whole)
    if not places or any(count.is_whole for count in book.every(metric)):
        return
    ranges = []
    for place in places:
        some = [
            c
            for c in book.of(metric, whole=False)
            if book.pack.region_key(c.row["place"]) == place and c.series == "opening"
        ]
        points = book.points(some)
        point = book.at(points, moment) if moment is not None else points[0] if len(points) == 1 else None
        if point is None or point.single is None or any(count.is_net for count in point.winners):
            return
        ranges.append((point.end, point.single))
    if len({end for end, _ in ranges}) > 1 or len(ranges) < 2:
        return
    total = ranges[0][1]
    for _, range_ in ranges[1:]:
        total = total + range_
    if book.pack.is_complete(whole):
        found.has("8.8: parts that make the whole are summed", figure(total, name=metric))
    elif total.is_single:
        _never_summed(found, metric, total)


def _never_summed(found: Expectation, metric: str, total: Range) -> None:
    def test(answer: Answer) -> str | None:
        sums = [
            f
            for f in answer.figures
            if f.get("name") == metric and f.get("basis") == "computed" and f.get("low") is not None
        ]
        return "they are summed" if any(Fraction(str(f["low"])) == total.low for f in sums) else None

    found.custom("8.8: parts are summed only where places.csv says they make the whole", test, "no sum")
