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
    from salesbot.storage.shared.sharing import Sharing

SECONDS_TO_READ = 15 * 60
MOST_WAITING, MOST_BYTES = 200, 64 << 20  # of all servers together
TABLES: dict[str, dict[str, type]] = {
    "mappings": {"key": str, "guild": int, "mapping": str},
    "waiting": {"token": str, "scope": str, "user": int, "until": float, "name": str, "data": bytes, "foreign": str},
}
STORE = "insert or replace into waiting values (?, ?, ?, ?, ?, ?, ?)"


class WaitingTable(Struct, frozen=True):
    """A table that a moderator uploaded, how it is read so far, and until when it waits (UTC seconds)."""

    scope: str
    user: int
    sent: SentFile
    table: ForeignTable
    until: float


class WaitingTables:
    """The tables that wait; they end with the process, and say so, unless processes share them.

    How they were read is stored.
    """

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._waiting: OrderedDict[str, WaitingTable] = OrderedDict()
        self._database = SmallDatabase(path, TABLES, sharing)

    def add(self, scope: str, user: int, sent: SentFile, table: ForeignTable) -> str:
        """Add a table; returns the token that its buttons carry. The oldest of very many go."""
        token = secrets.token_hex(8)
        self._put(token, WaitingTable(scope, user, sent, table, time.time() + SECONDS_TO_READ))
        while len(self._waiting) > MOST_WAITING or self._bytes() > MOST_BYTES:
            self._waiting.popitem(last=False)
        return token

    def map(self, token: str, mapping: Mapping) -> None:
        """Read a table otherwise."""
        if (waiting := self._find(token)) is not None:
            table = msgspec.structs.replace(waiting.table, mapping=mapping)
            self._put(token, msgspec.structs.replace(waiting, table=table))

    def _put(self, token: str, waiting: WaitingTable) -> None:
        if not self._database.is_shared:
            self._waiting[token] = waiting
            return
        self._database.write("delete from waiting where until < ?", [time.time()])
        sent, table = waiting.sent, msgspec.json.encode(waiting.table).decode()
        self._database.write(STORE, [token, waiting.scope, waiting.user, waiting.until, sent.name, sent.data, table])

    def _find(self, token: str) -> WaitingTable | None:
        if not self._database.is_shared:
            return self._waiting.get(token)
        row = self._database.row("select * from waiting where token = ?", [token])
        if row is None:
            return None
        from salesbot.editing.foreign.mapping import ForeignTable
        from salesbot.serving.served_packs import SentFile

        _, scope, user, until, name, data, table = row
        return WaitingTable(scope, user, SentFile(name, data), msgspec.json.decode(table, type=ForeignTable), until)

    def _bytes(self) -> int:
        return sum(len(one.sent.data) for one in self._waiting.values()) if len(self._waiting) > 1 else 0

    def of(self, token: str, user: int) -> WaitingTable:
        """The table of a token. Raises ``Refused`` if it is not theirs or no longer waits."""
        waiting = self._find(token)
        if waiting is None or waiting.until <= time.time():
            self._waiting.pop(token, None)
            raise Refused("table_gone")
        if waiting.user != user:
            raise Refused("proposal_of_other")
        return waiting

    def remove(self, token: str) -> None:
        """Remove a table, once it was read or given up."""
        self._waiting.pop(token, None)
        if self._database.is_shared:
            self._database.write("delete from waiting where token = ?", [token])

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
        self._database.write("delete from waiting where scope = ?", [str(guild)])

    def refresh(self) -> None:
        """See what other processes have changed. Raises ``Refused``."""
        self._database.refresh()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
