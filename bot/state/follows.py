"""Which channels follow which launch, and what they were told last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from salesbot.errors import Refused
from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

TABLES: dict[str, dict[str, type]] = {
    "follows": {"key": str, "guild": int, "channel": int, "launch": str, "content": str, "told": str, "language": str}
}
MOST_IN_A_CHANNEL, MOST_IN_A_SERVER, MOST = 5, 25, 20_000
DM = 0  # in the place of a server


class Follow(Struct, frozen=True):
    """A channel that follows a launch; ``told`` is each line with its headline, ``content`` the facts it was told of.

    It is told in ``language``, that of whoever asked for it.

    ``guild`` is ``None`` in a direct message: nothing is kept about a person but the channel between them and the bot.
    """

    guild: int | None
    channel: int
    launch: str
    content: str
    told: dict[str, str]
    language: str = "en"

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.launch}"


class Follows:
    """The launches followed, stored in the data folder."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)

    def all(self) -> list[Follow]:
        """Every channel's, oldest first."""
        return self._rows("select guild, channel, launch, content, told, language from follows order by rowid")

    def of_channel(self, channel: int) -> list[Follow]:
        """Those of a channel."""
        return self._rows(
            "select guild, channel, launch, content, told, language from follows where channel = ?", channel
        )

    def _rows(self, query: str, *values: int) -> list[Follow]:
        rows = self._database.rows(query, values)
        return [
            Follow(guild or None, channel, launch, content, json.loads(told), language or "en")
            for guild, channel, launch, content, told, language in rows
        ]

    def put(self, follow: Follow) -> None:
        """Add one, or begin it anew. Raises ``Refused`` where a channel or server follows too many."""
        if not self._count("key = ?", follow.key):
            most = ((MOST_IN_A_CHANNEL, "channel = ?", follow.channel), (MOST, "1 = ?", 1))
            for count, where, value in most:
                if self._count(where, value) >= count:
                    raise Refused("too_many_follows", count=count)
            if follow.guild and self._count("guild = ?", follow.guild) >= MOST_IN_A_SERVER:
                raise Refused("too_many_follows", count=MOST_IN_A_SERVER)
        told = json.dumps(follow.told, ensure_ascii=False)
        self._database.write(
            "insert or replace into follows values (?, ?, ?, ?, ?, ?, ?)",
            [follow.key, follow.guild or DM, follow.channel, follow.launch, follow.content, told, follow.language],
        )

    def _count(self, where: str, value: object) -> int:
        ((count,),) = self._database.rows(f"select count(*) from follows where {where}", [value])
        return int(count)

    def move(self, follow: Follow, to: Follow) -> bool:
        """Note what one was told; not where it was stopped or told something else meanwhile. Returns whether it was."""
        told = json.dumps(to.told, ensure_ascii=False)
        query = "update follows set content = ?, told = ? where key = ? and content = ?"
        return bool(self._database.write(query, [to.content, told, follow.key, follow.content]))

    def remove(self, channel: int, launch: str | None = None) -> None:
        """Stop one of a channel, or all of them."""
        self._database.write(
            "delete from follows where channel = ? and (? is null or launch = ?)", [channel, launch, launch]
        )

    def erase(self, guild: int) -> None:
        """Erase a server's."""
        self._database.write("delete from follows where guild = ?", [guild])

    def close(self) -> None:
        """Close the file."""
        self._database.close()
