"""Random small packs that use everything the format allows; invented names only."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

Tables = dict[str, list[dict[str, str]]]
HEADERS: dict[str, str] = {
    "sources": "id,publisher,title,published,url,grade,link,note",
    "names": "id,kind,name,language",
    "launches": "id,brand,model,market,currency,zone,announced,opened,note,sources",
    "stores": "id,brand,launch,metric,low,high,valid_from,valid_to,place,said_by,status,sources,note",
    "orders": "id,launch,metric,could_be,low,high,stated,precision,counting,gross,period_from,period_to,place,said_by,status,"
    "superseded_by,sources,note",
    "prices": "id,brand,model,trim,region,currency,price_type,low,high,previous,change_low,change_high,valid_from,valid_to,"
    "announced,said_by,status,sources,note",
    "events": "id,name,who,at,zone,place,sources,note,same_as",
    "claims": "id,speaker,statement,kind,checks,expects,sources,note",
}
OPTIONAL_HEADERS = {"places": "id,name,part_of,complete", "metrics": "id,name,plural,unit,aliases,kind,part_of,note",
                    }  # fmt: skip
BRANDS = (
    ("nova", "Nova", ("Nova Motors", "诺瓦")),
    ("korvo", "Korvo", ("Korvo Auto", "科沃")),
    ("zintra", "Zintra", ("Zintra AG",)),
)
MODELS = (("one", "One"), ("two", "Two"), ("orbit", "Orbit"), ("k4", "K4"), ("k4-plus", "K4+"))


@dataclass(frozen=True)
class Market:
    """A market with its currency, clock, and the other names of the place."""

    place: str
    currency: str
    zone: str
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


MARKETS = (
    Market("China", "CNY", "Asia/Shanghai", ("中国", "CN", "china"), ("Beijing", "Shanghai", "Chengdu")),
    Market("Germany", "EUR", "Europe/Berlin", ("germany",), ("Berlin", "Hamburg", "Munich")),
    Market("USA", "USD", "America/New_York", (), ("Ohio", "Texas", "Maine")),
    Market("Australia", "AUD", "Australia/Sydney", (), ("Perth", "Sydney")),
    Market("India", "INR", "Asia/Kolkata", (), ("Delhi", "Mumbai", "Chennai")),
)


@dataclass(frozen=True)
class Features:
    """The optional tables and columns of section 8.17; on only where the engine takes them."""

    variant: bool = False
    channel: bool = False
    opened_as: bool = False
    places: bool = False
    metrics: bool = False


@dataclass(frozen=True)
class Brand:
    id: str
    name: str
    aliases: tuple[str, ...]


@dataclass
class Making:
    """A pack while it is made: its tables, and what the parts of the generator share."""

    rng: Random
    features: Features
    tables: Tables = field(default_factory=lambda: {table: [] for table in HEADERS})
    serial: int = 0

    def id(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}{self.serial}"

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def add(self, table: str, **cells: str) -> dict[str, str]:
        row = dict.fromkeys(self.header(table), "") | cells
        self.tables.setdefault(table, []).append(row)
        return row

    def header(self, table: str) -> list[str]:
        header = (HEADERS | OPTIONAL_HEADERS)[table].split(",")
        more = {"orders": ["variant"] * self.features.variant, "launches": ["opened_as"] * self.features.opened_as,
                "stores": ["variant"] * self.features.variant + ["channel"] * self.features.channel,
                "prices": ["channel"] * self.features.channel}  # fmt: skip
        return header + more.get(table, [])

    def sources(self, *, bad: bool = False) -> str:
        """One or two sources; ``bad`` for the grade that is known bad."""
        if bad:
            return "d1"
        return ";".join(self.rng.sample(("a1", "a2", "b1", "c1"), self.rng.choice((1, 1, 1, 2))))

    def maker(self, brand: Brand) -> str:
        """The maker under one of its names, now and then beside somebody."""
        name = self.rng.choice((brand.name, brand.name, brand.name, *brand.aliases))
        return f"Somebody;{name}" if self.chance(0.15) else name

    def teller(self, brand: Brand) -> str:
        return self.maker(brand) if self.chance(0.6) else self.rng.choice(("press", "Gazette", "blog", ""))

    def status(self) -> str:
        return self.rng.choices(("reported", "denied", "rumour", "target"), (88, 4, 5, 3))[0]


def make_pack(seed: str, features: Features) -> Tables:
    """The tables of a random pack; the same seed makes the same pack."""
    from .random_counts import add_launches
    from .random_events import add_claims, add_events
    from .random_prices import add_prices

    making = Making(Random(seed), features)
    _add_sources(making)
    brands = _add_names(making)
    add_launches(making, brands)
    add_prices(making, brands)
    add_events(making, brands)
    add_claims(making)
    return making.tables


def _add_sources(making: Making) -> None:
    for id, grade in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("c1", "C"), ("d1", "D")):
        linked = making.chance(0.5) and grade in "AB"
        making.add(
            "sources", id=id, publisher=f"Paper {id}", title=f"Page {id}", published="2024-01-01", grade=grade,
            url=f"https://{id}.example/page" if linked else "", link="yes" if linked else "no",
        )  # fmt: skip


def _add_names(making: Making) -> list[Brand]:
    brands = [Brand(*brand) for brand in making.rng.sample(BRANDS, making.rng.choice((1, 1, 2)))]
    for brand in brands:
        for name in (brand.name, *brand.aliases):
            making.add("names", id=brand.id, kind="brand", name=name)
    return brands


def add_model(making: Making, id: str, name: str) -> None:
    """A model's names, once."""
    if not any(row["id"] == id and row["kind"] == "model" for row in making.tables["names"]):
        making.add("names", id=id, kind="model", name=name)
        if making.chance(0.3):
            making.add("names", id=id, kind="model", name=f"{name} 号")


def write_pack(tables: Tables, folder: Path) -> None:
    """The tables as CSV files of a folder; optional ones only where they hold rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in (*HEADERS, *OPTIONAL_HEADERS):
        rows = tables.get(table, [])
        if not rows and table in OPTIONAL_HEADERS:
            (folder / f"{table}.csv").unlink(missing_ok=True)
            continue
        header = list(rows[0]) if rows else HEADERS[table].split(",")
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([row[column] for column in header] for row in rows)


def stamp(at: datetime) -> str:
    """An aware time as a cell: ``2024-03-28T19:00+08:00``."""
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def later(at: datetime, zone: str, hours: float) -> datetime:
    """So many elapsed hours later, on the zone's clock."""
    from datetime import UTC

    return (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
