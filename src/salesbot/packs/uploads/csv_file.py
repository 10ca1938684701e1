"""A CSV file as Excel, LibreOffice and Google Sheets write it, in the encoding and with the separator it has."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from msgspec import Struct

from salesbot.errors import message
from salesbot.packs.cell_text import line_of_bad_byte
from salesbot.packs.uploads.encoding import CHINESE, encoding_of, words_read
from salesbot.packs.uploads.limits import MOST_COLUMNS, refused
from salesbot.packs.uploads.uploaded_table import (
    NumberedRow,
    Raw,
    TypedCell,
    UploadedTable,
    first_rows,
    likely_table,
    uploaded_table,
)

SEPARATORS = ",;\t|"
LONGEST_LINE = 1_000_000
MOST_SAMPLED = 20  # records by which a separator is judged
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's own first line
_PAGE = re.compile(rb"\s*(?:<!doctype|<html|<\?xml)", re.IGNORECASE)


class CsvFile(Struct, frozen=True):
    """The bytes of a CSV file and how they are to be read."""

    place: str
    data: bytes
    encoding: str
    separator: str = ","

    def records(self) -> Iterator[list[str]]:
        """Its records. Raises ``csv.Error``."""
        text = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        return csv.reader(_lines(text), delimiter=self.separator, strict=True)

    def first_line(self) -> str:
        """Its first line."""
        return io.TextIOWrapper(io.BytesIO(self.data), self.encoding).readline(LONGEST_LINE)

    def width(self) -> int:
        """The most cells that one of its first records has."""
        widest = 0
        try:
            for _, record in zip(range(MOST_SAMPLED), self.records(), strict=False):
                widest = max(widest, len(record))
        except csv.Error:
            pass
        return widest

    def likely_table(self) -> str | None:
        """The one table that one of its first rows can only be the header of."""
        try:
            return likely_table(first_rows(enumerate(self.records(), 1))[0])
        except csv.Error:
            return None

    def header(self) -> list[str]:
        """Its first record that is not blank."""
        try:
            return next(([name.strip() for name in record] for record in self.records() if any(record)), [])
        except csv.Error:
            return []

    def read_table(self, table: str, room: int) -> UploadedTable:
        """The file as a table. Raises ``PackRefused``."""
        number = 0

        def numbered() -> Iterator[NumberedRow]:
            nonlocal number
            for number, cells in enumerate(self.records(), 1):
                is_wide = len(cells) > MOST_COLUMNS and any(map(str.strip, cells[MOST_COLUMNS:]))
                yield number, [_raw(text) for text in (cells if is_wide else cells[:MOST_COLUMNS])]

        try:
            found = uploaded_table(table, numbered(), typed=False, room=room)
        except LineTooLong:
            raise refused(table, "upload_line_too_long", row=number + 1, most=LONGEST_LINE) from None
        except csv.Error as error:
            raise refused(table, "upload_csv", row=number + 1, error=str(error)) from None
        if self.encoding == CHINESE:
            found.tell(message("encoding_guessed", words=words_read(self.data)))
        return found


class LineTooLong(csv.Error):
    """A line longer than any row."""


def csv_file(place: str, data: bytes) -> CsvFile:
    """A file whose encoding and separator are found out. Raises ``PackRefused`` saying which row cannot be read."""
    if not data.strip():
        raise refused(place, "file_empty", row=1)
    encoding = encoding_of(data)
    if encoding is None:
        raise refused(place, "save_as_utf_8", row=line_of_bad_byte(data))
    if b"\0" in data and encoding != "utf-16":
        raise refused(place, "zero_bytes", row=data[: data.index(b"\0")].count(b"\n") + 1)
    if _PAGE.match(data.removeprefix(b"\xef\xbb\xbf")):
        raise refused(place, "web_page")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{"):
        raise refused(place, "json_file")
    if told := _SEPARATOR_LINE.fullmatch(CsvFile(place, data, encoding).first_line().rstrip("\r\n")):
        return CsvFile(place, data, encoding, told[1])
    files = [CsvFile(place, data, encoding, separator) for separator in SEPARATORS]
    return max(files, key=lambda file: (file.likely_table() is not None, file.width()))


def _raw(text: str) -> Raw:
    return TypedCell(text.strip(), "formula") if text.lstrip().startswith("=") else text


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise LineTooLong
        yield line
