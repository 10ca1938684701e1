"""Packs of any size around the same few facts: what one launch's questions touch stays equal, what lies beside it grows.

python -m benchmarks.big_pack FOLDER FACTS
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from salesbot.facts import TABLES, columns

Record = dict[str, object]
MOST_LAUNCHES = 2400  # with four names each and a brand for every twelve: ten thousand names at the most
SOURCES = 30
OPENED = "2024-03-28T22:00+08:00"
FILLED: dict[str, Record] = {
    "stores": {"status": "reported"},
    "orders": {"status": "reported", "place": "China", "counting": "cumulative", "gross": "yes"},
    "prices": {"status": "reported", "region": "China", "currency": "CNY", "price_type": "list_price"},
}


def big_pack(folder: Path, facts: int) -> Path:
    """A pack folder of exactly ``facts`` rows (100 at the least); the same for the same number."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(facts)
    few = probe()
    beside = facts - sum(map(len, few.values()))
    launches = max(1, min(MOST_LAUNCHES, beside // 40))
    more = {table: list(rows) for table, rows in named(launches).items()}
    left = beside - sum(map(len, more.values()))
    counts = {"prices": left // 5, "stores": left // 50, "events": left // 50}
    counts["orders"] = left - sum(counts.values())
    for table, model in TABLES.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns(model)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(FILLED.get(table, {}) | row for row in (*few.get(table, ()), *more.get(table, ())))
            writer.writerows(
                FILLED.get(table, {}) | row for row in filler(table, counts.get(table, 0), launches, chance)
            )
    return folder


def probe() -> dict[str, list[Record]]:
    """One launch with what every question needs: a hundred facts, at most."""
    source = {"sources": "s1"}
    return {
        "sources": [
            {
                "id": f"s{n}",
                "publisher": f"Paper {n}",
                "title": f"Report {n}",
                "published": f"2024-04-{n % 28 + 1:02}",
                "url": f"https://paper.example/{n}",
                "grade": "ABC"[n % 3],
                "link": "no" if n % 3 == 2 else "yes",
            }
            for n in range(SOURCES)
        ],
        "names": [
            {"id": "probe", "kind": "brand", "name": "Probe"},
            {"id": "probe-one", "kind": "model", "name": "One"},
            {"id": "probe-one", "kind": "launch", "name": "Probe One"},
            {"id": "probe-one", "kind": "launch", "name": "探针一号"},
        ],
        "launches": [
            {
                "id": "probe-one",
                "brand": "Probe",
                "model": "One",
                "market": "China",
                "currency": "CNY",
                "zone": "Asia/Shanghai",
                "announced": "2024-03-28T19:00+08:00",
                "opened": OPENED,
                **source,
            }
        ],
        "stores": [
            {
                "id": "probe-stores",
                "brand": "Probe",
                "launch": "probe-one",
                "metric": "sales_stores",
                "low": 59,
                "high": 59,
                "valid_from": "2024-03-28",
                "valid_to": "2024-04-28",
                "place": "China",
                "said_by": "Probe",
                **source,
            }
        ],
        "orders": [
            *(
                {
                    "id": f"probe-orders-{day}",
                    "launch": "probe-one",
                    "metric": "orders",
                    "low": 20000 + 4000 * day,
                    "high": 20000 + 4000 * day,
                    "stated": "exact",
                    "period_from": OPENED,
                    "period_to": f"{date(2024, 3, 28) + timedelta(day)}T22:00+08:00",
                    "said_by": "Probe",
                    "sources": f"s{day % 9};s{day % 7 + 10}",
                }
                for day in range(1, 31)
            ),
            {
                "id": "probe-rate",
                "launch": "probe-one",
                "metric": "lock_in_rate",
                "low": "0.35",
                "high": "0.4",
                "stated": "range",
                "period_from": OPENED,
                "period_to": "2024-03-31T22:00+08:00",
                "said_by": "Probe",
                **source,
            },
            {
                "id": "probe-a-store",
                "launch": "probe-one",
                "metric": "orders_per_store",
                "low": 1800,
                "high": 2000,
                "stated": "range",
                "period_from": OPENED,
                "period_to": "2024-03-31T22:00+08:00",
                "said_by": "Probe",
                **source,
            },
        ],
        "prices": [
            {
                "id": f"probe-price-{n}",
                "brand": "Probe",
                "model": "One",
                "trim": ("Base", "Max")[n % 2],
                "low": 215900 - 1000 * n,
                "high": 215900 - 1000 * n,
                "valid_from": f"2024-{n // 2 + 1:02}-15",
                "said_by": "Probe",
                **source,
            }
            for n in range(16)
        ],
        "events": [
            {
                "id": f"probe-event-{n}",
                "name": f"Probe shows part {n}",
                "who": "Probe",
                "at": f"2024-05-{n + 1:02}T10:00+08:00",
                "zone": "Asia/Shanghai",
                "place": "Beijing",
                **source,
            }
            for n in range(6)
        ],
        "claims": [
            {
                "id": "probe-claim",
                "speaker": "somebody",
                "statement": "Probe took 32,000 orders in three days.",
                "kind": "checkable",
                "checks": "/orders total launch:probe-one within:72h metric:orders",
                "expects": "32000",
                **source,
            }
        ],
    }


def named(launches: int) -> dict[str, list[Record]]:
    """Other brands' launches, each with four names."""
    brands = [f"brand-{n}" for n in range((launches + 11) // 12)]
    return {
        "names": [
            *(_name(brand, "brand", brand.title()) for brand in brands),
            *(
                _name(f"car-{n}", kind, name)
                for n in range(launches)
                for kind, name in (
                    ("model", f"Car {n}"),
                    ("launch", f"Car {n}"),
                    ("launch", f"Brand {n // 12} Car {n}"),
                    ("launch", f"汽车{n}号"),
                )
            ),
        ],
        "launches": [
            {
                "id": f"car-{n}",
                "brand": f"Brand-{n // 12}",
                "model": f"Car {n}",
                "market": "China",
                "currency": "CNY",
                "zone": "Asia/Shanghai",
                "opened": f"{2004 + n % 18}-05-01T10:00+08:00",
                "sources": f"s{n % SOURCES}",
            }
            for n in range(launches)
        ],
    }


def _name(id: str, kind: str, name: str) -> Record:
    return {"id": id, "kind": kind, "name": name}


def filler(table: str, count: int, launches: int, chance: random.Random) -> Iterator[Record]:
    """Facts of the other launches, all of them years before the one that is asked about."""
    for n in range(count):
        car = n % launches
        day = date(2004, 1, 1) + timedelta(days=(n // launches * 3 + car) % 6500)
        cited: Record = {
            "id": f"f-{table}-{n}",
            "sources": f"s{n % SOURCES};s{(n + 7) % SOURCES}",
            "said_by": f"Brand-{car // 12}",
        }
        amount = chance.randrange(1000, 400_000)
        if table == "orders":
            yield cited | {
                "launch": f"car-{car}",
                "metric": "deliveries",
                "low": amount,
                "high": amount + chance.randrange(2) * 500,
                "stated": "range",
                "counting": "new",
                "period_from": day,
                "period_to": day + timedelta(7),
                "note": "" if n % 3 else "as the weekly report says",
            }
        elif table == "prices":
            yield cited | {
                "brand": f"Brand-{car // 12}",
                "model": f"Car {car}",
                "trim": f"Trim {n // launches % 5}",
                "low": amount,
                "high": amount,
                "valid_from": day,
                "announced": day,
            }
        elif table == "stores":
            yield cited | {
                "brand": f"Brand-{car // 12}",
                "launch": f"car-{car}",
                "metric": "display_stores",
                "low": amount % 900,
                "high": amount % 900,
                "valid_from": day,
                "place": "China",
            }
        else:
            del cited["said_by"]
            yield cited | {
                "name": f"Something of car {car} happens",
                "who": f"Brand-{car // 12}",
                "at": day,
                "zone": "Asia/Shanghai",
            }


if __name__ == "__main__":
    big_pack(Path(sys.argv[1]), int(sys.argv[2]))
