"""Small packs in one-line rows, and answers written by hand: the notation of the reference's own tests."""

from __future__ import annotations

import shlex
from typing import Any

from .compare import Judgement, judge
from .packs import HEADERS, OPTIONAL_HEADERS
from .reference import Pack, expect
from .reference.expectation import Answer

GRADES = (("a1", "A"), ("b1", "B"), ("c1", "C"), ("d1", "D"))
FILLED: dict[str, dict[str, str]] = {
    "launches": {"brand": "Nova", "market": "World", "currency": "USD", "zone": "UTC", "opened": "2024-01-10T12:00Z", "sources": "a1"},
    "stores": {"brand": "Nova", "metric": "sales_stores", "said_by": "Nova", "status": "reported", "sources": "a1"},
    "orders": {"metric": "orders", "counting": "cumulative", "gross": "yes", "said_by": "Nova", "status": "reported", "sources": "a1"},
    "prices": {"brand": "Nova", "trim": "base", "region": "Germany", "currency": "EUR", "price_type": "list_price", "said_by": "Nova",
               "status": "reported", "sources": "a1"},
    "events": {"zone": "UTC", "sources": "a1"},
    "claims": {"kind": "checkable", "speaker": "somebody", "statement": "So it is.", "sources": "a1"},
}  # fmt: skip


def small_pack(text: str) -> Pack:
    """A pack of rows such as ``orders id=o1 launch=one n=50000 period_to=2024-01-11T12:00Z``; ``n`` is low and high.

    Launches and models are named as their ids, with a capital; the brand is Nova.
    """
    headers = HEADERS | OPTIONAL_HEADERS
    tables: dict[str, list[dict[str, str]]] = {table: [] for table in headers}
    tables["sources"] = [
        {"id": id, "publisher": id, "title": id, "published": "", "url": "", "grade": grade} for id, grade in GRADES
    ]
    tables["names"].append({"id": "nova", "kind": "brand", "name": "Nova"})
    for line in filter(None, map(str.strip, text.splitlines())):
        table, *pairs = shlex.split(line)
        cells = dict(pair.split("=", 1) for pair in pairs)
        if "n" in cells:
            cells |= {"low": cells["n"], "high": cells.pop("n")}
            cells.setdefault("stated", "exact")
        tables[table].append(dict.fromkeys(headers[table].split(","), "") | FILLED.get(table, {}) | cells)
    _name(tables)
    return Pack(tables)


def _name(tables: dict[str, list[dict[str, str]]]) -> None:
    for row in tables["launches"]:
        row["model"] = row["model"] or row["id"].capitalize()
        tables["names"] += [{"id": row["id"], "kind": kind, "name": row["model"]} for kind in ("launch", "model")]
    known = {row["name"] for row in tables["names"] if row["kind"] == "model"}
    for name in dict.fromkeys(row["model"] for row in tables["prices"]):
        if name and name not in (*known, "all"):
            tables["names"].append({"id": name.casefold(), "kind": "model", "name": name})
    tables["names"] += [{"id": row["id"], "kind": "event", "name": row["name"]} for row in tables["events"]]
    tables["names"] += [{"id": row["id"], "kind": "claim", "name": row["id"]} for row in tables["claims"]]


def fig(name: str, low: object, high: object = "as low", **more: Any) -> dict[str, Any]:
    """A figure as an answer has it."""
    ends = [None if end is None else str(end) for end in (low, low if high == "as low" else high)]
    basics = {"id": f"figure-{name}-{low}-{high}", "unit": "", "basis": "computed", "sources": []}
    return basics | {"name": name, "low": ends[0], "high": ends[1]} | more


def verdict(
    pack: Pack, line: str, *figures: dict[str, Any], exit: int = 0, headline: str = "", **top: Any
) -> Judgement:
    """How the reference judges an answer written by hand."""
    json: dict[str, Any] = {
        "asked_as": line, "headline": headline, "verdict": None, "figures": list(figures), "missing": [], "caveats": ["a caveat"],
        "passed_over": [], "sources": [{"id": id} for id, _ in GRADES], "facts": {},
    } | top  # fmt: skip
    if exit:
        json = {"error": {"kind": "question", "message": "", "hint": "", "candidates": []}}
    return judge(expect(line, pack), Answer(exit, json))


def is_right(pack: Pack, line: str, *figures: dict[str, Any], **more: Any) -> bool:
    found = verdict(pack, line, *figures, **more)
    assert found.verdict != "wrong", found.faults
    return found.verdict == "right"


def is_wrong(pack: Pack, line: str, *figures: dict[str, Any], **more: Any) -> bool:
    return verdict(pack, line, *figures, **more).verdict == "wrong"
