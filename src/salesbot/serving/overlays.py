"""A server's facts over the shared pack: only its own rows are its own, every other follows the shared pack.

Three packs are compared: the shared one that the server's was made on, the server's, and the shared one of now. What
the server added, changed or removed stays so; every other row is as it is in the shared pack now.
"""

from __future__ import annotations

from typing import Any

from salesbot.facts import TABLES, Facts, Row, columns
from salesbot.facts.rows import Key

MOST_CONFLICTS = 50
Rows = dict[Key, Row]


def rebased(base: Facts, own: Facts, shared: Facts) -> tuple[Facts, tuple[str, ...]]:
    """A server's facts on another shared pack, and the rows that both have changed; the server's own count.

    A row that the shared pack gave up stays where a row of the server's own refers to it.
    """
    tables: dict[str, Rows] = {}
    conflicts: list[str] = []
    for table in TABLES:
        sides = [{row.key: row for row in facts.rows(table)} for facts in (base, own, shared)]
        tables[table] = _merged(*sides)
        conflicts += [f"{table} {' '.join(key)}" for key in _conflicts(*sides)]
    _keep_what_is_named(tables, own)
    rows: dict[str, Any] = {table: tuple(found.values()) for table, found in tables.items()}
    return Facts(version=shared.version, **rows), tuple(conflicts[:MOST_CONFLICTS])


def _merged(base: Rows, own: Rows, shared: Rows) -> Rows:
    found: Rows = {}
    for key, row in shared.items():
        if key in own:
            is_untouched = key in base and own[key] == base[key]
            found[key] = row if is_untouched else own[key]
        elif key not in base:
            found[key] = row
    for key, row in own.items():
        if key not in shared and base.get(key) != row:
            found[key] = row
    return found


def _conflicts(base: Rows, own: Rows, shared: Rows) -> list[Key]:
    """The rows that both sides changed, and not to the same."""
    keys = dict.fromkeys((*base, *own, *shared))
    return [
        key
        for key in keys
        if own.get(key) != base.get(key) and shared.get(key) != base.get(key) and own.get(key) != shared.get(key)
    ]


def _keep_what_is_named(tables: dict[str, Rows], own: Facts) -> None:
    """Rows that others refer to, and the names of brands and models, stay with them."""
    known = {table: {row.id: row for row in own.rows(table)} for table in TABLES}
    waiting = [row for rows in tables.values() for row in rows.values()]
    ids = {table: {row.id for row in rows.values()} for table, rows in tables.items()}
    while waiting:
        row = waiting.pop()
        for name, info in columns(type(row)).items():
            to = info.column.refers
            value = getattr(row, name) if to else None
            for id in value if isinstance(value, tuple) else (value,) if value else ():
                if to and id not in ids[to] and id in known[to]:
                    kept = known[to][id]
                    tables[to][kept.key] = kept
                    ids[to].add(id)
                    waiting.append(kept)
    for alias in own.names:
        if alias.kind in ("brand", "model") and alias.id not in ids["names"]:
            tables["names"].setdefault(alias.key, alias)
