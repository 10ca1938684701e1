"""The tables of an .xlsx workbook, each cell as what it is: text, number, date, formula or error."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from math import isfinite
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from salesbot.errors import PackRefused, Problem, message
from salesbot.packs.uploads import zip_file as zipped
from salesbot.packs.uploads.limits import LAST_ROW, MOST_CELLS, MOST_PARTS, MOST_ROWS, MOST_TAGS, refused
from salesbot.packs.uploads.spreadsheet_changes import plain_number
from salesbot.packs.uploads.table_names import TABLE_NAMES, table_of_sheet
from salesbot.packs.uploads.uploaded_table import Raw, TypedCell, UploadedTable, uploaded_table

EAST_ASIAN_DAYS, EAST_ASIAN_PARTS = (
    (30, 31),
    (27, 28, 29, *range(32, 37), *range(50, 59)),
)  # built-in formats openpyxl takes for General
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7})(:[A-Z]{1,3}\d{1,7})?")
_UNIT = re.compile(rb"<(?:row|si)")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_ESCAPED = re.compile(r"_x(00[01][0-9a-f]|005f)_", re.IGNORECASE)


def workbook_tables(place: str, data: bytes) -> tuple[list[UploadedTable], list[Problem]]:
    """The tables of a workbook, and what is wrong with those that cannot be read. Raises ``PackRefused``."""
    for member in zipped.members(place, data, MOST_PARTS):
        _check_part(place, member)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it would not keep on saving; nothing is saved here
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        except Exception:  # whatever a broken part of a workbook leads to
            raise refused(place, "workbook_opens") from None
        return _tables(place, book)


def _check_part(place: str, member: zipped.Member) -> None:
    """Refuse what would cost the XML reader time or memory out of proportion to its size."""
    text = member.data.replace(b"\0", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in text:
        raise refused(place, "workbook_opens", found=member.name)
    if "pivotCache" not in member.folders and _is_oversized(text):
        raise refused(place, "workbook_size", found=member.name, rows=LAST_ROW, cells=MOST_CELLS)


def _is_oversized(text: bytes) -> bool:
    """Whether there are too many rows, cells or texts, or too many tags in one: only whole ones free memory."""
    if text.count(b"<row") > LAST_ROW or max(text.count(b"<c"), text.count(b"<si")) > MOST_CELLS:
        return True
    begins = [0, *(match.start() for match in _UNIT.finditer(text)), len(text)]
    return any(text.count(b"<", begin, end) > MOST_TAGS for begin, end in pairwise(begins))


def _tables(place: str, book: Workbook) -> tuple[list[UploadedTable], list[Problem]]:
    found: dict[str, UploadedTable | None] = {}
    problems: list[Problem] = []
    for sheet in book.worksheets:
        table = table_of_sheet(sheet.title)
        if table in found:
            problems += refused(table, "sheet_twice", title=sheet.title).problems
        elif table:
            room = MOST_ROWS - sum(len(one.rows) for one in found.values() if one)
            found[table] = _sheet_table(table, sheet, room, problems)
    if not found:
        raise refused(place, "sheet_named_after_table", found=", ".join(book.sheetnames), tables=TABLE_NAMES)
    return [one for one in found.values() if one], problems


def _sheet_table(table: str, sheet: ReadOnlyWorksheet, room: int, problems: list[Problem]) -> UploadedTable | None:
    """One sheet, hidden or not; where it cannot be read, a problem instead."""
    try:
        sheet.reset_dimensions()  # some programs write a size that is too small
        read = uploaded_table(table, _rows(sheet), typed=True, room=room)
        _note_merged(read, sheet)
        return read
    except PackRefused as refusal:
        problems += refusal.problems
    except Exception:  # as above
        problems += refused(table, "workbook_opens").problems
    return None


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, Sequence[Raw]]]:
    for number, cells in enumerate(sheet.iter_rows(), 1):  # type: ignore[misc]  # its stubs are a full sheet's
        yield number, [_raw(cell) for cell in cells]


def _note_merged(table: UploadedTable, sheet: ReadOnlyWorksheet) -> None:
    # read-only sheets do not tell of merged cells, and others take 50 times the size of their file
    with sheet._get_source() as source:  # type: ignore[attr-defined]  # private, and not in the stubs
        merged = _MERGED.findall(source.read())
    for first, last in merged:
        row, column = coordinate_to_tuple(first.decode())
        table.report(row, column - 1, "", message("merged_cells", cells=(first + last).decode()))


def _raw(cell: Any) -> Raw:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return TypedCell(str(getattr(value, "text", value)), "formula")
    if cell.data_type == "e":
        return TypedCell(str(value), "error")
    if isinstance(value, bool):
        return TypedCell(str(value).upper(), "yes or no")
    if isinstance(value, (int, float)):
        return _number(value, cell)
    if isinstance(value, (date, time, timedelta)):
        return _day(value, cell.number_format)
    return _ESCAPED.sub(_character, str(value))


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))


def _number(value: int | float, cell: Any) -> TypedCell:
    if not isfinite(value):
        return TypedCell(str(value), "error")
    format = cell.style_array.numFmtId
    if format in EAST_ASIAN_DAYS:
        return _day(from_excel(value, cell.parent.parent.epoch), "yyyy-mm-dd")
    if format in EAST_ASIAN_PARTS:
        return _day(from_excel(value, cell.parent.parent.epoch), "yyyy-mm")
    return TypedCell(plain_number(value), "number")


def _day(value: date | time | timedelta, format: str) -> TypedCell:
    """A date as ISO text, if its format shows a whole date and nothing else."""
    letters = set(_NOT_SHOWN.sub("", format.split(";")[0]).casefold())
    if not isinstance(value, date):
        return TypedCell(str(value), "clock")
    if isinstance(value, datetime):
        if value.time() != time() or "h" in letters:
            return TypedCell(value.isoformat(timespec="seconds" if value.second else "minutes"), "clock")
        value = value.date()
    is_whole = letters >= {"d", "m"} and letters & {"y", "e"}
    return TypedCell(value.isoformat(), "date" if is_whole or not letters & set("dmy") else "part of a date")
