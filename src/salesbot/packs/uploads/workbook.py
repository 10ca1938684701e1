"""The sheets of a workbook, each cell as what it is: text, number, date, formula or error.

python-calamine reads the values of .xlsx, .xlsm, .xls and .ods; ``workbook_marks`` finds what it does not tell of an
.xlsx. Of the other two nothing more is known, which is told.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import Literal
from xml.parsers.expat import ExpatError, ParserCreate

from msgspec import Struct
from openpyxl.utils.datetime import from_excel
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from salesbot.errors import PackRefused, Problem, message
from salesbot.packs.cell_text import column_letter
from salesbot.packs.uploads import zip_file as zipped
from salesbot.packs.uploads.header import TABLE_NAMES, table_of_sheet, table_of_title
from salesbot.packs.uploads.limits import LAST_ROW, MOST_CELLS, MOST_COLUMNS, MOST_PARTS, MOST_ROWS, MOST_TAGS, refused
from salesbot.packs.uploads.spreadsheet_changes import plain_number
from salesbot.packs.uploads.uploaded_table import (
    NumberedRow,
    Raw,
    TypedCell,
    UploadedTable,
    first_rows,
    likely_table,
    uploaded_table,
)
from salesbot.packs.uploads.workbook_formats import sign_of_format
from salesbot.packs.uploads.workbook_marks import EAST_ASIAN, Marks, extent, marks_of, sheet_parts, styles_of

MOST_NAMED = 6  # rows that a notice lists
_UNIT = re.compile(rb"<(?:row|si)")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_SCALED = re.compile(r"[0#?],+(?:[^0#?,.]|$)")  # a comma behind the digits: thousands are shown
_UNITS = re.compile(
    r"[万萬亿億千百兆]|\b(?:k|mn?|bn?|tsd|mio|mrd|thousands?|millions?|billions?)\b", re.IGNORECASE
)  # in a format's own words
_WIDE = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"'](?:[A-Z]{3}|[C-Z][A-Z]|B[M-Z])(\d+)[\"'][^>]*[^/]>"
)  # a cell right of column BL, the 64th
_MAYBE_WIDE = re.compile(rb"[\"'](?:[A-Z]{3}|[C-Z][A-Z]|B[M-Z])\d")  # what is quicker to look for


class OpenedWorkbook(Struct, frozen=True):
    """A workbook that opens: its sheets, and the parts of an .xlsx."""

    place: str
    book: CalamineWorkbook
    parts: dict[str, bytes]

    def sheets(self) -> Iterator[WorkbookSheet]:
        """Its sheets of cells, in order."""
        parts, styles, opened = sheet_parts(self.parts), styles_of(self.parts), dict[str, CalamineSheet]()
        for told in self.book.sheets_metadata:
            if told.typ != SheetTypeEnum.WorkSheet:
                continue
            is_hidden = told.visible != SheetVisibleEnum.Visible
            part = parts.get(told.name)
            if part is None and self.parts:
                raise refused(self.place, "workbook_opens")
            marks = None if part is None else marks_of(part, styles)
            yield WorkbookSheet(self.book, opened, told.name, is_hidden, part, marks)


class WorkbookSheet(Struct, frozen=True):
    """One sheet; ``part`` and ``marks`` only of an .xlsx. ``opened`` are the sheets of the book that were read."""

    book: CalamineWorkbook
    opened: dict[str, CalamineSheet]
    title: str
    is_hidden: bool
    part: bytes | None
    marks: Marks | None

    def rows(self) -> Iterator[NumberedRow]:
        """Its rows from the first on. Raises ``PackRefused`` where they reach too far."""
        if self.part is not None:
            _check_extent(self.title, self.part)
        marks = self.marks or Marks()
        are_blanks_plain = not (marks.errors or marks.formulas)
        for number, values in enumerate(self._sheet().iter_rows(), 1):
            cells = [
                value
                if isinstance(value, str) and (value or are_blanks_plain)
                else _raw(value, (number, column), marks)
                for column, value in enumerate(values)
            ]
            yield number, cells

    def _sheet(self) -> CalamineSheet:
        if self.title not in self.opened:
            self.opened[self.title] = self.book.get_sheet_by_name(self.title)
        return self.opened[self.title]

    def likely_table(self) -> str | None:
        """The table whose header stands in one of the first rows, or that the title ends with."""
        return likely_table(first_rows(self.rows())[0]) or table_of_title(self.title)


def opened_workbook(place: str, data: bytes) -> OpenedWorkbook:
    """A workbook whose parts are of a bearable size. Raises ``PackRefused``."""
    parts: dict[str, bytes] = {}
    is_zip = zipped.is_zip(data)
    for member in zipped.members(place, data, MOST_PARTS) if is_zip else ():
        _check_part(place, member)
        parts["/".join((*member.folders, member.name))] = member.data
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:  # whatever a broken part leads to, a panic of the library's own too
        _end_if_asked(error)
        raise refused(place, "workbook_opens") from None
    return OpenedWorkbook(place, book, parts if "[Content_Types].xml" in parts else {})


def _end_if_asked(error: BaseException) -> None:
    if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
        raise error


def _check_part(place: str, member: zipped.Member) -> None:
    """Refuse what would cost the XML reader time or memory out of proportion to its size."""
    text = member.data.replace(b"\0", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in text or not _is_well_formed(member):
        raise refused(place, "workbook_opens", found=member.name)
    if "pivotCache" not in member.folders and _is_oversized(text):
        raise refused(place, "workbook_size", found=member.name, rows=LAST_ROW, cells=MOST_CELLS)


def _is_well_formed(member: zipped.Member) -> bool:
    """Whether a part is whole; the library that reads it would pass over what is not."""
    if not member.name.endswith((".xml", ".rels")):
        return True
    try:
        ParserCreate().Parse(member.data, True)
    except ExpatError:
        return False
    return True


def _is_oversized(text: bytes) -> bool:
    """Whether there are too many rows, cells or texts, or too many tags in one: only whole ones free memory."""
    if text.count(b"<row") > LAST_ROW or max(text.count(b"<c"), text.count(b"<si")) > MOST_CELLS:
        return True
    if text.count(b"<") <= MOST_TAGS:
        return False
    begins = [0, *(match.start() for match in _UNIT.finditer(text)), len(text)]
    return any(text.count(b"<", begin, end) > MOST_TAGS for begin, end in pairwise(begins))


def _check_extent(title: str, part: bytes) -> None:
    """Refuse a sheet whose cells lie so far apart that the rectangle between them would fill the memory."""
    rows, columns = extent(part)
    if _MAYBE_WIDE.search(part) and (wide := _WIDE.search(part)):
        raise refused(title, "upload_columns", row=int(wide[1]), most=MOST_COLUMNS)
    if rows > LAST_ROW or (rows > MOST_ROWS and rows * columns > MOST_CELLS * 4):
        raise refused(title, "last_row", row=rows, most=MOST_ROWS)


def workbook_tables(place: str, data: bytes, name: str | None) -> tuple[list[UploadedTable], list[Problem]]:
    """The tables of a workbook, and what is wrong with those that cannot be read. Raises ``PackRefused``.

    A sheet is known by its title or its header; one alone also by the table that the file is named after.
    """
    book = opened_workbook(place, data)
    found: dict[str, UploadedTable | None] = {}
    problems: list[Problem] = []
    try:
        sheets = list(book.sheets())
        are_named = any(table_of_sheet(sheet.title) for sheet in sheets)
        for sheet in sheets:
            table = table_of_sheet(sheet.title) if are_named else sheet.likely_table()
            if table is None and len(sheets) == 1:
                table = name
            if table in found:
                problems += refused(table, "sheet_twice", title=sheet.title).problems
            elif table:
                room = MOST_ROWS - sum(len(one.rows) for one in found.values() if one)
                found[table] = _sheet_table(table, sheet, room, problems)
    except PackRefused:
        raise
    except BaseException as error:  # as above
        _end_if_asked(error)
        raise refused(place, "workbook_opens") from None
    if not found:
        titles = ", ".join(sheet.title for sheet in sheets)
        raise refused(place, "sheet_named_after_table", found=titles, tables=TABLE_NAMES)
    return [one for one in found.values() if one], problems


def _sheet_table(table: str, sheet: WorkbookSheet, room: int, problems: list[Problem]) -> UploadedTable | None:
    """One sheet, hidden or not; where it cannot be read, a problem instead."""
    try:
        read = uploaded_table(table, sheet.rows(), typed=True, room=room)
    except PackRefused as refusal:
        problems += refusal.problems
    except BaseException as error:  # as above
        _end_if_asked(error)
        problems += refused(table, "workbook_opens").problems
    else:
        _tell_marks(read, sheet)
        return read
    return None


def _tell_marks(table: UploadedTable, sheet: WorkbookSheet) -> None:
    """What a person should know of the sheet as it looks in a spreadsheet."""
    if table_of_sheet(sheet.title) != table.table:
        table.tell(message("sheet_known_by_header", title=sheet.title))
    if sheet.is_hidden:
        table.tell(message("hidden_sheet", title=sheet.title))
    if sheet.marks is None:
        table.tell(message("marks_not_known"))
        return
    rows = {number for number, _ in table.rows}
    for key, numbers in (("hidden_rows", sheet.marks.hidden_rows), ("struck_rows", sheet.marks.struck_rows)):
        if told := [number for number in numbers if number in rows]:
            table.tell(message(key, rows=tuple(told[:MOST_NAMED]), count=len(told)))
    formulas = sum(row in rows for row, _ in sheet.marks.formulas)
    if formulas:
        table.tell(message("formulas_read", count=formulas))
    for cells in sheet.marks.merged:
        first = re.match(r"([A-Z]+)(\d+)", cells)
        if first and int(first[2]) > table.header_row:
            column = next(index for index in range(LAST_ROW) if column_letter(index) == first[1])
            table.report(int(first[2]), column, "", message("merged_cells", cells=cells))


_EAST_ASIAN = frozenset(EAST_ASIAN.values())


def _raw(value: object, place: tuple[int, int], marks: Marks) -> Raw:
    if value == "":
        if place in marks.errors:
            return TypedCell("#", "error")
        return TypedCell("=", "formula") if place in marks.formulas else ""
    if isinstance(value, str):
        return value
    format = marks.formats.get(place, "")
    if isinstance(value, bool):
        return TypedCell(str(value).upper(), "yes or no")
    if isinstance(value, (int, float)):
        return _number(value, format)
    if isinstance(value, (date, time, timedelta)):
        return _day(value, format)
    return str(value)


def _number(value: int | float, format: str) -> TypedCell:
    if not isfinite(value):
        return TypedCell(str(value), "error")
    if format in _EAST_ASIAN:
        return _day(from_excel(value), format)
    if (kind := _kind_of_format(format)) == "percent":
        return TypedCell(f"{plain_number(value * 100)}%", "number")
    return TypedCell(plain_number(value), kind, sign=sign_of_format(format))


@lru_cache(maxsize=1024)
def _kind_of_format(format: str) -> Literal["percent", "scaled", "number"]:
    """How a number is shown by its format."""
    words, shown = " ".join(re.findall(r'"([^"]*)"', format)), _NOT_SHOWN.sub("", format)
    if "%" in shown:
        return "percent"
    return "scaled" if _SCALED.search(shown.split(";")[0]) or _UNITS.search(f"{words} {shown}") else "number"


def _day(value: date | time | timedelta, format: str) -> TypedCell:
    """A date as ISO text, if its format shows a whole date and nothing else."""
    letters = set(_NOT_SHOWN.sub("", format.split(";")[0]).casefold())
    if not isinstance(value, date):
        return TypedCell(str(value), "clock")
    if isinstance(value, datetime):
        if value.time() != time():
            return TypedCell(value.isoformat(timespec="seconds" if value.second else "minutes"), "clock")
        value = value.date()
    iso = value.isoformat()
    if (letters >= {"d", "m"} and letters & {"y", "e"}) or not letters & set("dmy"):
        return TypedCell(iso, "date")
    return TypedCell(iso, "part of a date", iso[:7] if "m" in letters else iso[:4])
