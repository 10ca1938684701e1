"""How much was counted during a period: ``/orders total`` with ``during``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers import Figure, Working
from salesbot.answers.notes import CountFell, NoFigure, Note
from salesbot.query.orders.at_moment import Gathered, figures_at, gathered_parts
from salesbot.query.orders.comparisons import compared, contradict, side_by_side
from salesbot.query.orders.launch_facts import LaunchFacts, Report
from salesbot.query.orders.reports import Series, counts_of, figure_of, passed_over, sums_of
from salesbot.values.moment import Moment
from salesbot.values.quantity import Quantity, difference


def figures_during(start: Moment, end: Moment, wanted: Sequence[str], facts: LaunchFacts) -> Gathered:
    """What is reported of each metric for a period, and what its count grew by: all of it, if nothing was before."""
    gathered = Gathered()
    for metric in wanted:
        begins_by = counts_of(facts, metric).begins_by
        if facts.vocabulary.is_count(metric) and begins_by is not None and start.latest <= begins_by:
            gathered += _all_by_the_end(metric, start, end, facts)
        else:
            gathered += _counted(metric, start, end, facts)
        if len(wanted) == 1 and not gathered.figures and not gathered.missing:
            gathered += Gathered(missing=(NoFigure(metric, is_of_period=True),))
    return gathered


def _all_by_the_end(metric: str, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """What was counted by the end of a period before which nothing was, beside what is reported of the period."""
    until = figures_at(end, (metric,), facts, with_unstated=False)
    passed = tuple(one for one in until.passed if one.figure.as_of and _lies_in(one.figure.as_of, start, end))
    known = {figure.id: figure for figure in until.figures}
    own, summed = _own_reports(metric, start, end, facts), []
    if start.is_instant and end.is_instant:
        summed = sums_of(facts, metric).between(start.earliest, end.earliest)
    more = [(figure, parts) for figure, parts in summed if figure.id not in known and not _is_said(figure, known)]
    figures = [compared(figure, known.values()) for figure, _ in more]
    parts = tuple(part for _, of_sum in more for part in of_sum)
    own = replace(own, figures=tuple(figure for figure in own.figures if figure.id not in known))
    return replace(until, passed=passed, missing=()) + Gathered(tuple(figures), parts) + own


def _is_said(figure: Figure, known: Mapping[str, Figure]) -> bool:
    """Whether a sum is one that is known, under another name."""
    return any(figure.working is not None and figure.working == other.working for other in known.values())


def _lies_in(at: Moment, start: Moment, end: Moment) -> bool:
    return start.earliest < at.latest <= end.latest


def _counted(metric: str, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """The reports and sums of the period, and the growth of the count since the opening, compared with each other."""
    if not (start.is_instant and end.is_instant):
        return Gathered()
    own = _own_reports(metric, start, end, facts)
    if not facts.vocabulary.is_count(metric):
        return own
    sums = sums_of(facts, metric)
    found = sums.between(start.earliest, end.earliest)
    direct = [figure for figure, _ in found]
    direct += _from_its_start(metric, start, end, facts)
    parts = tuple(part for _, of_sum in found for part in of_sum)
    passed = passed_over(sums.passed_between(start.earliest, end.earliest), facts)
    main = counts_of(facts, metric).main
    is_begun = main is not None and not main.starts_after(start) and not (main.start and main.start.span == start.span)
    grown = _grown(main, start, end, facts) if main is not None and is_begun else Gathered()
    is_point = any(figure.quantity.is_point for figure in grown.figures)
    if direct and not is_point and not any(contradict(one, other) for one in grown.figures for other in direct):
        grown = Gathered()  # what is reported of the period says more
    figures = side_by_side(grown.figures, direct)
    return Gathered(tuple(figures), parts, tuple(passed)) + replace(grown, figures=()) + own


def _from_its_start(metric: str, start: Moment, end: Moment, facts: LaunchFacts) -> list[Figure]:
    """The cumulative counts at the end of a period that start as it does: they are of the very period."""
    counts = counts_of(facts, metric)
    series = [one for one in (counts.main, *counts.others) if one is not None and one.start is not None]
    found = [one.at(end).rows for one in series if one.start is not None and one.start.span == start.span]
    return [replace(figure_of(report, facts), series_from=None) for rows in found for report in rows]


def _own_reports(metric: str, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """The reports of the very period that are no summands: rates and averages, net counts, parts and variants."""
    rows = [
        report
        for report in facts.by_metric.get(metric, [])
        if report.start is not None
        and report.end is not None
        and (report.start.span, report.end.span) == (start.span, end.span)
    ]
    is_count = facts.vocabulary.is_count(metric)
    groups: dict[tuple[object, ...], list[Report]] = {}
    for report in rows:
        is_apart = report.is_net or report.part is not None or report.row.variant is not None
        if is_apart or not is_count:
            groups.setdefault((report.part, report.row.variant, report.is_net), []).append(report)
    gathered = Gathered()
    of_parts = []
    for (part, variant, _), of_group in groups.items():
        chosen = facts.precedence.choose(of_group)
        gathered += Gathered(passed=tuple(passed_over(chosen.passed_over, facts)))
        if part is not None and variant is None:
            of_parts.append(chosen.rows)
        else:
            figures = [replace(figure_of(report, facts), series_from=None) for report in chosen.rows]
            gathered += Gathered(tuple(side_by_side([], figures)))
    return gathered + gathered_parts(of_parts, metric, facts)


def _grown(series: Series, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """The differences of the counts at the two moments: as they are reported, or as others bound them."""
    before, after = (_counts_at(series, at, name, facts) for at, name in ((start, "start"), (end, "end")))
    is_gross = all(point.row.gross == "yes" for point in series.points)
    figures: list[Figure] = []
    fell: list[Note] = []
    for first, last in ((one, other) for one in before.figures for other in after.figures):
        grown = difference(last.quantity, first.quantity, last.quantity.unit)
        if grown.high is not None and grown.high < 0:
            fell.append(CountFell(series.metric, first.id, last.id))
            continue
        if grown.low is not None and grown.low < 0:
            grown = replace(grown, low=Fraction(0) if is_gross else None)  # what is counted gross never falls
        if not grown.is_unknown and (grown.low or grown.high is not None):
            figures.append(_growth(grown, first, last, len(figures), series.metric, end))
    ends = replace(before + after, figures=())
    operands = (*before.figures, *after.figures)
    if fell and not figures:
        return Gathered(operands=operands, missing=tuple(fell)) + ends
    return Gathered(tuple(figures), operands, caveats=tuple(fell)) + ends if figures else Gathered()


def _growth(grown: Quantity, first: Figure, last: Figure, number: int, metric: str, end: Moment) -> Figure:
    return Figure(
        id=f"grown-{metric.replace('_', '-')}" + (f"-{number + 1}" if number else ""),
        name=metric,
        subject=last.subject,
        quantity=grown,
        basis="computed",
        role="derived",
        as_of=end,
        working=Working("growth", ((last.id, 1), (first.id, -1))),
        sources=tuple(dict.fromkeys([*last.sources, *first.sources])),
    )


def _counts_at(series: Series, at: Moment, name: str, facts: LaunchFacts) -> Gathered:
    """The counts of a series at a moment: as they are reported then, else as earlier and later ones bound them."""
    if rows := series.at(at).rows:
        return Gathered(tuple(figure_of(report, facts) for report in rows))
    bracket = series.bracket(at)
    if bracket is None or bracket.figure is None:
        return Gathered()
    figure = replace(bracket.figure, id=f"{bracket.figure.id}-{name}")
    return Gathered((figure,), bracket.operands, caveats=bracket.notes)
