"""The rows of a pack: one frozen struct a table, its fields the columns in their order.

The pack's descriptor, the snapshot's columns and the pack format page are generated from these classes. Their values
are checked where a pack is read (``salesbot.packs``); behind that door they are trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from inspect import get_annotations
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
)

from msgspec import NODEFAULT, Struct

from salesbot.errors import Message, message
from salesbot.facts.cells import (
    TEXT,
    Address,
    Cell,
    Currency,
    Dotted,
    IanaZone,
    Id,
    Ids,
    Lines,
    MetricId,
    MetricIds,
    Number,
    Percent,
    StatedZone,
    Text,
    Texts,
    Time,
)
from salesbot.facts.vocabulary import Channel, Counting, Grade, Gross, MetricKind, NameKind, PriceType, Status
from salesbot.values.moment import StatedTime, beginning, cell_time
from salesbot.values.quantity import Quantity, Stated
from salesbot.values.zones import Zone, zone_readings


class Column(Struct, frozen=True):
    """What a column is besides its cells' type.

    ``refers`` names the table whose ids it holds, ``many`` says that it holds several. ``added`` marks a column that
    the first version of the pack format did not have, so it is written only where a row fills it.
    """

    refers: str | None = None
    many: bool = False
    primary: bool = False
    added: bool = False


class ColumnInfo(NamedTuple):
    """A column as read off a row class: its cells, their fixed words if any, and whether a cell may be blank."""

    name: str
    column: Column
    cell: Cell
    words: tuple[str, ...]
    is_required: bool
    default: object


PRIMARY = Column(primary=True)
SOURCES = Column(refers="sources", many=True)
ADDED = Column(added=True)

Key = tuple[str, ...]
Fault = tuple[str, Message]  # the column, and what belongs there


class Row(Struct, frozen=True, kw_only=True):
    """A row of a pack table."""

    table: ClassVar[str]
    is_optional: ClassVar[bool] = False  # whether a pack may do without the table
    key_columns: ClassVar[tuple[str, ...]] = ("id",)  # that tell a row from every other of its table
    if TYPE_CHECKING:
        id: str

    @property
    def key(self) -> Key:
        """What tells the row from every other of its table."""
        names = self.key_columns
        return (self.id,) if names == ("id",) else tuple(getattr(self, name) for name in names)

    def faults(self) -> Iterable[Fault]:
        """What is wrong between this row's own cells."""
        return ()


R = TypeVar("R", bound=Row)


class Source(Row, frozen=True, kw_only=True):
    """Who published what, where, and how good it is."""

    table: ClassVar[str] = "sources"
    id: Annotated[Id, PRIMARY]
    publisher: Annotated[Text, Column()]
    title: Annotated[Text, Column()]
    published: Annotated[Time | None, Column()] = None
    url: Annotated[Address | None, Column()] = None
    grade: Annotated[Grade, Column()]
    link: Annotated[Literal["yes", "no"], Column()]
    note: Annotated[Text | None, Column()] = None


class Name(Row, frozen=True, kw_only=True):
    """Every name a thing goes by: one row an alias, in any script."""

    table: ClassVar[str] = "names"
    key_columns: ClassVar[tuple[str, ...]] = ("kind", "id", "name")
    id: Annotated[Id, Column()]
    kind: Annotated[NameKind, Column()]
    name: Annotated[Text, Column()]
    language: Annotated[Text | None, Column()] = None


class MetricRow(Row, frozen=True, kw_only=True):
    """A metric of the pack's own."""

    table: ClassVar[str] = "metrics"
    is_optional: ClassVar[bool] = True
    id: Annotated[MetricId, PRIMARY]
    name: Annotated[Text, Column()]
    plural: Annotated[Text | None, Column()] = None
    unit: Annotated[Text | None, Column()] = None
    aliases: Annotated[Texts, Column()] = ()
    kind: Annotated[MetricKind, Column()]
    part_of: Annotated[MetricId | None, Column()] = None
    note: Annotated[Text | None, Column()] = None


class IdentityRow(Row, frozen=True, kw_only=True):
    """A whole that is the product of two metrics."""

    table: ClassVar[str] = "identities"
    key_columns: ClassVar[tuple[str, ...]] = ("whole", "part", "other_part")
    is_optional: ClassVar[bool] = True
    whole: Annotated[MetricId, Column()]
    part: Annotated[MetricId, Column()]
    other_part: Annotated[MetricId, Column()]

    @property  # type: ignore[misc]
    def id(self) -> str:
        """What the row is known by."""
        return f"{self.whole} = {self.part} × {self.other_part}"


class Place(Row, frozen=True, kw_only=True):
    """A place by one of its names, the place it is part of, and whether its own parts are all listed."""

    table: ClassVar[str] = "places"
    key_columns: ClassVar[tuple[str, ...]] = ("id", "name")
    is_optional: ClassVar[bool] = True
    id: Annotated[Id, Column()]
    name: Annotated[Text, Column()]
    part_of: Annotated[Id | None, Column(refers="places")] = None
    complete: Annotated[Literal["yes", "no"] | None, Column()] = None


class Launch(Row, frozen=True, kw_only=True):
    """A launch, its market and clock."""

    table: ClassVar[str] = "launches"
    id: Annotated[Id, PRIMARY]
    brand: Annotated[Text, Column()]
    model: Annotated[Text, Column()]
    market: Annotated[Text, Column()]
    currency: Annotated[Currency, Column()]
    zone: Annotated[IanaZone, Column()]
    announced: Annotated[Time | None, Column()] = None
    opened: Annotated[Time | None, Column()] = None
    note: Annotated[Text | None, Column()] = None
    sources: Annotated[Ids, SOURCES]
    opened_as: Annotated[Text | None, ADDED] = None

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The clock of the market."""
        return zone_readings(self.zone)


class StoreCount(Row, frozen=True, kw_only=True):
    """A count of stores of one kind: sales stores are not display stores."""

    table: ClassVar[str] = "stores"
    id: Annotated[Id, PRIMARY]
    brand: Annotated[Text, Column()]
    launch: Annotated[Id | None, Column(refers="launches")] = None
    metric: Annotated[MetricId, Column()]
    low: Annotated[Number | None, Column()] = None
    high: Annotated[Number | None, Column()] = None
    valid_from: Annotated[Time | None, Column()] = None
    valid_to: Annotated[Time | None, Column()] = None
    place: Annotated[Text | None, Column()] = None
    said_by: Annotated[Texts, Column()] = ()
    status: Annotated[Status, Column()]
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, Column()] = None
    variant: Annotated[Text | None, ADDED] = None
    channel: Annotated[Channel | None, ADDED] = None

    def faults(self) -> Iterable[Fault]:
        return (*_bounds_faults(self.low, self.high), *_period_faults(self.valid_from, self.valid_to, "valid_to"))


class OrderFact(Row, frozen=True, kw_only=True):
    """A count or rate of a launch: orders, locked orders, deliveries…"""

    table: ClassVar[str] = "orders"
    id: Annotated[Id, PRIMARY]
    launch: Annotated[Id, Column(refers="launches")]
    metric: Annotated[MetricId, Column()]
    could_be: Annotated[MetricIds, Column()] = ()
    low: Annotated[Number | None, Column()] = None
    high: Annotated[Number | None, Column()] = None
    stated: Annotated[Stated | None, Column()] = None
    precision: Annotated[Number | None, Column()] = None
    counting: Annotated[Counting | None, Column()] = None
    gross: Annotated[Gross | None, Column()] = None
    period_from: Annotated[Time | None, Column()] = None
    period_to: Annotated[Time | None, Column()] = None
    place: Annotated[Text | None, Column()] = None
    said_by: Annotated[Texts, Column()] = ()
    status: Annotated[Status, Column()]
    superseded_by: Annotated[Id | None, Column(refers="orders")] = None
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, Column()] = None
    variant: Annotated[Text | None, ADDED] = None

    def faults(self) -> Iterable[Fault]:
        is_unnamed = self.metric == "unstated" and not self.could_be
        is_precise = self.precision is None or self.precision >= 0
        return (
            *(() if is_precise else (("precision", message("precision_below_zero")),)),
            *_bounds_faults(self.low, self.high),
            *_period_faults(self.period_from, self.period_to, "period_to"),
            *_stated_faults(self),
            *((("could_be", message("could_be_missing")),) if is_unnamed else ()),
        )


class PriceFact(Row, frozen=True, kw_only=True):
    """A price, a price change, an offer or a subsidy, each of its own type."""

    table: ClassVar[str] = "prices"
    id: Annotated[Id, PRIMARY]
    brand: Annotated[Text, Column()]
    model: Annotated[Text | None, Column()] = None
    trim: Annotated[Text | None, Column()] = None
    region: Annotated[Text, Column()]
    currency: Annotated[Currency, Column()]
    price_type: Annotated[PriceType, Column()]
    low: Annotated[Number | None, Column()] = None
    high: Annotated[Number | None, Column()] = None
    previous: Annotated[Number | None, Column()] = None
    change_low: Annotated[Number | None, Column()] = None
    change_high: Annotated[Number | None, Column()] = None
    valid_from: Annotated[Time | None, Column()] = None
    valid_to: Annotated[Time | None, Column()] = None
    announced: Annotated[Time | None, Column()] = None
    said_by: Annotated[Texts, Column()] = ()
    status: Annotated[Status, Column()]
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, Column()] = None
    variant: Annotated[Text | None, ADDED] = None
    channel: Annotated[Channel | None, ADDED] = None

    @property
    def quantity(self) -> Quantity:
        """The price, or the size of an offer."""
        stated: Stated = "exact" if self.low is not None and self.low == self.high else "range"
        return Quantity(self.low, self.high, self.unit, stated)

    @property
    def unit(self) -> str:
        """The currency; ``ratio`` of a discount in per cent."""
        numbers = (self.low, self.high, self.change_low, self.change_high)
        is_share = self.price_type == "discount" and any(type(number) is Percent for number in numbers)
        return "ratio" if is_share else self.currency

    def faults(self) -> Iterable[Fault]:
        found = [
            *_bounds_faults(self.low, self.high),
            *_period_faults(self.valid_from, self.valid_to, "valid_to"),
        ]
        if self.low is not None and _is_below_zero(self.low):
            found.append(("low", message("price_below_zero")))
        if self.price_type != "discount":
            found += _percent_faults(self, ("low", "high", "previous", "change_low", "change_high"))
        if self.change_low is not None and self.change_high is not None and self.change_low > self.change_high:
            found.append(("change_high", message("not_below", column="change_low", value=self.change_low)))
        return found


class Event(Row, frozen=True, kw_only=True):
    """What happened when, as closely as it is known."""

    table: ClassVar[str] = "events"
    id: Annotated[Id, PRIMARY]
    name: Annotated[Text, Column()]
    who: Annotated[Texts, Column()] = ()
    at: Annotated[Time, Column()]
    zone: Annotated[StatedZone, Column()]
    place: Annotated[Text | None, Column()] = None
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, Column()] = None
    same_as: Annotated[Id | None, Column(refers="events")] = None


class Claim(Row, frozen=True, kw_only=True):
    """A statement that people argue about, and the questions that decide it."""

    table: ClassVar[str] = "claims"
    id: Annotated[Id, PRIMARY]
    speaker: Annotated[Text, Column()]
    statement: Annotated[Text, Column()]
    kind: Annotated[Literal["checkable", "opinion", "unverifiable"], Column()]
    checks: Annotated[Lines, Column()] = ()
    expects: Annotated[Lines, Column()] = ()
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, Column()] = None

    def faults(self) -> Iterable[Fault]:
        is_one_each = len(self.checks) == len(self.expects)
        return () if is_one_each else (("expects", message("expects_one_each", count=len(self.checks))),)


ROWS: tuple[type[Row], ...] = (
    Source,
    Name,
    MetricRow,
    IdentityRow,
    Place,
    Launch,
    StoreCount,
    OrderFact,
    PriceFact,
    Event,
    Claim,
)
TABLES: dict[str, type[Row]] = {row.table: row for row in ROWS}
DESCRIPTOR = "datapackage.json"


# what is wrong between the cells of a row: looked at for each of a million rows, so what is right returns at once


def _bounds_faults(low: Fraction | None, high: Fraction | None) -> Iterable[Fault]:
    if low is high or low is None or high is None or low <= high:
        return ()
    return (("high", message("not_below", column="low", value=low)),)


def _period_faults(start: StatedTime | None, end: StatedTime | None, column: str) -> Iterable[Fault]:
    if start is None or end is None:
        return ()
    return _faults_of_period(start.text, end.text, column)


@lru_cache(maxsize=32768)
def _faults_of_period(start_text: str, end_text: str, column: str) -> Iterable[Fault]:
    """A period must not end before it begins, nor as it begins: a month in both cells counts nothing."""
    start, end = cell_time(start_text), cell_time(end_text)
    if end.end.last.date() < start.start.first.date():
        return ((column, message("not_before", time=start.text)),)
    if start.is_clock != end.is_clock:
        return ()
    begins, ends = beginning(start).start, beginning(end).end
    if begins.zone == ends.zone and begins.first >= ends.last:
        return ((column, message("period_without_length", time=end.text)),)
    return ()


def _stated_faults(row: OrderFact) -> Iterable[Fault]:
    match row.stated:
        case "exact" | "about" if row.low is None or (row.low is not row.high and row.low != row.high):
            return (("high", message("same_as_low", stated=row.stated)),)
        case "at_least" if row.low is None or row.high is not None:
            return (("stated", message("at_least_needs")),)
        case "at_most" if row.high is None or row.low is not None:
            return (("stated", message("at_most_needs")),)
    return ()


def _is_below_zero(value: Fraction) -> bool:
    return value.numerator < 0  # ``value < 0`` compares two fractions


def _is_count(value: Fraction | None) -> bool:
    """Whether a number is none, or a whole one from 0 on that was not written in per cent."""
    return value is None or (value.denominator == 1 and value.numerator >= 0 and type(value) is Fraction)


def _count_faults(low: Fraction | None, high: Fraction | None) -> Iterator[Fault]:
    for column, value in (("low", low), ("high", high)):
        if value is not None and _is_below_zero(value):
            yield column, message("never_below_zero")
        elif value is not None and value.denominator != 1:
            yield column, message("whole_number")


def _percent_faults(row: Row, names: Iterable[str]) -> Iterable[Fault]:
    return [(name, message("no_percent")) for name in names if type(getattr(row, name)) is Percent]


def _dotted_faults(row: OrderFact | StoreCount) -> Iterator[Fault]:
    for column, value in (("low", row.low), ("high", row.high)):
        if isinstance(value, Dotted):
            yield column, message("grouped_by_dot", whole=f"{value * 1000}", decimal=f"{float(value):.4f}")


def kind_faults(kind: MetricKind, row: OrderFact | StoreCount) -> Iterable[Fault]:
    """What a metric's kind forbids: a rate above 1, a count below 0 or with a fraction, per cent but in a rate."""
    if kind in ("count", "gauge", "peak", "unstated"):
        if _is_count(row.low) and (row.high is row.low or _is_count(row.high)):
            return ()
        return (*_percent_faults(row, ("low", "high")), *_count_faults(row.low, row.high))
    found: list[Fault] = []
    if kind != "rate":
        found += _percent_faults(row, ("low", "high"))
    if kind in ("per", "money"):
        found += _dotted_faults(row)
    for column, value in (("low", row.low), ("high", row.high)):
        if value is not None and _is_below_zero(value):
            found.append((column, message("never_below_zero")))
        elif value is not None and kind == "rate" and value > 1:
            found.append((column, message("rate_above_one")))
    return found


# the columns, read off the classes


@cache
def columns(model: type[Row]) -> dict[str, ColumnInfo]:
    """Every column of a table in order."""
    hints = get_annotations(model, eval_str=True)  # once: ``msgspec.structs.fields`` would evaluate them again
    names, defaults = model.__struct_fields__, model.__struct_defaults__
    required = (NODEFAULT,) * (len(names) - len(defaults))
    return {
        name: _column(name, hints[name], default) for name, default in zip(names, (*required, *defaults), strict=True)
    }


@cache
def row_loader(model: type[R]) -> Callable[[Sequence[str | None]], R]:
    """A function from the texts of a row's cells in column order, which were checked before, to the row."""
    infos = columns(model)
    names, required = tuple(infos), {name for name, info in infos.items() if info.is_required}
    reads = [(name, info.cell.load) for name, info in infos.items() if info.cell.load is not None]

    def load(cells: Sequence[str | None]) -> R:
        values: dict[str, Any] = {  # a blank cell of another column has its default
            name: text or None for name, text in zip(names, cells, strict=False) if text or name in required
        }
        for name, read in reads:
            if (text := values.get(name)) is not None:
                values[name] = read(text)
        return model(**values)

    return load


def _column(name: str, hint: Any, default: object) -> ColumnInfo:
    column = next(mark for mark in hint.__metadata__ if isinstance(mark, Column))
    cell, words = _cell(hint)
    is_required = default is NODEFAULT
    return ColumnInfo(name, column, cell, words, is_required, None if is_required else default)


def _cell(hint: Any) -> tuple[Cell, tuple[str, ...]]:
    """The kind of cell an annotation names, and its fixed words."""
    marks = getattr(hint, "__metadata__", ())
    if cell := next((mark for mark in marks if isinstance(mark, Cell)), None):
        return cell, ()
    if get_origin(hint) is Literal:
        return TEXT, get_args(hint)
    return next(_cell(argument) for argument in get_args(hint) if argument is not type(None))
