"""What a pack says, or everything that is wrong with it, each with its place.

A pack is a folder of CSV tables with a ``datapackage.json`` (Data Package v2). Reading one either
returns all its facts or raises ``PackRefused`` with every problem; nothing is taken in part.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from salesbot.errors import PackRefused, Problem
from salesbot.facts import TABLES, Column, Facts, Name, Row, cell
from salesbot.naming import name_key

DESCRIPTOR = "datapackage.json"
MOST_PROBLEMS = 1000
RUN = re.compile(r"'*[=+\-@\t\r]")  # how text begins that a spreadsheet would run, however often it was defused
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Sheet:
    """One table as text: header and rows, with the number that a spreadsheet shows for each row."""

    table: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


@dataclass
class Checked:
    """What was read so far: rows and where each stands, every id and name (also of faulty rows, so
    that one fault is one problem), and the problems."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    places: dict[str, list[int]] = field(default_factory=lambda: {table: [] for table in TABLES})
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=lambda: {"brand": {"all"}, "model": {"all"}})
    problems: list[Problem] = field(default_factory=list)

    def report(self, table: str, expected: str, *, row: int | None = None, column: str | None = None, found: str = "") -> None:
        letter = self.letters.get(table, {}).get(column) if column else None
        self.problems.append(Problem(table, row, column, letter, found, expected))


@dataclass(frozen=True)
class CheckedFacts:
    """Facts without a problem in them, and where each row stands, for what is checked later."""

    facts: Facts
    _checked: Checked

    def rows(self, table: str) -> list[int]:
        """The spreadsheet's number of each row of a table."""
        return self._checked.places[table]

    def letter(self, table: str, column: str) -> str | None:
        return self._checked.letters.get(table, {}).get(column)


def read(path: Path) -> Facts:
    """The facts of a pack folder. Raises ``PackRefused`` with all problems at once."""
    return checked(path).facts


def checked(path: Path) -> CheckedFacts:
    """The facts of a pack folder with their places. Raises ``PackRefused``."""
    if not path.is_dir():
        raise PackRefused([Problem(path.name, None, None, None, "", "a folder of CSV tables")], path.name)
    found = Checked()
    version = _version(path / DESCRIPTOR, found)
    sheets = [sheet for table in TABLES if (sheet := _csv_sheet(path, table, found)) is not None]
    return facts_of(sheets, found, version, path.name)


def facts_of(sheets: Iterable[Sheet], checked: Checked, version: str, name: str) -> CheckedFacts:
    """The facts of sheets that were read, if nothing at all is wrong with them."""
    for sheet in sheets:
        _check_sheet(sheet, checked)
    if len(checked.problems) < MOST_PROBLEMS:
        _check_references(checked)
    if checked.problems:
        raise PackRefused(sorted(checked.problems, key=_place)[:MOST_PROBLEMS], name)
    return CheckedFacts(Facts(version, **{table: tuple(rows) for table, rows in checked.rows.items()}), checked)  # type: ignore[arg-type]


def _place(problem: Problem) -> tuple[int, int, str]:
    tables = list(TABLES)
    order = tables.index(problem.table) if problem.table in tables else -1
    return order, problem.row or 0, problem.letter or ""


def _version(path: Path, checked: Checked) -> str:
    if not path.exists():
        return "0"
    try:
        descriptor = json.loads(path.read_text("utf-8"))
        version = descriptor.get("version", "0")
        if isinstance(version, str) and len(version) <= 40:
            return version
        checked.report(DESCRIPTOR, "a version of 40 characters at most, in quotes", found=str(version))
    except (OSError, ValueError, AttributeError) as error:
        checked.report(DESCRIPTOR, f"a Data Package descriptor in JSON ({error})")
    return "0"


def _csv_sheet(folder: Path, table: str, checked: Checked) -> Sheet | None:
    path = folder / f"{table}.csv"
    if not path.is_file():
        checked.report(table, f"a file {table}.csv (it may hold its header only)")
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        checked.report(table, "UTF-8 text; save the file as CSV UTF-8", row=_line_of(path, error.start))
        return None
    return csv_sheet(table, text, checked)


def _line_of(path: Path, offset: int) -> int:
    return path.read_bytes()[:offset].count(b"\n") + 1


def csv_sheet(table: str, text: str, checked: Checked) -> Sheet | None:
    """A table from CSV text; rows are numbered as a spreadsheet numbers them."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(enumerate(reader, 1))
    except csv.Error as error:
        checked.report(table, f"well-formed CSV ({error})", row=len(rows) + 1)
        return None
    if not rows:
        checked.report(table, "a header row", row=1)
        return None
    return Sheet(table, [name.strip() for name in rows[0][1]], [(number, [meant(text) for text in cells]) for number, cells in rows[1:]])


def defused(text: str) -> str:
    """A text as a spreadsheet will not run it: one ``'`` before ``=``, ``+``, ``-``, ``@``, tab or return."""
    return f"'{text}" if RUN.match(text) else text


def meant(text: str) -> str:
    """What a cell says: ``defused`` undone."""
    return text[1:] if text.startswith("'") and RUN.match(text) else text


def letter(index: int) -> str:
    """The letter over a spreadsheet's column: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _check_sheet(sheet: Sheet, checked: Checked) -> None:
    model = TABLES[sheet.table]
    checked.letters[sheet.table] = {name: letter(i) for i, name in enumerate(sheet.header)}
    if not _header_fits(sheet, model, checked):
        return
    checked.ids[sheet.table] = set()
    for number, cells in sheet.rows:
        if not any(text.strip() for text in cells):
            continue
        if len(cells) != len(sheet.header):
            checked.report(sheet.table, f"{len(sheet.header)} cells, as the header has, not {len(cells)}", row=number)
            continue
        values = {name: text for name, text in zip(sheet.header, map(str.strip, cells), strict=True) if text}
        _check_row(sheet.table, model, number, values, checked)
        if len(checked.problems) >= MOST_PROBLEMS:
            return


def _header_fits(sheet: Sheet, model: type[Row], checked: Checked) -> bool:
    columns = model.columns()
    before = len(checked.problems)
    for name, column in columns.items():
        if name not in sheet.header and not column.optional_column:
            checked.report(sheet.table, f"a column named {name}", row=1)
    for i, name in enumerate(sheet.header):
        if name not in columns:
            checked.report(sheet.table, f"one of {', '.join(columns)}", row=1, column=name, found=name)
        elif name in sheet.header[:i]:
            checked.report(sheet.table, f"the column {name} only once", row=1, column=name, found=name)
    return len(checked.problems) == before


def _check_row(table: str, model: type[Row], number: int, values: dict[str, str], checked: Checked) -> None:
    """At most one problem a cell; the row counts if it has none."""
    wrong = {column: "text without invisible or control characters" for column, text in values.items() if not is_printable(text)}
    try:
        row = model.model_validate(values)
        for column, expected in row.wrong():
            wrong.setdefault(column, expected)
    except ValidationError as error:
        row = None
        for fault in error.errors(include_url=False):
            column = str(fault["loc"][0])
            wrong.setdefault(column, _expected(fault, model, column))
    _register(table, model, values, wrong, checked)
    for column, expected in wrong.items():
        checked.report(table, expected, row=number, column=column, found=values.get(column, ""))
    if row is not None:
        checked.rows[table].append(row)
        checked.places[table].append(number)


def is_printable(text: str) -> bool:
    """Whether every character shows: no control, format, private or unassigned ones."""
    return (text.isascii() and text.isprintable()) or all(unicodedata.category(c)[0] != "C" for c in text)


def _register(table: str, model: type[Row], values: dict[str, str], wrong: dict[str, str], checked: Checked) -> None:
    """Note the row's id and name, whatever else is wrong with it."""
    id = values.get("id", "")
    if table == "names":
        keys = checked.names.setdefault(values.get("kind", ""), set())
        keys.update((name_key(values.get("name", "")), name_key(id)))
    if id in checked.ids[table] and model.columns()["id"].primary:
        wrong.setdefault("id", "an id that no other row has")
    checked.ids[table].add(id)


def _expected(fault: Any, model: type[Row], column: str) -> str:
    if fault["type"] == "missing":
        return f"a value; {model.columns()[column].says}"
    if fault["type"] == "literal_error":
        return f"one of {_words(fault['ctx']['expected'])}"
    if fault["type"] == "string_too_long":
        return f"{fault['ctx']['max_length']} characters at most"
    return str(fault["msg"]).removeprefix("Value error, ")


def _words(expected: str) -> str:
    return expected.replace("'", "")


def _check_references(checked: Checked) -> None:
    for table, model in TABLES.items():
        columns = {name: column for name, column in model.columns().items() if column.refers in checked.ids}
        for number, row in zip(checked.places[table], checked.rows[table], strict=True):
            for name, column in columns.items():
                _check_reference(table, row, number, name, column, checked)
    if "names" in checked.ids:
        _check_names(checked)


def _check_reference(table: str, row: Row, number: int, name: str, column: Column, checked: Checked) -> None:
    value = getattr(row, name)
    unknown = [id for id in (value if column.many else [value] if value else []) if id not in checked.ids[column.refers or ""]]
    if unknown:
        checked.report(table, f"an id of {column.refers}.csv", row=number, column=name, found=";".join(unknown))
    elif column.many and not value:
        checked.report(table, f"at least one id of {column.refers}.csv", row=number, column=name)


NAMED = {"launches": ("brand", "model"), "stores": ("brand",), "prices": ("brand", "model")}
THINGS = {"launch": "launches", "event": "events", "claim": "claims"}


def _check_names(checked: Checked) -> None:
    for number, row in zip(checked.places["names"], checked.rows["names"], strict=True):
        assert isinstance(row, Name)
        table = THINGS.get(row.kind)
        if table in checked.ids and row.id not in checked.ids[table]:
            checked.report("names", f"an id of {table}.csv, as the kind is {row.kind}", row=number, column="id", found=row.id)
    for table, columns in NAMED.items():
        for number, row in zip(checked.places[table], checked.rows[table], strict=True):
            for column in columns:
                value = getattr(row, column)
                if value and name_key(value) not in checked.names[column]:
                    checked.report(table, f"a {column} that names.csv knows, or all", row=number, column=column, found=value)


def content_hash(facts: Facts) -> str:
    """What the facts say as one SHA-256, whatever file they came from."""
    return facts.content


def descriptor(version: str) -> dict[str, Any]:
    """The ``datapackage.json`` of a pack, its schemas generated from the row models."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "salesbot-pack",
        "version": version,
        "resources": [_resource(model) for model in TABLES.values()],
    }


def _resource(model: type[Row]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": list(_fields(model)), "missingValues": [""]}
    if any(column.primary for column in model.columns().values()):
        schema["primaryKey"] = ["id"]
    keys = [
        {"fields": [name], "reference": {"resource": "" if column.refers == model.table else column.refers, "fields": ["id"]}}
        for name, column in model.columns().items()
        if column.refers and not column.many
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": model.table, "path": f"{model.table}.csv", "type": "table", "description": model.says,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip


def _fields(model: type[Row]) -> Iterator[dict[str, Any]]:
    kinds = model.cells()
    for name, column in model.columns().items():
        kind = kinds[name]
        described: dict[str, Any] = {"name": name, "type": kind.cell.type, "description": column.says}
        constraints: dict[str, Any] = {}
        if name in model.required():
            constraints["required"] = True
        if column.primary:
            constraints["unique"] = True
        if kind.words:
            constraints["enum"] = list(kind.words)
        if constraints:
            described["constraints"] = constraints
        if kind.cell.type == "number":
            described["bareNumber"] = False
        yield described


def cells(facts: Facts, table: str) -> Iterator[list[str]]:
    """The rows of a table as a spreadsheet may hold them: text defused, numbers as they are."""
    model = TABLES[table]
    columns = [(name, str if kind.cell.type == "number" else defused) for name, kind in model.cells().items()]
    for row in facts.rows(table):
        yield [safe(cell(getattr(row, name))) for name, safe in columns]


def write(facts: Facts, folder: Path) -> None:
    """The facts as a pack folder: one CSV a table, UTF-8 with LF, and the descriptor."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, model in TABLES.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(model.model_fields)
            writer.writerows(cells(facts, table))
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor(facts.version), indent=1, ensure_ascii=False) + "\n", "utf-8")
