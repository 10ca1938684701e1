"""The facts as questions read them: one immutable SQLite snapshot, named by its content.

A snapshot is built beside its place, synced and renamed, then never written again; it is opened
read-only with mmap, so that a look-up costs microseconds on the event loop. Every column of the
pack is kept as the text of its cell (exact numbers stay exact); a few derived columns carry indexes.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlite_utils import Database

from salesbot.errors import QuestionError
from salesbot.facts import TABLES, Facts, Name, PriceFact, Row, Source, cell
from salesbot.naming import name_key
from salesbot.pack import content_hash
from salesbot.zones import zone_readings

LAYOUT = 1
BUILDING = ".building-"  # then the builder's process id, so that the leftovers of a dead one can be told
MMAP_BYTES = 1 << 31
MOST_REMEMBERED = 4000
STEPS_A_CALL = 100_000
MOST_STEPS = 20_000_000
R = TypeVar("R", bound=Row)
V = TypeVar("V")

DERIVED: dict[str, dict[str, type]] = {
    "names": {"key": str, "place": int},
    "prices": {"brand_id": str, "model_id": str, "first_day": str, "last_day": str},
    "events": {"earliest": int, "latest": int},
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "names": (("kind", "key"), ("kind", "id", "place")),
    "stores": (("launch",), ("brand", "launch")),
    "orders": (("launch", "metric"),),
    "prices": (("model_id", "first_day"), ("brand_id", "first_day"), ("first_day",)),
    "events": (("earliest",),),
    "citations": (("source",), ("fact",)),
    "events_who": (("who", "earliest"),),
}


@dataclass(frozen=True, slots=True)
class Version:
    """Which facts an answer rests on, and since when they are live (UTC seconds)."""

    text: str
    loaded: int


def snapshot_name(facts: Facts) -> str:
    """``<version>-<hash>``: what the facts say, in the layout of this release."""
    version = "".join(c if c.isalnum() or c in ".+_" else "_" for c in facts.version) or "0"
    return f"{version}-{content_hash(facts)[:12]}-v{LAYOUT}"


def snapshot_path(facts: Facts, folder: Path) -> Path:
    """Where the snapshot of ``facts`` lies, or would."""
    return folder / f"{snapshot_name(facts)}.sqlite"


def build(facts: Facts, folder: Path) -> Path:
    """The snapshot of ``facts`` in ``folder``; built only if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = snapshot_path(facts, folder)
    if path.exists():
        _sync(folder)  # its builder may have died before it did
        return path
    handle, name = tempfile.mkstemp(prefix=f"{BUILDING}{os.getpid()}-", suffix=".sqlite", dir=folder)
    os.close(handle)
    aside = Path(name)
    try:
        _fill(aside, facts)
        _sync(aside)
        aside.rename(path)
        _sync(folder)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(path: Path, facts: Facts) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = off")
        connection.execute("pragma synchronous = off")
        database = Database(connection, strict=True)
        ids = _ids_by_name(facts.names)
        connection.execute("begin")
        for table, model in TABLES.items():
            columns = dict.fromkeys(model.model_fields, str) | DERIVED.get(table, {})
            database[table].create(columns, pk="id" if "id" in _primary(model) else None)  # type: ignore[union-attr]
            _insert(connection, table, len(columns), _records(table, facts, ids))
        database["citations"].create({"source": str, "fact": str, "kind": str})  # type: ignore[union-attr]
        _insert(connection, "citations", 3, _citations(facts))
        database["events_who"].create({"who": str, "event": str, "earliest": int})  # type: ignore[union-attr]
        _insert(connection, "events_who", 3, _events_who(facts, ids))
        database["meta"].create({"key": str, "value": str}, pk="key")  # type: ignore[union-attr]
        _insert(connection, "meta", 2, _meta(facts))
        for table, indexes in INDEXES.items():
            for columns_ in indexes:
                database[table].create_index(columns_)  # type: ignore[union-attr]
        connection.execute("commit")
        connection.execute("analyze")
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, width: int, records: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * width)
    connection.executemany(f"insert into [{table}] values ({marks})", records)  # table names are a closed set


def _primary(model: type[Row]) -> list[str]:
    return [name for name, column in model.columns().items() if column.primary]


def _ids_by_name(names: Iterable[Name]) -> dict[tuple[str, str], str]:
    ids: dict[tuple[str, str], str] = {}
    for name in names:
        ids.setdefault((name.kind, name_key(name.name)), name.id)
        ids[name.kind, name_key(name.id)] = name.id
    return ids


def _records(table: str, facts: Facts, ids: dict[tuple[str, str], str]) -> Iterator[tuple[object, ...]]:
    names = list(TABLES[table].model_fields)
    place: dict[tuple[str, str], int] = {}
    for row in _with_own_names(facts) if table == "names" else facts.rows(table):
        cells: list[object] = [cell(getattr(row, name)) or None for name in names]
        if isinstance(row, Name):
            place[row.kind, row.id] = place.get((row.kind, row.id), -1) + 1
            cells += [name_key(row.name), place[row.kind, row.id]]
        elif isinstance(row, PriceFact):
            cells += _price_keys(row, ids)
        elif table == "events":
            moment = row.at.read(zone_readings(row.zone))  # type: ignore[attr-defined]
            cells += [moment.earliest, moment.latest]
        yield tuple(cells)


def _with_own_names(facts: Facts) -> Iterator[Name]:
    """The names of the pack, then those that things carry themselves, so that each has one."""
    yield from facts.names
    named = {(name.kind, name.id) for name in facts.names}
    for launch in facts.launches:
        if ("launch", launch.id) not in named:
            yield Name(id=launch.id, kind="launch", name=f"{launch.brand} {launch.model}")
    for event in facts.events:
        if ("event", event.id) not in named:
            yield Name(id=event.id, kind="event", name=event.name)
    for claim in facts.claims:
        yield Name(id=claim.id, kind="claim", name=claim.statement)


def _price_keys(row: PriceFact, ids: dict[tuple[str, str], str]) -> list[object]:
    brand = ids.get(("brand", name_key(row.brand)), "all")
    model = ids.get(("model", name_key(row.model)), "all") if row.model else None
    first, last = row.valid_from.days if row.valid_from else (None, None)
    return [brand, model, first and first.isoformat(), last and last.isoformat()]


def _citations(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for table in TABLES:
        for row in facts.rows(table):
            for source in getattr(row, "sources", ()):
                yield source, getattr(row, "id"), table  # noqa: B009


def _events_who(facts: Facts, ids: dict[tuple[str, str], str]) -> Iterator[tuple[str, str, int]]:
    for event in facts.events:
        earliest = event.at.read(zone_readings(event.zone)).earliest
        for who in event.who:
            key = name_key(who)
            yield ids.get(("person", key)) or ids.get(("brand", key)) or key, event.id, earliest


def _meta(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "version", facts.version
    yield "content", content_hash(facts)
    yield "layout", str(LAYOUT)
    for table in TABLES:
        yield f"rows.{table}", str(len(facts.rows(table)))


class Store:
    """A snapshot opened for reading. Rows come back as the pack's own row types."""

    def __init__(self, path: Path, loaded: int | None = None) -> None:
        self.path = path
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        self._connection.execute(f"pragma mmap_size = {MMAP_BYTES}")
        self._connection.execute("pragma query_only = on")
        self._connection.execute("pragma trusted_schema = off")
        self._steps = 0
        self._connection.set_progress_handler(self._stepped, STEPS_A_CALL)
        meta = dict(self._connection.execute("select key, value from meta").fetchall())
        self.memory: dict[object, object] = {}  # what follows from this snapshot, which never changes
        self.rows_by_table = {key[5:]: int(value) for key, value in meta.items() if key.startswith("rows.")}
        self.version = Version(f"{meta['version']}+{meta['content'][:8]}", int(path.stat().st_mtime) if loaded is None else loaded)
        self._connection.set_authorizer(_reading_only)

    def select(self, model: type[R], query: str, /, **parameters: object) -> list[R]:
        """Rows of one table by a query that begins ``select *`` or names its columns in order."""
        decode = _decoder(model)
        return [decode(row) for row in self.values(query, **parameters)]

    def values(self, query: str, /, **parameters: object) -> list[tuple[Any, ...]]:
        """Plain values. Raises ``QuestionError`` when a query would take too long."""
        self._steps = 0
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise QuestionError("that question touches too many facts", "narrow it, by model, brand or dates") from None

    def remembered(self, key: object, make: Callable[[], V]) -> V:
        """What follows from this snapshot under ``key``, made once; errors are not kept."""
        if key not in self.memory:
            if len(self.memory) >= MOST_REMEMBERED:
                self.memory.clear()
            self.memory[key] = make()
        return cast(V, self.memory[key])

    def _stepped(self) -> int:
        self._steps += STEPS_A_CALL
        return int(self._steps > MOST_STEPS)

    def close(self) -> None:
        self._connection.close()

    def facts(self) -> Facts:
        """The whole pack that the snapshot was built from, row by row in its order."""
        rows = {table: tuple(self.select(model, f"select * from {table} order by rowid limit {self.rows_by_table[table]}"))
                for table, model in TABLES.items()}  # fmt: skip
        return Facts(self.version.text.rpartition("+")[0], **rows)  # type: ignore[arg-type]

    def sources(self, ids: Iterable[str]) -> list[Source]:
        """The sources named, in the order given."""
        found = (self.select(Source, SOURCE_BY_ID, id=id) for id in dict.fromkeys(ids))
        return [row for rows in found for row in rows]


SOURCE_BY_ID = "select * from sources where id = :id"


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
    names = {name for name, _, _ in readers}

    def decode(row: tuple[Any, ...]) -> R:
        values = {name: default if text is None else read(text) for (name, read, default), text in zip(readers, row, strict=False)}
        return cast(R, model.model_construct(names, **values))

    return decode


def open_store(facts: Facts, folder: Path) -> Store:
    """Build the snapshot of ``facts`` if need be, and open it."""
    return Store(build(facts, folder))
