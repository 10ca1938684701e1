"""A copy of an upload in which likely corrections are made and every problem is marked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from salesbot.errors import Problem
from salesbot.packs.cell_text import column_letter
from salesbot.packs.uploads.uploaded_table import UploadedTable

MOST_ROWS = 20_000  # of a copy; a larger upload is better corrected where it was made
CORRECTED = PatternFill("solid", fgColor="FFF2CC")
WRONG = PatternFill("solid", fgColor="F8CBAD")
TEXT = "@"


def corrected_copy(tables: Sequence[UploadedTable], problems: Iterable[Problem]) -> bytes:
    """The tables as a workbook of text cells; empty where none could be read, or they are too large to copy.

    A cell whose correction is likely holds it on yellow, with what stood there in its comment; any other cell with a
    problem is red.
    """
    if not tables or sum(len(table.rows) for table in tables) > MOST_ROWS:
        return b""
    by_place: dict[tuple[str, int, str], Problem] = {}
    for problem in problems:
        if problem.row is not None:
            by_place.setdefault((problem.table, problem.row, problem.letter or ""), problem)
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.table)
        sheet.freeze_panes = "A2"
        for number, texts in [(table.header_row, table.header), *table.rows]:
            of_row = by_place.get((table.table, number, ""))
            cells = []
            for index, text in enumerate(texts):
                found = by_place.get((table.table, number, column_letter(index))) or (of_row if index == 0 else None)
                cells.append(_cell(sheet, text, found, is_header=number == table.header_row))
            sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Worksheet, text: str, problem: Problem | None, *, is_header: bool) -> Cell:
    clean = ILLEGAL_CHARACTERS_RE.sub("�", text)
    cell = WriteOnlyCell(sheet, problem.suggestion or clean if problem else clean)
    cell.number_format, cell.data_type = TEXT, "s"
    if problem:
        cell.fill = CORRECTED if problem.suggestion else WRONG
        if problem.suggestion:
            cell.comment = Comment(clean, "salesbot")
    if is_header:
        cell.font = Font(bold=True)
    return cell
