"""Every moment at which a publishing process could die: around each file operation, before each SQL
write and after each commit. After any other statement the disk is as it is before the next one.

Only ever installed in a process that is meant to die.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

FILE_OPERATIONS = ("open", "write", "fsync", "rename", "replace", "unlink", "mkdir", "truncate", "ftruncate")
SQL_WRITES = ("begin", "commit", "rollback", "create", "drop", "insert", "update", "delete", "analyze")
PRAGMA_WRITES = ("journal_mode =", "user_version =", "wal_checkpoint")


class Moments:
    """Counts moments by name and kills the process at the one numbered ``last`` (from 1)."""

    def __init__(self, last: int | None) -> None:
        self.names: list[str] = []
        self._last = last
        self._files: dict[object, str] = {}

    def now(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Watch this process from here on."""
        for name in FILE_OPERATIONS:
            setattr(os, name, self._around(name, getattr(os, name)))
        setattr(sqlite3, "connect", partial(sqlite3.connect, factory=self._connection()))  # noqa: B010

    def _around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **named: Any) -> Any:
            about = f"{name} {self._name_of(arguments)}"
            self.now(f"before {about}")
            done = call(*arguments, **named)
            if name == "open":
                self._files[done] = self._name_of(arguments)
            self.now(f"after {about}")
            return done

        return watched

    def _name_of(self, arguments: tuple[Any, ...]) -> str:
        paths = [os.path.basename(argument) for argument in arguments if isinstance(argument, str | os.PathLike)]
        return " to ".join(paths) or self._files.get(arguments[0], "?")

    def _connection(self) -> type[sqlite3.Connection]:
        moments = self

        class Watched(sqlite3.Connection):
            def __init__(self, *arguments: Any, **named: Any) -> None:
                super().__init__(*arguments, **named)
                self.set_trace_callback(moments.statement)  # comes before each, and for each row of many

            def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
                done = super().execute(statement, parameters)
                if statement.strip() in ("commit", "analyze"):
                    moments.now(f"after {statement}")
                return done

            def close(self) -> None:
                moments.now("before close")
                super().close()
                moments.now("after close")

        return Watched

    def statement(self, text: str) -> None:
        """An SQL statement that is about to run; a moment, if it writes."""
        first, _, rest = text.strip().partition(" ")
        if first.casefold() in SQL_WRITES or (first == "pragma" and rest.startswith(PRAGMA_WRITES)):
            self.now(f"before {' '.join(text.split()[:4])}")
