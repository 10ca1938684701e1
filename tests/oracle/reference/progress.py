"""/orders progress and compare: how counts grew, and launches beside each other."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from .asked import Refused, known, launch_of, moment_of
from .counts import Book, Point
from .derived import LEADS_TO
from .expectation import Answer, Expectation, NoOpinion, figure
from .lines import Line
from .moments import Span
from .numbers import Range, exactly
from .standing import counts
from .tables import Launch, Pack
from .totals import shown_by_value
from .words import number_words


def expect_progress(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    book = Book(pack, launch_of(pack, line))
    moment = moment_of(line, book)
    metric = line.get("metric")
    _paces_stay_inside(found, book)
    if metric is None:
        found.unsure.append("8.14: which metric progress shows without one asked for")
        return found
    if not pack.knows_metric(metric):
        found.exits("2: a metric that there is not", 2)
        return found
    rows = [c for c in book.all if c.row["metric"] == metric or metric in c.row["could_be"].split(";")]
    if not rows and metric not in LEADS_TO:
        found.exits("8.18: no row, and no identity leads to the metric", 3)
        return found
    if pack.metric_kinds.get(metric) in ("gauge", "peak"):
        test = lambda answer: "a pace" if any(f.get("name") == "pace" for f in answer.figures) else None  # noqa: E731
        found.custom("8.17: only a gross count has a pace", test, "no pace")
        return found
    if not book.is_count(metric):
        raise NoOpinion("3: progress of what is no count")
    up_to = moment if line.get("within") is not None else None
    found.part(lambda: _points(found, book, metric, up_to))
    if up_to is not None:
        _only_up_to(found, book, metric, up_to)
    elif moment is not None:
        found.part(lambda: _bracket(found, book, metric, moment))
    return found


def _points(found: Expectation, book: Book, metric: str, up_to: int | None) -> None:
    for series in book.series(metric).values():
        points = [p for p in book.points(series) if up_to is None or p.end.latest <= up_to]
        for point in points:
            shown_by_value(found, point, metric, "3: progress shows a figure for each point")
        _paces(found, points, metric)
        if points and len(points) == 1 and len(book.series(metric)) == 1:
            _said_once(found, book, metric, points[0])


def _paces(found: Expectation, points: list[Point], metric: str) -> None:
    """8.9: between two points of one series, and from its start if that is known."""
    if points:
        _first_pace(found, points[0], metric)
    for before, after in pairwise(points):
        if not (before.end.is_instant and after.end.is_instant):
            continue
        if before.is_mixed or after.is_mixed or before.winners[0].is_net != after.winners[0].is_net:
            continue
        hours = Fraction(after.end.earliest - before.end.earliest, 3600)
        if before.single is None or after.single is None or not (before.single.is_single and after.single.is_single):
            continue
        _has_pace(found, (after.single.low or Fraction(0)) - (before.single.low or Fraction(0)), hours, metric)


def _first_pace(found: Expectation, first: Point, metric: str) -> None:
    start = first.winners[0].start
    if (
        start is None
        or not start.is_instant
        or not first.end.is_instant
        or first.single is None
        or not first.single.is_single
    ):
        return
    hours = Fraction(first.end.earliest - start.earliest, 3600)
    if hours > 0 and first.single.low is not None:
        _has_pace(found, first.single.low, hours, metric)


def _has_pace(found: Expectation, more: Fraction, hours: Fraction, metric: str) -> None:
    fields = {"name": "pace"} | ({"unit": "orders/hour"} if metric in ("orders", "locked_orders") else {})
    found.has(
        "8.9: the pace between two points of one series, and from its start", figure(exactly(more / hours), **fields)
    )


def _said_once(found: Expectation, book: Book, metric: str, point: Point) -> None:
    range_ = point.single
    if range_ is None or not range_.is_single or range_.low is None or range_.low < 1000 or not point.end.is_instant:
        return
    words = re.compile(number_words(range_, metric))

    def test(answer: Answer) -> str | None:
        return "the headline says one point twice" if len(words.findall(answer.headline)) > 1 else None

    found.custom("8.14 (random 9-5-6): a single point is said once", test, "once")


def _only_up_to(found: Expectation, book: Book, metric: str, moment: int) -> None:
    """8.18: progress within shows points up to there."""
    late = {c.id for c in book.every(metric) if c.end is not None and c.end.earliest > moment}

    def test(answer: Answer) -> str | None:
        shown_late = [str(f["id"]) for f in answer.figures if f.get("id") in late]
        return f"{', '.join(shown_late)} after the moment" if shown_late else None

    if late:
        found.custom("8.18: progress within shows points up to there", test, "no later point")


def _bracket(found: Expectation, book: Book, metric: str, moment: int) -> None:
    if book.opening_instant is not None and moment < book.opening_instant:
        raise NoOpinion("3: a moment before the opening")
    if any(c.row["counting"] == "new" for c in book.of(metric)):
        raise NoOpinion("3: a moment inside new counts")
    start = book.first_start(metric)
    if metric == "deliveries" and (start is None or moment <= start):
        raise NoOpinion("8.1: progress of deliveries before they started")
    points = book.points(book.main(metric))
    if book.at(points, moment) is None and any(not c.is_net for p in points for c in p.winners):
        bracket = book.bracket(points, moment)
        found.has(
            "3, 8.1: progress at a moment brackets it inside the series since the opening", figure(bracket, name=metric)
        )


def _paces_stay_inside(found: Expectation, book: Book) -> None:
    """8.9, 8.6: a pace runs between two points of one series that count."""
    by_id = {count.id: count for count in book.all}

    def test(answer: Answer) -> str | None:
        for fig in answer.figures:
            ends = [by_id[id] for id in fig.get("operands") or () if id in by_id] if fig.get("name") == "pace" else []
            if len({(c.series, c.is_whole or c.row["place"], c.row.get("variant")) for c in ends}) > 1:
                return f"a pace between {' and '.join(c.id for c in ends)} of different series"
            if bad := [c.id for c in ends if not counts(book.pack, c.row)]:
                return f"a pace from {bad[0]}, which does not count"
            if (
                len(ends) == 2
                and ends[0].end is not None
                and ends[1].end is not None
                and ends[0].end.overlaps(ends[1].end)
            ):
                return f"a pace between {ends[0].id} and {ends[1].id}, whose ends overlap"
        return None

    found.custom("8.9, 8.6, 8.18: paces stay inside a series, between counts that count and do not overlap", test, "")


def expect_compare(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    launches = _launches(pack, line.options["launches"])
    metric = line.get("metric")
    if metric is not None and not pack.knows_metric(metric):
        raise Refused("2: a metric that there is not", 2)
    compared_or_refused(found)
    found.part(lambda: _compare(found, pack, line, launches))
    return found


def compared_or_refused(found: Expectation) -> None:
    """Section 3: compare adds a figure ``difference``, or is refused with the reason in ``missing``."""

    def test(answer: Answer) -> str | None:
        has_difference = any(fig.get("name") == "difference" for fig in answer.figures)
        is_refused = answer.json.get("verdict") == "cannot tell" and bool(answer.json.get("missing"))
        return None if has_difference or is_refused else "neither a difference nor a refusal with its reason"

    found.custom("3: compare adds a difference, or is refused: cannot tell, the reason in missing", test, "one of them")


def _compare(found: Expectation, pack: Pack, line: Line, launches: list[Launch]) -> None:
    metric = line.get("metric")
    if metric is None or metric not in pack.count_metrics() or line.get("within") is None:
        raise NoOpinion("3: what is compared without a metric of counts and a duration")
    if any(Book(pack, launch).opening_instant is None for launch in launches):
        found.exits("2, 3: a launch without an opening: exit 3, or refused", 0, 3)
        return
    ranges = [_range_at(Book(pack, launch), metric, line) for launch in launches]
    if not all(_rows(Book(pack, launch), metric) for launch in launches):
        found.exits("3: compare is refused with exit 0, or exit 3 where a launch has no fact of the metric", 0, 3)
        found.lacks("3: what is not known is not compared", name="difference")
        return
    if any(range_ is None for range_ in ranges) or len(ranges) != 2:
        raise NoOpinion("3: compare of what nobody reported at the moment")
    one, other = ranges
    assert one is not None and other is not None
    why = "3, 8.14: the difference is the first less the other, of the counts that lead"
    found.has(why, figure(one - other, name="difference"))
    for range_ in (one, other):
        found.has("3: compare shows each launch's count (the one that leads)", figure(range_, name=metric))


def _launches(pack: Pack, text: str) -> list[Launch]:
    ids = [known(pack, "launch", part) for part in text.split(",")]
    if len(set(ids)) < 2:
        raise Refused("2: compare needs two launches", 2)
    return [pack.launches[id] for id in ids]


def _rows(book: Book, metric: str) -> bool:
    leads = metric in LEADS_TO and any(c.row["metric"] in LEADS_TO for c in book.all)
    return leads or any(c.row["metric"] == metric or metric in c.row["could_be"] for c in book.all)


def _range_at(book: Book, metric: str, line: Line) -> Range | None:
    """The closed range of what leads at the moment; None if nobody reports it."""
    moment = moment_of(line, book)
    assert moment is not None
    if any(c.row["counting"] == "new" for c in book.of(metric)):
        raise NoOpinion("3: compare of new counts")
    if any(metric in c.row["could_be"] and c.end == Span(moment, moment) for c in book.all):
        raise NoOpinion("3: compare beside unstated counts")
    point = book.at(book.points(book.main(metric)), moment)
    if point is None:
        return None
    if point.single is None or point.is_mixed or any(c.is_net for c in point.winners):
        raise NoOpinion("3: whether counts that are net, or tie, are like for like")
    if point.winners[0].series != "opening" or None in (point.single.low, point.single.high):
        raise NoOpinion("8.1: compare of counts that start later, or are open")
    return point.single
