"""From rows to the snapshot that questions read: built beside its place, synced, renamed, and never written again.

Every column of the pack is kept as the text of its cell, so exact numbers stay exact. Derived columns and tables carry
the indexes.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from msgspec.structs import astuple
from sqlite_utils import Database

from salesbot.facts import (
    TABLES,
    Claim,
    ContentHash,
    Event,
    Facts,
    Launch,
    Name,
    OrderFact,
    Place,
    PriceFact,
    Row,
    Source,
    StoreCount,
    cell_text,
    columns,
)
from salesbot.facts.places import PlaceNames, names_of_code
from salesbot.storage.disk import synced
from salesbot.storage.inserting import Inserter, InserterApart, InserterHere, Record, connect_to_new
from salesbot.storage.snapshot import BUILDING, LAYOUT, MOST_CITED, Snapshot, full_table_scans
from salesbot.values.moment import cell_time
from salesbot.values.name_keys import LONGEST_NAME, name_key
from salesbot.values.zones import zone_readings

log = logging.getLogger(__name__)
EVERY = "all"
DERIVED: dict[str, dict[str, type]] = {
    "names": {"key": str, "rank": int},
    "launches": {"brand_id": str, "market_id": str},
    "stores": {"brand_id": str, "place_id": str},
    "orders": {"place_id": str},
    "prices": {"brand_id": str, "model_id": str, "region_id": str, "first_day": str, "last_day": str, "out_day": str},
    "events": {"earliest": int, "latest": int},
}
BESIDE: dict[str, dict[str, type]] = {
    "citations": {"source": str, "fact": str, "kind": str},
    "events_who": {"who": str, "event": str, "earliest": int},
    "same_events": {"same_as": str, "event": str},
    "name_endings": {"kind": str, "key": str, "id": str, "name": str},
    "meta": {"key": str, "value": str},
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "names": (("kind", "key"), ("kind", "id", "rank"), ("kind", "rank")),
    "stores": (("launch",), ("brand_id", "launch")),
    "orders": (("launch", "metric"),),
    "prices": (
        ("model_id", "first_day"),
        ("brand_id", "first_day"),
        ("first_day",),
        ("out_day",),
        ("brand_id", "out_day"),
    ),
    "events": (("earliest",),),
    "claims": (("speaker",),),
    "citations": (("source",),),
    "events_who": (("who", "earliest"),),
    "same_events": (("same_as",),),
    "name_endings": (("kind", "key"),),
}
CHUNK = 1000  # rows inserted at once
MANY = 20_000  # rows from which on a process of its own inserts them
LARGE = 1000  # rows from which on no question may scan a table
MOST_ENDINGS = 12
WORD = re.compile(r"\d+|[\u2e80-\u9fff\uac00-\ud7af]|[^\W\d_\u2e80-\u9fff\uac00-\ud7af]+")


def write_snapshot(facts: Facts, folder: Path) -> Path:
    """Write the snapshot of ``facts`` in ``folder``."""
    with SnapshotWriter(folder) as writer:
        writer.add_all(facts)
        return writer.publish()


def open_facts(facts: Facts, folder: Path) -> Snapshot:
    """Write the snapshot of ``facts`` and open it."""
    return Snapshot(write_snapshot(facts, folder))


class SnapshotWriter:
    """A snapshot under construction; one that is not published is removed at the end.

    Rows come table by table, in pack order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{BUILDING}{os.getpid()}-", suffix=".sqlite", dir=folder)
        os.close(handle)
        self.path = Path(name)
        self._inserted, self._is_handed_over = 0, False
        self._waiting: dict[str, list[Record]] = {}
        self._inserts: dict[str, str] = {}
        self._content = ContentHash()
        self._counts = dict.fromkeys(TABLES, 0)
        self._ids: dict[tuple[str, str], str] = {}
        self._ranks: dict[tuple[str, str], int] = {}
        self._cited: dict[str, int] = {}
        self._own_names: list[Name] = []
        self._speakers: dict[str, None] = {}
        self._places = PlaceNames()
        self._place_names: dict[str, dict[str, None]] = {}
        self._longest = {"prices": 0, "events": 0}
        self._until: date | None = None
        self._derive: dict[str, Callable[[Any], Record]] = {
            "sources": self._note_source,
            "names": self._derived_of_name,
            "places": self._note_place,
            "launches": self._derived_of_launch,
            "stores": self._derived_of_stores,
            "orders": self._derived_of_order,
            "prices": self._derived_of_price,
            "events": self._derived_of_event,
            "claims": self._note_claim,
        }  # the values of a row's derived columns; the names that it carries itself are noted
        try:
            self._create_tables()
            self._inserter: Inserter = InserterHere(self.path)
        except BaseException:
            self.path.unlink(missing_ok=True)
            raise

    def _create_tables(self) -> None:
        with closing(connect_to_new(self.path)) as connection:
            connection.execute("begin")
            database = Database(connection, strict=True)
            for table, model in TABLES.items():
                infos = columns(model)
                is_keyed = "id" in infos and infos["id"].column.primary
                kinds = dict.fromkeys(infos, str) | DERIVED.get(table, {})
                self._create(database, table, kinds, pk="id" if is_keyed else None)
            for table, kinds in BESIDE.items():
                self._create(database, table, kinds, pk="key" if table == "meta" else None)
            connection.execute("commit")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._inserter.kill()
        self.path.unlink(missing_ok=True)

    def _create(self, database: Database, table: str, kinds: dict[str, type], pk: str | None) -> None:
        database[table].create(kinds, pk=pk)  # type: ignore[union-attr]
        self._waiting[table] = []
        texts = len(columns(TABLES[table])) if table in TABLES else 0  # a blank cell is no text
        values = ["nullif(?, '')"] * texts + ["?"] * (len(kinds) - texts)
        self._inserts[table] = f"insert into [{table}] values ({', '.join(values)})"

    def add_all(self, facts: Facts) -> None:
        """Add all facts, and finish."""
        for table in TABLES:
            for row in facts.rows(table):
                self.add(table, row)
        self.finish(facts.version)

    def add(self, table: str, row: Row, cells: Sequence[str] = ()) -> None:
        """Add a row; ``cells`` are its texts in column order, where they are at hand."""
        cells = cells or [*map(cell_text, astuple(row))]
        self._content.add(table, cells)
        self._counts[table] += 1
        if (told := LAST_DAYS.get(table)) and (day := told(row)) and (self._until is None or day > self._until):
            self._until = day
        derived = self._derive[table](row) if table in self._derive else ()
        self._insert(table, (*cells, *derived))
        for source in getattr(row, "sources", ()):
            self._cite(source, row.id, table)

    def _insert(self, table: str, record: Record) -> None:
        waiting = self._waiting[table]
        waiting.append(record)
        if len(waiting) >= CHUNK:
            self._flush(table)

    def _flush(self, table: str) -> None:
        self._inserter.insert(self._inserts[table], self._waiting[table])
        self._inserted += len(self._waiting[table])
        self._waiting[table].clear()
        if self._inserted >= MANY and not self._is_handed_over:
            self._hand_over()

    def _hand_over(self) -> None:
        """Let a process of its own insert what is still to come; this one, where none can be started."""
        self._is_handed_over = True
        self._inserter.end()
        try:
            self._inserter = InserterApart(self.path)
        except OSError as error:
            log.warning("rows are inserted where they are read, as no process could be started for it (%s)", error)
            self._inserter = InserterHere(self.path)

    # what questions look rows up by

    def _note_source(self, row: Source) -> Record:
        self._own_names.append(Name(id=row.id, kind="source", name=row.publisher))  # type: ignore[arg-type]
        return ()

    def _note_place(self, row: Place) -> Record:
        self._places.add(row.name, row.id)
        self._own_names.append(Name(id=row.id, kind="place", name=row.name))
        return ()

    def _note_claim(self, row: Claim) -> Record:
        self._own_names.append(Name(id=row.id, kind="claim", name=row.statement))
        self._speakers[row.speaker] = None
        return ()

    def _derived_of_launch(self, row: Launch) -> Record:
        whole = f"{row.brand} {row.model}"
        has_brand = name_key(row.model).startswith(name_key(row.brand))
        for name in (row.model,) if has_brand else (whole, row.model):
            self._own_names.append(Name(id=row.id, kind="launch", name=name))
        return self._brand(row.brand), self._place(row.market)

    def _derived_of_stores(self, row: StoreCount) -> Record:
        return self._brand(row.brand), self._place(row.place)

    def _derived_of_order(self, row: OrderFact) -> Record:
        return (self._place(row.place),)

    def _derived_of_name(self, row: Name) -> Record:
        self._ids.setdefault((row.kind, name_key(row.name)), row.id)
        self._ids[row.kind, name_key(row.id)] = row.id
        if row.kind == "place":
            self._places.add(row.name, row.id)
        return self._name_keys(row)

    def _name_keys(self, row: Name) -> Record:
        rank = self._ranks[row.kind, row.id] = self._ranks.get((row.kind, row.id), -1) + 1
        for ending in name_endings(row.name):
            self._insert("name_endings", (row.kind, ending, row.id, row.name))
        return name_key(row.name), rank

    def _brand(self, text: str) -> str:
        return self._ids.get(("brand", name_key(text)), name_key(text))

    def _place(self, text: str | None) -> str | None:
        if text is None:
            return None
        id = self._places.id_of(text)
        self._place_names.setdefault(id, {})[text] = None
        return id

    def _derived_of_price(self, row: PriceFact) -> Record:
        brand = self._ids.get(("brand", name_key(row.brand)), EVERY)
        model = self._ids.get(("model", name_key(row.model)), EVERY) if row.model else None
        region = self._place(row.region)
        out = row.valid_to.days[0].isoformat() if row.valid_to else None
        if row.valid_from is None:
            return brand, model, region, None, None, out
        first, last = row.valid_from.days
        self._note_length("prices", first, last)
        return brand, model, region, first.isoformat(), last.isoformat(), out

    def _derived_of_event(self, row: Event) -> Record:
        self._own_names.append(Name(id=row.id, kind="event", name=row.name))
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

    def _cite(self, source: str, fact: str, table: str) -> None:
        cited = self._cited[source] = self._cited.get(source, 0) + 1
        if cited <= MOST_CITED:
            self._insert("citations", (source, fact, table))

    # the end

    def finish(self, version: str) -> None:
        """Add the names that things carry themselves, the meta data and the indexes, and check every plan."""
        self._version, self.content = version, self._content.hexdigest(version)
        listed = set(self._ranks)
        for name in (*self._own_names, *self._names_of_places(), *self._names_of_speakers()):
            if name.kind in ("claim", "place") or (name.kind, name.id) not in listed:
                cells = [cell_text(getattr(name, field)) for field in columns(Name)]
                self._insert("names", (*cells, *self._name_keys(name)))
        for record in self._meta():
            self._insert("meta", record)
        for table in self._waiting:
            self._flush(table)
        self._inserter.end()
        with closing(connect_to_new(self.path)) as connection:
            database = Database(connection, strict=True)
            connection.execute("begin")
            for table, indexes in INDEXES.items():
                for names in indexes:
                    database[table].create_index(names)  # type: ignore[union-attr]
            connection.execute("commit")
            self._check_plans(connection)  # before the statistics: a table all of one launch may be read whole for it
            connection.execute("analyze")

    def _names_of_places(self) -> Iterator[Name]:
        """Every name of each place that a row names: as the row writes it, then those of the CLDR."""
        for id, texts in self._place_names.items():
            aliases = dict(names_of_code(id.upper())) if len(id) in (2, 3) else {}
            for name in dict.fromkeys((*texts, *aliases)):
                yield Name(id=id, kind="place", name=name, language=aliases.get(name))

    def _names_of_speakers(self) -> Iterator[Name]:
        """Each speaker of a claim under each of its names, so that one is found by any of them."""
        for speaker in self._speakers:
            yield Name(id=speaker, kind="speaker", name=speaker)  # type: ignore[arg-type]

    def _meta(self) -> Iterator[tuple[str, str]]:
        yield "version", self._version
        yield "content", self.content
        yield "layout", str(LAYOUT)
        yield "until", self._until.isoformat() if self._until else ""
        yield from ((f"rows.{table}", str(count)) for table, count in self._counts.items())
        yield from ((f"longest.{table}", str(days)) for table, days in self._longest.items())

    def _check_plans(self, connection: sqlite3.Connection) -> None:
        large = {table for table, count in self._counts.items() if count > LARGE} & TABLES.keys()
        scans = [f"{query!r} scans {table}" for query, table in full_table_scans(connection) if table in large]
        if scans:
            raise RuntimeError("; ".join(scans))

    def publish(self) -> Path:
        """Move the snapshot to its place, named ``<version>-<content hash>-v<layout>``."""
        version = "".join(c if c.isalnum() or c in ".+_" else "_" for c in self._version) or "0"
        path = self._folder / f"{version}-{self.content}-v{LAYOUT}.sqlite"
        synced(self.path)
        self.path.replace(path)  # also where one is there: that file was checked by no one
        synced(self._folder)
        return path


def _last_day_of_order(row: OrderFact) -> date | None:
    if row.period_to is None or row.status not in ("reported", "revised"):
        return None
    return _last_day_in(row.period_to.text)


@lru_cache(maxsize=16384)
def _last_day_in(text: str) -> date:
    """The last day of a period up to the moment of a cell."""
    out = cell_time(text)
    return out.days[1] if out.is_clock else out.days[0] - timedelta(days=1)


def _last_day_of_span(row: PriceFact | StoreCount) -> date | None:
    return row.valid_from.days[1] if row.valid_from else None


def _last_day_of_event(row: Event) -> date:
    return row.at.days[1]


# the last day that a row tells of: not of a plan, nor of when a price ends
LAST_DAYS: dict[str, Callable[[Any], date | None]] = {
    "orders": _last_day_of_order,
    "prices": _last_day_of_span,
    "stores": _last_day_of_span,
    "events": _last_day_of_event,
}


def name_endings(name: str) -> Iterable[str]:
    """The keys of a name from its second word on, from its third, and so on: it is found by each of them."""
    words = [name_key(word) for word in WORD.findall(name[:LONGEST_NAME])]
    return ("".join(words[start:]) for start in range(1, min(len(words), MOST_ENDINGS + 1)))
