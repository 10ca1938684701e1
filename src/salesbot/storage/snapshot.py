"""The facts as questions read them: one immutable SQLite snapshot, opened read-only with mmap, so that
a look-up costs microseconds on the event loop.

Every query is declared with ``sql``: what is not declared is not run, and every plan is looked at when a
snapshot is built, so that no question reads a large table from end to end.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Lock, local
from typing import Any, NewType, TypeVar, cast

from msgspec import Struct

from salesbot.errors import QuestionError
from salesbot.facts import TABLES, Facts, Row, Source

LAYOUT = 2
BUILDING = ".building-"  # then the builder's process id, so that the leftovers of a dead one can be told
PRAGMAS = (f"mmap_size = {1 << 31}", "query_only = on", "trusted_schema = off")
MOST_PAGES, MOST_ANSWERS, MOST_SOURCES = 4000, 64, 1000
STEPS_A_CALL = 100_000
MOST_STEPS = 20_000_000
MOST_CITED = 200  # facts that a source is told to be cited by
MOST_ROWS = 20_000  # that one question may touch
R = TypeVar("R", bound=Row)
V = TypeVar("V")
Sql = NewType("Sql", str)
DECLARED: dict[Sql, str] = {}


def sql(query: str, *, reads_all: str = "") -> Sql:
    """A query that questions ask, declared once; ``reads_all`` names a table that it means to read from end to end."""
    declared = Sql(query)
    DECLARED[declared] = reads_all
    return declared


class _Anything(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return None


def whole_tables_read(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Each declared query with a table that SQLite would read from end to end for it, without its meaning to."""
    for query, reads_all in DECLARED.items():
        for *_, detail in connection.execute(f"explain query plan {query}", _Anything()):
            step, _, rest = detail.partition(" ")
            table = rest.partition(" ")[0]
            if step == "SCAN" and table != reads_all:
                yield query, table


class Version(Struct, frozen=True):
    """Which facts an answer rests on, and since when they are live (UTC seconds)."""

    text: str
    loaded: int


class Latest:
    """What was asked for last, at most so many; for any thread."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._kept: OrderedDict[object, object] = OrderedDict()

    def get(self, key: object) -> object | None:
        """What is kept under ``key``."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def once(self, key: object, make: Callable[[], V]) -> V:
        """What is kept under ``key``, made now if it is not."""
        found = self.get(key)
        if found is None:
            found = make()
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return cast(V, found)

    def clear(self) -> None:
        self._kept.clear()


def _too_much() -> QuestionError:
    return QuestionError("that question touches too many facts", "narrow it, by model, brand or dates")


class Reader:
    """A connection that only reads, and stops a query that runs away."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute(f"pragma {pragma}")
        self.connection.set_progress_handler(self._stepped, STEPS_A_CALL)
        self.connection.set_authorizer(_reading_only)
        self._steps = 0

    def found(self, query: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """What a query finds. Raises ``QuestionError`` where it would take too long, or find too much."""
        self._steps = 0
        try:
            found = self.connection.execute(query, parameters).fetchmany(MOST_ROWS + 1)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise _too_much() from None
        if len(found) > MOST_ROWS:
            raise _too_much()
        return found

    def _stepped(self) -> int:
        self._steps += STEPS_A_CALL
        return int(self._steps > MOST_STEPS)


class Store:
    """A snapshot opened for reading, for any thread. Rows come back as the pack's own row types.

    Each thread reads by a connection of its own: SQLite would hold one while it asks Python whether to go on, and
    Python would wait for it, each for the other.
    """

    def __init__(self, path: Path, loaded: int | None = None) -> None:
        self.path = path
        self._threads, self._readers = local(), list[Reader]()
        meta = dict(self._reader.found("select key, value from meta", {}))
        self.pages, self.answers = Latest(MOST_PAGES), Latest(MOST_ANSWERS)  # what follows from this snapshot, which never changes
        self._sources = Latest(MOST_SOURCES)
        self.rows_by_table = {key[5:]: int(value) for key, value in meta.items() if key.startswith("rows.")}
        self.layout = int(meta["layout"])
        self.longest = {  # how long a row's own span is at the most, so that a window can be looked up by where spans begin
            key[8:]: timedelta(int(value)) for key, value in meta.items() if key.startswith("longest.")
        }
        self.version = Version(f"{meta['version']}+{meta['content'][:8]}", int(path.stat().st_mtime) if loaded is None else loaded)

    @property
    def _reader(self) -> Reader:
        reader: Reader | None = getattr(self._threads, "reader", None)
        if reader is None:
            reader = self._threads.reader = Reader(self.path)
            self._readers.append(reader)
        return reader

    def select(self, model: type[R], query: Sql, /, **parameters: object) -> list[R]:
        """Rows of one table by a query that begins ``select *`` or names its columns in order."""
        decode = _decoder(model)
        return [decode(row) for row in self.values(query, **parameters)]

    def values(self, query: Sql, /, **parameters: object) -> list[tuple[Any, ...]]:
        """Plain values. Raises ``QuestionError`` where a query would take too long, or find too much."""
        return self._reader.found(query, parameters)

    def remembered(self, key: object, make: Callable[[], V]) -> V:
        """An answer, or what answers are made of, under ``key``; errors are not kept."""
        return self.answers.once(key, make)

    def close(self) -> None:
        """Close it; no thread may be reading."""
        for reader in self._readers:
            reader.connection.close()

    def facts(self) -> Facts:
        """The whole pack that the snapshot was built from, row by row in its order."""
        return Facts(self.version.text.rpartition("+")[0], **{table: tuple(self._rows(model)) for table, model in TABLES.items()})  # type: ignore[arg-type]

    def _rows(self, model: type[R]) -> Iterator[R]:
        decode, count = _decoder(model), self.rows_by_table[model.table]
        return map(decode, self._reader.connection.execute(f"select * from {model.table} order by rowid limit {count}"))

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The sources named, in the order given."""
        found = (self._sources.once(id, partial(self.select, Source, SOURCE_BY_ID, id=id)) for id in dict.fromkeys(ids))
        return [row for rows in found for row in rows]


def earlier(day: date, by: timedelta) -> date:
    """A day that lies so much earlier, or the first there is."""
    return day - by if day - date.min >= by else date.min


SOURCE_BY_ID = sql("select * from sources where id = :id")


def _reading_only(action: int, *_: object) -> int:
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


_DECODERS: dict[type[Row], Callable[[tuple[Any, ...]], Any]] = {}


def _decoder(model: type[R]) -> Callable[[tuple[Any, ...]], R]:
    if model not in _DECODERS:
        _DECODERS[model] = _new_decoder(model)
    return _DECODERS[model]


def _new_decoder(model: type[R]) -> Callable[[tuple[Any, ...]], R]:
    readers = [(name, kind.cell.read, model.model_fields[name].get_default()) for name, kind in model.cells().items()]

    def decode(row: tuple[Any, ...]) -> R:
        cells = zip(readers, row, strict=False)
        return model.trusted({name: default if text is None else read(text) for (name, read, default), text in cells})

    return decode
