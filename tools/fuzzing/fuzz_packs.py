"""Mutated packs: each is refused with a place for every problem, or is served and answers as any other.

A pack is mutated as tables (cells, rows, headers) and then as bytes; it comes in as a folder or as an upload.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from bot.discord_io.layout import Card
from bot.errors import error_card
from bot.moderation.cards import proposal_card
from salesbot.errors import PackRefused, Problem
from salesbot.facts import TABLES, columns
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.serving.prepared_changes import PreparedChange, prepare_upload
from salesbot.serving.served_packs import Proposal
from salesbot.settings import seed_pack
from salesbot.storage.snapshot import Snapshot
from tools.fuzzing.fuzz_lines import NASTY, WORDS, check, hidden, noise, one

Table = list[list[str]]
Tables = dict[str, Table]
Mutation = Callable[[Tables, random.Random], None]
FITTING = [
    "0",
    "1",
    "-1",
    "999999999999999",
    "0.000000001",
    "100%",
    "-100%",
    "1%",
    "0001",
    "9999-12-31",
    "1970-01-01",
    "2024-02-29",
    "1900-01-01T00:00+14:00",
    "2024-03-28T22:00-12:00/2024-03-28T23:00+14:00",
    "2024/2025",
    "not stated",
    "US, zone not named",
    "UTC",
    "Asia/Shanghai",
    "XTS",
    "yes",
    "no",
    "all",
    "https://b.example/(x)",
    "http://" + "b" * 900,
    "A",
    "D",
    "target",
    "denied",
    "rumour",
    "revised",
    "at_least",
    "at_most",
    "about",
    "exact",
    "s001",
    "su7",
    "",
    "=1+1",
    "'=x",
    "/orders total launch:su7",
    "/orders total launch:su7;/timeline events",
    ">=1;has x",
]
LINES = 6  # asked of every pack that is taken in


OPTIONAL: Tables = {
    "metrics": [
        ["test_drives", "test drive", "test drives", "", "trial runs", "count", "orders", ""],
        ["drive_rate", "drive rate", "", "", "", "rate", "", ""],
    ],
    "identities": [["test_drives", "orders", "drive_rate"]],
    "places": [["china", "China", "", "yes"], ["north", "the north", "china", ""], ["south", "the south", "china", ""]],
}  # rows of the tables that a pack may do without, as the seeds do


def seeds() -> Tables:
    """The seed pack as text, each table's header first; the tables that it does without have a few rows."""
    return {table: _seeded(table) for table in TABLES}


def _seeded(table: str) -> Table:
    path = seed_pack() / f"{table}.csv"
    if path.exists():
        return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    return [list(columns(TABLES[table])), *OPTIONAL[table]]


# tables


def any_cell(tables: Tables, chance: random.Random) -> tuple[Table, int, int]:
    """A table, and the place of one of its cells below the header."""
    table = tables[chance.choice([name for name in tables if len(tables[name]) > 1] or ["names"])]
    row = chance.randrange(min(1, len(table) - 1), len(table))
    return table, row, chance.randrange(max(1, len(table[row])))


def put(table: Table, row: int, column: int, text: str) -> None:
    table[row][column : column + 1] = [text]


def nasty_cell(tables: Tables, chance: random.Random) -> None:
    text = chance.choice(NASTY) if chance.random() < 0.8 else noise(chance, 3000)
    put(*any_cell(tables, chance), text)


def fitting_cell(tables: Tables, chance: random.Random) -> None:
    put(*any_cell(tables, chance), chance.choice(FITTING))


def cell_of_the_column(tables: Tables, chance: random.Random) -> None:
    """Another row's text of the same column: it fits, and says something else."""
    table, row, column = any_cell(tables, chance)
    other = chance.choice(table[1:] or table)
    put(table, row, column, other[column] if column < len(other) else "")


def decorated_cell(tables: Tables, chance: random.Random) -> None:
    """What stands there with something nasty that shows, as a moderator could write it."""
    table, row, column = any_cell(tables, chance)
    old = table[row][column] if column < len(table[row]) else ""
    put(table, row, column, f"{old} {chance.choice(NASTY)}"[:2000])


def swapped_cells(tables: Tables, chance: random.Random) -> None:
    (one_table, row, column), (other_table, other_row, other_column) = (
        any_cell(tables, chance),
        any_cell(tables, chance),
    )
    first, second = one_table[row][column : column + 1], other_table[other_row][other_column : other_column + 1]
    one_table[row][column : column + 1], other_table[other_row][other_column : other_column + 1] = second, first


def dropped_rows(tables: Tables, chance: random.Random) -> None:
    table, row, _ = any_cell(tables, chance)
    del table[row : row + chance.choice([1, 1, 1, 5, 1000])]


def doubled_row(tables: Tables, chance: random.Random) -> None:
    table, row, _ = any_cell(tables, chance)
    again = list(table[row])
    if chance.random() < 0.7 and again:
        again[0] = f"{again[0]}-{chance.randrange(9)}"[:40]
    table.insert(chance.randrange(1, len(table) + 1), again)


def shuffled_rows(tables: Tables, chance: random.Random) -> None:
    table = any_cell(tables, chance)[0]
    rows = table[1:]
    chance.shuffle(rows)
    table[1:] = rows


def changed_header(tables: Tables, chance: random.Random) -> None:
    header = any_cell(tables, chance)[0][0]
    at = chance.randrange(max(1, len(header)))
    names = [name for model in TABLES.values() for name in columns(model)]
    header[at : at + 1] = chance.choice(
        [[], ["", ""], [chance.choice(NASTY)], [chance.choice(names)], [header[0].upper()] if header else []]
    )


def moved_columns(tables: Tables, chance: random.Random) -> None:
    """The columns in another order, which changes nothing."""
    table = any_cell(tables, chance)[0]
    order = list(range(max(map(len, table), default=0)))
    chance.shuffle(order)
    table[:] = [[row[i] for i in order if i < len(row)] for row in table]


def renamed_id(tables: Tables, chance: random.Random) -> None:
    """An id renamed in one table only, so that others point at nothing."""
    table, row, _ = any_cell(tables, chance)
    put(
        table,
        row,
        0,
        chance.choice(["renamed", table[row][0].upper(), f"{table[row][0]}x"]) if table[row] else "renamed",
    )


def renamed_everywhere(tables: Tables, chance: random.Random) -> None:
    """An id renamed wherever it stands alone in a cell."""
    table, row, _ = any_cell(tables, chance)
    old, new = (table[row] or [""])[0], f"r{chance.randrange(10**6)}"
    for other in tables.values():
        other[1:] = [[new if cell == old else cell for cell in cells] for cells in other[1:]]


def many_sources(tables: Tables, chance: random.Random) -> None:
    ids = [cells[0] for cells in tables["sources"][1:] if cells] or ["s001"]
    table, row, _ = any_cell(tables, chance)
    if "sources" in table[0]:
        column = table[0].index("sources")
        put(table, row, min(column, len(table[row])), ";".join(chance.choices(ids, k=chance.choice([1, 20, 400]))))


def cut_or_longer_row(tables: Tables, chance: random.Random) -> None:
    table, row, column = any_cell(tables, chance)
    table[row] = (
        table[row][:column]
        if chance.random() < 0.5
        else [*table[row], *[chance.choice(NASTY)] * chance.choice([1, 100])]
    )


def emptied_table(tables: Tables, chance: random.Random) -> None:
    del any_cell(tables, chance)[0][1:]


MILD: tuple[Mutation, ...] = (
    fitting_cell,
    cell_of_the_column,
    cell_of_the_column,
    decorated_cell,
    decorated_cell,
    dropped_rows,
    doubled_row,
    shuffled_rows,
    moved_columns,
    renamed_everywhere,
    many_sources,
)
WILD: tuple[Mutation, ...] = (nasty_cell, swapped_cells, changed_header, renamed_id, cut_or_longer_row, emptied_table)


def mutated(tables: Tables, chance: random.Random) -> Tables:
    """The tables after a few mutations; two of three packs only with what may well be accepted."""
    found = {name: [list(row) for row in rows] for name, rows in tables.items()}
    for _ in range(chance.choice([1, 1, 2, 4, 12])):
        chance.choice(MILD if chance.random() < 0.8 else WILD)(found, chance)
    return found


# bytes


def written(table: Table, chance: random.Random) -> bytes:
    """A table as CSV of one of the usual kinds."""
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    csv.writer(text, lineterminator=chance.choice(["\n", "\r\n"]), quoting=quoting).writerows(table)
    return text.getvalue().encode("utf-8", "surrogatepass")


def broken(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one of the things that happen to files."""
    at = chance.randrange(len(data) + 1)
    how = chance.randrange(6)
    if how == 0:
        return data[:at]
    if how == 1:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if how == 2:
        return (
            data[:at]
            + chance.choice(
                [b"\xff\xfe", b"\xed\xa0\x80", b"\0", b'"', b"\r", b'"\n"', b"\xe2\x80\xae", b"\xef\xbb\xbf"]
            )
            + data[at:]
        )
    if how == 3:
        return data[at:] + data[:at]
    if how == 4:
        return data.decode("utf-8", "replace").encode(
            chance.choice(["utf-16", "gb18030", "latin-1", "utf-8-sig"]), "replace"
        )
    return bytes(byte if chance.random() > 0.001 else chance.randrange(256) for byte in data)


def maybe_broken(data: bytes, chance: random.Random, often: float = 0.03) -> bytes:
    return broken(data, chance) if chance.random() < often else data


# the two roads in


def one_pack(chance: random.Random, folder: Path, tables: Tables) -> str:
    """Take in one mutated pack folder and ask it; what became of it."""
    pack = folder / "pack"
    pack.mkdir(exist_ok=True)
    for name, table in mutated(tables, chance).items():
        (pack / f"{name}.csv").write_bytes(maybe_broken(written(table, chance), chance))
    try:
        path = ingest_folder(pack, folder / "snapshots")
    except PackRefused as refused:
        return refusal(refused)
    return asked(path, chance)


def one_upload(chance: random.Random, folder: Path, tables: Tables, live: Path) -> str:
    """Send one mutated upload as a moderator would and look at its card; what became of it."""
    kind, name, data = as_upload(mutated(tables, chance), chance)
    prepared = prepare_upload(
        name, maybe_broken(data, chance, 0.1), chance.random() < 0.5, None, live, folder / "snapshots"
    )
    if not isinstance(prepared, PreparedChange):
        return f"{kind} {refusal(prepared.error(name))}"
    for wants_confirmation in (True, False):
        proposal = Proposal.of("1", prepared, why="import")
        shown = proposal_card(proposal, WORDS, wants_confirmation=wants_confirmation)
        check(shown)
        shows(shown)
    return f"{kind} {asked(prepared.path, chance)}"


def as_upload(tables: Tables, chance: random.Random) -> tuple[str, str, bytes]:
    """Kind, name and bytes of an upload: one table, a zip of some, or a workbook of some."""
    some = {name: table for name, table in tables.items() if chance.random() < 0.7} or tables
    kind = chance.choice(["csv", "zip", "xlsx"])
    name = chance.choice([f"pack.{kind}", f"../{chance.choice(NASTY)[:100]}.{kind}"])
    if kind == "csv":
        table = chance.choice(list(some))
        return kind, chance.choice([f"{table}.csv", f"{table} (1).CSV", name]), written(some[table], chance)
    return kind, name, zipped(some, chance) if kind == "zip" else workbook(some)


def zipped(tables: Tables, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(
                chance.choice([f"{name}.csv", f"a/b/{name}.csv", f"{name}.csv"]),
                maybe_broken(written(table, chance), chance),
            )
    return buffer.getvalue()


def workbook(tables: Tables) -> bytes:
    """The tables as a workbook; formulas stay formulas, and what XML cannot hold is left out."""
    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(
                [
                    "".join(c for c in cell if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))[:32_000]
                    for cell in row
                ]
            )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# judging


def refusal(refused: PackRefused) -> str:
    """A refusal is right if every problem can be found and read, and its card can be sent."""
    assert refused.problems
    message = WORDS.error(refused).message
    assert message and not hidden(message), message
    for problem in refused.problems:
        readable(problem)
    shown = error_card(refused, WORDS)
    check(shown)
    shows(shown)
    return "refused"


def readable(problem: Problem) -> None:
    text = WORDS.problem(problem)
    assert problem.table, problem
    assert WORDS.message(problem.expected).strip(), problem
    assert not hidden(text) and "\n" not in text, text
    assert len(text) <= 1000, text


def shows(shown: Card) -> None:
    """The texts that go with a card are UTF-8 without anything that hides."""
    for name, data in shown.attached:
        assert not name.endswith(".txt") or not hidden(data.decode()), name


def asked(path: Path, chance: random.Random) -> str:
    """Ask a snapshot some lines."""
    snapshot = Snapshot(path)
    try:
        names = Names(snapshot)
        for _ in range(LINES):
            one(snapshot, names, chance)
    finally:
        snapshot.close()
    path.unlink()
    return "taken in"
