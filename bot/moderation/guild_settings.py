"""What a server's moderators chose for it: where answers are private, where reports go."""

from __future__ import annotations

from pathlib import Path

from salesbot.storage.database_file import kept


class Choices:
    """Per-server settings, kept in the data folder. No word of theirs is about a person."""

    def __init__(self, path: Path) -> None:
        self._database = kept(
            path, {"private_channels": {"channel": int, "guild": int}, "reports": {"guild": int, "channel": int}}
        )  # fmt: skip

    def is_private(self, channel: int | None) -> bool:
        """Whether answers in a channel are shown to the asker alone."""
        return bool(self._one("select 1 from private_channels where channel = ?", channel or 0))

    def set_private(self, guild: int, channel: int, *, private: bool) -> None:
        self._database.execute("delete from private_channels where channel = ?", [channel])
        if private:
            self._database.execute("insert into private_channels values (?, ?)", [channel, guild])

    def reports_channel(self, guild: int) -> int | None:
        """Where "this number is wrong" goes, if the moderators chose a channel."""
        found = self._one("select channel from reports where guild = ?", guild)
        return found[0] if found else None

    def set_reports_channel(self, guild: int, channel: int | None) -> None:
        self._database.execute("delete from reports where guild = ?", [guild])
        if channel is not None:
            self._database.execute("insert into reports values (?, ?)", [guild, channel])

    def forget(self, guild: int) -> None:
        """Erase what a server chose."""
        self._database.execute("delete from reports where guild = ?", [guild])
        self._database.execute("delete from private_channels where guild = ?", [guild])

    def _one(self, query: str, value: int) -> tuple[int, ...] | None:
        found: tuple[int, ...] | None = self._database.execute(query, [value]).fetchone()
        return found

    def close(self) -> None:
        self._database.close()
