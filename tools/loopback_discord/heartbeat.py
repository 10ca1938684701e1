"""How late an event loop runs: a heartbeat that a bot's process carries, or one that beats alone as the control.

python -m tools.loopback_discord.heartbeat FILE     # alone; SIGUSR1 writes what was measured, SIGTERM writes it and ends

Times are those of ``perf_counter``, which all processes of one machine share on Linux.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from array import array
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Self

PAUSE = 0.001  # seconds


class Beat(NamedTuple):
    """A sleep that should have ended when ``due``, how late it did, and how long its thread waited for a CPU; seconds."""

    due: float
    late: float
    waited: float

    @property
    def own(self) -> float:
        """The lateness that no other process caused by holding the CPUs."""
        return max(0.0, self.late - self.waited)

    @property
    def end(self) -> float:
        return self.due + self.late


class Waits:
    """How long the thread that makes this has been ready to run without a CPU; always 0 where the kernel does not count it."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            self._file = -1

    def seconds(self) -> float:
        return int(os.pread(self._file, 80, 0).split()[1]) / 1e9 if self._file >= 0 else 0.0


class Heartbeat:
    """A sleep of a millisecond after another, and how much later than it should each one ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beats = array("d")

    async def beat(self) -> None:
        """Beat until cancelled; then, and at every SIGUSR1, write all that was measured."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.write)
        self.write()  # whoever waits for the file knows that it beats
        waits = Waits()
        waited = waits.seconds()
        try:
            while True:
                due = perf_counter() + PAUSE
                await asyncio.sleep(PAUSE)
                late, before, waited = perf_counter() - due, waited, waits.seconds()
                self._beats.extend((due, late, waited - before))
        finally:
            self.write()

    def write(self) -> None:
        aside = self._path.with_name(self._path.name + ".aside")
        aside.write_bytes(self._beats.tobytes())
        aside.rename(self._path)


@dataclass(frozen=True)
class Lateness:
    """What a heartbeat measured."""

    beats: tuple[Beat, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        values = iter(array("d", path.read_bytes()))
        return cls(tuple(map(Beat, values, values, values)))

    def during(self, spans: Iterable[tuple[float, float]]) -> Lateness:
        """Only the beats that were due, or still awaited, in one of the spans."""
        wanted = tuple(spans)
        return Lateness(
            tuple(beat for beat in self.beats if any(beat.due <= end and beat.end >= begin for begin, end in wanted))
        )

    @property
    def own(self) -> Lateness:
        """The same beats, each only as late as its own process made it."""
        return Lateness(tuple(Beat(beat.due, beat.own, 0.0) for beat in self.beats))

    def percentile_ms(self, percent: float) -> float:
        ordered = sorted(beat.late for beat in self.beats)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000

    @property
    def most_ms(self) -> float:
        return max(beat.late for beat in self.beats) * 1000

    def worst(self, count: int = 10) -> list[Beat]:
        """The beats that their own process made the latest, the worst first."""
        return sorted(self.beats, key=lambda beat: -beat.own)[:count]

    def cells(self) -> list[str]:
        """Count, p50, p99, p99.9 and the most, the last four in milliseconds."""
        if not self.beats:
            return ["0", "", "", "", ""]
        return [
            f"{len(self.beats):,}",
            *(f"{self.percentile_ms(percent):.1f}" for percent in (50, 99, 99.9)),
            f"{self.most_ms:.1f}",
        ]


HEADS = ("", "whose", "beats", "p50", "p99", "p99.9", "most")
MEANING = "Its own: without the time for which it was ready to run but other processes held the CPUs. The control is an idle event loop."


def compared(name: str, bot: Lateness, still: Lateness) -> list[list[str]]:
    """Rows of one part of a run: the bot, its own share, the control."""
    return [[name, "bot", *bot.cells()], ["", "its own", *bot.own.cells()], ["", "control", *still.cells()]]


def carry(client: Any, path: Path) -> None:
    """Make a class of Discord clients start a heartbeat with its login, in the client's own event loop."""
    original = client.login
    started: set[asyncio.Task[None]] = set()

    async def login(self: Any, token: str) -> None:
        if not started:
            started.add(asyncio.create_task(Heartbeat(path).beat(), name="heartbeat"))
        await original(self, token)

    client.login = login


async def measured(pid: int, path: Path, within: float = 30.0) -> Lateness:
    """What the heartbeat of a process measured so far."""
    size = _size(path)
    os.kill(pid, signal.SIGUSR1)
    await _until(lambda: _size(path) > size, within)
    return Lateness.read(path)


async def _until(condition: Callable[[], bool], within: float) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.01)


def _size(path: Path) -> int:
    """How much a heartbeat has written; -1 before it beats."""
    return path.stat().st_size if path.exists() else -1


@asynccontextmanager
async def control(path: Path) -> AsyncIterator[int]:
    """An idle event loop of the same interpreter in a process of its own, with a heartbeat; its process id."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tools.loopback_discord.heartbeat", str(path))
    try:
        await _until(lambda: _size(path) >= 0, 20)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def alone(path: Path) -> None:
    """Beat until SIGTERM."""
    beating = asyncio.create_task(Heartbeat(path).beat())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, beating.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await beating


if __name__ == "__main__":
    asyncio.run(alone(Path(sys.argv[1])))
