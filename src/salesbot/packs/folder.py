"""A pack as a folder of CSV tables beside its descriptor: read row by row, written, and known again by its bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from salesbot.errors import PackRefused, Problem
from salesbot.facts import DESCRIPTOR, TABLES, Facts, cell
from salesbot.packs.cell_text import defused, meant
from salesbot.packs.checks import Checking, Malformed, Sheet
from salesbot.packs.descriptor import descriptor

csv.field_size_limit(1_000_000)


def _version(folder: Path, checking: Checking) -> str:
    """What a pack calls itself; ``0`` where it does not say."""
    path = folder / DESCRIPTOR
    if not path.exists():
        return "0"
    try:
        version = json.loads(path.read_text("utf-8")).get("version", "0")
    except (OSError, ValueError, AttributeError) as error:
        checking.report(DESCRIPTOR, f"a Data Package descriptor in JSON ({error})")
        return "0"
    if isinstance(version, str) and len(version) <= 40:
        return version
    checking.report(DESCRIPTOR, "a version of 40 characters at most, in quotes", found=str(version))
    return "0"


def check_folder(folder: Path, checking: Checking) -> str:
    """Every table of a pack folder, in pack order; returns its version. Raises ``PackRefused`` with every problem."""
    if not folder.is_dir():
        raise PackRefused([Problem(folder.name, None, None, None, "", "a folder of CSV tables")], folder.name)
    version = _version(folder, checking)
    _check_tables(folder, checking)
    checking.finish(folder.name)
    return version


def _check_tables(folder: Path, checking: Checking) -> None:
    """Every table, row by row."""
    for table in TABLES:
        path = folder / f"{table}.csv"
        if not path.is_file():
            checking.report(table, f"a file {table}.csv (it may hold its header only)")
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _rows(file, path)
            try:
                _, header = next(rows, (1, []))
            except Malformed as malformed:
                checking.report(table, malformed.expected, row=malformed.row)
                continue
            if header:
                checking.sheet(Sheet(table, [name.strip() for name in header], rows, meant))
            else:
                checking.report(table, "a header row", row=1)


def _rows(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Its records, numbered as a spreadsheet numbers its rows. Raises ``Malformed``."""
    number = 0
    try:
        for number, texts in enumerate(csv.reader(file, strict=True), 1):
            yield number, texts
    except UnicodeDecodeError:
        raise Malformed(_row_of_bad_byte(path), "UTF-8 text; save the file as CSV UTF-8") from None
    except csv.Error as error:
        raise Malformed(number + 1, f"well-formed CSV ({error})") from None


def _row_of_bad_byte(path: Path) -> int:
    data = path.read_bytes()
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


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
