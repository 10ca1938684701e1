"""The bot as a process: check everything, connect, and end in good order."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gc
import logging
import os
import re
import signal
import sqlite3
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.client import SalesBot
from bot.discord_io.gateway import install_gateway
from bot.discord_io.private_parts import MALFORMED, install_delivery
from bot.discord_io.sessions import Sessions
from bot.questions.repeated import TASK
from bot.services import Services
from salesbot import __version__
from salesbot.errors import ConfigError, PackRefused, SalesbotError
from salesbot.serving.answer_threads import shorten_switch_interval
from salesbot.serving.served_packs import Quota, ServedPacks
from salesbot.settings import Settings, proxy, settings, token
from salesbot.storage.data_folder import lock_data_folder
from salesbot.storage.disk import refused_by_disk
from salesbot.words import words_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.interactions_over_http import InteractionsOverHttp
    from bot.monitoring import Monitoring

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between tries
SECONDS_TO_LEAVE, SECONDS_TO_FINISH = 5.0, 10.0
UNREACHABLE = (aiohttp.ClientError, OSError, *MALFORMED)  # also behind something that answers in Discord's place
# how discord.py names the tasks that answer commands, buttons, and forms that it does not keep
ANSWERING = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction", TASK)
TOKENS = re.compile(r"[A-Za-z0-9_\-.]{48,}")
HANDLES = 1024
FINAL_CLOSES = {4004, 4010, 4011, 4012, 4013, 4014}  # codes after which Discord takes no new session


def main() -> int:
    """Run until stopped; returns the exit code. Settings, token and facts are checked before anything connects."""
    try:
        chosen = settings()
        secret, by_proxy = token(chosen), proxy(chosen)
        os.umask(0o077)  # what lies in the data folder is for this account alone
        chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            chosen.data_dir.chmod(0o700)  # also a folder that was there
        lock = lock_data_folder(chosen.data_dir)
        quota = Quota(chosen.server_rows, chosen.server_versions, chosen.server_megabytes << 20)
        packs = served_packs(chosen, quota)
    except SalesbotError as error:
        print_error(error)
        return error.exit_code
    except (OSError, sqlite3.Error) as error:
        if refused_by_disk(error) is None and not isinstance(error, OSError):
            raise
        unusable = ConfigError("data_dir_unwritable", path=str(chosen.data_dir), error=_told(error))
        print_error(unusable)
        return unusable.exit_code
    set_up_logging(chosen.log_format)
    raise_handle_limit()
    services = Services.create(chosen, packs)
    log.info("salesbot %s; facts in %s, kept in %s", __version__, chosen.pack_dir, chosen.data_dir)
    install_delivery(services.sessions, services.activity)
    install_gateway(services.sessions)
    shorten_switch_interval()
    try:
        with (
            contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError),
            asyncio.Runner(loop_factory=loop_factory()) as runner,
        ):
            runner.run(serve(SalesBot(services, proxy=by_proxy), secret))
    except ConfigError as error:
        print_error(error)
        return error.exit_code
    except discord.LoginFailure:
        return _closed(4004)
    except discord.PrivilegedIntentsRequired:
        return _closed(4014)
    except discord.ConnectionClosed as closed:
        return _closed(closed.code)
    finally:
        lock.close()
    return 0


def served_packs(chosen: Settings, quota: Quota) -> ServedPacks:
    """The facts to serve: of the data folder alone, or of a database that processes share. Raises ``ConfigError``."""
    if chosen.database_url is None:
        return ServedPacks(chosen.pack_dir, chosen.data_dir, quota)
    if find_spec("psycopg") is None:
        raise ConfigError("extra_missing", extra="postgres")
    from salesbot.serving.shared_packs import SharedPacks  # only where it is asked for
    from salesbot.storage.shared.sharing import Sharing

    sharing = Sharing(chosen.database_url)
    return SharedPacks(chosen.pack_dir, chosen.data_dir, quota, sharing)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's event loop where it is installed (the extra ``fast``), else asyncio's own."""
    if find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop


def _told(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error)


def raise_handle_limit() -> None:
    """Let the process open as many files as it is allowed to, and say so where that is few."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = HANDLES if hard == resource.RLIM_INFINITY else min(HANDLES, hard)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # some kernels allow less than they say
            wanted = soft
    if wanted < HANDLES:
        log.warning("only %d files may be open at once; the bot needs up to %d", wanted, HANDLES)


def set_up_logging(form: str = "text") -> None:
    """Log to the console as text or JSON; tokens and control characters are removed from every line."""
    discord.utils.setup_logging(level=logging.INFO)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # only where it is asked for

        for handler in logging.getLogger().handlers:
            handler.setFormatter(
                JsonFormatter(
                    "{asctime}{levelname}{name}{message}",
                    style="{",
                    rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
                    json_ensure_ascii=False,
                )
            )
    for handler in logging.getLogger().handlers:
        if handler.formatter is not None:
            handler.setFormatter(Redacted(handler.formatter))
    sys.excepthook = lambda *fault: log.critical("the bot ends by a fault", exc_info=fault)
    threading.excepthook = lambda fault: log.error("a thread ended by a fault", exc_info=fault.exc_value)


class Redacted(logging.Formatter):
    """What another formatter writes, without tokens and control characters."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, with its traceback if it has one."""
        clean = copy.copy(record)
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self._formatter.formatException(record.exc_info)}"
        if record.stack_info:
            text = f"{text}\n{record.stack_info}"
        clean.msg, clean.args, clean.exc_info, clean.exc_text = redacted(text), (), None, None
        clean.stack_info = None
        return self._formatter.format(clean)


def redacted(text: str) -> str:
    """A text without anything as long as a token, and without control characters."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in TOKENS.sub("[redacted]", text))


def print_error(error: SalesbotError) -> None:
    """Print an error for the operator, with every problem of a pack."""
    words = words_for()
    text = words.error(error)
    print(f"{text.message}\n{text.hint}", file=sys.stderr)
    for problem in words.problems(error) if isinstance(error, PackRefused) else ():
        print(f"  {problem}", file=sys.stderr)


def _closed(code: int) -> int:
    """Say why Discord closed the connection for good."""
    key = f"closed_{code}" if code in FINAL_CLOSES else "closed"
    print(words_for().text(key, code=code), file=sys.stderr)
    return 4


async def serve(bot: SalesBot, secret: str) -> None:
    """Log in, however long Discord cannot be reached, and stay connected; then close, in bounded time."""
    task = asyncio.current_task()
    assert task is not None
    _leave_on_sigterm(task, bot.services.sessions)
    bot.services.packs.follow(asyncio.get_running_loop())
    monitoring, served = await _monitored(bot), None
    try:
        await log_in(bot, secret)
        log.info("add it to a server: https://discord.com/oauth2/authorize?client_id=%s", bot.application_id)
        gc.freeze()  # what is there now stays: no collection looks at it again
        gc.enable()
        if (address := bot.services.settings.listen) is None:
            await stay_connected(bot)
        else:
            served = await _listening(bot, address)
            await asyncio.Event().wait()  # until a signal
    finally:
        if served is not None:
            await served.stop()
        await finish_answers(bot)
        await bot.close()
        if monitoring is not None:
            await monitoring.stop()


async def _listening(bot: SalesBot, address: str) -> InteractionsOverHttp:
    """Interactions over HTTP instead of the gateway. Raises ``ConfigError``."""
    from bot.interactions_over_http import InteractionsOverHttp  # only where it is asked for

    served = InteractionsOverHttp(bot, address)
    await served.start()
    bot.is_over_http = True
    bot.keep_house()
    return served


async def _monitored(bot: SalesBot) -> Monitoring | None:
    """The pages for monitoring, if the operator wants them. Raises ``ConfigError``."""
    address = bot.services.settings.metrics
    if address is None:
        return None
    from bot.monitoring import Monitoring  # only where it is asked for

    monitoring = Monitoring(bot, address)
    await monitoring.start()
    return monitoring


def _leave_on_sigterm(task: asyncio.Task[None], sessions: Sessions) -> None:
    """At SIGTERM, end and leave the sessions to the next process; Ctrl-C ends them."""
    loop = asyncio.get_running_loop()

    def leave() -> None:
        sessions.outlive_process = True
        task.cancel()

    try:
        loop.add_signal_handler(signal.SIGTERM, leave)
    except NotImplementedError:  # on Windows
        signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(leave))


async def log_in(bot: SalesBot, secret: str) -> None:
    """Try until Discord can be reached. Raises ``discord.LoginFailure`` if it does not know the token."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.login(secret)
            return
        except discord.LoginFailure:
            raise
        except (discord.HTTPException, *UNREACHABLE) as error:
            log.warning(
                "Discord cannot be reached (%s: %s); trying again in %.0f s", type(error).__name__, error, pause
            )
            await bot.http.close()
            bot.http.connector = discord.utils.MISSING  # closed with its session; the next try makes its own
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def stay_connected(bot: SalesBot) -> None:
    """Stay connected; where the gateway's address cannot be had, ask again."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.connect()
            return
        except (discord.GatewayNotFound, *UNREACHABLE) as error:
            name = type(error).__name__
            log.warning("the gateway cannot be found (%s: %s); trying again in %.0f s", name, error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def finish_answers(bot: SalesBot) -> None:
    """Take no more interactions, and wait for the answers under way, as long as they can still arrive."""
    if leaving := [asyncio.create_task(shard.disconnect()) for shard in bot.shards.values()]:
        await asyncio.wait(leaving, timeout=SECONDS_TO_LEAVE)
    if answers := [task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWERING)]:
        log.info("finishing %d answers", len(answers))
        await asyncio.wait(answers, timeout=SECONDS_TO_FINISH)
