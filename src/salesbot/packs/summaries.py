"""What was sent, summed up: the numbers of each column beside those that stand, and the rows that were not sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from msgspec import Struct

from salesbot.facts import Facts, Row, columns
from salesbot.packs.reading import CheckedFacts
from salesbot.values.quantity import simplified

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


def _by_column(rows: Iterable[Row]) -> dict[tuple[str, str], list[int | Fraction]]:
    found: dict[tuple[str, str], list[int | Fraction]] = defaultdict(list)
    for row in rows:
        kind = getattr(row, KINDS[row.table])
        for name, value in _numbers_of(row):
            found[name, kind].append(value)
    return found


def _numbers_of(row: Row) -> Iterator[tuple[str, int | Fraction]]:
    """The numbers of a row by column; one that stands in low and high alike is told once."""
    low: int | Fraction | None = None
    for name in _columns_of_numbers(type(row)):
        if (value := getattr(row, name)) is not None:
            value = simplified(value)
            if name == "low":
                low = value
            if name != "high" or value != low:
                yield name, value


@cache
def _columns_of_numbers(model: type[Row]) -> tuple[str, ...]:
    infos = columns(model).values()
    return tuple(info.name for info in infos if info.cell.type == "number" and info.name != "precision")


def _numbers(values: list[int | Fraction]) -> Numbers:
    return Numbers(len(values), *map(Fraction, (min(values), max(values), sum(values))))


def rows_left(checked: CheckedFacts, live: Facts) -> tuple[tuple[str, int], ...]:
    """Of each table that was sent, how many live rows were not sent."""
    found = []
    for table, rows in checked.came.items():
        sent = {row.key for _, row in rows}
        if count := sum(row.key not in sent for row in live.rows(table)):
            found.append((table, count))
    return tuple(found)
