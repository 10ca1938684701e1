"""Which table a file or a sheet is, and in which row its header stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from salesbot.facts import TABLES, columns
from salesbot.packs.column_names import column_named
from salesbot.packs.uploads.limits import TABLE_ENDINGS

TABLE_NAMES = tuple(TABLES)
FILE_NAMES = tuple(f"{table}.csv" for table in TABLES)
LIKE_ENOUGH = 0.7  # of the columns in either header, the share that is in both
MOST_ABOVE = 19  # rows above a header: a title, a date, a blank row
LEAST_COLUMNS = 2  # that a row must name to be taken for the header of a table
_COPY = re.compile(r"(?:[\s_-]*\(\d+\)|[\s_-]+\d+|[\s_-]+copy|[\s_-]*副本)+$")
_LAST_WORD = re.compile(rf"(?:^|[^a-z])({'|'.join(TABLES)})$")


class Header(Struct, frozen=True):
    """The header of a table: how many rows stand above it, and its names as they stand and as the columns they mean."""

    above: int
    written: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """The names that were taken for another one, such as ``Period From`` for ``period_from``."""
        pairs = zip(self.written, self.names, strict=True)
        return tuple((written, name) for written, name in pairs if written != name)


def table_of_file(name: str) -> str | None:
    """The table that a file's name ends with: ``orders (1).csv``, ``mypack - orders.csv``, ``orders-2.CSV``."""
    stem, _, ending = name.casefold().rpartition(".")
    return table_of_title(stem) if f".{ending}" in TABLE_ENDINGS else None


def table_of_title(title: str) -> str | None:
    """The table that the title of a sheet ends with: ``orders``, ``Orders (2)``, ``my orders``."""
    match = _LAST_WORD.search(_COPY.sub("", title.strip().casefold()))
    return match[1] if match else None


def table_of_sheet(title: str) -> str | None:
    """The table that a sheet is named after."""
    name = title.strip().casefold()
    return name if name in TABLES else None


def columns_shown(table: str) -> tuple[str, ...]:
    """The columns that a table must have, as they are named to whoever misses its header."""
    return tuple(name for name, info in columns(TABLES[table]).items() if info.is_required)


def _meant(table: str, names: Iterable[str]) -> tuple[str, ...]:
    """The columns that names mean; a name that means none, or one that another means already, stays as it is."""
    taken: set[str] = set(names)
    found = []
    for name in names:
        column = name if name in columns(TABLES[table]) else column_named(table, name)
        if column is not None and column != name and column in taken:
            column = None
        taken.add(column or name)
        found.append(column or name)
    return tuple(found)


def _likeness(table: str, names: Iterable[str]) -> float:
    """The share of columns that a header and a table have in common; columns that may be left out count where named."""
    given = {name for name in _meant(table, tuple(names)) if name}
    infos = columns(TABLES[table])
    known = {name for name, info in infos.items() if name in given or info.is_required}
    return len(known & given) / len(known | given)


def tables_like(header: Iterable[str]) -> list[str]:
    """The tables whose columns are most like a header, best first."""
    names = tuple(header)
    likeness = {table: _likeness(table, names) for table in TABLES}
    return sorted((table for table in TABLES if likeness[table] > 0), key=lambda table: -likeness[table])


def table_of_header(header: Iterable[str]) -> str | None:
    """The one table that a header can only be."""
    names = tuple(header)
    best = tables_like(names)
    return best[0] if best and _likeness(best[0], names) >= LIKE_ENOUGH else None


def header_of(table: str, rows: Sequence[Sequence[str]]) -> Header | None:
    """The header of a table among its first rows; ``None`` where none of them names its columns.

    It is the first row if that names a column, else the first of the others that names most.
    """
    known = columns(TABLES[table])
    best: Header | None = None
    most = 0
    for above, texts in enumerate(rows[: MOST_ABOVE + 1]):
        written = tuple(text.strip() for text in texts)
        header = Header(above, written, _meant(table, written))
        count = len(set(header.names) & set(known))
        if above == 0 and count:
            return header
        if count >= LEAST_COLUMNS and count > most:
            best, most = header, count
    return best
