"""A foreign table from its bytes: how it is read, and its rows as edits of the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from salesbot.editing.foreign.mapping import ForeignTable, Mapping, Resolve, guess
from salesbot.editing.foreign.rows import ReadRows, RowMaker, sample_rows
from salesbot.editing.typed_rows import source_of
from salesbot.errors import Message, Notice, PackRefused, QuestionError, message
from salesbot.facts import Launch
from salesbot.facts.edits import RowEdits
from salesbot.packs.uploads.limits import refused
from salesbot.packs.uploads.raw_sheets import RawSheet, raw_sheets
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot, sql

MOST_TOLD = 8  # kinds of rows that were left out
LAUNCHES = sql("select * from launches order by rowid limit 5000", scans="launches")


def resolver(snapshot: Snapshot) -> Resolve:
    """A function from a name to the id that it names exactly, empty for none."""
    names, known = Names(snapshot), dict[tuple[str, str], str]()

    def resolve(kind: str, text: str) -> str:
        key = (kind, text)
        if key not in known:
            try:
                known[key] = names.resolve(kind, text) if text else ""
            except QuestionError:
                known[key] = ""
        return known[key]

    return resolve


def launches_of(snapshot: Snapshot) -> dict[str, Launch]:
    """The launches of the facts by their ids."""
    return {row.id: row for row in snapshot.select(Launch, LAUNCHES)}


def foreign_table(name: str, data: bytes, snapshot: Snapshot) -> ForeignTable | None:
    """How a table could be read; ``None`` where nothing like figures is found. Raises ``PackRefused``."""
    shown = name.replace("\\", "/").rpartition("/")[2]
    return guess(shown, raw_sheets(name, data), resolver(snapshot))


def sample_of(table: ForeignTable, snapshot: Snapshot) -> ReadRows:
    """The first rows of a table as they are read."""
    mapping = table.mapping
    if mapping.table == "orders" and not mapping.counting:
        mapping = replace(mapping, counting="new")
    rates = snapshot.vocabulary.of_kind("rate")
    return sample_rows(replace(table, mapping=mapping), launches_of(snapshot), resolver(snapshot), rates)


def table_edits(name: str, data: bytes, mapping: Mapping, snapshot: Snapshot) -> tuple[RowEdits, tuple[Notice, ...]]:
    """The rows of a table as edits, and the rows that were left out. Raises ``PackRefused``."""
    found = guess(name, raw_sheets(name, data), resolver(snapshot))
    sheet = next((one for one in raw_sheets(name, data) if one.title == mapping.sheet), None)
    if found is None or sheet is None:
        raise refused(name, "table_not_found")
    rates = snapshot.vocabulary.of_kind("rate")
    read = RowMaker(found.names, mapping, launches_of(snapshot), resolver(snapshot), rates).read(sheet)
    if read.problems:
        raise PackRefused(read.problems, name)
    if not read.rows:
        raise refused(name, "table_without_rows")
    rows, sources = _with_sources(read.rows, snapshot, name)
    return RowEdits({"sources": sources, mapping.table: rows}), tuple(_left_out(read, mapping, sheet))


def _with_sources(
    rows: Sequence[dict[str, str]], snapshot: Snapshot, name: str
) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, str], ...]]:
    """The rows with the ids of their sources, and the sources that are new."""
    ids: dict[str, str] = {}
    new: dict[str, dict[str, str]] = {}
    for text in dict.fromkeys(row.get("sources", "") for row in rows):
        try:
            id, cells = source_of(text, snapshot)
        except QuestionError:
            raise refused(name, "table_source", found=text[:60]) from None
        number = 1
        while id in new and new[id].get("url") != text:
            number += 1
            id = f"{id.rsplit('-', 1)[0] if number > 2 else id}-{number}"
        ids[text] = id
        if cells:
            new[id] = {**cells[0], "id": id}
    return tuple({**row, "sources": ids[row.get("sources", "")]} for row in rows), tuple(new.values())


def _left_out(read: ReadRows, mapping: Mapping, sheet: RawSheet) -> list[Notice]:
    kinds: Counter[Message] = Counter(said for _, said in read.left_out)
    place = sheet.title or mapping.table
    told = [
        Notice(place, None, None, None, message("left_out", count=count, why=said))
        for said, count in kinds.most_common(MOST_TOLD)
    ]
    if mapping.scale != "1":
        told.append(Notice(place, None, None, None, message("multiplied", scale=mapping.scale)))
    return told
