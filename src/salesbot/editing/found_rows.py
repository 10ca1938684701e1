"""Rows by what they say: a moderator finds one while typing, by words and not by ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from salesbot.errors import QuestionError
from salesbot.facts import TABLES, columns
from salesbot.facts.edits import RowEdits
from salesbot.storage.snapshot import LAUNCH_TITLES, Snapshot, sql
from salesbot.values.name_keys import name_key
from salesbot.words import Words

EDITED = ("orders", "prices", "stores", "events", "sources", "claims", "launches")
MOST_SEARCHED = 5000  # rows of a table that are looked through by their words
MOST_FOUND = 25
FIRST_ROWS = {
    table: sql(f"select * from {table} order by rowid limit {MOST_SEARCHED}", scans=table) for table in EDITED
}
ROW = {table: sql(f"select * from {table} where id = :id") for table in EDITED}


class FoundRow(Struct, frozen=True):
    """A row that can be edited: its table, id and cells, and how it is told."""

    table: str
    id: str
    cells: dict[str, str]
    text: str

    @property
    def value(self) -> str:
        """What stands for the row in an option."""
        return f"{self.table}/{self.id}"


def rows_like(typed: str, snapshot: Snapshot, words: Words) -> list[FoundRow]:
    """The rows that say every word typed, at most 25."""
    wanted = [name_key(word) for word in typed.split() if name_key(word)]
    found: list[FoundRow] = []
    for row in snapshot.cached(("rows in words", type(words).__name__), lambda: list(_told(snapshot, words))):
        key = name_key(f"{row.text} {row.id}")
        if all(word in key for word in wanted):
            found.append(row)
            if len(found) == MOST_FOUND:
                break
    return found


def row_of(value: str, snapshot: Snapshot, words: Words) -> FoundRow:
    """The row that an option names. Raises ``QuestionError``."""
    table, _, id = value.partition("/")
    rows = snapshot.values(ROW[table], id=id) if table in ROW else []
    if not rows:
        near = [row.value for row in rows_like(value, snapshot, words)[:3]]
        raise QuestionError("unknown_row", near, text=value)
    return _found(table, rows[0], dict(_titles(snapshot)), words)


def rows_named(ids: Iterable[str], snapshot: Snapshot, words: Words) -> list[FoundRow]:
    """The rows of the facts that have these ids, in their order."""
    titles = dict(_titles(snapshot))
    return [
        _found(table, row, titles, words)
        for id in ids
        for table in EDITED
        for row in snapshot.values(ROW[table], id=id)
    ]


def edited_cell(row: FoundRow, column: str, text: str) -> RowEdits:
    """A cell of a row changed. Raises ``QuestionError`` for a column that the table has not."""
    infos = columns(TABLES[row.table])
    if column not in infos or column == "id":
        raise QuestionError("unknown_column_typed", [name for name in infos if name != "id"], text=column)
    return RowEdits({row.table: ({"id": row.id, column: text.strip()},)})


def removed_row(row: FoundRow) -> RowEdits:
    """A row taken away."""
    return RowEdits({}, {row.table: ((row.id,),)})


def columns_like(row: FoundRow, typed: str) -> list[tuple[str, str]]:
    """The columns of a row that begin as typed, with what stands there."""
    names = (name for name in columns(TABLES[row.table]) if name != "id" and typed.casefold() in name)
    return [(name, row.cells.get(name, "")) for name in names][:MOST_FOUND]


def _told(snapshot: Snapshot, words: Words) -> Iterator[FoundRow]:
    titles = dict(_titles(snapshot))
    for table in EDITED:
        for row in snapshot.values(FIRST_ROWS[table], MOST_SEARCHED):
            yield _found(table, row, titles, words)


def _found(table: str, row: tuple[str | None, ...], titles: dict[str, str], words: Words) -> FoundRow:
    cells = {name: text for name, text in zip(columns(TABLES[table]), row, strict=False) if text}
    return FoundRow(table, cells["id"], cells, words.row(table, cells, titles))


def _titles(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(id, model) for id, model in snapshot.values(LAUNCH_TITLES)]
