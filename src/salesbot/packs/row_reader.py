"""Rows from the texts of their cells.

Many rows are read at once, column by column, as that is faster; what a text means in a column is worked out once, as
most texts come again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from salesbot.facts import Row, cell_text, columns
from salesbot.facts.cells import MAY_BE_BLANK, is_blank_word
from salesbot.facts.rows import ColumnInfo
from salesbot.packs.cell_text import is_printable
from salesbot.values.patterns import every

MOST_CACHED = 50_000  # texts of a column
Texts = dict[str, Sequence[str]]  # of rows, by column
Unescape = Callable[[str], str]


def may_be_blank(info: ColumnInfo) -> bool:
    """Whether a column may be blank and takes any text, so that a word for blank would be taken as one."""
    return not info.is_required and not info.words and info.cell.name in MAY_BE_BLANK


class ColumnReader:
    """The value of each text of a column, and how its cell is written; ``ValueError`` for one without a meaning."""

    def __init__(self, info: ColumnInfo, unescape: Unescape, model: type[Row]) -> None:
        self._model = model
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
        return value, text if value is text else cell_text(value, self._model)


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


Reader = ColumnReader | CachedColumnReader


class CellTexts:
    """How the texts of a column are written as cells."""

    def __init__(self, info: ColumnInfo, reader: Reader) -> None:
        self._reader, self._are_plain = reader, _are_plain(info)
        self._as_they_stand: set[str] = set()
        self._others: dict[str, str] = {}

    def __call__(self, texts: Sequence[str]) -> Sequence[str]:
        """The cells of some rows. Raises ``ValueError`` where one has no meaning."""
        if self._as_they_stand.issuperset(texts) or (self._are_plain and self._are_plain(texts)):
            return texts
        if len(self._as_they_stand) + len(self._others) >= MOST_CACHED:
            self._as_they_stand.clear()
            self._others.clear()
        for text in set(texts) - self._as_they_stand - self._others.keys():
            _, cell = self._reader[text]
            if cell == text:
                self._as_they_stand.add(text)
            else:
                self._others[text] = cell
        return [self._others.get(text, text) for text in texts]


class TableReader:
    """Reads the rows of a table under a header. ``unescape`` turns the text of a cell into what it says."""

    def __init__(self, model: type[Row], header: Sequence[str], unescape: Unescape = str) -> None:
        infos = columns(model)
        self._model, self._width = model, len(header)
        self._places = {name: header.index(name) if name in header else len(header) for name in infos}
        cached: dict[object, tuple[Reader, CellTexts]] = {}  # columns of one kind share what was read, as bounds do
        self._readers: dict[str, Reader] = {}
        self._cells: dict[str, CellTexts] = {}
        for name, info in infos.items():
            kind = name if info.column.primary else (info.cell.name, info.words, info.is_required, info.default)
            if kind not in cached:
                column = ColumnReader(info, unescape, model)
                reader: Reader = column if info.column.primary else CachedColumnReader(column)
                cached[kind] = reader, CellTexts(info, reader)
            self._readers[name], self._cells[name] = cached[kind]

    def columns(self, rows: Sequence[Sequence[str]]) -> Texts:
        """The texts of rows by column. Raises ``ValueError`` where one has not the width of the header."""
        if {*map(len, rows)} - {self._width}:
            raise ValueError("a row of another width")
        typed = [*zip(*rows, strict=True), ("",) * len(rows)]
        return {name: typed[place] for name, place in self._places.items()}

    def cells(self, texts: Texts) -> Texts:
        """How the cells of rows are written, by column. Raises ``ValueError`` where one has no meaning."""
        return {name: written(texts[name]) for name, written in self._cells.items()}

    def rows(self, texts: Texts, places: Sequence[int]) -> list[Row]:
        """The rows at some places. Raises ``ValueError`` where a cell has no meaning."""
        values = ([reader[texts[name][place]][0] for place in places] for name, reader in self._readers.items())
        return [self._model(**dict(zip(self._readers, row, strict=True))) for row in zip(*values, strict=True)]


def _are_plain(info: ColumnInfo) -> Callable[[Sequence[str]], bool] | None:
    """What tells whether texts of a column need no look, as they are written as they stand; ``None``: nothing does."""
    if info.cell.plain is None:
        return None
    return every(info.cell.plain if info.is_required else f"(?:{info.cell.plain})?")


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
