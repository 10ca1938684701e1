"""Rows from the texts of their cells.

What a text means in a column is worked out once and cached, as most texts come again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from salesbot.facts import Row, cell_text, columns
from salesbot.facts.cells import MAY_BE_BLANK, is_blank_word
from salesbot.facts.rows import ColumnInfo
from salesbot.packs.cell_text import is_printable

MOST_CACHED = 50_000  # texts of a column
ReadRows = Callable[[Sequence[Sequence[str]]], list[tuple[Row, tuple[str, ...]]]]
Unescape = Callable[[str], str]


def may_be_blank(info: ColumnInfo) -> bool:
    """Whether a column may be blank and takes any text, so that a word for blank would be taken as one."""
    return not info.is_required and not info.words and info.cell.name in MAY_BE_BLANK


class ColumnReader:
    """The value of each text of a column, and how its cell is written; ``ValueError`` for one without a meaning."""

    def __init__(self, info: ColumnInfo, unescape: Unescape) -> None:
        self._read, self._words, self._unescape = info.cell.read, frozenset(info.words), unescape
        self._blank, self._is_required = (info.default, ""), info.is_required
        self._may_be_blank = may_be_blank(info)

    def __getitem__(self, text: str) -> tuple[Any, str]:
        text = self._unescape(text.strip()).strip()
        if not text and not self._is_required:
            return self._blank
        if not text or not is_printable(text) or (self._words and text not in self._words):
            raise ValueError(text)
        if self._may_be_blank and is_blank_word(text):
            raise ValueError(text)
        value = self._read(text)
        return value, text if value is text else cell_text(value)


class CachedColumnReader(dict[str, tuple[Any, str]]):
    """A column reader that keeps what it has read."""

    def __init__(self, column: ColumnReader) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> tuple[Any, str]:
        if len(self) >= MOST_CACHED:
            self.clear()
        found = self[text] = self._column[text]
        return found


def rows_reader(model: type[Row], header: Sequence[str], unescape: Unescape = str) -> ReadRows:
    """A function from the texts of rows under a header to the rows, each with its cells in column order.

    It raises ``ValueError`` where one of them has no meaning or not the width of the header. ``unescape`` turns the
    text of a cell into what it says. Columns are read one by one, as that is faster.
    """
    cached: dict[object, CachedColumnReader] = {}  # columns of one kind share what was read, as ``low`` and ``high`` do
    readers: list[ColumnReader | CachedColumnReader] = []
    for info in columns(model).values():
        reader = ColumnReader(info, unescape)
        kind = (info.cell.name, info.words, info.is_required, info.default)
        readers.append(reader if info.column.primary else cached.setdefault(kind, CachedColumnReader(reader)))
    names, width = tuple(columns(model)), len(header)
    order = [header.index(name) if name in header else width for name in names]

    def read(rows: Sequence[Sequence[str]]) -> list[tuple[Row, tuple[str, ...]]]:
        if any(len(texts) != width for texts in rows):
            raise ValueError("a row of another width")
        typed = [*zip(*rows, strict=True), [""] * len(rows)]
        pairs = [list(map(reader.__getitem__, typed[place])) for reader, place in zip(readers, order, strict=True)]
        return [
            (model(**dict(zip(names, values, strict=True))), cells)
            for values, cells in (zip(*row, strict=True) for row in zip(*pairs, strict=True))
        ]

    return read


def has_meaning(info: ColumnInfo, text: str) -> bool:
    """Whether a text can be read in a column."""
    if info.words:
        return text in info.words
    try:
        info.cell.read(text)
    except ValueError:
        return False
    return True


def partial_row(model: type[Row], values: dict[str, str]) -> Row:
    """A row of the cells that can be read; the others are blank, also where a row needs them."""
    infos = columns(model)
    read: dict[str, Any] = {
        name: infos[name].cell.read(text)
        for name, text in values.items()
        if name in infos and has_meaning(infos[name], text)
    }
    return model(**{name: read.get(name, info.default) for name, info in infos.items()})
