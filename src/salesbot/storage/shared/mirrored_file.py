"""A SQLite file that is a copy of tables in a shared database: which rows a change touched, and rows from elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from salesbot.storage.disk import transaction

# what SQLite calls a column's type, and what PostgreSQL does
TYPES = {"INTEGER": "bigint", "TEXT": "text", "REAL": "float8", "FLOAT": "float8", "BLOB": "bytea"}
STANDS_AT = "create table if not exists shared_revision (file text primary key, revision integer not null) strict"
NOTES = 'create temp table if not exists touched ("table" text, key, primary key ("table", key))'
OCCASIONS = {"insert": "new", "update": "new", "delete": "old"}


class MirroredTable(Struct, frozen=True):
    """A table that is shared: its columns with their types in PostgreSQL. The first one is the key."""

    name: str
    columns: Mapping[str, str]

    @property
    def key(self) -> str:
        """The column that names a row."""
        return next(iter(self.columns))

    def of(self, connection: sqlite3.Connection) -> MirroredTable:
        """The table as it stands in a file."""
        found = connection.execute(f"pragma table_info([{self.name}])").fetchall()
        return MirroredTable(self.name, {name: TYPES[kind.upper()] for _, name, kind, *_ in found})


class TableRows(Struct, frozen=True):
    """Rows of a table in the order of its columns, and the keys of rows that are gone."""

    table: MirroredTable
    rows: Sequence[Sequence[Any]] = ()
    gone: Sequence[Any] = ()


class Newer(Struct, frozen=True):
    """What a copy does not have, up to a revision; with ``is_whole`` it is everything, and the copy starts anew."""

    revision: int
    tables: Sequence[TableRows]
    is_whole: bool = False


class MirroredFile:
    """The file called ``name`` that a connection of its own has open; ``tables`` of it are shared.

    What this connection writes between ``begin`` and ``commit`` is noted row by row.
    """

    def __init__(self, name: str, connection: sqlite3.Connection, tables: Sequence[str]) -> None:
        self.name, self._connection = name, connection
        self.tables = tuple(MirroredTable(table, {}).of(connection) for table in tables)
        connection.execute(STANDS_AT)
        connection.execute(NOTES)
        for table in self.tables:
            for occasion, row in OCCASIONS.items():
                connection.execute(
                    f"create temp trigger if not exists [{table.name}_{occasion}]"
                    f" after {occasion} on main.[{table.name}] begin"
                    f" insert or replace into touched values ('{table.name}', {row}.[{table.key}]); end"
                )

    @property
    def revision(self) -> int:
        """The newest change that is in this copy."""
        row = self._connection.execute("select revision from shared_revision where file = ?", [self.name]).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def change(self) -> Iterator[None]:
        """A transaction, undone where it fails. Raises ``sqlite3.OperationalError`` where another one is under way."""
        with transaction(self._connection):
            self._connection.execute("pragma defer_foreign_keys = on")
            yield

    @property
    def has_stood(self) -> bool:
        """Whether this file was ever brought up to date."""
        return bool(self._execute("select 1 from shared_revision where file = ?", self.name))

    @property
    def is_copy(self) -> bool:
        """Whether this file is a copy of the database already, or has nothing that one could lack."""
        return self.has_stood or not any(
            self._execute(f"select 1 from [{table.name}] limit 1") for table in self.tables
        )

    @contextmanager
    def trial(self, newer: Newer) -> Iterator[sqlite3.Connection]:
        """The file as it would be, seen by this connection alone; afterwards it is as it was."""
        self._connection.execute("begin immediate")
        try:
            self._connection.execute("pragma defer_foreign_keys = on")
            self.apply(newer)
            yield self._connection
        finally:
            self._connection.execute("rollback")

    def apply(self, newer: Newer) -> None:
        """Write what was changed elsewhere, inside a transaction."""
        if newer.is_whole:
            for table in self.tables:
                self._connection.execute(f"delete from [{table.name}]")
        for change in newer.tables:
            table = change.table
            names, marks = ", ".join(f"[{name}]" for name in table.columns), ", ".join("?" * len(table.columns))
            gone = f"delete from [{table.name}] where [{table.key}] = ?"
            self._connection.executemany(gone, [[key] for key in change.gone])
            write = f"insert or replace into [{table.name}] ({names}) values ({marks})"
            self._connection.executemany(write, change.rows)
        self.stand_at(newer.revision)
        self._connection.execute("delete from touched")

    def stand_at(self, revision: int) -> None:
        """Note the newest change that is in this copy."""
        self._connection.execute("insert or replace into shared_revision values (?, ?)", [self.name, revision])

    def execute(self, query: str, values: Sequence[object] = ()) -> int:
        """Change the file, inside a transaction; returns how many rows."""
        return self._connection.execute(query, values).rowcount

    def touched(self) -> list[TableRows]:
        """The rows that this transaction wrote, as they now are."""
        found = []
        for table in self.tables:
            keys = [key for (key,) in self._execute('select key from touched where "table" = ?', table.name)]
            if keys:
                rows = [row for key in keys for row in self._rows(table, f"where [{table.key}] = ?", key)]
                there = {row[0] for row in rows}
                found.append(TableRows(table, rows, [key for key in keys if key not in there]))
        self._connection.execute("delete from touched")
        return found

    def forget_database(self) -> None:
        """The file stands at nothing: it is a copy of no database any more."""
        self.execute("delete from shared_revision")

    def touch_all(self) -> int:
        """Note every row as written by this transaction; returns how many there are."""
        for table in self.tables:
            self.execute(f"insert or replace into touched select '{table.name}', [{table.key}] from [{table.name}]")
        ((count,),) = self._execute("select count(*) from touched")
        return int(count)

    def _rows(self, table: MirroredTable, where: str = "", *values: object) -> list[Any]:
        names = ", ".join(f"[{name}]" for name in table.columns)
        return self._execute(f"select {names} from [{table.name}] {where}", *values)

    def _execute(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()
