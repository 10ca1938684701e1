"""Heavy work in child processes, so that nothing holds up the event loop and no pack takes the machine.

``ChildQueue`` runs work one process each, at most two at once, servers in turn. ``WarmProcess`` stays for charts.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from functools import partial
from itertools import zip_longest
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, ParamSpec, TypeVar, cast

from salesbot.errors import QuestionError, Refused
from salesbot.serving.child import do_once, do_until_closed

T = TypeVar("T")
P = ParamSpec("P")
SPAWN = multiprocessing.get_context("spawn")
WALL_SECONDS = 180.0
CHART_SECONDS = 20.0
SECONDS_TO_END = 5.0  # for a process that was killed
CHILDREN, WAITING_A_SERVER = 2, 10


class _Child(Generic[T]):
    """A process and the pipe that its results come through."""

    def __init__(self, process: SpawnProcess, results: Connection) -> None:
        self._process, self._results = process, results

    async def result(self, seconds: float, *, is_last: bool = False) -> T:
        """The next result. Raises ``QuestionError`` where the process ends without one, or takes too long.

        After the last one the process is gone.
        """
        receive = self._receive_last if is_last else self._results.recv
        try:
            value, error = await asyncio.wait_for(asyncio.to_thread(receive), seconds)
        except (EOFError, OSError, TimeoutError):
            self.kill()
            raise QuestionError("child_limit") from None
        if error is not None:
            raise error
        return cast(T, value)

    def _receive_last(self) -> Any:
        try:
            return self._results.recv()
        finally:
            self._process.kill()
            self._process.join(SECONDS_TO_END)

    def kill(self) -> None:
        """End the process now; whoever waits for a result gets none."""
        self._process.kill()


async def _started(
    target: Callable[..., None], results: tuple[Connection, Connection], *arguments: object
) -> _Child[Any]:
    """A process that is started in a thread, as that takes milliseconds."""
    ours, theirs = results
    process = SPAWN.Process(target=target, args=(*arguments, theirs), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    return _Child(process, ours)


class Place:
    """A place in the queue: how many jobs are before it, 0 while it runs."""

    def __init__(self) -> None:
        self.before = 0


class ChildQueue:
    """Work in processes of its own, at most ``CHILDREN`` at once; servers take turns."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Hashable, deque[tuple[asyncio.Future[None], Place]]] = OrderedDict()
        self._running: set[_Child[Any]] = set()
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
        child: _Child[T] | None = None
        try:
            child = await _started(do_once, SPAWN.Pipe(duplex=False), partial(work, *args, **named))
            self._running.add(child)
            return await child.result(WALL_SECONDS, is_last=True)
        finally:
            if child is not None:
                self._running.discard(child)
                child.kill()
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
        for child in self._running:
            child.kill()


class WarmProcess:
    """One child process that stays, for charts; it is started when first needed and replaced when it dies."""

    def __init__(self) -> None:
        self._child: _Child[Any] | None = None
        self._jobs: Connection | None = None
        self._one_at_a_time = asyncio.Lock()

    async def run(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run a function in the process; if it died meanwhile, once more in a new one. Raises ``QuestionError``."""
        async with self._one_at_a_time:
            is_new = self._child is None
            try:
                return cast(T, await self._run(partial(work, *arguments, **named)))
            except QuestionError:
                if is_new:
                    raise
            return cast(T, await self._run(partial(work, *arguments, **named)))

    async def _run(self, work: Callable[[], object]) -> object:
        if self._child is None or self._jobs is None:
            theirs, self._jobs = SPAWN.Pipe(duplex=False)
            self._child = await _started(do_until_closed, SPAWN.Pipe(duplex=False), theirs)
            theirs.close()
        try:
            try:
                self._jobs.send(work)
            except OSError:
                raise QuestionError("child_limit") from None
            return await self._child.result(CHART_SECONDS)
        except QuestionError as error:
            if error.message.key == "child_limit":
                self.close()
            raise

    def close(self) -> None:
        """End the process."""
        if self._child is not None:
            self._child.kill()
        self._child = self._jobs = None
