"""Rows put into a SQLite file, here or in a process of its own, so that a second CPU writes while this one reads.

The process runs this file as a program: it needs nothing but the standard library, so that it starts at once.
"""

from __future__ import annotations

import contextlib
import marshal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Protocol

PRAGMAS = (
    "journal_mode = off",
    "synchronous = off",
    "locking_mode = exclusive",
    "cache_size = -65536",
    "analysis_limit = 1000",
)  # of a file that no one else reads yet
PIPE_BYTES = 1 << 20  # so that neither side waits for the other
LENGTH_BYTES = 8
Record = tuple[str | int | None, ...]


def connect_to_new(path: Path) -> sqlite3.Connection:
    """A connection to a file that no one else reads yet."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")
    return connection


class Inserter(Protocol):
    """What takes records of a table; all of them are in the file once it has ended."""

    def insert(self, statement: str, records: list[Record]) -> None:
        """Run a statement with each of the records. Raises ``sqlite3.Error``, also for records taken before."""

    def end(self) -> None:
        """Wait until everything is in the file, which nothing holds open any more. Raises ``sqlite3.Error``."""

    def kill(self) -> None:
        """Stop at once; what was inserted may be lost."""


class InserterHere:
    """Inserts in this process."""

    def __init__(self, path: Path) -> None:
        self._connection = connect_to_new(path)
        self._connection.execute("begin")

    def insert(self, statement: str, records: list[Record]) -> None:
        self._connection.executemany(statement, records)

    def end(self) -> None:
        self._connection.execute("commit")
        self._connection.close()

    def kill(self) -> None:
        self._connection.close()


class InserterApart:
    """Inserts in a process of its own, which ends with this one."""

    def __init__(self, path: Path) -> None:
        program = [sys.executable, "-I", "-S", __file__, str(path)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        _widen(self._to)

    def insert(self, statement: str, records: list[Record]) -> None:
        try:
            _send((statement, records), self._to)
        except OSError:  # the process has ended, and says why
            self._raise_failure()
            raise

    def end(self) -> None:
        with contextlib.suppress(OSError):
            _send(None, self._to)
            self._to.close()
        self._raise_failure()

    def _raise_failure(self) -> None:
        """Raise what the process failed with, once it has ended, unless it ended well."""
        with self._from:
            told = self._from.read()
        self._process.wait()
        if not told:
            raise MemoryError  # the system killed it, as it does where memory is short
        if failed := marshal.loads(told):  # noqa: S302 - our own process wrote it
            text, code, name = failed
            error = sqlite3.OperationalError(text)
            error.sqlite_errorcode, error.sqlite_errorname = code, name
            raise error

    def kill(self) -> None:
        self._process.kill()
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def _send(value: tuple[str, list[Record]] | None, pipe: IO[bytes]) -> None:
    """Write a value after its length, as ``marshal`` reads a file in tiny steps and bytes at once."""
    data = marshal.dumps(value)
    pipe.write(len(data).to_bytes(LENGTH_BYTES, "big"))
    pipe.write(data)


def _received(pipe: IO[bytes]) -> Any:
    """The next value. Raises ``EOFError`` where the other side is gone before."""
    length = int.from_bytes(pipe.read(LENGTH_BYTES), "big")
    data = pipe.read(length)
    if not length or len(data) < length:
        raise EOFError
    return marshal.loads(data)  # noqa: S302 - from the process that started this one


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold more, where the system can."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # not on every platform

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _insert_all(path: Path, source: IO[bytes]) -> None:
    """Insert what comes, until nothing more does. Raises ``EOFError`` where the other side is gone before."""
    connection = connect_to_new(path)
    connection.execute("begin")
    while sent := _received(source):
        connection.executemany(*sent)
    connection.execute("commit")
    connection.close()


def main() -> None:
    """Insert into the file named; what it failed with, or an empty tuple, is written for whoever started it."""
    failed: tuple[str | int, ...] = ()
    try:
        _insert_all(Path(sys.argv[1]), sys.stdin.buffer)
    except (EOFError, MemoryError):
        return
    except Exception as error:
        failed = (str(error), getattr(error, "sqlite_errorcode", 1), getattr(error, "sqlite_errorname", "SQLITE_ERROR"))
    marshal.dump(failed, sys.stdout.buffer)


if __name__ == "__main__":
    main()
