"""Everything the facts say of one launch, read once: its counts and rates by series, and its stores."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Reason
from salesbot.errors import NotInFacts, QuestionError, TextError
from salesbot.facts import NOT_STANDING, Launch, OrderFact, StoreCount, Vocabulary
from salesbot.query.precedence import Grades, Precedence, superseded_rows
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.moment import Moment, StatedTime, beginning, ending, moment_of
from salesbot.values.quantity import Quantity, Stated
from salesbot.values.zones import Zone

LAUNCH = sql("select * from launches where id = :id")
LAUNCH_PLACE = sql("select market_id, brand_id from launches where id = :id")
ORDERS = sql("select * from orders where launch = :launch order by rowid")
ORDER_PLACES = sql("select id, place_id from orders where launch = :launch and place_id is not null")
STORES_OF_LAUNCH = sql("select * from stores where launch = :launch order by rowid")
STORES_OF_BRAND = sql("select * from stores where brand_id = :brand and launch is null order by rowid")
STORE_PLACES_OF_LAUNCH = sql("select id, place_id from stores where launch = :launch and place_id is not null")
STORE_PLACES_OF_BRAND = sql("""
    select id, place_id from stores where brand_id = :brand and launch is null and place_id is not null
""")
PLACES = sql("select id, part_of, complete, name from places order by rowid limit 5000", scans="places")
NO_LAUNCH = Launch(id="", brand="", model="", market="", currency="", zone="UTC", sources=())

SeriesKey = tuple[str, str | None, str | None, tuple[int, int] | None, bool]


class Report(Struct, frozen=True):
    """A row of counts with its times read: ``start`` is ``None`` for a count since the opening.

    ``part`` is the id of the part of the market it covers, ``None`` for the whole. ``why_not`` says why it never
    counts, if so.
    """

    row: OrderFact
    quantity: Quantity
    start: Moment | None
    end: Moment | None
    part: str | None
    why_not: Reason | None

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def metric(self) -> str:
        return self.row.metric

    @property
    def status(self) -> str:
        return self.row.status

    @property
    def said_by(self) -> tuple[str, ...]:
        return self.row.said_by

    @property
    def sources(self) -> tuple[str, ...]:
        return self.row.sources

    @property
    def is_net(self) -> bool:
        """Whether refunds are taken off, so that it bounds nothing and may fall."""
        return self.row.gross == "no"

    @property
    def is_cumulative(self) -> bool:
        """Whether it counts from its start on, not what was new in a period."""
        return self.row.counting != "new"

    @property
    def ended(self) -> Moment:
        """When its count ends; only for reports with an end."""
        assert self.end is not None
        return self.end


class LaunchFacts:
    """The facts of one launch, read from one snapshot."""

    def __init__(self, launch: Launch, name: str, snapshot: Snapshot) -> None:
        self.launch, self.name, self.snapshot = launch, name, snapshot
        self.vocabulary: Vocabulary = snapshot.vocabulary
        self._moments: dict[str, Moment] = {}
        place = snapshot.values(LAUNCH_PLACE, id=launch.id) if launch.id else []
        self._market, self._brand = place[0] if place else (None, "")

    @classmethod
    def load(cls, id: str, snapshot: Snapshot) -> LaunchFacts:
        """The facts of the launch named. Raises ``NotInFacts`` if only its name is known."""

        def read() -> LaunchFacts:
            rows = snapshot.select(Launch, LAUNCH, id=id)
            if not rows:
                raise NotInFacts("launch_not_in_facts", name=Names(snapshot).shown("launch", id))
            return cls(rows[0], Names(snapshot).shown("launch", id), snapshot)

        return snapshot.cached(("launch facts", id), read)

    @classmethod
    def empty(cls, snapshot: Snapshot) -> LaunchFacts:
        """Facts of no launch, for a computation with the asker's numbers alone."""
        return cls(NO_LAUNCH, "", snapshot)

    # rows

    @cached_property
    def precedence(self) -> Precedence:
        """The written order for this launch's maker."""
        revisions = {row.id: row.superseded_by for row in self._rows if row.superseded_by}
        statuses = {row.id: row.status for row in self._rows}
        superseded = superseded_rows(revisions, lambda id: id in statuses and statuses[id] not in NOT_STANDING)
        return Precedence(Grades.of_snapshot(self.snapshot), self._maker, superseded)

    @cached_property
    def _maker(self) -> frozenset[str]:
        return Names(self.snapshot).keys("brand", self._brand) | Names(self.snapshot).keys("brand", self.launch.brand)

    @cached_property
    def _rows(self) -> list[OrderFact]:
        return self.snapshot.select(OrderFact, ORDERS, launch=self.launch.id) if self.launch.id else []

    @cached_property
    def reports(self) -> list[Report]:
        """Every row of counts and rates, whatever its standing, in the pack's order."""
        places = dict(self.snapshot.values(ORDER_PLACES, launch=self.launch.id))
        return [self._report(row, places.get(row.id)) for row in self._rows]

    def _report(self, row: OrderFact, place: str | None) -> Report:
        unit = self.vocabulary.metrics[row.metric].unit
        quantity = Quantity(row.low, row.high, unit, row.stated or _stated(row), row.precision)
        start = self._moment(row.period_from, begins=True) if row.period_from else None
        end = self._moment(row.period_to, begins=True) if row.period_to else None
        part = None if place in (None, self._market) else place
        start = self._normalized(start, row.period_from)
        return Report(row, quantity, start, end, part, self.precedence.why_not(row))

    def _normalized(self, start: Moment | None, stated: StatedTime | None) -> Moment | None:
        """``None`` for a start at the opening, or on the day of it."""
        opening = self.opening
        if start is None or opening is None or stated is None:
            return start
        if start.span == (opening, opening):
            return None
        is_same_day = not stated.is_clock and start.earliest <= opening < self._moment(stated, begins=False).earliest
        return None if is_same_day else start

    @cached_property
    def by_metric(self) -> dict[str, list[Report]]:
        """The reports of each metric."""
        found: dict[str, list[Report]] = {}
        for report in self.reports:
            found.setdefault(report.metric, []).append(report)
        return found

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that the facts hold of the whole market, or that an unstated figure of it could be."""
        whole = [report for report in self.reports if report.part is None]
        present = {report.metric for report in whole} | {one for report in whole for one in report.row.could_be}
        return tuple(metric for metric in self.vocabulary.metrics if metric in present)

    # moments

    def _moment(self, stated: StatedTime, *, begins: bool) -> Moment:
        """A time on the market's clock: when it begins, or when it is over. Cached, as many rows share theirs."""
        key = f"{'+' if begins else '-'}{stated.text}"
        if key not in self._moments:
            self._moments[key] = (beginning if begins else ending)(stated).read(self.zones)
        return self._moments[key]

    def moment(self, stated: StatedTime) -> Moment:
        """A time on the market's clock, as it is stated."""
        return stated.read(self.zones)

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """The market's clock."""
        return self.launch.zones

    @cached_property
    def opening(self) -> int | None:
        """The instant the order book opened (UTC seconds), where it is known."""
        opened = self.launch.opened.read(self.zones) if self.launch.opened else None
        return opened.earliest if opened is not None and opened.is_instant else None

    @cached_property
    def opened_by(self) -> int | None:
        """The latest instant at which the order book can have opened."""
        return self.launch.opened.read(self.zones).latest if self.launch.opened else None

    def later_start(self, start: StatedTime | None) -> StatedTime | None:
        """The start of a count where it is another than the opening; ``None`` for the day of it."""
        opened = self.launch.opened
        if start is None or opened is None or start.is_clock or opened.is_clock:
            return start
        return None if start.days == opened.days else start

    def known_opening(self) -> int:
        """The instant the order book opened. Raises ``NotInFacts`` where it is not known."""
        if self.opening is None:
            raise NotInFacts("opening_unknown", name=self.name, id=self.launch.id)
        return self.opening

    def moment_asked(self, within: int | None, at: int | StatedTime | None) -> Moment | None:
        """The moment a question asks for, ``None`` for the latest figures; a date means its end."""
        if within is not None and at is not None:
            raise QuestionError("two_moments")
        span = within if within is not None else at
        if span is None:
            return None
        if isinstance(span, int):
            return moment_of(self.known_opening() + span, self.zones[0])
        try:
            return ending(span).read(self.zones)
        except TextError as error:
            raise QuestionError("bad_value", name="at", text=span.text, expected=error.expected) from None

    def period_asked(self, during: StatedTime) -> tuple[Moment, Moment]:
        """The moments between which a question asks for what was counted."""
        first = replace(during, end=during.start)
        try:
            return beginning(first).read(self.zones), ending(during).read(self.zones)
        except TextError as error:
            raise QuestionError("bad_value", name="during", text=during.text, expected=error.expected) from None

    # stores

    @cached_property
    def _stores(self) -> tuple[dict[str, list[StoreReport]], dict[str, list[StoreReport]]]:
        """The store counts for the launch, and those of its brand as a whole, by metric."""
        of_launch = self.snapshot.select(StoreCount, STORES_OF_LAUNCH, launch=self.launch.id)
        of_brand = self.snapshot.select(StoreCount, STORES_OF_BRAND, brand=self._brand)
        places = dict(self.snapshot.values(STORE_PLACES_OF_LAUNCH, launch=self.launch.id))
        places |= dict(self.snapshot.values(STORE_PLACES_OF_BRAND, brand=self._brand))
        return self._by_metric(of_launch, places), self._by_metric(of_brand, places)

    def _by_metric(self, rows: list[StoreCount], places: dict[str, str]) -> dict[str, list[StoreReport]]:
        found: dict[str, list[StoreReport]] = {}
        counts = {row.id for row in self._rows}
        for row in rows:
            place = places.get(row.id)
            if row.id in counts:  # ids are of their table, and figures of an answer are told apart by them
                row = replace(row, id=f"{row.id}:stores")
            start = self._moment(row.valid_from, begins=True).earliest if row.valid_from else None
            end = self._moment(row.valid_to, begins=True).latest if row.valid_to else None
            unit = self.vocabulary.metrics[row.metric].unit
            quantity = Quantity(row.low, row.high, unit, "range")
            part = None if place in (None, self._market) else place
            found.setdefault(row.metric, []).append(StoreReport(row, quantity, start, end, part))
        return found

    def stores_of_launch(self, metric: str) -> list[StoreReport]:
        """The store counts for this launch."""
        return self._stores[0].get(metric, []) if self.launch.id else []

    def stores_of_brand(self, metric: str) -> list[StoreReport]:
        """The store counts of the brand as a whole."""
        return self._stores[1].get(metric, []) if self.launch.id else []

    @cached_property
    def store_metrics(self) -> tuple[str, ...]:
        """The metrics of the store counts there are."""
        present = (self._stores[0].keys() | self._stores[1].keys()) if self.launch.id else set()
        return tuple(metric for metric in self.vocabulary.metrics if metric in present)

    # places

    def place_name(self, id: str) -> str:
        """The name of a place."""
        return Names(self.snapshot).shown("place", id)

    def is_inside(self, place: str) -> bool:
        """Whether the pack says that a place is inside the market."""
        return place in self._inside

    @cached_property
    def _inside(self) -> frozenset[str]:
        """The places that are parts of the market, or of its parts."""
        part_of = {id: whole for id, whole, *_ in self.snapshot.values(PLACES)}
        found: set[str] = set()
        for id in part_of:
            path = [id]
            while (whole := part_of.get(path[-1])) and whole not in path and whole not in found:
                path.append(whole)
            if self._market in path[1:] or whole in found:
                found.update(path[: path.index(self._market)] if self._market in path else path)
        return frozenset(found)

    @cached_property
    def parts_of_market(self) -> frozenset[str] | None:
        """The places that make the whole market, where the pack says that they do."""
        rows = self.snapshot.values(PLACES)
        parts = {id: complete for id, part_of, complete, _ in rows if part_of == self._market and id != self._market}
        is_complete = any(id == self._market and complete == "yes" for id, _, complete, _ in rows)
        is_complete = is_complete or all(complete == "yes" for complete in parts.values())
        return frozenset(parts) if is_complete and parts else None


class StoreReport(Struct, frozen=True):
    """A store count with its span read (UTC seconds, ``end`` is out)."""

    row: StoreCount
    quantity: Quantity
    start: int | None
    end: int | None
    part: str | None

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def status(self) -> str:
        return self.row.status

    @property
    def said_by(self) -> tuple[str, ...]:
        return self.row.said_by

    @property
    def sources(self) -> tuple[str, ...]:
        return self.row.sources

    @property
    def of_what(self) -> tuple[str | None, ...]:
        """The part of the market, the variant and the channel that it counts."""
        return self.part, self.row.variant, self.row.channel

    @property
    def is_of_all(self) -> bool:
        """Whether it counts the whole market."""
        return self.of_what == (None, None, None)


def _stated(row: OrderFact) -> Stated:
    return "exact" if row.low is not None and row.low == row.high else "range"
