"""From rows to the snapshot that questions read: built beside its place, synced, renamed, and never written again.

Every column of the pack is kept as the text of its cell, so exact numbers stay exact. Derived columns and tables carry
the indexes.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from salesbot.facts import TABLES, ContentHash, Facts, columns, row_cells
from salesbot.storage.disk import synced
from salesbot.storage.inserting import Inserter, InserterApart, InserterHere, Record, connect_to_new
from salesbot.storage.lookups import BESIDE, DERIVED, INDEXES, Lookups, Texts
from salesbot.storage.snapshot import BUILDING, LAYOUT, Snapshot, full_table_scans
from salesbot.storage.tables import with_strict_tables

log = logging.getLogger(__name__)
META: dict[str, type] = {"key": str, "value": str}
Cells = tuple[str, ...]  # the texts of a row
CHUNK = 1000  # rows inserted at once
MANY = 20_000  # rows from which on a process of its own inserts them
LARGE = 1000  # rows from which on no question may scan a table


def write_snapshot(facts: Facts, folder: Path) -> Path:
    """Write the snapshot of ``facts`` in ``folder``."""
    with SnapshotWriter(folder) as writer:
        writer.add_all(facts)
        return writer.publish()


def open_facts(facts: Facts, folder: Path) -> Snapshot:
    """Write the snapshot of ``facts`` and open it."""
    return Snapshot(write_snapshot(facts, folder))


class SnapshotWriter:
    """A snapshot under construction; one that is not published is removed at the end.

    Rows come table by table, in pack order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{BUILDING}{os.getpid()}-", suffix=".sqlite", dir=folder)
        os.close(handle)
        self.path = Path(name)
        self._inserted, self._is_handed_over = 0, False
        self._waiting: dict[str, list[Record]] = {}
        self._inserts: dict[str, str] = {}
        self._table, self._coming = "", list[Cells]()
        self._content = ContentHash()
        self._counts = dict.fromkeys(TABLES, 0)
        self._lookups = Lookups(self._insert)
        try:
            self._create_tables()
            self._inserter: Inserter = InserterHere(self.path)
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise

    def _create_tables(self) -> None:
        with closing(connect_to_new(self.path)) as connection:
            connection.execute("begin")
            database = with_strict_tables(connection)
            for table, model in TABLES.items():
                infos = columns(model)
                is_keyed = "id" in infos and infos["id"].column.primary
                kinds = dict.fromkeys(infos, str) | DERIVED.get(table, {})
                self._create(database, table, kinds, pk="id" if is_keyed else None)
            for table, kinds in BESIDE.items():
                self._create(database, table, kinds, pk=None)
            self._create(database, "meta", META, pk="key")
            connection.execute("commit")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inserter.kill()
        self.path.unlink(missing_ok=True)

    def _create(self, database: Database, table: str, kinds: dict[str, type], pk: str | None) -> None:
        database[table].create(kinds, pk=pk)  # type: ignore[union-attr]
        self._waiting[table] = []
        texts = len(columns(TABLES[table])) if table in TABLES else 0  # a blank cell is no text
        values = ["nullif(?, '')"] * texts + ["?"] * (len(kinds) - texts)
        self._inserts[table] = f"insert into [{table}] values ({', '.join(values)})"

    def add_all(self, facts: Facts) -> None:
        """Add all facts, and finish."""
        for table in TABLES:
            rows = facts.rows(table)
            for start in range(0, len(rows), CHUNK):
                self.add(table, [*map(row_cells, rows[start : start + CHUNK])])
        self.finish(facts.version)

    def add(self, table: str, records: Sequence[Cells]) -> None:
        """Add rows by the texts of their cells in column order."""
        if table != self._table:
            self._take_in()
            self._table = table
        self._coming += records
        if len(self._coming) >= CHUNK:
            self._take_in()

    def _take_in(self) -> None:
        """Derive what questions look rows up by, for all that have come."""
        table, records, self._coming = self._table, self._coming, []
        if not records:
            return
        self._content.add(table, records)
        self._counts[table] += len(records)
        texts: Texts = dict(zip(columns(TABLES[table]), zip(*records, strict=True), strict=True))
        derived = self._lookups.derived(table, texts)
        self._insert(table, [*zip(*texts.values(), *derived, strict=True)] if derived else records)

    def _insert(self, table: str, records: Sequence[Record]) -> None:
        waiting = self._waiting[table]
        waiting += records
        if len(waiting) >= CHUNK:
            self._flush(table)

    def _flush(self, table: str) -> None:
        self._inserter.insert(self._inserts[table], self._waiting[table])
        self._inserted += len(self._waiting[table])
        self._waiting[table].clear()
        if self._inserted >= MANY and not self._is_handed_over:
            self._hand_over()

    def _hand_over(self) -> None:
        """Let a process of its own insert what is still to come; this one, where none can be started."""
        self._is_handed_over = True
        self._inserter.end()
        try:
            self._inserter = InserterApart(self.path)
        except OSError as error:
            log.warning("rows are inserted where they are read, as no process could be started for it (%s)", error)
            self._inserter = InserterHere(self.path)

    def finish(self, version: str) -> None:
        """Add the names that things carry themselves, the meta data and the indexes, and check every plan."""
        self._take_in()
        self._version, self.content = version, self._content.hexdigest(version)
        for name in self._lookups.own_names():
            self._insert("names", [name])
        self._insert("meta", [*self._meta()])
        for table in self._waiting:
            self._flush(table)
        self._inserter.end()
        with closing(connect_to_new(self.path)) as connection:
            database = with_strict_tables(connection)
            connection.execute("begin")
            for table, indexes in INDEXES.items():
                for names in indexes:
                    database[table].create_index(names)  # type: ignore[union-attr]
            connection.execute("commit")
            self._check_plans(connection)  # before the statistics: a table all of one launch may be read whole for it
            connection.execute("analyze")

    def _meta(self) -> Iterator[tuple[str, str]]:
        yield "version", self._version
        yield "content", self.content
        yield "layout", str(LAYOUT)
        yield "until", self._lookups.until.isoformat() if self._lookups.until else ""
        yield from ((f"rows.{table}", str(count)) for table, count in self._counts.items())
        yield from ((f"longest.{table}", str(days)) for table, days in self._lookups.longest.items())

    def _check_plans(self, connection: sqlite3.Connection) -> None:
        large = {table for table, count in self._counts.items() if count > LARGE} & TABLES.keys()
        scans = [f"{query!r} scans {table}" for query, table in full_table_scans(connection) if table in large]
        if scans:
            raise RuntimeError("; ".join(scans))

    def publish(self) -> Path:
        """Move the snapshot to its place, named ``<version>-<content hash>-v<layout>``."""
        version = "".join(c if c.isalnum() or c in ".+_" else "_" for c in self._version) or "0"
        path = self._folder / f"{version}-{self.content}-v{LAYOUT}.sqlite"
        synced(self.path)
        self.path.replace(path)  # also where one is there: that file was checked by no one
        synced(self._folder)
        return path
