"""Heavy work in other processes, so that nothing holds up the event loop."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from threading import Thread
from typing import ParamSpec, TypeVar

from salesbot.errors import QuestionError

T = TypeVar("T")
P = ParamSpec("P")
SPAWN = multiprocessing.get_context("spawn")
SECONDS, MEGABYTES, NICE = 120, 2048, 10


def _limited(seconds: int, megabytes: int) -> None:
    """Bound this process: it yields to the bot, collects nothing in its short life, and dies rather than take the machine with it."""
    import resource  # not on every platform, and needed in the child only

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    os.nice(NICE)
    gc.disable()
    _end_with_the_bot()


def _end_with_the_bot() -> None:
    """End this process when the bot's is gone, also where that was killed."""
    bot = multiprocessing.parent_process()
    assert bot is not None

    def wait() -> None:
        bot.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


async def isolated(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Run a function in a process of its own, bounded in time and memory.

    Raises ``QuestionError`` where it passes the bounds.
    """
    pool = await asyncio.to_thread(ProcessPoolExecutor, 1, SPAWN, _limited, (SECONDS, MEGABYTES))
    try:
        return await _done(pool, partial(work, *arguments, **named))
    except (BrokenProcessPool, MemoryError):
        raise QuestionError("that took more time or memory than a pack may take", "split it, or ask the bot's operator") from None
    finally:
        pool.shutdown(wait=False)  # the process takes its time to give its memory back


async def _done(pool: ProcessPoolExecutor, work: Callable[[], T]) -> T:
    """A function's result from a pool; its process is started from a thread, as that takes milliseconds."""
    future: Future[T] = await asyncio.to_thread(pool.submit, work)
    return await asyncio.wrap_future(future)


class Workers:
    """One warm process for charts; started when the first is asked for."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._starting = asyncio.Lock()

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a function in the warm process; a process that died is replaced once."""
        for attempt in (1, 2):
            async with self._starting:
                if self._pool is None:
                    self._pool = await asyncio.to_thread(ProcessPoolExecutor, 1, SPAWN, _end_with_the_bot)
                pool = self._pool
            try:
                return await _done(pool, partial(work, *arguments, **named))
            except BrokenProcessPool:
                self._pool = None
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
