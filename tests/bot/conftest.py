"""Fixtures of the simulated Discord for every test in this folder, and of the one on the loopback interface."""

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord_io import delivery
from bot.discord_io.gateway import Gateway
from tests.discord_world import place, settings
from tools.loopback_discord.server import LoopbackDiscord

__all__ = ["place", "settings"]


@pytest.fixture
async def loopback(monkeypatch):
    """A Discord on the loopback interface that the bots of this process connect to."""
    async with LoopbackDiscord(patience=15) as loopback:
        monkeypatch.setattr(Route, "BASE", loopback.rest_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(loopback.gateway_url))
        monkeypatch.setattr(discord.shard, "DiscordWebSocket", Gateway)
        Gateway.pauses.succeeded()
        yield loopback


@pytest.fixture
def sent(monkeypatch):
    """The bodies of every callback, as they went out."""
    bodies, once = [], delivery._once

    async def noted(session, route, body, *rest, **named):
        if route.path.endswith("/callback"):
            bodies.append(body)
        return await once(session, route, body, *rest, **named)

    monkeypatch.setattr(delivery, "_once", noted)
    return bodies
