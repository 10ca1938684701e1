"""Facts as files that a spreadsheet opens without changing them."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from salesbot import packs as pack
from salesbot.facts import TABLES, Facts, Row
from salesbot.packs.uploads.limits import LAST_ROW

BOM = "\ufeff"  # without it Excel takes UTF-8 for the local encoding
THE_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say, so that equal facts are equal bytes
REGULAR_FILE = 0o100644 << 16
TEXT = "@"
NARROWEST, WIDEST = 8, 60  # columns, in characters
MEASURED = 500  # rows whose width counts
README = "README"
GUIDE = (
    "One sheet a table: a row a fact, blank is unknown, 0 is zero. Cells are text, so that nothing is changed: keep them so.",
    "Times are 2024, 2024-03, 2024-03-28, 2024-03-28T19:00+08:00, or earliest/latest of those. Numbers are plain: 88898, 0.35 or 35%.",
    "Several values in a cell are separated by ;. Ids are small letters, digits and hyphens.",
    "An apostrophe before = + - @ keeps a spreadsheet from running the text, and is not part of it.",
    "Send the workbook, a zip of its sheets as CSV, or one sheet as CSV.",
    "A table that is not sent stays as it is; one with its header only is emptied.",
)
EXPLAINED = ("table", "column", "must be filled", "cell", "what it holds")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def zip_of(facts: Facts) -> bytes:
    """The facts as a zip of CSV tables with the descriptor; the same bytes whenever they say the same."""
    files = {f"{table}.csv": BOM + _csv(facts, table) for table in TABLES}
    files[pack.DESCRIPTOR] = json.dumps(pack.descriptor(facts.version), indent=1, ensure_ascii=False) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, THE_BEGINNING)
            info.create_system, info.external_attr = 3, REGULAR_FILE
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _csv(facts: Facts, table: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TABLES[table].model_fields)
    writer.writerows(pack.cells(facts, table))
    return text.getvalue()


def workbook_of(facts: Facts) -> bytes:
    """The facts as an .xlsx workbook, a sheet a table, every cell text."""
    book = Workbook(write_only=True)
    _add_tables(book, facts)
    return _saved(book)


def template() -> bytes:
    """An empty workbook to fill in, with a first sheet that explains every column."""
    book = Workbook(write_only=True)
    readme = _sheet(book, README, [NARROWEST, 2 * NARROWEST, 2 * NARROWEST, WIDEST, WIDEST], len(GUIDE) + 2)
    _write(readme, [(line,) for line in (*GUIDE, "")])
    _write(readme, [EXPLAINED], bold=True)
    for model in TABLES.values():
        _write(readme, [(model.table, model.says)], bold=True)
        _write(readme, _explained(model))
    _add_tables(book, Facts(""))
    return _saved(book)


def _explained(model: type[Row]) -> Iterator[tuple[str, ...]]:
    required = model.required()
    for (name, column), kind in zip(model.columns().items(), model.cells().values(), strict=True):
        says = column.says + (f" (an id of {column.refers})" if column.refers else "")
        yield model.table, name, "yes" if name in required else "", kind.says, says


def _add_tables(book: Workbook, facts: Facts) -> None:
    for table, model in TABLES.items():
        header = tuple(model.columns())
        measured = [header, *islice(pack.cells(facts, table), MEASURED)]
        sheet = _sheet(book, table, [_width(texts) for texts in zip(*measured, strict=True)], 1)
        for index, kind in enumerate(model.cells().values(), 1):
            if kind.words:
                sheet.data_validations.append(_choice(get_column_letter(index), kind.words))
        _write(sheet, [header], bold=True)
        _write(sheet, pack.cells(facts, table))


def _sheet(book: Workbook, title: str, widths: Sequence[int], frozen: int) -> Worksheet:
    """A sheet whose columns are text down to the last row, with its first rows frozen."""
    sheet: Worksheet = book.create_sheet(title)  # a write-only one, which has what is used here
    sheet.freeze_panes = f"A{frozen + 1}"
    for index, width in enumerate(widths, 1):
        column = sheet.column_dimensions[get_column_letter(index)]
        column.width, column.number_format = width, TEXT
    return sheet


def _choice(letter: str, words: Sequence[str]) -> DataValidation:
    """A drop-down list for a column of fixed words."""
    return DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, sqref=f"{letter}2:{letter}{LAST_ROW}")


def _write(sheet: Worksheet, rows: Iterable[Sequence[str]], bold: bool = False) -> None:
    """Rows of text cells; the cells of a row are written at once and used again for the next one."""
    cells: list[Cell] = []
    for row in rows:
        cells += [_text_cell(sheet, bold) for _ in row[len(cells) :]]
        for cell, text in zip(cells, row, strict=False):
            cell.value = _LOOKS_ESCAPED.sub("_x005F_", text)
            cell.data_type = "s"  # also where it begins with =
        sheet.append([cell if text else None for cell, text in zip(cells, row, strict=False)])


def _text_cell(sheet: Worksheet, bold: bool) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.number_format = TEXT
    if bold:
        cell.font = Font(bold=True)
    return cell


def _width(texts: Iterable[str]) -> int:
    """How wide a column is that shows most of its texts; a Chinese character is two wide."""
    widest = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:WIDEST]) for text in texts)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
