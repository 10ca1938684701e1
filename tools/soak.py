"""``make soak``: the real bot under a mixed load, with faults drawn at random from every table, for minutes.

python -m tools.soak [MINUTES] [SEED]

People ask, press, type and check messages; a moderator changes a number and takes it back; requests fail, the gateway
fails, another program holds files, the disk fills up (as root, on Linux), the process is killed and stopped. Right
means: each answer is one of those that the facts give, once; what is not answered was sent while the bot was gone for
longer than Discord waits, or its session was; at the end memory, files, threads and processes are what they were.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.asked import Asked, Unanswered
from salesbot.settings import seed_pack
from tools.loopback_discord.driver import BotProcess, ready, start
from tools.loopback_discord.fault_table import FAULTS
from tools.loopback_discord.faults import Status
from tools.loopback_discord.payloads import MEMBER, MODERATOR, Upload
from tools.loopback_discord.server import LoopbackDiscord, until

PAUSE = 0.15  # seconds between questions
SECONDS_BETWEEN_FAULTS, SECONDS_BETWEEN_CHANGES, SECONDS_BETWEEN_SAMPLES = 6.0, 15.0, 10.0
PATIENCE = 60.0
SECONDS_TO_DELIVER = 2.0  # of Discord's three; a question that it could not deliver in these may be lost
GRACE = 4.0  # seconds after a fault of the process or its session in which a question may be lost
OLD, NEW = "88,898", "88,899"
ORDERS = (seed_pack() / "orders.csv").read_bytes()
CHANGED = Upload("orders.csv", ORDERS.replace(b"88898", b"88899"), "text/csv")
QUESTIONS: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("orders total", {"launch": "su7", "within": "72h"}, ("106,200–118,000",)),
    ("orders total", {"launch": "su7", "within": "24h", "metric": "orders"}, (OLD, NEW)),
    ("orders stores", {"launch": "su7"}, ("59 sales stores",)),
    ("orders progress", {"launch": "su7", "at": "1h"}, ("50,000",)),
    ("prices changes", {"model": "model-y", "trim": "RWD", "since": "2024-03-15", "until": "2024-04-25"}, ("−9,000",)),
    ("prices show", {"model": "su7", "on": "2024-04-01"}, ("215,900",)),
    ("timeline check", {"first": "musk-post", "second": "su7-launch"}, ("20 h 30 min to 27 h 30 min",)),
    ("claims check", {"claim": "sold-45000"}, ("45,000",)),
    ("ask", {"question": "su7 locked orders by 30 April 2024"}, ("88,063",)),
    ("help", {}, ("Ask about product launches",)),
]


@dataclass
class Samples:
    """What the process held, over time: resident memory in MiB, files, threads, processes of its own."""

    rows: list[tuple[float, float, int, int, int]] = field(default_factory=list)

    def take(self, at: float, bot: BotProcess) -> None:
        """Note what a process holds now."""
        with contextlib.suppress(OSError):
            tasks = os.listdir(f"/proc/{bot.pid}/task")
            children = sum(len(Path(f"/proc/{bot.pid}/task/{one}/children").read_text().split()) for one in tasks)
            files = len(os.listdir(f"/proc/{bot.pid}/fd"))
            self.rows.append((at, bot.memory_mib(), files, len(tasks), children))


class Soak:
    """One run."""

    def __init__(self, discord: LoopbackDiscord, folder: Path, log: Path, seed: int) -> None:
        self._discord, self._folder, self._log, self._random = discord, folder, log, random.Random(seed)
        self._bot: BotProcess | None = None
        self._excused: list[tuple[float, float]] = []  # when questions may be lost
        self._is_filling = False
        self.outcomes: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.lives: list[Samples] = []

    async def run(self, minutes: float) -> None:
        """Ask and break for so many minutes; then the bot has to be as it was."""
        end = perf_counter() + minutes * 60
        await self._start()
        async with asyncio.TaskGroup() as tasks:
            asking = [tasks.create_task(work(end)) for work in (self._ask, self._change, self._break, self._sample)]
        del asking
        self._discord.faults.clear()
        assert self._bot is not None
        await until(lambda: self._discord.gateway.is_ready, 60, "the bot did not come back")
        for name, typed, expected in QUESTIONS:
            await self._judge(self._discord.slash(name, MEMBER, **typed), expected)
        self.outcomes["exit code 0 at the end"] += int(await self._bot.stop() == 0)

    async def _start(self) -> None:
        began = perf_counter()
        extra = {"SALESBOT_DATA_DIR": str(self._folder / "data")}
        is_first = self._bot is None
        self._bot = await start(self._discord, data_dir=self._log, extra=extra)
        await ready(self._discord, self._bot, 90)
        if is_first:
            self._excused.append((began, perf_counter() + GRACE))
        self.lives.append(Samples())

    # the load

    async def _ask(self, end: float) -> None:
        async with asyncio.TaskGroup() as judging:
            while perf_counter() < end:
                name, typed, expected = self._random.choice(QUESTIONS)
                if self._random.random() < 0.1:
                    asked = self._discord.autocomplete("orders total", "launch", "su", MEMBER)
                    judging.create_task(self._judge(asked, ()))
                else:
                    judging.create_task(self._judge(self._discord.slash(name, MEMBER, **typed), expected))
                await asyncio.sleep(PAUSE * self._random.uniform(0.5, 1.5))

    async def _judge(self, asked: Asked, expected: tuple[str, ...]) -> None:
        try:
            await asked.within(PATIENCE)
        except Unanswered:
            is_excused = any(begin <= asked.sent <= until for begin, until in self._excused)
            self.outcomes["lost while the bot or its session was gone" if is_excused else "LOST"] += 1
            if not is_excused:
                self.wrong.append(asked.story())
            return
        if asked.choices is not None:
            self.outcomes["completed"] += 1
            return
        if len(asked.seen) != 1 or not any(one in asked.text for one in expected):
            self.outcomes["WRONG"] += 1
            self.wrong.append(f"{asked.story()}\n{len(asked.seen)} messages\n{asked.text}")
            return
        self.outcomes["answered rightly"] += 1
        buttons = asked.buttons
        if "Show working" in buttons and self._random.random() < 0.2 and "working" not in asked.payload["data"]:
            pressed = self._discord.click(buttons["Show working"], MEMBER, on=asked.message)
            await self._judge_press(pressed)

    async def _judge_press(self, pressed: Asked) -> None:
        try:
            await pressed.within(PATIENCE)
        except Unanswered:
            is_excused = any(begin <= pressed.sent <= until for begin, until in self._excused)
            self.outcomes["lost while the bot or its session was gone" if is_excused else "LOST"] += 1
            if not is_excused:
                self.wrong.append(pressed.story())
            return
        is_right = len(pressed.seen) == 1 and ("Working" in pressed.text or "Sources" in pressed.text)
        self.outcomes["pressed rightly" if is_right else "WRONG"] += 1
        if not is_right:
            self.wrong.append(f"{pressed.story()}\n{pressed.text}")

    async def _change(self, end: float) -> None:
        """A moderator changes a number, and takes it back."""
        while perf_counter() < end:
            await asyncio.sleep(SECONDS_BETWEEN_CHANGES * self._random.uniform(0.5, 1.5))
            with contextlib.suppress(Unanswered):
                shown = await self._discord.slash("data import", MODERATOR, file=CHANGED).within(PATIENCE)
                if "Confirm" in shown.buttons:
                    await self._discord.click(shown.buttons["Confirm"], MODERATOR, on=shown.message).within(PATIENCE)
                    self.outcomes["changes confirmed"] += 1
                else:
                    self.outcomes["changes refused"] += 1
                await asyncio.sleep(2)
                await self._discord.slash("data undo", MODERATOR).within(PATIENCE)

    async def _sample(self, end: float) -> None:
        while perf_counter() < end:
            await asyncio.sleep(SECONDS_BETWEEN_SAMPLES)
            if self._bot is not None:
                self.lives[-1].take(perf_counter(), self._bot)

    # the faults

    async def _break(self, end: float) -> None:
        faults: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (10, self._rest),
            (6, self._gateway),
            (3, self._silent_gateway),
            (3, self._refused_gateway),
            (3, self._locked_file),
            (2, self._disk),
            (1, self._lost_session),
            (1, self._killed),
            (1, self._stopped),
        ]
        weights = [weight for weight, _ in faults]
        while perf_counter() < end:
            await asyncio.sleep(SECONDS_BETWEEN_FAULTS * self._random.uniform(0.5, 1.5))
            (_, fault) = self._random.choices(faults, weights)[0]
            try:
                await fault()
            except AssertionError as error:
                self.wrong.append(f"after {fault.__name__}: {error}")
            self.faults[fault.__name__.strip("_").replace("_", " ")] += 1

    async def _rest(self) -> None:
        kind = self._random.choice(["callback", "edit", "upload"])
        self._discord.fail(kind, self._random.choice(list(FAULTS.values())), times=self._random.choice([1, 2, 4]))

    async def _gateway(self) -> None:
        gateway = self._discord.gateway
        trouble = self._random.choice(
            [
                gateway.drop,
                gateway.ask_to_reconnect,
                lambda: gateway.invalidate(is_resumable=True),
                gateway.send_malformed,
                lambda: gateway.send_spoilt(self._random.randbytes(100)),
                lambda: gateway.close(self._random.choice([4000, 4001, 4002, 4005, 4008, 1001])),
            ]
        )
        trouble()

    async def _silent_gateway(self) -> None:
        gateway = self._discord.gateway
        gateway.is_acking = False
        await asyncio.sleep(3 * gateway.heartbeat_interval)
        gateway.is_acking = True

    async def _refused_gateway(self) -> None:
        began = perf_counter()
        self._discord.fail("handshake", Status(503), times=2)
        self._discord.gateway.closes_before_hello = 1
        self._discord.gateway.drop()
        await asyncio.sleep(0.1)
        await until(lambda: self._discord.gateway.is_ready, 60, "no connection")
        if perf_counter() - began > SECONDS_TO_DELIVER:
            self._excused.append((began, perf_counter()))

    async def _lost_session(self) -> None:
        began = perf_counter()
        self._discord.gateway.invalidate(is_resumable=False)
        await asyncio.sleep(0.5)
        await until(lambda: self._discord.gateway.is_ready, 60, "no new session")
        self._excused.append((began - GRACE, perf_counter() + GRACE))

    async def _locked_file(self) -> None:
        name = self._random.choice(["lines", "choices", "declined", "catalog"])
        holder = sqlite3.connect(self._folder / "data" / f"{name}.sqlite", timeout=0.1, isolation_level=None)
        try:
            with contextlib.suppress(sqlite3.OperationalError):
                holder.execute("begin exclusive")
            await asyncio.sleep(self._random.uniform(0.5, 4))
        finally:
            holder.close()

    async def _disk(self) -> None:
        if not self._is_filling:
            return
        filler = self._folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 65536)
        await asyncio.sleep(self._random.uniform(1, 5))
        filler.unlink(missing_ok=True)

    async def _killed(self) -> None:
        await self._again(signal.SIGKILL)

    async def _stopped(self) -> None:
        await self._again(signal.SIGTERM)

    async def _again(self, how: signal.Signals) -> None:
        """End the process and start it anew: nothing is lost, unless the start takes Discord's three seconds."""
        began = perf_counter()
        assert self._bot is not None
        code = await (self._bot.kill() if how is signal.SIGKILL else self._bot.stop(how, within=30))
        if code != (-signal.SIGKILL if how is signal.SIGKILL else 0):
            self.wrong.append(f"exit code {code} after {how.name}\n{self._bot.log[-3000:]}")
        await self._start()
        if perf_counter() - began > SECONDS_TO_DELIVER:
            self._excused.append((began, perf_counter()))

    def use_disk(self) -> None:
        """The folder is a small disk of its own, which may be filled."""
        self._is_filling = True

    # the end

    def report(self) -> str:
        """What was done and seen, as text."""
        lines = [f"faults: {dict(self.faults)}", f"outcomes: {dict(self.outcomes)}"]
        for number, life in enumerate(self.lives, 1):
            rows = life.rows
            if len(rows) >= 6:
                first, last = rows[len(rows) // 3], rows[-1]
                lines.append(
                    f"process {number}, {last[0] - rows[0][0]:.0f} s: memory {first[1]:.0f} to {last[1]:.0f} MiB,"
                    f" files {first[2]} to {last[2]}, threads {first[3]} to {last[3]}, children {first[4]} to {last[4]}"
                )
        if self.wrong and self._bot is not None:
            lines.append(f"\n--- log ---\n{self._bot.log[-6000:]}")
        lines += [f"\n--- wrong ---\n{text}" for text in self.wrong[:20]]
        return "\n".join(lines)


def _mounted(folder: str) -> bool:
    """Whether a small disk could be put there."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _unmounted(folder: str) -> None:
    subprocess.run(["umount", "-l", folder], check=False)


async def soak(minutes: float, seed: int) -> int:
    """Run it in a folder of its own; the exit code is 1 if anything was wrong or lost."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as log:
        has_disk = _mounted(folder)
        try:
            async with LoopbackDiscord(deadline=3.0, patience=PATIENCE) as discord:
                discord.gateway.heartbeat_interval = 2.0
                run = Soak(discord, Path(folder), Path(log), seed)
                if has_disk:
                    run.use_disk()
                print(f"soak of {minutes:g} minutes, seed {seed}, {'with' if has_disk else 'without'} a disk to fill")
                try:
                    await run.run(minutes)
                finally:
                    print(run.report())
                return int(bool(run.wrong))
        finally:
            if has_disk:
                _unmounted(folder)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    wanted = float(arguments[0]) if arguments else 30.0
    sys.exit(asyncio.run(soak(wanted, int(arguments[1]) if len(arguments) > 1 else 2026)))
