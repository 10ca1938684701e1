"""The reports of a launch that count: at a moment, lately, and series by series."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property
from operator import gt, lt

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Figure, PassedOver, Reason, Working
from salesbot.answers.notes import BoundDoubtful, CountFell, Note, NotGross
from salesbot.query.orders.launch_facts import LaunchFacts, Report, StoreReport
from salesbot.query.precedence import Chosen
from salesbot.values.moment import Moment, moment_of
from salesbot.values.quantity import Quantity, agreement, total


def figure_of(report: Report, facts: LaunchFacts, *, is_operand: bool = False) -> Figure:
    """A row of counts as a figure of an answer."""
    place = None if report.part is None else (report.row.place or facts.place_name(report.part))
    return Figure(
        id=report.id,
        name=report.metric,
        subject=facts.name if place is None else f"{facts.name}, {place}",
        quantity=report.quantity,
        basis="reported",
        role="report",
        as_of=report.end,
        status=report.row.status,
        sources=report.row.sources,
        said_by=report.row.said_by,
        is_operand=is_operand,
        place=place,
        variant=report.row.variant,
        series_from=facts.later_start(report.row.period_from)
        if report.start is not None and report.is_cumulative
        else None,
        is_net=report.is_net,
        is_gross=report.row.gross == "yes",
        is_inside=report.part is None or facts.is_inside(report.part),
        note=report.row.note,
    )


def store_figure(report: StoreReport, facts: LaunchFacts, at: Moment | None, *, is_operand: bool = False) -> Figure:
    """A store count as a figure of an answer."""
    row = report.row
    place = None if report.part is None else (row.place or facts.place_name(report.part))
    return Figure(
        id=row.id,
        name=row.metric,
        subject=facts.name if place is None else f"{facts.name}, {place}",
        quantity=report.quantity,
        basis="reported",
        role="report",
        as_of=facts.moment(row.valid_from) if row.valid_from else at,
        status=row.status,
        sources=row.sources,
        said_by=row.said_by,
        is_operand=is_operand,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        place=place,
        variant=row.variant,
        channel=row.channel,
        note=row.note,
    )


def passed_over(rows: Iterable[tuple[Report, Reason]], facts: LaunchFacts) -> list[PassedOver]:
    """The rows that do not count, as figures with the reason."""
    return [PassedOver(figure_of(row, facts), reason) for row, reason in rows]


MOST_SUMMED = 400  # periods: a year of days
MOST_WAYS = 4  # sums of the same periods by reports that differ
Summed = tuple[Figure, list[Figure]]  # a sum and its operands


class Bracket(Struct, frozen=True):
    """The bounds that reports put on a count: the figure if there is one, the reports it rests on, and what to say."""

    figure: Figure | None
    operands: tuple[Figure, ...]
    notes: tuple[Note, ...]


class Series:
    """Cumulative reports that belong together: one metric, place, variant and start, gross or net.

    Reports stand in the order of their ends; of those that end at one moment only the ones that count are kept.
    """

    def __init__(self, reports: list[Report], facts: LaunchFacts) -> None:
        self._facts = facts
        by_end: dict[tuple[int, int], list[Report]] = {}
        for report in reports:
            by_end.setdefault(report.ended.span, []).append(report)
        ends = sorted(by_end, key=lambda span: (span[1], span[0]))
        self._chosen = {span: facts.precedence.choose(by_end[span]) for span in ends}
        self.points = [report for span in ends for report in self._chosen[span].rows]
        self.first = reports[0]

    @property
    def start(self) -> Moment | None:
        """When it starts; ``None`` for the opening."""
        return self.first.start

    @property
    def metric(self) -> str:
        return self.first.metric

    def at(self, moment: Moment) -> Chosen[Report]:
        """The reports that end exactly at a moment, by the written order."""
        return self._chosen.get(moment.span, Chosen())

    def latest(self) -> Chosen[Report]:
        """The reports with the latest end that has one which counts."""
        if not self.points:
            return Chosen()
        return self._chosen[self.points[-1].ended.span]

    @property
    def passed(self) -> list[tuple[Report, Reason]]:
        """Every report passed over at its own moment."""
        return [passed for chosen in self._chosen.values() for passed in chosen.passed_over]

    # bounds: the greatest low end so far, and the least high end from there on

    @cached_property
    def _bounds_below(self) -> tuple[list[int], list[Report | None], list[Report | None]]:
        """The latest ends in order; for each the report with the greatest low end up to it, and one that is less."""
        ends: list[int] = []
        best: list[Report | None] = []
        lower: list[Report | None] = []
        top: Report | None = None
        for report in self.points:
            low = report.quantity.low
            is_top = low is not None and (top is None or low >= (top.quantity.low or 0))
            is_lower = lower[-1] if lower and not is_top else None
            if is_top and top is not None and _is_below(top, report) and top.ended.span == report.ended.span:
                is_lower = top
            top = report if is_top else top
            if top is not None and is_lower is None and _is_below(report, top):
                is_lower = report
            ends.append(report.ended.latest)
            best.append(top)
            lower.append(is_lower)
        return ends, best, lower

    @cached_property
    def _bounds_above(self) -> tuple[list[int], list[Report | None]]:
        """The earliest ends in order, and for each the report with the least high end from it on."""
        ordered = sorted(self.points, key=lambda report: report.ended.earliest)
        ends = [report.ended.earliest for report in ordered]
        best: list[Report | None] = [None] * len(ordered)
        least: Report | None = None
        for index in range(len(ordered) - 1, -1, -1):
            high = ordered[index].quantity.high
            if high is not None and (least is None or least.quantity.high is None or high <= least.quantity.high):
                least = ordered[index]
            best[index] = least
        return ends, best

    def bracket(self, at: Moment) -> Bracket | None:
        """The tightest bounds that earlier and later reports put on the count at a moment.

        From 0 before the first report, open above after the last. Where an earlier report is above a later one, the
        count fell, and they bound nothing.
        """
        if not self.points or self.first.is_net:
            return None
        ends, best, lower = self._bounds_below
        index = bisect_right(ends, at.earliest)
        below = best[index - 1] if index else None
        doubts = [(below, lower[index - 1])] if index else []
        ends, best = self._bounds_above
        index = bisect_left(ends, at.latest)
        above = best[index] if index < len(ends) else None
        if above is not None:
            doubts.append((above, next((one for one in self.at(above.ended).rows if _is_below(above, one)), None)))
        rows = list({row.id: row for row in (below, above) if row is not None}.values())
        if not rows:
            return None
        operands = tuple(figure_of(row, self._facts, is_operand=True) for row in rows)
        low = below.quantity.low if below and below.quantity.low is not None else Fraction(0)
        high = above.quantity.high if above else None
        if high is not None and low > high:
            return Bracket(None, operands, (CountFell(self.metric, rows[0].id, rows[-1].id),))
        loose = tuple(row.id for row in rows if row.row.gross != "yes")
        notes: list[Note] = [NotGross(loose)] if loose else []
        for bound, other in doubts:
            if bound is not None and other is not None:
                operands += (figure_of(other, self._facts, is_operand=True),)
                notes.append(BoundDoubtful(self.metric, bound.id, other.id))
        figure = self._bound(at, Quantity(low, high, self.first.quantity.unit), rows)
        return Bracket(figure, operands, tuple(notes))

    def starts_after(self, at: Moment) -> bool:
        """Whether the series starts only after a moment, so that it says nothing of the count then."""
        opening = self._facts.opening
        start = self.start.earliest if self.start is not None else opening
        return start is not None and start > at.latest

    def unbounded(self, at: Moment) -> Bracket:
        """At least 0: what is known of a moment where no report bounds the count."""
        unit = self.first.quantity.unit
        return Bracket(self._bound(at, Quantity(Fraction(0), None, unit), []), (), ())

    def _bound(self, at: Moment, quantity: Quantity, rows: list[Report]) -> Figure:
        return Figure(
            id=f"bracket-{self.metric.replace('_', '-')}",
            name=self.metric,
            subject=self._facts.name,
            quantity=quantity,
            basis="computed",
            role="bracket",
            as_of=at,
            sources=tuple(dict.fromkeys(id for row in rows for id in row.sources)),
            working=Working("bracket", tuple((row.id, 1) for row in rows)),
            is_gross=all(row.row.gross == "yes" for row in rows),
            series_from=self._facts.later_start(self.first.row.period_from) if self.start is not None else None,
        )


def _is_below(one: Report, other: Report) -> bool:
    """Whether one report is less than another, as closely as both are told."""
    high, low = one.quantity.high, other.quantity.low
    return (
        high is not None and low is not None and high < low and agreement(one.quantity, other.quantity) == "disagrees"
    )


class Counts:
    """The series of one metric: the launch's own, those with another start, and those of parts of the market."""

    def __init__(self, facts: LaunchFacts, metric: str) -> None:
        self.facts, self.metric = facts, metric
        self.reports = facts.by_metric.get(metric, [])
        groups: dict[tuple[object, ...], list[Report]] = {}
        for report in self.reports:
            if report.is_cumulative and report.end is not None:
                start = None if report.start is None else report.start.span
                groups.setdefault((report.part, report.row.variant, start, report.is_net), []).append(report)
        self.all = [Series(reports, facts) for reports in groups.values()]
        whole = [series for series in self.all if series.first.part is None and series.first.row.variant is None]
        counting = [series for series in whole if series.points]
        self.main = self._main([series for series in counting if not series.first.is_net])
        self.net = [series for series in counting if series.first.is_net]
        self.others = [s for s in counting if s is not self.main and not s.first.is_net]
        self.variants = [s for s in self.all if s.first.part is None and s.first.row.variant is not None]
        self.parts = [series for series in self.all if series.first.part is not None]

    def _main(self, whole: list[Series]) -> Series | None:
        """The series since the opening; else the earliest, if it can be the launch's whole count."""
        by_start = sorted(whole, key=lambda series: -1 << 62 if series.start is None else series.start.earliest)
        if not by_start:
            return None
        first = by_start[0]
        opened_by = self.facts.opened_by
        if first.start is None or opened_by is None or self.metric == "deliveries":
            return first
        before = [series for series in by_start if series.start is not None and series.start.earliest <= opened_by]
        return before[-1] if before else None

    @cached_property
    def begins_by(self) -> int | None:
        """An instant up to which nothing was counted, so that a count from then on is a count from the start.

        The opening; for deliveries, which are 0 before the first start of a cumulative count, that start if it is
        later and no report tells of one before it.
        """
        opened_by = self.facts.opened_by
        if self.metric == "deliveries" and self._first_cumulative is not None and not self.has_earlier:
            return max(opened_by or 0, self._first_cumulative[0])
        return opened_by

    @cached_property
    def first_start(self) -> tuple[int, Report] | None:
        """The earliest instant at which a report starts to count, and that report.

        A count of a calendar period, such as a year, says so only where no cumulative one does or it ends before.
        """
        starts = [*self._earlier]
        if self._first_cumulative is not None:
            starts.append(self._first_cumulative)
        return min(starts or self._starts(is_cumulative=False), key=lambda one: one[0], default=None)

    @property
    def has_earlier(self) -> bool:
        """Whether something was counted before the first cumulative count of the whole starts."""
        return bool(self._earlier)

    @cached_property
    def _first_cumulative(self) -> tuple[int, Report] | None:
        return min(self._starts(is_cumulative=True), key=lambda one: one[0], default=None)

    @cached_property
    def _earlier(self) -> list[tuple[int, Report]]:
        """The starts of what was counted before the first cumulative count of the whole starts."""
        if self._first_cumulative is None:
            return []
        first = self._first_cumulative[0]
        found = [one for one in self._starts(is_cumulative=False) if one[1].ended.latest <= first]
        found += [one for one in self._starts(is_cumulative=True, is_whole=False) if one[0] < first]
        return [(start, report) for start, report in found if report.quantity.low]

    def _starts(self, *, is_cumulative: bool, is_whole: bool = True) -> list[tuple[int, Report]]:
        """The instants at which the reports of the whole, or of a part or variant, start to count."""
        opening = self.facts.opening
        found: list[tuple[int, Report]] = []
        for report in self.reports:
            of_whole = report.part is None and report.row.variant is None
            if report.end is None or of_whole is not is_whole or report.is_cumulative is not is_cumulative:
                continue
            start = opening if report.start is None else report.start.earliest
            if start is None or self.facts.precedence.why_not(report) is not None:
                continue
            if is_cumulative:
                found.append((start, report))
            elif report.row.period_from is not None:
                found.append((max(start, opening or start), report))
        return found

    def zero_before(self, at: Moment) -> Bracket | None:
        """0 at a moment before anything was counted, a part of the market and a variant included."""
        if self.first_start is None or self.first_start[0] <= at.latest or self._is_counted_by(at):
            return None
        report = self.first_start[1]
        figure = Figure(
            id=f"bracket-{self.metric.replace('_', '-')}",
            name=self.metric,
            subject=self.facts.name,
            quantity=Quantity.exactly(0, report.quantity.unit),
            basis="computed",
            role="not started",
            as_of=at,
            sources=report.sources,
            working=Working("not started", ((report.id, 1),)),
            series_from=self.facts.later_start(report.row.period_from) if report.start is not None else None,
        )
        return Bracket(figure, (figure_of(report, self.facts, is_operand=True),), ())

    def _is_counted_by(self, at: Moment) -> bool:
        """Whether a report that counts, of whatever part, ended by a moment and is above 0."""
        counted = (one for one in self.reports if one.end is not None and one.end.latest <= at.latest)
        return any(one.quantity.low and self.facts.precedence.why_not(one) is None for one in counted)

    @property
    def untimed(self) -> list[Report]:
        """The reports of the whole whose moment is not known."""
        return [report for report in self.reports if report.end is None and report.part is None]


class Sums:
    """Sums of new counts whose periods follow each other from before the opening on.

    Where several reports of one period count and differ, there is a sum with each of them.
    """

    def __init__(self, counts: Counts) -> None:
        self._counts, self._facts = counts, counts.facts
        self.passed: list[tuple[Report, Reason]] = []
        self._tied: dict[str, list[Report]] = {}  # by a period's report: those that count as well, each number once
        self._from: dict[int, tuple[int, Report, int]] = {}  # by end: how many rows, the last, and where it starts
        self._longest: dict[int, Report] = {}  # by end: the period that starts first
        self._by_start: dict[int, list[Report]] = {}
        for report in sorted(self._periods(), key=lambda report: report.ended.latest):
            assert report.start is not None
            start, end = report.start.earliest, report.ended.earliest
            self._by_start.setdefault(start, []).append(report)
            known = self._longest.get(end)
            if known is None or known.start is None or start < known.start.earliest:
                self._longest[end] = report
            base = counts.begins_by
            head = 0 if base is not None and start <= base else self._from[start][0] if start in self._from else None
            if head is not None and (end not in self._from or head + 1 < self._from[end][0]):
                self._from[end] = (head + 1, report, start)

    def _periods(self) -> list[Report]:
        """A report that counts of each period, with the instants of its start and end."""
        periods: dict[tuple[int, int], list[Report]] = {}
        for report in self._counts.reports:
            start = self._start(report)
            is_new = not (report.is_cumulative or report.is_net or report.part or report.row.variant)
            if is_new and start is not None and report.end is not None and report.end.is_instant:
                periods.setdefault((start, report.end.earliest), []).append(report)
        chosen = [(start, self._facts.precedence.choose(rows)) for (start, _), rows in periods.items()]
        self.passed = [passed for _, choice in chosen for passed in choice.passed_over]
        for start, choice in chosen:
            by_number = {(one.quantity.low, one.quantity.high): one for one in reversed(choice.rows)}
            known = [one for one in reversed(by_number.values()) if not one.quantity.is_unknown]
            tied = [one if one.start is not None else replace(one, start=moment_of(start)) for one in known]
            if tied:
                self._tied[tied[0].id] = tied
        return [tied[0] for tied in self._tied.values()]

    def _start(self, report: Report) -> int | None:
        """The instant at which the period of a report starts; ``None`` if it is not known."""
        if report.row.period_from is None:
            return None
        if report.start is None:
            return self._facts.opening
        return report.start.earliest if report.start.is_instant else None

    @property
    def last_end(self) -> int | None:
        """The instant at which the longest sum ends."""
        return max(self._from, default=None)

    def greatest_by(self, at: Moment) -> Figure | None:
        """The greatest count of a single period that has ended by a moment."""
        ends, greatest = self._greatest
        index = bisect_right(ends, at.earliest)
        if not index:
            return None
        report = greatest[index - 1]
        return replace(figure_of(report, self._facts), series_from=report.row.period_from)

    @cached_property
    def _greatest(self) -> tuple[list[int], list[Report]]:
        """The ends of the periods in order, and for each the report with the greatest low end up to it."""
        periods = [report for of_start in self._by_start.values() for report in of_start]
        ends: list[int] = []
        greatest: list[Report] = []
        for report in sorted(periods, key=lambda report: report.ended.earliest):
            low, known = report.quantity.low, greatest[-1].quantity.low if greatest else None
            ends.append(report.ended.earliest)
            greatest.append(greatest[-1] if greatest and (low is None or (known or 0) >= low) else report)
        return ends, greatest

    def ending(self, end: int) -> list[Summed]:
        """The sums that end at an instant with the fewest rows; one row alone is that row."""
        chain: list[Report] = []
        while end in self._from:
            count, report, start = self._from[end]
            chain.append(report)
            if count == 1:
                break
            end = start
        return self._sums(chain[::-1])

    def between(self, start: int, end: int) -> list[Summed]:
        """The sums of periods that follow each other from one instant to another: with the fewest rows, and the most.

        The report of that very period is the one with the fewest.
        """
        fewest, most = (self._chain(start, end, better) for better in (lt, gt))
        found = self._sums(fewest)
        return [*found, *self._sums(most, "-of-most")] if most != fewest else found

    def _chain(self, start: int, end: int, better: Callable[[int, int], bool]) -> list[Report]:
        """The periods that lead from one instant to another, the fewest or the most of them."""
        best: dict[int, tuple[int, Report]] = {}  # by end: how many rows, and the last
        ends = sorted(report.ended.earliest for of_start in self._by_start.values() for report in of_start)
        for at in (start, *(at for at in dict.fromkeys(ends) if start < at < end)):
            count = best[at][0] if at in best else 0
            for report in self._by_start.get(at, ()) if at == start or at in best else ():
                after = report.ended.earliest
                if after <= end and (after not in best or better(count + 1, best[after][0])):
                    best[after] = (count + 1, report)
        chain: list[Report] = []
        while end in best and len(chain) < MOST_SUMMED:
            chain.append(best[end][1])
            assert chain[-1].start is not None
            end = chain[-1].start.earliest
        return chain[::-1] if end == start else []

    def passed_between(self, start: int, end: int) -> list[tuple[Report, Reason]]:
        """The reports of that period which do not count."""
        return [
            (report, reason)
            for report, reason in self.passed
            if self._start(report) == start and report.end is not None and report.end.earliest == end
        ]

    def since_later(self, end: int | None = None) -> list[Summed]:
        """The sums of periods that follow each other up to an instant, or to the last one, from a later start on.

        Nothing where a sum from the start on ends there.
        """
        end = max(self._longest, default=None) if end is None else end
        if end is None or end in self._from:
            return []
        chain: list[Report] = []
        while end in self._longest and len(chain) < MOST_SUMMED:
            chain.append(self._longest[end])
            assert chain[-1].start is not None
            end = chain[-1].start.earliest
        return [
            (replace(figure, series_from=chain[-1].row.period_from), parts) for figure, parts in self._sums(chain[::-1])
        ]

    def _sums(self, chain: list[Report], named: str = "") -> list[Summed]:
        """The sum of periods with each report that counts of them; of many the least and the greatest."""
        ways: list[list[Report]] = [[]] if chain else []
        for report in chain:
            ways = [[*way, one] for way in ways for one in self._tied[report.id]]
            if len(ways) > MOST_WAYS:
                ways.sort(key=lambda way: sum(one.quantity.low or 0 for one in way))
                ways = [ways[0], ways[-1]]
        return [self._sum(way, named + (f"-{number}" if number > 1 else "")) for number, way in enumerate(ways, 1)]

    def _sum(self, chain: list[Report], suffix: str) -> Summed:
        """The sum of periods, and its operands; one period alone is its report."""
        if len(chain) == 1:
            return figure_of(chain[0], self._facts), []
        parts = [figure_of(report, self._facts, is_operand=True) for report in chain]
        figure = Figure(
            id=f"summed-{self._counts.metric.replace('_', '-')}{suffix}",
            name=self._counts.metric,
            subject=self._facts.name,
            quantity=total((report.quantity for report in chain), chain[0].quantity.unit),
            basis="computed",
            role="sum",
            as_of=chain[-1].end,
            is_gross=all(report.row.gross == "yes" for report in chain),
            working=Working("sum", tuple((report.id, 1) for report in chain)),
            sources=tuple(dict.fromkeys(id for report in chain for id in report.sources)),
        )
        return figure, parts


def counts_of(facts: LaunchFacts, metric: str) -> Counts:
    """The series of a metric, made once for a launch."""
    return facts.snapshot.cached(("counts", facts.launch.id, metric), lambda: Counts(facts, metric))


def sums_of(facts: LaunchFacts, metric: str) -> Sums:
    """The sums of a metric's new counts, made once for a launch."""
    return facts.snapshot.cached(("sums", facts.launch.id, metric), lambda: Sums(counts_of(facts, metric)))
