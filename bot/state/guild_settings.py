"""What a server's moderators set for it: where answers are private, where reports go, launch and language."""

from __future__ import annotations

from pathlib import Path

from salesbot.storage.database_file import open_database

TABLES: dict[str, dict[str, type]] = {
    "private_channels": {"channel": int, "guild": int},
    "reports": {"guild": int, "channel": int},
    "usual_launch": {"guild": int, "launch": str},
    "languages": {"guild": int, "language": str},
}


class GuildSettings:
    """Settings of each server, stored in the data folder; none is about a person."""

    def __init__(self, path: Path) -> None:
        self._database = open_database(path, TABLES)

    def is_private(self, channel: int | None) -> bool:
        """Whether answers in a channel are shown to the asker alone."""
        return bool(self._row("select 1 from private_channels where channel = ?", channel or 0))

    def set_private(self, guild: int, channel: int, *, private: bool) -> None:
        """Set whether answers in a channel are shown to the asker alone."""
        self._database.execute("delete from private_channels where channel = ?", [channel])
        if private:
            self._database.execute("insert into private_channels values (?, ?)", [channel, guild])

    def reports_channel(self, guild: int) -> int | None:
        """Where reports of wrong numbers go, if the moderators chose a channel."""
        row = self._row("select channel from reports where guild = ?", guild)
        return row[0] if row else None

    def set_reports_channel(self, guild: int, channel: int | None) -> None:
        """Set where reports go; nowhere without a channel."""
        self._database.execute("delete from reports where guild = ?", [guild])
        if channel is not None:
            self._database.execute("insert into reports values (?, ?)", [guild, channel])

    def private_channels(self, guild: int) -> list[int]:
        """The channels of a server whose answers are shown to the asker alone."""
        rows = self._database.execute("select channel from private_channels where guild = ?", [guild])
        return [channel for (channel,) in rows]

    def usual_launch(self, guild: int) -> str | None:
        """The id of the launch that a question without one is about."""
        row = self._row("select launch from usual_launch where guild = ?", guild)
        return str(row[0]) if row else None

    def set_usual_launch(self, guild: int, launch: str | None) -> None:
        """Set the launch that a question without one is about; none without a launch."""
        self._database.execute("delete from usual_launch where guild = ?", [guild])
        if launch is not None:
            self._database.execute("insert into usual_launch values (?, ?)", [guild, launch])

    def language(self, guild: int | None) -> str | None:
        """The language of a server's public answers, as ``zh``; that of each reader without one."""
        row = self._row("select language from languages where guild = ?", guild) if guild is not None else None
        return str(row[0]) if row else None

    def set_language(self, guild: int, language: str | None) -> None:
        """Set the language of a server's public answers; none for that of each reader."""
        self._database.execute("delete from languages where guild = ?", [guild])
        if language is not None:
            self._database.execute("insert into languages values (?, ?)", [guild, language])

    def erase(self, guild: int) -> None:
        """Erase a server's settings."""
        self._database.execute("delete from reports where guild = ?", [guild])
        self._database.execute("delete from private_channels where guild = ?", [guild])
        self._database.execute("delete from usual_launch where guild = ?", [guild])
        self._database.execute("delete from languages where guild = ?", [guild])

    def _row(self, query: str, value: int) -> tuple[int, ...] | None:
        row: tuple[int, ...] | None = self._database.execute(query, [value]).fetchone()
        return row

    def close(self) -> None:
        """Close the file."""
        self._database.close()
