"""The real bot on a Discord of the loopback interface, in the process of the tests."""

import asyncio
import contextlib
import threading

from discord.gateway import KeepAliveHandler
from discord.webhook.async_ import async_context

from bot.discord_io.gateway import Gateway
from bot.discord_io.private_parts import install_delivery
from tools.loopback_discord.server import until


@contextlib.asynccontextmanager
async def connected(bot, loopback):
    """The bot from READY until the end of the block, its replies sent by the adapter that is installed."""
    before = async_context.get()
    install_delivery(bot.services.sessions, bot.services.activity)
    Gateway.sessions = bot.services.sessions
    connecting = None
    try:
        await bot.login(loopback.token)
        connecting = asyncio.create_task(bot.connect())
        await until(lambda: (loopback.gateway.is_ready and bot.is_ready()) or connecting.done(), 20, "not ready")
        yield connecting
    finally:
        async_context.set(before)
        await bot.close()
        if connecting is not None:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
        for thread in heartbeats():  # one that outlived its connection would send on a closed loop
            thread.stop()
            await asyncio.to_thread(thread.join, 10)


def heartbeats():
    """The threads that send heartbeats."""
    return [thread for thread in threading.enumerate() if isinstance(thread, KeepAliveHandler) and thread.is_alive()]


async def is_answered(loopback):
    asked = await loopback.slash("help")
    return "Ask about product launches" in asked.text and len(asked.seen) == 1
