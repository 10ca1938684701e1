"""The sheets of any upload as texts, before anyone knows what their columns mean."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from salesbot.packs.uploads.limits import MOST_COLUMNS, check_ending, refused
from salesbot.packs.uploads.uploaded_table import NumberedRow, TypedCell

MOST_ROWS = 50_000
MOST_CHARACTERS = 300  # of a cell
SCALED = " (scaled)"  # behind a number that is shown in thousands or the like
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


class RawSheet(Struct, frozen=True):
    """One sheet: its title, and its rows with the numbers that a spreadsheet shows; a blank row is left out."""

    title: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def raw_sheets(name: str, data: bytes) -> list[RawSheet]:
    """The sheets of a workbook, or the one of a text file. Raises ``PackRefused``."""
    from salesbot.packs.uploads import zip_file  # only a child process reads files
    from salesbot.packs.uploads.csv_file import csv_file
    from salesbot.packs.uploads.workbook import opened_workbook

    check_ending(name)
    if name.casefold().endswith(WORKBOOKS):
        return [
            RawSheet(sheet.title, _rows(sheet.title, sheet.rows())) for sheet in opened_workbook(name, data).sheets()
        ]
    if zip_file.is_zip(data):
        raise refused(name, "upload_kind")
    file = csv_file(name, data)
    return [RawSheet("", _rows(name, enumerate(file.records(), 1)))]


def _rows(place: str, rows: Iterable[NumberedRow]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    found: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in rows:
        texts = tuple(_text(cell).strip()[:MOST_CHARACTERS] for cell in cells[:MOST_COLUMNS])
        if any(texts):
            if len(found) >= MOST_ROWS:
                raise refused(place, "upload_rows", row=number, most=MOST_ROWS)
            found.append((number, texts))
    return tuple(found)


def _text(cell: str | TypedCell) -> str:
    """A cell as it is shown: with its sign of money, or marked where its format shows another number than it holds."""
    if not isinstance(cell, TypedCell):
        return cell
    if cell.kind == "scaled":
        return f"{cell.text}{SCALED}"
    return cell.shown or ("" if cell.kind in ("error", "formula") else f"{cell.sign}{cell.text}")
