"""A pack as a folder of CSV tables beside its descriptor: read row by row, and written."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TextIO

from salesbot.errors import PackRefused, Problem, message, unreadable
from salesbot.facts import DESCRIPTOR, TABLES, Facts, cell_text, columns
from salesbot.packs.cell_text import escaped, line_of_bad_byte, unescaped
from salesbot.packs.checks import Malformed, PackChecker, Sheet
from salesbot.packs.descriptor import Describe, descriptor

csv.field_size_limit(1_000_000)
LONGEST_VERSION = 40


def check_folder(folder: Path, checker: PackChecker) -> str:
    """Check every table of a pack folder, in pack order; returns its version. Raises ``PackRefused``."""
    if not folder.is_dir():
        problem = Problem(folder.name, None, None, None, "", message("pack_folder"))
        raise PackRefused([problem], folder.name)
    version = _version(folder, checker)
    for table in TABLES:
        path = folder / f"{table}.csv"
        try:
            _check_table(path, table, checker)
        except OSError as error:
            checker.report(table, unreadable(path, error))
    checker.finish(folder.name)
    return version


def _version(folder: Path, checker: PackChecker) -> str:
    """What a pack calls itself; ``0`` where it does not say."""
    path = folder / DESCRIPTOR
    if not path.exists():
        return "0"
    try:
        version = json.loads(path.read_text("utf-8")).get("version", "0")
    except (OSError, ValueError, AttributeError) as error:
        checker.report(DESCRIPTOR, message("descriptor_json", error=str(error)))
        return "0"
    if isinstance(version, str) and len(version) <= LONGEST_VERSION:
        return version
    checker.report(DESCRIPTOR, message("version", most=LONGEST_VERSION), found=str(version))
    return "0"


def _check_table(path: Path, table: str, checker: PackChecker) -> None:
    if not path.is_file():
        if not TABLES[table].is_optional:
            checker.report(table, message("file_missing", file=path.name))
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = _records(file, path)
        try:
            _, header = next(rows, (1, []))
        except Malformed as malformed:
            checker.report(table, malformed.expected, row=malformed.row)
            return
        if header:
            checker.check(Sheet(table, [name.strip() for name in header], rows, unescaped))
        else:
            checker.report(table, message("header_missing"), row=1)


def _records(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file, numbered as a spreadsheet numbers its rows. Raises ``Malformed``."""
    numbers = count(1)
    try:
        yield from zip(numbers, csv.reader(file, strict=True), strict=False)
    except UnicodeDecodeError:
        raise Malformed(line_of_bad_byte(path.read_bytes()), message("utf_8")) from None
    except csv.Error as error:
        raise Malformed(next(numbers) - 1, message("well_formed_csv", error=str(error))) from None


def written_columns(facts: Facts, table: str) -> list[str]:
    """The columns that a table is written with: one that came later only where a row fills it."""
    rows = facts.rows(table)
    return [
        name
        for name, info in columns(TABLES[table]).items()
        if not info.column.added or any(getattr(row, name) not in (None, ()) for row in rows)
    ]


def written_tables(facts: Facts) -> dict[str, list[str]]:
    """The tables that a pack is written with, and their columns: an optional table only where it has rows."""
    tables = (table for table, model in TABLES.items() if not model.is_optional or facts.rows(table))
    return {table: written_columns(facts, table) for table in tables}


def written_rows(facts: Facts, table: str) -> Iterator[list[str]]:
    """The rows of a table as a spreadsheet may hold them: text escaped, numbers as they are."""
    infos = columns(TABLES[table])
    safe = [(name, str if infos[name].cell.type == "number" else escaped) for name in written_columns(facts, table)]
    for row in facts.rows(table):
        yield [text(cell_text(getattr(row, name), type(row))) for name, text in safe]


def write_pack(facts: Facts, folder: Path, describe: Describe) -> None:
    """Write the facts as a pack folder: one CSV a table, UTF-8 with LF, and the descriptor."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = written_tables(facts)
    for table, names in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(written_rows(facts, table))
    text = json.dumps(descriptor(facts.version, describe, tables), indent=1, ensure_ascii=False)
    (folder / DESCRIPTOR).write_text(text + "\n", "utf-8")
