"""The numbers of an answer, each with how it was computed and how it compares with the others."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from salesbot.facts import Status
from salesbot.values.moment import Moment, StatedTime
from salesbot.values.quantity import Quantity, Verdict

Basis = Literal["reported", "computed", "asked"]
ChangeKind = Literal[
    "rise",
    "cut",
    "unchanged",
    "first price",
    "new variant",
    "offer",
    "offer ended",
    "subsidy",
    "disputed",
    "unknown",
]
Role = Literal[
    "report",  # a row of the facts
    "reading",  # a figure of unstated kind, read as one of the metrics it could be
    "derived",  # computed from others by the identities
    "bracket",  # bounds from earlier and later reports
    "not started",  # 0, as the count starts later
    "sum",  # counts of periods or places that make a whole
    "implied",  # stores or a rate that a total implies
    "whole",  # the whole numbers inside an implied figure
    "pace",
    "difference",
    "change",  # of a price
    "net",  # of several price changes
    "tally",  # how many changes there were
    "level",  # a price
    "offer",  # what is taken off a price or comes with it
    "asked",  # the asker's own number
]
Reason = Literal[
    "denied",
    "rumour",
    "target",
    "superseded",
    "known bad",
    "not the maker",
    "weaker source",
    "farther in time",
    "no time",
]


class Working(Struct, frozen=True):
    """How a figure was computed from its operands: figure ids, each with its power in a product."""

    form: Literal[
        "product",
        "bracket",
        "not started",
        "sum",
        "growth",
        "difference",
        "pace",
        "whole",
        "tally",
        "level after change",
        "lowest",
    ]
    terms: tuple[tuple[str, int], ...] = ()

    @property
    def operands(self) -> tuple[str, ...]:
        """The ids of the figures it rests on."""
        return tuple(id for id, _ in self.terms)


class Comparison(Struct, frozen=True):
    """How one figure compares with another."""

    other: str
    verdict: Verdict


class Change(Struct, frozen=True):
    """A price change; ``kind`` is ``None`` for a net of several; ``percent`` is of ``previous``.

    ``rows`` are the pack rows that tell it, with their ``price_types``.
    """

    kind: ChangeKind | None
    previous: Quantity | None
    current: Quantity | None
    percent: Fraction | None
    announced: StatedTime | None
    rows: tuple[str, ...]
    price_types: tuple[str, ...]


class Figure(Struct, frozen=True):
    """One number of an answer. ``id`` is the row's id, or names what was computed.

    ``subject`` is what it is of. ``as_of`` is when a count ends, ``valid_from`` (in) and ``valid_to`` (out) when a
    price or a store count holds. ``series_from`` is the start of a count that does not start at the opening.
    ``reading_of`` names the unstated figure of a reading; ``implied_by`` the total of an implied one, ``read_as`` the
    metric that total was read as. ``is_operand`` marks a figure that is there for the working only, ``is_net`` a
    count net of cancellations, ``is_gross`` one that is surely not; ``is_inside`` says that its place is known to be in
    the market. ``elapsed`` is the least and the greatest time of a pace, in seconds.
    """

    id: str
    name: str
    subject: str
    quantity: Quantity
    basis: Basis
    role: Role
    as_of: Moment | None = None
    status: Status = "reported"
    working: Working | None = None
    sources: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    verdict: Verdict | None = None
    reading_of: str | None = None
    read_as: str | None = None
    implied_by: str | None = None
    is_operand: bool = False
    change: Change | None = None
    valid_from: StatedTime | None = None
    valid_to: StatedTime | None = None
    region: str | None = None
    place: str | None = None
    variant: str | None = None
    channel: str | None = None
    series_from: StatedTime | None = None
    is_net: bool = False
    is_gross: bool = False
    is_inside: bool = True
    elapsed: tuple[int, int] | None = None
    note: str | None = None

    @property
    def against(self) -> tuple[str, ...]:
        """The ids of the figures it was compared with."""
        return tuple(comparison.other for comparison in self.comparisons)

    @property
    def is_money(self) -> bool:
        """Whether its unit is a currency."""
        return len(self.quantity.unit) == 3 and self.quantity.unit.isupper()


def once(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Each figure once, by its id; the first one stands."""
    by_id: dict[str, Figure] = {}
    for figure in figures:
        by_id.setdefault(figure.id, figure)
    return tuple(by_id.values())


def course(figures: Iterable[Figure], metric: str) -> list[Figure]:
    """The figures of one course of a metric: of the whole, from one start on, and all net of cancellations or none."""
    whole = [f for f in figures if f.name == metric and not (f.place or f.variant or f.is_operand)]
    reports = [figure for figure in whole if figure.role == "report"] or whole
    first = (reports[0].series_from, reports[0].is_net) if reports else None
    return [one for one in whole if (one.series_from, one.is_net) == first]


class PassedOver(Struct, frozen=True):
    """A fact that does not count, and why."""

    figure: Figure
    reason: Reason
