"""Questions worked out in threads, so that none holds up the event loop and no server holds up another.

Each server has at most two threads at once, servers take turns, a question that many ask is worked out once, and each
has a deadline. The threads are daemons: none keeps the process from ending.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from contextvars import Context, copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar, cast

from msgspec import Struct

from salesbot.deadline import deadline
from salesbot.errors import QuestionError

V = TypeVar("V")
SWITCH_INTERVAL = 0.0005  # seconds after which a thread lets the event loop run
SECONDS = 2.2  # for a question, its wait included: Discord waits three seconds for the first reply
GRACE = 0.3  # seconds that a thread may take to notice its deadline before its asker is told
THREADS, THREADS_A_SERVER, WAITING_A_SERVER = 8, 2, 200


def shorten_switch_interval() -> None:
    """Let the event loop run soon while a thread works a question out."""
    sys.setswitchinterval(SWITCH_INTERVAL)


class _Job(Struct):
    """A question on its way: its thread works until ``until`` (of the monotonic clock), in its asker's context."""

    server: Hashable
    make: Callable[[], Any]
    until: float
    done: asyncio.Future[Any]
    context: Context

    def resolve(self, value: object, error: BaseException | None) -> None:
        if self.done.done():
            return
        if error is not None:
            self.done.set_exception(error)
        else:
            self.done.set_result(value)


class AnswerThreads:
    """The threads of a process, for one event loop."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._waiting: OrderedDict[Hashable, deque[_Job]] = OrderedDict()
        self._running: dict[Hashable, int] = {}
        self._pending: dict[Hashable, asyncio.Future[Any]] = {}
        self._jobs: SimpleQueue[tuple[_Job, asyncio.AbstractEventLoop]] = SimpleQueue()
        self._threads = 0

    async def run(self, server: Hashable, key: Hashable, make: Callable[[], V]) -> V:
        """What ``make`` makes in a thread of ``server``; whoever asks the same ``key`` meanwhile gets it too.

        Raises ``QuestionError`` where it takes too long, or too many questions of the server wait already.
        """
        done = self._pending.get(key)
        if done is None:
            done = self._submit(server, key, make)
        try:
            return cast(V, await asyncio.wait_for(asyncio.shield(done), self._seconds + GRACE))
        except TimeoutError:
            raise QuestionError("question_too_slow") from None

    def _submit(self, server: Hashable, key: Hashable, make: Callable[[], Any]) -> asyncio.Future[Any]:
        queue = self._waiting.get(server)
        if queue is not None and len(queue) >= WAITING_A_SERVER:
            raise QuestionError("server_busy")
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[key] = done

        def finished(done: asyncio.Future[Any]) -> None:
            self._pending.pop(key, None)
            if not done.cancelled():
                done.exception()  # its askers may all have left

        done.add_done_callback(finished)
        job = _Job(server, make, time.monotonic() + self._seconds, done, copy_context())
        self._waiting.setdefault(server, deque()).append(job)
        self._start_next()
        return done

    def _start_next(self) -> None:
        """Start what may run now; the server that was served last goes to the end of the line."""
        for server in list(self._waiting):
            while self._may_start(server):
                job = self._waiting[server].popleft()
                if not self._waiting[server]:
                    del self._waiting[server]
                else:
                    self._waiting.move_to_end(server)
                self._start(job)

    def _may_start(self, server: Hashable) -> bool:
        running = self._running.get(server, 0)
        return server in self._waiting and running < THREADS_A_SERVER and sum(self._running.values()) < THREADS

    def _start(self, job: _Job) -> None:
        if job.done.done():
            return
        if time.monotonic() > job.until:
            job.resolve(None, QuestionError("server_busy"))
            return
        self._running[job.server] = self._running.get(job.server, 0) + 1
        if self._threads < min(THREADS, sum(self._running.values())):
            self._threads += 1
            Thread(target=self._work, name=f"answers-{self._threads}", daemon=True).start()
        self._jobs.put((job, asyncio.get_running_loop()))

    def _work(self) -> None:
        while True:
            job, loop = self._jobs.get()
            value, error = None, None
            try:
                value = job.context.run(_timed, job)
            except BaseException as raised:
                error = raised
            try:
                loop.call_soon_threadsafe(self._finish, job, value, error)
            except RuntimeError:  # the loop is closed
                return

    def _finish(self, job: _Job, value: object, error: BaseException | None) -> None:
        left = self._running[job.server] - 1
        if left:
            self._running[job.server] = left
        else:
            del self._running[job.server]
        job.resolve(value, error)
        self._start_next()


def _timed(job: _Job) -> object:
    with deadline(job.until - time.monotonic()):
        return job.make()
