"""A disk that takes no writes: what it refuses, as a sentence, and SQLite files that are read all the same."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path

from salesbot.errors import Refused

log = logging.getLogger(__name__)
BY_NUMBER = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EROFS: "disk_read_only",
    errno.EACCES: "disk_read_only",
    errno.EPERM: "disk_read_only",
}
BY_NAME = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_READONLY": "disk_read_only",
    "SQLITE_CANTOPEN": "disk_read_only",
    "SQLITE_IOERR": "disk_read_only",
    "SQLITE_BUSY": "files_busy",
    "SQLITE_LOCKED": "files_busy",
}


def refused_by_disk(error: BaseException) -> Refused | None:
    """What to tell whoever asked for a change that the disk refused; ``None`` for any other error.

    SQLite names a kind of fault and its variants, ``SQLITE_READONLY_DBMOVED``; it says "I/O error" of a full disk too.
    """
    if isinstance(error, OSError):
        key = BY_NUMBER.get(error.errno or 0)
    elif isinstance(error, sqlite3.OperationalError):
        name = getattr(error, "sqlite_errorname", "")
        key = next((key for start, key in BY_NAME.items() if name.startswith(start)), None)
    else:
        key = None
    return Refused(key) if key else None


def close_with(owner: object, connection: sqlite3.Connection) -> None:
    """Close a connection once its owner is gone; not while the process ends, where threads may still read."""
    weakref.finalize(owner, _close, connection).atexit = False


def _close(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.ProgrammingError):  # one that only its own thread may close
        connection.close()


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A change of a file, undone where it fails. Raises ``sqlite3.OperationalError`` where another is under way."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def synced(path: Path) -> None:
    """See that a file or a folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def connect(path: Path, *, timeout: float, check_same_thread: bool = True) -> sqlite3.Connection:
    """Open a SQLite file of the bot's own to write, where its disk lets it; else to read, and every write raises.

    A log beside the file is read in any case: without room for SQLite's shared memory it is indexed in this process,
    which has the data folder to itself. Raises ``sqlite3.OperationalError`` where the file cannot be read either.
    """
    refused: sqlite3.OperationalError | None = None
    for address, pragma in _ways(path):
        connection = sqlite3.connect(
            address, timeout=timeout, isolation_level=None, check_same_thread=check_same_thread, uri=True
        )
        try:
            connection.execute(pragma)
            connection.execute("select count(*) from sqlite_master")
        except sqlite3.OperationalError as error:
            connection.close()
            if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise
            refused = refused or error
        except BaseException:
            connection.close()
            raise
        else:
            if refused is not None:
                log.error("%s cannot be written (%s): it is read as it is, changes are refused", path.name, refused)
            return connection
    assert refused is not None
    raise refused


def _ways(path: Path) -> Iterator[tuple[str, str]]:
    address, written_ahead = path.resolve().as_uri(), path.with_name(path.name + "-wal")
    yield address, "pragma query_only"
    yield address, "pragma locking_mode = exclusive"
    if path.exists() and not (written_ahead.exists() and written_ahead.stat().st_size):
        yield f"{address}?immutable=1", "pragma query_only"
