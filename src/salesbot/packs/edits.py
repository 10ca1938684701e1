"""Rows that are typed one by one, checked as an upload is."""

from __future__ import annotations

from collections.abc import Sequence

from salesbot.facts import Facts
from salesbot.facts.edits import Cells, RowEdits
from salesbot.packs.checks import Sheet
from salesbot.packs.reading import CheckedFacts, check_upload


def edited(live: Facts, edits: RowEdits) -> CheckedFacts:
    """The live facts after the edits. Raises ``PackRefused``."""
    sheets = [_sheet(table, of_table) for table, of_table in edits.rows.items() if of_table]
    return check_upload(sheets, {sheet.table for sheet in sheets}, live, (), "", removed=edits.removed)


def _sheet(table: str, rows: Sequence[Cells]) -> Sheet:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Sheet(table, names, [(number, [row.get(name, "") for name in names]) for number, row in enumerate(rows, 2)])
