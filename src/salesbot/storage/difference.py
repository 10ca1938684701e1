"""What one pack says that another does not: rows added, removed, and changed cell by cell."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from salesbot.facts import TABLES, columns

MOST_LISTED = 500  # of a table's rows added, removed and of its cells changed
S = TypeVar("S")
T = TypeVar("T")
Record = tuple[str | None, ...]
# a table's own rows come first in it; the names that things carry themselves follow them. Only rows that are not the
# same in both packs at the same place are looked for elsewhere, as in most reloads nearly all are
UNLIKE = """
    insert into unlike select here.rowid from after.[{table}] as here join before.[{table}] as there
    on there.rowid = here.rowid where here.rowid <= min(:before, :after) and {differs}
"""
ONLY_HERE = """
    select {key}, {cells} from {here}.[{table}] as here where here.rowid <= :{here}
    and (here.rowid in unlike or here.rowid > :{there}) and not exists (
        select 1 from {there}.[{table}] as there where {same} and there.rowid <= :{there}
    ) order by here.rowid
"""
CHANGED = """
    select {key}, {cells}, {before} from after.[{table}] as here join before.[{table}] as there on {same}
    where here.rowid <= :after and (here.rowid in unlike or here.rowid > :before)
    and there.rowid <= :before and ({cells}) is not ({before}) order by here.rowid
"""


Cells = tuple[tuple[str, str], ...]  # the columns of a row that are filled, and their texts


class ListedRow(Struct, frozen=True):
    """A row that was added or removed: what it is known by, and its cells."""

    name: str
    cells: Cells


class CellChange(Struct, frozen=True):
    """One cell of one row, before and after; blank is empty text. ``cells`` are those of the row after the change."""

    row: str
    column: str
    before: str
    after: str
    cells: Cells = ()


class Excerpt(Struct, Generic[T], frozen=True):
    """The first of many things, and how many there are."""

    first: tuple[T, ...]
    count: int


def excerpt(rows: Iterable[S], listed: Callable[[S], T]) -> Excerpt[T]:
    """The first of the rows as they are listed; all are counted."""
    rest = iter(rows)
    first = tuple(map(listed, islice(rest, MOST_LISTED)))
    return Excerpt(first, len(first) + sum(1 for _ in rest))


class TableDifference(Struct, frozen=True):
    """What differs in a table. Rows are named by their ids; an alias by what it names and how."""

    table: str
    added: Excerpt[ListedRow]
    removed: Excerpt[ListedRow]
    changed: Excerpt[CellChange]


class Difference(Struct, frozen=True):
    """The tables that differ, in pack order."""

    tables: tuple[TableDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not self.tables

    def rows(self, table: str) -> frozenset[str]:
        """The rows of a table that are listed as added, removed or changed."""
        of_table = next((t for t in self.tables if t.table == table), None)
        if of_table is None:
            return frozenset()
        changed = (change.row for change in of_table.changed.first)
        listed = (row.name for row in (*of_table.added.first, *of_table.removed.first))
        return frozenset((*listed, *changed))


def difference(before: Path, after: Path) -> Difference:
    """The difference of the packs of two snapshots; the order of rows does not matter."""
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        connection.execute("create table if not exists unlike (place integer primary key)")
        counts: dict[str, dict[str, int]] = {}
        for schema, path in (("before", before), ("after", after)):
            connection.execute(f"attach ? as {schema}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
            meta = connection.execute(f"select key, value from {schema}.meta where key like 'rows.%'")
            counts[schema] = {key[5:]: int(value) for key, value in meta}
        tables = [
            _of_table(table, connection, {schema: counts[schema][table] for schema in counts}) for table in TABLES
        ]
    return Difference(tuple(t for t in tables if t.added.count or t.removed.count or t.changed.count))


def _of_table(table: str, connection: sqlite3.Connection, counts: dict[str, int]) -> TableDifference:
    keys, names = TABLES[table].key_columns, list(columns(TABLES[table]))
    parts = {
        "table": table,
        "key": _columns_of("here", keys),
        "same": " and ".join(f"here.[{name}] = there.[{name}]" for name in keys),
        "cells": _columns_of("here", names),
        "before": _columns_of("there", names),
    }
    # of a table whose key may come twice every row is looked at
    parts["differs"] = "({cells}) is not ({before})".format(**parts) if keys == ("id",) else "true"
    connection.execute("delete from unlike")
    connection.execute(UNLIKE.format(**parts), counts)
    added = connection.execute(ONLY_HERE.format(here="after", there="before", **parts), counts)
    removed = connection.execute(ONLY_HERE.format(here="before", there="after", **parts), counts)
    changed = connection.execute(CHANGED.format(**parts), counts)
    width = len(keys)

    def listed(row: Record) -> ListedRow:
        return ListedRow(_row_name(row[:width]), _cells(names, row[width:]))

    def listed_cell(change: tuple[Record, int]) -> CellChange:
        row, place = change
        after, before = row[width : width + len(names)], row[width + len(names) :]
        return CellChange(
            _row_name(row[:width]), names[place], before[place] or "", after[place] or "", _cells(names, after)
        )

    cells = excerpt(_changed_cells(changed, width, len(names)), listed_cell)
    return TableDifference(table, excerpt(added, listed), excerpt(removed, listed), cells)


def _columns_of(side: str, names: Iterable[str]) -> str:
    return ", ".join(f"{side}.[{name}]" for name in names)


def _cells(names: Iterable[str], texts: Iterable[str | None]) -> Cells:
    return tuple((name, text) for name, text in zip(names, texts, strict=True) if text)


def _row_name(cells: Record) -> str:
    """What a row is known by: its id; an alias by what it names and how."""
    key = [text or "" for text in cells]
    return key[0] if len(key) == 1 else f"{' '.join(key[:-1])}: {key[-1]}"


def _changed_cells(changed: Iterable[Record], width: int, count: int) -> Iterator[tuple[Record, int]]:
    """The places of the cells that differ in each changed row: its key, its cells after, its cells before."""
    for row in changed:
        for place in range(count):
            if row[width + place] != row[width + count + place]:
                yield row, place
