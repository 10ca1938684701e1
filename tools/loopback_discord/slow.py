"""Which callback held up an event loop: every one that ran long is logged with its task and where it stood.

The launcher installs this where LOOPBACK_SLOW=MILLISECONDS is set; the lines go to standard error.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import threading
from collections import Counter
from dataclasses import asdict, dataclass
from time import perf_counter, sleep, thread_time
from types import FrameType
from typing import Any

from tools.loopback_discord.heartbeat import Waits

MARK = "slow callback: "
DEEPEST, LONGEST, SHOWN = 24, 6, 3
BESIDES = re.compile(r"/(asyncio|discord|loopback_discord)/")
LOOK = 0.002  # seconds between two looks at where a callback stands
Place = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Slow:
    """A callback that ran long: when (``perf_counter``) and for how long; how much of that on a CPU, and how much waiting for
    one; how often it was seen where. The rest it waited for a lock, such as the interpreter's, or for a disk."""

    at: float
    ms: float
    cpu_ms: float
    waited_ms: float
    what: str
    places: tuple[str, ...] = ()

    @property
    def own_ms(self) -> float:
        return self.ms - self.waited_ms

    def covers(self, begin: float, end: float) -> bool:
        return self.at <= end and self.at + self.ms / 1000 >= begin

    def __str__(self) -> str:
        parts = f"{self.cpu_ms:.1f} on a CPU, {self.waited_ms:.1f} waiting for one"
        return f"{self.what}, {self.ms:.1f} ms ({parts})" + "".join(f"\n    - {place}" for place in self.places)


class Watch:
    """Times every callback of the process's event loops, and looks from a thread at those that run long."""

    def __init__(self, least_ms: float) -> None:
        self._least = least_ms / 1000
        self._running: float | None = None
        self._places: Counter[Place] = Counter()
        self._main = threading.main_thread().ident or 0
        self._collecting = self._cpu = 0.0
        self._waits = Waits()

    def install(self) -> None:
        watch, waits, original = self, self._waits, asyncio.Handle._run

        def _run(self: asyncio.Handle) -> None:
            what, on_cpu, waited = getattr(self, "_callback", None), thread_time(), waits.seconds()
            watch._running = begun = perf_counter()
            original(self)
            watch._running, took = None, perf_counter() - begun
            if took >= watch._least:
                watch._tell(begun, took, thread_time() - on_cpu, waits.seconds() - waited, named(what))
            watch._places.clear()

        asyncio.Handle._run = _run  # type: ignore[method-assign]
        gc.callbacks.append(self._collected)
        threading.Thread(target=self._look, name="slow-watch", daemon=True).start()

    def _tell(self, begun: float, took: float, on_cpu: float, waited: float, what: str) -> None:
        places = tuple(f"{count}× {written(place)}" for place, count in self._places.most_common(SHOWN))
        ms, cpu_ms, waited_ms = (round(seconds * 1000, 2) for seconds in (took, on_cpu, waited))
        found = Slow(begun, ms, cpu_ms, waited_ms, what, places)
        print(MARK + json.dumps(asdict(found)), file=sys.stderr, flush=True)

    def _look(self) -> None:
        while True:
            sleep(LOOK)
            begun = self._running
            if begun is not None and perf_counter() - begun >= self._least / 2:
                frame = sys._current_frames().get(self._main)
                if frame is not None and self._running == begun:
                    self._places[stack(frame)] += 1

    def _collected(self, phase: str, info: dict[str, int]) -> None:
        """Called by the garbage collector before and after it runs, in whichever thread it does."""
        if phase == "start":
            self._collecting, self._cpu = perf_counter(), thread_time()
        elif (took := perf_counter() - self._collecting) >= self._least / 2:
            thread = "" if threading.get_ident() == self._main else f" in the thread {threading.current_thread().name}"
            cpu = thread_time() - self._cpu
            self._tell(
                self._collecting,
                took,
                cpu,
                took - cpu,
                f"garbage collection of generation {info['generation']}{thread}",
            )


def named(callback: Any) -> str:
    """The coroutine of a task's step, or the callback's own name."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        coroutine = owner.get_coro()
        return f"task {owner.get_name()}: {getattr(coroutine, '__qualname__', coroutine)}"
    return str(getattr(callback, "__qualname__", callback))


def stack(frame: FrameType | None) -> Place:
    """Where a thread stands, the innermost call first."""
    places: list[tuple[str, str, int]] = []
    while frame is not None and len(places) < DEEPEST:
        places.append((frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return tuple(places)


def written(place: Place) -> str:
    """The innermost call, then those around it but for the machinery's own; files by the last two parts of their paths."""
    kept = [
        (path, name, line) for number, (path, name, line) in enumerate(place) if not number or not BESIDES.search(path)
    ]
    return " < ".join(f"{'/'.join(path.split('/')[-2:])}:{line} {name}" for path, name, line in kept[:LONGEST])


def told(log: str) -> list[Slow]:
    """The slow callbacks that a process's log tells of."""
    lines = (line.partition(MARK)[2] for line in log.splitlines() if MARK in line)
    return [Slow(**(found | {"places": tuple(found["places"])})) for found in map(json.loads, lines)]
