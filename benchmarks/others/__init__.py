"""Our answer beside the static replies of other libraries: hikari and discord.js, on the same loopback Discord.

They are installed once, at fixed versions, into a folder beside the repository's virtual environment.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from benchmarks.table import table
from tools.loopback_discord.driver import BARE_BOT, REPOSITORY, SALESBOT, Ask, BotProcess, interleaved, ratios, running
from tools.loopback_discord.server import LoopbackDiscord, until

HIKARI, DISCORD_JS = "hikari==2.7.0", "discord.js@14.28.1"
INSTALLED = REPOSITORY / ".bench"
FOLDER = Path(__file__).parent
COLUMNS = ("", "CPU ms", "p50 ms", "ours over it, CPU (least to most)", "ours over it, p50")


async def others(rounds: int = 15, count: int = 40) -> None:
    """Print the table: a derived total of ours, asked before, over each static reply, and a completion over theirs."""
    bots = {"hikari": [await _hikari(), str(FOLDER / "hikari_bot.py")], "discord.js": _discord_js()}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = await stack.enter_async_context(LoopbackDiscord())
        our_bot = await stack.enter_async_context(running(ours, data_dir=folder / "ours", module=SALESBOT))
        static: dict[str, tuple[BotProcess, LoopbackDiscord]] = {}
        for name in ("discord.py", "discord.py again (control)"):
            world = await stack.enter_async_context(LoopbackDiscord())
            bot = await stack.enter_async_context(running(world, data_dir=folder / name, module=BARE_BOT))
            static[name] = (bot, world)
        for name, command in bots.items():
            world = await stack.enter_async_context(LoopbackDiscord())
            static[name] = (await stack.enter_async_context(_other(world, folder / f"{name}.log", command)), world)
        subjects: dict[str, tuple[BotProcess, Ask]] = {
            "ours": (our_bot, lambda: ours.slash("orders total", launch="su7", within="72h")),
            "ours, completing": (our_bot, lambda: ours.autocomplete("orders total", "launch", "su")),
        }
        for name, (bot, world) in static.items():
            subjects[name] = (bot, lambda world=world: world.slash("ping"))  # type: ignore[misc]
            subjects[f"{name}, completing"] = (bot, lambda world=world: world.autocomplete("ping", "word", "su"))  # type: ignore[misc]
        await interleaved(subjects, 2, 100)
        found = await interleaved(subjects, rounds, count)
    rows = []
    for name in subjects:
        kind = ", completing" if name.endswith(", completing") else ""
        cpu = statistics.median(cost.cpu_ms for cost in found[name])
        wall = statistics.median(ms for cost in found[name] for ms in cost.wall_ms)
        of = ratios(found, f"ours{kind}", name)
        our_wall = statistics.median(ms for cost in found[f"ours{kind}"] for ms in cost.wall_ms)
        rows.append(
            (
                name,
                f"{cpu:.2f}",
                f"{wall:.2f}",
                f"{statistics.median(of):.2f} ({of[0]:.2f}–{of[-1]:.2f})",
                f"{our_wall / wall:.2f}",
            )
        )
    print(table(f"Beside static replies, {rounds} interleaved rounds of {count}", COLUMNS, rows))


@asynccontextmanager
async def _other(world: LoopbackDiscord, log_path: Path, command: list[str]) -> AsyncIterator[BotProcess]:
    environment = {
        **os.environ,
        "LOOPBACK_REST": world.rest_url,
        "SALESBOT_DISCORD_TOKEN": world.token,
        "NODE_PATH": str(INSTALLED / "node_modules"),
    }
    with log_path.open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=log, stderr=log)
    bot = BotProcess(process, log_path)
    try:
        await until(lambda: world.gateway.is_ready and bool(world.commands), 60, "another bot is not ready")
        yield bot
    finally:
        await bot.stop()


async def _hikari() -> str:
    python = INSTALLED / "hikari" / "bin" / "python"
    if not python.exists():
        await _run(sys.executable, "-m", "venv", str(INSTALLED / "hikari"))
        await _run(str(python), "-m", "pip", "install", "--quiet", HIKARI)
    return str(python)


def _discord_js() -> list[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        sys.exit("discord.js needs node and npm")
    if not (INSTALLED / "node_modules" / "discord.js").exists():
        INSTALLED.mkdir(exist_ok=True)
        os.spawnl(os.P_WAIT, npm, npm, "install", "--silent", "--prefix", str(INSTALLED), DISCORD_JS)
    return [node, str(FOLDER / "discord_js_bot.cjs")]


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    if await process.wait():
        sys.exit(f"{command[0]} failed")
