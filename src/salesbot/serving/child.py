"""What runs in a child process. Nothing else is imported here: a child waits for every import of its start."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Thread

CPU_SECONDS, MEGABYTES, NICE = 120, 512, 10


def _limit() -> None:
    """Bound this process: it has a low priority, collects no garbage in its short life, and dies at the limits."""
    _bound("RLIMIT_CPU", CPU_SECONDS, CPU_SECONDS + 1)
    _bound("RLIMIT_AS", MEGABYTES << 20, MEGABYTES << 20)
    if hasattr(os, "nice"):
        os.nice(NICE)
    gc.disable()
    _end_with_the_bot()


def _bound(name: str, soft: int, hard: int) -> None:
    """Set a limit of this process, or the nearest that can be had; without any the wall clock bounds it."""
    try:
        import resource  # not on every platform, and needed in the child only

        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(kind, (soft, hard))
    except (ImportError, AttributeError, OSError, ValueError):  # Windows; a kernel that takes no such limit
        return


def _end_with_the_bot() -> None:
    """End this process when the bot's process ends, also if that is killed."""
    bot = multiprocessing.parent_process()
    assert bot is not None

    def wait() -> None:
        bot.join()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def do_once(work: Callable[[], object], results: Connection) -> None:
    """Do one job under limits, and send its result or its error."""
    _limit()
    _send_result(results, work)


def do_until_closed(jobs: Connection, results: Connection) -> None:
    """Do the jobs that come, until no more can."""
    _end_with_the_bot()
    while True:
        try:
            work = jobs.recv()
        except EOFError:
            return
        _send_result(results, work)


def _send_result(results: Connection, work: Callable[[], object]) -> None:
    try:
        result: tuple[object, Exception | None] = (work(), None)
    except MemoryError:
        os._exit(1)
    except Exception as error:
        result = (None, error)
    results.send(result)
