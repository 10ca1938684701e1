"""Facts as files that a spreadsheet opens without changing them."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from salesbot.facts import DESCRIPTOR, METRICS, STORE_METRICS, TABLES, Facts, Row, columns
from salesbot.facts.rows import ColumnInfo
from salesbot.packs.descriptor import Describe, descriptor
from salesbot.packs.folder import written_columns, written_rows, written_tables
from salesbot.packs.suggestions import id_like
from salesbot.packs.uploads.limits import LAST_ROW
from salesbot.packs.uploads.made_ids import EXAMPLE

BOM = "\ufeff"  # without it Excel takes UTF-8 for the local encoding
THE_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say, so that equal facts are equal bytes
REGULAR_FILE = 0o100644 << 16
TEXT = "@"
NARROWEST, WIDEST = 8, 60  # columns, in characters
MEASURED = 500  # rows whose width counts
README = "README"
GREY = "808080"
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class PackTexts(Protocol):
    """The texts of a template, in a reader's language."""

    def column(self, table: str, column: str) -> str:
        """What a column holds; with an empty column, what the table holds."""

    def cell(self, info: ColumnInfo) -> str:
        """What the text of a column's cells looks like."""

    def template_guide(self) -> tuple[str, ...]:
        """How to fill in a workbook, line by line."""

    def template_rows(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The example rows of each table, whose ids begin with ``example-``."""

    def template_headings(self) -> tuple[str, ...]:
        """The headings over table, column, whether it must be filled, its cells, and what it holds; then "yes"."""


def zip_of(facts: Facts, describe: Describe) -> bytes:
    """The facts as a zip of CSV tables with the descriptor; equal facts give equal bytes."""
    tables = written_tables(facts)
    files = {f"{table}.csv": BOM + _csv(facts, table) for table in tables}
    files[DESCRIPTOR] = json.dumps(descriptor(facts.version, describe, tables), indent=1, ensure_ascii=False) + "\n"
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
    writer.writerow(written_columns(facts, table))
    writer.writerows(written_rows(facts, table))
    return text.getvalue()


def workbook_of(facts: Facts) -> bytes:
    """The facts as an .xlsx workbook, a sheet a table, every cell text."""
    book = Workbook(write_only=True)
    _add_tables(book, facts, written_tables(facts))
    return _saved(book)


def template(texts: PackTexts, launch: str = "") -> bytes:
    """A workbook to fill in: a sheet that explains every column, then a sheet a table with example rows.

    The columns that matter most come first, and columns of fixed words and of ids offer them. The examples are left out
    when the workbook is read. ``launch`` names a launch that is begun.
    """
    book = Workbook(write_only=True)
    guide, (*headings, yes) = texts.template_guide(), texts.template_headings()
    readme = _sheet(book, README, [NARROWEST, 2 * NARROWEST, 2 * NARROWEST, WIDEST, WIDEST], len(guide) + 2)
    _write(readme, [(line,) for line in (*guide, "")])
    _write(readme, [headings], bold=True)
    for table, model in TABLES.items():
        _write(readme, [(table, texts.column(table, ""))], bold=True)
        _write(readme, _explained(model, texts, yes))
    examples = texts.template_rows()
    begun = {"launches": ({"id": id_like(launch), "model": launch},)} if launch else {}
    for table in TABLES:
        header = template_columns(table)
        rows = [*examples.get(table, ()), *begun.get(table, ())]
        shown = [header, *([row.get(name, "") for name in header] for row in rows)]
        sheet = _sheet(book, table, [_width(column) for column in zip(*shown, strict=True)], 1)
        _add_choices(sheet, table, header)
        _write(sheet, [header], bold=True)
        for texts_of_row in shown[1:]:
            _write(sheet, [texts_of_row], grey=texts_of_row[0].startswith(EXAMPLE))
    return _saved(book)


def template_columns(table: str) -> list[str]:
    """The columns of a table, those first that matter most: the key, what must be filled, then what most rows have."""
    infos = columns(TABLES[table])
    usual = ("low", "high", "period_from", "period_to", "valid_from", "valid_to", "opened", "said_by", "who", "url")
    first = [name for name, info in infos.items() if info.is_required and name != "sources"]
    second = [name for name in usual if name in infos and name not in first]
    last = [name for name in infos if name not in (*first, *second, "sources")]
    return [*first, *second, *(["sources"] if "sources" in infos else []), *last]


def _explained(model: type[Row], texts: PackTexts, yes: str) -> Iterator[tuple[str, ...]]:
    infos = columns(model)
    for name in template_columns(model.table):
        info = infos[name]
        yield model.table, name, yes if info.is_required else "", texts.cell(info), texts.column(model.table, name)


def _add_choices(sheet: Worksheet, table: str, header: Sequence[str]) -> None:
    """The choices of each column of fixed words, of metrics, and of the ids of another sheet."""
    infos = columns(TABLES[table])
    for index, name in enumerate(header, 1):
        info, letter = infos[name], get_column_letter(index)
        if info.words:
            sheet.data_validations.append(_choice(letter, info.words))
        elif name == "metric":
            sheet.data_validations.append(
                _choice(letter, STORE_METRICS if table == "stores" else METRICS, is_open=True)
            )
        elif info.column.refers and not info.column.many:
            ids = f"={info.column.refers}!$A$2:$A$1000"
            sheet.data_validations.append(_choice(letter, (), ids=ids))


def _add_tables(book: Workbook, facts: Facts, tables: Iterable[str]) -> None:
    for table in tables:
        header = tuple(written_columns(facts, table))
        infos = columns(TABLES[table])
        measured = [header, *islice(written_rows(facts, table), MEASURED)]
        sheet = _sheet(book, table, [_width(texts) for texts in zip(*measured, strict=True)], 1)
        for index, name in enumerate(header, 1):
            if words := infos[name].words:
                sheet.data_validations.append(_choice(get_column_letter(index), words))
        _write(sheet, [header], bold=True)
        _write(sheet, written_rows(facts, table))


def _sheet(book: Workbook, title: str, widths: Sequence[int], frozen: int) -> Worksheet:
    """A sheet whose columns are text down to the last row, with its first rows frozen."""
    sheet: Worksheet = book.create_sheet(title)  # a write-only one, which has what is used here
    sheet.freeze_panes = f"A{frozen + 1}"
    for index, width in enumerate(widths, 1):
        column = sheet.column_dimensions[get_column_letter(index)]
        column.width, column.number_format = width, TEXT
    return sheet


def _choice(letter: str, words: Sequence[str], *, is_open: bool = False, ids: str = "") -> DataValidation:
    """A drop-down list for a column of fixed words, or of the ids in another sheet; an open one takes others, too."""
    formula = ids or f'"{",".join(words)}"'
    choice = DataValidation("list", formula1=formula, allow_blank=True, sqref=f"{letter}2:{letter}{LAST_ROW}")
    choice.showErrorMessage = not (is_open or ids)
    return choice


def _write(sheet: Worksheet, rows: Iterable[Sequence[str]], *, bold: bool = False, grey: bool = False) -> None:
    """Rows of text cells; the cells of a row are written at once and used again for the next one."""
    cells: list[Cell] = []
    for row in rows:
        cells += [_text_cell(sheet, bold, grey) for _ in row[len(cells) :]]
        for cell, text in zip(cells, row, strict=False):
            cell.value = _LOOKS_ESCAPED.sub("_x005F_", text)
            cell.data_type = "s"  # also where it begins with =
        sheet.append([cell if text else None for cell, text in zip(cells, row, strict=False)])


def _text_cell(sheet: Worksheet, bold: bool, grey: bool) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.number_format = TEXT
    if bold or grey:
        cell.font = Font(bold=bold, italic=grey, color=GREY if grey else None)
    return cell


def _width(texts: Iterable[str]) -> int:
    """How wide a column is that shows most of its texts; a Chinese character is two wide."""
    widest = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text[:WIDEST]) for text in texts)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
