"""What is known of one launch: its counts and rates by metric and moment, and its stores."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from functools import cached_property
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers.answer import CountFell, Figure, Note, NotGross, PassedOver, Reason, StoresOfBrand, StoresOutsideSpan, Working
from salesbot.errors import NotInFacts, QuestionError, shown
from salesbot.facts import UNITS, Launch, Metric, OrderFact, StoreCount
from salesbot.query.counting import KNOWN_BAD, Chosen, Grades, choose, standing
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Store, sql
from salesbot.values.moment import Moment, Stated, beginning, instant
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import Quantity, total
from salesbot.values.zones import Zone

LAUNCH = sql("select * from launches where id = :id")
ORDERS = sql("select * from orders where launch = :launch")
STORES_OF_LAUNCH = sql("select * from stores where launch = :launch and metric = :metric")
STORES_OF_BRAND = sql("select * from stores where brand = :brand and launch is null and metric = :metric")


def launch_of(id: str, store: Store) -> Launch:
    """The launch named. Raises ``NotInFacts`` if only its name is known."""
    found = store.select(Launch, LAUNCH, id=id)
    if not found:
        raise NotInFacts(f"{shown(id)} has no launch in the facts", "/sources and /prices may still know it")
    return found[0]


class Bracket(Struct, frozen=True):
    """The bounds of a count from its neighbours, the reports they rest on, and what must be said."""

    figure: Figure | None
    operands: list[Figure]
    notes: list[Note]


class Book:
    """The order book of one launch, read from one snapshot."""

    def __init__(self, launch: Launch, name: str, store: Store) -> None:
        self.launch, self.name = launch, name
        self._store = store
        self._grades = Grades.of_store(store)
        self._ends: dict[str, Moment | None] = {}
        self._stores: dict[str, tuple[list[StoreCount], list[StoreCount]]] = {}

    @classmethod
    def of(cls, id: str, store: Store) -> Book:
        """The book of the launch named. Raises ``NotInFacts``."""
        return store.remembered(("book", id), lambda: cls(launch_of(id, store), Names(store).shown("launch", id), store))

    @cached_property
    def rows(self) -> list[OrderFact]:
        """Every row of the whole market, whatever its standing."""
        return [row for row in self._all if self._is_whole(row)]

    @cached_property
    def parts(self) -> list[OrderFact]:
        """Rows that cover only a part of the market, or do not say which."""
        return [row for row in self._all if not self._is_whole(row)]

    @cached_property
    def _all(self) -> list[OrderFact]:
        return self._store.select(OrderFact, ORDERS, launch=self.launch.id)

    def _is_whole(self, row: OrderFact | StoreCount) -> bool:
        return row.place is not None and name_key(row.place) == name_key(self.launch.market)

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        present = {row.metric for row in self.rows} | {part for row in self.rows for part in row.could_be}
        return tuple(metric for metric in get_args(Metric) if metric in present)

    # moments

    def moment(self, stated: Stated) -> Moment:
        return stated.read(self._zones)

    @cached_property
    def _zones(self) -> tuple[Zone, ...]:
        return self.launch.zones

    def opening(self) -> int:
        """The instant the order book opened. Raises ``NotInFacts`` where it is not known."""
        opened = self.moment(self.launch.opened) if self.launch.opened else None
        if opened is None or not opened.is_instant:
            raise NotInFacts(
                f"the facts do not say at what time the order book of {self.name} opened",
                f"ask without within and at, or give launches.csv an opened time for {self.launch.id}",
            )
        return opened.earliest

    def asked_at(self, within: int | None, at: int | Stated | None) -> Moment | None:
        """The moment a question asks for, or ``None`` for the latest figures."""
        if within is not None and at is not None:
            raise QuestionError("within and at both name a moment", "write one of them")
        span = within if within is not None else at
        if span is None:
            return None
        opening = self.opening()
        if isinstance(span, int):
            return instant(opening + span, self._zones[0])
        return self.moment(span)

    def end(self, row: OrderFact) -> Moment | None:
        """When a row's count ends."""
        if row.id not in self._ends:
            self._ends[row.id] = self.moment(beginning(row.period_to)) if row.period_to else None
        return self._ends[row.id]

    def start(self, row: OrderFact) -> Moment | None:
        return self.moment(beginning(row.period_from)) if row.period_from else None

    # figures

    def figure(self, row: OrderFact, *, is_operand: bool = False) -> Figure:
        """A reported row as a figure of an answer."""
        return Figure(
            id=row.id, name=row.metric, subject=self.name, quantity=row.quantity, basis="reported", as_of=self.end(row),
            status=row.status, sources=row.sources, said_by=row.said_by, is_operand=is_operand, note=row.note,
        )  # fmt: skip

    def reported(self, metric: str, at: Moment) -> Chosen[OrderFact]:
        """The reports of ``metric`` whose count ends exactly at ``at``, by the written order."""
        rows = self._by_end.get((metric, at.earliest), []) if at.is_instant else []
        return choose(rows, self.launch.brand, self._grades, lambda row: 0)

    @cached_property
    def _by_end(self) -> dict[tuple[str, int], list[OrderFact]]:
        """The counts from the start, by metric and the instant at which they end."""
        found: dict[tuple[str, int], list[OrderFact]] = {}
        for row in self.rows:
            end = self.end(row)
            if end is not None and end.is_instant and (row.counting != "new" or self._from_the_start(row)):
                found.setdefault((row.metric, end.earliest), []).append(row)
        return found

    def _from_the_start(self, row: OrderFact) -> bool:
        start, opened = self.start(row), self.launch.opened
        return start is not None and opened is not None and start.earliest <= self.moment(opened).latest

    def cumulative(self, metric: str) -> list[OrderFact]:
        """The cumulative reports of a metric that count and whose end is known, in order of it."""
        rows = [
            row for row in self.rows
            if row.metric == metric and standing(row) is None and row.counting != "new" and row.period_to is not None
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (self._end(row).latest, self._end(row).earliest))

    def _end(self, row: OrderFact) -> Moment:
        end = self.end(row)
        assert end is not None
        return end

    def latest(self, metric: str) -> Chosen[OrderFact]:
        """The cumulative report with the latest end, by the written order among those of one moment."""
        rows = self.cumulative(metric)
        if not rows:
            return Chosen((), ())
        end = self._end(rows[-1])
        same = [row for row in rows if (self._end(row).latest, self._end(row).earliest) == (end.latest, end.earliest)]
        return choose(same, self.launch.brand, self._grades, lambda row: 0)

    def bracket(self, metric: str, at: Moment, *, besides: Collection[str] = ()) -> Bracket | None:
        """The tightest bounds that earlier and later cumulative reports put on a count.

        From 0 before the first point, open above after the last; grade D bounds nothing. Where the
        earlier report is above the later one, the count fell and its neighbours bound nothing.
        """
        low, high = Fraction(0), None
        below: OrderFact | None = None
        above: OrderFact | None = None
        is_before_start = False
        for row in self.bounding(metric, besides):
            end, start = self._end(row), self.start(row)
            if start is not None and start.earliest > at.latest:
                high, above, is_before_start = Fraction(0), row, True
                break
            if end.latest <= at.earliest and row.low is not None and (below is None or row.low >= low):
                low, below = row.low, row
            if end.earliest >= at.latest and row.high is not None and (high is None or row.high < high):
                high, above = row.high, row
        rows = list({row.id: row for row in (below, above) if row is not None}.values())
        if not rows:
            return None
        operands = [self.figure(row, is_operand=True) for row in rows]
        if high is not None and low > high:
            return Bracket(None, operands, [CountFell(metric, rows[0].id, rows[-1].id)])
        figure = Figure(
            id=f"bracket-{metric.replace('_', '-')}", name=metric, subject=self.name, quantity=Quantity(low, high, UNITS[metric]),
            basis="computed", as_of=at, sources=tuple(dict.fromkeys(id for row in rows for id in row.sources)),
            working=Working("not yet" if is_before_start else "bracket", tuple((row.id, 1) for row in rows)),
        )  # fmt: skip
        loose = tuple(row.id for row in rows if row.gross != "yes")
        return Bracket(figure, operands, [NotGross(loose)] if loose and not is_before_start else [])

    def bounding(self, metric: str, besides: Collection[str] = ()) -> list[OrderFact]:
        """The cumulative reports that count, moment by moment, but those of grade D."""
        moments: dict[tuple[int, int], list[OrderFact]] = {}
        for row in self.cumulative(metric):
            end = self._end(row)
            moments.setdefault((end.earliest, end.latest), []).append(row)
        chosen = [choose(rows, self.launch.brand, self._grades, lambda row: 0) for rows in moments.values()]
        return [row for found in chosen for row in found.rows if self._grades.of(row) != KNOWN_BAD and row.id not in besides]

    def chained(self, metric: str) -> tuple[Figure, list[Figure]] | None:
        """The sum of new counts whose periods follow each other from before the opening, as far as
        they reach with the fewest rows."""
        rows = [r for r in self.rows if r.metric == metric and r.counting == "new" and standing(r) is None and r.period_to]
        best: dict[int, tuple[OrderFact, ...]] = {}
        for row in sorted(rows, key=lambda row: self._end(row).latest):
            start, end = self.start(row), self._end(row)
            if start is None or not (start.is_instant and end.is_instant):
                continue
            head = () if self._from_the_start(row) else best.get(start.earliest)
            if head is not None and len(head) + 1 < len(best.get(end.earliest, rows)) + (end.earliest not in best):
                best[end.earliest] = (*head, row)
        if not best:
            return None
        chain = best[max(best)]
        figure = Figure(
            id=f"summed-{metric.replace('_', '-')}", name=metric, subject=self.name,
            quantity=total((row.quantity for row in chain), UNITS[metric]), basis="computed",
            as_of=self._end(chain[-1]), working=Working("sum", tuple((row.id, 1) for row in chain)),
        )  # fmt: skip
        return figure, [self.figure(row, is_operand=True) for row in chain]

    # stores

    def stores(self, metric: str, at: Moment | None) -> tuple[Chosen[StoreCount], list[Note]]:
        """The store count that counts at a moment, with what must be said of it."""
        rows, _ = self._stores_counted(metric)
        chosen = choose(rows, self.launch.brand, self._grades, lambda row: self._distance(row, at))
        notes: list[Note] = []
        if not chosen.rows:
            chosen = self._nearest(self._stores_counted(metric)[1], at)
            notes += [StoresOfBrand(row.id) for row in chosen.rows]
        if at is not None:
            for row in chosen.rows:
                if self._distance(row, at):
                    start, end = (time.text if time else None for time in (row.valid_from, row.valid_to))
                    notes.append(StoresOutsideSpan(row.id, start, end, at))
        return chosen, notes

    def _stores_counted(self, metric: str) -> tuple[list[StoreCount], list[StoreCount]]:
        """The counts for the launch, and those for its brand as a whole."""

        def read() -> tuple[list[StoreCount], list[StoreCount]]:
            of_launch = self._store.select(StoreCount, STORES_OF_LAUNCH, launch=self.launch.id, metric=metric)
            of_brand = self._store.select(StoreCount, STORES_OF_BRAND, brand=self.launch.brand, metric=metric)
            return [row for row in of_launch if self._is_whole(row)], [row for row in of_brand if self._is_whole(row)]

        if metric not in self._stores:
            self._stores[metric] = read()
        return self._stores[metric]

    def _nearest(self, rows: list[StoreCount], at: Moment | None) -> Chosen[StoreCount]:
        """Counts of the brand as a whole: another day's count is another fact, so the nearest comes
        before the grade."""
        counted = [row for row in rows if standing(row) is None]
        if counted:
            least = min(self._distance(row, at, is_level=True) for row in counted)
            near = [row for row in counted if self._distance(row, at, is_level=True) == least]
            far: list[tuple[StoreCount, Reason]] = [(row, "farther in time") for row in counted if row not in near]
        else:
            near, far = [], []
        chosen = choose(near, self.launch.brand, self._grades, lambda row: 0)
        return replace(chosen, passed_over=(*chosen.passed_over, *far))

    def _distance(self, row: StoreCount, at: Moment | None, *, is_level: bool = False) -> int:
        """Seconds between a moment and the span of a count; 0 inside it."""
        if at is None:
            return 0 if row.valid_from is None else -self.moment(beginning(row.valid_from)).earliest
        start = self.moment(beginning(row.valid_from)).earliest if row.valid_from else None
        end = self.moment(beginning(row.valid_to)).latest if row.valid_to else start if is_level else None
        if start is not None and at.latest < start:
            return start - at.latest
        return at.earliest - end + 1 if end is not None and at.earliest >= end else 0

    def store_figure(self, row: StoreCount, at: Moment | None, *, is_operand: bool = True) -> Figure:
        return Figure(
            id=row.id, name=row.metric, subject=self.name, quantity=row.quantity, basis="reported",
            as_of=self.moment(row.valid_from) if row.valid_from else at, status=row.status, sources=row.sources,
            said_by=row.said_by, is_operand=is_operand, note=row.note,
            valid_from=row.valid_from.text if row.valid_from else None,
            valid_to=row.valid_to.text if row.valid_to else None,
        )  # fmt: skip

    def passed_over(self, rows: Iterable[tuple[OrderFact | StoreCount, Reason]]) -> list[PassedOver]:
        found = []
        for row, reason in rows:
            figure = self.figure(row) if isinstance(row, OrderFact) else self.store_figure(row, None)
            found.append(PassedOver(figure, reason))
        return found
