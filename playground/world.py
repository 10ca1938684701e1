"""A small server for trying the bot: a member, a moderator, one channel, and the real bot in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import discord
import simcord
from msgspec import Struct

from bot.client import SalesBot
from bot.discord_io.servers import JoinedServer
from bot.services import Services
from playground.pasted_lines import run_pasted_lines
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import Settings

FIRST_LINE = "/orders total launch:su7 within:72h"


class World(Struct, frozen=True):
    """The simulated Discord with the bot at READY."""

    env: Any
    bot: SalesBot
    channel: Any
    member: Any
    moderator: Any


@asynccontextmanager
async def world(settings: Settings) -> AsyncIterator[World]:
    """A server that is the bot's home, so that its moderator may reload the shared pack."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    services = Services.create(settings, ServedPacks(settings.pack_dir, settings.data_dir))
    bot = SalesBot(services, shard_count=1, shard_ids=[0])
    answer_errors = bot.tree.on_error
    async with simcord.run(bot, check_errors=False) as env:
        bot.tree.on_error = answer_errors  # type: ignore[method-assign]  # an answered error is no failed action
        env.backend.clock._epoch = datetime.now(UTC)
        assert bot.user is not None
        await bot.user.edit(username="salesbot")
        guild = env.create_guild(name="Launch talk")
        settings.home_guild = guild.id
        channel = guild.create_text_channel("launches")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        member = guild.add_member(env.create_user("mei"))
        moderator = guild.add_member(env.create_user("mo"), roles=[moderators])
        run_pasted_lines()
        await greet(env, bot, channel, member)
        yield World(env, bot, channel, member, moderator)


async def greet(env: Any, bot: SalesBot, channel: Any, member: Any) -> None:
    """What a newcomer sees first: the bot's welcome, and a question with its answer."""
    env.backend.edit_guild(channel.guild.id, {"system_channel_id": channel.id})
    await env.settle()
    await bot.on_server_join(JoinedServer(channel.guild.id, channel.id, "en-US"))
    await member.send(channel, FIRST_LINE)


async def keep_time(env: Any) -> None:
    """Let the simulated clock follow the wall clock, between people's actions."""
    loop = asyncio.get_running_loop()
    last = loop.time()
    while True:
        await asyncio.sleep(1)
        try:
            await env.advance_time(loop.time() - last)
        except simcord.SetupError:  # somebody is pressing a button just now; catch up next time
            continue
        last = loop.time()
