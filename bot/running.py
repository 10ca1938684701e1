"""The bot as a process: check everything, connect, and end well."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import re
import signal
import sys

import aiohttp
import discord

from bot.client import SalesBot
from bot.discord_io import delivery
from salesbot.errors import PackRefused, SalesbotError
from salesbot.serving.answer_threads import give_way
from salesbot.serving.served_packs import Live
from salesbot.settings import HOW_TO_SET_IT, settings, token

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE, LEAVING, FINISHING = 1.0, 60.0, 5.0, 10.0
UNREACHABLE = (aiohttp.ClientError, OSError, *delivery.MALFORMED)  # also behind something that answers in Discord's place
ANSWERING = ("CommandTree-invoker", "discord-ui-")  # how discord.py names the tasks that answer
TOKENS = re.compile(r"[A-Za-z0-9_\-.]{48,}")
FINAL = {
    4004: f"Discord does not know this token; {HOW_TO_SET_IT}",
    4010: "Discord refused the shard; start one process only",
    4011: "Discord asks for more shards than this release starts",
    4012: "Discord no longer speaks this release's gateway version; upgrade",
    4013: "Discord refused the intents; upgrade",
    4014: "Discord refused an intent that the application is not allowed; this bot needs none of the privileged ones",
}


def main() -> int:
    """Run until stopped. Settings, token and facts are checked before anything connects."""
    try:
        chosen = settings()
        secret = token(chosen)
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        live = Live(chosen.pack_dir, chosen.data_dir)
    except SalesbotError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        if isinstance(error, PackRefused):
            print("\n".join(f"  {problem}" for problem in error.problems), file=sys.stderr)
        return error.exit_code
    discord.utils.setup_logging(level=logging.INFO)
    for handler in logging.getLogger().handlers:
        handler.addFilter(redacted)
    delivery.install()
    give_way()
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(serve(SalesBot(chosen, live), secret))
    except discord.LoginFailure:
        return _final(FINAL[4004])
    except discord.PrivilegedIntentsRequired:
        return _final(FINAL[4014])
    except discord.ConnectionClosed as closed:
        return _final(FINAL.get(closed.code, f"Discord closed the connection with code {closed.code}"))
    return 0


def redacted(record: logging.LogRecord) -> bool:
    """A log record without anything as long as a token, and without control characters."""
    text = TOKENS.sub("[redacted]", record.getMessage())
    record.msg, record.args = "".join(c if c.isprintable() or c == "\n" else "?" for c in text), ()
    return True


def _final(message: str) -> int:
    print(message, file=sys.stderr)
    return 4


async def serve(bot: SalesBot, secret: str) -> None:
    """Log in, however long Discord cannot be reached, and stay connected; then close, within bounds."""
    running = asyncio.current_task()
    assert running is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    try:
        await logged_in(bot, secret)
        gc.freeze()  # what is there now stays: no collection looks at it again
        gc.enable()
        await connected(bot)
    finally:
        await finished(bot)
        await bot.close()


async def connected(bot: SalesBot) -> None:
    """Stay connected; where the gateway's address cannot be had, ask again."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.connect()
            return
        except (discord.GatewayNotFound, *UNREACHABLE) as error:
            log.warning("the gateway cannot be found (%s: %s); trying again in %.0f s", type(error).__name__, error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def finished(bot: SalesBot) -> None:
    """Take no more interactions, and wait for the answers under way, as long as is of use."""
    if leaving := [asyncio.create_task(shard.disconnect()) for shard in bot.shards.values()]:
        await asyncio.wait(leaving, timeout=LEAVING)
    if answers := [task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)]:
        log.info("finishing %d answers", len(answers))
        await asyncio.wait(answers, timeout=FINISHING)


async def logged_in(bot: SalesBot, secret: str) -> None:
    """Try until Discord can be reached. Raises ``discord.LoginFailure`` if it does not know the token."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.login(secret)
            return
        except discord.LoginFailure:
            raise
        except (discord.HTTPException, *UNREACHABLE) as error:
            log.warning("Discord cannot be reached (%s: %s); trying again in %.0f s", type(error).__name__, error, pause)
            await bot.http.close()
            bot.http.connector = discord.utils.MISSING  # closed with its session; the next try makes its own
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
