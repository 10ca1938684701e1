"""Changes of single rows, as the texts of their cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from salesbot.facts.rows import Key

Cells = Mapping[str, str]


class RowEdits(Struct, frozen=True):
    """Rows to add or change, as the texts of their cells by table, and the keys of rows to remove.

    A cell that a known row is not given stays as it is.
    """

    rows: Mapping[str, Sequence[Cells]] = {}
    removed: Mapping[str, Collection[Key]] = {}
