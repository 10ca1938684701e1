"""Heavy work in other processes, so that nothing holds up the event loop."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from salesbot.errors import QuestionError

T = TypeVar("T")
P = ParamSpec("P")
SPAWN = multiprocessing.get_context("spawn")
SECONDS, MEGABYTES = 120, 2048


def _limit(seconds: int, megabytes: int) -> None:
    """Bound this process: it dies rather than take the machine with it."""
    import resource  # not on every platform, and needed in the child only

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


async def isolated(work: Callable[P, T], *arguments: P.args, **_: P.kwargs) -> T:
    """Run a function in a process of its own, bounded in time and memory.

    Raises ``QuestionError`` where it passes the bounds.
    """
    with ProcessPoolExecutor(1, mp_context=SPAWN, initializer=_limit, initargs=(SECONDS, MEGABYTES)) as pool:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
        except (BrokenProcessPool, MemoryError):
            raise QuestionError("that took more time or memory than a pack may take", "split it, or ask the bot's operator") from None


class Workers:
    """One warm process for charts; started when the first is asked for."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[P, T], *arguments: P.args, **_: P.kwargs) -> T:
        """Run a function in the warm process; a process that died is replaced once."""
        for attempt in (1, 2):
            self._pool = self._pool or ProcessPoolExecutor(1, mp_context=SPAWN)
            try:
                return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
            except BrokenProcessPool:
                self._pool = None
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
