"""A pack's CSV tables as plain rows, with the few look-ups that every question needs."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from .lines import COUNTS, METRICS
from .naming import name_key, place_key

TABLES = ("sources", "names", "launches", "stores", "orders", "prices", "events", "claims")
OPTIONAL = ("metrics", "identities", "places")
Row = Mapping[str, str]


def cells(row: Row, column: str) -> tuple[str, ...]:
    """The values of a cell that may hold several."""
    return tuple(part.strip() for part in row.get(column, "").split(";") if part.strip())


@dataclass(frozen=True)
class Launch:
    """One launch, its cells as text."""

    id: str
    brand: str
    model: str
    market: str
    zone: ZoneInfo
    opened: str
    row: Row


@dataclass
class Pack:
    """The rows of every table, as the files have them."""

    tables: Mapping[str, Sequence[Row]]
    launches: dict[str, Launch] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    metric_kinds: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grades = {row["id"]: row["grade"] for row in self.rows("sources")}
        self.places = {name_key(text): row["id"] for row in self.rows("places") for text in (row["id"], row["name"])}
        self.metric_kinds = {row["id"]: row["kind"] for row in self.rows("metrics")}
        self.launches = {
            row["id"]: Launch(
                row["id"], row["brand"], row["model"], row["market"], ZoneInfo(row["zone"]), row["opened"], row
            )
            for row in self.rows("launches")
        }

    def rows(self, table: str) -> Sequence[Row]:
        return self.tables.get(table, ())

    def ids(self, kind: str, text: str) -> list[str]:
        """The things of a kind that a typed name means: its id, or any alias, exactly."""
        if any(row["kind"] == kind and row["id"] == text.strip().casefold() for row in self.rows("names")):
            return [text.strip().casefold()]
        key = name_key(text)
        return list(
            dict.fromkeys(
                row["id"] for row in self.rows("names") if row["kind"] == kind and name_key(row["name"]) == key
            )
        )

    def same(self, kind: str, one: str, other: str) -> bool:
        """Whether two names (or ids) are of one thing."""
        if name_key(one) == name_key(other):
            return True
        return bool(set(self.ids(kind, one)) & set(self.ids(kind, other)))

    def grade(self, row: Row) -> str:
        """The best grade of a row's sources."""
        return min((self.grades.get(id, "D") for id in cells(row, "sources")), default="D")

    def is_maker(self, row: Row, brand: str) -> bool:
        """Whether the maker itself said it, under any of its names (8.7)."""
        return any(self.same("brand", name, brand) for name in cells(row, "said_by"))

    def region_key(self, text: str) -> str:
        return self.places.get(name_key(text), place_key(text))

    def parts_of(self, whole: str) -> list[str]:
        """The places that places.csv lists as parts of a place."""
        return list(dict.fromkeys(row["id"] for row in self.rows("places") if row["part_of"] == whole))

    def is_complete(self, whole: str) -> bool:
        """Whether the parts listed make the place."""
        return any(row["id"] == whole and row["complete"] == "yes" for row in self.rows("places"))

    def count_metrics(self) -> tuple[str, ...]:
        """The metrics that are counts, those of metrics.csv included."""
        return COUNTS + tuple(id for id, kind in self.metric_kinds.items() if kind == "count")

    def knows_metric(self, metric: str) -> bool:
        return metric in METRICS or metric in self.metric_kinds

    def is_whole(self, row: Row, launch: Launch) -> bool:
        """Whether a row counts the launch's whole market (8.8: blank is the market)."""
        return not row["place"].strip() or self.region_key(row["place"]) == self.region_key(launch.market)


def read_pack(folder: Path) -> Pack:
    """The tables of a pack folder."""
    found: dict[str, list[dict[str, str]]] = {}
    for table in (*TABLES, *OPTIONAL):
        path = folder / f"{table}.csv"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                found[table] = list(csv.DictReader(file))
    return Pack(found)
