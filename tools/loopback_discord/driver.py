"""Start a bot against a loopback Discord, ask it things, and measure what they cost.

python -m tools.loopback_discord.driver [ROUNDS] [INTERACTIONS_A_ROUND]
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import BinaryIO

from benchmarks.asked import Asked
from tools.loopback_discord.server import LoopbackDiscord, until

REPOSITORY = Path(__file__).resolve().parents[2]
SALESBOT, BARE_BOT = "bot", "benchmarks.bare_bot"


class BotDied(AssertionError):
    """The process ended before its time; the message ends with its log."""


class BotProcess:
    """A bot running as a process of its own, with all it printed in ``log``."""

    def __init__(self, process: asyncio.subprocess.Process, log_path: Path) -> None:
        self._process = process
        self._log_path = log_path
        self.pid = process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    @property
    def log(self) -> str:
        return self._log_path.read_text(errors="replace")

    def cpu_seconds(self) -> float:
        """CPU time of all threads so far, to the nanosecond, from the kernel's clock of that process; children are not in it."""
        return time.clock_gettime(~self.pid << 3 | 2)

    def memory_mib(self) -> float:
        """Resident memory now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def exited(self, within: float = 20.0) -> int:
        """Its exit code, once it ends by itself."""
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def stop(self, how: signal.Signals = signal.SIGINT, within: float = 15.0) -> int:
        """Ask it to end, and kill it if it does not; its exit code (negative: the signal that ended it)."""
        if self.exit_code is None:
            self._process.send_signal(how)
        try:
            return await self.exited(within)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """``kill -9``."""
        if self.exit_code is None:
            self._process.kill()
        return await self._process.wait()


def environment(
    discord: LoopbackDiscord, data_dir: Path, pack_dir: Path | None, extra: Mapping[str, str]
) -> dict[str, str]:
    """What a bot's process sees: where its Discord is, and no setting of the developer's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SALESBOT_")}
    own = {
        "LOOPBACK_REST": discord.rest_url,
        "LOOPBACK_GATEWAY": discord.gateway_url,
        "SALESBOT_DISCORD_TOKEN": discord.token,
        "SALESBOT_DATA_DIR": str(data_dir),
        "PYTHONPATH": os.pathsep.join(map(str, (REPOSITORY, REPOSITORY / "src"))),
        "PYTHONUNBUFFERED": "1",
    }
    return inherited | own | ({"SALESBOT_PACK_DIR": str(pack_dir)} if pack_dir else {}) | dict(extra)


def opened(log_path: Path) -> BinaryIO:
    log_path.parent.mkdir(parents=True, exist_ok=True)
    return log_path.open("ab")


async def start(
    discord: LoopbackDiscord,
    *,
    data_dir: Path,
    pack_dir: Path | None = None,
    module: str = SALESBOT,
    extra: Mapping[str, str] | None = None,
) -> BotProcess:
    """Start a bot without waiting for it. It runs in ``data_dir``, where no ``.env`` is; the pack defaults to the seeds."""
    log_path = data_dir / "bot.log"
    with opened(log_path) as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tools.loopback_discord.launcher",
            module,
            env=environment(discord, data_dir, pack_dir, extra or {}),
            cwd=data_dir,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return BotProcess(process, log_path)


async def ready(discord: LoopbackDiscord, bot: BotProcess, within: float = 60.0) -> None:
    """Wait until the bot has a session on every shard. Raises ``BotDied`` if it ends first."""
    await until(
        lambda: discord.gateway.is_ready or bot.exit_code is not None,
        within,
        f"the bot is not ready: {bot.log[-2000:]}",
    )
    if bot.exit_code is not None:
        raise BotDied(f"exit code {bot.exit_code}\n{bot.log[-4000:]}")


@asynccontextmanager
async def running(
    discord: LoopbackDiscord,
    *,
    data_dir: Path,
    pack_dir: Path | None = None,
    module: str = SALESBOT,
    extra: Mapping[str, str] | None = None,
    within: float = 60.0,
) -> AsyncIterator[BotProcess]:
    """A bot from READY, ``within`` seconds, until the end of the block, where it is stopped."""
    bot = await start(discord, data_dir=data_dir, pack_dir=pack_dir, module=module, extra=extra)
    try:
        await ready(discord, bot, within)
        yield bot
    finally:
        await bot.stop()


# --- measuring --------------------------------------------------------------------------------

Ask = Callable[[], Asked]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run of interactions took: CPU of the bot's process and wall time to the answer, both in milliseconds."""

    cpu_ms: float
    wall_ms: tuple[float, ...]

    def percentile_ms(self, percent: int) -> float:
        return sorted(self.wall_ms)[min(len(self.wall_ms) - 1, len(self.wall_ms) * percent // 100)]


async def cost(bot: BotProcess, ask: Ask, count: int) -> Cost:
    """``count`` interactions one after the other; CPU is per interaction."""
    before = bot.cpu_seconds()
    wall = [(await ask()).took * 1000 for _ in range(count)]
    return Cost((bot.cpu_seconds() - before) * 1000 / count, tuple(wall))


async def interleaved(
    subjects: Mapping[str, tuple[BotProcess, Ask]], rounds: int = 15, count: int = 40
) -> dict[str, list[Cost]]:
    """The costs of each subject, a round each in turn, in an order shuffled anew (but the same in every run), so that the
    machine's moods and what ran just before fall on all alike."""
    found: dict[str, list[Cost]] = {name: [] for name in subjects}
    for number in range(rounds):
        for name in random.Random(number).sample(list(subjects), len(subjects)):
            found[name].append(await cost(*subjects[name], count))
    return found


def ratios(costs: Mapping[str, list[Cost]], name: str, base: str) -> list[float]:
    """CPU of one subject over another's, round by round, smallest first."""
    return sorted(one.cpu_ms / other.cpu_ms for one, other in zip(costs[name], costs[base], strict=True))


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} (rounds {min(values):.2f}–{max(values):.2f})"


async def compare(rounds: int, count: int) -> None:
    """Print what ours costs against the bare bot, with the bare bot against itself as the control."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        worlds = {name: await stack.enter_async_context(LoopbackDiscord()) for name in ("ours", "bare", "bare again")}
        bots = {}
        for name, world in worlds.items():
            module = SALESBOT if name == "ours" else BARE_BOT
            bots[name] = await stack.enter_async_context(running(world, data_dir=folder / name, module=module))
        ours, bare, again = worlds.values()
        subjects: dict[str, tuple[BotProcess, Ask]] = {
            "/orders total": (bots["ours"], lambda: ours.slash("orders total", launch="su7", within="72h")),
            "/orders total, completing": (bots["ours"], lambda: ours.autocomplete("orders total", "launch", "su")),
            "/ping": (bots["bare"], lambda: bare.slash("ping")),
            "/ping, completing": (bots["bare"], lambda: bare.autocomplete("ping", "word", "su")),
            "/ping again (control)": (bots["bare again"], lambda: again.slash("ping")),
        }
        await interleaved(subjects, 2, 50)  # warm up
        costs = await interleaved(subjects, rounds, count)
        for name, found in costs.items():
            wall = sorted(ms for one in found for ms in one.wall_ms)
            print(
                f"{name:28} CPU ms {spread([one.cpu_ms for one in found])}  wall ms p50 {wall[len(wall) // 2]:.2f} p99 {wall[len(wall) * 99 // 100]:.2f}"
            )
        print(f"orders / ping {spread(ratios(costs, '/orders total', '/ping'))}")
        print(f"control {spread(ratios(costs, '/ping again (control)', '/ping'))}")
        print(f"completing {spread(ratios(costs, '/orders total, completing', '/ping, completing'))}")


if __name__ == "__main__":
    started = perf_counter()
    asyncio.run(compare(*(int(text) for text in (*sys.argv[1:], "15", "40")[:2])))
    print(f"{perf_counter() - started:.0f} s")
