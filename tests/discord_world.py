"""The real bot on the simulated Discord: its home server with a member and a moderator, and another
server with a moderator of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
import simcord

from bot.client import SalesBot
from bot.questions import follow
from bot.services import Services
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import Settings, seed_pack


@dataclass
class Place:
    env: Any
    bot: SalesBot
    pack_dir: Path
    home: Any
    channel: Any
    member: Any
    moderator: Any
    other_channel: Any
    other_moderator: Any

    def sent(self) -> list[Any]:
        """The body of every request the bot made that carries a message."""
        bodies = [getattr(entry, "json", None) for entry in self.env.http_requests]
        return [body.get("data", body) for body in bodies if isinstance(body, dict)]


def text_of(message: Any) -> str:
    """All text of a message's components."""
    return "\n".join(texts(message.components))


def texts(components: list[dict[str, Any]]) -> list[str]:
    found = []
    for component in components:
        if "content" in component:
            found.append(component["content"])
        found += texts(component.get("components", []))
    return found


def buttons(message: Any) -> dict[str, str]:
    """Label to custom id."""
    rows = [c for c in message.components if c["type"] == 1]
    return {c["label"]: c["custom_id"] for row in rows for c in row["components"]}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(seed_pack(), tmp_path / "pack")
    (tmp_path / "data").mkdir()
    return Settings(pack_dir=tmp_path / "pack", data_dir=tmp_path / "data")


def new_bot(settings: Settings) -> SalesBot:
    return SalesBot(
        Services.create(settings, ServedPacks(settings.pack_dir, settings.data_dir)), shard_count=1, shard_ids=[0]
    )


@pytest_asyncio.fixture
async def place(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setattr(follow, "SECONDS_BETWEEN_LOOKS", 3600.0)  # a timer that is due within it is waited for
    bot = new_bot(settings)
    env = simcord.Env(bot, check_errors=False, settle_timeout=120)
    await env.start()
    try:
        home, other = env.create_guild(name="Home"), env.create_guild(name="Other")
        settings.home_guild = home.id
        moderates = discord.Permissions(manage_guild=True)
        yield Place(
            env,
            bot,
            settings.pack_dir,
            home,
            channel=home.create_text_channel("launches"),
            member=home.add_member(env.create_user("mei")),
            moderator=home.add_member(env.create_user("mo"), roles=[home.create_role("Mods", permissions=moderates)]),
            other_channel=other.create_text_channel("talk"),
            other_moderator=other.add_member(
                env.create_user("otto"), roles=[other.create_role("Mods", permissions=moderates)]
            ),
        )
    finally:
        await env.shutdown()


async def file_of(result: Any) -> bytes:
    """The bytes of the one file that came with a reply."""
    attachment = result.response.attachments[0]
    data: bytes = await attachment.read()
    return data
