"""How a count grew, how fast, and what lay between at a moment nobody reported: ``/orders progress``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, Working
from salesbot.answers.answer import ProgressResult
from salesbot.answers.notes import NoFigure, Note, OtherMetrics, PastLast
from salesbot.errors import NotInFacts, QuestionError
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, other_starts
from salesbot.query.orders.launch_facts import LaunchFacts, Report
from salesbot.query.orders.reports import MOST_WAYS, Counts, Series, counts_of, figure_of, passed_over
from salesbot.questions.question import OrdersProgress
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import Moment
from salesbot.values.quantity import Quantity, difference, quotient

HOUR = 3600


def progress(question: OrdersProgress, snapshot: Snapshot) -> Answer:
    """The cumulative reports that count, the pace between them, and the bracket at a moment asked."""
    if question.at is not None and question.within is not None:
        raise QuestionError("two_moments")
    facts = LaunchFacts.load(question.launch, snapshot)
    at, until = facts.moment_asked(None, question.at), facts.moment_asked(question.within, None)
    metric, present = _metric(question, facts)
    counts = counts_of(facts, metric)
    main = counts.main
    gathered = Gathered()
    if at is not None and main is not None:
        gathered += _bracket(counts, main, at)
    for series in [*([main] if main else []), *counts.net, *counts.others, *counts.variants]:
        gathered += _grown(series, until, facts)
    parts = [figure_of(report, facts) for series in counts.parts for report in _until(series.points, until)]
    others = [series for series in counts.others if _until(series.points, until)]
    starts = other_starts(figure_of(series.points[0], facts) for series in others)
    notes = [*starts, *_notes(main, metric, at, [one for one in present if one != metric])]
    passed = [passed for series in counts.all for passed in passed_over(series.passed, facts)]
    if not gathered.figures and not gathered.missing and not parts:
        gathered += Gathered(missing=(NoFigure(metric),))
    gathered += Gathered(tuple(parts), passed=tuple(passed), caveats=tuple(notes))
    result = ProgressResult(
        facts.launch.id, facts.name, metric, at, facts.opening, tuple(present), facts.launch.opened_as
    )
    return answer_of(gathered, question, result, snapshot)


def _metric(question: OrdersProgress, facts: LaunchFacts) -> tuple[str, list[str]]:
    """The count asked for, else the first there is, and every count there is. Raises ``NotInFacts``."""
    kinds = facts.vocabulary.of_kind("count", "gauge", "peak", "rate", "per", "money")
    present = [metric for metric in kinds if counts_of(facts, metric).all]
    counted = [metric for metric in present if facts.vocabulary.is_count(metric)]
    known = [metric for metric in (*counted, *present) if any(one.points for one in counts_of(facts, metric).all)]
    metric = question.metric or next(iter(known or counted or present), None)
    if metric is None or metric not in present:
        raise NotInFacts("no_cumulative_count", metric=metric, name=facts.name, metrics=tuple(present))
    return metric, counted


def _bracket(counts: Counts, main: Series, at: Moment) -> Gathered:
    zero = counts.zero_before(at) if counts.metric == "deliveries" else None
    if zero is None and main.starts_after(at):
        return Gathered()
    bracket = zero or main.bracket(at) or main.unbounded(at)
    if bracket.figure is None:
        return Gathered(operands=bracket.operands, missing=bracket.notes)
    return Gathered((bracket.figure,), bracket.operands, caveats=bracket.notes)


def _until(points: Sequence[Report], until: Moment | None) -> list[Report]:
    return [point for point in points if until is None or point.ended.latest <= until.latest]


def _grown(series: Series, until: Moment | None, facts: LaunchFacts) -> Gathered:
    """The points of a series and the paces between them."""
    points = _until(series.points, until)
    if not points:
        return Gathered()
    figures = [figure_of(point, facts) for point in points]
    paces = _paces(series, points, facts) if facts.vocabulary.is_count(series.metric) else []
    return Gathered((*figures, *paces))


def _paces(series: Series, points: list[Report], facts: LaunchFacts) -> list[Figure]:
    """The count an hour between one moment and the next, the first from the start of the series if it is known.

    Where several reports count at one moment, the paces lead to each of them from each of the moment before, or of many
    from the least and the greatest.
    """
    start = series.start
    begun = start.span if start is not None else (facts.opening, facts.opening) if facts.opening is not None else None
    moments = [list(group) for _, group in groupby(points, key=lambda point: point.ended.span)]
    paces: list[Figure | None] = []
    if begun is not None:
        paces += [_pace(None, begun, later, facts) for later in moments[0]]
    for before, after in pairwise(moments):
        for number, earlier in enumerate(_apart(before)):
            found = [_pace(earlier, earlier.ended.span, later, facts) for later in after]
            if number:
                found = [replace(pace, id=f"{pace.id}-from-{earlier.id}") for pace in found if pace is not None]
            paces += found
    return [pace for pace in paces if pace is not None]


def _apart(reports: list[Report]) -> list[Report]:
    """The reports of one moment that say different numbers; of many the least and the greatest."""
    by_number = {(one.quantity.low, one.quantity.high): one for one in reversed(reports)}
    found = list(reversed(by_number.values()))
    if len(found) <= MOST_WAYS:
        return found
    found.sort(key=lambda one: one.quantity.low or 0)
    return [found[0], found[-1]]


def _pace(earlier: Report | None, begun: tuple[int, int], later: Report, facts: LaunchFacts) -> Figure | None:
    """The pace up to a report; none where the times overlap or nothing is known of the growth."""
    elapsed = later.ended.earliest - begun[1], later.ended.latest - begun[0]
    hours = Quantity(Fraction(elapsed[0], HOUR), Fraction(elapsed[1], HOUR))
    before = Quantity.exactly(0) if earlier is None else earlier.quantity
    grown = difference(later.quantity, before)
    if hours.low is None or hours.low <= 0 or grown.is_unknown:
        return None
    is_gross = later.row.gross == "yes" and (earlier is None or earlier.row.gross == "yes")
    if is_gross and (grown.high is None or grown.high >= 0) and (grown.low is None or grown.low < 0):
        grown = replace(grown, low=Fraction(0))  # what is counted gross never falls
    unit = f"{later.quantity.unit}/hour"
    terms = ((later.id, 1),) if earlier is None else ((later.id, 1), (earlier.id, -1))
    return Figure(
        id=f"pace-{later.id}",
        name="pace",
        subject=facts.name,
        quantity=quotient(grown, hours, unit),
        basis="computed",
        role="pace",
        as_of=later.ended,
        working=Working("pace", terms),
        sources=tuple(dict.fromkeys([*(earlier.sources if earlier else ()), *later.sources])),
        series_from=later.row.period_from if later.start is not None else None,
        elapsed=elapsed,
    )


def _notes(main: Series | None, metric: str, at: Moment | None, others: list[str]) -> list[Note]:
    notes: list[Note] = []
    if at is not None and main is not None and main.points and main.points[-1].ended.latest < at.earliest:
        notes.append(PastLast(metric, main.points[-1].id))
    if others:
        notes.append(OtherMetrics(tuple(others)))
    return notes
