"""A CSV file as Excel, LibreOffice and Google Sheets write it, in the encoding and with the separator it has."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from salesbot.packs.cell_text import line_of_bad_byte
from salesbot.packs.uploads.limits import MOST_COLUMNS, refused
from salesbot.packs.uploads.table_names import COLUMN_NAMES
from salesbot.packs.uploads.uploaded_table import Raw, TypedCell, UploadedTable, uploaded_table

SEPARATORS = ",;\t"
LONGEST_LINE = 1_000_000
CHINESE = "gb18030"
COMMON = 0.75  # the least share of common characters in Chinese text; Western text that passes for it has hardly any
SAMPLE = 100_000


class CsvFile(Struct, frozen=True):
    """The bytes of a CSV file and how they are to be read."""

    place: str
    data: bytes
    encoding: str
    separator: str = ","

    @property
    def is_guessed(self) -> bool:
        """Whether the encoding is a guess that a person should look at."""
        return self.encoding == CHINESE

    def records(self) -> Iterator[list[str]]:
        """Its records. Raises ``csv.Error``."""
        text = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return csv.reader(_lines(text), delimiter=self.separator, strict=True)

    def header(self) -> list[str]:
        try:
            return [name.strip() for name in next(self.records(), [])]
        except csv.Error:
            return []

    def read_table(self, table: str, room: int) -> UploadedTable:
        """The file as a table. Raises ``PackRefused``."""
        number = 0

        def numbered() -> Iterator[tuple[int, list[Raw]]]:
            nonlocal number
            for number, cells in enumerate(self.records(), 1):
                is_wide = len(cells) > MOST_COLUMNS and any(map(str.strip, cells[MOST_COLUMNS:]))
                yield number, [_raw(text) for text in (cells if is_wide else cells[:MOST_COLUMNS])]

        try:
            return uploaded_table(table, numbered(), typed=False, room=room)
        except LineTooLong:
            raise refused(table, "upload_line_too_long", row=number + 1, most=LONGEST_LINE) from None
        except csv.Error as error:
            raise refused(table, "upload_csv", row=number + 1, error=str(error)) from None


class LineTooLong(csv.Error):
    """A line longer than any row."""


def csv_file(place: str, data: bytes) -> CsvFile:
    """A file whose encoding and separator are found out. Raises ``PackRefused`` saying which row cannot be read."""
    if not data.strip():
        raise refused(place, "file_empty", row=1)
    encoding = _encoding(data)
    if encoding is None:
        raise refused(place, "save_as_utf_8", row=line_of_bad_byte(data))
    if b"\0" in data and encoding != "utf-16":
        raise refused(place, "zero_bytes", row=data[: data.index(b"\0")].count(b"\n") + 1)
    files = [CsvFile(place, data, encoding, separator) for separator in SEPARATORS]
    return max(files, key=lambda file: len(COLUMN_NAMES.intersection(file.header())))


def _raw(text: str) -> Raw:
    return TypedCell(text.strip(), "formula") if text.lstrip().startswith("=") else text


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise LineTooLong
        yield line


def _encoding(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _decoded(data, "utf-16") is not None else None
    if _decoded(data, "utf-8-sig") is not None:
        return "utf-8-sig"
    text = _decoded(data, CHINESE)
    return CHINESE if text is not None and _is_chinese(text) else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    """Whether text that can be read as GB18030 was meant so: ``Zürich`` in a Western encoding can be, too."""
    special = [character.encode(CHINESE) for character in islice((c for c in text if not c.isascii()), SAMPLE)]
    return sum(len(code) == 2 and min(code) > 0xA0 for code in special) >= COMMON * len(special)
