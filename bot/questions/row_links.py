"""Links from the working of an answer to the rows behind it, where the operator shows the facts in a browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from salesbot.storage.catalog import SHARED
from salesbot.storage.snapshot import Snapshot, sql

TABLES = {
    table: sql(f"select 1 from {table} where id = :id") for table in ("orders", "prices", "stores", "events", "claims")
}
SOURCES = "sources"
RowLink = Callable[[str, str], str | None]


def no_link(table: str, id: str) -> str | None:
    """Nothing is linked."""
    return None


def row_link(address: str | None, scope: str, snapshot: Snapshot) -> RowLink:
    """A function from a table, or ``""`` for that of a fact, and an id to the address of the row, if it has one.

    A server's own rows are not in what the operator shows, so only answers from the shared facts are linked.
    """
    if not address or scope != SHARED:
        return no_link

    def link(table: str, id: str) -> str | None:
        found = table or next((name for name, query in TABLES.items() if id and snapshot.values(query, id=id)), "")
        return f"{address.rstrip('/')}/{found}/{_coded(id)}" if found else None

    return link


def _coded(id: str) -> str:
    """An id as Datasette writes it in an address."""
    return quote(id, safe="").replace("%", "~")
