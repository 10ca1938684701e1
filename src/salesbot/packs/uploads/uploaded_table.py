"""A table as it arrived: its text, the cells that are something else than text, and what is wrong with its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from salesbot import packs as pack
from salesbot.errors import Problem
from salesbot.packs.uploads.limits import LAST_ROW, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, refused

Kind = Literal["number", "date", "clock", "part of a date", "yes or no", "error", "formula"]
SHOWN = 200  # characters of a cell that a problem keeps
NO_ROW_LEFT = f"{MOST_ROWS:,} rows at most in one upload; send fewer rows"


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is not text, and the plain text it would be."""

    text: str
    kind: Kind


Raw = str | Odd


@dataclass
class Arrival:
    """One table of an upload, its rows with the numbers that the spreadsheet shows.

    ``typed`` says whether its file tells text from numbers and dates, as a workbook does and CSV does not.
    """

    table: str
    typed: bool
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    odd: list[tuple[int, int, Odd]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, row: int, index: int, found: str, expected: str) -> None:
        """Note a problem of a cell, given by its row's number and its column's place from 0."""
        name = self.header[index] if index < len(self.header) else ""
        self.problems.append(Problem(self.table, row, name or None, pack.letter(index), found[:SHOWN], expected))

    def sheet(self) -> pack.Sheet:
        return pack.Sheet(self.table, self.header, self.rows)

    def cells(self, row: list[str]) -> dict[str, str]:
        return dict(zip(self.header, map(str.strip, row), strict=False))


def arrived(table: str, rows: Iterable[tuple[int, Sequence[Raw]]], *, typed: bool, room: int) -> Arrival:
    """A table of its numbered rows, of which ``room`` may hold something. Raises ``PackRefused`` where it is too big.

    Blank rows and blank columns at the end are passed over; a row that is cut short is filled with blanks.
    """
    numbered = iter(rows)
    found = Arrival(table, typed)
    _, first = next(numbered, (1, ()))
    _take_header(found, _without_blank_end(first))
    for number, cells in _filled(table, numbered):
        if len(found.rows) >= room:
            raise refused(table, NO_ROW_LEFT, row=number)
        found.rows.append((number, list(_texts(found, number, cells))))
    return found


def _take_header(found: Arrival, cells: Sequence[Raw]) -> None:
    if not cells:
        raise refused(found.table, "a header in row 1, the names of its columns; delete blank rows above it", row=1)
    _check_width(found.table, 1, cells)
    found.header = [_text(cell).strip() for cell in cells]
    for index, name in enumerate(found.header):
        if not name:
            text = f"a name over column {pack.letter(index)}; delete the column if it is empty"
            found.problems.append(Problem(found.table, 1, None, pack.letter(index), "", text))


def _filled(table: str, rows: Iterator[tuple[int, Sequence[Raw]]]) -> Iterator[tuple[int, Sequence[Raw]]]:
    for number, cells in rows:
        if number > LAST_ROW:
            raise refused(table, f"rows up to {LAST_ROW:,}, as a spreadsheet has; delete the blank rows at the end", row=number)
        if kept := _without_blank_end(cells):
            yield number, kept


def _without_blank_end(cells: Sequence[Raw]) -> Sequence[Raw]:
    end = len(cells)
    while end and not _text(cells[end - 1]).strip():
        end -= 1
    return cells[:end]


def _check_width(table: str, row: int, cells: Sequence[Raw]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise refused(table, f"{MOST_COLUMNS} columns at most; delete what stands right of the table", row=row)


def _texts(found: Arrival, row: int, cells: Sequence[Raw]) -> Iterator[str]:
    """The text of each cell of a row, as many as the header has names."""
    _check_width(found.table, row, cells)
    for index, cell in enumerate(cells):
        text = pack.meant(_text(cell))
        if isinstance(cell, Odd):
            found.odd.append((row, index, cell))
        elif len(text) > MOST_CHARACTERS:
            found.report(row, index, text, f"{MOST_CHARACTERS:,} characters at most in a cell, not {len(text):,}")
        yield text
    yield from [""] * (len(found.header) - len(cells))


def _text(cell: Raw) -> str:
    return cell.text if isinstance(cell, Odd) else cell
