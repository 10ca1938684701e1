"""Everything that is wrong with a pack's tables, each problem at its place, in one pass over their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from salesbot.errors import Message, PackRefused, Problem, message
from salesbot.facts import BUILT_IN, STORE_METRICS, TABLES, MetricRow, Name, OrderFact, Row, StoreCount, columns
from salesbot.facts.rows import kind_faults
from salesbot.facts.vocabulary import MetricKind
from salesbot.packs.cell_text import column_letter
from salesbot.packs.row_reader import explained, row_reader
from salesbot.values.name_keys import name_key

MOST_PROBLEMS = 1000
NAMED_COLUMNS = {"launches": ("brand", "model"), "stores": ("brand",), "prices": ("brand", "model")}
METRIC_COLUMNS = {
    "orders": ("metric", "could_be"),
    "stores": ("metric",),
    "metrics": ("part_of",),
    "identities": ("whole", "part", "other_part"),
}
CHAINS = {"orders": "superseded_by", "metrics": "part_of", "places": "part_of"}  # columns that name another row
TABLE_OF_KIND = {"launch": "launches", "event": "events", "claim": "claims", "place": "places"}
EVERY = "all"  # a name that stands for every model or trim


class Sheet(Struct, frozen=True):
    """One table as text: header and rows, with the number that a spreadsheet shows for each row.

    The rows may raise ``Malformed``. ``unescape`` turns the text of a cell into what it says.
    """

    table: str
    header: list[str]
    rows: Iterable[tuple[int, Sequence[str]]]
    unescape: Callable[[str], str] = str

    def values(self, texts: Sequence[str]) -> dict[str, str]:
        """What the cells of a row say, by column."""
        return {name: self.unescape(text.strip()).strip() for name, text in zip(self.header, texts, strict=True)}


class Malformed(ValueError):
    """A table that cannot be read on from a row."""

    def __init__(self, row: int, expected: Message) -> None:
        super().__init__(expected)
        self.row, self.expected = row, expected


class TakeRow(Protocol):
    """What is done with each row that is right: its table, number and cells."""

    def __call__(self, table: str, number: int, row: Row, cells: Sequence[str], /) -> object: ...


class Reference(Struct, frozen=True):
    """A cell that names things of a table which is checked later."""

    table: str
    number: int
    column: str
    to: str
    ids: tuple[str, ...]
    expected: Message


class PackChecker:
    """Checks the tables of a pack in their order, and hands rows on until the first problem.

    One fault is one problem: the id and the names of a faulty row count as known, and a table whose form is wrong
    misses nothing.
    """

    def __init__(self, take: TakeRow) -> None:
        self.problems: list[Problem] = []
        self._take = take
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {"brand": {EVERY}, "model": {EVERY}}
        self._metrics = set(BUILT_IN)
        self._letters: dict[str, dict[str, str]] = {}
        self._later: list[Reference] = []
        self._kinds: dict[str, MetricKind] = {metric.id: metric.kind for metric in BUILT_IN.values()}
        self._chains: dict[str, dict[str, tuple[str, int]]] = {table: {} for table in CHAINS}

    def report(
        self, table: str, expected: Message, *, row: int | None = None, column: str | None = None, found: str = ""
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(table, row, column, self.letter(table, column), found, expected))

    def letter(self, table: str, column: str | None) -> str | None:
        """The letter over a column."""
        return self._letters.get(table, {}).get(column) if column else None

    def check(self, sheet: Sheet) -> None:
        """Check a table as text."""
        self._letters[sheet.table] = {name: column_letter(i) for i, name in enumerate(sheet.header)}
        has_form = self._header_fits(sheet, TABLES[sheet.table])
        if has_form:
            self._begin(sheet.table)
        try:
            if has_form:
                self._check_rows(sheet)
            else:
                for _ in sheet.rows:
                    pass  # to the end, as a malformed row is reported as well
        except Malformed as malformed:
            self.report(sheet.table, malformed.expected, row=malformed.row)
            self._ids.pop(sheet.table, None)

    def keep(self, table: str, rows: Iterable[Row]) -> None:
        """Take a table that stays as it is: its rows were checked before, and are numbered as an export would."""
        self._letters[table] = {name: column_letter(i) for i, name in enumerate(columns(TABLES[table]))}
        self._begin(table)
        for number, row in enumerate(rows, 2):
            self._ids[table].add(row.id)
            self._follow(table, number, row, ())

    def finish(self, name: str) -> None:
        """Check what could not be checked before. Raises ``PackRefused`` with every problem, if there is one."""
        for later in self._later:
            if later.to in self._ids:
                self._check_reference(later)
        self._check_chains()
        if self.problems:
            raise PackRefused(sorted(self.problems, key=_place)[:MOST_PROBLEMS], name)

    # the form of a table

    def _header_fits(self, sheet: Sheet, model: type[Row]) -> bool:
        infos = columns(model)
        before = len(self.problems)
        for name, info in infos.items():
            if name not in sheet.header and not info.column.optional:
                self.report(sheet.table, message("column_missing", column=name), row=1)
        for i, name in enumerate(sheet.header):
            if name not in infos:
                self.report(sheet.table, message("unknown_column", words=tuple(infos)), row=1, column=name, found=name)
            elif name in sheet.header[:i]:
                self.report(sheet.table, message("column_twice", column=name), row=1, column=name, found=name)
        return len(self.problems) == before

    def _begin(self, table: str) -> None:
        self._ids[table] = set()
        infos = columns(TABLES[table])
        self._is_keyed = "id" in infos and infos["id"].column.primary
        self._references = [(name, info.column) for name, info in infos.items() if info.column.refers]
        self._named_columns = NAMED_COLUMNS.get(table, ())
        self._metric_columns = METRIC_COLUMNS.get(table, ())

    # the rows

    def _check_rows(self, sheet: Sheet) -> None:
        table, read = sheet.table, row_reader(TABLES[sheet.table], sheet.header, sheet.unescape)
        for number, texts in sheet.rows:
            try:
                row, cells = read(texts)
            except ValueError:
                self._check_faulty_row(sheet, number, texts)
                continue
            if faults := self._faults(table, row):
                self._report_cells(sheet, number, texts, faults)
            self._follow(table, number, row, cells)
            if len(self.problems) >= MOST_PROBLEMS:
                return

    def _check_faulty_row(self, sheet: Sheet, number: int, texts: Sequence[str]) -> None:
        """Report a row with a cell that cannot be read; a blank row is no row."""
        if not any(text.strip() for text in texts):
            return
        if len(texts) != len(sheet.header):
            expected = message("cells_as_header", count=len(sheet.header), found=len(texts))
            self.report(sheet.table, expected, row=number)
            return
        values = {name: text for name, text in sheet.values(texts).items() if text}
        row, faults = explained(TABLES[sheet.table], values)
        if row is not None:
            more = self._faults(sheet.table, row)
            faults |= {column: expected for column, expected in more.items() if column not in faults}
        elif self._is_repeated(sheet.table, values.get("id", "")):
            faults.setdefault("id", message("repeated_id"))
        self._report_cells(sheet, number, texts, faults)
        if row is not None:
            self._follow(sheet.table, number, row, ())
        elif sheet.table == "names":
            self._add_name(values.get("kind", ""), values.get("name", ""), values.get("id", ""))
        elif sheet.table == "metrics":
            self._metrics.add(values.get("id", ""))

    def _report_cells(self, sheet: Sheet, number: int, texts: Sequence[str], faults: dict[str, Message]) -> None:
        values = sheet.values(texts)
        for column, expected in faults.items():
            self.report(sheet.table, expected, row=number, column=column, found=values.get(column, ""))

    def _faults(self, table: str, row: Row) -> dict[str, Message]:
        """At most one fault a cell: what is wrong between the cells of a row, or with its id among the others."""
        faults: dict[str, Message] = {}
        for column, expected in (*row.faults(), *self._kind_faults(row)):
            faults.setdefault(column, expected)
        if self._is_repeated(table, row.id):
            faults.setdefault("id", message("repeated_id"))
        return faults

    def _kind_faults(self, row: Row) -> Iterable[tuple[str, Message]]:
        """What the kind of a row's metric forbids."""
        match row:
            case OrderFact() | StoreCount() if (kind := self._kinds.get(row.metric)) is not None:
                return kind_faults(kind, row)
            case MetricRow() if row.id in BUILT_IN and row.kind != BUILT_IN[row.id].kind:
                return [("kind", message("kind_of_built_in", metric=row.id, kind=BUILT_IN[row.id].kind))]
        return []

    def _is_repeated(self, table: str, id: str) -> bool:
        known = self._ids[table]
        is_repeated = self._is_keyed and id in known
        known.add(id)
        return is_repeated

    def _follow(self, table: str, number: int, row: Row, cells: Sequence[str]) -> None:
        """Note what a row names, and hand it on."""
        self._check_names(table, number, row)
        if not self.problems:
            self._take(table, number, row, cells)

    # what a row names

    def _check_names(self, table: str, number: int, row: Row) -> None:
        for name, column in self._references:
            value = getattr(row, name)
            ids = value if column.many else (value,) if value else ()
            to = column.refers or ""
            known = self._ids.get(to)
            if known is None or to == table:
                if ids:
                    self._later.append(Reference(table, number, name, to, ids, message("id_of_table", table=to)))
            elif not known.issuperset(ids):
                self._check_reference(Reference(table, number, name, to, ids, message("id_of_table", table=to)))
            if column.many and not ids:
                self.report(table, message("at_least_one_id", table=to), row=number, column=name)
        match row:
            case Name():
                self._check_name(number, row)
            case MetricRow():
                self._metrics.add(row.id)
                self._kinds.setdefault(row.id, row.kind)
        if (chained := CHAINS.get(table)) and (to := getattr(row, chained)):
            self._chains[table].setdefault(row.id, (to, number))
        for name in self._metric_columns if table != "metrics" else ():
            self._check_metric(table, number, name, getattr(row, name))
        for name in self._named_columns if "names" in self._ids else ():
            value = getattr(row, name)
            if value and name_key(value) not in self._names[name]:
                self.report(table, message("known_name", kind=name), row=number, column=name, found=value)

    def _check_name(self, number: int, row: Name) -> None:
        self._add_name(row.kind, row.name, row.id)
        table = TABLE_OF_KIND.get(row.kind)
        if table and not (table in TABLES and TABLES[table].is_optional):
            expected = message("id_of_kind", table=table, kind=row.kind)
            self._later.append(Reference("names", number, "id", table, (row.id,), expected))

    def _add_name(self, kind: str, name: str, id: str) -> None:
        self._names.setdefault(kind, set()).update((name_key(name), name_key(id)))

    def _check_metric(self, table: str, number: int, column: str, value: str | tuple[str, ...] | None) -> None:
        known = set(STORE_METRICS) | (self._metrics - set(BUILT_IN)) if table == "stores" else self._metrics
        metrics = (value,) if isinstance(value, str) else value or ()
        wrong = [metric for metric in metrics if metric not in known or (column == "could_be" and metric == "unstated")]
        if wrong:
            words = tuple(metric for metric in (*BUILT_IN, *sorted(self._metrics - set(BUILT_IN))) if metric in known)
            self.report(table, message("one_of", words=words), row=number, column=column, found=";".join(wrong))

    def _check_reference(self, reference: Reference) -> None:
        unknown = [id for id in reference.ids if id not in self._ids[reference.to]]
        if unknown:
            self.report(
                reference.table,
                reference.expected,
                row=reference.number,
                column=reference.column,
                found=";".join(unknown),
            )

    def _check_chains(self) -> None:
        """Report a metric that is part of none, and each row that is superseded by, or part of, itself in a circle."""
        for table, chain in self._chains.items():
            if table == "metrics":
                for to, number in chain.values():
                    self._check_metric(table, number, "part_of", to)
            done: set[str] = set()
            for start in chain:
                path: dict[str, int] = {}
                id = start
                while id in chain and id not in done and id not in path:
                    path[id] = chain[id][1]
                    id = chain[id][0]
                if id in path:
                    column = CHAINS[table]
                    self.report(table, message(f"{column}_circle"), row=path[id], column=column, found=chain[id][0])
                done.update(path)


def _place(problem: Problem) -> tuple[int, int, str]:
    tables = list(TABLES)
    order = tables.index(problem.table) if problem.table in tables else -1
    return order, problem.row or 0, problem.letter or ""
