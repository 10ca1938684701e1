"""Processes that share a database, while facts are published: how long until all serve them, and none goes back.

python -m tools.sharing [PROCESSES] [CHANGES] [MEGABYTES]

It starts a PostgreSQL of its own. A version of about 1 MB is published so often by one process, and a row of it asked of
every other; then one of so many megabytes (a snapshot of the same facts with a table beside them that nobody reads), and
one after the database was killed in the middle.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from msgspec import structs

from salesbot.packs.reading import read_pack
from salesbot.serving.served_packs import ServedFacts
from salesbot.serving.shared_packs import SharedPacks
from salesbot.settings import seed_pack
from salesbot.storage.catalog import SHARED
from salesbot.storage.shared.sharing import Sharing
from salesbot.storage.snapshot_writer import write_snapshot
from tests.postgres import Server, programs

MEGABYTE = 1 << 20
PATIENCE = 120.0
TICK = 0.005  # seconds between looks at how late the event loop is


async def serve(url: str, folder: Path) -> None:
    """One process: it prints each activation that it serves, and when."""
    packs = SharedPacks(seed_pack(), folder, None, Sharing(url))
    told, latest = 0, 0.0
    swap = packs.swap_to_newest

    def tell() -> None:
        nonlocal told, latest
        served: ServedFacts = packs.shared
        if served.activation.id != told:
            told = served.activation.id
            print(json.dumps({"id": told, "at": time.time(), "late": latest}), flush=True)
            latest = 0.0

    def swapped(scopes: list[str]) -> None:
        swap(scopes)
        tell()

    packs.swap_to_newest = swapped  # type: ignore[method-assign, assignment]
    packs.follow(asyncio.get_running_loop())
    tell()
    while True:
        due = time.monotonic() + TICK
        await asyncio.sleep(TICK)
        latest = max(latest, time.monotonic() - due)


class Watched:
    """A process, and what it has served when."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process, self.served = process, list[tuple[int, float]]()
        self.late: dict[int, float] = {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            told = json.loads(line)
            self.served.append((told["id"], told["at"]))
            self.late[told["id"]] = told["late"]

    def when(self, id: int) -> float | None:
        """When it served an activation."""
        return next((at for one, at in self.served if one == id), None)

    @property
    def steps_back(self) -> int:
        """How often it served an earlier activation than before."""
        ids = [id for id, _ in self.served]
        return sum(later < earlier for earlier, later in pairwise(ids))


class Trial:
    """A database, a process that publishes, and others that follow."""

    def __init__(self, folder: Path, server: Server, count: int) -> None:
        self.folder, self.server, self.count = folder, server, count
        self.url = server.new()
        self.processes: list[Watched] = []
        self._version, self.latest = 0, 0.0

    async def start(self) -> None:
        """Start every process."""
        self.packs = SharedPacks(seed_pack(), self.folder / "publisher", None, Sharing(self.url))
        self.packs.follow(asyncio.get_running_loop())
        for number in range(self.count):
            command = (sys.executable, "-m", "tools.sharing", "serve", self.url, str(self.folder / str(number)))
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
            self.processes.append(Watched(process))
        await self._all_serve(self.packs.shared.activation.id)

    def snapshot(self, size: int) -> Path:
        """A snapshot of the seed pack of another version, made larger by a table that nobody reads."""
        self._version += 1
        facts = read_pack(seed_pack())
        facts = structs.replace(facts, version=f"trial.{self._version}")
        path = write_snapshot(facts, self.folder / "made")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("create table padding (data blob)")
            missing = max(0, size - path.stat().st_size)
            data = random.Random(self._version).randbytes(min(missing, MEGABYTE))
            connection.execute("begin")
            connection.executemany("insert into padding values (?)", [(data,)] * (missing // max(1, len(data))))
            connection.execute("commit")
        return path

    async def publish(self, path: Path) -> tuple[int, float]:
        """Publish a snapshot; returns the activation and when it was begun."""
        began = time.time()
        live = self.packs.catalog.active(SHARED)
        activation = await asyncio.to_thread(self._publish, path, live.id if live else None)
        return activation, began

    def _publish(self, path: Path, expected: int | None) -> int:
        from salesbot.storage.shared.sharing import with_own_connection
        from salesbot.storage.snapshot_files import file_digest

        digest = file_digest(path)
        with_own_connection(self.packs.sharing, lambda database: database.store(path, digest))

        def publish() -> int:
            changing = self.packs._changing
            made = changing.publish(SHARED, path, by=None, why="reload", at=0, expected=expected, digest=digest)
            return made.id

        return self.packs.sharing.make_now(publish)

    async def seconds(self, path: Path) -> list[float]:
        """How long after it was begun each process served a snapshot."""
        id, began = await self.publish(path)
        await self._all_serve(id)
        self.latest = max(process.late[id] for process in self.processes)
        return [(process.when(id) or 0) - began for process in self.processes]

    async def _all_serve(self, id: int) -> None:
        until = time.monotonic() + PATIENCE
        while not all(process.when(id) for process in self.processes):
            if time.monotonic() > until:
                raise TimeoutError(f"activation {id} is not served by all: {[p.served[-1:] for p in self.processes]}")
            await asyncio.sleep(0.01)

    def stop(self) -> None:
        """End every process."""
        for process in self.processes:
            process.process.kill()
        self.packs.sharing.close()
        self.packs.catalog.close()


async def run(count: int, changes: int, megabytes: int) -> int:
    """Publish so often, and print what was seen; returns the exit code."""
    bin = programs()
    if bin is None:
        print("PostgreSQL is not here (Debian: apt-get install postgresql)")
        return 1
    server = Server(bin)
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder), server, count)
        try:
            await trial.start()
            small: list[float] = []
            for _ in range(changes):
                path = await asyncio.to_thread(trial.snapshot, int(1.3 * MEGABYTE))
                small += await trial.seconds(path)
            print(_told(f"{changes} of 1.3 MB", small))
            large = await trial.seconds(await asyncio.to_thread(trial.snapshot, megabytes * MEGABYTE))
            print(
                _told(f"one of {megabytes} MB", large)
                + f"; the event loops were {trial.latest * 1000:.0f} ms late at most"
            )
            waiting = await asyncio.to_thread(trial.snapshot, int(1.3 * MEGABYTE))
            await asyncio.to_thread(server.stop, "immediate")
            await asyncio.sleep(2)
            await asyncio.to_thread(server.start)
            back = time.time()
            id, _ = await _until_published(trial, waiting)
            await trial._all_serve(id)
            print(_told("after the database was killed", [(p.when(id) or 0) - back for p in trial.processes]))
            backwards = sum(process.steps_back for process in trial.processes)
            print(f"{count} processes, {backwards} steps back")
        finally:
            trial.stop()
            server.remove()
    return 1 if backwards else 0


async def _until_published(trial: Trial, path: Path) -> tuple[int, float]:
    from salesbot.errors import Refused

    while True:
        try:
            return await trial.publish(path)
        except Refused:
            await asyncio.sleep(0.05)


def _told(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"{what}: p50 {statistics.median(ordered):.3f} s, p99 {p99:.3f} s, worst {ordered[-1]:.3f} s"


def main() -> int:
    """Run the trial, or one process of it."""
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(sys.argv[2], Path(sys.argv[3])))
        return 0
    count, changes, megabytes = (*map(int, sys.argv[1:]), *(8, 50, 132)[len(sys.argv) - 1 :])
    return asyncio.run(run(count, changes, megabytes))


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
