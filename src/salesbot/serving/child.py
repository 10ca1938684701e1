"""The program of a child process. Nothing else is imported here: a child waits for every import of its start.

Jobs come through its standard input and results leave through its standard output, each pickled and with its length
before it. When the input ends, the bot has ended, or needs the process no more.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import IO

CPU_SECONDS, MEGABYTES, NICE = 120, 512, 10
LENGTH = 8  # bytes of a length


def _limit() -> None:
    """Bound this process: it has a low priority, collects no garbage in its short life, and dies at the limits."""
    _bound("RLIMIT_CPU", CPU_SECONDS, CPU_SECONDS + 1)
    _bound("RLIMIT_AS", MEGABYTES << 20, MEGABYTES << 20)
    if hasattr(os, "nice"):
        os.nice(NICE)
    gc.disable()


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


def main() -> None:
    """Do the jobs that come; with the argument ``limited``, under limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which ends its processes
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no result
    if "limited" in sys.argv:
        _limit()
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(jobs,), daemon=True).start()
    while True:
        send(results, _result_of(jobs.get()))


def _take(jobs: SimpleQueue[bytes]) -> None:
    """Take jobs until no more can come, then end the process whatever it does, also if the bot was killed."""
    try:
        while True:
            jobs.put(receive(sys.stdin.buffer))
    finally:
        os._exit(1)


def _result_of(job: bytes) -> bytes:
    """What a job returned and what it raised, one of the two."""
    try:
        work: Callable[[], object] = pickle.loads(job)  # noqa: S301 - from the bot
        result: tuple[object, Exception | None] = (work(), None)
    except MemoryError:
        os._exit(1)
    except Exception as error:
        result = (None, error)
    return pickle.dumps(result)


def send(stream: IO[bytes], data: bytes) -> None:
    """Write bytes with their length before them."""
    stream.write(len(data).to_bytes(LENGTH, "little"))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read what was sent. Raises ``EOFError`` where the stream ends before it is whole."""
    length = int.from_bytes(_exactly(stream, LENGTH), "little")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


if __name__ == "__main__":
    main()
