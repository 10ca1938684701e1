"""What to make of cells that a spreadsheet changed: taken with a notice, or a problem with what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from salesbot import packs as pack
from salesbot.errors import shown
from salesbot.facts import TABLES, CellKind, Facts, Row, cell, number
from salesbot.packs.uploads.spreadsheet_changes import DIGITS, is_scientific, is_turned
from salesbot.packs.uploads.uploaded_table import Arrival, Kind, Odd
from salesbot.values.moment import cell_time

Read = Callable[[str], object]

AS_TEXT = "format the column as text and type"
DATED = "text, but a spreadsheet made a date of it"
REMEDIES: dict[Kind, str] = {
    "formula": "a value, not a formula; copy the cell and paste its value only",
    "error": "a value, not an error; mend the cell or clear it",
    "yes or no": f"text or a number, not what a spreadsheet takes for true or false; {AS_TEXT} it again",
    "clock": f"text, but a spreadsheet made a time of it; {AS_TEXT} it again",
    "date": f"{DATED}; {AS_TEXT} it again",
    "part of a date": f"{DATED}; {AS_TEXT} it again",
}
NO_NUMBER = "a plain number, but a spreadsheet made a date of it; format the column as text and type the number again"
NO_OFFSET = f"a time with its offset, as text; {AS_TEXT} it again, such as 2024-03-28T19:00+08:00"


@dataclass(frozen=True)
class Notice:
    """Something in an upload that a spreadsheet may have changed, and how it was taken."""

    table: str
    row: int | None
    column: str | None
    letter: str | None
    found: str
    taken: str

    def __str__(self) -> str:
        place = self.table if self.row is None else f"{self.table} row {self.row}, column {self.letter} ({self.column})"
        return f"{place}: {self.found}, taken as {self.taken}"


class Standing:
    """The texts that stand in the facts now, by the row and the column they are in."""

    def __init__(self, live: Facts, arrival: Arrival) -> None:
        self._is_names = arrival.table == "names"
        self._rows: dict[str, Row] = {} if self._is_names else {getattr(row, "id", ""): row for row in live.rows(arrival.table)}
        self._names: dict[Group, set[str]] = defaultdict(set)
        came: dict[Group, set[str]] = defaultdict(set)
        if self._is_names:
            for name in live.names:
                self._names[name.id, name.kind, name.language or ""].add(name.name)
            for values in (arrival.cells(row) for _, row in arrival.rows):
                came[_group(values)].add(values.get("name", ""))
        self._gone = {group: frozenset(names - came[group]) for group, names in self._names.items()}

    def before(self, column: str, text: str, values: dict[str, str]) -> frozenset[str]:
        """What a cell may have said: of a row with an id one text, of a name each one of its group that is gone."""
        if not self._is_names:
            row = self._rows.get(values.get("id", ""))
            return frozenset() if row is None else frozenset((cell(getattr(row, column)),))
        if column != "name":
            return frozenset()
        group = _group(values)
        return frozenset((text,)) if text in self._names.get(group, ()) else self._gone.get(group, frozenset())


Group = tuple[str, str, str]


def _group(values: dict[str, str]) -> Group:
    return values.get("id", ""), values.get("kind", ""), values.get("language", "")


def judged(arrival: Arrival, live: Facts) -> list[Notice]:
    """The notices of a table; its problems are noted in it."""
    kinds, standing = TABLES[arrival.table].cells(), Standing(live, arrival)
    if arrival.typed:
        return list(_judge_odd(arrival, kinds, standing))
    for row, index, odd in arrival.odd:
        arrival.report(row, index, odd.text, REMEDIES[odd.kind])
    _judge_text(arrival, kinds, standing)
    return []


def _judge_odd(arrival: Arrival, kinds: dict[str, CellKind], standing: Standing) -> Iterator[Notice]:
    """Of a workbook only the cells that are not text are in question."""
    rows = dict(arrival.rows)
    for row, index, odd in arrival.odd:
        column = arrival.header[index] if index < len(arrival.header) else ""
        if column not in kinds:
            continue
        read, before = kinds[column].cell.read, standing.before(column, odd.text, arrival.cells(rows[row]))
        wrong = _wrong(odd, read, before)
        if wrong:
            arrival.report(row, index, odd.text, wrong)
        elif read is not number and odd.text not in before:
            yield Notice(arrival.table, row, column, pack.letter(index), f"the {odd.kind} {odd.text}", f"the text {shown(odd.text)}")


def _wrong(odd: Odd, read: Read, before: frozenset[str]) -> str | None:
    """What is expected instead of a cell that is not text; nothing where it can be taken."""
    if odd.kind in ("formula", "error") or (read is number and odd.kind == "yes or no"):
        return REMEDIES[odd.kind]
    if read is number:
        return None if odd.kind == "number" else NO_NUMBER
    old = _turned(before, odd.text)
    if old is not None:
        return _changed(old, odd.text, read, "made a date of it" if "date" in odd.kind else "changed it")
    if odd.kind == "number" or (odd.kind == "date" and read is cell_time):
        return None
    if odd.kind == "part of a date" and read is cell_time:
        return f"{DATED}; {AS_TEXT} {odd.text[:7]} again, or {odd.text} if that day is meant"
    return NO_OFFSET if odd.kind == "clock" and read is cell_time else REMEDIES[odd.kind]


def _judge_text(arrival: Arrival, kinds: dict[str, CellKind], standing: Standing) -> None:
    """CSV does not tell text from numbers, so each cell is held against what stands there now."""
    columns = [(index, column, kinds[column].cell.read) for index, column in enumerate(arrival.header) if column in kinds]
    for row, cells in arrival.rows:
        values = arrival.cells(cells)
        for index, column, read in columns:
            text = values[column]
            if not text or (read is number and not is_scientific(text)):
                continue
            before = standing.before(column, text, values)
            if text not in before and (old := _turned(before, text)) is not None:
                arrival.report(row, index, text, _changed(old, text, read, "changed it"))


def _turned(before: frozenset[str], text: str) -> str | None:
    """The text that stands in the facts now and that a spreadsheet changed into this one."""
    return next((old for old in sorted(before) if is_turned(old, text)), None)


def _changed(old: str, text: str, read: Read, did: str) -> str:
    """Both ways out: what stood there is typed again, or what arrived is meant and sent so that no one can doubt it."""
    expected = f"{shown(old)}, as it stands now; a spreadsheet {did}; {AS_TEXT} {shown(old)} again"
    return f"{expected}; if {shown(text)} is meant, send it as text in an .xlsx" if _can_be_meant(text, read) else expected


def _can_be_meant(text: str, read: Read) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return not is_scientific(text) and len(text) <= DIGITS
