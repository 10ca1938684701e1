"""The bot's own small files: their tables are made when a file is new."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

Tables = Mapping[str, Mapping[str, type]]


def kept(path: Path, tables: Tables) -> sqlite3.Connection:
    """The file at ``path`` with the tables of ``tables`` in it; the first column of each is its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("pragma journal_mode = wal")  # one who reads does not wait for one who writes
    if connection.execute("pragma user_version").fetchone() == (0,):
        _make(connection, tables)
        connection.execute("pragma user_version = 1")
    return connection


def _make(connection: sqlite3.Connection, tables: Tables) -> None:
    from sqlite_utils import Database  # a start with files that are there does without it

    database = Database(connection, strict=True)
    for name, columns in tables.items():
        database[name].create(dict(columns), pk=next(iter(columns)), if_not_exists=True)  # type: ignore[union-attr]
