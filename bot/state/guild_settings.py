"""What a server's moderators set for it: where answers are private, where reports go, launch and language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

TABLES: dict[str, dict[str, type]] = {
    "private_channels": {"channel": int, "guild": int},
    "reports": {"guild": int, "channel": int},
    "usual_launch": {"guild": int, "launch": str},
    "languages": {"guild": int, "language": str},
}
MOST_KNOWN = 20_000


class GuildSettings:
    """Settings of each server, stored in the data folder; none is about a person."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)
        self._known: dict[tuple[str, int], tuple[int, ...] | None] = {}  # every question asks for four of them

    def is_private(self, channel: int | None) -> bool:
        """Whether answers in a channel are shown to the asker alone."""
        return bool(self._row("select 1 from private_channels where channel = ?", channel or 0))

    def set_private(self, guild: int, channel: int, *, private: bool) -> None:
        """Set whether answers in a channel are shown to the asker alone."""
        self._set("private_channels", "channel", channel, guild if private else None)

    def reports_channel(self, guild: int) -> int | None:
        """Where reports of wrong numbers go, if the moderators chose a channel."""
        row = self._row("select channel from reports where guild = ?", guild)
        return row[0] if row else None

    def set_reports_channel(self, guild: int, channel: int | None) -> None:
        """Set where reports go; nowhere without a channel."""
        self._set("reports", "guild", guild, channel)

    def private_channels(self, guild: int) -> list[int]:
        """The channels of a server whose answers are shown to the asker alone."""
        rows = self._database.rows("select channel from private_channels where guild = ?", [guild])
        return [channel for (channel,) in rows]

    def usual_launch(self, guild: int) -> str | None:
        """The id of the launch that a question without one is about."""
        row = self._row("select launch from usual_launch where guild = ?", guild)
        return str(row[0]) if row else None

    def set_usual_launch(self, guild: int, launch: str | None) -> None:
        """Set the launch that a question without one is about; none without a launch."""
        self._set("usual_launch", "guild", guild, launch)

    def language(self, guild: int | None) -> str | None:
        """The language of a server's public answers, as ``zh``; that of each reader without one."""
        row = self._row("select language from languages where guild = ?", guild) if guild is not None else None
        return str(row[0]) if row else None

    def set_language(self, guild: int, language: str | None) -> None:
        """Set the language of a server's public answers; none for that of each reader."""
        self._set("languages", "guild", guild, language)

    def erase(self, guild: int) -> None:
        """Erase a server's settings."""
        for table in TABLES:
            self._database.write(f"delete from {table} where guild = ?", [guild])
        self._known.clear()

    def _set(self, table: str, key: str, of: int, value: object) -> None:
        """Write one row by its key in one change; without a value there is none."""
        if value is None:
            self._database.write(f"delete from {table} where {key} = ?", [of])
        else:
            self._database.write(f"insert or replace into {table} values (?, ?)", [of, value])
        self._known.clear()

    def _row(self, query: str, value: int) -> tuple[int, ...] | None:
        if self._database.is_shared:  # another process may have changed it
            return self._database.row(query, [value])
        if (query, value) not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[query, value] = self._database.row(query, [value])
        return self._known[query, value]

    def close(self) -> None:
        """Close the file."""
        self._database.close()
