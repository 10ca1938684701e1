"""A pack folder or an upload as facts, whole, or every problem at its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from salesbot.errors import Problem
from salesbot.facts import TABLES, Facts, Row, columns
from salesbot.facts import cell_text as written
from salesbot.facts.rows import Key, Name
from salesbot.packs.checks import PackChecker, Sheet
from salesbot.packs.folder import check_folder


class CheckedFacts(Struct, frozen=True):
    """Facts without a problem in them.

    ``numbers`` are the rows' numbers in the spreadsheet, by table; ``came`` are the numbers and rows of the tables that
    were sent; ``new_names`` were added for brands and models that no name listed.
    """

    facts: Facts
    numbers: dict[str, list[int]]
    checker: PackChecker
    came: dict[str, list[tuple[int, Row]]] = {}
    new_names: tuple[Name, ...] = ()


class RowCollector:
    """Keeps the rows that a checker hands on, with their numbers."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.numbers: dict[str, list[int]] = {table: [] for table in TABLES}

    def take(self, table: str, numbers: Iterable[int], _: object, rows: Iterable[Row]) -> None:
        """Keep rows."""
        self.rows[table] += rows
        self.numbers[table] += numbers

    def facts(self, version: str) -> Facts:
        """The rows kept, as facts."""
        tables: dict[str, Any] = {table: tuple(rows) for table, rows in self.rows.items()}
        return Facts(version=version, **tables)


def read_pack(path: Path) -> Facts:
    """The facts of a pack folder. Raises ``PackRefused`` with all problems at once."""
    collector = RowCollector()
    version = check_folder(path, PackChecker(collector.take))
    return collector.facts(version)


Removed = Mapping[str, Collection[Key]]


def check_upload(
    sheets: Iterable[Sheet],
    uploaded: set[str],
    live: Facts,
    problems: Iterable[Problem],
    name: str,
    *,
    replaces: bool = False,
    removed: Removed | None = None,
) -> CheckedFacts:
    """The live facts with the rows of ``sheets`` added, or put in the place of those with their keys.

    With ``replaces``, a table that was sent holds the rows that were sent and no other. ``removed`` are the keys of
    live rows that go, by table. Of the tables ``uploaded``, those without a sheet could not be read, as ``problems``
    says. Raises ``PackRefused``.
    """
    collector = RowCollector()
    checker = PackChecker(collector.take, adds_names=True)
    checker.problems += problems
    by_table = {sheet.table: sheet for sheet in sheets}
    came: dict[str, list[tuple[int, Row]]] = {}
    for table in TABLES:
        gone = set((removed or {}).get(table, ()))
        live_rows = [(number, row) for number, row in enumerate(live.rows(table), 2) if row.key not in gone]
        if table in by_table:
            sheet = by_table[table] if replaces else _completed(by_table[table], live)
            checker.check(sheet)
            came[table] = list(zip(collector.numbers[table], collector.rows[table], strict=True))
            if not replaces:
                sent = {row.key for _, row in came[table]} if came[table] else _keys_of(sheet)
                checker.keep(table, [(number, row) for number, row in live_rows if row.key not in sent])
                _restore_order(collector, table, live)
        elif table not in uploaded:
            checker.keep(table, live_rows)
    checker.finish(name)
    known = {row.key for row in collector.rows["names"]}
    new_names = tuple(row for row in checker.new_names if row.key not in known)
    for row in new_names:
        collector.take("names", (0,), (), (row,))
    return CheckedFacts(collector.facts(live.version), collector.numbers, checker, came, new_names)


def _keys_of(sheet: Sheet) -> set[Key]:
    """The keys that the rows of a sheet name, also those of rows with a problem."""
    names = TABLES[sheet.table].key_columns
    cells = (sheet.values(texts) for _, texts in sheet.rows if len(texts) == len(sheet.header))
    return {tuple(values.get(name, "") for name in names) for values in cells}


def _completed(sheet: Sheet, live: Facts) -> Sheet:
    """The sheet with the columns that it leaves out, as its rows have them in the live facts.

    A column that every row needs may be left out only where every row is a known one.
    """
    names, infos = TABLES[sheet.table].key_columns, columns(TABLES[sheet.table])
    missing = [name for name in infos if name not in sheet.header]
    rows = {row.key: row for row in live.rows(sheet.table)}
    if not missing or not rows or not set(names) <= set(sheet.header):
        return sheet
    places = [sheet.header.index(name) for name in names]
    if not _keys_of(sheet) <= rows.keys() or not sheet.rows:
        missing = [name for name in missing if not infos[name].is_required]

    def completed(texts: Sequence[str]) -> list[str]:
        if len(texts) != len(sheet.header):
            return list(texts)
        row = rows.get(tuple(texts[place].strip() for place in places))
        return [*texts, *("" if row is None else written(getattr(row, name)) for name in missing)]

    return Sheet(
        sheet.table,
        [*sheet.header, *missing],
        [(number, completed(texts)) for number, texts in sheet.rows],
        sheet.unescape,
        sheet.header_row,
    )


def _restore_order(collector: RowCollector, table: str, live: Facts) -> None:
    """Rows that stood before stand where they stood; new ones follow."""
    place = {row.key: index for index, row in enumerate(live.rows(table))}
    pairs = list(zip(collector.numbers[table], collector.rows[table], strict=True))
    pairs.sort(key=lambda pair: place.get(pair[1].key, len(place)))
    collector.numbers[table], collector.rows[table] = [list(side) for side in zip(*pairs, strict=True)] or [[], []]
