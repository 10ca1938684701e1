"""The latest figures of a launch, metric by metric, where no moment is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from salesbot.answers import Figure, PassedOver, Reason
from salesbot.answers.notes import ReadingsDiffer
from salesbot.query.orders.at_moment import (
    Gathered,
    figures_at,
    gathered_parts,
    gathered_sums,
    later_starts,
    needed_by,
    other_starts,
    with_contradictions,
)
from salesbot.query.orders.comparisons import compared, side_by_side
from salesbot.query.orders.launch_facts import LaunchFacts, Report
from salesbot.query.orders.reports import Counts, Series, counts_of, figure_of, passed_over, sums_of
from salesbot.query.orders.stores_in_force import stores_in_force
from salesbot.query.precedence import Chosen


def latest_figures(wanted: Sequence[str], facts: LaunchFacts) -> Gathered:
    """The latest figures of each metric wanted, and of the unstated figures that could be one of them."""
    gathered = Gathered()
    for metric in wanted:
        gathered += _latest_of(metric, facts)
    gathered += _unstated(wanted, facts)
    return with_contradictions(gathered, wanted, facts)


def _latest_of(metric: str, facts: LaunchFacts) -> Gathered:
    if facts.stores_of_launch(metric) or facts.stores_of_brand(metric):
        stores = stores_in_force(metric, None, facts)
        return Gathered((*stores.figures, *stores.parts), (), stores.passed_over, stores.notes)
    counts = counts_of(facts, metric)
    is_count = facts.vocabulary.is_count(metric)
    gathered = _latest_count(counts, facts) if is_count else _latest_level(counts, facts)
    others = [
        figure_of(report, facts) for series in (*counts.others, *counts.variants) for report in series.latest().rows
    ]
    later = later_starts(gathered.figures, metric, facts)
    gathered += Gathered(tuple(others), caveats=(*(other_starts(others) if is_count else ()), *later))
    gathered += Gathered(passed=tuple(passed for one in counts.all for passed in passed_over(_passed(one), facts)))
    parts = gathered_parts([series.latest().rows for series in counts.parts], metric, facts)
    gathered += replace(parts, figures=tuple(_beside_whole(figure, gathered.figures) for figure in parts.figures))
    untimed = (PassedOver(figure_of(report, facts), report.why_not or "no time") for report in counts.untimed)
    return gathered + Gathered(passed=tuple(untimed))


def _passed(series: Series) -> list[tuple[Report, Reason]]:
    """The reports of a series passed over at its latest moment; all of them where none counts."""
    return list(series.latest().passed_over) if series.points else series.passed


def _latest_count(counts: Counts, facts: LaunchFacts) -> Gathered:
    """The cumulative count with the latest end, a sum of periods that reaches further, an earlier one by the maker."""
    series = [*([counts.main] if counts.main else []), *counts.net]
    chosen = [one.latest() for one in series]
    reports = [report for one in chosen for report in one.rows]
    gross = [report for report in reports if not report.is_net] or reports
    direct = [figure_of(report, facts) for report in gross]
    passed: list[PassedOver] = []
    earlier = [report for one in series for report in _earlier_by_maker(one, facts)]
    is_net = gross[0].is_net if gross else False
    direct += [figure_of(report, facts) for report in earlier if report.is_net is is_net]
    compared = _ties_compared(direct)
    others = [*(report for report in reports if report not in gross), *earlier]
    shown = {figure.id for figure in compared}
    compared += _ties_compared([figure_of(report, facts) for report in others if report.id not in shown])
    sums = sums_of(facts, counts.metric)
    last = sums.last_end
    latest = max((report.ended.latest for report in gross), default=None)
    passed += passed_over(sums.passed, facts)
    if last is None and not compared and (later := sums.since_later()):
        return gathered_sums(later) + Gathered(passed=tuple(passed))
    if last is None or (latest is not None and latest >= last) or not (found := sums.ending(last)):
        return Gathered(tuple(compared), passed=tuple(passed))
    summed = side_by_side([], [figure for figure, _ in found])
    parts = tuple(part for _, parts in found for part in parts)
    return Gathered((*summed, *compared), parts, tuple(passed))


def _beside_whole(part: Figure, wholes: Sequence[Figure]) -> Figure:
    """A sum of parts, compared with what is reported of the whole at its moment; a part as it is."""
    if part.role != "sum" or part.as_of is None:
        return part
    span = part.as_of.span
    if part.is_net or part.series_from is not None:
        return part
    alike = [one for one in wholes if one.as_of and one.as_of.span == span and not (one.series_from or one.is_net)]
    return compared(part, alike)


def _earlier_by_maker(series: Series, facts: LaunchFacts) -> list[Report]:
    """The maker's latest reports of a series whose latest are by others."""
    if any(facts.precedence.is_by_maker(report) for report in series.latest().rows):
        return []
    own = [report for report in series.points if facts.precedence.is_by_maker(report)]
    return [report for report in own if report.ended.span == own[-1].ended.span]


def _ties_compared(direct: list[Figure]) -> list[Figure]:
    """Reports that tie at the latest moment, compared with each other; an earlier one is another figure."""
    if not direct:
        return []
    first = direct[0].as_of
    same = [one for one in direct if one.as_of is not None and first is not None and one.as_of.span == first.span]
    return [*side_by_side([], same), *(figure for figure in direct if figure not in same)]


def _latest_level(counts: Counts, facts: LaunchFacts) -> Gathered:
    """A rate, average, gauge or peak: the written order decides, then the latest."""
    reports: list[Report] = [report for series in counts.all for report in series.points if report.part is None]
    reports = [report for report in reports if report.row.variant is None]
    chosen: Chosen[Report] = facts.precedence.choose(reports, lambda report: -report.ended.latest)
    figures = side_by_side([], [figure_of(report, facts) for report in chosen.rows])
    passed = [
        *chosen.passed_over,
        *(passed for series in counts.all if series.first.part is None for passed in series.passed),
    ]
    return Gathered(tuple(figures), passed=tuple(passed_over(passed, facts)))


def _unstated(wanted: Sequence[str], facts: LaunchFacts) -> Gathered:
    """The latest figures of unstated kind that could be a metric wanted, each reading compared at its own moment."""
    main = counts_of(facts, "unstated").main if "unstated" in facts.by_metric else None
    gathered = Gathered()
    for report in main.latest().rows if main is not None else ():
        if not set(report.row.could_be) & set(wanted):
            continue
        at_its_end = figures_at(report.ended, report.row.could_be, facts, with_unstated=True)
        own = [figure for figure in at_its_end.figures if report.id in (figure.id, figure.reading_of)]
        compared_with = {id for figure in own for id in figure.against}
        others = [figure for figure in at_its_end.figures if figure.id in compared_with]
        operands = [replace(figure, is_operand=True) for figure in (*others, *at_its_end.operands)]
        operands += needed_by((*own, *others), at_its_end.figures)
        notes = [note for note in at_its_end.caveats if isinstance(note, ReadingsDiffer) and note.figure == report.id]
        gathered += Gathered(tuple(own), tuple(operands) if others else (), caveats=tuple(notes))
    return gathered
