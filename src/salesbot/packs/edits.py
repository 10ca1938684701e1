"""Rows that are typed one by one, checked as an upload is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from salesbot.facts import Facts
from salesbot.facts.rows import Key
from salesbot.packs import CheckedFacts, check_upload
from salesbot.packs.checks import Sheet

Cells = Mapping[str, str]


class RowEdits(Struct, frozen=True):
    """Rows to add or change, as the texts of their cells by table, and the keys of rows to remove.

    A cell that a known row is not given stays as it is.
    """

    rows: Mapping[str, Sequence[Cells]] = {}
    removed: Mapping[str, Collection[Key]] = {}


def edited(live: Facts, edits: RowEdits) -> CheckedFacts:
    """The live facts after the edits. Raises ``PackRefused``."""
    sheets = [_sheet(table, of_table) for table, of_table in edits.rows.items() if of_table]
    return check_upload(sheets, {sheet.table for sheet in sheets}, live, (), "", removed=edits.removed)


def _sheet(table: str, rows: Sequence[Cells]) -> Sheet:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return Sheet(table, names, [(number, [row.get(name, "") for name in names]) for number, row in enumerate(rows, 2)])
