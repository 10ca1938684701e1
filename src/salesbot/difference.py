"""What one pack says that another does not: rows added, removed, and changed cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from salesbot.facts import TABLES, Facts, Name, Row, cell


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of one row, before and after; blank is empty text."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TableDifference:
    table: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The tables that differ, in pack order."""

    tables: tuple[TableDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.tables

    def rows(self, table: str) -> frozenset[str]:
        """Every row of a table that was added, removed or changed."""
        found = next((t for t in self.tables if t.table == table), None)
        return frozenset((*found.added, *found.removed, *(c.row for c in found.changed))) if found else frozenset()


def difference(before: Facts, after: Facts) -> Difference:
    """The difference of two packs; the order of rows does not matter."""
    tables = (_of_table(table, before, after) for table in TABLES)
    return Difference(tuple(table for table in tables if table.added or table.removed or table.changed))


def _of_table(table: str, before: Facts, after: Facts) -> TableDifference:
    old = {key(row): row for row in before.rows(table)}
    new = {key(row): row for row in after.rows(table)}
    changed = [change for id, row in new.items() if id in old and old[id] != row for change in _cells(id, old[id], row)]
    return TableDifference(table, tuple(id for id in new if id not in old), tuple(id for id in old if id not in new), tuple(changed))


def key(row: Row) -> str:
    """What a row is known by: its id; an alias by what it names and how."""
    return f"{row.kind} {row.id}: {row.name}" if isinstance(row, Name) else str(getattr(row, "id"))  # noqa: B009


def _cells(id: str, before: Row, after: Row) -> Iterator[CellChange]:
    for column in type(after).model_fields:
        old, new = cell(getattr(before, column)), cell(getattr(after, column))
        if old != new:
            yield CellChange(id, column, old, new)
