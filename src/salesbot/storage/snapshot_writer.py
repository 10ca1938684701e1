"""From rows to the snapshot that questions read: built beside its place, synced and renamed, then never written again.

Every column of the pack is kept as the text of its cell (exact numbers stay exact); a few derived columns and
tables carry the indexes.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Self

from sqlite_utils import Database

from salesbot.facts import TABLES, Claim, ContentHash, Event, Facts, Launch, Name, PriceFact, Row, cell
from salesbot.storage.snapshot import BUILDING, LAYOUT, MOST_CITED, Store, whole_tables_read
from salesbot.values.name_keys import LONGEST, name_key
from salesbot.values.zones import zone_readings

DERIVED: dict[str, dict[str, type]] = {
    "names": {"key": str, "place": int},
    "prices": {"brand_id": str, "model_id": str, "first_day": str, "last_day": str},
    "events": {"earliest": int, "latest": int},
}
PLAIN = ("sources", "stores", "orders")  # nothing is derived from their rows
BESIDE: dict[str, dict[str, type]] = {
    "citations": {"source": str, "fact": str, "kind": str},
    "events_who": {"who": str, "event": str, "earliest": int},
    "same_events": {"same_as": str, "event": str},
    "endings": {"kind": str, "key": str, "id": str, "name": str},
    "speakers": {"name": str},
    "meta": {"key": str, "value": str},
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "names": (("kind", "key"), ("kind", "id", "place"), ("kind", "place")),
    "stores": (("launch",), ("brand", "launch")),
    "orders": (("launch", "metric"),),
    "prices": (("model_id", "first_day"), ("brand_id", "first_day"), ("first_day",)),
    "events": (("earliest",),),
    "citations": (("source",),),
    "events_who": (("who", "earliest"),),
    "same_events": (("same_as",),),
    "endings": (("kind", "key"),),
}
PRAGMAS = (
    "journal_mode = off",
    "synchronous = off",
    "locking_mode = exclusive",
    "cache_size = -65536",
    "analysis_limit = 1000",
)  # of a file no one else reads yet
AT_ONCE = 1000  # rows
LARGE = 1000  # rows of a table that no question may read from end to end
MOST_ENDINGS = 12
WORD = re.compile(r"\d+|[\u2e80-\u9fff\uac00-\ud7af]|[^\W\d_\u2e80-\u9fff\uac00-\ud7af]+")


def build(facts: Facts, folder: Path) -> Path:
    """The snapshot of ``facts`` in ``folder``."""
    with Building(folder) as new:
        new.add_all(facts)
        return new.publish()


def open_store(facts: Facts, folder: Path) -> Store:
    """The snapshot of ``facts``, built and opened."""
    return Store(build(facts, folder))


class Building:
    """A snapshot under construction. Rows come table by table, in pack order; what is not published is gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{BUILDING}{os.getpid()}-", suffix=".sqlite", dir=folder)
        os.close(handle)
        self.path = Path(name)
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"pragma {pragma}")
        self._database = Database(self._connection, strict=True)
        self._waiting: dict[str, list[tuple[object, ...]]] = {}
        self._inserts: dict[str, str] = {}
        self._content = ContentHash()
        self._counts = dict.fromkeys(TABLES, 0)
        self._ids: dict[tuple[str, str], str] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._cited: dict[str, int] = {}
        self._own_names: list[Name] = []
        self._speakers: dict[str, None] = {}
        self._longest = {"prices": 0, "events": 0}
        self._connection.execute("begin")
        for table, model in TABLES.items():
            is_keyed = model.columns()["id"].primary
            self._create(table, dict.fromkeys(model.model_fields, str) | DERIVED.get(table, {}), pk="id" if is_keyed else None)
        for table, columns in BESIDE.items():
            self._create(table, columns, pk="key" if table == "meta" else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self.path.unlink(missing_ok=True)

    def _create(self, table: str, columns: dict[str, type], pk: str | None) -> None:
        self._database[table].create(columns, pk=pk)  # type: ignore[union-attr]
        self._waiting[table] = []
        self._inserts[table] = f"insert into [{table}] values ({', '.join('?' * len(columns))})"  # table names are a closed set

    def add_all(self, facts: Facts) -> None:
        """All facts, to the end."""
        for table in TABLES:
            for row in facts.rows(table):
                self.add(table, row)
        self.finish(facts.version)

    def add(self, table: str, row: Row, cells: Sequence[str] = ()) -> None:
        """The next row; ``cells`` are its texts in the model's order, where they are at hand."""
        cells = cells or [cell(getattr(row, name)) for name in type(row).model_fields]
        self._content.add(table, cells)
        self._counts[table] += 1
        derived = self._derived(row) if table not in PLAIN else ()
        self._insert(table, (*[text or None for text in cells], *derived))
        for source in getattr(row, "sources", ()):
            self._cite(source, row.id, table)

    def _derived(self, row: Row) -> tuple[object, ...]:
        """What a row is looked up by; the names that it carries itself are noted."""
        match row:
            case Name():
                self._ids.setdefault((row.kind, name_key(row.name)), row.id)
                self._ids[row.kind, name_key(row.id)] = row.id
                return self._name_keys(row)
            case PriceFact():
                return self._price_keys(row)
            case Event():
                self._own_names.append(Name(id=row.id, kind="event", name=row.name))
                return self._event_keys(row)
            case Launch():
                self._own_names.append(Name(id=row.id, kind="launch", name=f"{row.brand} {row.model}"))
            case Claim():
                self._own_names.append(Name(id=row.id, kind="claim", name=row.statement))
                self._speakers[row.speaker] = None
        return ()

    def _cite(self, source: str, fact: str, table: str) -> None:
        cited = self._cited[source] = self._cited.get(source, 0) + 1
        if cited <= MOST_CITED:
            self._insert("citations", (source, fact, table))

    def _insert(self, table: str, record: tuple[object, ...]) -> None:
        waiting = self._waiting[table]
        waiting.append(record)
        if len(waiting) >= AT_ONCE:
            self._flush(table)

    def _flush(self, table: str) -> None:
        self._connection.executemany(self._inserts[table], self._waiting[table])
        self._waiting[table].clear()

    # what questions look rows up by

    def _name_keys(self, row: Name) -> tuple[object, ...]:
        place = self._places[row.kind, row.id] = self._places.get((row.kind, row.id), -1) + 1
        for ending in endings(row.name):
            self._insert("endings", (row.kind, ending, row.id, row.name))
        return name_key(row.name), place

    def _price_keys(self, row: PriceFact) -> tuple[object, ...]:
        brand = self._ids.get(("brand", name_key(row.brand)), "all")
        model = self._ids.get(("model", name_key(row.model)), "all") if row.model else None
        if row.valid_from is None:
            return brand, model, None, None
        first, last = row.valid_from.days
        self._note_length("prices", first, last)
        return brand, model, first.isoformat(), last.isoformat()

    def _event_keys(self, row: Event) -> tuple[object, ...]:
        moment = row.at.read(zone_readings(row.zone))
        if row.same_as:
            self._insert("same_events", (row.same_as, row.id))
        self._note_length("events", *row.at.days)
        for who in row.who:
            key = name_key(who)
            known = self._ids.get(("person", key)) or self._ids.get(("brand", key)) or key
            self._insert("events_who", (known, row.id, moment.earliest))
        return moment.earliest, moment.latest

    def _note_length(self, table: str, first: date, last: date) -> None:
        self._longest[table] = max(self._longest[table], (last - first).days)

    # the end

    def finish(self, version: str) -> None:
        """The names that things carry themselves, what the snapshot says of itself, its indexes, and a look at every plan."""
        self._version, self.content = version, self._content.of(version)
        for name in self._own_names:
            if name.kind == "claim" or (name.kind, name.id) not in self._places:
                self._insert("names", (*[cell(getattr(name, field)) or None for field in Name.model_fields], *self._name_keys(name)))
        for speaker in self._speakers:
            self._insert("speakers", (speaker,))
        for record in self._meta():
            self._insert("meta", record)
        for table in self._waiting:
            self._flush(table)
        for table, indexes in INDEXES.items():
            for columns in indexes:
                self._database[table].create_index(columns)  # type: ignore[union-attr]
        self._connection.execute("commit")
        self._connection.execute("analyze")
        self._check_plans()
        self._connection.close()

    def _meta(self) -> Iterator[tuple[str, str]]:
        yield "version", self._version
        yield "content", self.content
        yield "layout", str(LAYOUT)
        yield from ((f"rows.{table}", str(count)) for table, count in self._counts.items())
        yield from ((f"longest.{table}", str(days)) for table, days in self._longest.items())

    def _check_plans(self) -> None:
        large = {table for table, count in self._counts.items() if count > LARGE} & TABLES.keys()
        if found := [f"{query!r} reads all of {table}" for query, table in whole_tables_read(self._connection) if table in large]:
            raise RuntimeError("; ".join(found))

    def publish(self) -> Path:
        """Its place under its name: ``<version>-<hash>``, what the facts say, in the layout of this release."""
        version = "".join(c if c.isalnum() or c in ".+_" else "_" for c in self._version) or "0"
        path = self._folder / f"{version}-{self.content[:12]}-v{LAYOUT}.sqlite"
        if not path.exists():
            _sync(self.path)
            self.path.rename(path)
        _sync(self._folder)  # also where it was there: its builder may have died before it did
        return path


def endings(name: str) -> Iterable[str]:
    """The keys of a name from its second word on, from its third, and so on: it is found by each of them."""
    words = [name_key(word) for word in WORD.findall(name[:LONGEST])]
    return ("".join(words[start:]) for start in range(1, min(len(words), MOST_ENDINGS + 1)))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
