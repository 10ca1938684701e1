"""Packs: facts as a folder of CSV tables or an upload, read whole or refused with every problem, and written.

Reading a pack either gives all its facts or raises ``PackRefused`` with every problem at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from salesbot.errors import Problem
from salesbot.facts import TABLES, Facts, Row
from salesbot.packs.checks import PackChecker, Sheet
from salesbot.packs.folder import check_folder


class CheckedFacts(Struct, frozen=True):
    """Facts without a problem in them; ``numbers`` are the rows' numbers in the spreadsheet, by table."""

    facts: Facts
    numbers: dict[str, list[int]]
    checker: PackChecker


class RowCollector:
    """Keeps the rows that a checker hands on, with their numbers."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.numbers: dict[str, list[int]] = {table: [] for table in TABLES}

    def take(self, table: str, number: int, row: Row, _: Sequence[str]) -> None:
        """Keep a row."""
        self._rows[table].append(row)
        self.numbers[table].append(number)

    def facts(self, version: str) -> Facts:
        """The rows kept, as facts."""
        tables: dict[str, Any] = {table: tuple(rows) for table, rows in self._rows.items()}
        return Facts(version=version, **tables)


def read_pack(path: Path) -> Facts:
    """The facts of a pack folder. Raises ``PackRefused`` with all problems at once."""
    collector = RowCollector()
    version = check_folder(path, PackChecker(collector.take))
    return collector.facts(version)


def check_upload(
    sheets: Iterable[Sheet], uploaded: set[str], live: Facts, problems: Iterable[Problem], name: str
) -> CheckedFacts:
    """The live facts with the tables of ``sheets`` in the place of their own.

    Of the tables ``uploaded``, those without a sheet could not be read, as ``problems`` says. Raises ``PackRefused``.
    """
    collector = RowCollector()
    checker = PackChecker(collector.take)
    checker.problems += problems
    by_table = {sheet.table: sheet for sheet in sheets}
    for table in TABLES:
        if table in by_table:
            checker.check(by_table[table])
        elif table not in uploaded:
            checker.keep(table, live.rows(table))
    checker.finish(name)
    return CheckedFacts(collector.facts(live.version), collector.numbers, checker)
