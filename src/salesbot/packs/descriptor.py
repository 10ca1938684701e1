"""The ``datapackage.json`` of a pack (Data Package v2), its schemas generated from the row classes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from salesbot.facts import TABLES, Row, columns
from salesbot.facts.rows import ColumnInfo

Describe = Callable[[str, str], str]


def descriptor(version: str, describe: Describe, written: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """The descriptor of a pack that calls itself ``version``; ``written`` are the tables it has, and their columns.

    ``describe`` gives the description of a table (with an empty column name) or of one of its columns.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "salesbot-pack",
        "version": version,
        "resources": [_resource(TABLES[table], names, describe) for table, names in written.items()],
    }


def _resource(model: type[Row], written: Collection[str], describe: Describe) -> dict[str, Any]:
    infos = {name: info for name, info in columns(model).items() if name in written}
    schema: dict[str, Any] = {"fields": list(_fields(model.table, infos, describe)), "missingValues": [""]}
    if any(info.column.primary for info in infos.values()):
        schema["primaryKey"] = ["id"]
    keys = [
        {"fields": [name], "reference": {"resource": "" if refers == model.table else refers, "fields": ["id"]}}
        for name, info in infos.items()
        if (refers := info.column.refers) and not info.column.many
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": model.table,
        "path": f"{model.table}.csv",
        "type": "table",
        "description": describe(model.table, ""),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _fields(table: str, infos: dict[str, ColumnInfo], describe: Describe) -> Iterator[dict[str, Any]]:
    for name, info in infos.items():
        field: dict[str, Any] = {"name": name, "type": info.cell.type, "description": describe(table, name)}
        constraints: dict[str, Any] = {}
        if info.is_required:
            constraints["required"] = True
        if info.column.primary:
            constraints["unique"] = True
        if info.words:
            constraints["enum"] = list(info.words)
        if constraints:
            field["constraints"] = constraints
        if info.cell.type == "number":
            field["bareNumber"] = False
        yield field
