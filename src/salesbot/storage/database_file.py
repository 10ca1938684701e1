"""Small SQLite files of the bot's own: settings, long lines. Their tables are created when a file is new."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

log = logging.getLogger(__name__)
LAYOUT = 4
Tables = Mapping[str, Mapping[str, type]]


def open_database(path: Path, tables: Tables) -> sqlite3.Connection:
    """Open the file at ``path``, with ``tables`` in it; the first column of each is its key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _set_aside_if_damaged(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("pragma journal_mode = wal")  # a reader does not wait for a writer
    connection.execute("pragma secure_delete = on")
    if connection.execute("pragma user_version").fetchone() != (LAYOUT,):
        _create(connection, tables)
        connection.execute(f"pragma user_version = {LAYOUT}")
    return connection


def _create(connection: sqlite3.Connection, tables: Tables) -> None:
    from sqlite_utils import Database  # only a new file needs it

    database = Database(connection, strict=True)
    for name, columns in tables.items():
        database[name].create(dict(columns), pk=next(iter(columns)), if_not_exists=True, transform=True)  # type: ignore[union-attr]


def _set_aside_if_damaged(path: Path) -> None:
    """Rename a file that SQLite cannot read, so that the bot starts with an empty one."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("pragma quick_check").fetchone() == ("ok",):
                return
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        pass
    log.error("%s is damaged and set aside; its contents start anew", path.name)
    for file in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        if file.exists():
            file.replace(file.with_name(f"{file.name}.damaged"))
