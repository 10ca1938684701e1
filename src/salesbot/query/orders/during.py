"""How much was counted during a period: ``/orders total`` with ``during``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers import Figure, Working
from salesbot.answers.notes import NoFigure
from salesbot.query.orders.at_moment import Gathered, figures_at
from salesbot.query.orders.comparisons import side_by_side
from salesbot.query.orders.launch_facts import LaunchFacts
from salesbot.query.orders.reports import Series, counts_of, figure_of, passed_over, sums_of
from salesbot.values.moment import Moment
from salesbot.values.quantity import difference


def figures_during(start: Moment, end: Moment, wanted: Sequence[str], facts: LaunchFacts) -> Gathered:
    """What each metric grew by between two moments: all that was counted by the second, if nothing was by the first.

    Only a count has a growth: a rate or an average of a period is not told by those at its ends.
    """
    gathered = Gathered()
    for metric in wanted:
        begins_by = counts_of(facts, metric).begins_by
        if facts.vocabulary.is_count(metric) and begins_by is not None and start.latest <= begins_by:
            gathered += figures_at(end, (metric,), facts, with_unstated=False)
        elif facts.vocabulary.is_count(metric):
            gathered += _counted(metric, start, end, facts)
        if len(wanted) == 1 and not gathered.figures:
            gathered = replace(gathered, missing=(NoFigure(metric, is_of_period=True),))
    return gathered


def _counted(metric: str, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """The reports and sums of the period, and the growth of the count since the opening, compared with each other."""
    if not (start.is_instant and end.is_instant):
        return Gathered()
    sums = sums_of(facts, metric)
    found = sums.between(start.earliest, end.earliest)
    direct = [figure for figure, _ in found]
    parts = tuple(part for _, of_sum in found for part in of_sum)
    passed = passed_over(sums.passed_between(start.earliest, end.earliest), facts)
    main = counts_of(facts, metric).main
    grown = _grown(main, start, end, facts) if main is not None and not main.starts_after(start) else Gathered()
    if direct and all(figure.quantity.is_open or not figure.quantity.is_point for figure in grown.figures):
        grown = Gathered()  # what is reported of the period says more
    return Gathered(tuple(side_by_side(grown.figures, direct)), parts, tuple(passed)) + replace(grown, figures=())


def _grown(series: Series, start: Moment, end: Moment, facts: LaunchFacts) -> Gathered:
    """The differences of the counts at the two moments: as they are reported, or as others bound them."""
    before, after = (_counts_at(series, at, name, facts) for at, name in ((start, "start"), (end, "end")))
    is_gross = all(point.row.gross == "yes" for point in series.points)
    figures = []
    for number, (first, last) in enumerate(((one, other) for one in before.figures for other in after.figures), 1):
        grown = difference(last.quantity, first.quantity, last.quantity.unit)
        if grown.low is not None and grown.low < 0:
            grown = replace(grown, low=Fraction(0) if is_gross else None)  # what is counted gross never falls
        if grown.is_unknown:
            continue
        figures.append(
            Figure(
                id=f"grown-{series.metric.replace('_', '-')}" + (f"-{number}" if number > 1 else ""),
                name=series.metric,
                subject=facts.name,
                quantity=grown,
                basis="computed",
                role="derived",
                as_of=end,
                working=Working("growth", ((last.id, 1), (first.id, -1))),
                sources=tuple(dict.fromkeys([*last.sources, *first.sources])),
            )
        )
    if not figures:
        return Gathered()
    ends = replace(before + after, figures=())
    return Gathered(tuple(figures), (*before.figures, *after.figures)) + ends


def _counts_at(series: Series, at: Moment, name: str, facts: LaunchFacts) -> Gathered:
    """The counts of a series at a moment: as they are reported then, else as earlier and later ones bound them."""
    if rows := series.at(at).rows:
        return Gathered(tuple(figure_of(report, facts) for report in rows))
    bracket = series.bracket(at)
    if bracket is None or bracket.figure is None:
        return Gathered()
    figure = replace(bracket.figure, id=f"{bracket.figure.id}-{name}")
    return Gathered((figure,), bracket.operands, caveats=bracket.notes)
