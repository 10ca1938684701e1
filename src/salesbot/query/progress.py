"""How a count grew, how fast, and what lay between at a moment nobody reported."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from salesbot.answers.answer import Answer, Figure, Note, OtherMetrics, PastLast, ProgressFound, Working
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import COUNTS
from salesbot.query.book import Book
from salesbot.query.evidence import Evidence
from salesbot.questions.question import OrdersProgress
from salesbot.storage.snapshot import Store
from salesbot.values.moment import Moment
from salesbot.values.quantity import Quantity, difference, product


def progress(question: OrdersProgress, store: Store) -> Answer:
    """The cumulative reports that count, the pace between them, and the bracket at a moment asked."""
    book = Book.of(question.launch, store)
    present = [metric for metric in COUNTS if book.cumulative(metric)]
    metric = question.metric or next(iter(present), None)
    if metric is None or metric not in present:
        what = metric.replace("_", " ") if metric else "counts"
        has = ", ".join(present).replace("_", " ") or "none"
        raise NotInFacts(f"the facts hold no cumulative {what} of {book.name}", f"they hold {has}")
    if question.at is not None and question.within is not None:
        raise QuestionError("within and at both name a moment", "write one of them")
    at, until = book.asked_at(None, question.at), book.asked_at(question.within, None)
    evidence = Evidence(book)
    if at is not None:
        _take_bracket(evidence, metric, at)
    points = [point for point in _points(book, metric) if until is None or _end(point).earliest <= until.latest]
    evidence.figures += points
    evidence.figures += _paces(book, points)
    evidence.caveats += _notes(book, metric, at, points, [other for other in present if other != metric])
    found = ProgressFound(book.launch.id, book.name, metric, at, _opening(book), tuple(present))
    return evidence.answer(question, found, store)


def _take_bracket(evidence: Evidence, metric: str, at: Moment) -> None:
    bracket = evidence.book.bracket(metric, at)
    if bracket is None:
        return
    evidence.operands += bracket.operands
    if bracket.figure is None:
        evidence.missing += bracket.notes
    else:
        evidence.figures.append(bracket.figure)
        evidence.caveats += bracket.notes


def _points(book: Book, metric: str) -> list[Figure]:
    return [book.figure(row) for row in book.bounding(metric)]


def _end(point: Figure) -> Moment:
    assert point.as_of is not None
    return point.as_of


def _opening(book: Book) -> int | None:
    try:
        return book.opening()
    except NotInFacts:
        return None


def _paces(book: Book, points: Sequence[Figure]) -> list[Figure]:
    """Orders an hour between neighbours, the first since the opening; none where it cannot be told."""
    found = []
    opening = _opening(book)
    if points and opening is not None:
        found.append(_pace(Quantity.exactly(0), opening, opening, points[0], None))
    for earlier, later in pairwise(points):
        end = _end(earlier)
        found.append(_pace(earlier.quantity, end.earliest, end.latest, later, earlier))
    return [pace for pace in found if pace is not None]


def _pace(before: Quantity, earliest: int, latest: int, later: Figure, earlier: Figure | None) -> Figure | None:
    end = _end(later)
    hours = Quantity(Fraction(end.earliest - latest, 3600), Fraction(end.latest - earliest, 3600))
    grown = difference(later.quantity, before).within(Fraction(0), None)
    if hours.low is None or hours.low <= 0 or grown.is_unknown:
        return None
    terms = ((later.id, 1),) if earlier is None else ((later.id, 1), (earlier.id, -1))
    unit = f"{later.quantity.unit}/hour"
    pace = product([(grown, 1), (hours, -1)], unit)
    return Figure(
        id=f"pace-{later.id}", name="pace", subject=later.subject, quantity=pace, basis="computed", as_of=later.as_of,
        working=Working("pace", terms), sources=tuple(dict.fromkeys([*(earlier.sources if earlier else ()), *later.sources])),
    )  # fmt: skip


def _notes(book: Book, metric: str, at: Moment | None, points: Sequence[Figure], others: Sequence[str]) -> list[Note]:
    notes: list[Note] = []
    if at is not None and points and _end(points[-1]).latest < at.earliest:
        notes.append(PastLast(metric, points[-1].id))
    if others:
        notes.append(OtherMetrics(tuple(others)))
    return notes
