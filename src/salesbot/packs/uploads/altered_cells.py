"""Cells that a spreadsheet altered: taken with a notice, or reported as a problem with the remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from salesbot.errors import Message, Notice, message
from salesbot.facts import TABLES, Facts, Row, cell_text, columns
from salesbot.facts.cells import number_cell, several
from salesbot.facts.rows import ColumnInfo
from salesbot.packs.cell_text import column_letter
from salesbot.packs.uploads.spreadsheet_changes import DIGITS, is_altered, is_scientific
from salesbot.packs.uploads.uploaded_table import Kind, TypedCell, UploadedTable
from salesbot.values.moment import cell_time

Read = Callable[[str], object]
REMEDIES: dict[Kind, str] = {
    "formula": "formula",
    "error": "error_value",
    "yes or no": "yes_or_no",
    "clock": "made_a_time",
    "date": "made_a_date",
    "part of a date": "made_a_date",
    "scaled": "unit_in_format",
}


Group = tuple[str, str, str]


class LiveTexts:
    """The texts that the served facts hold, by row and column."""

    def __init__(self, live: Facts, table: UploadedTable) -> None:
        self._is_names = table.table == "names"
        self._rows: dict[str, Row] = {} if self._is_names else {row.id: row for row in live.rows(table.table)}
        self._names: dict[Group, set[str]] = defaultdict(set)
        uploaded: dict[Group, set[str]] = defaultdict(set)
        if self._is_names:
            for name in live.names:
                self._names[name.id, name.kind, name.language or ""].add(name.name)
            for values in (table.cells(row) for _, row in table.rows):
                uploaded[_group(values)].add(values.get("name", ""))
        self._gone = {group: frozenset(names - uploaded[group]) for group, names in self._names.items()}

    def before(self, column: str, text: str, values: dict[str, str]) -> frozenset[str]:
        """What a cell may have said before: of a row with an id one text, of a name each of its group that is gone."""
        if not self._is_names:
            row = self._rows.get(values.get("id", ""))
            return frozenset() if row is None else frozenset((cell_text(getattr(row, column), type(row)),))
        if column != "name":
            return frozenset()
        group = _group(values)
        return frozenset((text,)) if text in self._names.get(group, ()) else self._gone.get(group, frozenset())


def _group(values: dict[str, str]) -> Group:
    return values.get("id", ""), values.get("kind", ""), values.get("language", "")


def altered_cells(table: UploadedTable, live: Facts) -> list[Notice]:
    """The notices of a table; its problems are reported in it."""
    _tell_wide_separators(table)
    infos, texts = columns(TABLES[table.table]), LiveTexts(live, table)
    if table.typed:
        return list(_typed_cells(table, infos, texts))
    for row, index, cell in table.typed_cells:
        table.report(row, index, cell.text, message(REMEDIES[cell.kind]))
    _check_texts(table, infos, texts)
    return []


def _tell_wide_separators(table: UploadedTable) -> None:
    """A full-width ``；`` separates as ``;`` does, which is told once for each text."""
    infos = columns(TABLES[table.table])
    lists = [(index, name) for index, name in enumerate(table.header) if name in infos and _is_list(infos[name])]
    told: set[str] = set()
    for row, cells in table.rows:
        for index, name in lists:
            text = cells[index] if index < len(cells) else ""
            if "；" in text and text not in told:
                told.add(text)
                table.tell(message("full_width", text=text, count=len(several(text))), row, name)


def _is_list(info: ColumnInfo) -> bool:
    return info.cell.load is several


def _typed_cells(table: UploadedTable, infos: dict[str, ColumnInfo], texts: LiveTexts) -> Iterator[Notice]:
    """Of a workbook only the cells that are not text are in question."""
    rows = dict(table.rows)
    for row, index, cell in table.typed_cells:
        column = table.header[index] if index < len(table.header) else ""
        if column not in infos:
            continue
        read = infos[column].cell.read
        if read is number_cell and cell.kind == "number":
            continue
        before = texts.before(column, cell.text, table.cells(rows[row]))
        expected = _expected(cell, read, before)
        if expected:
            table.report(row, index, cell.text, expected)
        elif read is not number_cell and cell.text not in before:
            read_as = message("read_as_text", kind=cell.kind, text=cell.text)
            yield Notice(table.table, row, column, column_letter(index), read_as)


def _expected(cell: TypedCell, read: Read, before: frozenset[str]) -> Message | None:
    """What is expected instead of a cell that is not text; ``None`` where it can be taken."""
    if cell.kind in ("formula", "error", "scaled") or (read is number_cell and cell.kind == "yes or no"):
        return message(REMEDIES[cell.kind])
    if read is number_cell:
        return message("number_made_a_date")
    old = _altered(before, cell.text)
    if old is not None:
        return _back(old, cell.text, read, made_a_date="date" in cell.kind)
    if cell.kind == "number" or (cell.kind == "date" and read is cell_time):
        return None
    if cell.kind == "part of a date" and read is cell_time:
        return message("part_of_a_date", part=cell.shown or cell.text[:7], day=cell.text)
    if cell.kind == "clock" and read is cell_time:
        return message("time_without_offset")
    return message(REMEDIES[cell.kind])


def _check_texts(table: UploadedTable, infos: dict[str, ColumnInfo], texts: LiveTexts) -> None:
    """CSV does not tell text from numbers, so each cell is compared with what the served facts hold."""
    checked = [(index, name, infos[name].cell.read) for index, name in enumerate(table.header) if name in infos]
    for row, cells in table.rows:
        values = table.cells(cells)
        for index, column, read in checked:
            text = values[column]
            if not text or (read is number_cell and not is_scientific(text)):
                continue
            before = texts.before(column, text, values)
            if text not in before and (old := _altered(before, text)) is not None:
                table.report(row, index, text, _back(old, text, read, made_a_date=False))


def _altered(before: frozenset[str], text: str) -> str | None:
    """The text of the served facts that a spreadsheet may have altered into this one."""
    return next((old for old in sorted(before) if is_altered(old, text)), None)


def _back(old: str, text: str, read: Read, *, made_a_date: bool) -> Message:
    """Both remedies: what was there is typed again, or what was uploaded is sent as text."""
    key = "altered_can_be_meant" if _can_be_meant(text, read) else "altered"
    return message(key, old=old, text=text, did="made_a_date" if made_a_date else "changed")


def _can_be_meant(text: str, read: Read) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return not is_scientific(text) and len(text) <= DIGITS
