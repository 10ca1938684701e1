"""Everything that is wrong with a pack's tables, each problem at its place, in one pass over their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from salesbot.errors import PackRefused, Problem
from salesbot.facts import TABLES, Name, Row
from salesbot.packs.cell_text import letter
from salesbot.packs.row_reader import Meaning, explained, reader
from salesbot.values.name_keys import name_key

MOST_PROBLEMS = 1000
NAMED = {"launches": ("brand", "model"), "stores": ("brand",), "prices": ("brand", "model")}
REPEATED = "an id that no other row has"
THINGS = {"launch": "launches", "event": "events", "claim": "claims"}


@dataclass(frozen=True)
class Sheet:
    """One table as text: header and rows, with the number that a spreadsheet shows for each row.

    The rows may raise ``Malformed``.
    """

    table: str
    header: list[str]
    rows: Iterable[tuple[int, Sequence[str]]]
    meaning: Meaning = str  # what a text of it says

    def values(self, texts: Sequence[str]) -> dict[str, str]:
        """What the cells of a row say, by column."""
        return {name: self.meaning(text.strip()).strip() for name, text in zip(self.header, texts, strict=True)}


class Malformed(ValueError):
    """A table that cannot be read on from a row."""

    def __init__(self, row: int, expected: str) -> None:
        super().__init__(expected)
        self.row, self.expected = row, expected


class Take(Protocol):
    """What is done with each row that is right: its table, number and cells."""

    def __call__(self, table: str, number: int, row: Row, cells: Sequence[str], /) -> object: ...


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that names a thing of a table that is yet to come."""

    table: str
    number: int
    column: str
    to: str
    ids: tuple[str, ...]
    expected: str


class Checking:
    """Takes the tables of a pack in their order; rows are handed on until the first problem.

    One fault is one problem: the id and the names of a faulty row count, and a table whose form is wrong misses nothing.
    """

    def __init__(self, take: Take) -> None:
        self.problems: list[Problem] = []
        self._take = take
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {"brand": {"all"}, "model": {"all"}}
        self._letters: dict[str, dict[str, str]] = {}
        self._later: list[Reference] = []

    def report(self, table: str, expected: str, *, row: int | None = None, column: str | None = None, found: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem(table, row, column, self.letter(table, column), found, expected))

    def letter(self, table: str, column: str | None) -> str | None:
        """The letter over a column."""
        return self._letters.get(table, {}).get(column) if column else None

    def sheet(self, sheet: Sheet) -> None:
        """A table as text."""
        self._letters[sheet.table] = {name: letter(i) for i, name in enumerate(sheet.header)}
        has_form = self._header_fits(sheet, TABLES[sheet.table])
        if has_form:
            self._begin(sheet.table)
        try:
            if has_form:
                self._rows(sheet)
            else:
                for _ in sheet.rows:
                    pass  # to the end, as what is malformed is told as well
        except Malformed as malformed:
            self.report(sheet.table, malformed.expected, row=malformed.row)
            self._ids.pop(sheet.table, None)

    def _rows(self, sheet: Sheet) -> None:
        table, read = sheet.table, reader(TABLES[sheet.table], sheet.header, sheet.meaning)
        for number, texts in sheet.rows:
            try:
                row, cells = read(texts)
            except ValueError:
                self._faulty(sheet, number, texts)
                continue
            if wrong := self._wrong(table, row):
                self._report_cells(sheet, number, texts, wrong)
            self._follow(table, number, row, cells)
            if len(self.problems) >= MOST_PROBLEMS:
                return

    def standing(self, table: str, rows: Iterable[Row]) -> None:
        """A table that stays as it is: its rows are right in themselves, and numbered as an export would."""
        self._letters[table] = {name: letter(i) for i, name in enumerate(TABLES[table].columns())}
        self._begin(table)
        for number, row in enumerate(rows, 2):
            self._ids[table].add(row.id)
            self._follow(table, number, row, ())

    def finish(self, name: str) -> None:
        """Raises ``PackRefused`` with every problem, if there is one."""
        for later in self._later:
            if later.to in self._ids:
                self._check_reference(later)
        if self.problems:
            raise PackRefused(sorted(self.problems, key=_place)[:MOST_PROBLEMS], name)

    def _header_fits(self, sheet: Sheet, model: type[Row]) -> bool:
        columns = model.columns()
        before = len(self.problems)
        for name, column in columns.items():
            if name not in sheet.header and not column.optional_column:
                self.report(sheet.table, f"a column named {name}", row=1)
        for i, name in enumerate(sheet.header):
            if name not in columns:
                self.report(sheet.table, f"one of {', '.join(columns)}", row=1, column=name, found=name)
            elif name in sheet.header[:i]:
                self.report(sheet.table, f"the column {name} only once", row=1, column=name, found=name)
        return len(self.problems) == before

    def _begin(self, table: str) -> None:
        self._ids[table] = set()
        columns = TABLES[table].columns()
        self._is_keyed = columns["id"].primary
        self._references = [(name, column) for name, column in columns.items() if column.refers]
        self._named = NAMED.get(table, ())

    def _faulty(self, sheet: Sheet, number: int, texts: Sequence[str]) -> None:
        """A row that has a cell which cannot be read, or is blank."""
        if not any(text.strip() for text in texts):
            return
        if len(texts) != len(sheet.header):
            self.report(sheet.table, f"{len(sheet.header)} cells, as the header has, not {len(texts)}", row=number)
            return
        values = {name: text for name, text in sheet.values(texts).items() if text}
        row, wrong = explained(TABLES[sheet.table], values)
        if row is not None:
            wrong |= {column: expected for column, expected in self._wrong(sheet.table, row).items() if column not in wrong}
        elif self._is_repeated(sheet.table, values.get("id", "")):
            wrong.setdefault("id", REPEATED)
        self._report_cells(sheet, number, texts, wrong)
        if row is not None:
            self._follow(sheet.table, number, row, ())
        elif sheet.table == "names":
            self._name(values.get("kind", ""), values.get("name", ""), values.get("id", ""))

    def _report_cells(self, sheet: Sheet, number: int, texts: Sequence[str], wrong: dict[str, str]) -> None:
        values = sheet.values(texts)
        for column, expected in wrong.items():
            self.report(sheet.table, expected, row=number, column=column, found=values.get(column, ""))

    def _wrong(self, table: str, row: Row) -> dict[str, str]:
        """At most one thing a cell that is wrong between the cells of a row, or with its id among the others."""
        wrong: dict[str, str] = {}
        for column, expected in row.wrong():
            wrong.setdefault(column, expected)
        if self._is_repeated(table, row.id):
            wrong.setdefault("id", REPEATED)
        return wrong

    def _follow(self, table: str, number: int, row: Row, cells: Sequence[str]) -> None:
        """Note what a row names, and hand it on."""
        self._refer(table, number, row)
        if not self.problems:
            self._take(table, number, row, cells)

    def _is_repeated(self, table: str, id: str) -> bool:
        known = self._ids[table]
        is_repeated = self._is_keyed and id in known
        known.add(id)
        return is_repeated

    def _name(self, kind: str, name: str, id: str) -> None:
        self._names.setdefault(kind, set()).update((name_key(name), name_key(id)))

    # what a row names

    def _refer(self, table: str, number: int, row: Row) -> None:
        for name, column in self._references:
            value = getattr(row, name)
            ids = value if column.many else (value,) if value else ()
            to = column.refers or ""
            known = self._ids.get(to)
            if known is None or to == table:
                if ids:
                    self._later.append(Reference(table, number, name, to, ids, f"an id of {to}.csv"))
            elif not known.issuperset(ids):
                self._check_reference(Reference(table, number, name, to, ids, f"an id of {to}.csv"))
            if column.many and not ids:
                self.report(table, f"at least one id of {to}.csv", row=number, column=name)
        if table == "names":
            assert isinstance(row, Name)
            self._name(row.kind, row.name, row.id)
            if thing := THINGS.get(row.kind):
                expected = f"an id of {thing}.csv, as the kind is {row.kind}"
                self._later.append(Reference(table, number, "id", thing, (row.id,), expected))
        for column_ in self._named if "names" in self._ids else ():
            value = getattr(row, column_)
            if value and name_key(value) not in self._names[column_]:
                self.report(table, f"a {column_} that names.csv knows, or all", row=number, column=column_, found=value)

    def _check_reference(self, reference: Reference) -> None:
        unknown = [id for id in reference.ids if id not in self._ids[reference.to]]
        if unknown:
            self.report(reference.table, reference.expected, row=reference.number, column=reference.column, found=";".join(unknown))


def _place(problem: Problem) -> tuple[int, int, str]:
    tables = list(TABLES)
    order = tables.index(problem.table) if problem.table in tables else -1
    return order, problem.row or 0, problem.letter or ""
