"""Which servers the bot is in: their ids alone, read from the gateway's events.

discord.py would keep each server with its channels and roles, 50 KiB and more, of which the bot needs nothing.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class JoinedServer(Struct, frozen=True):
    """A server that the bot was just added to."""

    id: int
    system_channel: int | None
    locale: str


class Servers:
    """The ids of the servers that the bot is in, as far as the gateway has told."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self._shards: set[int] = set()
        self._count = 1

    @property
    def is_known(self) -> bool:
        """Whether every shard has said which servers it serves."""
        return len(self._shards) == self._count

    def take_ready(self, data: dict[str, Any]) -> dict[str, Any]:
        """Take in the servers of a shard whose session began; returns the event without them."""
        shard, self._count = data.get("shard", (0, 1))
        self._shards.add(shard)
        self.ids = {id for id in self.ids if (id >> 22) % self._count != shard}
        self.ids.update(int(server["id"]) for server in data["guilds"])
        return {**data, "guilds": []}

    def take_create(self, data: dict[str, Any]) -> JoinedServer | None:
        """Take in a server; it was just joined where Discord does not say whether it was unavailable before."""
        id = int(data["id"])
        if data.get("unavailable"):
            return None
        self.ids.add(id)
        if "unavailable" in data:
            return None
        channel = data.get("system_channel_id")
        return JoinedServer(id, int(channel) if channel else None, str(data.get("preferred_locale") or "en-US"))

    def take_delete(self, data: dict[str, Any]) -> int | None:
        """The id of a server that the bot left; none where it is only unavailable."""
        if data.get("unavailable"):
            return None
        self.ids.discard(int(data["id"]))
        return int(data["id"])
