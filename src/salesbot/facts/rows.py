"""What a row must be to be believed.

One frozen pydantic model a table; the pack's descriptor, the store's columns and the pack format
page are generated from them. Cells are text: blank is unknown, and every pattern is checked at
this door so that no code behind it asks again.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args, get_type_hints

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from salesbot.values.moment import Stated, cell_time
from salesbot.values.quantity import How, Quantity, decimal_text
from salesbot.values.zones import Zone, zone_readings

Metric = Literal[
    "orders", "locked_orders", "reservations", "deliveries", "orders_per_store", "lock_in_rate",
    "cancellation_rate", "sales_stores", "display_stores", "cities", "unstated",
]  # fmt: skip
PriceType = Literal[
    "list_price", "starting_price", "pre_sale_price", "limited_time_offer", "subsidy", "trade_in",
    "deposit", "benefit",
]  # fmt: skip
Status = Literal["reported", "denied", "rumour", "revised", "target"]
NameKind = Literal["launch", "brand", "model", "event", "person", "claim"]
Grade = Literal["A", "B", "C", "D"]

METRICS: tuple[Metric, ...] = get_args(Metric)
COUNTS: tuple[Metric, ...] = ("orders", "locked_orders", "reservations", "deliveries")
RATES: tuple[Metric, ...] = ("lock_in_rate", "cancellation_rate")
STORE_METRICS: tuple[Metric, ...] = ("sales_stores", "display_stores", "cities")
LEVELS: tuple[PriceType, ...] = ("list_price", "starting_price", "pre_sale_price")
UNITS: dict[str, str] = {
    "orders": "orders", "locked_orders": "orders", "reservations": "reservations",
    "deliveries": "cars", "orders_per_store": "orders/store", "lock_in_rate": "ratio",
    "cancellation_rate": "ratio", "sales_stores": "stores", "display_stores": "stores",
    "cities": "cities", "unstated": "units",
}  # fmt: skip

ID_PATTERN = r"[a-z][a-z0-9-]{0,39}"
_ID = re.compile(ID_PATTERN)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?%?")
NUMBER_HINT = "a plain number such as 88898 or 0.35, without separators or units (blank if unknown)"


def _id(cell: str) -> str:
    if not _ID.fullmatch(cell):
        raise ValueError("an id: a small letter, then up to 39 small letters, digits or hyphens")
    return cell


def split(cell: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, separated by ``;``."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _ids(cell: str) -> tuple[str, ...]:
    return tuple(_id(part) for part in split(cell))


@lru_cache(maxsize=4096)
def number(cell: str) -> Fraction:
    """An exact number of a cell; ``35%`` is 0.35."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(NUMBER_HINT)
    if cell.endswith("%"):
        return Fraction(cell[:-1]) / 100
    return Fraction(int(cell)) if cell.isdecimal() else Fraction(cell)


def _zone(cell: str) -> str:
    if not zone_readings(cell):
        raise ValueError("an IANA zone such as Asia/Shanghai, or 'not stated', or 'US, zone not named'")
    return cell


def _url(cell: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"|\\^`{}\[\]]{3,1000}", cell):
        raise ValueError("an address that begins with https:// or http://")
    return cell


def _currency(cell: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", cell):
        raise ValueError("a currency of ISO 4217, such as CNY")
    return cell


class Column(Struct, frozen=True):
    """What a column holds, for the descriptor, the template and the pack format page."""

    says: str
    refers: str | None = None
    many: bool = False
    primary: bool = False
    optional_column: bool = False


class Cell(Struct, frozen=True):
    """What the text of a cell must look like, and its type in Table Schema's words."""

    says: str
    type: str = "string"
    read: Callable[[str], object] = str


def _typed(kind: type, says: str, read: Callable[[str], object], table_schema: str = "string") -> Any:
    return Annotated[kind, PlainValidator(read), Cell(says, table_schema, read)]


if TYPE_CHECKING:
    Id = Annotated[str, "id"]
    Ids = Annotated[tuple[str, ...], "ids"]
    Several = Annotated[tuple[str, ...], "texts"]
    Metrics = Annotated[tuple[Metric, ...], "metrics"]
    Number = Annotated[Fraction, "number"]
    Time = Annotated[Stated, "time"]
    ZoneText = Annotated[str, "zone"]
    Url = Annotated[str, "address"]
    Currency = Annotated[str, "currency"]
else:
    Id = _typed(str, "an id", _id)
    Ids = _typed(tuple, "ids, separated by ;", _ids)
    Several = _typed(tuple, "texts, separated by ;", split)
    Metrics = _typed(tuple[Metric, ...], "metrics, separated by ;", split)
    Number = _typed(Fraction, "a number", number, "number")
    Time = _typed(Stated, "a time in ISO 8601", cell_time)
    ZoneText = _typed(str, "a zone", _zone)
    Url = _typed(str, "an address", _url)
    Currency = _typed(str, "a currency", _currency)
Text = Annotated[str, Field(max_length=1000)]

SOURCES = Column("ids of the sources that say so, separated by ;", refers="sources", many=True)
NOTE = Column("anything a reader should know, in a short sentence")
SAID_BY = Column("who gave the figure; the maker's own name where the maker said it; several by ;")
STATUS = Column("reported, denied, rumour, revised (the new version of an earlier row) or target")
BRAND, MODEL = Column("brand, as names.csv knows it"), Column("model, as names.csv knows it; all for every model")
LOW, HIGH = Column("the least it can be"), Column("the most it can be; equal to low for a single value")
PLACE = Column("where it was counted; the launch's market for the whole")


class CellKind(Struct, frozen=True):
    """A column's cells: their form, and their fixed words where they have them."""

    cell: Cell
    words: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        return f"one of {', '.join(self.words)}" if self.words else self.cell.says


TEXT = Cell("text")


def _cell_kind(annotation: Any) -> CellKind:
    for mark in getattr(annotation, "__metadata__", ()):
        if isinstance(mark, Cell):
            return CellKind(mark)
    arguments = get_args(annotation)
    if arguments and all(isinstance(argument, str) for argument in arguments):
        return CellKind(TEXT, arguments)
    kinds = [_cell_kind(argument) for argument in arguments if argument is not type(None)]
    return next((kind for kind in kinds if kind.words or kind.cell is not TEXT), CellKind(TEXT))


_set = object.__setattr__  # rows are frozen


@cache
def _every_field(model: "type[Row]") -> set[str]:
    return set(model.model_fields)


class Row(BaseModel):
    """A row of a pack table."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    table: ClassVar[str]
    says: ClassVar[str]
    if TYPE_CHECKING:
        id: str

    @classmethod
    def trusted(cls, values: dict[str, Any]) -> Self:
        """The row of every field's value, all of them checked before: ``model_construct`` without its look at each field."""
        row = cls.__new__(cls)
        _set(row, "__dict__", values)
        _set(row, "__pydantic_fields_set__", _every_field(cls))
        _set(row, "__pydantic_extra__", None)
        _set(row, "__pydantic_private__", None)
        return row

    def wrong(self) -> Iterator[tuple[str, str]]:
        """Column and expectation of each thing wrong between this row's own cells."""
        yield from ()

    @classmethod
    def columns(cls) -> dict[str, Column]:
        return {name: next(m for m in field.metadata if isinstance(m, Column)) for name, field in cls.model_fields.items()}

    @classmethod
    def cells(cls) -> dict[str, CellKind]:
        """What each column's cells are, read off the model's annotations."""
        return {
            name: _cell_kind(annotation)
            for name, annotation in get_type_hints(cls, include_extras=True).items()
            if name in cls.model_fields
        }

    @classmethod
    def required(cls) -> list[str]:
        return [name for name, field in cls.model_fields.items() if field.is_required()]


def _bounds_wrong(low: Fraction | None, high: Fraction | None) -> Iterator[tuple[str, str]]:
    if low is not high and low is not None and high is not None and low > high:
        yield "high", f"a number not below low ({low})"


def _span_wrong(start: Stated | None, end: Stated | None, column: str) -> Iterator[tuple[str, str]]:
    if start is not None and end is not None and end.end.last.date() < start.start.first.date():
        yield column, f"a time not before {start.text}"


def _step_wrong(price: Fraction | None, previous: Fraction | None, change: Fraction | None) -> Iterator[tuple[str, str]]:
    if price is not None and previous is not None and price - previous != change:
        yield "change_low", f"the price less the previous one, {price - previous}"


class Source(Row):
    table, says = "sources", "Who published what, where, and how good it is."
    id: Annotated[Id, Column("id of the source", primary=True)]
    publisher: Annotated[Text, Column("who published it")]
    title: Annotated[Text, Column("its title")]
    published: Annotated[Time | None, Column("when it was published")] = None
    url: Annotated[Url | None, Column("its address")] = None
    grade: Annotated[
        Grade, Column("A maker, wire or named trade paper on its own site; B press; C copies, aggregators, unnamed; D known bad")
    ]
    link: Annotated[Literal["yes", "no"], Column("whether answers link to it; C, D and republished ones are named only")]
    note: Annotated[Text | None, NOTE] = None


class Name(Row):
    table, says = "names", "Every name a thing goes by: one row an alias, in any script."
    id: Annotated[Id, Column("id of the thing named")]
    kind: Annotated[NameKind, Column("launch, brand, model, event, person or claim")]
    name: Annotated[Text, Column("the name; the first of an id is the one shown")]
    language: Annotated[Text | None, Column("its language, such as en or zh")] = None


class Launch(Row):
    table, says = "launches", "The launches, their market and clock."
    id: Annotated[Id, Column("id of the launch", primary=True)]
    brand: Annotated[Text, BRAND]
    model: Annotated[Text, MODEL]
    market: Annotated[Text, Column("the place a whole count covers")]
    currency: Annotated[Currency, Column("currency of its prices, ISO 4217")]
    zone: Annotated[ZoneText, Column("the market's clock, an IANA zone")]
    announced: Annotated[Time | None, Column("the launch event")] = None
    opened: Annotated[Time | None, Column("when the order book opened")] = None
    note: Annotated[Text | None, NOTE] = None
    sources: Annotated[Ids, SOURCES]

    @property
    def zones(self) -> tuple[Zone, ...]:
        return zone_readings(self.zone)


class StoreCount(Row):
    table, says = "stores", "Store counts, kind by kind (sales stores are not display stores)."
    id: Annotated[Id, Column("id of the count", primary=True)]
    brand: Annotated[Text, BRAND]
    launch: Annotated[Id | None, Column("the launch it was counted for; blank for the brand as a whole", refers="launches")] = None
    metric: Annotated[Literal["sales_stores", "display_stores", "cities"], Column("what is counted")]
    low: Annotated[Number | None, LOW] = None
    high: Annotated[Number | None, HIGH] = None
    valid_from: Annotated[Time | None, Column("first day it is known to hold")] = None
    valid_to: Annotated[Time | None, Column("first day out; blank if unknown")] = None
    place: Annotated[Text | None, PLACE] = None
    said_by: Annotated[Several, SAID_BY] = ()
    status: Annotated[Status, STATUS]
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, NOTE] = None

    @property
    def quantity(self) -> Quantity:
        how: How = "exact" if self.low is not None and self.low == self.high else "range"
        return Quantity(self.low, self.high, UNITS[self.metric], how)

    def wrong(self) -> Iterator[tuple[str, str]]:
        yield from _bounds_wrong(self.low, self.high)
        yield from _span_wrong(self.valid_from, self.valid_to, "valid_to")
        if self.low is not None and self.low.numerator < 0:
            yield "low", "a count, which is never below 0"


class OrderFact(Row):
    table, says = "orders", "Counts and rates of a launch: orders, locked orders, deliveries…"
    id: Annotated[Id, Column("id of the figure", primary=True)]
    launch: Annotated[Id, Column("the launch", refers="launches")]
    metric: Annotated[Metric, Column("what is counted; unstated where the source does not say")]
    could_be: Annotated[Metrics, Column("for unstated: the metrics it could be, by ;")] = ()
    low: Annotated[Number | None, LOW] = None
    high: Annotated[Number | None, HIGH] = None
    stated: Annotated[How | None, Column("exact, about, range, at_least or at_most")] = None
    precision: Annotated[Number | None, Column("the step it was stated to (45,000 to the thousand: 1000)")] = None
    counting: Annotated[Literal["cumulative", "new"] | None, Column("cumulative since the start, or new in the period")] = None
    gross: Annotated[Literal["yes", "no", "unknown"] | None, Column("yes if refunds are not taken off")] = None
    period_from: Annotated[Time | None, Column("when the count starts (in)")] = None
    period_to: Annotated[Time | None, Column("when it ends; a day: it ends as that day begins")] = None
    place: Annotated[Text | None, PLACE] = None
    said_by: Annotated[Several, SAID_BY] = ()
    status: Annotated[Status, STATUS]
    superseded_by: Annotated[Id | None, Column("the row that revises this one", refers="orders")] = None
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, NOTE] = None

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.low, self.high, UNITS[self.metric], self.stated or "range", self.precision)

    def wrong(self) -> Iterator[tuple[str, str]]:
        yield from _bounds_wrong(self.low, self.high)
        yield from _span_wrong(self.period_from, self.period_to, "period_to")
        if self.stated in ("exact", "about") and (self.low is None or self.low != self.high):
            yield "high", f"the same number as low, as stated is {self.stated}"
        if self.stated == "at_least" and (self.low is None or self.high is not None):
            yield "stated", "at_least with low filled and high blank"
        if self.stated == "at_most" and (self.high is None or self.low is not None):
            yield "stated", "at_most with high filled and low blank"
        if self.metric == "unstated" and not self.could_be:
            yield "could_be", "the metrics that an unstated figure could be"
        if self.low is not None and self.low.numerator < 0:
            yield "low", "a number not below 0"
        if self.metric in RATES and self.high is not None and self.high > 1:
            yield "high", "a rate from 0 to 1 (0.35, or 35%)"


class PriceFact(Row):
    table, says = "prices", "Prices, price moves, offers and subsidies, each of its own type."
    id: Annotated[Id, Column("id of the price", primary=True)]
    brand: Annotated[Text, BRAND]
    model: Annotated[Text | None, MODEL] = None
    trim: Annotated[Text | None, Column("trim; all for every trim")] = None
    region: Annotated[Text, Column("where it holds")]
    currency: Annotated[Currency, Column("ISO 4217")]
    price_type: Annotated[PriceType, Column("what kind of price; a subsidy is not a price cut")]
    low: Annotated[Number | None, Column("the price, or the size of an offer; 0 for up to")] = None
    high: Annotated[Number | None, Column("equal to low for a single price")] = None
    previous: Annotated[Number | None, Column("the price before the change")] = None
    change_low: Annotated[Number | None, Column("the least change (negative for a reduction)")] = None
    change_high: Annotated[Number | None, Column("the greatest change; 0 with change_low blank: a cut of unknown size")] = None
    valid_from: Annotated[Time | None, Column("first day it holds (in)")] = None
    valid_to: Annotated[Time | None, Column("first day it no longer holds (out)")] = None
    announced: Annotated[Time | None, Column("when it was told")] = None
    said_by: Annotated[Several, SAID_BY] = ()
    status: Annotated[Status, STATUS]
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, NOTE] = None

    @property
    def quantity(self) -> Quantity:
        how: How = "exact" if self.low is not None and self.low == self.high else "range"
        return Quantity(self.low, self.high, self.currency, how)

    def wrong(self) -> Iterator[tuple[str, str]]:
        yield from _bounds_wrong(self.low, self.high)
        yield from _span_wrong(self.valid_from, self.valid_to, "valid_to")
        if self.low is not None and self.low.numerator < 0:
            yield "low", "a price, which is never below 0 (a reduction goes into change_low)"
        if self.change_low is not None and self.change_high is not None and self.change_low > self.change_high:
            yield "change_high", f"a number not below change_low ({self.change_low})"
        step = (self.low, self.previous, self.change_low, self.change_high)
        if None not in step and self.low == self.high and self.change_low == self.change_high:
            yield from _step_wrong(self.low, self.previous, self.change_low)


class Event(Row):
    table, says = "events", "What happened when, as closely as it is known."
    id: Annotated[Id, Column("id of the event", primary=True)]
    name: Annotated[Text, Column("what happened")]
    who: Annotated[Several, Column("who did it; several by ;")] = ()
    at: Annotated[Time, Column("when; a bare date is read in the row's zone")]
    zone: Annotated[ZoneText, Column("the zone as stated: an IANA zone, 'not stated', or 'US, zone not named'")]
    place: Annotated[Text | None, Column("where")] = None
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, NOTE] = None
    same_as: Annotated[Id | None, Column("the event that this row times by another source", refers="events", optional_column=True)] = None


class Claim(Row):
    table, says = "claims", "Statements that people argue about, and the questions that decide them."
    id: Annotated[Id, Column("id of the claim", primary=True)]
    speaker: Annotated[Text, Column("who says it")]
    statement: Annotated[Text, Column("what is said, in one sentence")]
    kind: Annotated[Literal["checkable", "opinion", "unverifiable"], Column("checkable, opinion or unverifiable")]
    checks: Annotated[Several, Column("slash lines that decide it, by ;")] = ()
    expects: Annotated[Several, Column("what the claim says of each line, by ;, in the same order")] = ()
    sources: Annotated[Ids, SOURCES]
    note: Annotated[Text | None, NOTE] = None

    def wrong(self) -> Iterator[tuple[str, str]]:
        if len(self.checks) != len(self.expects):
            yield "expects", f"one value a line of checks ({len(self.checks)}), separated by ;"


ROWS: tuple[type[Row], ...] = (Source, Name, Launch, StoreCount, OrderFact, PriceFact, Event, Claim)
TABLES: dict[str, type[Row]] = {row.table: row for row in ROWS}
DESCRIPTOR = "datapackage.json"


class ContentHash:
    """What facts say, row by row, as one SHA-256."""

    def __init__(self) -> None:
        self._digest, self._table = hashlib.sha256(), ""

    def add(self, table: str, cells: Iterable[str]) -> None:
        """The next row, by the texts of its cells in the model's order; all rows of a table follow each other."""
        if table != self._table:
            self._table = table
            self._digest.update(f"\x1d{table}\x1f".encode())
        self._digest.update(("\x1e".join(cells) + "\x1f").encode())

    def of(self, version: str) -> str:
        """The hash of the rows so far, as facts that call themselves ``version``."""
        digest = self._digest.copy()
        digest.update(f"\x1c{version}".encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Facts:
    """A whole pack, checked. ``version`` is what its descriptor calls it."""

    version: str
    sources: tuple[Source, ...] = ()
    names: tuple[Name, ...] = ()
    launches: tuple[Launch, ...] = ()
    stores: tuple[StoreCount, ...] = ()
    orders: tuple[OrderFact, ...] = ()
    prices: tuple[PriceFact, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()

    @cached_property
    def content(self) -> str:
        """What the facts say as one SHA-256, computed once; the order of rows counts."""
        digest = ContentHash()
        for table, model in TABLES.items():
            names = list(model.model_fields)
            for row in self.rows(table):
                digest.add(table, [cell(getattr(row, name)) for name in names])
        return digest.of(self.version)

    def rows(self, table: str) -> tuple[Row, ...]:
        rows: tuple[Row, ...] = getattr(self, table)
        return rows


def cell(value: Any) -> str:
    """A field's value as the text of its cell."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None:
        return ""
    if kind is tuple:
        return ";".join(value)
    return str(value.text) if kind is Stated else decimal_text(value, places=12)
