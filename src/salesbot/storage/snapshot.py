"""The facts as questions read them: one immutable SQLite file, opened read-only.

Every query is declared with ``sql``: mypy takes no other one, and every plan is checked when a snapshot is built, so
that no question scans a large table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, NewType, TypeVar

from msgspec import Struct

from salesbot import deadline
from salesbot.errors import DamagedSnapshot, QuestionError
from salesbot.facts import TABLES, Facts, IdentityRow, Metric, MetricRow, Row, Source, Vocabulary, columns, row_loader
from salesbot.facts.vocabulary import BUILT_IN, IDENTITIES
from salesbot.storage.disk import close_with
from salesbot.storage.lru_cache import Cache, LruCache

LAYOUT = 5
BUILDING = ".building-"  # then the builder's process id, so that what a dead builder left can be recognised
MOST_CONNECTIONS = 2  # of a snapshot
PRAGMAS = ("query_only = on", "trusted_schema = off", "cache_size = -512")
CACHE_BYTES = 32 << 20  # of a snapshot that shares no cache with others
STEPS_A_CALL = 100_000  # of SQLite's virtual machine, between two looks at the limits
MOST_STEPS = 20_000_000
MOST_CITED = 200  # facts listed as citing a source
ROWS_A_LOOK = 500  # read between two looks at the deadline
MOST_ROWS = 20_000  # that one query may return
R = TypeVar("R", bound=Row)
V = TypeVar("V")
Sql = NewType("Sql", str)
DECLARED: dict[Sql, str] = {}


def sql(query: str, *, scans: str = "") -> Sql:
    """Declare a query that questions run; ``scans`` names a table that it means to read from end to end."""
    declared = Sql(query)
    DECLARED[declared] = scans
    return declared


class _AnyParameter(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return None


def full_table_scans(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Each declared query with a table that SQLite would scan for it, without the query meaning to."""
    for query, scans in DECLARED.items():
        for *_, detail in connection.execute(f"explain query plan {query}", _AnyParameter()):
            step, _, rest = detail.partition(" ")
            table = rest.partition(" ")[0]
            if step == "SCAN" and table != scans:
                yield query, table


class Version(Struct, frozen=True):
    """Which facts an answer rests on, since when they are served (UTC seconds), and the last day they tell of."""

    text: str
    loaded: int
    until: date | None = None


class _Steps:
    """How far a query has run."""

    def __init__(self) -> None:
        self.done = 0

    def should_stop(self) -> int:
        """Count another few; SQLite stops a query for which this is not 0."""
        self.done += STEPS_A_CALL
        return int(self.done > MOST_STEPS or deadline.is_over())


class _Reader:
    """A connection that only reads, and stops a query that runs away or passes the deadline; closed when it is gone."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        close_with(self, self.connection)  # also if it cannot be read
        for pragma in PRAGMAS:
            self.connection.execute(f"pragma {pragma}")
        self._steps = _Steps()
        self.connection.set_progress_handler(self._steps.should_stop, STEPS_A_CALL)
        self.connection.set_authorizer(_authorize_reading)

    def rows(self, query: str, parameters: Mapping[str, object], most: int) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises ``QuestionError`` where it takes too long or returns more than ``most``."""
        self._steps.done = 0
        try:
            rows = self.connection.execute(query, parameters).fetchmany(most + 1)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            deadline.check_deadline()
            raise QuestionError("too_many_facts") from None
        if len(rows) > most:
            raise QuestionError("too_many_facts")
        return rows


class Caches(Struct, frozen=True):
    """What snapshots share: a budget for what answers are made of, one for answers, one for what is sent."""

    cache: LruCache
    answers: LruCache
    replies: LruCache

    @classmethod
    def of_one(cls) -> Caches:
        """Of a snapshot that shares with no other."""
        return cls(*[LruCache(CACHE_BYTES)] * 3)


class Snapshot:
    """A snapshot opened for reading, for any thread. Rows come back as the pack's own row types.

    It never changes, so ``cache`` holds what answers are made of, ``answers`` the last ones, and ``replies`` what was
    made of them to be sent.
    Connections are opened when first needed, at most ``MOST_CONNECTIONS``; a thread that needs one more waits. Every
    method raises ``DamagedSnapshot`` where the file cannot be read as it was written.
    """

    def __init__(self, path: Path, *, loaded: int = 0, caches: Caches | None = None) -> None:
        self.path = path
        self._lock, self._free = Lock(), BoundedSemaphore(MOST_CONNECTIONS)
        self._idle: list[_Reader] = []
        self._is_closed = False
        meta = dict(self.values(META))
        if "content" not in meta:
            raise DamagedSnapshot("snapshot_damaged")
        self.content: str = meta["content"]
        until = date.fromisoformat(meta["until"]) if meta.get("until") else None
        self.version = Version(f"{meta['version']}+{self.content[:8]}", loaded or int(path.stat().st_mtime), until)
        self.pack_version = meta["version"]
        self.rows_by_table = {table: int(meta.get(f"rows.{table}", 0)) for table in TABLES}
        self.longest = {name: timedelta(days=int(meta[f"longest.{name}"])) for name in ("prices", "events")}
        caches, prefix = caches or Caches.of_one(), f"{path.name} {loaded}"
        self.cache = Cache(caches.cache, prefix)
        self.answers, self.replies = Cache(caches.answers, prefix), Cache(caches.replies, prefix)

    @contextmanager
    def _reader(self) -> Iterator[_Reader]:
        with self._free:
            with self._lock:
                reader = self._idle.pop() if self._idle else None
            try:
                reader = reader or _Reader(self.path)
                yield reader
            except sqlite3.DatabaseError as error:
                if reader is not None:
                    reader.connection.close()
                    reader = None
                raise DamagedSnapshot("snapshot_damaged") from error
            finally:
                if reader is not None:
                    with self._lock:
                        self._idle.append(reader)
                        self._close_if_closed()

    def _close_if_closed(self) -> None:
        while self._is_closed and self._idle:
            self._idle.pop().connection.close()

    def close(self) -> None:
        """Close the connections that are idle, and each other one when its query ends.

        A snapshot asked again opens one for each query.
        """
        with self._lock:
            self._is_closed = True
            self._close_if_closed()

    def select(self, model: type[R], query: Sql, /, most: int = MOST_ROWS, **parameters: object) -> list[R]:
        """Rows of one table by a query that begins ``select *`` or names the table's columns in order."""
        load, rows = row_loader(model), self.values(query, most, **parameters)
        found: list[R] = []
        for start in range(0, len(rows), ROWS_A_LOOK):
            deadline.check_deadline()
            found += [load(row) for row in rows[start : start + ROWS_A_LOOK]]
        return found

    def values(self, query: Sql, /, most: int = MOST_ROWS, **parameters: object) -> list[tuple[Any, ...]]:
        """Plain values. Raises ``QuestionError`` where a query takes too long or returns more than ``most`` rows."""
        with self._reader() as reader:
            return reader.rows(query, parameters, most)

    def cached(self, key: Hashable, make: Callable[[], V]) -> V:
        """What answers are made of, cached under ``key``; errors are not cached."""
        return self.cache.get_or_make(key, make)

    def facts(self) -> Facts:
        """The whole pack that the snapshot was built from, row by row in its order."""
        tables: dict[str, Any] = {table: tuple(self._rows(model)) for table, model in TABLES.items()}
        return Facts(version=self.pack_version, **tables)

    def _rows(self, model: type[R]) -> list[R]:
        load, count = row_loader(model), self.rows_by_table[model.table]
        if not count:
            return []
        names = ", ".join(f"[{name}]" for name in columns(model))
        query = f"select {names} from [{model.table}] order by rowid limit {count}"
        with self._reader() as reader:
            return [load(row) for row in reader.connection.execute(query)]

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The sources named, in the order given."""
        rows = (
            self.cached(("source", id), partial(self.select, Source, SOURCE_BY_ID, id=id)) for id in dict.fromkeys(ids)
        )
        return [row for found in rows for row in found]

    @property
    def vocabulary(self) -> Vocabulary:
        """The metrics and identities of the pack."""
        return self.cached("vocabulary", self._vocabulary)

    def _vocabulary(self) -> Vocabulary:
        metrics = dict(BUILT_IN)
        for row in self.select(MetricRow, METRIC_ROWS):
            metrics[row.id] = _metric(row)
        own = tuple((row.whole, (row.part, row.other_part)) for row in self.select(IdentityRow, IDENTITY_ROWS))
        return Vocabulary(metrics, tuple(dict.fromkeys((*IDENTITIES, *own))))


def _metric(row: MetricRow) -> Metric:
    built_in = BUILT_IN.get(row.id)
    default = built_in.unit if built_in else "ratio" if row.kind == "rate" else (row.plural or row.name)
    return Metric(row.id, row.kind, row.unit or default, row.part_of, row.name, row.plural or row.name, row.aliases)


def earlier(day: date, by: timedelta) -> date:
    """A day that lies so much earlier, or the first there is."""
    return day - by if day - date.min >= by else date.min


META = sql("select key, value from meta", scans="meta")
SOURCE_BY_ID = sql("select * from sources where id = :id")
LAUNCH_TITLES = sql("select id, model from launches order by rowid limit 5000", scans="launches")
METRIC_ROWS = sql("select * from metrics order by rowid limit 200", scans="metrics")
IDENTITY_ROWS = sql("select * from identities order by rowid limit 200", scans="identities")


def _authorize_reading(action: int, *_: object) -> int:
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY
