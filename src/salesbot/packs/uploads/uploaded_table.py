"""One table of an upload: its texts, the cells that are not text, and what is wrong with its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Literal

from msgspec import Struct, field

from salesbot.errors import Message, Notice, Problem, message
from salesbot.packs.cell_text import column_letter, unescaped
from salesbot.packs.checks import Sheet
from salesbot.packs.uploads.header import MOST_ABOVE, Header, columns_shown, header_of, table_of_header
from salesbot.packs.uploads.limits import LAST_ROW, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, refused

Kind = Literal["number", "date", "clock", "part of a date", "yes or no", "error", "formula", "scaled"]
SHOWN = 200  # characters of a cell that a problem keeps


class TypedCell(Struct, frozen=True):
    """A cell that is not text, and the plain text it would be; ``shown`` is the part of a date that is on screen.

    ``sign`` is the sign of a currency that its format shows.
    """

    text: str
    kind: Kind
    shown: str = ""
    sign: str = ""


Raw = str | TypedCell
NumberedRow = tuple[int, Sequence[Raw]]


class UploadedTable(Struct):
    """One table of an upload, its rows with the numbers that the spreadsheet shows.

    ``typed`` says whether its file tells text from numbers and dates, as a workbook does and CSV does not.
    """

    table: str
    typed: bool
    header: list[str] = field(default_factory=list)
    header_row: int = 1
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    typed_cells: list[tuple[int, int, TypedCell]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def report(self, row: int, index: int, found: str, expected: Message) -> None:
        """Note a problem of a cell, given by its row's number and its column's place from 0."""
        name = self.header[index] if index < len(self.header) else ""
        self.problems.append(Problem(self.table, row, name or None, column_letter(index), found[:SHOWN], expected))

    def tell(self, said: Message, row: int | None = None, column: str | None = None) -> None:
        """Note something that a person should look at."""
        letter = column_letter(self.header.index(column)) if column in self.header else None
        self.notices.append(Notice(self.table, row, column, letter, said))

    def sheet(self) -> Sheet:
        return Sheet(self.table, self.header, self.rows, header_row=self.header_row)

    def cells(self, row: list[str]) -> dict[str, str]:
        return dict(zip(self.header, map(str.strip, row), strict=False))


def first_rows(rows: Iterable[NumberedRow]) -> tuple[list[NumberedRow], Iterator[NumberedRow]]:
    """The rows among which a header may stand, and an iterator over all rows."""
    numbered = iter(rows)
    first = list(islice(numbered, MOST_ABOVE + 1))
    return first, chain(first, numbered)


def header_texts(rows: Iterable[NumberedRow]) -> list[list[str]]:
    """The texts of rows, without blank ends."""
    return [[_text(cell) for cell in _without_blank_end(cells)] for _, cells in rows]


def likely_table(rows: Sequence[NumberedRow]) -> str | None:
    """The one table that one of the first rows can only be the header of."""
    return next((table for texts in header_texts(rows) if (table := table_of_header(texts))), None)


def uploaded_table(table: str, rows: Iterable[NumberedRow], *, typed: bool, room: int) -> UploadedTable:
    """A table of its numbered rows, of which ``room`` may hold something. Raises ``PackRefused`` where it is too big.

    Blank rows, and blank columns at the end, are skipped; a row that is cut short is filled with blanks. A header that
    stands below other rows is found, and its names are taken for the columns that they mean; both are told.
    """
    first, numbered = first_rows(rows)
    found = UploadedTable(table, typed)
    header = header_of(table, header_texts(first))
    if header is None:
        row, texts = next(((row, texts) for row, texts in enumerate(header_texts(first), 1) if texts), (1, []))
        key = "no_header" if texts else "file_empty"
        raise refused(table, key, row=row, found=", ".join(texts)[:SHOWN], table=table, words=columns_shown(table))
    _take_header(found, header, first)
    for number, cells in _filled(table, islice(numbered, header.above + 1, None)):
        if len(found.rows) >= room:
            raise refused(table, "upload_rows", row=number, most=MOST_ROWS)
        found.rows.append((number, _texts(found, number, cells)))
    return found


def _take_header(found: UploadedTable, header: Header, first: Sequence[NumberedRow]) -> None:
    found.header_row = first[header.above][0]
    _check_width(found.table, found.header_row, header.names)
    found.header = list(header.names)
    for index, name in enumerate(found.header):
        if not name:
            letter = column_letter(index)
            expected = message("column_name_missing", letter=letter)
            found.problems.append(Problem(found.table, found.header_row, None, letter, "", expected))
    above = filter(None, header_texts(first[: header.above]))
    if any(not texts[0].casefold().startswith("sep=") for texts in above):
        found.tell(message("header_below", row=found.header_row, above=found.header_row - 1))
    if renamed := header.renamed:
        found.tell(message("columns_renamed", names=tuple(f"{written} as {name}" for written, name in renamed)))


def _filled(table: str, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
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


def _texts(found: UploadedTable, row: int, cells: Sequence[Raw]) -> list[str]:
    """The text of each cell of a row, as many as the header has names."""
    _check_width(found.table, row, cells)
    found.typed_cells += [(row, index, cell) for index, cell in enumerate(cells) if not isinstance(cell, str)]
    texts = [cell if isinstance(cell, str) else cell.text for cell in cells]
    whole = "".join(texts)
    if "'" in whole:
        texts = [unescaped(text) for text in texts]
    if len(whole) > MOST_CHARACTERS:
        for index, text in enumerate(texts):
            if isinstance(cells[index], str) and len(text) > MOST_CHARACTERS:
                found.report(row, index, text, message("cell_too_long", most=MOST_CHARACTERS, count=len(text)))
    texts += [""] * (len(found.header) - len(cells))
    return texts


def _text(cell: Raw) -> str:
    return cell if isinstance(cell, str) else cell.text
