"""One table of an upload: its texts, the cells that are not text, and what is wrong with its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct, field

from salesbot.errors import Message, Problem, message
from salesbot.packs.cell_text import column_letter, unescaped
from salesbot.packs.checks import Sheet
from salesbot.packs.uploads.limits import LAST_ROW, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, refused

Kind = Literal["number", "date", "clock", "part of a date", "yes or no", "error", "formula"]
SHOWN = 200  # characters of a cell that a problem keeps


class TypedCell(Struct, frozen=True):
    """A cell that is not text, and the plain text it would be."""

    text: str
    kind: Kind


Raw = str | TypedCell


class UploadedTable(Struct):
    """One table of an upload, its rows with the numbers that the spreadsheet shows.

    ``typed`` says whether its file tells text from numbers and dates, as a workbook does and CSV does not.
    """

    table: str
    typed: bool
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    typed_cells: list[tuple[int, int, TypedCell]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, row: int, index: int, found: str, expected: Message) -> None:
        """Note a problem of a cell, given by its row's number and its column's place from 0."""
        name = self.header[index] if index < len(self.header) else ""
        self.problems.append(Problem(self.table, row, name or None, column_letter(index), found[:SHOWN], expected))

    def sheet(self) -> Sheet:
        return Sheet(self.table, self.header, self.rows)

    def cells(self, row: list[str]) -> dict[str, str]:
        return dict(zip(self.header, map(str.strip, row), strict=False))


def uploaded_table(table: str, rows: Iterable[tuple[int, Sequence[Raw]]], *, typed: bool, room: int) -> UploadedTable:
    """A table of its numbered rows, of which ``room`` may hold something. Raises ``PackRefused`` where it is too big.

    Blank rows, and blank columns at the end, are skipped; a row that is cut short is filled with blanks.
    """
    numbered = iter(rows)
    found = UploadedTable(table, typed)
    _, first = next(numbered, (1, ()))
    _take_header(found, _without_blank_end(first))
    for number, cells in _filled(table, numbered):
        if len(found.rows) >= room:
            raise refused(table, "upload_rows", row=number, most=MOST_ROWS)
        found.rows.append((number, list(_texts(found, number, cells))))
    return found


def _take_header(found: UploadedTable, cells: Sequence[Raw]) -> None:
    if not cells:
        raise refused(found.table, "header_in_row_1", row=1)
    _check_width(found.table, 1, cells)
    found.header = [_text(cell).strip() for cell in cells]
    for index, name in enumerate(found.header):
        if not name:
            letter = column_letter(index)
            expected = message("column_name_missing", letter=letter)
            found.problems.append(Problem(found.table, 1, None, letter, "", expected))


def _filled(table: str, rows: Iterator[tuple[int, Sequence[Raw]]]) -> Iterator[tuple[int, Sequence[Raw]]]:
    for number, cells in rows:
        if number > LAST_ROW:
            raise refused(table, "last_row", row=number, most=LAST_ROW)
        if kept := _without_blank_end(cells):
            yield number, kept


def _without_blank_end(cells: Sequence[Raw]) -> Sequence[Raw]:
    end = len(cells)
    while end and not _text(cells[end - 1]).strip():
        end -= 1
    return cells[:end]


def _check_width(table: str, row: int, cells: Sequence[Raw]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise refused(table, "upload_columns", row=row, most=MOST_COLUMNS)


def _texts(found: UploadedTable, row: int, cells: Sequence[Raw]) -> Iterator[str]:
    """The text of each cell of a row, as many as the header has names."""
    _check_width(found.table, row, cells)
    for index, cell in enumerate(cells):
        text = unescaped(_text(cell))
        if isinstance(cell, TypedCell):
            found.typed_cells.append((row, index, cell))
        elif len(text) > MOST_CHARACTERS:
            found.report(row, index, text, message("cell_too_long", most=MOST_CHARACTERS, count=len(text)))
        yield text
    yield from [""] * (len(found.header) - len(cells))


def _text(cell: Raw) -> str:
    return cell.text if isinstance(cell, TypedCell) else cell
