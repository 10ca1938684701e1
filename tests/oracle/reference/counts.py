"""A launch's counts as series (8.1): points, brackets, sums of new counts, parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .expectation import NoOpinion
from .moments import Span, boundary
from .numbers import Range, cell_number
from .standing import FALLEN, chosen, counts, stands
from .tables import Launch, Pack, Row

OPENING = "opening"


@dataclass(frozen=True)
class Count:
    """One row of orders.csv, read."""

    row: Row
    range: Range
    start: Span | None
    series: str  # "opening", or the seconds its start lies between
    end: Span | None
    is_whole: bool

    @property
    def id(self) -> str:
        return self.row["id"]

    @property
    def is_net(self) -> bool:
        return self.row["gross"] == "no"


@dataclass(frozen=True)
class Point:
    """What counts at one moment of a series, and what was passed over there."""

    end: Span
    winners: tuple[Count, ...]
    losers: tuple[Count, ...]

    @property
    def is_mixed(self) -> bool:
        return len({count.is_net for count in (*self.winners, *self.losers)}) > 1

    @property
    def single(self) -> Range | None:
        """The one range that all winners tell, if they do."""
        found = {(w.range.low, w.range.high) for w in self.winners}
        return self.winners[0].range if len(found) == 1 else None


class Book:
    """The counts of one launch."""

    def __init__(self, pack: Pack, launch: Launch) -> None:
        self.pack, self.launch = pack, launch
        self.opening = boundary(launch.opened, launch.zone) if launch.opened else None
        is_instant = self.opening is not None and "T" in launch.opened and self.opening.is_instant
        self.opening_instant = self.opening.earliest if self.opening is not None and is_instant else None
        self.all = [self._read(row) for row in pack.rows("orders") if row["launch"] == launch.id]

    def _read(self, row: Row) -> Count:
        zone = self.launch.zone
        start = boundary(row["period_from"], zone) if row["period_from"] else None
        end = boundary(row["period_to"], zone) if row["period_to"] else None
        series = OPENING if start is None or start == self.opening else f"{start.earliest}-{start.latest}"
        is_whole = self.pack.is_whole(row, self.launch)
        if start is None and self.opening_instant is not None:
            start = self.opening
        return Count(row, Range(cell_number(row["low"]), cell_number(row["high"])), start, series, end, is_whole)

    def is_count(self, metric: str) -> bool:
        return metric in self.pack.count_metrics()

    def of(self, metric: str, *, whole: bool | None = True, variant: str = "") -> list[Count]:
        """The rows of a metric that count."""
        return [
            count
            for count in self.every(metric, variant)
            if (whole is None or count.is_whole == whole) and counts(self.pack, count.row)
        ]

    def every(self, metric: str, variant: str = "") -> list[Count]:
        return [c for c in self.all if c.row["metric"] == metric and c.row.get("variant", "").strip() == variant]

    def series(self, metric: str, counting: str = "cumulative") -> dict[str, list[Count]]:
        """The whole cumulative counts of a metric, by where they start."""
        found: dict[str, list[Count]] = {}
        for count in self.of(metric):
            if count.row["counting"] == counting:
                found.setdefault(count.series, []).append(count)
        return found

    def main(self, metric: str) -> list[Count]:
        """The series that is the launch's total: since the opening, or for deliveries since the first start."""
        series = self.series(metric)
        if OPENING in series:
            return series[OPENING]
        if metric == "deliveries" and series:
            firsts = sorted(series, key=lambda key: self._start(series[key][0]))
            if self.of(metric) and any(c.row["counting"] == "new" for c in self.of(metric)):
                raise NoOpinion("8.1: deliveries both new and cumulative")
            return series[firsts[0]]
        return []

    def _start(self, count: Count) -> int:
        return count.start.earliest if count.start else 0

    def later(self, metric: str) -> dict[str, list[Count]]:
        """The series that start after the opening."""
        if self.opening is None:
            return {}
        main = self.main(metric)
        return {
            key: some
            for key, some in self.series(metric).items()
            if key != OPENING and some is not main and some[0].series != (main[0].series if main else "")
            and some[0].start is not None and some[0].start.earliest > self.opening.latest
        }  # fmt: skip

    def points(self, series: Iterable[Count]) -> list[Point]:
        """What counts at each moment of a series, in order of time."""
        by_end: dict[Span, list[Count]] = {}
        for count in series:
            if count.end is None:
                raise NoOpinion("2: a count whose end is not known cannot be ordered")
            if not count.range.is_unknown:
                by_end.setdefault(count.end, []).append(count)
        found = []
        for end in sorted(by_end):
            winners, losers = chosen(self.pack, by_end[end], self.launch.brand, lambda count: count.row)
            found.append(Point(end, tuple(winners), tuple(losers)))
        return found

    def at(self, points: list[Point], moment: int) -> Point | None:
        """The point exactly at a moment; no opinion where one may or may not be."""
        for point in points:
            if point.end.is_instant and point.end.earliest == moment:
                return point
            if point.end.earliest <= moment <= point.end.latest:
                raise NoOpinion("5: a count's end is known only as a span around the moment")
        return None

    def bracket(self, points: list[Point], moment: int) -> Range:
        """The tightest bounds of all reports of a series that count, at a moment (section 3, 8.18)."""
        low, high = Fraction(0), None
        for point in points:
            if point.is_mixed:
                raise NoOpinion("8.18: gross and net counts at one moment")
            for count in point.winners:
                if count.is_net:
                    continue
                if point.end.latest <= moment and count.range.low is not None:
                    low = max(low, count.range.low)
                if point.end.earliest >= moment and count.range.high is not None:
                    high = count.range.high if high is None else min(high, count.range.high)
        if high is not None and low > high:
            raise NoOpinion("3: bounds that contradict each other")
        return Range(low, high)

    def first_start(self, metric: str) -> int | None:
        """The earliest start of any whole series of a metric."""
        starts = [count.start for count in self.of(metric) if count.row["counting"] in ("cumulative", "new")]
        if not starts or any(start is None for start in starts):
            return None
        return min(start.earliest for start in starts if start is not None)

    def chain(self, metric: str) -> list[tuple[Span, Range, tuple[Count, ...]]]:
        """New counts whose periods follow each other: the end of each, and the sum up to there (8.18, 8.17)."""
        by_period: dict[tuple[Span, Span], list[Count]] = {}
        for count in self.of(metric):
            if count.row["counting"] != "new" or count.range.is_unknown:
                continue
            if count.start is None or count.end is None or not (count.start.is_instant and count.end.is_instant):
                raise NoOpinion("5: a new count whose period is not known exactly")
            if not count.row["period_from"]:
                raise NoOpinion("5: a new count without a start")
            by_period.setdefault((count.start, count.end), []).append(count)
        total, used, found = Range(Fraction(0), Fraction(0)), [], []
        previous: Span | None = None
        for start, end in sorted(by_period):
            winners, _ = chosen(self.pack, by_period[start, end], self.launch.brand, lambda count: count.row)
            if previous is not None and start != previous:
                raise NoOpinion("8.18: new counts whose periods do not chain")
            if len({(w.range.low, w.range.high) for w in winners}) > 1 or any(w.is_net for w in winners):
                raise NoOpinion("6: new counts of one period that tie, or are net")
            if winners[0].range.low is None:
                raise NoOpinion("3: a sum with a part known only from above")
            total, previous = total + winners[0].range, end
            used += winners
            found.append((end, total, tuple(used)))
        return found

    def has_series(self, metric: str) -> bool:
        return self.is_count(metric) and bool(self.series(metric))

    def passed_at(self, metric: str, end: Span) -> list[str]:
        """The ids of whole cumulative rows at a moment that do not lead there: they are to be listed."""
        rows = [c for c in self.every(metric) if c.is_whole and c.end == end and c.series == OPENING]
        if self.is_count(metric):
            rows = [c for c in rows if c.row["counting"] == "cumulative"]
        live = [c for c in rows if counts(self.pack, c.row)]
        _, losers = chosen(self.pack, live, self.launch.brand, lambda count: count.row)
        fallen = [c for c in rows if c.row["status"] in FALLEN or not stands(self.pack, c.row)]
        known_bad = [c for c in rows if c not in live and c not in fallen]
        return [c.id for c in (*losers, *fallen, *known_bad)]
