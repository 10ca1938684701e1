"""Snapshots of earlier releases, rebuilt in the layout of this one."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from salesbot.facts import TABLES, Facts, columns
from salesbot.storage.snapshot import BUILDING
from salesbot.storage.snapshot_writer import write_snapshot


def rebuild(path: Path, to: Path) -> None:
    """Write the facts of a snapshot of any layout again in today's.

    Tables and columns that its layout did not have are blank.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        meta = dict(connection.execute("select key, value from meta"))
        tables = {table: _rows(table, meta, connection) for table in TABLES}
    facts = Facts(version=meta["version"], **tables)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=BUILDING) as aside:
        write_snapshot(facts, Path(aside)).replace(to)


def _rows(table: str, meta: dict[str, str], connection: sqlite3.Connection) -> Any:
    model = TABLES[table]
    infos = columns(model)
    present = {name for _, name, *_ in connection.execute(f"pragma table_info([{table}])")}
    names = [name for name in infos if name in present]
    count = int(meta.get(f"rows.{table}", 0))
    if not names or not count:
        return ()
    listed = ", ".join(f"[{name}]" for name in names)
    rows = connection.execute(f"select {listed} from [{table}] order by rowid limit {count}")
    return tuple(model(**_values(infos, names, row)) for row in rows)


def _values(infos: dict[str, Any], names: list[str], row: tuple[str | None, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in zip(names, row, strict=True):
        info = infos[name]
        values[name] = info.default if text is None else info.cell.load(text) if info.cell.load else text
    return values
