"""Which table a file, a sheet or a header is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from salesbot.facts import TABLES, columns

TABLE_NAMES = tuple(TABLES)
FILE_NAMES = tuple(f"{table}.csv" for table in TABLES)
COLUMN_NAMES = frozenset(name for model in TABLES.values() for name in columns(model))
LIKE_ENOUGH = 0.7  # of the columns in either header, the share that is in both
_COPY = re.compile(r"(?:[\s_-]*\(\d+\)|[\s_-]+\d+|[\s_-]+copy|[\s_-]*副本)+$")
_LAST_WORD = re.compile(rf"(?:^|[^a-z])({'|'.join(TABLES)})$")


def table_of_file(name: str) -> str | None:
    """The table a CSV file's name ends with: ``orders (1).csv``, ``mypack - orders.csv``, ``orders-2.CSV``."""
    stem, dot, kind = name.casefold().rpartition(".")
    if not dot or kind not in ("csv", "tsv", "txt"):
        return None
    match = _LAST_WORD.search(_COPY.sub("", stem.strip()))
    return match[1] if match else None


def table_of_sheet(title: str) -> str | None:
    name = title.strip().casefold()
    return name if name in TABLES else None


def _likeness(table: str, header: Iterable[str]) -> float:
    given = {name for name in header if name}
    known = {name for name, info in columns(TABLES[table]).items() if name in given or not info.column.optional}
    return len(known & given) / len(known | given)


def tables_like(header: Iterable[str]) -> list[str]:
    """The tables whose columns are most like a header, best first."""
    names = list(header)
    likeness = {table: _likeness(table, names) for table in TABLES}
    return sorted((table for table in TABLES if likeness[table] > 0), key=lambda table: -likeness[table])


def table_of_header(header: Iterable[str]) -> str | None:
    """The one table that a header can only be."""
    names = list(header)
    best = tables_like(names)
    return best[0] if best and _likeness(best[0], names) >= LIKE_ENOUGH else None
