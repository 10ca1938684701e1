"""A whole pack as one value, and the hash of what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from operator import itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from salesbot.facts.cells import Percent
from salesbot.facts.rows import (
    TABLES,
    Claim,
    Event,
    IdentityRow,
    Launch,
    MetricRow,
    Name,
    OrderFact,
    Place,
    PriceFact,
    Row,
    Source,
    StoreCount,
    columns,
)
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import decimal_text


class Facts(Struct, frozen=True, kw_only=True):
    """A whole pack, checked. ``version`` is what its descriptor calls it."""

    version: str
    sources: tuple[Source, ...] = ()
    names: tuple[Name, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    identities: tuple[IdentityRow, ...] = ()
    places: tuple[Place, ...] = ()
    launches: tuple[Launch, ...] = ()
    stores: tuple[StoreCount, ...] = ()
    orders: tuple[OrderFact, ...] = ()
    prices: tuple[PriceFact, ...] = ()
    events: tuple[Event, ...] = ()
    claims: tuple[Claim, ...] = ()

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table."""
        rows: tuple[Row, ...] = getattr(self, table)
        return rows


class ContentHash:
    """What facts say, row by row, as one SHA-256. The order of rows counts."""

    def __init__(self) -> None:
        self._digest, self._table = hashlib.sha256(), ""

    def add(self, table: str, records: Iterable[Sequence[str]]) -> None:
        """Add rows by the texts of their cells in column order; the rows of a table follow each other.

        Blank cells of columns that came later count as absent, so that a pack without them keeps its hash.
        """
        width = _first_columns(table)
        rows, first, later = [*records], itemgetter(slice(width)), itemgetter(slice(width, None))
        if not rows:
            return
        if any(map(any, map(later, rows))):
            rows = [cells if any(later(cells)) else first(cells) for cells in rows]
        else:  # nearly always, and in half the time
            rows = [*map(first, rows)]
        texts = map("\x1e".join, rows)
        if table != self._table:
            self._table = table
            self._digest.update(f"\x1d{table}\x1f".encode())
        self._digest.update("\x1f".join((*texts, "")).encode())

    def hexdigest(self, version: str) -> str:
        """The hash of the rows so far, as facts that call themselves ``version``."""
        digest = self._digest.copy()
        digest.update(f"\x1c{version}".encode())
        return digest.hexdigest()


@cache
def _first_columns(table: str) -> int:
    """How many columns the first version of the format had; those that came later follow them."""
    return sum(not info.column.added for info in columns(TABLES[table]).values())


def content_hash(facts: Facts) -> str:
    """What facts say as one SHA-256."""
    digest = ContentHash()
    for table in TABLES:
        digest.add(table, map(row_cells, facts.rows(table)))
    return digest.hexdigest(facts.version)


def row_cells(row: Row) -> tuple[str, ...]:
    """The texts of a row's cells in column order."""
    values, model = astuple(row), type(row)
    return tuple(
        [value if type(value) is str else "" if value is None else cell_text(value, model) for value in values]
    )


def cell_text(value: Any, model: type[Row] | None = None) -> str:
    """A field's value as the text of its cell; in a row of prices, where it may be money too, per cent stays that."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None:
        return ""
    if kind is tuple:
        return ";".join(value)
    if kind is Percent and model is PriceFact:
        return f"{decimal_text(value * 100, places=10)}%"
    return str(value.text) if kind is StatedTime else number_text(value)


def number_text(value: Fraction) -> str:
    """A number as a cell holds it; 1.125 as 1.1250, as three digits after a dot could be thousands."""
    if value.denominator == 1:
        return str(value.numerator)
    text = decimal_text(value, places=12)
    whole, dot, decimals = text.lstrip("-").partition(".")
    return f"{text}0" if dot and len(decimals) == 3 and whole != "0" and len(whole) <= 3 else text
