"""The ``datapackage.json`` of a pack (Data Package v2), its schemas generated from the row models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from salesbot.facts import TABLES, Row


def descriptor(version: str) -> dict[str, Any]:
    """The descriptor of a pack that calls itself ``version``."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "salesbot-pack",
        "version": version,
        "resources": [_resource(model) for model in TABLES.values()],
    }


def _resource(model: type[Row]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(_fields(model)), "missingValues": [""]}
    if any(column.primary for column in model.columns().values()):
        schema["primaryKey"] = ["id"]
    keys = [
        {"fields": [name], "reference": {"resource": "" if column.refers == model.table else column.refers, "fields": ["id"]}}
        for name, column in model.columns().items()
        if column.refers and not column.many
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": model.table, "path": f"{model.table}.csv", "type": "table", "description": model.says,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


def _fields(model: type[Row]) -> Iterator[dict[str, Any]]:
    kinds = model.cells()
    for name, column in model.columns().items():
        kind = kinds[name]
        described: dict[str, Any] = {"name": name, "type": kind.cell.type, "description": column.says}
        constraints: dict[str, Any] = {}
        if name in model.required():
            constraints["required"] = True
        if column.primary:
            constraints["unique"] = True
        if kind.words:
            constraints["enum"] = list(kind.words)
        if constraints:
            described["constraints"] = constraints
        if kind.cell.type == "number":
            described["bareNumber"] = False
        yield described
