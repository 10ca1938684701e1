"""Everything that is wrong with a pack's tables, each problem at its place, in one pass over their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from msgspec import Struct

from salesbot.errors import Message, PackRefused, Problem, message
from salesbot.facts import BUILT_IN, DESCRIPTOR, STORE_METRICS, TABLES, Name, OrderFact, Row, columns, row_loader
from salesbot.facts.named import NamedThings
from salesbot.facts.rows import Column, kind_faults
from salesbot.facts.vocabulary import EVERY, MetricKind, NameKind
from salesbot.packs.cell_text import column_letter
from salesbot.packs.column_names import likely_column
from salesbot.packs.known_rows import TOGETHER, KnownRows
from salesbot.packs.row_reader import TableReader, Texts, has_meaning, partial_row
from salesbot.packs.suggestions import id_like, quarter_of, suggestion
from salesbot.values.name_keys import name_key

MOST_PROBLEMS = 1000
MOST_LIKELY = 5000  # ids that are looked through for one that was probably meant
LONGEST_REMARK = 60
ID = columns(OrderFact)["id"]
NAMED_COLUMNS: dict[str, tuple[NameKind, ...]] = {
    "launches": ("brand", "model"),
    "stores": ("brand",),
    "prices": ("brand", "model"),
}
METRIC_COLUMNS = {
    "orders": ("metric", "could_be"),
    "stores": ("metric",),
    "metrics": ("part_of",),
    "identities": ("whole", "part", "other_part"),
}
CHAINS = {"orders": "superseded_by", "metrics": "part_of", "places": "part_of"}  # columns that name another row
TABLE_OF_KIND = {"launch": "launches", "event": "events", "claim": "claims", "place": "places"}
TEACHING = ("names", "metrics", "places", "identities")  # tables whose every row says what others may name
FIRST_BATCH, BATCH = 8, 500  # rows read at once
PARTS = 25  # of those, read one after the other where a row cannot be read
NumberedTexts = tuple[int, Sequence[str]]


class Sheet(Struct, frozen=True):
    """One table as text: header and rows, with the number that a spreadsheet shows for each row.

    The rows may raise ``Malformed``. ``unescape`` turns the text of a cell into what it says.
    """

    table: str
    header: list[str]
    rows: Iterable[NumberedTexts]
    unescape: Callable[[str], str] = str
    header_row: int = 1

    def values(self, texts: Sequence[str]) -> dict[str, str]:
        """What the cells of a row say, by column."""
        return {name: self.unescape(text.strip()).strip() for name, text in zip(self.header, texts, strict=True)}


class Malformed(ValueError):
    """A table that cannot be read on from a row."""

    def __init__(self, row: int, expected: Message) -> None:
        super().__init__(expected)
        self.row, self.expected = row, expected


class TakeRows(Protocol):
    """What is done with rows that are right: their table, numbers and cells, and the rows themselves, made if used."""

    def __call__(
        self, table: str, numbers: Sequence[int], cells: Sequence[tuple[str, ...]], rows: Iterable[Row], /
    ) -> object: ...


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

    def __init__(self, take: TakeRows, *, adds_names: bool = False) -> None:
        self.problems: list[Problem] = []
        self.new_names: list[Name] = []
        self.counts: dict[str, int] = {}
        self._reported: Counter[str] = Counter()
        self._take, self._adds_names = take, adds_names
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {"brand": {EVERY}, "model": {EVERY}}
        self._things = NamedThings()
        self._metrics, self._store_metrics = set(BUILT_IN), set(STORE_METRICS)
        self._letters: dict[str, dict[str, str]] = {}
        self._later: list[Reference] = []
        self._kinds: dict[str, MetricKind] = {metric.id: metric.kind for metric in BUILT_IN.values()}
        self._chains: dict[str, dict[str, tuple[str, int]]] = {table: {} for table in CHAINS}

    def report(
        self,
        table: str,
        expected: Message,
        *,
        row: int | None = None,
        column: str | None = None,
        found: str = "",
        likely: str = "",
    ) -> None:
        """Note a problem; ``likely`` is what the cell was probably meant to say."""
        if self._has_most(table):
            return
        self._reported[table] += 1
        self.problems.append(Problem(table, row, column, self.letter(table, column), found, expected, likely))

    def _has_most(self, table: str) -> bool:
        """Whether no more problems of a table are shown; it is read on, as tables before it may name what it has."""
        if not self.problems:
            return False
        up_to_it = list(TABLES)[: list(TABLES).index(table) + 1] if table in TABLES else ()
        return sum(self._reported[one] for one in (*up_to_it, DESCRIPTOR)) >= MOST_PROBLEMS

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
                self._check_cells(sheet)
        except Malformed as malformed:
            self.report(sheet.table, malformed.expected, row=malformed.row)
            self._ids.pop(sheet.table, None)

    def keep(self, table: str, rows: Iterable[tuple[int, Row]]) -> None:
        """Take rows of a table that stay as they are: they were checked before, and have the numbers of an export."""
        if table not in self._letters:
            self._letters[table] = {name: column_letter(i) for i, name in enumerate(columns(TABLES[table]))}
        if table not in self._ids:
            self._begin(table)
        adds_names, self._adds_names = self._adds_names, False  # a name that stood and was taken away is missed
        for number, row in rows:
            self._ids[table].add(row.id)
            self._follow(table, number, row)
        self._adds_names = adds_names

    def finish(self, name: str) -> None:
        """Check what could not be checked before. Raises ``PackRefused`` with every problem, if there is one."""
        for later in self._later:
            if later.to in self._ids:
                self._check_reference(later)
        self._check_chains()
        if self.problems:
            refused = PackRefused(sorted(self.problems, key=_place)[:MOST_PROBLEMS], name)
            refused.rows = dict(self.counts)
            raise refused

    # the form of a table

    def _header_fits(self, sheet: Sheet, model: type[Row]) -> bool:
        infos, row = columns(model), sheet.header_row
        before = len(self.problems)
        likely = {name: likely_column(sheet.table, name) for name in sheet.header if name and name not in infos}
        likely = {name: column for name, column in likely.items() if column and column not in sheet.header}
        missing = [name for name, info in infos.items() if info.is_required and name not in sheet.header]
        missing = [name for name in missing if name not in likely.values()]
        if missing:
            key = "column_missing" if len(missing) == 1 else "columns_missing"
            self.report(sheet.table, message(key, columns=tuple(missing)), row=row)
        for i, name in enumerate(sheet.header):
            if name in infos and name in sheet.header[:i]:
                self.report(sheet.table, message("column_twice", column=name), row=row, column=name, found=name)
            elif column := likely.get(name):
                self.report(sheet.table, message("likely_column", column=column), row=row, column=name, found=name)
        unknown = [name for name in dict.fromkeys(sheet.header) if name not in infos and not likely.get(name)]
        if len(unknown) == 1:
            expected = message("unknown_column", words=tuple(infos))
            self.report(sheet.table, expected, row=row, column=unknown[0], found=unknown[0])
        elif unknown:
            self.report(sheet.table, message("unknown_columns", names=tuple(unknown), words=tuple(infos)), row=row)
        return len(self.problems) == before

    def _begin(self, table: str) -> None:
        self._ids[table] = set()
        infos = columns(TABLES[table])
        self._is_keyed = "id" in infos and infos["id"].column.primary
        self._references = [(name, info.column) for name, info in infos.items() if info.column.refers]
        self._named_columns = NAMED_COLUMNS.get(table, ())
        self._metric_columns = METRIC_COLUMNS.get(table, ())
        read = list(TABLES)[: list(TABLES).index(table) + 1]
        assert all(column.refers in read for _, column in self._references)  # so what is known to be right stays so
        own = [(name, column) for name, column in self._references if column.refers == table]
        self._own = [(list(infos).index(name), name, column) for name, column in own]
        linked = (*(name for name, _ in self._references), *self._metric_columns, *self._named_columns)
        self._linked = tuple(name for name in linked if infos[name].column.refers != table)
        self._store_metrics = set(STORE_METRICS) | (self._metrics - set(BUILT_IN))

    # the rows

    def _check_rows(self, sheet: Sheet) -> None:
        table, model = sheet.table, TABLES[sheet.table]
        reader = TableReader(model, sheet.header, sheet.unescape)
        known = KnownRows(model, self._linked)
        for some in _batches(sheet.rows):
            self.counts[table] = self.counts.get(table, 0) + len(some)
            self._check_some(sheet, reader, known, some)

    def _check_some(self, sheet: Sheet, reader: TableReader, known: KnownRows, some: Sequence[NumberedTexts]) -> None:
        """Check some rows at once; fewer at once where one of them cannot be read."""
        numbers, rows = zip(*some, strict=True)
        try:
            texts = reader.columns(rows)
            cells = reader.cells(texts)
        except ValueError:
            self._check_fewer(sheet, reader, known, some)
            return
        said, records = known.said(texts), list(zip(*cells.values(), strict=True))
        apart = self._apart(sheet.table, cells, known.unlike(said))
        start, right = 0, []
        for place, row in zip((*apart, len(some)), (*reader.rows(texts, apart), None), strict=True):
            if start < place:
                self._take_known(sheet.table, numbers[start:place], records[start:place])
            if row is not None and self._check_row(sheet, some[place], row, records[place]):
                right.append(place)
            start = place + 1
        known.learn(said, right)

    def _check_fewer(self, sheet: Sheet, reader: TableReader, known: KnownRows, some: Sequence[NumberedTexts]) -> None:
        if len(some) == 1:
            self._check_faulty_row(sheet, *some[0])
            return
        size = max(len(some) // PARTS, 1)
        for start in range(0, len(some), size):
            self._check_some(sheet, reader, known, some[start : start + size])

    def _apart(self, table: str, cells: Texts, unlike: Iterable[int]) -> Sequence[int]:
        """The places of the rows that are checked by themselves."""
        if table in TEACHING:
            return range(len(next(iter(cells.values()))))
        ids = cells["id"]
        is_new = len(set(ids)) == len(ids) and self._ids[table].isdisjoint(ids)
        return sorted(unlike) if is_new else range(len(ids))

    def _take_known(self, table: str, numbers: Sequence[int], cells: Sequence[tuple[str, ...]]) -> None:
        """Hand on rows that need no look of their own."""
        self._ids[table].update([record[0] for record in cells])
        for place, name, column in self._own:
            for number, record in zip(numbers, cells, strict=True):
                if to := record[place]:
                    self._check_ids(table, number, name, column, to)
                    self._note_chain(table, number, record[0], to)
        if not self.problems:
            self._take(table, numbers, cells, map(row_loader(TABLES[table]), cells))

    def _check_row(self, sheet: Sheet, numbered: NumberedTexts, row: Row, cells: tuple[str, ...]) -> bool:
        """Check a row by itself; whether it is known that nothing is wrong with it."""
        before, (number, texts) = len(self.problems), numbered
        if faults := self._faults(sheet.table, row):
            self._report_cells(sheet, number, texts, faults)
        self._follow(sheet.table, number, row, cells)
        return len(self.problems) == before and not self._has_most(sheet.table)

    def _check_cells(self, sheet: Sheet) -> None:
        """Check each cell by itself, of a table whose columns are not those that it should have."""
        infos = columns(TABLES[sheet.table])
        header = [name if name in infos else likely_column(sheet.table, name) or name for name in sheet.header]
        self._letters[sheet.table] |= {name: column_letter(i) for i, name in enumerate(header)}
        renamed = Sheet(sheet.table, header, (), sheet.unescape)
        for number, texts in sheet.rows:
            if self._has_most(sheet.table) or len(texts) != len(header):
                continue  # to the end, as a malformed row is reported as well
            values = {name: text for name, text in renamed.values(texts).items() if text and name in infos}
            _, faults = _explained(TABLES[sheet.table], values)
            self._report_cells(
                renamed, number, texts, {name: expected for name, expected in faults.items() if name in values}
            )

    def _check_faulty_row(self, sheet: Sheet, number: int, texts: Sequence[str]) -> None:
        """Report a row with a cell that cannot be read; a blank row is no row."""
        if not any(text.strip() for text in texts):
            return
        if len(texts) != len(sheet.header):
            expected = message("cells_as_header", count=len(sheet.header), found=len(texts))
            self.report(sheet.table, expected, row=number)
            return
        values = {name: text for name, text in sheet.values(texts).items() if text}
        if self._is_remark(sheet.table, values):
            words = ", ".join(values.values())
            self.report(sheet.table, message("no_row", words=words[:LONGEST_REMARK]), row=number)
            return
        if self._has_most(sheet.table):
            self._ids[sheet.table].add(values.get("id", ""))
            return
        row, faults = _explained(TABLES[sheet.table], values)
        if row is not None:
            more = self._faults(sheet.table, row)
        else:
            more = self._partial_faults(sheet.table, number, values, faults)
        faults |= {column: expected for column, expected in more.items() if column not in faults}
        self._report_cells(sheet, number, texts, faults)
        if row is not None:
            self._follow(sheet.table, number, row)
        elif sheet.table == "names":
            self._add_name(values.get("kind", ""), values.get("name", ""), values.get("id", ""))
        elif sheet.table == "metrics":
            self._metrics.add(values.get("id", ""))

    def _is_remark(self, table: str, values: dict[str, str]) -> bool:
        """Whether a row is a total or a note below the table: it has less than half of what a row needs."""
        needed = [name for name, info in columns(TABLES[table]).items() if info.is_required]
        filled = sum(name in values for name in needed)
        return len(needed) > 2 and filled * 2 < len(needed) and not has_meaning(ID, values.get("id", ""))

    def _partial_faults(
        self, table: str, number: int, values: dict[str, str], faults: dict[str, Message]
    ) -> dict[str, Message]:
        """What else is wrong with a row that has cells which cannot be read: between the others, and what they name."""
        found: dict[str, Message] = {}
        if self._is_repeated(table, values.get("id", "")):
            found["id"] = message("repeated_id")
        row = partial_row(TABLES[table], {name: text for name, text in values.items() if name not in faults})
        unsure = {name for together in TOGETHER if together & faults.keys() for name in together}
        for column, expected in (*row.faults(), *self._kind_faults(table, row)):
            if column in values and column not in unsure:
                found.setdefault(column, expected)
        if table not in ("names", "metrics", "places", "identities"):
            self._check_names(table, number, row, given=values.keys() - faults.keys())
        return found

    def _report_cells(self, sheet: Sheet, number: int, texts: Sequence[str], faults: dict[str, Message]) -> None:
        if self._has_most(sheet.table):
            return  # before it is worked out what was probably meant
        values, infos = sheet.values(texts), columns(TABLES[sheet.table])
        for column, expected in faults.items():
            text, likely = values.get(column, ""), ""
            if text and not has_meaning(infos[column], text):
                likely = suggestion(infos[column], text)
                if infos[column].cell.name == "time" and (quarter := quarter_of(text)):
                    expected = message("quarter", first=quarter[0], after=quarter[1], span=likely)
            self.report(sheet.table, expected, row=number, column=column, found=text, likely=likely)

    def _faults(self, table: str, row: Row) -> dict[str, Message]:
        """At most one fault a cell: what is wrong between the cells of a row, or with its id among the others."""
        faults: dict[str, Message] = {}
        for column, expected in (*row.faults(), *self._kind_faults(table, row)):
            faults.setdefault(column, expected)
        if self._is_repeated(table, row.id):
            faults.setdefault("id", message("repeated_id"))
        return faults

    def _kind_faults(self, table: str, row: Any) -> Iterable[tuple[str, Message]]:
        """What the kind of a row's metric forbids."""
        if table in ("orders", "stores"):
            kind = self._kinds.get(row.metric)
            return () if kind is None else kind_faults(kind, row)
        if table == "metrics" and row.id in BUILT_IN and row.kind != BUILT_IN[row.id].kind:
            return [("kind", message("kind_of_built_in", metric=row.id, kind=BUILT_IN[row.id].kind))]
        return ()

    def _is_repeated(self, table: str, id: str) -> bool:
        known = self._ids[table]
        is_repeated = self._is_keyed and id in known
        known.add(id)
        return is_repeated

    def _follow(self, table: str, number: int, row: Row, cells: tuple[str, ...] = ()) -> None:
        """Note what a row names, and hand it on."""
        self._check_names(table, number, row)
        if not self.problems:
            self._take(table, (number,), (cells,) if cells else (), (row,))

    # what a row names

    def _check_names(self, table: str, number: int, row: Any, given: Collection[str] | None = None) -> None:
        """Check what a row names; of a row that is not whole only the columns ``given``."""
        for name, column in self._references:
            if given is None or name in given:
                self._check_ids(table, number, name, column, getattr(row, name))
        if table == "names":
            self._check_name(number, row)
        elif table == "metrics":
            self._metrics.add(row.id)
            self._kinds.setdefault(row.id, row.kind)
        if (chained := CHAINS.get(table)) and (to := getattr(row, chained)):
            self._note_chain(table, number, row.id, to)
        for name in self._metric_columns if table != "metrics" else ():
            if value := getattr(row, name):
                self._check_metric(table, number, name, value)
        for name in self._named_columns if "names" in self._ids else ():
            value = getattr(row, name)
            if value and name_key(value) not in self._names[name]:
                self._take_new_name(table, number, name, value)
            elif value:
                self._check_is_one(table, number, name, value, row)

    def _note_chain(self, table: str, number: int, id: str, to: str) -> None:
        """Note that a row names another one of its table, which may lead back to it."""
        if table in CHAINS:
            self._chains[table].setdefault(id, (to, number))

    def _check_ids(self, table: str, number: int, name: str, column: Column, value: Any) -> None:
        """Check the ids that a cell holds."""
        to = column.refers or ""
        if not value:
            if column.many:
                self.report(table, message("at_least_one_id", table=to), row=number, column=name)
            return
        ids = value if column.many else (value,)
        known = self._ids.get(to)
        if known is None or to == table:
            self._later.append(Reference(table, number, name, to, ids, message("id_of_table", table=to)))
        elif not known.issuperset(ids):
            self._check_reference(Reference(table, number, name, to, ids, message("id_of_table", table=to)))

    def _check_is_one(self, table: str, number: int, kind: NameKind, text: str, row: Any) -> None:
        """Check that a brand or model is not any of several that have the name."""
        ids = self._things.brands(text) if kind == "brand" else self._things.models(row.brand or "", text)
        if len(ids) > 1 and not (table == "launches" and kind == "model"):
            expected = message("name_of_several", kind=kind, ids=tuple(ids))
            self.report(table, expected, row=number, column=kind, found=text)

    def _take_new_name(self, table: str, number: int, kind: NameKind, name: str) -> None:
        """A brand or model that no name lists: it is added where the pack may gain names, else it is a problem."""
        id = id_like(name)
        if not self._adds_names or not id:
            self.report(table, message("known_name", kind=kind), row=number, column=kind, found=name)
            return
        self.new_names.append(Name(id=id, kind=kind, name=name))
        self._add_name(kind, name, id)

    def _check_name(self, number: int, row: Name) -> None:
        self._add_name(row.kind, row.name, row.id)
        table = TABLE_OF_KIND.get(row.kind)
        if table and not (table in TABLES and TABLES[table].is_optional):
            expected = message("id_of_kind", table=table, kind=row.kind)
            self._later.append(Reference("names", number, "id", table, (row.id,), expected))

    def _add_name(self, kind: str, name: str, id: str) -> None:
        self._names.setdefault(kind, set()).update((name_key(name), name_key(id)))
        if kind in ("brand", "model"):
            self._things.add(kind, name, id)

    def _check_metric(self, table: str, number: int, column: str, value: str | tuple[str, ...]) -> None:
        known = self._store_metrics if table == "stores" else self._metrics
        metrics = (value,) if isinstance(value, str) else value
        if column != "could_be" and known.issuperset(metrics):
            return
        wrong = [metric for metric in metrics if metric not in known or (column == "could_be" and metric == "unstated")]
        if wrong and not self._has_most(table):
            words = tuple(metric for metric in (*BUILT_IN, *sorted(self._metrics - set(BUILT_IN))) if metric in known)
            info = columns(TABLES[table])[column]
            likely = suggestion(info, ";".join(metrics), words)
            self.report(
                table, message("one_of", words=words), row=number, column=column, found=";".join(wrong), likely=likely
            )

    def _check_reference(self, reference: Reference) -> None:
        unknown = [id for id in reference.ids if id not in self._ids[reference.to]]
        if unknown and not self._has_most(reference.table):
            self.report(
                reference.table,
                reference.expected,
                row=reference.number,
                column=reference.column,
                found=";".join(unknown),
                likely=self._likely_ids(reference),
            )

    def _likely_ids(self, reference: Reference) -> str:
        """The ids that a cell was probably meant to name, where there are not too many to look through."""
        known = self._ids[reference.to]
        info = columns(TABLES[reference.table])[reference.column]
        return suggestion(info, ";".join(reference.ids), sorted(known)) if 0 < len(known) <= MOST_LIKELY else ""

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


def _batches(rows: Iterable[NumberedTexts]) -> Iterator[list[NumberedTexts]]:
    """The rows, some at a time; also those before one that is ``Malformed``."""
    left, malformed, size = iter(rows), None, FIRST_BATCH
    while malformed is None:
        some: list[NumberedTexts] = []
        size = min(2 * size, BATCH)  # of the first rows few are known
        try:
            some.extend(islice(left, size))  # what came before an error stays in the list
        except Malformed as error:
            malformed = error
        if some:
            yield some
        elif malformed is None:
            return
    raise malformed


def _place(problem: Problem) -> tuple[int, int, str]:
    tables = list(TABLES)
    order = tables.index(problem.table) if problem.table in tables else -1
    return order, problem.row or 0, problem.letter or ""


def _explained(model: type[Row], values: dict[str, str]) -> tuple[Row | None, dict[str, Message]]:
    from salesbot.packs.faulty_row import explained  # with pydantic, which only a faulty row needs

    return explained(model, values)
