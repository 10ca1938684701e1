"""How much an upload may hold, and how a file is refused that cannot be read."""

from __future__ import annotations

from salesbot.errors import PackRefused, Problem, message

MOST_BYTES = 8 << 20
MOST_UNPACKED = 64 << 20
MOST_RATIO = 200  # of unpacked to packed bytes
RATIO_COUNTS_FROM = 1 << 20  # a small table with many blank rows packs 300 to 1 and harms nobody
MOST_FILES = 64
MOST_PARTS = 1000  # files inside an .xlsx: sheets, styles, drawings
MOST_ROWS = 200_000  # of all tables of an upload together
MOST_COLUMNS = 64
MOST_CHARACTERS = 2000  # in a cell
MOST_CELLS = 4_000_000  # in a sheet, blank ones too
MOST_TAGS = 500_000  # of a workbook's XML in one row, or outside of rows
LAST_ROW = 1_048_576  # of a spreadsheet
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
ENDINGS = (".zip", *TABLE_ENDINGS)  # of files that may hold facts
REMEDIES = {".numbers": "numbers_file", ".json": "json_file", ".html": "web_page", ".htm": "web_page"}


def refused(place: str, key: str, /, *, row: int | None = None, found: str = "", **values: object) -> PackRefused:
    """The error for a file or table that cannot be read at all; ``key`` is that of what was expected instead."""
    return PackRefused([Problem(place, row, None, None, found, message(key, **values))], place)


def check_ending(name: str) -> None:
    """Raise ``PackRefused`` for a file that by its name cannot hold facts, with what to do instead."""
    ending = f".{name.casefold().rpartition('.')[2]}"
    if ending not in ENDINGS:
        raise refused(name, REMEDIES.get(ending, "upload_kind"))


def mebibytes(count: int) -> str:
    """A number of bytes in MiB."""
    return f"{count >> 20} MiB"
