"""What was sent, summed up: the numbers of each column beside those that stand, and the rows that were not sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from msgspec import Struct

from salesbot.facts import Facts, OrderFact, PriceFact, Row, StoreCount, columns
from salesbot.packs.reading import CheckedFacts

MOST_COLUMNS = 40
KINDS = {"orders": "metric", "stores": "metric", "prices": "price_type"}


class Numbers(Struct, frozen=True):
    """How many numbers there are, the least, the greatest and their sum."""

    count: int
    least: Fraction
    greatest: Fraction
    total: Fraction


class NumbersOfColumn(Struct, frozen=True):
    """The numbers of a column for one metric or type of price: those that were sent, and those that stand."""

    table: str
    column: str
    kind: str
    sent: Numbers
    before: Numbers | None


def numbers_sent(checked: CheckedFacts, live: Facts) -> tuple[NumbersOfColumn, ...]:
    """The columns of numbers that were sent, by metric or type of price."""
    found: list[NumbersOfColumn] = []
    for table, rows in checked.came.items():
        if table not in KINDS:
            continue
        sent, before = _by_column(row for _, row in rows), _by_column(live.rows(table))
        for (column, kind), numbers in sent.items():
            old = before.get((column, kind))
            found.append(NumbersOfColumn(table, column, kind, _numbers(numbers), _numbers(old) if old else None))
    return tuple(found[:MOST_COLUMNS])


def _by_column(rows: Iterable[Row]) -> dict[tuple[str, str], list[Fraction]]:
    found: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for row in rows:
        for name, value in _numbers_of(row):
            found[name, getattr(row, KINDS[row.table])].append(value)
    return found


def _numbers_of(row: Row) -> Iterator[tuple[str, Fraction]]:
    """The numbers of a row by column; one that stands in low and high alike is told once."""
    assert isinstance(row, OrderFact | StoreCount | PriceFact)
    for name, info in columns(type(row)).items():
        value = getattr(row, name) if info.cell.type == "number" else None
        if value is not None and name != "precision" and not (name == "high" and value == row.low):
            yield name, value


def _numbers(values: list[Fraction]) -> Numbers:
    return Numbers(len(values), min(values), max(values), sum(values, Fraction(0)))


def rows_left(checked: CheckedFacts, live: Facts) -> tuple[tuple[str, int], ...]:
    """Of each table that was sent, how many live rows were not sent."""
    found = []
    for table, rows in checked.came.items():
        sent = {row.key for _, row in rows}
        if count := sum(row.key not in sent for row in live.rows(table)):
            found.append((table, count))
    return tuple(found)
