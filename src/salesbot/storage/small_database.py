"""Small SQLite files of the bot's own: settings, long lines. Their tables are created when a file is new.

Where processes share a database, each file is a copy: it is read alone, and a change is made in both. Elsewhere nothing
waits for them: a file that another program holds is asked for a moment only, one that is damaged is set aside, and one
on a disk that takes no writes is read as it is.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from salesbot.storage.disk import close_with, connect, refused_by_disk
from salesbot.storage.tables import with_strict_tables

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

log = logging.getLogger(__name__)
LAYOUT = 5
SECONDS_BUSY = 0.05  # for another program, as changes are written on the event loop
Tables = Mapping[str, Mapping[str, type]]


class SmallDatabase:
    """The file at ``path`` with ``tables`` in it, the first column of each its key; from any thread.

    A change that ``is_lasting`` is on the disk once it is made; another may be lost with the machine, not the process.
    """

    def __init__(self, path: Path, tables: Tables, sharing: Sharing | None = None, *, is_lasting: bool = True) -> None:
        self._connection, self._lock = _opened(path, tables), Lock()
        if not is_lasting:
            self._connection.execute("pragma synchronous = off")
        close_with(self, self._connection)
        self._sharing, self._mirror = sharing, None
        if sharing is not None:
            self._mirror = sharing.mirrored(path.stem, path, tuple(tables))

    @property
    def is_shared(self) -> bool:
        """Whether other processes have the file as well."""
        return self._sharing is not None

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row that a query finds."""
        return next(iter(self.rows(query, values)), None)

    def write(self, query: str, values: Sequence[object] = ()) -> int:
        """Change the file; returns how many rows. Raises ``Refused`` where its disk or the database does not let it."""
        if self._sharing is not None:
            return self._sharing.make_now(partial(self._write_shared, query, values))
        return self.write_here(query, values)

    def write_later(self, query: str, values: Sequence[object] = ()) -> None:
        """Change the file; where it is shared, nobody waits for it. Raises ``Refused`` as ``write`` does elsewhere."""
        if self._sharing is not None:
            self._sharing.make_later(partial(self._write_shared, query, values))
        else:
            self.write_here(query, values)

    def _write_shared(self, query: str, values: Sequence[object]) -> int:
        assert self._sharing is not None and self._mirror is not None
        with self._sharing.database.change(self._mirror):
            return self._mirror.execute(query, [_storable(value) for value in values])

    def refresh(self) -> None:
        """Bring the file up to date, where it is shared. Raises ``Refused``."""
        if self._sharing is not None:
            self._sharing.make_now(self._refresh_shared)

    def _refresh_shared(self) -> None:
        assert self._sharing is not None and self._mirror is not None
        with self._sharing.database.change(self._mirror):
            pass

    def write_here(self, query: str, values: Sequence[object] = ()) -> int:
        """Change this file alone. Raises ``Refused`` where its disk or another program does not let it."""
        try:
            with self._lock:
                return self._connection.execute(query, values).rowcount
        except sqlite3.OperationalError as error:
            refused = refused_by_disk(error)
            if refused is None:
                raise
            log.warning("a change of the bot's own files was refused: %s", error)
            raise refused from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _storable(value: object) -> object:
    """A value as PostgreSQL takes it, which has no texts with a zero character."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _opened(path: Path, tables: Tables) -> sqlite3.Connection:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _with_tables(_connected(path), tables)
    except (OSError, sqlite3.OperationalError) as error:
        if (refused := refused_by_disk(error)) is None or refused.message.key == "files_busy":
            raise
        log.error("%s cannot be opened (%s): it counts as empty, changes are refused", path.name, error)
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _create(connection, tables)
    connection.execute("pragma query_only = on")
    return connection


def _with_tables(connection: sqlite3.Connection, tables: Tables) -> sqlite3.Connection:
    try:
        is_current = connection.execute("pragma user_version").fetchone() == (LAYOUT,)
        if not is_current and _is_empty(connection):
            connection.execute("pragma synchronous = off")
        with contextlib.suppress(*((sqlite3.OperationalError,) if is_current else ())):  # where it is only read
            connection.execute("pragma journal_mode = wal")  # a reader does not wait for a writer
            connection.execute("pragma secure_delete = on")
        if not is_current:
            _create(connection, tables)
            connection.execute(f"pragma user_version = {LAYOUT}")
        connection.execute("pragma synchronous = full")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether a file is a new one: what is made of it need not be waited for, as it has nothing to lose."""
    return not connection.execute("select 1 from sqlite_master limit 1").fetchall()


def _create(connection: sqlite3.Connection, tables: Tables) -> None:
    database = with_strict_tables(connection)
    for name, columns in tables.items():
        database[name].create(dict(columns), pk=next(iter(columns)), if_not_exists=True, transform=True)  # type: ignore[union-attr]


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to a file, or to a new one in the place of a file that SQLite cannot read."""
    is_new = not path.exists()
    connection: sqlite3.Connection | None = None
    try:
        connection = connect(path, timeout=SECONDS_BUSY, check_same_thread=False)
        if is_new or connection.execute("pragma quick_check").fetchone() == ("ok",):
            return connection
    except sqlite3.OperationalError:
        if connection is not None:
            connection.close()
        raise
    except sqlite3.DatabaseError:
        pass
    if connection is not None:
        connection.close()
    _set_aside(path)
    return connect(path, timeout=SECONDS_BUSY, check_same_thread=False)


def _set_aside(path: Path) -> None:
    """Rename a damaged file, so that the bot starts with an empty one."""
    log.error("%s is damaged and set aside; its contents start anew", path.name)
    for file in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
        if file.exists():
            file.replace(file.with_name(f"{file.name}.damaged"))
