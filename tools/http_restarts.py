"""Questions over HTTP at a steady pace to three processes behind HAProxy, which are killed, stopped and hung in turn.

python -m tools.http_restarts [KILLS] [HANGS] [ENDS] [QUESTIONS_A_SECOND]

Each process has a data folder of its own; where PostgreSQL is installed they share a database. A question is sent as Discord sends it, signed and given up
after three seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.asked import Asked
from tests.postgres import Server, programs
from tools.loopback_discord.commands import Typed
from tools.loopback_discord.driver import BotProcess, start
from tools.loopback_discord.over_http import deliver, free_port
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import SLASH, LoopbackDiscord
from tools.restarts import ANSWERS, Restarts

WORKERS = 3
SECONDS_HUNG = 2.0
SECONDS_BETWEEN = (0.2, 0.8)
CONFIGURATION = """
global
    maxconn 1000
defaults
    mode http
    timeout connect 300ms
    timeout client 5s
    timeout server 900ms
    retries 3
    retry-on all-retryable-errors
    option redispatch 1
    default-server check inter 200ms fall 1 rise 1
frontend discord
    bind 127.0.0.1:{port}
    default_backend workers
backend workers
    balance roundrobin
    option httpchk GET /ready
"""


@dataclass
class Run:
    """Three processes, the proxy before them, and what was seen."""

    discord: LoopbackDiscord
    folder: Path
    database: str | None = None
    seen: Restarts = field(default_factory=Restarts)
    workers: list[BotProcess] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)

    async def run(self, kills: int, hangs: int, ends: int, pace: float) -> None:
        """Ask at a pace of so many a second while processes are ended so often."""
        chance = random.Random(2026)
        signals = [signal.SIGKILL] * kills + [signal.SIGSTOP] * hangs + [signal.SIGTERM] * ends
        chance.shuffle(signals)
        self.ports = [free_port() for _ in range(WORKERS)]
        self.workers = [await self._started(number) for number in range(WORKERS)]
        async with self._proxy() as url, asyncio.TaskGroup() as asking:
            loader = asking.create_task(self._ask(url, pace, asking))
            for how in signals:
                await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN))
                await self._end(chance.randrange(WORKERS), how)
            await asyncio.sleep(4)
            loader.cancel()
        for worker in self.workers:
            await worker.stop()

    async def _started(self, number: int) -> BotProcess:
        extra = {"SALESBOT_LISTEN": f"127.0.0.1:{self.ports[number]}"}
        if self.database is not None:
            extra["SALESBOT_DATABASE_URL"] = self.database
        worker = await start(self.discord, data_dir=self.folder / str(number), extra=extra)
        while not await self._is_ready(self.ports[number]):
            assert worker.exit_code is None, worker.log
            await asyncio.sleep(0.02)
        return worker

    @staticmethod
    async def _is_ready(port: int) -> bool:
        with contextlib.suppress(aiohttp.ClientError):
            async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/ready") as response:
                return response.status == 200
        return False

    async def _end(self, number: int, how: signal.Signals) -> None:
        worker = self.workers[number]
        if how is signal.SIGSTOP:
            os.kill(worker.pid, signal.SIGSTOP)
            await asyncio.sleep(SECONDS_HUNG)
            os.kill(worker.pid, signal.SIGCONT)
            self.seen.outcomes["hung"] += 1
            return
        self.seen.exits[await (worker.kill() if how is signal.SIGKILL else worker.stop(how, within=30))] += 1
        self.workers[number] = await self._started(number)

    @contextlib.asynccontextmanager
    async def _proxy(self) -> AsyncIterator[str]:
        program, port = shutil.which("haproxy"), free_port()
        assert program is not None, "HAProxy is not here (Debian: apt-get install haproxy)"
        servers = "".join(f"    server w{number} 127.0.0.1:{one}\n" for number, one in enumerate(self.ports))
        configuration = self.folder / "haproxy.cfg"
        configuration.write_text(CONFIGURATION.format(port=port) + servers)
        proxy = await asyncio.create_subprocess_exec(
            program,
            "-f",
            str(configuration),
            "-db",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.sleep(1)
            yield f"http://127.0.0.1:{port}/interactions"
        finally:
            proxy.terminate()
            await proxy.wait()

    async def _ask(self, url: str, pace: float, asking: asyncio.TaskGroup) -> None:
        number, typed = 0, Typed(self.discord.commands, self.discord._ids, self.discord.rest.url)
        while True:
            number += 1
            within = list(ANSWERS)[number % 3]
            data = typed.data("orders total", {"launch": "su7", "within": within})
            asked = self.discord.made(SLASH, data, MEMBER)
            asking.create_task(self._judge(url, asked, ANSWERS[within]))
            await asyncio.sleep(1 / pace)

    async def _judge(self, url: str, asked: Asked, expected: str) -> None:
        await deliver(url, asked)
        await self.seen.judge(asked, expected)


async def main(kills: int, hangs: int, ends: int, pace: float) -> int:
    """Print what was seen; 1 if a question was lost, answered twice or wrongly."""
    began, bin = perf_counter(), programs()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ending:
        server = Server(bin) if bin is not None else None
        if server is not None:
            ending.callback(server.remove)
        async with LoopbackDiscord() as discord:
            run = Run(discord, Path(folder), server.new() if server is not None else None)
            await run.run(kills, hangs, ends, pace)
            seconds, seen = perf_counter() - began, run.seen
            print("with a shared database" if server is not None else "without a database: PostgreSQL is not here")
            print(f"{kills} × kill -9, {hangs} × hung, {ends} × SIGTERM, {pace:g} questions a second, {seconds:.0f} s")
            print(f"{dict(seen.outcomes)}, slowest {seen.slowest:.2f} s; exit codes {dict(seen.exits)}")
    print("\n".join(seen.wrong[:5]))
    return int(bool(seen.wrong))


if __name__ == "__main__":
    given = [float(text) for text in sys.argv[1:]]
    kills, hangs, ends, pace = [*given, *(50, 10, 20, 50)[len(given) :]]
    sys.exit(asyncio.run(main(int(kills), int(hangs), int(ends), pace)))
