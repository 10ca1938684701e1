"""What one pack says that another does not: rows added, removed, and changed cell by cell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from salesbot.facts import TABLES

MOST_LISTED = 500  # of a table's rows added, removed and of its cells changed
KEYS = {"names": ("kind", "id", "name")}
T = TypeVar("T")
# a table's own rows come first in it; the names that things carry themselves follow them
ONLY_HERE = """
    select {key} from {here}.[{table}] as here where here.rowid <= :{here} and not exists (
        select 1 from {there}.[{table}] as there where {same} and there.rowid <= :{there}
    ) order by here.rowid
"""
CHANGED = """
    select {key}, {cells}, {before} from after.[{table}] as here join before.[{table}] as there on {same}
    where here.rowid <= :after and there.rowid <= :before and ({cells}) is not ({before}) order by here.rowid
"""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of one row, before and after; blank is empty text."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The first of many, and how many there are."""

    first: tuple[T, ...]
    count: int

    @classmethod
    def of(cls, found: Iterable[T]) -> Listed[T]:
        """What is found, counted to the end."""
        rest = iter(found)
        first = tuple(islice(rest, MOST_LISTED))
        return cls(first, len(first) + sum(1 for _ in rest))


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows are named by their ids; an alias by what it names and how."""

    table: str
    added: Listed[str]
    removed: Listed[str]
    changed: Listed[CellChange]


@dataclass(frozen=True, slots=True)
class Difference:
    """The tables that differ, in pack order."""

    tables: tuple[TableDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.tables

    def rows(self, table: str) -> frozenset[str]:
        """The rows of a table that are listed as added, removed or changed."""
        found = next((t for t in self.tables if t.table == table), None)
        return frozenset((*found.added.first, *found.removed.first, *(c.row for c in found.changed.first))) if found else frozenset()


def difference(before: Path, after: Path) -> Difference:
    """The difference of the packs of two snapshots; the order of rows does not matter."""
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        counts: dict[str, dict[str, int]] = {}
        for schema, path in (("before", before), ("after", after)):
            connection.execute(f"attach ? as {schema}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
            connection.execute(f"pragma {schema}.mmap_size = {1 << 31}")
            meta = connection.execute(f"select key, value from {schema}.meta where key like 'rows.%'")
            counts[schema] = {key[5:]: int(value) for key, value in meta}
        tables = [_of_table(table, connection, {schema: counts[schema][table] for schema in counts}) for table in TABLES]
    return Difference(tuple(table for table in tables if table.added.count or table.removed.count or table.changed.count))


def _of_table(table: str, connection: sqlite3.Connection, counts: dict[str, int]) -> TableDifference:
    keys, columns = KEYS.get(table, ("id",)), list(TABLES[table].model_fields)
    parts = {
        "table": table, "key": _listed("here", keys), "same": " and ".join(f"here.[{name}] = there.[{name}]" for name in keys),
        "cells": _listed("here", columns), "before": _listed("there", columns),
    }  # fmt: skip
    added = connection.execute(ONLY_HERE.format(here="after", there="before", **parts), counts)
    removed = connection.execute(ONLY_HERE.format(here="before", there="after", **parts), counts)
    changed = connection.execute(CHANGED.format(**parts), counts)
    cells = Listed.of(_cells(changed, columns, len(keys)))
    return TableDifference(table, Listed.of(map(_called, added)), Listed.of(map(_called, removed)), cells)


def _listed(side: str, names: Iterable[str]) -> str:
    return ", ".join(f"{side}.[{name}]" for name in names)


def _called(key: tuple[str, ...]) -> str:
    """What a row is known by: its id; an alias by what it names and how."""
    return key[0] if len(key) == 1 else f"{key[0]} {key[1]}: {key[2]}"


def _cells(changed: Iterable[tuple[str | None, ...]], columns: list[str], width: int) -> Iterator[CellChange]:
    for row in changed:
        called = _called(tuple(text or "" for text in row[:width]))
        after, before = row[width : width + len(columns)], row[width + len(columns) :]
        for column, old, new in zip(columns, before, after, strict=True):
            if old != new:
                yield CellChange(called, column, old or "", new or "")
