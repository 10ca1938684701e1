"""Foreign tables that wait for what they do not say, and how tables of each shape were read before."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from salesbot.errors import Refused
from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.editing.foreign.mapping import ForeignTable, Mapping
    from salesbot.serving.served_packs import SentFile

SECONDS_TO_READ = 15 * 60
MOST_WAITING, MOST_BYTES = 200, 64 << 20  # of all servers together
TABLES = {"mappings": {"key": str, "guild": int, "mapping": str}}


class WaitingTable(Struct):
    """A table that a moderator uploaded, how it is read so far, and until when it waits (UTC seconds)."""

    scope: str
    user: int
    sent: SentFile
    table: ForeignTable
    until: float


class WaitingTables:
    """The tables that wait; they end with the process, and say so. How they were read is stored."""

    def __init__(self, path: Path) -> None:
        self._waiting: OrderedDict[str, WaitingTable] = OrderedDict()
        self._database = SmallDatabase(path, TABLES)

    def add(self, scope: str, user: int, sent: SentFile, table: ForeignTable) -> str:
        """Add a table; returns the token that its buttons carry. The oldest of very many go."""
        token = secrets.token_hex(8)
        self._waiting[token] = WaitingTable(scope, user, sent, table, time.time() + SECONDS_TO_READ)
        while len(self._waiting) > MOST_WAITING or self._bytes() > MOST_BYTES:
            self._waiting.popitem(last=False)
        return token

    def _bytes(self) -> int:
        return sum(len(one.sent.data) for one in self._waiting.values()) if len(self._waiting) > 1 else 0

    def of(self, token: str, user: int) -> WaitingTable:
        """The table of a token. Raises ``Refused`` if it is not theirs or no longer waits."""
        waiting = self._waiting.get(token)
        if waiting is None or waiting.until <= time.time():
            self._waiting.pop(token, None)
            raise Refused("table_gone")
        if waiting.user != user:
            raise Refused("proposal_of_other")
        return waiting

    def remove(self, token: str) -> None:
        """Remove a table, once it was read or given up."""
        self._waiting.pop(token, None)

    # how tables were read

    def remember(self, scope: str, table: ForeignTable) -> None:
        """Store how a table was read, for the next one of its shape."""
        mapping = msgspec.json.encode(table.mapping).decode()
        values = [f"{scope}:{table.shape}", int(scope), mapping]
        self._database.write("insert or replace into mappings (key, guild, mapping) values (?, ?, ?)", values)

    def as_before(self, scope: str, table: ForeignTable) -> ForeignTable:
        """The table as the last one of its shape was read, if there was one; its header and sheet are its own."""
        from salesbot.editing.foreign.mapping import Mapping

        query = "select mapping from mappings where key = ?"
        row = self._database.row(query, [f"{scope}:{table.shape}"])
        if row is None:
            return table
        try:
            before: Mapping = msgspec.json.decode(row[0], type=Mapping)
        except msgspec.MsgspecError:
            return table
        own = table.mapping
        figures = own.figures if before.headers_are == "periods" else before.figures
        mapping = msgspec.structs.replace(
            before, sheet=own.sheet, header_row=own.header_row, figures=figures, source=own.source
        )
        return msgspec.structs.replace(table, mapping=mapping)

    def erase(self, guild: int) -> None:
        """Forget how the tables of a server were read."""
        self._database.write("delete from mappings where guild = ?", [guild])

    def close(self) -> None:
        """Close the file."""
        self._database.close()
