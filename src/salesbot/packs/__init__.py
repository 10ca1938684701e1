"""What a pack says, or everything that is wrong with it, each with its place.

A pack is a set of tables with a version: a folder of CSV files with a ``datapackage.json``, or an upload. Reading one
either gives all its facts or raises ``PackRefused`` with every problem; nothing is taken in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesbot.errors import Problem
from salesbot.facts import DESCRIPTOR, TABLES, Facts, Row, cell
from salesbot.packs.cell_text import defused, is_printable, letter, meant
from salesbot.packs.checks import THINGS, Checking, Sheet
from salesbot.packs.descriptor import descriptor
from salesbot.packs.folder import cells, check_folder, write

__all__ = [
    "DESCRIPTOR", "THINGS", "CheckedFacts", "Checking", "Sheet", "cell", "cells", "check_folder", "defused", "descriptor",
    "is_printable", "letter", "meant", "read", "upload_checked", "write",
]  # fmt: skip


@dataclass(frozen=True)
class CheckedFacts:
    """Facts without a problem in them, and where each row stands, for what is checked later."""

    facts: Facts
    _places: dict[str, list[int]]
    checking: Checking

    def rows(self, table: str) -> list[int]:
        """The spreadsheet's number of each row of a table."""
        return self._places[table]


class _Kept:
    """The rows that are right, all of them, with their numbers."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.places: dict[str, list[int]] = {table: [] for table in TABLES}

    def take(self, table: str, number: int, row: Row, _: Sequence[str]) -> None:
        self.rows[table].append(row)
        self.places[table].append(number)

    def facts(self, version: str) -> Facts:
        return Facts(version, **{table: tuple(rows) for table, rows in self.rows.items()})  # type: ignore[arg-type]


def read(path: Path) -> Facts:
    """The facts of a pack folder. Raises ``PackRefused`` with all problems at once."""
    kept = _Kept()
    version = check_folder(path, Checking(kept.take))
    return kept.facts(version)


def upload_checked(sheets: Iterable[Sheet], coming: set[str], live: Facts, problems: Iterable[Problem], name: str) -> CheckedFacts:
    """The live facts with the tables of ``sheets`` instead of their own; of the tables ``coming``, those
    without a sheet could not be read, as ``problems`` says. Raises ``PackRefused``."""
    kept = _Kept()
    checking = Checking(kept.take)
    checking.problems += problems
    by_table = {sheet.table: sheet for sheet in sheets}
    for table in TABLES:
        if table in by_table:
            checking.sheet(by_table[table])
        elif table not in coming:
            checking.standing(table, live.rows(table))
    checking.finish(name)
    return CheckedFacts(kept.facts(live.version), kept.places, checking)
