"""The catalog's SQLite file: opened with what it must be checked for, and brought to the layout of this release."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from salesbot.errors import ConfigError, Message, message
from salesbot.storage.disk import connect
from salesbot.storage.tables import with_strict_tables

if TYPE_CHECKING:
    from sqlite_utils import Database

BUSY_SECONDS = 2  # inside the three that an interaction has
OF_LAYOUT = re.compile(r"-v[0-9]+\.sqlite$")
BROKEN_REFERENCES = 'select "table" from pragma_foreign_key_check'
PRAGMAS = ("synchronous = full", "foreign_keys = on", "secure_delete = on", "trusted_schema = off")


def _tables(database: Database) -> None:
    """Layout 1."""
    database["versions"].create(  # type: ignore[union-attr]
        {
            "id": int,
            "scope": str,
            "snapshot": str,
            "version": str,
            "content": str,
            "counts": str,
            "published": int,
            "by": int,
            "why": str,
        },
        pk="id",
        not_null={"scope", "snapshot", "version", "content", "counts", "published", "why"},
    )
    database["activations"].create(  # type: ignore[union-attr]
        {"id": int, "scope": str, "version": int, "back_to": int, "at": int, "by": int, "why": str},
        pk="id",
        not_null={"scope", "at", "why"},
        foreign_keys=[("version", "versions", "id"), ("back_to", "activations", "id")],
    )
    database["departures"].create({"scope": str, "at": int}, pk="scope", not_null={"at"})  # type: ignore[union-attr]
    database["versions"].create_index(("scope", "snapshot"), unique=True)  # type: ignore[union-attr]
    for index in (("scope", "id"), ("version",), ("back_to",)):
        database["activations"].create_index(index)  # type: ignore[union-attr]


def _readings(database: Database) -> None:
    """Layout 2: which snapshot a pack folder of certain bytes was read as."""
    database["readings"].create({"fingerprint": str, "snapshot": str}, pk="fingerprint", not_null={"snapshot"})  # type: ignore[union-attr]


def _files(database: Database) -> None:
    """Layout 3: the SHA-256 of every snapshot's file."""
    database["files"].create({"snapshot": str, "digest": str}, pk="snapshot", not_null={"digest"})  # type: ignore[union-attr]


def _bases(database: Database) -> None:
    """Layout 4: the shared snapshot that a version was made on, and what each change was."""
    database["versions"].add_column("base", str)  # type: ignore[union-attr]
    database["activations"].add_column("note", str)  # type: ignore[union-attr]


def _askers(database: Database) -> None:
    """Layout 5: the interaction that asked for a change."""
    database["activations"].add_column("asked", int)  # type: ignore[union-attr]


def _facts(database: Database) -> None:
    """Layout 6: versions name facts, not the layout of a file, so that releases of two layouts can share them."""
    for id, scope, snapshot, base in database.execute("select id, scope, snapshot, base from versions").fetchall():
        facts, base = OF_LAYOUT.sub("", snapshot), OF_LAYOUT.sub("", base) if base else None
        same = "select id from versions where scope = ? and snapshot = ? and id != ?"
        if (twin := database.execute(same, [scope, facts, id]).fetchone()) is None:
            database.execute("update versions set snapshot = ?, base = ? where id = ?", [facts, base, id])
        else:
            database.execute("update activations set version = ? where version = ?", [twin[0], id])
            database.execute("delete from versions where id = ?", [id])


MIGRATIONS: tuple[Callable[[Database], None], ...] = (_tables, _readings, _files, _bases, _askers, _facts)


def migrate(connection: sqlite3.Connection, layout: int) -> None:
    """Bring a file from a layout to today's; inside a transaction."""
    for migration in MIGRATIONS[layout:]:
        migration(with_strict_tables(connection))
    connection.execute(f"pragma user_version = {len(MIGRATIONS)}")


def layout_of(connection: sqlite3.Connection, path: Path) -> int:
    """The layout of a file. Raises ``ConfigError`` for one of a newer release."""
    layout: int = connection.execute("pragma user_version").fetchone()[0]
    if layout > len(MIGRATIONS):
        raise ConfigError("catalog_newer", path=str(path))
    return layout


def opened(path: Path) -> sqlite3.Connection:
    """A connection to the file, which is checked first. Raises ``ConfigError`` where that fails."""
    try:
        connection = connect(path, timeout=BUSY_SECONDS, check_same_thread=False)  # it may be forgotten in another
        try:
            return _checked(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        raise ConfigError("catalog_unusable", path=str(path), error=str(error)) from None
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from None


def _checked(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    _log_ahead(connection)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")
    for (text,) in connection.execute("pragma integrity_check"):
        if text != "ok":
            raise _damaged(path, text)
    for (table,) in connection.execute(BROKEN_REFERENCES):
        raise _damaged(path, message("catalog_reference", table=table))
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:  # SQLite does not wait by itself when several processes switch a new file at once
        try:
            connection.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                if connection.execute("pragma journal_mode").fetchone() == ("wal",):
                    return  # a file that is only read
                raise
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _damaged(path: Path, fault: str | Message) -> ConfigError:
    return ConfigError("catalog_damaged", path=str(path), fault=fault)
