"""What members suggest, until a moderator accepts or dismisses it; who suggested it is not stored."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from salesbot.errors import Refused
from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

TABLES = {
    "suggestions": {
        "id": str,
        "guild": int,
        "line": str,
        "row": str,
        "value": str,
        "link": str,
        "text": str,
        "at": int,
        "channel": int,
        "message": int,
    }
}
COLUMNS = ", ".join(TABLES["suggestions"])
DAYS_KEPT = 90
MOST_A_SERVER = 500
TEMPLATE = re.compile(r"v1suggest:(?P<word>accept|edit|dismiss):(?P<id>[0-9a-f]{16})")


class Suggestion(Struct, frozen=True):
    """A suggestion: the line it is about, the row as ``table/id`` if it is of one, its value, a link and words."""

    id: str
    guild: int
    line: str
    row: str
    value: str
    link: str
    text: str
    at: int
    channel: int = 0
    message: int = 0

    def custom_id(self, word: str) -> str:
        """The custom id of one of its buttons."""
        return f"v1suggest:{word}:{self.id}"


class Suggestions:
    """The suggestions that wait, stored in the data folder, so that their buttons work after a restart."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)

    def add(self, guild: int, line: str, row: str, value: str, link: str, text: str) -> Suggestion:
        """Store a suggestion; of very many of a server the oldest go."""
        one = Suggestion(secrets.token_hex(8), guild, line, row, value, link, text, int(time.time()))
        marks = ", ".join("?" * len(TABLES["suggestions"]))
        self._database.write(f"insert into suggestions ({COLUMNS}) values ({marks})", self._values(one))
        self._database.write(
            "delete from suggestions where guild = ? and id not in"
            " (select id from suggestions where guild = ? order by at desc limit ?)",
            [guild, guild, MOST_A_SERVER],
        )
        return one

    def _values(self, one: Suggestion) -> list[object]:
        return [getattr(one, name) for name in TABLES["suggestions"]]

    def note_message(self, id: str, channel: int, message: int) -> None:
        """Note where a suggestion was posted."""
        self._database.write("update suggestions set channel = ?, message = ? where id = ?", [channel, message, id])

    def of(self, id: str, guild: int) -> Suggestion:
        """A suggestion of a server. Raises ``Refused`` if it does not wait any more."""
        query = f"select {COLUMNS} from suggestions where id = ? and guild = ?"
        row = self._database.row(query, [id, guild])
        if row is None:
            raise Refused("suggestion_gone")
        return Suggestion(*row)

    def remove(self, id: str) -> None:
        """Forget a suggestion."""
        self._database.write("delete from suggestions where id = ?", [id])

    def erase(self, guild: int) -> None:
        """Forget every suggestion of a server."""
        self._database.write("delete from suggestions where guild = ?", [guild])

    def remove_old(self) -> None:
        """Forget what waited too long."""
        self._database.write("delete from suggestions where at < ?", [int(time.time()) - DAYS_KEPT * 86_400])

    def refresh(self) -> None:
        """See what other processes have changed. Raises ``Refused``."""
        self._database.refresh()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
