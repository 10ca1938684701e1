"""Packs that ``check`` must refuse (section 8.16, and the rules of the pack format): one fault each."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .packs import Tables

Spoil = Callable[[Tables, Random], bool]


def _pick(
    tables: Tables, table: str, rng: Random, fits: Callable[[dict[str, str]], bool] = bool
) -> dict[str, str] | None:
    rows = [row for row in tables[table] if fits(row)]
    return rng.choice(rows) if rows else None


def _set(table: str, fits: Callable[[dict[str, str]], bool], **cells: str) -> Spoil:
    def spoil(tables: Tables, rng: Random) -> bool:
        row = _pick(tables, table, rng, fits)
        if row is not None:
            row |= cells
        return row is not None

    return spoil


def _circle(tables: Tables, rng: Random) -> bool:
    if len(tables["orders"]) < 2:
        return False
    one, other = rng.sample(tables["orders"], 2)
    one["superseded_by"], other["superseded_by"] = other["id"], one["id"]
    return True


def _itself(tables: Tables, rng: Random) -> bool:
    row = _pick(tables, "orders", rng)
    if row is not None:
        row["superseded_by"] = row["id"]
    return row is not None


def _empty_period(tables: Tables, rng: Random) -> bool:
    row = _pick(tables, "orders", rng, lambda r: bool(r["period_to"]) and "/" not in r["period_to"])
    if row is not None:
        row["period_from"] = row["period_to"]
    return row is not None


def _repeated(tables: Tables, rng: Random) -> bool:
    if len(tables["orders"]) < 2:
        return False
    one, other = rng.sample(tables["orders"], 2)
    other["id"] = one["id"]
    return True


def _is_count(row: dict[str, str]) -> bool:
    return (
        row["metric"] in ("orders", "locked_orders", "reservations", "deliveries") and row["low"] == row["high"] != ""
    )


def _is_exact(row: dict[str, str]) -> bool:
    return row["stated"] == "exact" and _is_count(row)


def _is_rate(row: dict[str, str]) -> bool:
    return row["metric"] in ("lock_in_rate", "cancellation_rate")


FAULTS: dict[str, Spoil] = {
    "rows that supersede each other in a circle": _circle,
    "a row that supersedes itself": _itself,
    "a launch's zone that is no IANA zone": _set("launches", bool, zone="not stated"),
    "could_be that is no metric": _set("orders", lambda r: r["metric"] == "unstated", could_be="orders;wishes"),
    "a period that ends as it begins": _empty_period,
    "a rate above 1": _set("orders", _is_rate, low="1.2", high="1.2", stated="exact"),
    "a rate above 1 that is known from below only": _set("orders", _is_rate, low="1.2", high="", stated="at_least"),
    "a fraction in a count": _set("orders", _is_exact, low="1234.5", high="1234.5"),
    "a fraction in a store count": _set("stores", bool, low="5.5", high="6"),
    "per cent where no rate goes": _set("orders", _is_exact, low="35%", high="35%"),
    "per cent in a price": _set(
        "prices", lambda r: r["price_type"] == "list_price" and bool(r["low"]), low="35%", high="35%"
    ),
    "a currency that ISO 4217 does not have": _set("prices", bool, currency="XQQ"),
    "digits grouped by dots": _set("orders", _is_exact, low="20.000", high="20.000"),
    "an id that two rows have": _repeated,
    "a source that there is not": _set("orders", bool, sources="zz9"),
    "high below low": _set(
        "orders", lambda r: r["stated"] == "range" and _is_count(r | {"high": r["low"]}), low="900", high="800"
    ),
    "a model that names does not know": _set("prices", bool, model="Nobody's"),
    "checks without as many expects": _set("claims", lambda r: r["kind"] == "checkable", expects=""),
    "text that was decoded wrongly": _set("events", bool, name="MÃ¼nchen Ã¤hnlich â€“ Ã©vÃ©nement"),
}


def spoiled(tables: Tables, rng: Random) -> tuple[str, Tables] | None:
    """The pack with one fault, and the fault; None where it has no row for it."""
    fault = rng.choice(sorted(FAULTS))
    copy = {table: [dict(row) for row in rows] for table, rows in tables.items()}
    return (fault, copy) if FAULTS[fault](copy, rng) else None
