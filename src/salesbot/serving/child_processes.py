"""Heavy work in child processes, so that nothing holds up the event loop and no pack takes the machine.

``ChildQueue`` runs work one process each, at most two at once, servers in turn. ``WarmProcess`` stays for charts.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import subprocess
import sys
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from functools import partial
from itertools import zip_longest
from subprocess import PIPE
from typing import ParamSpec, TypeVar, cast

from salesbot.errors import QuestionError, Refused
from salesbot.serving import child

T = TypeVar("T")
P = ParamSpec("P")
WALL_SECONDS = 180.0
CHART_SECONDS = 20.0
SECONDS_TO_END = 5.0  # for a process that was killed
CHILDREN, WAITING_A_SERVER = 2, 10
# for the GNU C library: freed memory stays with the process, as getting it anew took a third of a picture's time
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(64 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}


class _Child:
    """A process that does jobs, one at a time; it is started for the first one."""

    def __init__(self, *options: str, **environment: str) -> None:
        self._options, self._environment = options, environment
        self._process: subprocess.Popen[bytes] | None = None
        self.is_killed = False

    async def run(self, work: Callable[[], T], seconds: float, *, is_last: bool = False) -> T:
        """Do a job. Raises ``QuestionError`` where the process ends without a result, or takes too long.

        After the last one the process is gone.
        """
        try:
            value, error = await asyncio.wait_for(asyncio.to_thread(self._done, work, is_last), seconds)
        except (EOFError, OSError, TimeoutError):
            self.kill()
            raise QuestionError("child_limit") from None
        except asyncio.CancelledError:
            self.kill()  # its result would be taken for that of the next job
            raise
        if error is not None:
            raise error
        return cast(T, value)

    def _done(self, work: Callable[[], object], is_last: bool) -> tuple[object, Exception | None]:
        try:
            process = self._process or self._started()
            assert process.stdin is not None and process.stdout is not None
            child.send(process.stdin, pickle.dumps(work))
            result: tuple[object, Exception | None] = pickle.loads(child.receive(process.stdout))  # noqa: S301 - our own
        except BaseException:
            self.end()
            raise
        if is_last:
            self.end()
        return result

    def _started(self) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-P", child.__file__, *self._options]
        modules = os.pathsep.join(path or os.getcwd() for path in sys.path)
        environment = os.environ | {"PYTHONPATH": modules} | self._environment
        self._process = subprocess.Popen(program, stdin=PIPE, stdout=PIPE, env=environment)  # noqa: S603 - our own
        weakref.finalize(self, _end, self._process)  # who forgets a process, or ends, leaves none behind
        if self.is_killed:  # meanwhile
            self._process.kill()
        return self._process

    def kill(self) -> None:
        """End the process now; whoever waits for a result gets none."""
        self.is_killed = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """End the process, which does nothing now, and wait until it is gone."""
        self.kill()
        if self._process is not None:
            _end(self._process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):  # what could not be written any more
            if pipe is not None:
                pipe.close()


class Place:
    """A place in the queue: how many jobs are before it, 0 while it runs."""

    def __init__(self) -> None:
        self.before = 0


class ChildQueue:
    """Work in processes of its own, at most ``CHILDREN`` at once; servers take turns."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Hashable, deque[tuple[asyncio.Future[None], Place]]] = OrderedDict()
        self._running: set[_Child] = set()
        self._taken = 0

    @property
    def running(self) -> int:
        """How many processes are at work."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return sum(map(len, self._waiting.values()))

    async def run(self, server: Hashable, place: Place, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Run a function once its turn comes; ``place`` tells how many are before it.

        Raises ``Refused`` where too much of a server's work waits already, and ``QuestionError`` where the work takes
        too much time or memory.
        """
        await self._turn(server, place)
        process = _Child("limited")
        self._running.add(process)
        try:
            return await process.run(partial(work, *args, **named), WALL_SECONDS, is_last=True)
        finally:
            self._running.discard(process)
            process.kill()
            self._taken -= 1
            self._start_next()

    async def _turn(self, server: Hashable, place: Place) -> None:
        queue = self._waiting.setdefault(server, deque())
        if len(queue) >= WAITING_A_SERVER:
            raise Refused("queue_full", count=WAITING_A_SERVER)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append((turn, place))
        self._start_next()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._taken -= 1
            self._start_next()
            raise

    def _start_next(self) -> None:
        while self._taken < CHILDREN and self._waiting:
            server, queue = next(iter(self._waiting.items()))
            turn, place = queue.popleft()
            self._waiting.move_to_end(server)
            if not queue:
                del self._waiting[server]
            if not turn.done():
                self._taken += 1
                place.before = 0
                turn.set_result(None)
        for before, place in enumerate(self._in_order(), self._taken):
            place.before = before

    def _in_order(self) -> list[Place]:
        """The places that wait, in the order that they will have their turn."""
        rounds = zip_longest(*([place for _, place in queue] for queue in self._waiting.values()))
        return [place for places in rounds for place in places if place is not None]

    def close(self) -> None:
        """End every process."""
        for process in self._running:
            process.kill()


class WarmProcess:
    """One child process that stays, for charts; it is started when first needed and replaced when it dies."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._is_closed = False
        self._one_at_a_time = asyncio.Lock()

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a function in the process; if it died meanwhile, once more in a new one. Raises ``QuestionError``."""
        async with self._one_at_a_time:
            is_new = not self._is_there()
            try:
                return await self._run(partial(work, *arguments, **named))
            except QuestionError:
                if is_new or self._is_there():
                    raise
            return await self._run(partial(work, *arguments, **named))

    def _is_there(self) -> bool:
        return self._child is not None and not self._child.is_killed

    async def _run(self, work: Callable[[], T]) -> T:
        if self._is_closed:
            raise QuestionError("child_limit")
        if self._child is None or self._child.is_killed:
            self._child = _Child(**KEEP_MEMORY)
        return await self._child.run(work, CHART_SECONDS)

    def close(self) -> None:
        """End the process, and start no other."""
        self._is_closed = True
        if self._child is not None:
            if self._one_at_a_time.locked():
                self._child.kill()
            else:
                self._child.end()
        self._child = None
