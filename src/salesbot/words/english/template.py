"""The example rows of an empty workbook: invented, and left out when it is read."""

from __future__ import annotations

SOURCE = "example-source"
ROWS: dict[str, tuple[dict[str, str], ...]] = {
    "sources": (
        {
            "id": SOURCE,
            "publisher": "Example News",
            "title": "An invented report",
            "published": "2024-04-02",
            "url": "https://news.example/report",
            "grade": "B",
            "link": "yes",
            "note": "rows whose id begins with example- are left out",
        },
    ),
    "names": (
        {"id": "example-motors", "kind": "brand", "name": "Example Motors", "language": "en"},
        {"id": "example-one", "kind": "model", "name": "Example One", "language": "en"},
    ),
    "metrics": (
        {"id": "example-copies", "name": "copy sold", "plural": "copies sold", "unit": "copies", "kind": "count"},
    ),
    "places": ({"id": "example-land", "name": "Exampleland", "complete": "no"},),
    "launches": (
        {
            "id": "example-one",
            "brand": "Example Motors",
            "model": "Example One",
            "market": "China",
            "currency": "CNY",
            "zone": "Asia/Shanghai",
            "opened": "2024-04-01T20:00+08:00",
            "sources": SOURCE,
        },
    ),
    "stores": (
        {
            "id": "example-stores",
            "brand": "Example Motors",
            "launch": "example-one",
            "metric": "sales_stores",
            "low": "59",
            "high": "59",
            "valid_from": "2024-04-01",
            "place": "China",
            "said_by": "Example Motors",
            "status": "reported",
            "sources": SOURCE,
        },
    ),
    "orders": (
        {
            "id": "example-orders",
            "launch": "example-one",
            "metric": "orders",
            "low": "50000",
            "high": "50000",
            "stated": "exact",
            "counting": "cumulative",
            "period_to": "2024-04-01T20:27+08:00",
            "place": "China",
            "said_by": "Example Motors",
            "status": "reported",
            "sources": SOURCE,
        },
        {
            "id": "example-deliveries",
            "launch": "example-one",
            "metric": "deliveries",
            "low": "7000",
            "high": "7000",
            "counting": "new",
            "period_from": "2024-04-01",
            "period_to": "2024-05-01",
            "place": "China",
            "said_by": "Example Motors",
            "status": "reported",
            "sources": SOURCE,
            "note": "the month of April: its first day, and the first day after it",
        },
    ),
    "prices": (
        {
            "id": "example-price",
            "brand": "Example Motors",
            "model": "Example One",
            "trim": "Base",
            "region": "China",
            "currency": "CNY",
            "price_type": "list_price",
            "low": "199900",
            "high": "199900",
            "valid_from": "2024-04-01",
            "said_by": "Example Motors",
            "status": "reported",
            "sources": SOURCE,
        },
    ),
    "events": (
        {
            "id": "example-event",
            "name": "The order book opens",
            "who": "Example Motors",
            "at": "2024-04-01T20:00+08:00",
            "zone": "Asia/Shanghai",
            "sources": SOURCE,
        },
    ),
    "claims": (
        {
            "id": "example-claim",
            "speaker": "Example News",
            "statement": "50,000 orders in the first hour.",
            "kind": "checkable",
            "checks": "/orders total launch:example-one within:1h metric:orders",
            "expects": ">=50000",
            "sources": SOURCE,
        },
    ),
}
